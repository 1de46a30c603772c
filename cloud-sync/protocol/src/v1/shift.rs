//! Drawers, v1: floats, cash without a sale, Z reports. Amounts are minor units.

use super::order::{ShapeError, broken};
use edge_domain::StoreTime;
use edge_domain::ids::ShiftId;
use edge_domain::item::TerminalId;
use edge_domain::money::{Currency, Money};
use edge_domain::shift::{
    CashMoved, Counted, Direction, ShiftClosed, ShiftFact, ShiftOpened, ShiftTotals, Taken,
};
use edge_domain::tax::TaxRate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

#[derive(Serialize, Deserialize)]
struct OpenedV1 {
    id: Uuid,
    terminal: String,
    currency: String,
    float: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    at: i64,
}

#[derive(Serialize, Deserialize)]
struct CashMovedV1 {
    shift: Uuid,
    terminal: String,
    currency: String,
    direction: String,
    amount: i64,
    reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    at: i64,
}

#[derive(Serialize, Deserialize)]
struct ClosedV1 {
    id: Uuid,
    terminal: String,
    currency: String,
    number: u32,
    from: u64,
    to: u64,
    totals: TotalsV1,
    counted: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pieces: Vec<(i64, u32)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    counted_card: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    at: i64,
}

#[derive(Serialize, Deserialize)]
struct TotalsV1 {
    sales: u32,
    returns: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    receipts: Option<(u32, u32)>,
    gross: i64,
    net: i64,
    taxes: Vec<TaxV1>,
    returned: i64,
    discounts: i64,
    promotions: i64,
    deposits_taken: i64,
    deposits_used: i64,
    tips: i64,
    rounding: i64,
    tenders: Vec<TakenV1>,
    float: i64,
    pay_in: i64,
    pay_out: i64,
}

#[derive(Serialize, Deserialize)]
struct TaxV1 {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    code: String,
    /// Thousandths of a per cent.
    rate: u32,
    net: i64,
    tax: i64,
}

#[derive(Serialize, Deserialize)]
struct TakenV1 {
    method: String,
    count: u32,
    amount: i64,
}

/// A fact's body.
pub(super) fn write(fact: &ShiftFact) -> Result<Vec<u8>, serde_json::Error> {
    match fact {
        ShiftFact::Opened(opened) => serde_json::to_vec(&OpenedV1 {
            id: opened.id.uuid(),
            terminal: opened.terminal.to_string(),
            currency: opened.float.currency().to_string(),
            float: opened.float.minor(),
            by: opened.by.clone(),
            at: opened.at.as_millis(),
        }),
        ShiftFact::Cash(moved) => serde_json::to_vec(&CashMovedV1 {
            shift: moved.shift.uuid(),
            terminal: moved.terminal.to_string(),
            currency: moved.amount.currency().to_string(),
            direction: moved.direction.as_str().to_owned(),
            amount: moved.amount.minor(),
            reason: moved.reason.clone(),
            by: moved.by.clone(),
            at: moved.at.as_millis(),
        }),
        ShiftFact::Closed(closed) => serde_json::to_vec(&ClosedV1::from(&**closed)),
    }
}

/// A fact of a body; None for a kind that is not of drawers.
pub(super) fn read(kind: &str, body: &[u8]) -> Result<Option<ShiftFact>, ShapeError> {
    Ok(Some(match kind {
        "shift_opened" => ShiftFact::Opened(json::<OpenedV1>(body)?.try_into()?),
        "shift_cash_moved" => ShiftFact::Cash(json::<CashMovedV1>(body)?.try_into()?),
        "shift_closed" => ShiftFact::Closed(Box::new(json::<ClosedV1>(body)?.try_into()?)),
        _ => return Ok(None),
    }))
}

fn json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, ShapeError> {
    serde_json::from_slice(body).map_err(broken)
}

fn money(minor: i64, currency: &str) -> Result<Money, ShapeError> {
    let currency: Currency = currency.parse().map_err(broken)?;
    Money::new(minor, currency).map_err(broken)
}

impl TryFrom<OpenedV1> for ShiftOpened {
    type Error = ShapeError;

    fn try_from(shape: OpenedV1) -> Result<Self, ShapeError> {
        if shape.float < 0 {
            return Err(broken("a float is not below 0"));
        }
        Ok(Self {
            id: ShiftId::new(shape.id),
            terminal: TerminalId::new(&shape.terminal).map_err(broken)?,
            float: money(shape.float, &shape.currency)?,
            by: shape.by,
            at: StoreTime::from_millis(shape.at),
        })
    }
}

impl TryFrom<CashMovedV1> for CashMoved {
    type Error = ShapeError;

    fn try_from(shape: CashMovedV1) -> Result<Self, ShapeError> {
        if shape.amount <= 0 {
            return Err(broken("cash that moves is more than 0"));
        }
        let direction = Direction::from_name(&shape.direction);
        Ok(Self {
            shift: ShiftId::new(shape.shift),
            terminal: TerminalId::new(&shape.terminal).map_err(broken)?,
            direction: direction
                .ok_or_else(|| broken(format!("unknown way {:?}", shape.direction)))?,
            amount: money(shape.amount, &shape.currency)?,
            reason: shape.reason,
            by: shape.by,
            at: StoreTime::from_millis(shape.at),
        })
    }
}

impl From<&ShiftClosed> for ClosedV1 {
    fn from(closed: &ShiftClosed) -> Self {
        Self {
            id: closed.id.uuid(),
            terminal: closed.terminal.to_string(),
            currency: closed.totals.currency().to_string(),
            number: closed.number,
            from: closed.from,
            to: closed.to,
            totals: TotalsV1::from(&closed.totals),
            counted: closed.counted.cash.minor(),
            pieces: closed.counted.pieces.clone(),
            counted_card: closed.counted.card.map(Money::minor),
            by: closed.by.clone(),
            at: closed.at.as_millis(),
        }
    }
}

impl TryFrom<ClosedV1> for ShiftClosed {
    type Error = ShapeError;

    fn try_from(shape: ClosedV1) -> Result<Self, ShapeError> {
        let money = |minor| money(minor, &shape.currency);
        let totals = shape.totals.read(&money)?;
        if !totals.agree().map_err(broken)? {
            return Err(broken("the parts of the Z report do not agree"));
        }
        let (cash, card) = (money(shape.counted)?, shape.counted_card.map(money).transpose()?);
        let nothing = Money::zero(cash.currency());
        let counted = match shape.pieces.is_empty() {
            true => Counted { cash, pieces: vec![], card },
            false => Counted::of_pieces(shape.pieces.clone(), card, nothing).map_err(broken)?,
        };
        if counted.cash != cash || cash.is_negative() {
            return Err(broken("the pieces do not sum to what was counted"));
        }
        Ok(Self {
            id: ShiftId::new(shape.id),
            terminal: TerminalId::new(&shape.terminal).map_err(broken)?,
            number: shape.number,
            from: shape.from,
            to: shape.to,
            totals,
            counted,
            by: shape.by.clone(),
            at: StoreTime::from_millis(shape.at),
        })
    }
}

impl From<&ShiftTotals> for TotalsV1 {
    fn from(totals: &ShiftTotals) -> Self {
        let tax = |((code, rate), (net, tax)): (&(String, TaxRate), &(Money, Money))| TaxV1 {
            code: code.clone(),
            rate: rate.thousandths(),
            net: net.minor(),
            tax: tax.minor(),
        };
        let taken = |(method, taken): (&String, &Taken)| TakenV1 {
            method: method.clone(),
            count: taken.count,
            amount: taken.amount.minor(),
        };
        Self {
            sales: totals.sales,
            returns: totals.returns,
            receipts: totals.receipts,
            gross: totals.gross.minor(),
            net: totals.net.minor(),
            taxes: totals.taxes.iter().map(tax).collect(),
            returned: totals.returned.minor(),
            discounts: totals.discounts.minor(),
            promotions: totals.promotions.minor(),
            deposits_taken: totals.deposits_taken.minor(),
            deposits_used: totals.deposits_used.minor(),
            tips: totals.tips.minor(),
            rounding: totals.rounding.minor(),
            tenders: totals.tenders.iter().map(taken).collect(),
            float: totals.float.minor(),
            pay_in: totals.pay_in.minor(),
            pay_out: totals.pay_out.minor(),
        }
    }
}

impl TotalsV1 {
    fn read(
        &self,
        money: &dyn Fn(i64) -> Result<Money, ShapeError>,
    ) -> Result<ShiftTotals, ShapeError> {
        let mut taxes = BTreeMap::new();
        for tax in &self.taxes {
            let rate = TaxRate::from_thousandths(tax.rate).map_err(broken)?;
            taxes.insert((tax.code.clone(), rate), (money(tax.net)?, money(tax.tax)?));
        }
        let mut tenders = BTreeMap::new();
        for taken in &self.tenders {
            let (count, amount) = (taken.count, money(taken.amount)?);
            tenders.insert(taken.method.clone(), Taken { count, amount });
        }
        Ok(ShiftTotals {
            sales: self.sales,
            returns: self.returns,
            receipts: self.receipts,
            gross: money(self.gross)?,
            net: money(self.net)?,
            taxes,
            returned: money(self.returned)?,
            discounts: money(self.discounts)?,
            promotions: money(self.promotions)?,
            deposits_taken: money(self.deposits_taken)?,
            deposits_used: money(self.deposits_used)?,
            tips: money(self.tips)?,
            rounding: money(self.rounding)?,
            tenders,
            float: money(self.float)?,
            pay_in: money(self.pay_in)?,
            pay_out: money(self.pay_out)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As they were first written. Frozen.
    const FROZEN: [(&str, &str); 3] = [
        (
            "shift_opened",
            r#"{"id":"01900000-0000-7000-8000-000000000001","terminal":"T1","currency":"EUR","float":10000,"by":"Anna","at":1700000000000}"#,
        ),
        (
            "shift_cash_moved",
            r#"{"shift":"01900000-0000-7000-8000-000000000001","terminal":"T1","currency":"EUR","direction":"out","amount":5000,"reason":"safe drop","at":1700000000001}"#,
        ),
        (
            "shift_closed",
            r#"{"id":"01900000-0000-7000-8000-000000000001","terminal":"T1","currency":"EUR","number":1,"from":7,"to":12,"totals":{"sales":1,"returns":0,"receipts":[3,3],"gross":119,"net":100,"taxes":[{"rate":19000,"net":100,"tax":19}],"returned":0,"discounts":-10,"promotions":0,"deposits_taken":0,"deposits_used":0,"tips":0,"rounding":0,"tenders":[{"method":"cash","count":1,"amount":119}],"float":10000,"pay_in":0,"pay_out":5000},"counted":5000,"pieces":[[5000,1]],"counted_card":0,"by":"Anna","at":1700000000002}"#,
        ),
    ];

    #[test]
    fn the_first_shift_still_reads_and_writes() {
        for (kind, body) in FROZEN {
            let fact = read(kind, body.as_bytes()).unwrap().unwrap();
            assert_eq!(fact.kind(), kind);
            assert_eq!(String::from_utf8(write(&fact).unwrap()).unwrap(), body);
        }
    }

    #[test]
    fn a_report_that_does_not_add_up_is_named() {
        let (kind, body) = FROZEN[2];
        for (good, forged, why) in [
            ("\"gross\":119", "\"gross\":118", "the parts of the Z report do not agree"),
            ("\"tips\":0", "\"tips\":1", "the parts of the Z report do not agree"),
            ("[[5000,1]]", "[[5000,2]]", "the pieces do not sum to what was counted"),
        ] {
            let error = read(kind, body.replace(good, forged).as_bytes()).unwrap_err();
            assert_eq!(error.to_string(), why);
        }
    }
}

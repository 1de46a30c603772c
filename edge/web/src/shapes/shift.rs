//! Drawers' shifts, as reports show them.

use super::{Money, time};
use edge_app::{Actor, ShopError};
use edge_domain::Money as Amount;
use edge_domain::shift::ShiftTotals;
use edge_domain::staff::Permission;
use edge_ledger::shifts::ShiftRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A shift.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Shift {
    /// Its id.
    pub id: String,
    /// The drawer.
    pub terminal: String,
    /// `open` or `closed`.
    pub state: String,
    /// What it began with.
    pub float: Money,
    /// When.
    pub opened_at: String,
    /// Who opened it.
    pub opened_by: Option<String>,
    /// The journal's entry that opened it.
    pub opened_seq: u64,
    /// When it was counted.
    pub closed_at: Option<String>,
    /// Who counted.
    pub closed_by: Option<String>,
    /// The Z report's number: per terminal, without a gap.
    pub z_number: Option<u32>,
}

/// What a tender brought.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TenderTotal {
    /// `cash`, `card`, `voucher`, `gift_card`, `account` or `points`.
    pub method: String,
    /// How many payments, either way.
    pub count: i64,
    /// How much, with tips; hidden where the drawer is counted blind.
    pub amount: Option<Money>,
}

/// A tax.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TaxTotal {
    /// The levy; empty for a line's first tax.
    pub code: String,
    /// The per cent, as a decimal.
    pub rate: String,
    /// What was taxed.
    pub net: Money,
    /// The tax.
    pub tax: Money,
}

/// What was sold in a shift.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ShiftSales {
    /// What was to pay.
    pub gross: Money,
    /// Without tax.
    pub net: Money,
    /// By rate.
    pub taxes: Vec<TaxTotal>,
    /// What lines that came back took off.
    pub returned: Money,
    /// What people took off.
    pub discounts: Money,
    /// What promotions took off.
    pub promotions: Money,
    /// Part payments that were taken, less those given back.
    pub deposits_taken: Money,
    /// Part payments that sales used up.
    pub deposits_used: Money,
    /// For the staff.
    pub tips: Money,
    /// What cash rounding added.
    pub rounding: Money,
}

/// What was counted, and what should have been there.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ShiftCount {
    /// Notes and coins.
    pub cash: Money,
    /// What is over; below 0 for what is short.
    pub over_short: Money,
    /// The card slips, where they were added up.
    pub card: Option<Money>,
    /// What the slips are over.
    pub card_over_short: Option<Money>,
}

/// An X report while the shift runs, the Z report when it was counted.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ShiftReport {
    /// The shift.
    pub shift: Shift,
    /// Whether sums are hidden that would tell what the drawer should hold.
    pub blind: bool,
    /// How many receipts.
    pub sales: u32,
    /// How many of them give money back.
    pub returns: u32,
    /// The first receipt's number.
    pub first_receipt: Option<u32>,
    /// The last receipt's number.
    pub last_receipt: Option<u32>,
    /// What was sold; hidden where the drawer is counted blind.
    pub totals: Option<ShiftSales>,
    /// By tender.
    pub tenders: Vec<TenderTotal>,
    /// What was put in.
    pub pay_in: Money,
    /// What was taken out.
    pub pay_out: Money,
    /// What the drawer should hold; hidden where it is counted blind.
    pub cash_expected: Option<Money>,
    /// What was counted.
    pub counted: Option<ShiftCount>,
    /// The journal's entries that it covers.
    pub from_seq: u64,
    /// The last of them.
    pub to_seq: u64,
}

impl From<&ShiftRow> for Shift {
    fn from(row: &ShiftRow) -> Self {
        let (opened, closed) = (&row.opened, row.closed.as_ref());
        Self {
            id: opened.id.to_string(),
            terminal: opened.terminal.to_string(),
            state: if closed.is_some() { "closed" } else { "open" }.to_owned(),
            float: opened.float.into(),
            opened_at: time(opened.at),
            opened_by: opened.by.clone(),
            opened_seq: row.opened_seq,
            closed_at: closed.map(|closed| time(closed.at)),
            closed_by: closed.and_then(|closed| closed.by.clone()),
            z_number: closed.map(|closed| closed.number),
        }
    }
}

impl ShiftReport {
    /// The report of a shift, as somebody may see it: who may not see what the drawer should
    /// hold sees nothing that tells it, until it was counted.
    pub(crate) fn of(
        row: &ShiftRow,
        totals: &ShiftTotals,
        actor: &Actor,
        to_seq: u64,
    ) -> Result<Self, ShopError> {
        let blind = row.closed.is_none() && !actor.may(Permission::SeeExpectedCash);
        let seen = |amount: Amount| (!blind).then(|| Money::from(amount));
        let tenders = totals.tenders.iter().map(|(method, taken)| TenderTotal {
            method: method.clone(),
            count: i64::from(taken.count),
            amount: if method == "cash" { seen(taken.amount) } else { Some(taken.amount.into()) },
        });
        let counted = row.closed.as_ref().map(|closed| {
            let card = closed.counted.card;
            let over = card.map(|card| card.minus(totals.taken("card"))).transpose()?;
            Ok::<_, ShopError>(ShiftCount {
                cash: closed.counted.cash.into(),
                over_short: closed.over_short()?.into(),
                card: card.map(Money::from),
                card_over_short: over.map(Money::from),
            })
        });
        Ok(Self {
            shift: Shift::from(row),
            blind,
            sales: totals.sales,
            returns: totals.returns,
            first_receipt: totals.receipts.map(|(first, _)| first),
            last_receipt: totals.receipts.map(|(_, last)| last),
            totals: (!blind).then(|| ShiftSales::from(totals)),
            tenders: tenders.collect(),
            pay_in: totals.pay_in.into(),
            pay_out: totals.pay_out.into(),
            cash_expected: seen(totals.cash_expected()?),
            counted: counted.transpose()?,
            from_seq: row.opened_seq,
            to_seq: row.closed.as_ref().map_or(to_seq, |closed| closed.to),
        })
    }
}

impl From<&ShiftTotals> for ShiftSales {
    fn from(totals: &ShiftTotals) -> Self {
        let taxes = totals.taxes.iter().map(|((code, rate), (net, tax))| TaxTotal {
            code: code.clone(),
            rate: rate.to_string(),
            net: (*net).into(),
            tax: (*tax).into(),
        });
        Self {
            gross: totals.gross.into(),
            net: totals.net.into(),
            taxes: taxes.collect(),
            returned: totals.returned.into(),
            discounts: totals.discounts.into(),
            promotions: totals.promotions.into(),
            deposits_taken: totals.deposits_taken.into(),
            deposits_used: totals.deposits_used.into(),
            tips: totals.tips.into(),
            rounding: totals.rounding.into(),
        }
    }
}

//! Lines, payments and open orders, v1. Amounts are minor units of the document's currency,
//! quantities thousandths, times milliseconds since 1970.

use super::item::is_zero;
use super::more::{MoreV1, TabV1, said};
use edge_domain::cash::{CashMode, CashRounding};
use edge_domain::item::{ChosenModifier, Sku, TerminalId};
use edge_domain::money::{Currency, Money};
use edge_domain::order::{Head, Line, OrderKind};
use edge_domain::payment::{Payment, Tender};
use edge_domain::quantity::{Quantity, Unit};
use edge_domain::tax::{PriceMode, TaxPolicy, TaxRate, TaxRounding};
use edge_domain::{LineId, OrderId, PaymentId, StoreTime};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A shape whose content breaks a rule of the shop; the text names the rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ShapeError(pub String);

pub(crate) fn broken(rule: impl std::fmt::Display) -> ShapeError {
    ShapeError(rule.to_string())
}

fn no(value: &bool) -> bool {
    !*value
}

/// A choice on a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceV1 {
    /// The option's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its price.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub price: i64,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineV1 {
    /// Its id.
    pub id: Uuid,
    /// What.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// `each` or `kg`.
    pub unit: String,
    /// How much, in thousandths.
    pub quantity: i64,
    /// The price of one unit.
    pub price: i64,
    /// The tax rate in thousandths of a per cent.
    pub rate: u32,
    /// What was chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<ChoiceV1>,
    /// The kitchen station.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<String>,
    /// A word to the kitchen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether the kitchen has it.
    #[serde(default, skip_serializing_if = "no")]
    pub fired: bool,
    /// Whether it was taken off.
    #[serde(default, skip_serializing_if = "no")]
    pub voided: bool,
    /// What most lines do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<MoreV1>,
}

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentV1 {
    /// Its id.
    pub id: Uuid,
    /// `cash`, `card`, `voucher`, `gift_card`, `account`, `points`.
    pub method: String,
    /// What was handed over.
    pub tendered: i64,
    /// What of it pays.
    pub amount: i64,
    /// What goes back.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub change: i64,
    /// What of it is for the staff.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tip: i64,
    /// What cash rounding added to what was due.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rounding: i64,
    /// Whose account, which voucher or card, which approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Taken before the sale was closed.
    #[serde(default, skip_serializing_if = "no")]
    pub deposited: bool,
}

/// What is rounded to what, where it is not the minor unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepsV1 {
    /// Net and tax are multiples of this.
    pub tax: u16,
    /// The smallest coin.
    pub cash: u16,
    /// `half_up`, `down`, `up`.
    pub mode: String,
}

/// An order's head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadV1 {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: u32,
    /// Its kind.
    pub kind: String,
    /// Where it was opened.
    pub terminal: String,
    /// Its table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// When.
    pub opened_at: i64,
    /// ISO 4217.
    pub currency: String,
    /// `inclusive` or `exclusive`.
    pub prices: String,
    /// `line` or `document`.
    pub rounding: String,
    /// What is rounded to what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<StepsV1>,
    /// What most orders do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tab: Option<TabV1>,
}

/// The names of a tax policy.
#[must_use]
pub fn policy_names(policy: TaxPolicy) -> (&'static str, &'static str, Option<StepsV1>) {
    let prices = match policy.mode {
        PriceMode::Inclusive => "inclusive",
        PriceMode::Exclusive => "exclusive",
    };
    let rounding = match policy.rounding {
        TaxRounding::PerLine => "line",
        TaxRounding::PerDocument => "document",
    };
    let plain = policy.tax_step == 1 && policy.cash == CashRounding::NONE;
    let steps = (!plain).then(|| StepsV1 {
        tax: policy.tax_step,
        cash: policy.cash.step,
        mode: policy.cash.mode.as_str().to_owned(),
    });
    (prices, rounding, steps)
}

/// The tax policy of its names.
///
/// # Errors
/// Unknown names.
pub fn policy_of(
    prices: &str,
    rounding: &str,
    steps: Option<&StepsV1>,
) -> Result<TaxPolicy, ShapeError> {
    let mode = match prices {
        "inclusive" => PriceMode::Inclusive,
        "exclusive" => PriceMode::Exclusive,
        other => return Err(broken(format!("unknown price mode {other:?}"))),
    };
    let rounding = match rounding {
        "line" => TaxRounding::PerLine,
        "document" => TaxRounding::PerDocument,
        other => return Err(broken(format!("unknown tax rounding {other:?}"))),
    };
    let policy = TaxPolicy::new(mode, rounding);
    let Some(steps) = steps else { return Ok(policy) };
    let mode = CashMode::from_name(&steps.mode)
        .ok_or_else(|| broken(format!("unknown cash rounding {:?}", steps.mode)))?;
    let cash = CashRounding { step: steps.cash, mode };
    Ok(TaxPolicy { tax_step: steps.tax, cash, ..policy })
}

impl From<&Line> for LineV1 {
    fn from(line: &Line) -> Self {
        let choice = |choice: &ChosenModifier| ChoiceV1 {
            id: choice.id.clone(),
            name: choice.name.clone(),
            price: choice.price.minor(),
        };
        Self {
            id: line.id.uuid(),
            sku: line.sku.to_string(),
            name: line.name.clone(),
            unit: line.unit.as_str().to_owned(),
            quantity: line.quantity.thousandths(),
            price: line.unit_price.minor(),
            rate: line.tax_rate.thousandths(),
            choices: line.modifiers.iter().map(choice).collect(),
            station: line.station.clone(),
            note: line.note.clone(),
            fired: line.fired,
            voided: line.voided,
            more: said(MoreV1::from(&line.more)),
        }
    }
}

impl LineV1 {
    /// The domain's line, with amounts in `currency`.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn into_domain(self, currency: Currency) -> Result<Line, ShapeError> {
        let money = |minor| Money::new(minor, currency).map_err(broken);
        let choice = |choice: ChoiceV1| {
            Ok(ChosenModifier { id: choice.id, name: choice.name, price: money(choice.price)? })
        };
        let unit = Unit::from_name(&self.unit);
        Ok(Line {
            id: LineId::new(self.id),
            sku: Sku::new(&self.sku).map_err(broken)?,
            name: self.name,
            unit: unit.ok_or_else(|| broken(format!("unknown unit {:?}", self.unit)))?,
            quantity: Quantity::from_thousandths(self.quantity).map_err(broken)?,
            unit_price: money(self.price)?,
            tax_rate: TaxRate::from_thousandths(self.rate).map_err(broken)?,
            modifiers: self.choices.into_iter().map(choice).collect::<Result<_, _>>()?,
            station: self.station,
            note: self.note,
            fired: self.fired,
            voided: self.voided,
            more: self.more.unwrap_or_default().into_domain(currency)?,
        })
    }
}

impl From<&Payment> for PaymentV1 {
    fn from(payment: &Payment) -> Self {
        Self {
            id: payment.id.uuid(),
            method: payment.tender.method().to_owned(),
            tendered: payment.tender.tendered().minor(),
            amount: payment.amount.minor(),
            change: payment.change.minor(),
            tip: payment.tip.minor(),
            rounding: payment.rounding.minor(),
            reference: payment.reference.clone(),
            deposited: payment.deposited,
        }
    }
}

impl PaymentV1 {
    /// The domain's payment, with amounts in `currency`.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn into_domain(self, currency: Currency) -> Result<Payment, ShapeError> {
        let money = |minor| Money::new(minor, currency).map_err(broken);
        let tender = Tender::from_method(&self.method, money(self.tendered)?);
        let unknown = || broken(format!("unknown payment method {:?}", self.method));
        let tender = tender.ok_or_else(unknown)?;
        Ok(Payment {
            id: PaymentId::new(self.id),
            tender,
            amount: money(self.amount)?,
            change: money(self.change)?,
            tip: money(self.tip)?,
            rounding: money(self.rounding)?,
            reference: self.reference,
            deposited: self.deposited,
        })
    }
}

impl From<&Head> for HeadV1 {
    fn from(head: &Head) -> Self {
        let (prices, rounding, steps) = policy_names(head.policy);
        Self {
            id: head.id.uuid(),
            number: head.number,
            kind: head.kind.as_str().to_owned(),
            terminal: head.terminal.to_string(),
            table: head.table.clone(),
            opened_at: head.opened_at.as_millis(),
            currency: head.currency.to_string(),
            prices: prices.to_owned(),
            rounding: rounding.to_owned(),
            steps,
            tab: said(TabV1::from(&head.tab)),
        }
    }
}

impl TryFrom<HeadV1> for Head {
    type Error = ShapeError;

    fn try_from(shape: HeadV1) -> Result<Self, ShapeError> {
        let kind = OrderKind::from_name(&shape.kind);
        let currency = shape.currency.parse().map_err(broken)?;
        Ok(Self {
            id: OrderId::new(shape.id),
            number: shape.number,
            kind: kind.ok_or_else(|| broken(format!("unknown order kind {:?}", shape.kind)))?,
            terminal: TerminalId::new(&shape.terminal).map_err(broken)?,
            table: shape.table,
            opened_at: StoreTime::from_millis(shape.opened_at),
            currency,
            policy: policy_of(&shape.prices, &shape.rounding, shape.steps.as_ref())?,
            tab: shape.tab.unwrap_or_default().into_domain(currency)?,
        })
    }
}

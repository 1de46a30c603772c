//! Orders and their lines.

use super::{Money, time};
use edge_app::ShopError;
use edge_domain::order::age_to_check;
use edge_ledger::View;
use edge_ledger::orders::OrderRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A choice on a line.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ChosenModifier {
    /// The option.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its price.
    pub price: Money,
}

/// A line.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// What.
    pub sku: String,
    /// Its name when it was rung up.
    pub name: String,
    /// How much.
    pub quantity: String,
    /// `each` or `kg`.
    pub unit: String,
    /// The price of one unit when it was rung up.
    pub unit_price: Money,
    /// What was chosen.
    pub modifiers: Vec<ChosenModifier>,
    /// What it costs.
    pub total: Money,
    /// Whether the kitchen has it.
    pub fired: bool,
    /// Whether it was taken off.
    pub voided: bool,
    /// A word to the kitchen.
    pub note: Option<String>,
    /// What makes it cheaper or dearer, with each cause.
    pub adjustments: Vec<Adjustment>,
    /// The discounts that somebody gave on it, by id.
    pub discounts: Vec<String>,
    /// Who at the table has it.
    pub seat: Option<u8>,
    /// With which course it is served.
    pub course: Option<u8>,
    /// The line that it belongs to: a deposit to its bottle.
    pub parent_id: Option<String>,
    /// The pieces' serial numbers.
    pub serials: Vec<String>,
    /// Who buys it must be so old, in years.
    pub min_age: Option<u8>,
}

/// Why a line costs another amount than its price times its quantity.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Adjustment {
    /// `manual`, `order`, `promotion` or `return`.
    pub cause: String,
    /// The discount's or promotion's id.
    pub id: String,
    /// What people read.
    pub label: String,
    /// Added to the line; below 0 for what is cheaper.
    pub amount: Money,
}

/// A discount on the whole order.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OrderDiscount {
    /// Its id.
    pub id: String,
    /// Why.
    pub reason: String,
}

/// One tax rate's share.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TaxAmount {
    /// The levy's code; empty for a line's first tax.
    pub code: String,
    /// A per cent.
    pub rate: String,
    /// Without the tax.
    pub net: Money,
    /// The tax.
    pub tax: Money,
}

/// An order as it stands.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Order {
    /// Its id.
    pub id: String,
    /// What staff call it by.
    pub number: u32,
    /// `retail`, `dine_in`, `takeaway` or `delivery`.
    pub kind: String,
    /// Where it was opened.
    pub terminal: String,
    /// The table of a dine-in order.
    pub table: Option<String>,
    /// `open`, `placed`, `paid`, `closed` or `cancelled`.
    pub state: String,
    /// Its lines, oldest first.
    pub lines: Vec<Line>,
    /// Without tax.
    pub net: Money,
    /// By rate.
    pub taxes: Vec<TaxAmount>,
    /// What it costs.
    pub total: Money,
    /// What was paid.
    pub paid: Money,
    /// What is still due.
    pub due: Money,
    /// When it was opened.
    pub opened_at: String,
    /// The sale that it became.
    pub sale_id: Option<String>,
    /// How many people sit at the table.
    pub covers: Option<u16>,
    /// A customer's id.
    pub customer: Option<String>,
    /// The customer's group.
    pub group: Option<String>,
    /// Coupons that were shown.
    pub coupons: Vec<String>,
    /// Discounts on the whole order.
    pub discounts: Vec<OrderDiscount>,
    /// Why no tax is raised.
    pub exempt: Option<String>,
    /// A name to call out, or a word for whoever packs it.
    pub note: Option<String>,
    /// The age that somebody has to see before money is taken, in years.
    pub age_to_check: Option<u8>,
}

impl From<&edge_domain::tax::TaxAmount> for TaxAmount {
    fn from(tax: &edge_domain::tax::TaxAmount) -> Self {
        Self {
            code: tax.code.clone(),
            rate: tax.rate.to_string(),
            net: tax.net.into(),
            tax: tax.tax.into(),
        }
    }
}

impl From<&edge_domain::order::Adjustment> for Adjustment {
    fn from(part: &edge_domain::order::Adjustment) -> Self {
        Self {
            cause: part.cause.as_str().to_owned(),
            id: part.id.clone(),
            label: part.label.clone(),
            amount: part.amount.into(),
        }
    }
}

impl Line {
    fn of(line: &edge_domain::order::Line) -> Result<Self, ShopError> {
        let chosen = |chosen: &edge_domain::item::ChosenModifier| ChosenModifier {
            id: chosen.id.clone(),
            name: chosen.name.clone(),
            price: chosen.price.into(),
        };
        Ok(Self {
            id: line.id.to_string(),
            sku: line.sku.to_string(),
            name: line.name.clone(),
            quantity: line.quantity.to_string(),
            unit: line.unit.as_str().to_owned(),
            unit_price: line.unit_price.into(),
            modifiers: line.modifiers.iter().map(chosen).collect(),
            total: line.total()?.into(),
            fired: line.fired,
            voided: line.voided,
            note: line.note.clone(),
            adjustments: line.more.adjustments.iter().map(Adjustment::from).collect(),
            discounts: line.more.discounts.iter().map(|given| given.id.to_string()).collect(),
            seat: line.more.seat,
            course: line.more.course,
            parent_id: line.more.parent.map(|id| id.to_string()),
            serials: line.more.serials.clone(),
            min_age: line.more.min_age,
        })
    }
}

impl Order {
    /// An order with its totals and what was paid on it.
    ///
    /// # Errors
    /// What the ledger says.
    pub fn of(view: View<'_>, row: &OrderRow) -> Result<Self, ShopError> {
        let head = &row.head;
        let totals = head.totals(&row.lines)?;
        let paid = view.paid_on(head.id)?;
        let given = |given: &edge_domain::order::Discount| OrderDiscount {
            id: given.id.to_string(),
            reason: given.reason.clone(),
        };
        let paid = if row.sale.is_some() { totals.gross } else { paid };
        Ok(Self {
            id: head.id.to_string(),
            number: head.number,
            kind: head.kind.as_str().to_owned(),
            terminal: head.terminal.to_string(),
            table: head.table.clone(),
            state: row.status.as_str().to_owned(),
            lines: row.lines.iter().map(Line::of).collect::<Result<_, _>>()?,
            net: totals.net.into(),
            taxes: totals.taxes.iter().map(TaxAmount::from).collect(),
            total: totals.gross.into(),
            paid: paid.into(),
            due: totals.gross.minus(paid)?.into(),
            opened_at: time(head.opened_at),
            sale_id: row.sale.map(|sale| sale.to_string()),
            covers: head.tab.covers,
            customer: head.tab.customer.clone(),
            group: head.tab.group.clone(),
            coupons: head.tab.coupons.clone(),
            discounts: head.tab.discounts.iter().map(given).collect(),
            exempt: head.tab.exempt.clone(),
            note: head.tab.note.clone(),
            age_to_check: age_to_check(&row.lines, head.tab.age_checked),
        })
    }
}

//! Orders and their lines.

use super::{Money, time};
use edge_app::ShopError;
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
}

/// One tax rate's share.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TaxAmount {
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
}

impl From<&edge_domain::tax::TaxAmount> for TaxAmount {
    fn from(tax: &edge_domain::tax::TaxAmount) -> Self {
        Self { rate: tax.rate.to_string(), net: tax.net.into(), tax: tax.tax.into() }
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
        let totals = edge_domain::order::totals(head.currency, head.policy, &row.lines)?;
        let deposits = view.deposits(head.id)?;
        let paid = edge_domain::Money::sum(head.currency, deposits.iter().map(|paid| paid.amount))?;
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
        })
    }
}

//! Card charges on their way.

use super::{Money, time};
use edge_domain::slip::Slip;
use edge_ledger::cards::{CardOf, CardRow};
use edge_ledger::settlements::SettlementRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A card charge, or a refund: what a return gives back to a card.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CardCharge {
    /// Its id; the payment's once it is one.
    pub id: String,
    /// The order that a charge pays.
    pub order_id: Option<String>,
    /// The return that a refund is of.
    pub sale_id: Option<String>,
    /// The till that waits for it.
    pub terminal: String,
    /// What is charged, with the tip; below 0 for a refund.
    pub amount: Money,
    /// What of it is for the staff.
    pub tip: Money,
    /// `created`, `collecting`, `confirming`, `unknown`, `booked`, `declined`, `cancelled`,
    /// `unbooked` (charged, but the order could not take it: give it back) or `owed` (a refund that
    /// the card did not get: ask again, or give it in another way).
    pub state: String,
    /// The approval's number.
    pub approval: Option<String>,
    /// Why it is not booked.
    pub reason: Option<String>,
    /// Whether it is approved, and no bank has seen it yet.
    pub offline: bool,
    /// When it was asked for.
    pub at: String,
    /// What the terminal wanted on paper; only of one charge that is looked at by its id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slips: Vec<CardSlip>,
}

/// A card terminal's slip.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CardSlip {
    /// `merchant`, `customer` or `administration`.
    pub kind: String,
    /// What it says, line by line; without card numbers.
    pub text: String,
}

/// The end of a card terminal's day.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Settlement {
    /// Its id.
    pub id: String,
    /// The card terminal.
    pub device: String,
    /// The till at which its slip is printed.
    pub terminal: String,
    /// `asked`, `running`, `done` or `failed`.
    pub state: String,
    /// Why it failed, or what to know of it.
    pub reason: Option<String>,
    /// When it was asked for.
    pub at: String,
    /// What the terminal said; empty before it is done.
    #[serde(default)]
    pub slips: Vec<CardSlip>,
}

impl From<&Slip> for CardSlip {
    fn from(slip: &Slip) -> Self {
        let lines: Vec<&str> = slip.lines().iter().map(|line| line.text.as_str()).collect();
        Self { kind: slip.kind().as_str().to_owned(), text: lines.join("\n") }
    }
}

impl From<&SettlementRow> for Settlement {
    fn from(row: &SettlementRow) -> Self {
        Self {
            id: row.id.to_string(),
            device: row.device.clone(),
            terminal: row.terminal.to_string(),
            state: row.state.as_str().to_owned(),
            reason: row.reason.clone(),
            at: time(row.at),
            slips: vec![],
        }
    }
}

impl From<&CardRow> for CardCharge {
    fn from(row: &CardRow) -> Self {
        let (order_id, sale_id) = match row.of {
            CardOf::Order(order) => (Some(order.to_string()), None),
            CardOf::Return(sale) => (None, Some(sale.to_string())),
        };
        Self {
            id: row.id.to_string(),
            order_id,
            sale_id,
            terminal: row.terminal.to_string(),
            amount: row.amount.into(),
            tip: row.tip.into(),
            state: row.state.as_str().to_owned(),
            approval: row.approval.clone(),
            reason: row.reason.clone(),
            offline: row.offline,
            at: time(row.at),
            slips: vec![],
        }
    }
}

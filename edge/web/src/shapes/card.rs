//! Card charges on their way.

use super::{Money, time};
use edge_ledger::cards::CardRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A card charge.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CardCharge {
    /// Its id; the payment's once it is one.
    pub id: String,
    /// The order.
    pub order_id: String,
    /// The till that waits for it.
    pub terminal: String,
    /// What is charged, with the tip.
    pub amount: Money,
    /// What of it is for the staff.
    pub tip: Money,
    /// `created`, `collecting`, `confirming`, `unknown`, `booked`, `declined`, `cancelled` or
    /// `unbooked` (charged, but the order could not take it: give it back).
    pub state: String,
    /// The approval's number.
    pub approval: Option<String>,
    /// Why it is not booked.
    pub reason: Option<String>,
    /// Whether it is approved, and no bank has seen it yet.
    pub offline: bool,
    /// When it was asked for.
    pub at: String,
}

impl From<&CardRow> for CardCharge {
    fn from(row: &CardRow) -> Self {
        Self {
            id: row.id.to_string(),
            order_id: row.order.to_string(),
            terminal: row.terminal.to_string(),
            amount: row.amount.into(),
            tip: row.tip.into(),
            state: row.state.as_str().to_owned(),
            approval: row.approval.clone(),
            reason: row.reason.clone(),
            offline: row.offline,
            at: time(row.at),
        }
    }
}

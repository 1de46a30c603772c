//! The store, its devices, its kitchen, its line to headquarters.

use super::time;
use edge_ledger::kitchen::TicketRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The store, as screens need it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Store {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// ISO 4217.
    pub currency: String,
    /// BCP 47.
    pub locale: String,
    /// IANA.
    pub timezone: String,
    /// The appliance's release.
    pub version: String,
}

/// A device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Device {
    /// Its id in the configuration.
    pub id: String,
    /// `scanner`, `receipt_printer`, `kitchen_printer`, `card_terminal`, `scale`,
    /// `customer_display` or `bump_bar`.
    pub kind: String,
    /// Where it is, as the settings have it.
    pub uri: String,
    /// Whether it is played and no device: a twin, a capture, a simulated card terminal. Nobody
    /// sells on it for real.
    pub simulated: bool,
    /// Where what is played for it is, and its driver finds it.
    pub twin_uri: Option<String>,
    /// The terminal or kitchen station that it serves.
    pub station: Option<String>,
    /// `starting`, `online`, `offline`, `claimed`, `not_permitted` or `faulted`.
    pub state: String,
    /// Since when.
    pub since: String,
    /// What it said last.
    pub last_error: Option<String>,
    /// What to do about it.
    pub advice: Option<String>,
}

/// The line to headquarters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SyncStatus {
    /// `off`, `connecting`, `connected`, `offline` or `refused`.
    pub state: String,
    /// How many entries headquarters has not acknowledged.
    pub behind_entries: u64,
    /// Since when the oldest of them waits.
    pub behind_since: Option<String>,
    /// When headquarters last acknowledged or answered.
    pub last_success_at: Option<String>,
    /// The last acknowledged entry.
    pub acked_seq: u64,
    /// The last entry.
    pub last_seq: u64,
    /// Which life of the box this is.
    pub epoch: u32,
    /// What is wrong, and what to do.
    pub message: Option<String>,
}

/// A dish on a ticket.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TicketLine {
    /// The order's line.
    pub line_id: String,
    /// What to make.
    pub name: String,
    /// How many.
    pub quantity: String,
    /// How.
    pub modifiers: Vec<String>,
    /// A word from the counter.
    pub note: Option<String>,
}

/// A kitchen ticket.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Ticket {
    /// Its id.
    pub id: String,
    /// What the kitchen calls it by.
    pub number: u32,
    /// The order.
    pub order_id: String,
    /// The order's number.
    pub order_number: u32,
    /// How the order leaves the shop.
    pub kind: String,
    /// The table of a dine-in order.
    pub table: Option<String>,
    /// Which station makes it.
    pub station: String,
    /// `open` or `bumped`.
    pub state: String,
    /// When it was sent.
    pub fired_at: String,
    /// When it was finished.
    pub bumped_at: Option<String>,
    /// What to make.
    pub lines: Vec<TicketLine>,
}

impl From<&TicketRow> for Ticket {
    fn from(row: &TicketRow) -> Self {
        let ticket = &row.ticket;
        let line = |line: &edge_domain::kitchen::TicketLine| TicketLine {
            line_id: line.line.to_string(),
            name: line.name.clone(),
            quantity: line.quantity.to_string(),
            modifiers: line.modifiers.clone(),
            note: line.note.clone(),
        };
        Self {
            id: ticket.id.to_string(),
            number: ticket.number,
            order_id: ticket.order.to_string(),
            order_number: ticket.order_number,
            kind: ticket.kind.as_str().to_owned(),
            table: ticket.table.clone(),
            station: ticket.station.clone(),
            state: if row.bumped_at.is_some() { "bumped" } else { "open" }.to_owned(),
            fired_at: time(ticket.fired_at),
            bumped_at: row.bumped_at.map(time),
            lines: ticket.lines.iter().map(line).collect(),
        }
    }
}

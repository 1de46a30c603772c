//! What the store and the simulated terminal say: one JSON object a line, over TCP.

use serde::{Deserialize, Serialize};

/// The longest line, in bytes: an answer with its slips.
pub const LINE_BYTES_MAX: usize = 65_536;

/// What the store asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Ask {
    /// Charge, once for each intent.
    Charge {
        /// The intent.
        intent: String,
        /// Minor units; below nothing for a refund.
        amount: i64,
        /// ISO 4217.
        currency: String,
        /// Whether the terminal may approve by itself.
        allow_offline: bool,
        /// Of a refund: the intent of the payment that it gives back whole.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<String>,
    },
    /// Give up waiting for the card.
    Cancel {
        /// The intent.
        intent: String,
    },
    /// What became of it? An intent that the terminal never heard of is never charged after this.
    Query {
        /// The intent.
        intent: String,
    },
    /// Are you there?
    Status,
    /// End the day: say what was charged since the last one.
    Settle,
}

/// A line on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperLine {
    /// What it says.
    pub text: String,
    /// In the middle.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub centred: bool,
    /// Twice as wide.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wide: bool,
}

/// What is to be printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperSlip {
    /// `merchant`, `customer` or `administration`.
    pub kind: String,
    /// From top to bottom.
    pub lines: Vec<PaperLine>,
}

/// What the terminal answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Answer {
    /// Waiting for the card.
    Collecting,
    /// The bank is asked.
    Confirming,
    /// Approved.
    Approved {
        /// The approval's number.
        approval: String,
        /// Whether nobody but the terminal has seen it.
        offline: bool,
        /// What a refund calls the payment.
        #[serde(default)]
        reference: Option<String>,
        /// What is to be printed.
        #[serde(default)]
        slips: Vec<PaperSlip>,
    },
    /// Declined.
    Declined {
        /// Why.
        reason: String,
        /// What is to be printed.
        #[serde(default)]
        slips: Vec<PaperSlip>,
    },
    /// Given up.
    Cancelled,
    /// Never heard of.
    Unheard,
    /// Here.
    Ready,
    /// The day is ended.
    Settled {
        /// What is to be printed.
        slips: Vec<PaperSlip>,
    },
}

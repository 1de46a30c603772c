//! Card terminals (UnifiedPOS: CAT, credit authorisation terminal).
//!
//! A charge has an id that its owner made before it asked: the intent. A terminal that hears an
//! intent twice charges once; what became of an intent can be asked at any time. No card number
//! ever crosses this contract.

use crate::event::Stop;
use crate::fault::Fault;
use crate::slip::Slip;

/// What to charge, or to give back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// The intent: made once, durable at the owner before the terminal is asked.
    pub intent: String,
    /// Minor units; below nothing for a refund.
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// Whether the terminal may approve by itself if its own line is down: the shop bears the
    /// risk.
    pub allow_offline: bool,
    /// Of a refund: the payment that it gives back whole, by the reference that its approval gave.
    /// A terminal that still can takes that payment back, which costs no fee and no new transaction;
    /// another one gives the amount back. Never both.
    pub of: Option<String>,
}

/// What became of an intent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// The money is ours.
    Approved {
        /// The approval's number.
        approval: String,
        /// Whether nobody but the terminal has seen it yet.
        offline: bool,
        /// How this terminal, and no other, finds the payment again to take it back: see
        /// [`Charge::of`]. `None` where it cannot.
        reference: Option<String>,
        /// What the terminal wants on paper.
        slips: Vec<Slip>,
    },
    /// The card or its bank said no.
    Declined {
        /// Why, for the cashier.
        reason: String,
        /// What the terminal wants on paper.
        slips: Vec<Slip>,
    },
    /// The customer or the cashier gave up; nothing was charged.
    Cancelled,
    /// The terminal never heard of it: nothing was charged.
    Unheard,
    /// Nobody knows: it must be asked again, and never charged again.
    Unknown(Fault),
}

impl Verdict {
    /// A refusal without paper.
    pub fn declined(reason: impl Into<String>) -> Self {
        Self::Declined { reason: reason.into(), slips: Vec::new() }
    }

    /// What the terminal wants on paper.
    #[must_use]
    pub fn slips(&self) -> &[Slip] {
        match self {
            Self::Approved { slips, .. } | Self::Declined { slips, .. } => slips,
            Self::Cancelled | Self::Unheard | Self::Unknown(_) => &[],
        }
    }
}

/// How far a charge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChargeStep {
    /// Waiting for the card.
    Collecting,
    /// The bank is asked.
    Confirming,
}

/// A card terminal. One thread owns it.
pub trait CardTerminal: Send {
    /// What tells this device from others, for logs and screens: its address.
    fn identity(&self) -> String;

    /// Charges, and waits for the verdict. If `cancel` is set while the card is awaited, the
    /// terminal is asked to give up; the verdict says whether it did.
    fn charge(
        &mut self,
        charge: &Charge,
        progress: &mut dyn FnMut(ChargeStep),
        cancel: &Stop,
    ) -> Verdict;

    /// Asks what became of an intent. Never charges; and one that the terminal never heard of is
    /// never charged after this, however late its bytes come. The slips come with the verdict
    /// again, as far as the terminal still has them.
    fn query(&mut self, intent: &str) -> Verdict;

    /// Asks the terminal how it is.
    ///
    /// # Errors
    /// If it cannot be reached or does not answer in time.
    fn status(&mut self) -> Result<(), Fault>;

    /// Ends the terminal's day: it sends what it charged to its operator, and says what that was.
    /// May take minutes. One that ended its day already ends an empty one.
    ///
    /// # Errors
    /// If it cannot be reached, or says why not. Where its line died meanwhile nobody knows whether
    /// the day has ended: the terminal's own paper tells, and asking again does no harm.
    fn settle(&mut self) -> Result<Vec<Slip>, Fault>;
}

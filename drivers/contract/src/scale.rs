//! Scales at the till (UnifiedPOS, "Scale"). Weights are whole grams; what is not a weight is
//! never written as one: a load that moves is not nothing.

use crate::fault::Fault;
use crate::upos;

/// What a scale says about its load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Weight {
    /// A weight that stands still, in grams; above nothing.
    Stable {
        /// The net weight.
        grams: u32,
    },
    /// Nothing is on it.
    Zero,
    /// The load moves, or the measurement is not finished.
    Unstable,
    /// More than it can weigh.
    Over,
    /// Less than nothing: something was taken away after it was set to zero.
    Under,
    /// It is there, but does not weigh: warming up, or not yet set to zero.
    NotReady,
}

impl Weight {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stable { .. } => "stable",
            Self::Zero => "zero",
            Self::Unstable => "unstable",
            Self::Over => "over",
            Self::Under => "under",
            Self::NotReady => "not_ready",
        }
    }

    /// The number of UnifiedPOS (`SCAL_SUE_*`).
    #[must_use]
    pub const fn upos(self) -> u16 {
        match self {
            Self::Stable { .. } => upos::SCAL_SUE_STABLE_WEIGHT,
            Self::Unstable => upos::SCAL_SUE_WEIGHT_UNSTABLE,
            Self::Zero => upos::SCAL_SUE_WEIGHT_ZERO,
            Self::Over => upos::SCAL_SUE_WEIGHT_OVERWEIGHT,
            Self::NotReady => upos::SCAL_SUE_NOT_READY,
            Self::Under => upos::SCAL_SUE_WEIGHT_UNDER_ZERO,
        }
    }

    /// The grams that may be sold by: only those that stand still.
    #[must_use]
    pub const fn grams(self) -> Option<u32> {
        match self {
            Self::Stable { grams } => Some(grams),
            _ => None,
        }
    }

    /// What to tell the cashier, where it is not a weight.
    #[must_use]
    pub const fn advice(self) -> Option<&'static str> {
        match self {
            Self::Stable { .. } => None,
            Self::Zero => Some("Put the goods on the scale."),
            Self::Unstable => Some("Wait until the scale stands still."),
            Self::Over => Some("Too heavy for this scale: weigh in parts."),
            Self::Under => Some("Empty the scale and set it to zero."),
            Self::NotReady => Some("Empty the scale and wait until it shows zero."),
        }
    }
}

/// One answer of a scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighing {
    /// What it means.
    pub weight: Weight,
    /// The bytes as they came, for the law of weights and measures: they go with the sale's line.
    pub raw: Vec<u8>,
}

/// A scale. One thread owns it.
pub trait Scale: Send {
    /// What tells this device from others, for logs and screens: its address.
    fn identity(&self) -> String;

    /// Asks once what is on it. Opens and claims the line if it is not open.
    ///
    /// # Errors
    /// If it cannot be reached, does not answer in time, or answers in another language; the line
    /// is closed then.
    fn weigh(&mut self) -> Result<Weighing, Fault>;
}

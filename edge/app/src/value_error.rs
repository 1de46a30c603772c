//! Why value that the shop keeps for a customer cannot be used.

use crate::error::Kind;
use edge_domain::money::Money;
use edge_domain::rights::RightsError;

/// Why value that the shop keeps cannot be used. In order of precedence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// Not one of the kinds.
    #[error("There is no value of the kind {0}: voucher, gift_card, account or points.")]
    UnknownKind(String),
    /// Nobody said which card, voucher or customer.
    #[error("Say which one pays: the number of the card or voucher, or the customer.")]
    NoReference,
    /// Never seen here.
    #[error("{0} is not known here. If it is from another store, fetch it first.")]
    Unknown(String),
    /// More than this store may spend of it.
    #[error(
        "Only {available} of {reference} can be spent here. Take the rest otherwise, or fetch \
         what other stores hold of it."
    )]
    NotEnough {
        /// Which card, voucher or customer.
        reference: String,
        /// What can be spent here now.
        available: Money,
    },
    /// The customer may not buy on account.
    #[error("{0} has no credit: take the money otherwise, or have a limit set.")]
    NoCredit(String),
    /// More than the account may owe.
    #[error("{customer} may owe only {left} more. Take the rest otherwise.")]
    CreditExceeded {
        /// Who.
        customer: String,
        /// What may still be bought on account.
        left: Money,
    },
    /// See [`RightsError`].
    #[error(transparent)]
    Rights(#[from] RightsError),
}

impl ValueError {
    /// The stable code and the sort of refusal.
    #[must_use]
    pub const fn code(&self) -> (&'static str, Kind) {
        match self {
            Self::UnknownKind(_) => ("unknown_value_kind", Kind::NotFound),
            Self::NoReference => ("reference_needed", Kind::Invalid),
            Self::Unknown(_) => ("unknown_value", Kind::NotFound),
            Self::NotEnough { .. } => ("not_enough_value", Kind::Conflict),
            Self::NoCredit(_) => ("no_credit", Kind::Conflict),
            Self::CreditExceeded { .. } => ("credit_exceeded", Kind::Conflict),
            Self::Rights(RightsError::NotHeld { .. }) => ("rights_not_held", Kind::Conflict),
            Self::Rights(_) => ("invalid_rights", Kind::Invalid),
        }
    }
}

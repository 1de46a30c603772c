//! Why somebody may not.

use super::Kind;
use edge_domain::staff::Permission;

/// Why somebody may not. In order of precedence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// Nobody is signed in, or not for this terminal.
    #[error("Sign in at this till first.")]
    SignInNeeded,
    /// The session is of another terminal.
    #[error("You are signed in at {0}: sign in at this till too.")]
    OtherTerminal(String),
    /// Not the PIN.
    #[error("This is not the PIN. Try again.")]
    WrongPin,
    /// Too often.
    #[error("Too many wrong PINs. Wait {minutes} min, or ask a manager to unlock it.")]
    LockedOut {
        /// How long, rounded up.
        minutes: i64,
    },
    /// Somebody else has to.
    #[error("This needs the permission {}. {who}", .permission.as_str())]
    NotPermitted {
        /// Which.
        permission: Permission,
        /// Who has it.
        who: String,
    },
    /// An approval that was used, has expired, or is for something else.
    #[error("This approval was used, has expired, or is for something else: ask for a new one.")]
    NotApproved,
    /// No such person.
    #[error("Nobody with this id works here.")]
    UnknownStaff,
    /// Somebody who left.
    #[error("{0} does not work here any more.")]
    NotActive(String),
    /// Two people of one name.
    #[error("{0} works here already: take a name that tells them apart.")]
    NameTaken(String),
    /// Nobody could let anybody in.
    #[error("The first who works here is a manager or an owner: somebody has to let others in.")]
    FirstLeads,
    /// Nobody could let anybody in any more.
    #[error("Somebody has to run the store: make another manager first.")]
    LastLeader,
    /// Above one's own role.
    #[error("Nobody changes who stands above them. Ask the owner.")]
    AboveYou,
    /// Too short, or no digits.
    #[error("A PIN is 4 to 12 digits.")]
    BadPin,
}

impl AccessError {
    pub(super) const fn code(&self) -> (&'static str, Kind) {
        match self {
            Self::SignInNeeded | Self::OtherTerminal(_) => ("sign_in_needed", Kind::SignIn),
            Self::WrongPin => ("wrong_pin", Kind::SignIn),
            Self::LockedOut { .. } => ("locked_out", Kind::Wait),
            Self::NotPermitted { .. } => ("not_permitted", Kind::Forbidden),
            Self::NotApproved => ("not_approved", Kind::Forbidden),
            Self::AboveYou => ("above_you", Kind::Forbidden),
            Self::UnknownStaff => ("unknown_staff", Kind::NotFound),
            Self::NotActive(_) => ("staff_not_active", Kind::Conflict),
            Self::NameTaken(_) => ("name_taken", Kind::Conflict),
            Self::FirstLeads => ("first_staff_leads", Kind::Conflict),
            Self::LastLeader => ("last_manager", Kind::Conflict),
            Self::BadPin => ("invalid_pin", Kind::Invalid),
        }
    }
}

//! Why a drawer refuses.

use super::Kind;

/// Why a drawer refuses. In order of precedence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShiftError {
    /// No such shift.
    #[error("This shift does not exist.")]
    Unknown,
    /// One drawer, one shift.
    #[error("A shift is open at {0} already: count its drawer first.")]
    Open(String),
    /// No shift where the shop wants one.
    #[error("Nothing was sold: open a shift at {0} with its float first.")]
    Needed(String),
    /// It was counted.
    #[error("This shift was counted already: its Z report is number {0}.")]
    Closed(u32),
}

impl ShiftError {
    pub(super) const fn code(&self) -> (&'static str, Kind) {
        match self {
            Self::Unknown => ("unknown_shift", Kind::NotFound),
            Self::Open(_) => ("shift_open", Kind::Conflict),
            Self::Needed(_) => ("shift_needed", Kind::Conflict),
            Self::Closed(_) => ("shift_closed", Kind::Conflict),
        }
    }
}

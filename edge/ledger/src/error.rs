//! Why the ledger refuses.

use edge_domain::posting::PostingError;

/// Why the ledger refuses. In order of precedence. Nothing was recorded when one is returned,
/// except where [`LedgerError::Uncertain`] says so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The daemon is stopping.
    #[error("the till is shutting down: the sale was not recorded")]
    Stopping,
    /// The queue is at its bound.
    #[error("the ledger is busy: wait a moment and try again")]
    Busy,
    /// The same key with another request.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// No space left.
    #[error("the disk is full: nothing was recorded. Free space on the appliance, then try again")]
    DiskFull,
    /// The file cannot be written.
    #[error("the disk is read-only: nothing was recorded. The appliance needs service")]
    ReadOnly,
    /// The file is damaged.
    #[error("the ledger is damaged: nothing was recorded. Restore the backup: {0}")]
    Corrupt(String),
    /// The disk failed while it confirmed: it is not known whether the command was recorded.
    /// Asking again with the same key tells.
    #[error("the disk failed while it confirmed: repeat the same request to learn what holds: {0}")]
    Uncertain(String),
    /// The books would not balance: refused.
    #[error(transparent)]
    Unbalanced(#[from] PostingError),
    /// What is stored cannot be read by this release.
    #[error("the ledger holds something that this release cannot read: {0}")]
    Unreadable(String),
    /// Another process has the ledger.
    #[error("another process uses this ledger: {0}")]
    InUse(String),
    /// Anything else that the disk or SQLite says.
    #[error("the ledger cannot be used: {0}")]
    Storage(String),
}

impl LedgerError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Stopping => "stopping",
            Self::Busy => "ledger_busy",
            Self::KeyReused => "idempotency_key_reused",
            Self::DiskFull => "disk_full",
            Self::ReadOnly => "disk_read_only",
            Self::Corrupt(_) => "ledger_corrupt",
            Self::Uncertain(_) => "outcome_uncertain",
            Self::Unbalanced(_) => "unbalanced",
            Self::Unreadable(_) => "ledger_unreadable",
            Self::InUse(_) => "ledger_in_use",
            Self::Storage(_) => "ledger_unavailable",
        }
    }
}

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        match error.sqlite_error_code() {
            Some(Code::DiskFull) => Self::DiskFull,
            Some(Code::ReadOnly) => Self::ReadOnly,
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => Self::Corrupt(error.to_string()),
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::InUse(error.to_string()),
            _ => Self::Storage(error.to_string()),
        }
    }
}

/// Something stored that does not read.
pub(crate) fn unreadable(error: impl std::fmt::Display) -> LedgerError {
    LedgerError::Unreadable(error.to_string())
}

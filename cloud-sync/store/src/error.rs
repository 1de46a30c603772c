//! Why headquarters' tables refuse. In order of precedence.

use cloud_sync_documents::DocError;
use edge_domain::ids::StoreId;
use edge_domain::rights::RightsError;

/// Why a call failed. Nothing of it was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No store has this id.
    #[error("no store has the id {0}: `outpost-hq store list` shows all")]
    UnknownStore(StoreId),
    /// The id is taken.
    #[error("there is a store with the id {0} already")]
    StoreExists(StoreId),
    /// The catalogue has no such item.
    #[error("the catalogue has no item {0}")]
    UnknownItem(String),
    /// No conflict has this id, or it was settled.
    #[error("there is no such conflict: somebody may have settled it already")]
    UnknownConflict,
    /// See [`RightsError`].
    #[error(transparent)]
    Rights(#[from] RightsError),
    /// See [`DocError`].
    #[error(transparent)]
    Document(#[from] DocError),
    /// The database failed.
    #[error("headquarters' database failed: {0}")]
    Storage(String),
}

impl StoreError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownStore(_) => "unknown_store",
            Self::StoreExists(_) => "store_exists",
            Self::UnknownItem(_) => "unknown_item",
            Self::UnknownConflict => "unknown_conflict",
            Self::Rights(RightsError::NotHeld { .. }) => "not_enough_rights",
            Self::Rights(_) => "invalid_rights",
            Self::Document(DocError::Rule(_)) => "broken_rule",
            Self::Document(_) => "malformed_document",
            Self::Storage(_) => "storage",
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Storage(error.to_string())
    }
}

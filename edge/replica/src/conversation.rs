//! The talk with headquarters about documents, over one connection. The heavy work happens on a
//! copy, outside of the ledger's writer.

use crate::{Replica, ReplicaError};
use cloud_sync_documents::{DocError, Document, SyncState};
use edge_ledger::View;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// What is known of headquarters' copies while the connection lives.
#[derive(Debug, Default)]
pub struct Conversation {
    peers: HashMap<String, SyncState>,
}

/// What a message brought, worked out on a copy: [`Replica::merge`] takes it.
#[derive(Debug)]
pub struct Incoming {
    pub(crate) name: String,
    pub(crate) base: Vec<[u8; 32]>,
    pub(crate) changes: Vec<u8>,
    pub(crate) merged: Document,
}

impl Conversation {
    /// The next message about a document, if there is something to say.
    ///
    /// # Errors
    /// See [`ReplicaError`].
    pub fn say(
        &mut self,
        replica: &Mutex<Replica>,
        view: &View<'_>,
        name: &str,
    ) -> Result<Option<Vec<u8>>, ReplicaError> {
        let mut document = copy(replica, view, name)?;
        let peer = self.peers.entry(name.to_owned()).or_default();
        Ok(document.sync_message(peer))
    }

    /// Takes a message. Answers what it brought, if anything.
    ///
    /// # Errors
    /// See [`ReplicaError`]; the conversation about this document begins again then.
    pub fn hear(
        &mut self,
        replica: &Mutex<Replica>,
        view: &View<'_>,
        name: &str,
        message: &[u8],
    ) -> Result<Option<Incoming>, ReplicaError> {
        let mut document = copy(replica, view, name)?;
        let base = document.heads();
        let peer = self.peers.entry(name.to_owned()).or_default();
        if let Err(error) = document.receive(peer, message) {
            self.peers.remove(name);
            return Err(error.into());
        }
        if document.heads() == base {
            return Ok(None);
        }
        let changes = document.changes_since(&base);
        Ok(Some(Incoming { name: name.to_owned(), base, changes, merged: document }))
    }
}

fn copy(replica: &Mutex<Replica>, view: &View<'_>, name: &str) -> Result<Document, ReplicaError> {
    if !matches!(cloud_sync_documents::kind_of(name), "catalogue" | "order") {
        return Err(DocError::UnknownKind(name.to_owned()).into());
    }
    replica.lock().unwrap_or_else(PoisonError::into_inner).copy(view, name)
}

//! The talk with headquarters about documents, over one connection. The heavy work happens on a
//! copy, outside of the ledger's writer.

use crate::{Replica, ReplicaError};
use cloud_sync_documents::{DocError, Document, SyncState};
use edge_ledger::View;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// What is known of headquarters' copies while the connection lives.
#[derive(Debug, Default)]
pub struct Conversation {
    peers: HashMap<String, SyncState>,
    waiting: HashMap<String, VecDeque<Vec<u8>>>,
}

/// How many messages are kept whose changes may wait for others.
const WAITING_MAX: usize = 16;

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
        self.recall(name, &mut document)?;
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
        self.recall(name, &mut document)?;
        let peer = self.peers.entry(name.to_owned()).or_default();
        if let Err(error) = document.receive(peer, message) {
            self.peers.remove(name);
            self.waiting.remove(name);
            return Err(error.into());
        }
        let waiting = self.waiting.entry(name.to_owned()).or_default();
        waiting.push_back(message.to_vec());
        if waiting.len() > WAITING_MAX {
            waiting.pop_front();
        }
        if document.heads() == base {
            return Ok(None);
        }
        let changes = document.changes_since(&base);
        Ok(Some(Incoming { name: name.to_owned(), base, changes, merged: document }))
    }

    /// Headquarters may send a change before the one that it stands on (its Bloom filter errs
    /// once in a hundred times), and sends none twice: what waits must not be lost with the copy
    /// that heard it, and what it waits for must be asked for (found by the simulator).
    fn recall(&self, name: &str, document: &mut Document) -> Result<(), ReplicaError> {
        for earlier in self.waiting.get(name).into_iter().flatten() {
            document.take_changes(earlier)?;
        }
        Ok(())
    }
}

fn copy(replica: &Mutex<Replica>, view: &View<'_>, name: &str) -> Result<Document, ReplicaError> {
    if !matches!(cloud_sync_documents::kind_of(name), "catalogue" | "order" | "staff") {
        return Err(DocError::UnknownKind(name.to_owned()).into());
    }
    replica.lock().unwrap_or_else(PoisonError::into_inner).copy(view, name)
}

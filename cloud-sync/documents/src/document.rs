//! One Automerge document: loading, saving, and Automerge's own sync protocol.

use automerge::sync::{Message, State, SyncDoc};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, ChangeHash, ObjType, ROOT};

/// Who edits: 16 random bytes, new at every start of a replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor(pub [u8; 16]);

/// One document of one replica.
#[derive(Clone, Debug)]
pub struct Document {
    pub(crate) am: AutoCommit,
}

/// What is known of one peer's copy of one document while a connection lives.
#[derive(Debug, Default)]
pub struct SyncState(State);

/// Why a document refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocError {
    /// No document of the house has such a name.
    #[error("no kind of document is called {0:?}")]
    UnknownKind(String),
    /// The bytes are no document, no change, or no sync message.
    #[error("the document cannot be read: {0}")]
    Malformed(String),
    /// The content breaks a rule of the shop.
    #[error("the document breaks a rule: {0}")]
    Rule(String),
}

impl From<automerge::AutomergeError> for DocError {
    fn from(error: automerge::AutomergeError) -> Self {
        Self::Malformed(error.to_string())
    }
}

/// The kind of a document's name: what stands before the slash.
#[must_use]
pub fn kind_of(name: &str) -> &str {
    name.split_once('/').map_or(name, |(kind, _)| kind)
}

/// The containers that every replica's copy begins with, made by an actor that is the same
/// everywhere: two replicas that create the same document apart make the very same change.
fn genesis(name: &str) -> Result<AutoCommit, DocError> {
    let mut am = AutoCommit::new().with_actor(ActorId::from(&[0_u8; 16]));
    match kind_of(name) {
        "catalogue" => crate::catalogue::genesis(&mut am)?,
        "customers" => crate::customer::genesis(&mut am)?,
        "promotions" => crate::promotion::genesis(&mut am)?,
        "rights" => crate::rights::genesis(&mut am)?,
        "staff" => crate::staff::genesis(&mut am)?,
        "order" => {
            am.put_object(ROOT, "lines", ObjType::Map)?;
            am.put_object(ROOT, "marks", ObjType::Map)?;
        }
        _ => return Err(DocError::UnknownKind(name.to_owned())),
    }
    am.put(ROOT, "version", 1_i64)?;
    am.commit_with(CommitOptions::default().with_time(0));
    Ok(am)
}

impl Document {
    /// A new document with nothing but its containers.
    ///
    /// # Errors
    /// [`DocError::UnknownKind`].
    pub fn create(name: &str, actor: Actor) -> Result<Self, DocError> {
        let am = genesis(name)?.with_actor(ActorId::from(&actor.0));
        Ok(Self { am })
    }

    /// Loads a saved document and the changes that came after.
    ///
    /// # Errors
    /// [`DocError::Malformed`].
    pub fn load<'a>(
        snapshot: &[u8],
        changes: impl IntoIterator<Item = &'a [u8]>,
        actor: Actor,
    ) -> Result<Self, DocError> {
        let mut am = AutoCommit::load(snapshot)?;
        for change in changes {
            am.load_incremental(change)?;
        }
        Ok(Self { am: am.with_actor(ActorId::from(&actor.0)) })
    }

    /// The whole document, compressed.
    pub fn save(&mut self) -> Vec<u8> {
        self.am.save()
    }

    /// Where the document stands.
    pub fn heads(&mut self) -> Vec<[u8; 32]> {
        self.am.get_heads().into_iter().map(|hash| hash.0).collect()
    }

    /// What came after `heads`, to be stored or sent; empty if nothing did.
    pub fn changes_since(&mut self, heads: &[[u8; 32]]) -> Vec<u8> {
        let heads: Vec<ChangeHash> = heads.iter().map(|hash| ChangeHash(*hash)).collect();
        self.am.save_after(&heads)
    }

    /// Takes changes of another replica; those it has already do nothing.
    ///
    /// # Errors
    /// [`DocError::Malformed`].
    pub fn apply(&mut self, changes: &[u8]) -> Result<(), DocError> {
        self.am.load_incremental(changes)?;
        Ok(())
    }

    /// The next message for a peer, if there is something to say.
    pub fn sync_message(&mut self, peer: &mut SyncState) -> Option<Vec<u8>> {
        self.am.sync().generate_sync_message(&mut peer.0).map(Message::encode)
    }

    /// Takes the changes of a peer's message alone, once more, without the talk that it belongs
    /// to: those that still wait for another change are known again.
    ///
    /// # Errors
    /// [`DocError::Malformed`].
    pub fn take_changes(&mut self, message: &[u8]) -> Result<(), DocError> {
        let malformed = |error: &dyn std::fmt::Display| DocError::Malformed(error.to_string());
        let message = Message::decode(message).map_err(|error| malformed(&error))?;
        for chunk in message.changes.iter() {
            self.am.load_incremental(chunk)?;
        }
        Ok(())
    }

    /// Takes a peer's message.
    ///
    /// # Errors
    /// [`DocError::Malformed`].
    pub fn receive(&mut self, peer: &mut SyncState, message: &[u8]) -> Result<(), DocError> {
        let malformed = |error: &dyn std::fmt::Display| DocError::Malformed(error.to_string());
        let message = Message::decode(message).map_err(|error| malformed(&error))?;
        self.am.sync().receive_sync_message(&mut peer.0, message)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_places_begin_alike() {
        for name in ["catalogue/07", "customers/07", "order/x", "staff/all"] {
            let mut a = Document::create(name, Actor([1; 16])).unwrap();
            let mut b = Document::create(name, Actor([2; 16])).unwrap();
            assert_eq!(a.heads(), b.heads(), "{name}");
        }
        assert!(matches!(
            Document::create("poem/1", Actor([1; 16])),
            Err(DocError::UnknownKind(_))
        ));
    }

    #[test]
    fn garbage_is_refused() {
        let mut document = Document::create("order/x", Actor([1; 16])).unwrap();
        let mut peer = SyncState::default();
        assert!(document.receive(&mut peer, b"garbage").is_err());
        assert!(Document::load(b"garbage", [], Actor([1; 16])).is_err());
    }
}

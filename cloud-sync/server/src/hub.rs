//! The stores that are connected: a bounded queue to each.

use cloud_sync_protocol::session::hq::Refusal;
use cloud_sync_store::{Outgoing, SessionId};
use edge_domain::ids::StoreId;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;

/// How much may wait for one store: the first words about 64 shards and hundreds of orders. A
/// store that is slower is hung up on; it comes back and is told what it lacks.
const QUEUE_MAX: usize = 2_048;

/// What a session is told from elsewhere.
#[derive(Debug)]
pub enum Down {
    /// A document has something to say.
    Doc {
        /// Which document.
        doc: String,
        /// Automerge's sync message.
        bytes: Vec<u8>,
    },
    /// The store has to stay out from now on.
    Refuse(Refusal),
}

#[derive(Debug)]
struct Line {
    store: StoreId,
    epoch: u32,
    queue: mpsc::Sender<Down>,
}

#[derive(Debug, Default)]
struct Lines {
    last: u64,
    open: BTreeMap<SessionId, Line>,
}

/// All lines to stores that were let in.
#[derive(Debug, Default)]
pub struct Hub(Mutex<Lines>);

impl Hub {
    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A store was let in. An older line of the same store is dropped: its end sees it closed.
    pub fn open(&self, store: StoreId, epoch: u32) -> (SessionId, mpsc::Receiver<Down>) {
        let (queue, receiver) = mpsc::channel(QUEUE_MAX);
        let mut lines = self.lines();
        lines.open.retain(|_, line| line.store != store);
        lines.last += 1;
        let session = SessionId(lines.last);
        lines.open.insert(session, Line { store, epoch, queue });
        (session, receiver)
    }

    /// A line ended.
    pub fn close(&self, session: SessionId) {
        self.lines().open.remove(&session);
    }

    /// Whether a store has a line now.
    pub fn online(&self, store: StoreId) -> bool {
        self.lines().open.values().any(|line| line.store == store)
    }

    /// Which stores have a line, and in which epoch they were let in.
    pub fn open_lines(&self) -> Vec<(StoreId, u32)> {
        self.lines().open.values().map(|line| (line.store, line.epoch)).collect()
    }

    /// Queues messages, in order. Returns the sessions that were dropped for being too slow.
    pub fn deliver(&self, outgoing: Vec<Outgoing>) -> Vec<SessionId> {
        let mut lines = self.lines();
        let mut slow = Vec::new();
        for Outgoing { session, doc, bytes } in outgoing {
            let Some(line) = lines.open.get(&session) else { continue };
            if line.queue.try_send(Down::Doc { doc, bytes }).is_err() {
                lines.open.remove(&session);
                slow.push(session);
            }
        }
        slow
    }

    /// Shuts a store out that is connected.
    pub fn refuse(&self, store: StoreId, refusal: &Refusal) {
        let mut lines = self.lines();
        for line in lines.open.values().filter(|line| line.store == store) {
            // A queue that is full is dropped below, which closes the line as well.
            let _ = line.queue.try_send(Down::Refuse(refusal.clone()));
        }
        lines.open.retain(|_, line| line.store != store);
    }
}

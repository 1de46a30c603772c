//! How the line is: for screens, dashboards, and the person who has to act.

use cloud_sync_protocol::entry::ChainHead;
use edge_app::Shop;
use edge_ledger::LedgerError;
use edge_ledger::feed::{Topic, Type};
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::watch;

/// The line's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum LinkState {
    /// There is no headquarters.
    #[default]
    Off,
    /// Being tried.
    Connecting,
    /// Up.
    Connected,
    /// Down; tried again by itself.
    Offline,
    /// Headquarters refuses this store: a person has to act.
    Refused,
}

impl LinkState {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Connecting => "connecting",
            Self::Connected => "connected",
            Self::Offline => "offline",
            Self::Refused => "refused",
        }
    }
}

/// How the line is.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct LinkStatus {
    /// Its state.
    pub state: LinkState,
    /// What headquarters holds durably.
    pub acked: ChainHead,
    /// When headquarters last acknowledged or answered, in milliseconds since 1970.
    pub last_success_ms: Option<i64>,
    /// Headquarters' clock minus ours, in milliseconds.
    pub clock_offset_ms: Option<i64>,
    /// What is wrong, and what to do.
    pub message: Option<String>,
}

const ACKED: &str = "hq_acked";

pub(crate) struct Reporter {
    shop: Shop,
    status: watch::Sender<LinkStatus>,
    connected: AtomicBool,
}

impl Reporter {
    pub(crate) fn new(shop: Shop) -> (Self, watch::Receiver<LinkStatus>) {
        let known = shop.read(|view| Ok(view.meta(ACKED)?)).ok().flatten();
        let acked = known.and_then(|bytes| serde_json::from_slice::<Acked>(&bytes).ok());
        let acked = acked.map(ChainHead::from).unwrap_or_default();
        let status = LinkStatus { acked, ..LinkStatus::default() };
        let (status, receiver) = watch::channel(status);
        (Self { shop, status, connected: AtomicBool::new(false) }, receiver)
    }

    pub(crate) fn acked_seq(&self) -> u64 {
        self.status.borrow().acked.seq
    }

    /// Whether the line was up since this was last asked.
    pub(crate) fn was_connected(&self) -> bool {
        self.connected.swap(false, Ordering::Relaxed)
    }

    pub(crate) fn state(&self, state: LinkState, message: Option<String>) {
        let before = self.status.borrow().state;
        self.status.send_modify(|status| {
            status.state = state;
            status.message = message;
        });
        // Trying again and again is no news.
        if before != state && state != LinkState::Connecting {
            self.tell();
        }
    }

    pub(crate) fn connected(&self, clock_offset_ms: i64) {
        self.connected.store(true, Ordering::Relaxed);
        self.status.send_modify(|status| {
            status.clock_offset_ms = Some(clock_offset_ms);
            status.last_success_ms = Some(self.now_ms());
        });
        self.state(LinkState::Connected, None);
    }

    /// Remembers what headquarters holds; it is only a hint, asked anew at each connection.
    pub(crate) fn acked(&self, head: ChainHead) {
        let news = self.status.borrow().acked != head;
        self.status.send_modify(|status| {
            status.acked = head;
            status.last_success_ms = Some(self.now_ms());
        });
        if !news {
            return;
        }
        let Ok(bytes) = serde_json::to_vec(&Acked::from(head)) else { return };
        drop(self.shop.ledger().submit::<(), LedgerError>(None, move |tx| {
            tx.set_meta(ACKED, &bytes)?;
            tx.tell_all(Topic::Sync, Type::SyncChanged, "{}")
        }));
    }

    fn now_ms(&self) -> i64 {
        self.shop.ledger().settings().clock.now().as_millis()
    }

    fn tell(&self) {
        drop(self.shop.ledger().submit::<(), LedgerError>(None, |tx| {
            tx.tell_all(Topic::Sync, Type::SyncChanged, "{}")
        }));
    }
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Acked {
    seq: u64,
    hash: Vec<u8>,
}

impl From<ChainHead> for Acked {
    fn from(head: ChainHead) -> Self {
        Self { seq: head.seq, hash: head.hash.as_bytes().to_vec() }
    }
}

impl From<Acked> for ChainHead {
    fn from(acked: Acked) -> Self {
        let hash = acked.hash.as_slice().try_into().unwrap_or_default();
        Self { seq: acked.seq, hash: cloud_sync_protocol::entry::Hash::from_bytes(hash) }
    }
}

//! A store's end: says hello, sends what headquarters has not acknowledged, as far as credits go.
//!
//! The order inside: Hello → Welcome or Refused → batches up, acknowledgements down, documents
//! both ways, presence every few seconds. Whoever drives it reads the journal and applies the
//! documents; this decides only what to do next.

use crate::entry::{BATCH_ENTRIES_MAX, ChainHead, Entry, pack};
use crate::message::{CAPABILITIES, Hello, PROTOCOL, Presence, ToHq, ToStore};
use edge_domain::ids::StoreId;

/// How often a store says how it is.
pub const PRESENCE_PERIOD_MS: i64 = 5_000;
/// An acknowledgement that takes longer is lost: everything after the last one is sent again.
pub const ACK_TIMEOUT_MS: i64 = 20_000;
/// How long headquarters may take to answer a hello.
pub const WELCOME_TIMEOUT_MS: i64 = 20_000;

/// Who the store is.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Which store.
    pub store: StoreId,
    /// Which life of its box.
    pub epoch: u32,
    /// Its release.
    pub release: String,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// A message came.
    Message(ToStore),
    /// The journal grew.
    Appended(ChainHead),
    /// What [`Effect::ReadEntries`] asked for.
    Entries(Vec<Entry>),
    /// A document has something to say.
    Doc {
        /// Which document.
        doc: String,
        /// Automerge's sync message.
        bytes: Vec<u8>,
    },
    /// Time passed.
    Tick,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send this.
    Send(ToHq),
    /// Read up to `limit` entries after `after` and bring them as [`Input::Entries`].
    ReadEntries {
        /// The last entry that is not wanted.
        after: u64,
        /// At most so many.
        limit: usize,
    },
    /// Durable at headquarters: remember it.
    Acked(ChainHead),
    /// Headquarters let the store in: begin the documents' conversation.
    Welcomed {
        /// Headquarters' wall clock, in milliseconds since 1970.
        clock_ms: i64,
    },
    /// Reconcile the documents now.
    Reconcile,
    /// A document's message came.
    ApplyDoc {
        /// Which document.
        doc: String,
        /// Automerge's sync message.
        bytes: Vec<u8>,
    },
    /// Hang up.
    Close(CloseReason),
}

/// Why the line is given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CloseReason {
    /// Headquarters refused the store: a person has to act.
    Refused {
        /// The stable code.
        code: String,
        /// What to do.
        message: String,
    },
    /// Headquarters did not answer in time.
    Silent,
}

/// The store's end of one connection.
#[derive(Debug)]
pub struct Session {
    head: ChainHead,
    welcomed: bool,
    acked: u64,
    sent: u64,
    credits: u16,
    in_flight: u16,
    reading: bool,
    opened_ms: i64,
    progress_ms: i64,
    presence_ms: Option<i64>,
}

impl Session {
    /// Opens the conversation; the effects begin with the hello.
    #[must_use]
    pub fn open(identity: Identity, head: ChainHead, now_ms: i64) -> (Self, Vec<Effect>) {
        let hello = Hello {
            protocol: PROTOCOL,
            capabilities: CAPABILITIES.map(str::to_owned).to_vec(),
            store: identity.store.uuid(),
            epoch: identity.epoch,
            head,
            release: identity.release,
        };
        let session = Self {
            head,
            welcomed: false,
            acked: 0,
            sent: 0,
            credits: 0,
            in_flight: 0,
            reading: false,
            opened_ms: now_ms,
            progress_ms: now_ms,
            presence_ms: None,
        };
        (session, vec![Effect::Send(ToHq::Hello(hello))])
    }

    /// How many entries headquarters has not acknowledged.
    #[must_use]
    pub const fn behind(&self) -> u64 {
        self.head.seq.saturating_sub(self.acked)
    }

    /// Takes one input. `now_ms` is any clock that does not run backwards while the connection
    /// lives.
    pub fn handle(&mut self, input: Input, now_ms: i64) -> Vec<Effect> {
        let mut effects = Vec::new();
        match input {
            Input::Message(message) => self.message(message, now_ms, &mut effects),
            Input::Appended(head) => {
                if head.seq > self.head.seq {
                    self.head = head;
                }
            }
            Input::Entries(entries) => self.entries(&entries, now_ms, &mut effects),
            Input::Doc { doc, bytes } if self.welcomed => {
                effects.push(Effect::Send(ToHq::Doc { doc, bytes }));
            }
            Input::Doc { .. } => {}
            Input::Tick => self.tick(now_ms, &mut effects),
        }
        self.pump(&mut effects);
        effects
    }

    /// The presence that is due, if one is; the driver adds its wall clock and telemetry, and
    /// sends it.
    pub fn presence_due(&mut self, now_ms: i64) -> Option<Presence> {
        let due = self.presence_ms.is_none_or(|last| now_ms - last >= PRESENCE_PERIOD_MS);
        if !self.welcomed || !due {
            return None;
        }
        self.presence_ms = Some(now_ms);
        Some(Presence { head: self.head, ..Presence::default() })
    }

    fn message(&mut self, message: ToStore, now_ms: i64, effects: &mut Vec<Effect>) {
        match message {
            ToStore::Welcome { acked, credits, clock_ms, .. } if !self.welcomed => {
                self.welcomed = true;
                self.credits = credits.max(1);
                (self.acked, self.sent) = (acked.seq, acked.seq);
                self.progress_ms = now_ms;
                effects.push(Effect::Acked(acked));
                effects.push(Effect::Welcomed { clock_ms });
            }
            ToStore::Welcome { .. } => {}
            ToStore::Refused { code, message } => {
                effects.push(Effect::Close(CloseReason::Refused { code, message }));
            }
            ToStore::Ack(head) if self.welcomed => self.acknowledged(head, now_ms, effects),
            ToStore::Gap(expected) if self.welcomed => {
                self.rewind(expected.saturating_sub(1), now_ms)
            }
            ToStore::Ack(_) | ToStore::Gap(_) => {}
            ToStore::Doc { doc, bytes } => effects.push(Effect::ApplyDoc { doc, bytes }),
            ToStore::Poke(_) => {
                self.presence_ms = None;
                effects.push(Effect::Reconcile);
            }
        }
    }

    /// An acknowledgement may come late or twice: only progress counts.
    fn acknowledged(&mut self, head: ChainHead, now_ms: i64, effects: &mut Vec<Effect>) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if head.seq > self.acked && head.seq <= self.head.seq {
            self.acked = head.seq;
            self.sent = self.sent.max(head.seq);
            self.progress_ms = now_ms;
            effects.push(Effect::Acked(head));
        }
        if self.acked >= self.sent {
            self.in_flight = 0;
        }
    }

    fn rewind(&mut self, to: u64, now_ms: i64) {
        self.sent = to.min(self.head.seq);
        self.in_flight = 0;
        self.progress_ms = now_ms;
    }

    fn entries(&mut self, entries: &[Entry], now_ms: i64, effects: &mut Vec<Effect>) {
        self.reading = false;
        let follows = entries.first().is_some_and(|first| first.seq == self.sent + 1);
        let (true, Some(last), Ok(batch)) = (follows, entries.last(), pack(entries)) else {
            return;
        };
        if self.in_flight == 0 {
            self.progress_ms = now_ms;
        }
        self.sent = last.seq;
        self.in_flight += 1;
        effects.push(Effect::Send(ToHq::Batch(batch)));
    }

    fn tick(&mut self, now_ms: i64, effects: &mut Vec<Effect>) {
        if !self.welcomed {
            if now_ms - self.opened_ms >= WELCOME_TIMEOUT_MS {
                effects.push(Effect::Close(CloseReason::Silent));
            }
        } else if self.acked < self.sent && now_ms - self.progress_ms >= ACK_TIMEOUT_MS {
            // Not the count in flight: a doubled acknowledgement may have spoilt it.
            self.rewind(self.acked, now_ms);
        }
    }

    fn pump(&mut self, effects: &mut Vec<Effect>) {
        let more = self.welcomed && self.sent < self.head.seq;
        if more && self.in_flight < self.credits && !self.reading {
            self.reading = true;
            effects.push(Effect::ReadEntries { after: self.sent, limit: BATCH_ENTRIES_MAX });
        }
    }
}

//! Headquarters' end: lets a store in or names why not, and acknowledges only what is durable.

use crate::entry::{ChainHead, Entry, unpack};
use crate::message::{CAPABILITIES, Hello, PROTOCOL, Presence, ToHq, ToStore};
use edge_domain::ids::StoreId;

/// How many batches of one store may be on their way at once.
pub const CREDITS: u16 = 4;

/// What happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// A message came.
    Message(ToHq),
    /// The answer to [`Effect::Admit`].
    Admitted(Result<ChainHead, Refusal>),
    /// The answer to [`Effect::Accept`].
    Accepted(Result<ChainHead, AcceptError>),
    /// A document has something to say.
    Doc {
        /// Which document.
        doc: String,
        /// Automerge's sync message.
        bytes: Vec<u8>,
    },
    /// Something changed that the store should look at.
    Poke(String),
}

/// Why a store stays out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The stable code, see [`ToStore::Refused`].
    pub code: String,
    /// What to do.
    pub message: String,
}

/// Why a batch was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AcceptError {
    /// It does not follow: this sequence is expected.
    Gap(u64),
    /// The store's chain contradicts what it sent before, or a rule: it is set aside and a
    /// person has to look.
    Quarantined(Refusal),
    /// Headquarters cannot write now; the store will send it again.
    Busy,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send this.
    Send(ToStore),
    /// Look the store up and answer with [`Input::Admitted`].
    Admit(Box<Hello>),
    /// Write these durably and answer with [`Input::Accepted`]; never before the commit.
    Accept(Vec<Entry>),
    /// The store is in: begin the documents' conversation.
    Welcomed(StoreId),
    /// Remember how the store is.
    Presence(Presence),
    /// A document's message came.
    ApplyDoc {
        /// Which document.
        doc: String,
        /// Automerge's sync message.
        bytes: Vec<u8>,
    },
    /// Hang up.
    Close,
}

/// Headquarters' end of one connection.
#[derive(Debug, Default)]
pub struct Session {
    store: Option<StoreId>,
    welcomed: bool,
}

impl Session {
    /// Which store speaks, once it was let in.
    #[must_use]
    pub fn store(&self) -> Option<StoreId> {
        self.store.filter(|_| self.welcomed)
    }

    /// Takes one input. `clock_ms` is headquarters' wall clock.
    pub fn handle(&mut self, input: Input, clock_ms: i64) -> Vec<Effect> {
        match input {
            Input::Message(ToHq::Hello(hello)) => self.hello(hello),
            Input::Message(message) if self.welcomed => self.message(message),
            // Whoever speaks before the welcome is out of turn; a lost hello heals by time-out.
            Input::Message(_) => vec![],
            Input::Admitted(Ok(acked)) => self.admitted(acked, clock_ms),
            Input::Admitted(Err(refusal)) => refuse(refusal),
            Input::Accepted(outcome) => accepted(outcome),
            Input::Doc { doc, bytes } if self.welcomed => {
                vec![Effect::Send(ToStore::Doc { doc, bytes })]
            }
            Input::Poke(what) if self.welcomed => vec![Effect::Send(ToStore::Poke(what))],
            Input::Doc { .. } | Input::Poke(_) => vec![],
        }
    }

    fn hello(&mut self, hello: Hello) -> Vec<Effect> {
        if hello.protocol != PROTOCOL {
            return refuse(Refusal {
                code: "protocol".into(),
                message: format!(
                    "This store speaks protocol {}, headquarters {PROTOCOL}: update the older one.",
                    hello.protocol
                ),
            });
        }
        self.store = Some(StoreId::new(hello.store));
        vec![Effect::Admit(Box::new(hello))]
    }

    fn admitted(&mut self, acked: ChainHead, clock_ms: i64) -> Vec<Effect> {
        let Some(store) = self.store else { return vec![] };
        let again = std::mem::replace(&mut self.welcomed, true);
        let welcome = Effect::Send(ToStore::Welcome {
            capabilities: CAPABILITIES.map(str::to_owned).to_vec(),
            acked,
            credits: CREDITS,
            clock_ms,
        });
        if again { vec![welcome] } else { vec![welcome, Effect::Welcomed(store)] }
    }

    fn message(&self, message: ToHq) -> Vec<Effect> {
        match message {
            ToHq::Batch(bytes) => match unpack(&bytes) {
                Ok(entries) if entries.iter().all(|entry| Some(entry.store) == self.store) => {
                    vec![Effect::Accept(entries)]
                }
                Ok(_) => refuse(Refusal {
                    code: "foreign_entries".into(),
                    message: "The batch holds another store's entries.".into(),
                }),
                Err(error) => {
                    refuse(Refusal { code: "malformed_batch".into(), message: error.to_string() })
                }
            },
            ToHq::Doc { doc, bytes } => vec![Effect::ApplyDoc { doc, bytes }],
            ToHq::Presence(presence) => vec![Effect::Presence(presence)],
            ToHq::Hello(_) => vec![],
        }
    }
}

fn refuse(refusal: Refusal) -> Vec<Effect> {
    let Refusal { code, message } = refusal;
    vec![Effect::Send(ToStore::Refused { code, message }), Effect::Close]
}

fn accepted(outcome: Result<ChainHead, AcceptError>) -> Vec<Effect> {
    match outcome {
        Ok(head) => vec![Effect::Send(ToStore::Ack(head))],
        Err(AcceptError::Gap(expected)) => vec![Effect::Send(ToStore::Gap(expected))],
        Err(AcceptError::Quarantined(refusal)) => refuse(refusal),
        // No answer: the store's time-out sends it again.
        Err(AcceptError::Busy) => vec![],
    }
}

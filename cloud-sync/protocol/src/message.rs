//! Messages on the line, as CBOR in binary WebSocket frames. Unknown messages are ignored, so
//! that a newer end can speak to an older one; what an end understands stands in its
//! capabilities.

use crate::entry::{Bytes, ChainHead};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The protocol's version: a change that an older end would misunderstand raises it.
pub const PROTOCOL: u16 = 1;

/// What this release understands beyond the bare protocol.
pub const CAPABILITIES: [&str; 3] = ["facts.zstd", "documents.automerge", "facts.bulk"];

/// The largest frame: a whole catalogue shard fits many times.
pub const FRAME_BYTES_MAX: usize = 32 << 20;

/// A store's first word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// [`PROTOCOL`].
    pub protocol: u16,
    /// See [`CAPABILITIES`].
    pub capabilities: Vec<String>,
    /// Which store.
    pub store: Uuid,
    /// Which life of its box.
    pub epoch: u32,
    /// Where its journal stands.
    pub head: ChainHead,
    /// Its release.
    pub release: String,
}

/// How a store is, every few seconds.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Presence {
    /// Where its journal stands.
    pub head: ChainHead,
    /// Its wall clock, in milliseconds since 1970.
    pub clock_ms: i64,
    /// Since when its oldest entry has been waiting, in milliseconds since 1970.
    #[serde(default)]
    pub behind_since_ms: Option<i64>,
    /// What it measured: a name and a figure each.
    #[serde(default)]
    pub telemetry: Vec<(String, i64)>,
}

/// From a store to headquarters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToHq {
    /// The first word.
    Hello(Hello),
    /// Entries after the acknowledged ones, packed by [`crate::entry::pack`].
    Batch(Vec<u8>),
    /// Automerge's own sync message for one document.
    Doc {
        /// Which document.
        doc: String,
        /// The message.
        bytes: Vec<u8>,
    },
    /// How the store is.
    Presence(Presence),
}

/// From headquarters to a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToStore {
    /// Come in.
    Welcome {
        /// See [`CAPABILITIES`].
        capabilities: Vec<String>,
        /// What headquarters holds of the store's journal, durably.
        acked: ChainHead,
        /// How many batches may be on their way at once.
        credits: u16,
        /// Headquarters' wall clock, in milliseconds since 1970.
        clock_ms: i64,
    },
    /// Stay out; the code is stable, the text for people.
    Refused {
        /// `unknown_store`, `revoked`, `old_epoch`, `rolled_back`, `quarantined`, `protocol`.
        code: String,
        /// What to do.
        message: String,
    },
    /// Durable at headquarters up to here.
    Ack(ChainHead),
    /// The entry that is expected next; what came does not follow.
    Gap(u64),
    /// Automerge's own sync message for one document.
    Doc {
        /// Which document.
        doc: String,
        /// The message.
        bytes: Vec<u8>,
    },
    /// There is news: reconcile now rather than at the next period.
    Poke(String),
}

/// The wire's shape: a tag and its content, each optional to an older reader.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Wire {
    t: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hello: Option<Hello>,
    #[serde(skip_serializing_if = "Option::is_none")]
    presence: Option<Presence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    head: Option<ChainHead>,
    #[serde(skip_serializing_if = "Option::is_none")]
    doc: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<Bytes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credits: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clock_ms: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    capabilities: Vec<String>,
}

/// A frame that is no message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a message of this protocol")]
pub struct FrameError;

impl Wire {
    fn tagged(t: &str) -> Self {
        Self { t: t.to_owned(), ..Self::default() }
    }

    fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // Writing to memory fails only when memory does.
        let _ = ciborium::into_writer(self, &mut bytes);
        bytes
    }

    fn decode(bytes: &[u8]) -> Result<Self, FrameError> {
        if bytes.len() > FRAME_BYTES_MAX {
            return Err(FrameError);
        }
        ciborium::from_reader(bytes).map_err(|_| FrameError)
    }
}

fn doc_wire(doc: &str, bytes: &[u8]) -> Wire {
    Wire { doc: Some(doc.to_owned()), bytes: Some(Bytes(bytes.to_vec())), ..Wire::tagged("doc") }
}

impl ToHq {
    /// The frame.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let wire = match self {
            Self::Hello(hello) => Wire { hello: Some(hello.clone()), ..Wire::tagged("hello") },
            Self::Batch(bytes) => {
                Wire { bytes: Some(Bytes(bytes.clone())), ..Wire::tagged("batch") }
            }
            Self::Doc { doc, bytes } => doc_wire(doc, bytes),
            Self::Presence(presence) => {
                Wire { presence: Some(presence.clone()), ..Wire::tagged("presence") }
            }
        };
        wire.encode()
    }

    /// The message of a frame; None for one that a newer release sends.
    ///
    /// # Errors
    /// [`FrameError`] for what is no message at all.
    pub fn decode(frame: &[u8]) -> Result<Option<Self>, FrameError> {
        let wire = Wire::decode(frame)?;
        Ok(match wire.t.as_str() {
            "hello" => Some(Self::Hello(wire.hello.ok_or(FrameError)?)),
            "batch" => Some(Self::Batch(wire.bytes.ok_or(FrameError)?.0)),
            "doc" => Some(Self::Doc {
                doc: wire.doc.ok_or(FrameError)?,
                bytes: wire.bytes.ok_or(FrameError)?.0,
            }),
            "presence" => Some(Self::Presence(wire.presence.ok_or(FrameError)?)),
            _ => None,
        })
    }
}

impl ToStore {
    /// The frame.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let wire = match self {
            Self::Welcome { capabilities, acked, credits, clock_ms } => Wire {
                capabilities: capabilities.clone(),
                head: Some(*acked),
                credits: Some(*credits),
                clock_ms: Some(*clock_ms),
                ..Wire::tagged("welcome")
            },
            Self::Refused { code, message } => Wire {
                code: Some(code.clone()),
                text: Some(message.clone()),
                ..Wire::tagged("refused")
            },
            Self::Ack(head) => Wire { head: Some(*head), ..Wire::tagged("ack") },
            Self::Gap(seq) => Wire { seq: Some(*seq), ..Wire::tagged("gap") },
            Self::Doc { doc, bytes } => doc_wire(doc, bytes),
            Self::Poke(what) => Wire { text: Some(what.clone()), ..Wire::tagged("poke") },
        };
        wire.encode()
    }

    /// The message of a frame; None for one that a newer release sends.
    ///
    /// # Errors
    /// [`FrameError`] for what is no message at all.
    pub fn decode(frame: &[u8]) -> Result<Option<Self>, FrameError> {
        let wire = Wire::decode(frame)?;
        Ok(match wire.t.as_str() {
            "welcome" => Some(Self::Welcome {
                capabilities: wire.capabilities,
                acked: wire.head.ok_or(FrameError)?,
                credits: wire.credits.unwrap_or(1),
                clock_ms: wire.clock_ms.unwrap_or_default(),
            }),
            "refused" => Some(Self::Refused {
                code: wire.code.ok_or(FrameError)?,
                message: wire.text.unwrap_or_default(),
            }),
            "ack" => Some(Self::Ack(wire.head.ok_or(FrameError)?)),
            "gap" => Some(Self::Gap(wire.seq.ok_or(FrameError)?)),
            "doc" => Some(Self::Doc {
                doc: wire.doc.ok_or(FrameError)?,
                bytes: wire.bytes.ok_or(FrameError)?.0,
            }),
            "poke" => Some(Self::Poke(wire.text.unwrap_or_default())),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::Hash;
    use proptest::prelude::*;

    #[test]
    fn messages_survive_the_wire() {
        let head = ChainHead { seq: 9, hash: Hash::from_bytes([3; 32]) };
        let up = [
            ToHq::Hello(Hello {
                protocol: PROTOCOL,
                capabilities: CAPABILITIES.map(str::to_owned).to_vec(),
                store: Uuid::from_u128(1),
                epoch: 2,
                head,
                release: "0.1.0".into(),
            }),
            ToHq::Batch(vec![1, 2, 3]),
            ToHq::Doc { doc: "catalogue/07".into(), bytes: vec![0; 50] },
            ToHq::Presence(Presence { head, clock_ms: 5, ..Presence::default() }),
        ];
        for message in up {
            assert_eq!(ToHq::decode(&message.encode()), Ok(Some(message)));
        }
        let down = [
            ToStore::Welcome { capabilities: vec![], acked: head, credits: 4, clock_ms: 1 },
            ToStore::Refused { code: "revoked".into(), message: "Ask headquarters.".into() },
            ToStore::Ack(head),
            ToStore::Gap(4),
            ToStore::Doc { doc: "order/x".into(), bytes: vec![] },
            ToStore::Poke("documents".into()),
        ];
        for message in down {
            assert_eq!(ToStore::decode(&message.encode()), Ok(Some(message)));
        }
    }

    #[test]
    fn a_newer_release_is_heard_out() {
        let newer = Wire { text: Some("?".into()), ..Wire::tagged("sing") };
        assert_eq!(ToHq::decode(&newer.encode()), Ok(None));
        assert_eq!(ToStore::decode(&newer.encode()), Ok(None));
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let _ = (ToHq::decode(&bytes), ToStore::decode(&bytes));
        }
    }
}

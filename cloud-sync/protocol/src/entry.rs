//! The journal's entries: an append-only, hash-chained log per store, carried as zstd batches.

use edge_domain::hlc::Hlc;
use edge_domain::ids::{EntryId, StoreId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use uuid::Uuid;

/// The most entries in one batch.
pub const BATCH_ENTRIES_MAX: usize = 500;
/// The largest unpacked batch: a hostile one may not fill the memory of headquarters.
pub const BATCH_BYTES_MAX: usize = 16 << 20;
/// The largest body of one entry.
pub const BODY_BYTES_MAX: usize = 1 << 20;

/// A SHA-256 digest (FIPS 180-4).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Hash([u8; 32]);

/// Where a chain stands: its last entry. Sequence 0 with the zero hash is the empty chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ChainHead {
    /// The last entry's sequence.
    pub seq: u64,
    /// The last entry's hash.
    pub hash: Hash,
}

/// One entry of a store's journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: EntryId,
    /// Whose journal.
    pub store: StoreId,
    /// Which life of the store's box (see DESIGN.md, section 4).
    pub epoch: u32,
    /// Its place: 1, 2, 3... without a gap.
    pub seq: u64,
    /// When, for people.
    pub hlc: Hlc,
    /// What kind of fact.
    pub kind: String,
    /// The version of its body's shape.
    pub version: u16,
    /// The fact.
    pub body: Vec<u8>,
    /// The hash of the entry before.
    pub prev: Hash,
    /// The hash of all of the above.
    pub hash: Hash,
}

/// Why a chain does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// A place is missing or taken twice.
    #[error("entry {found} stands where {expected} belongs")]
    Gap {
        /// What belongs there.
        expected: u64,
        /// What is there.
        found: u64,
    },
    /// It does not follow the entry before it.
    #[error("entry {seq} does not follow the entry before it")]
    Broken {
        /// Which.
        seq: u64,
    },
    /// Its content is not what was hashed.
    #[error("entry {seq} is not what was written: its hash differs")]
    Altered {
        /// Which.
        seq: u64,
    },
}

/// Why a batch cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// Not a batch.
    #[error("not a batch of journal entries: {0}")]
    Malformed(String),
    /// Beyond a bound.
    #[error("the batch is too large")]
    TooLarge,
}

impl Hash {
    /// From its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = Bytes::deserialize(deserializer)?.0;
        let bytes =
            bytes.try_into().map_err(|_| serde::de::Error::custom("a hash has 32 bytes"))?;
        Ok(Self(bytes))
    }
}

impl Entry {
    /// The next entry of a chain, hashed.
    #[must_use]
    #[expect(clippy::too_many_arguments, reason = "an entry is its fields")]
    pub fn sealed(
        head: ChainHead,
        id: EntryId,
        store: StoreId,
        epoch: u32,
        hlc: Hlc,
        kind: &str,
        version: u16,
        body: Vec<u8>,
    ) -> Self {
        let (seq, prev) = (head.seq + 1, head.hash);
        let kind = kind.to_owned();
        let hash = Hash::default();
        let mut entry = Self { id, store, epoch, seq, hlc, kind, version, body, prev, hash };
        entry.hash = entry.digest();
        entry
    }

    /// Whether it follows `head` and is what was hashed.
    ///
    /// # Errors
    /// See [`ChainError`].
    pub fn follows(&self, head: ChainHead) -> Result<ChainHead, ChainError> {
        if self.seq != head.seq + 1 {
            return Err(ChainError::Gap { expected: head.seq + 1, found: self.seq });
        }
        if self.prev != head.hash {
            return Err(ChainError::Broken { seq: self.seq });
        }
        if self.digest() != self.hash {
            return Err(ChainError::Altered { seq: self.seq });
        }
        Ok(self.head())
    }

    /// The chain's head once this entry is the last.
    #[must_use]
    pub const fn head(&self) -> ChainHead {
        ChainHead { seq: self.seq, hash: self.hash }
    }

    /// SHA-256 over every field, each of fixed length or behind its length, so that no two
    /// entries share their bytes.
    fn digest(&self) -> Hash {
        let mut sha = Sha256::new();
        sha.update(b"outpost.entry.1");
        sha.update(self.prev.0);
        sha.update(self.store.uuid().as_bytes());
        sha.update(self.epoch.to_be_bytes());
        sha.update(self.seq.to_be_bytes());
        sha.update(self.id.uuid().as_bytes());
        sha.update(self.hlc.to_bits().to_be_bytes());
        sha.update((self.kind.len() as u64).to_be_bytes());
        sha.update(self.kind.as_bytes());
        sha.update(self.version.to_be_bytes());
        sha.update((self.body.len() as u64).to_be_bytes());
        sha.update(&self.body);
        Hash(sha.finalize().into())
    }
}

/// Bytes that CBOR carries as a byte string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Bytes;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_vec()))
            }
            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Bytes, E> {
                Ok(Bytes(bytes))
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut seq: A,
            ) -> Result<Bytes, A::Error> {
                let mut bytes = Vec::new();
                while let Some(byte) = seq.next_element()? {
                    bytes.push(byte);
                }
                Ok(Bytes(bytes))
            }
        }
        deserializer.deserialize_byte_buf(Visitor)
    }
}

/// An entry in a batch, v1. What all entries of a batch share stands once in [`BatchV1`].
#[derive(Serialize, Deserialize)]
struct EntryV1 {
    id: Uuid,
    epoch: u32,
    hlc: u64,
    kind: String,
    version: u16,
    body: Bytes,
    hash: Hash,
}

/// A batch, v1: consecutive entries of one store.
#[derive(Serialize, Deserialize)]
struct BatchV1 {
    store: Uuid,
    first_seq: u64,
    prev: Hash,
    entries: Vec<EntryV1>,
}

/// Packs consecutive entries of one store: CBOR in a zstd frame (RFC 8949, RFC 8878).
///
/// # Errors
/// [`BatchError::Malformed`] for an empty slice.
pub fn pack(entries: &[Entry]) -> Result<Vec<u8>, BatchError> {
    let first = entries.first().ok_or_else(|| BatchError::Malformed("it is empty".into()))?;
    let packed = entries.iter().map(|entry| EntryV1 {
        id: entry.id.uuid(),
        epoch: entry.epoch,
        hlc: entry.hlc.to_bits(),
        kind: entry.kind.clone(),
        version: entry.version,
        body: Bytes(entry.body.clone()),
        hash: entry.hash,
    });
    let batch = BatchV1 {
        store: first.store.uuid(),
        first_seq: first.seq,
        prev: first.prev,
        entries: packed.collect(),
    };
    let mut bytes = Vec::new();
    let malformed = |error: &dyn fmt::Display| BatchError::Malformed(error.to_string());
    ciborium::into_writer(&batch, &mut bytes).map_err(|error| malformed(&error))?;
    zstd::bulk::compress(&bytes, 3).map_err(|error| malformed(&error))
}

/// Unpacks a batch. The chain is not checked here: see [`Entry::follows`].
///
/// # Errors
/// See [`BatchError`].
pub fn unpack(bytes: &[u8]) -> Result<Vec<Entry>, BatchError> {
    let malformed = |error: &dyn fmt::Display| BatchError::Malformed(error.to_string());
    let bytes =
        zstd::bulk::decompress(bytes, BATCH_BYTES_MAX).map_err(|error| malformed(&error))?;
    let batch: BatchV1 = ciborium::from_reader(&*bytes).map_err(|error| malformed(&error))?;
    if batch.entries.len() > BATCH_ENTRIES_MAX {
        return Err(BatchError::TooLarge);
    }
    let store = StoreId::new(batch.store);
    let (mut seq, mut prev) = (batch.first_seq, batch.prev);
    let mut entries = Vec::with_capacity(batch.entries.len());
    for packed in batch.entries {
        if packed.body.0.len() > BODY_BYTES_MAX {
            return Err(BatchError::TooLarge);
        }
        entries.push(Entry {
            id: EntryId::new(packed.id),
            store,
            epoch: packed.epoch,
            seq,
            hlc: Hlc::from_bits(packed.hlc),
            kind: packed.kind,
            version: packed.version,
            body: packed.body.0,
            prev,
            hash: packed.hash,
        });
        (seq, prev) = (seq.saturating_add(1), packed.hash);
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chain(count: u8) -> Vec<Entry> {
        let mut head = ChainHead::default();
        let mut entries = Vec::new();
        for n in 0..count {
            let id = EntryId::new(Uuid::from_u128(u128::from(n)));
            let store = StoreId::new(Uuid::from_u128(7));
            let hlc = Hlc::from_bits(u64::from(n));
            let entry = Entry::sealed(head, id, store, 1, hlc, "sale_completed", 1, vec![n; 40]);
            head = entry.head();
            entries.push(entry);
        }
        entries
    }

    #[test]
    fn a_chain_holds_and_travels() {
        let entries = chain(20);
        let back = unpack(&pack(&entries).unwrap()).unwrap();
        assert_eq!(back, entries);
        let end = back.iter().try_fold(ChainHead::default(), |head, entry| entry.follows(head));
        assert_eq!(end.unwrap().seq, 20);
    }

    #[test]
    fn an_edit_a_gap_and_a_swap_are_found() {
        let head = chain(1)[0].head();
        let mut edited = chain(2)[1].clone();
        edited.body[0] ^= 1;
        assert_eq!(edited.follows(head), Err(ChainError::Altered { seq: 2 }));
        assert_eq!(chain(3)[2].follows(head), Err(ChainError::Gap { expected: 2, found: 3 }));
        let other = ChainHead { seq: 1, hash: Hash::from_bytes([9; 32]) };
        assert_eq!(chain(2)[1].follows(other), Err(ChainError::Broken { seq: 2 }));
    }

    proptest! {
        #[test]
        fn garbage_is_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(unpack(&bytes).is_err());
        }
    }
}

//! The kernel's record of a key (`struct input_event`, input.h), cut out of bytes that come in
//! any pieces.

/// The bytes of one record: two words of time, type, code, value.
pub const RECORD_BYTES: usize = 2 * size_of::<usize>() + 8;

const EV_SYN: u16 = 0;
const EV_KEY: u16 = 1;
const SYN_DROPPED: u16 = 3;

/// What a record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyRecord {
    /// A key went down.
    Down(u16),
    /// A key went up.
    Up(u16),
    /// The kernel threw records away: what was being typed is not whole.
    Dropped,
}

/// Cuts bytes into records.
#[derive(Debug, Default)]
pub struct KeyRecords {
    partial: Vec<u8>,
}

impl KeyRecords {
    /// Takes bytes as they came.
    pub fn on_bytes(&mut self, mut bytes: &[u8], out: &mut dyn FnMut(KeyRecord)) {
        while !bytes.is_empty() {
            let taken = bytes.len().min(RECORD_BYTES - self.partial.len());
            self.partial.extend_from_slice(&bytes[..taken]);
            bytes = &bytes[taken..];
            if self.partial.len() == RECORD_BYTES {
                if let Some(record) = read(&self.partial) {
                    out(record);
                }
                self.partial.clear();
            }
        }
    }
}

/// Repeats of a key that is held (value 2) are not new ones.
fn read(record: &[u8]) -> Option<KeyRecord> {
    let body = record.last_chunk::<8>()?;
    let [t0, t1, c0, c1, v @ ..] = *body;
    let (kind, code) = (u16::from_ne_bytes([t0, t1]), u16::from_ne_bytes([c0, c1]));
    match (kind, code, i32::from_ne_bytes(v)) {
        (EV_KEY, code, 1) => Some(KeyRecord::Down(code)),
        (EV_KEY, code, 0) => Some(KeyRecord::Up(code)),
        (EV_SYN, SYN_DROPPED, _) => Some(KeyRecord::Dropped),
        _ => None,
    }
}

/// Writes a record and the report that ends it, as a twin sends them.
#[must_use]
pub fn encode(record: KeyRecord) -> Vec<u8> {
    let (kind, code, value) = match record {
        KeyRecord::Down(code) => (EV_KEY, code, 1),
        KeyRecord::Up(code) => (EV_KEY, code, 0),
        KeyRecord::Dropped => (EV_SYN, SYN_DROPPED, 0),
    };
    [(kind, code, value), (EV_SYN, 0, 0_i32)]
        .iter()
        .flat_map(|(kind, code, value)| {
            let mut bytes = vec![0; RECORD_BYTES - 8];
            bytes.extend(kind.to_ne_bytes());
            bytes.extend(code.to_ne_bytes());
            bytes.extend(value.to_ne_bytes());
            bytes
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_contract::conformance::cases;
    use proptest::prelude::*;

    fn read_in(pieces: &[&[u8]]) -> Vec<KeyRecord> {
        let (mut records, mut seen) = (KeyRecords::default(), Vec::new());
        for piece in pieces {
            records.on_bytes(piece, &mut |record| seen.push(record));
            assert!(records.partial.len() < RECORD_BYTES);
        }
        seen
    }

    #[test]
    fn a_repeat_is_not_a_key() {
        let mut held = encode(KeyRecord::Down(30));
        held[RECORD_BYTES - 4] = 2;
        assert_eq!(read_in(&[&held]), []);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(cases(256)))]
        #[test]
        fn pieces_do_not_matter_and_no_bytes_panic(
            noise in proptest::collection::vec(any::<u8>(), 0..200),
            codes in proptest::collection::vec(any::<u16>(), 0..20),
            cut in any::<proptest::sample::Index>(),
        ) {
            let records: Vec<_> = codes.iter().map(|code| KeyRecord::Down(*code)).collect();
            let bytes: Vec<u8> = records.iter().flat_map(|record| encode(*record)).collect();
            let at = cut.index(bytes.len() + 1);
            prop_assert_eq!(read_in(&[&bytes[..at], &bytes[at..]]), records);
            let _ = read_in(&[&noise]);
        }
    }
}

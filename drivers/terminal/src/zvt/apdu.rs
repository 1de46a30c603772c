//! Frames over TCP (PA00P015, "TCP/IP": class, instruction, length, data; no checksum, no escape).

/// The longest frame that is taken, in bytes: the protocol's length field ends there.
pub const DATA_BYTES_MAX: usize = 65_535;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apdu {
    /// Class and instruction, as `06 01`.
    pub command: [u8; 2],
    /// What it holds.
    pub data: Vec<u8>,
}

impl Apdu {
    /// A message.
    #[must_use]
    pub fn new(command: [u8; 2], data: Vec<u8>) -> Self {
        Self { command, data }
    }

    /// Heard and understood (`80 00 00`).
    #[must_use]
    pub fn ack() -> Self {
        Self::new([0x80, 0x00], Vec::new())
    }

    /// Heard and refused (`84 xx 00`).
    #[must_use]
    pub fn nack(reason: u8) -> Self {
        Self::new([0x84, reason], Vec::new())
    }

    /// Its bytes. A length of 255 and more is written in three (chapter 1.2: `FF`, low, high).
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let length = self.data.len().min(DATA_BYTES_MAX);
        let mut bytes = self.command.to_vec();
        match u8::try_from(length) {
            Ok(length) if length < 0xff => bytes.push(length),
            _ => {
                bytes.push(0xff);
                bytes.extend(u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes());
            }
        }
        bytes.extend_from_slice(&self.data[..length]);
        bytes
    }
}

/// Cuts bytes into messages, whatever pieces they come in.
#[derive(Debug, Default)]
pub struct Frames {
    bytes: Vec<u8>,
}

impl Frames {
    /// Takes bytes as they came; never holds more than one message and a read.
    pub fn on_bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole message.
    pub fn take(&mut self) -> Option<Apdu> {
        let (head, length) = match self.bytes[..] {
            [_, _, 0xff, low, high, ..] => (5, usize::from(u16::from_le_bytes([low, high]))),
            [_, _, 0xff, ..] => return None,
            [_, _, length, ..] => (3, usize::from(length)),
            _ => return None,
        };
        let command = [self.bytes[0], self.bytes[1]];
        let data = self.bytes.get(head..head + length)?.to_vec();
        self.bytes.drain(..head + length);
        Some(Apdu { command, data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_contract::conformance::cases;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(cases(256)))]
        #[test]
        fn messages_survive_any_pieces(
            lengths in proptest::collection::vec(prop_oneof![0usize..600, Just(254), Just(255)], 1..4),
            cut in any::<proptest::sample::Index>(),
        ) {
            let sent: Vec<Apdu> =
                lengths.iter().map(|n| Apdu::new([6, 1], vec![0xff; *n])).collect();
            let bytes: Vec<u8> = sent.iter().flat_map(Apdu::encode).collect();
            let at = cut.index(bytes.len());
            let (mut frames, mut seen) = (Frames::default(), Vec::new());
            for piece in [&bytes[..at], &bytes[at..]] {
                frames.on_bytes(piece);
                while let Some(apdu) = frames.take() {
                    seen.push(apdu);
                }
            }
            prop_assert_eq!(seen, sent);
            prop_assert!(frames.bytes.is_empty());
        }
    }
}

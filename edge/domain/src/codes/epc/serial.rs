//! Serial numbers of tags: numbers of 38 bits, or characters of seven bits each.

use super::EpcError;
use crate::codes::gs1::in_set_82;

/// Serial numbers of 96-bit schemes stay below.
const SERIAL_END: u64 = 1 << 38;

/// A serial number, as its scheme holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Serial {
    None,
    Number(u64),
    Text { bytes: [u8; 20], length: u8 },
}

impl Serial {
    /// Twenty characters of seven bits after the key; the first zero ends them, and all that follows
    /// is zero.
    pub(super) fn of_memory(memory: &[u8]) -> Result<Self, EpcError> {
        let mut bytes = [0; 20];
        for (place, byte) in bytes.iter_mut().enumerate() {
            let from = 58 + place * 7;
            let pair = [memory[from / 8], memory.get(from / 8 + 1).copied().unwrap_or(0)];
            let [seven, _] = (u16::from_be_bytes(pair) << (from % 8)).to_be_bytes();
            *byte = seven >> 1;
        }
        let padded = memory[24] & 0b11 == 0 && memory[25..].iter().all(|byte| *byte == 0);
        if padded { Self::of_bytes(bytes) } else { Err(EpcError::Serial) }
    }

    pub(super) fn text(text: &str) -> Result<Self, EpcError> {
        let mut bytes = [0; 20];
        bytes.get_mut(..text.len()).ok_or(EpcError::Serial)?.copy_from_slice(text.as_bytes());
        Self::of_bytes(bytes)
    }

    fn of_bytes(bytes: [u8; 20]) -> Result<Self, EpcError> {
        let length = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        let good = length > 0
            && bytes[..length].iter().all(|byte| in_set_82(*byte))
            && bytes[length..].iter().all(|byte| *byte == 0);
        let length = u8::try_from(length).map_err(|_| EpcError::Serial)?;
        if good { Ok(Self::Text { bytes, length }) } else { Err(EpcError::Serial) }
    }

    /// As element strings have it.
    pub(super) fn plain(self) -> String {
        match self {
            Self::None => String::new(),
            Self::Number(number) => number.to_string(),
            Self::Text { bytes, length } => {
                bytes[..usize::from(length)].iter().copied().map(char::from).collect()
            }
        }
    }
}

/// A number that 96-bit schemes hold: no leading zeros, below 2^38.
pub(super) fn plain_number(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number < SERIAL_END && number.to_string() == text).then_some(number)
}

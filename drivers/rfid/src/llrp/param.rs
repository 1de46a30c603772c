//! Parameters within a message: by type and value below 128, by type and length above.

use super::number::parameter as p;

/// A parameter; its value lies in the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Param<'a> {
    /// Its type.
    pub kind: u16,
    /// What it says; without its own header.
    pub value: &'a [u8],
}

/// The parameters in a row of bytes. It ends at the first that does not fit, and says so.
#[derive(Debug, Clone)]
pub struct Params<'a> {
    rest: &'a [u8],
    broken: bool,
}

impl<'a> Params<'a> {
    /// The parameters of these bytes.
    #[must_use]
    pub const fn of(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, broken: false }
    }

    /// Whether bytes were left that are no parameter.
    #[must_use]
    pub const fn is_broken(&self) -> bool {
        self.broken
    }

    /// The first of a type.
    pub fn find(mut self, kind: u16) -> Option<Param<'a>> {
        Iterator::find(&mut self, |param| param.kind == kind)
    }
}

impl<'a> Iterator for Params<'a> {
    type Item = Param<'a>;

    #[inline]
    fn next(&mut self) -> Option<Param<'a>> {
        let first = *self.rest.first()?;
        let (kind, head, whole) = if first & 0x80 == 0 {
            let Some(head) = self.rest.first_chunk::<4>() else { return self.end() };
            let kind = u16::from_be_bytes([head[0], head[1]]) & 0x3ff;
            (kind, 4, usize::from(u16::from_be_bytes([head[2], head[3]])))
        } else {
            let kind = u16::from(first & 0x7f);
            let Some(length) = fixed(kind) else { return self.end() };
            (kind, 1, 1 + length)
        };
        if whole < head || whole > self.rest.len() {
            return self.end();
        }
        let (this, rest) = self.rest.split_at(whole);
        self.rest = rest;
        Some(Param { kind, value: &this[head..] })
    }
}

impl<'a> Params<'a> {
    #[cold]
    fn end(&mut self) -> Option<Param<'a>> {
        self.rest = &[];
        self.broken = true;
        None
    }
}

/// The bytes of a value whose parameter carries no length (section 17.1 and table of 17.2).
#[inline]
const fn fixed(kind: u16) -> Option<usize> {
    Some(match kind {
        p::ANTENNA_ID | p::CHANNEL_INDEX | p::TAG_SEEN_COUNT => 2,
        // InventoryParameterSpecID, C1G2CRC, C1G2PC, SpecIndex, ClientRequestOpSpecResult,
        // OpSpecID, C1G2XPCW1, C1G2XPCW2.
        10 | 11 | 12 | 14 | 15 | 17 | 19 | 20 => 2,
        p::FIRST_SEEN_UTC | p::FIRST_SEEN_UPTIME | p::LAST_SEEN_UTC | p::LAST_SEEN_UPTIME => 8,
        p::PEAK_RSSI => 1,
        // ROSpecID, AccessSpecID, C1G2SingulationDetails.
        p::ROSPEC_ID | 16 | 18 => 4,
        p::EPC_96 => 12,
        _ => return None,
    })
}

/// A number at the front of some bytes.
#[inline]
#[must_use]
pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))
}

/// A number at a place.
#[inline]
#[must_use]
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}

/// A number at a place.
#[inline]
#[must_use]
pub fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}

/// A text with its length in front of it, at a place.
#[must_use]
pub fn text_at(bytes: &[u8], at: usize) -> Option<&str> {
    let length = usize::from(u16_at(bytes, at)?);
    std::str::from_utf8(bytes.get(at + 2..at + 2 + length)?).ok()
}

/// Vendor, subtype and the rest of a custom parameter.
#[inline]
#[must_use]
pub fn custom<'a>(param: &Param<'a>) -> Option<(u32, u32, &'a [u8])> {
    let value = param.value;
    if param.kind != p::CUSTOM {
        return None;
    }
    Some((u32_at(value, 0)?, u32_at(value, 4)?, &value[8..]))
}

//! Barcode scanners (UnifiedPOS, "Scanner (Bar Code Reader)").

use std::time::Instant;

use crate::event::{EventSink, Stop};
use crate::fault::Fault;
use crate::upos;

/// One code as the scanner sent it, without its terminator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanData {
    /// The bytes, an AIM identifier at the front included if the scanner sends one.
    pub bytes: Vec<u8>,
    /// The symbology by that identifier, else unknown.
    pub symbology: Symbology,
    /// When the first byte was read: where latency budgets start.
    pub first_byte_at: Instant,
    /// When the byte that completed the code was read.
    pub last_byte_at: Instant,
}

impl ScanData {
    /// The code without its AIM identifier.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        if aim_identifier(&self.bytes).is_some() { &self.bytes[3..] } else { &self.bytes }
    }
}

/// The kind of symbol that was read (`ScanDataType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs, reason = "each variant is the name of a symbology")]
pub enum Symbology {
    Unknown,
    Ean8,
    Ean13,
    Ean13Supplement,
    Itf,
    Codabar,
    Code39,
    Code93,
    Code128,
    Gs1Code128,
    Gs1DataBar,
    Pdf417,
    MaxiCode,
    DataMatrix,
    Gs1DataMatrix,
    QrCode,
    Gs1QrCode,
    Aztec,
    Other,
}

impl Symbology {
    /// The number of UnifiedPOS (`SCAN_SDT_*`).
    #[must_use]
    pub const fn upos(self) -> u16 {
        match self {
            Self::Unknown => upos::SCAN_SDT_UNKNOWN,
            Self::Ean8 => upos::SCAN_SDT_EAN8,
            Self::Ean13 => upos::SCAN_SDT_EAN13,
            Self::Ean13Supplement => upos::SCAN_SDT_EAN13_S,
            Self::Itf => upos::SCAN_SDT_ITF,
            Self::Codabar => upos::SCAN_SDT_CODABAR,
            Self::Code39 => upos::SCAN_SDT_CODE39,
            Self::Code93 => upos::SCAN_SDT_CODE93,
            Self::Code128 => upos::SCAN_SDT_CODE128,
            Self::Gs1Code128 => upos::SCAN_SDT_EAN128,
            Self::Gs1DataBar => upos::SCAN_SDT_GS1DATABAR,
            Self::Pdf417 => upos::SCAN_SDT_PDF417,
            Self::MaxiCode => upos::SCAN_SDT_MAXICODE,
            Self::DataMatrix => upos::SCAN_SDT_DATAMATRIX,
            Self::Gs1DataMatrix => upos::SCAN_SDT_GS1DATAMATRIX,
            Self::QrCode => upos::SCAN_SDT_QRCODE,
            Self::Gs1QrCode => upos::SCAN_SDT_GS1QRCODE,
            Self::Aztec => upos::SCAN_SDT_AZTEC,
            Self::Other => upos::SCAN_SDT_OTHER,
        }
    }

    /// Reads the AIM symbology identifier (ISO/IEC 15424: `]`, a letter, a modifier) at the front.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let Some((letter, modifier)) = aim_identifier(bytes) else { return Self::Unknown };
        match (letter, modifier) {
            (b'E', b'4') => Self::Ean8,
            (b'E', b'3') => Self::Ean13Supplement,
            (b'E', b'0') => Self::Ean13,
            (b'I', _) => Self::Itf,
            (b'F', _) => Self::Codabar,
            (b'A', _) => Self::Code39,
            (b'G', _) => Self::Code93,
            (b'C', b'1') => Self::Gs1Code128,
            (b'C', _) => Self::Code128,
            (b'e', _) => Self::Gs1DataBar,
            (b'L', _) => Self::Pdf417,
            (b'U', _) => Self::MaxiCode,
            (b'd', b'2') => Self::Gs1DataMatrix,
            (b'd', _) => Self::DataMatrix,
            (b'Q', b'3') => Self::Gs1QrCode,
            (b'Q', _) => Self::QrCode,
            (b'z', _) => Self::Aztec,
            _ => Self::Other,
        }
    }
}

fn aim_identifier(bytes: &[u8]) -> Option<(u8, u8)> {
    match bytes {
        [b']', letter, modifier, ..]
            if letter.is_ascii_alphabetic() && modifier.is_ascii_alphanumeric() =>
        {
            Some((*letter, *modifier))
        }
        _ => None,
    }
}

/// A barcode scanner. One thread owns it and calls [`Scanner::run`]; the caller restarts it.
pub trait Scanner: Send {
    /// What tells this device from others, for logs and screens: its address, never a secret.
    fn identity(&self) -> String;

    /// Opens and claims the device, emits `Power(Online)`, and reads codes until told to stop.
    ///
    /// Returns `Ok` when `stop` is set (looked at every [`Stop::LATENCY`]) or nobody listens; the
    /// device is released then.
    ///
    /// # Errors
    /// The fault that ended it. If the device had been online, `Power(Offline)` was emitted first.
    fn run(&mut self, sink: &dyn EventSink, stop: &Stop) -> Result<(), Fault>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aim_identifiers_become_numbers_of_upos() {
        for (code, number) in [
            (&b"]d20104012345678901"[..], 208),
            (b"]E04006381333931", 104),
            (b"]C10104012345678901", 120),
            (b"]Q3x", 209),
            (b"]X0x", 501),
            (b"4006381333931", 0),
            (b"]", 0),
            (b"", 0),
        ] {
            assert_eq!(Symbology::of(code).upos(), number, "{code:?}");
        }
    }
}

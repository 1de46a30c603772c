//! A piece: one thing of many, by its trade item number and serial number. A tag, a DataMatrix and a
//! Digital Link on the same thing name the same piece.

use super::Scan;
use super::epc::Epc;
use super::gs1::Elements;
use super::gtin::Gtin;

/// One thing of many.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Piece {
    /// The trade item number.
    pub gtin: Gtin,
    /// The serial number, as AI (21) has it.
    pub serial: String,
}

impl Piece {
    /// The piece of a tag; `None` for tags of pallets, crates and the like.
    #[must_use]
    pub fn of_epc(epc: &Epc) -> Option<Self> {
        Self::of_elements(&epc.elements().ok()?)
    }

    /// The piece that a sale's line names: an EPC URI, a tag's memory, or element strings. A
    /// maker's own number names none, since it does not say of which item.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        match Scan::read(text).ok()? {
            Scan::Epc(epc) => Self::of_epc(&epc),
            Scan::Gs1(elements) | Scan::DigitalLink(elements) => Self::of_elements(&elements),
            _ => None,
        }
    }

    fn of_elements(elements: &Elements) -> Option<Self> {
        let (gtin, serial) = (elements.gtin()?, elements.get("21")?);
        Some(Self { gtin, serial: serial.to_owned() })
    }

    /// A number that stands for it in sets of millions (FNV-1a, 64 bits): two of a million pieces
    /// share one with a chance of 3 in 100 millions.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let number = self.gtin.number().to_be_bytes();
        let bytes = number.iter().chain(self.serial.as_bytes());
        bytes.fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dress_is_the_same_piece() {
        let tag = Piece::of_text("3074257BF7194E4000001A85").unwrap();
        assert_eq!(
            (tag.gtin.to_string().as_str(), tag.serial.as_str()),
            ("80614141123458", "6789")
        );
        for dress in [
            "urn:epc:id:sgtin:0614141.812345.6789",
            "(01)80614141123458(21)6789",
            "]d20180614141123458216789",
            "https://id.gs1.org/01/80614141123458/21/6789",
        ] {
            let piece = Piece::of_text(dress).unwrap();
            assert_eq!((&piece, piece.fingerprint()), (&tag, tag.fingerprint()), "{dress}");
        }
        for none in ["80614141123458", "GC-1", "urn:epc:id:sscc:0614141.1234567890", ""] {
            assert_eq!(Piece::of_text(none), None, "{none}");
        }
    }
}

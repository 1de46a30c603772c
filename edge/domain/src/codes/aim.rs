//! AIM symbology identifiers (ISO/IEC 15424): what a scanner says it saw, as `]`, a letter and a
//! modifier before the data.

/// A symbology identifier, as the two characters after `]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbology<'a>(&'a str);

/// What a symbology's data can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carries {
    /// GS1 element strings.
    ElementStrings,
    /// EAN-13, UPC-A or UPC-E: a trade item number.
    Ean,
    /// The same with an add-on of two or five digits behind its thirteen.
    EanWithAddOn,
    /// EAN-8.
    Ean8,
    /// Interleaved 2 of 5: a trade item number if it has fourteen digits.
    Itf,
    /// Anything else.
    Anything,
}

/// Splits a scan into the identifier, if it has one, and the data.
#[must_use]
pub fn split(text: &str) -> (Option<Symbology<'_>>, &str) {
    match text.as_bytes() {
        [b']', letter, modifier, ..]
            if letter.is_ascii_alphabetic() && modifier.is_ascii_alphanumeric() =>
        {
            (text.get(1..3).map(Symbology), text.get(3..).unwrap_or_default())
        }
        _ => (None, text),
    }
}

impl<'a> Symbology<'a> {
    /// The identifier as it is written, without its `]`.
    #[must_use]
    pub const fn as_str(self) -> &'a str {
        self.0
    }

    /// What its data can be.
    #[must_use]
    pub fn carries(self) -> Carries {
        match self.0 {
            "C1" | "e0" | "e1" | "e2" | "e3" | "d2" | "Q3" | "J1" => Carries::ElementStrings,
            "E0" => Carries::Ean,
            "E3" => Carries::EanWithAddOn,
            "E4" => Carries::Ean8,
            known if known.starts_with('I') => Carries::Itf,
            _ => Carries::Anything,
        }
    }

    /// The symbology's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self.0 {
            "C1" => "GS1-128",
            "d2" => "GS1 DataMatrix",
            "Q3" => "GS1 QR Code",
            "J1" => "GS1 DotCode",
            "e0" => "GS1 DataBar",
            "E0" => "EAN-13, UPC-A or UPC-E",
            "E1" => "EAN add-on of 2 digits",
            "E2" => "EAN add-on of 5 digits",
            "E3" => "EAN-13 with add-on",
            "E4" => "EAN-8",
            other => family(other),
        }
    }
}

/// The name of the letter's symbology (ISO/IEC 15424, table 1).
fn family(identifier: &str) -> &'static str {
    match identifier.as_bytes().first() {
        Some(b'A') => "Code 39",
        Some(b'C') => "Code 128",
        Some(b'd') => "Data Matrix",
        Some(b'e') => "GS1 Composite",
        Some(b'E') => "EAN/UPC",
        Some(b'F') => "Codabar",
        Some(b'G') => "Code 93",
        Some(b'H') => "Code 11",
        Some(b'I') => "Interleaved 2 of 5",
        Some(b'J') => "DotCode",
        Some(b'L') => "PDF417",
        Some(b'M') => "MSI",
        Some(b'P') => "Plessey",
        Some(b'Q') => "QR Code",
        Some(b'R' | b'S') => "Straight 2 of 5",
        Some(b'U') => "MaxiCode",
        Some(b'z') => "Aztec Code",
        Some(b'Z') => "no barcode",
        _ => "another symbology",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_told_from_data() {
        let (seen, data) = split("]d20109506000134352");
        assert_eq!(seen.map(Symbology::name), Some("GS1 DataMatrix"));
        assert_eq!(seen.map(Symbology::carries), Some(Carries::ElementStrings));
        assert_eq!(data, "0109506000134352");
        assert_eq!(split("]C0x").0.map(Symbology::carries), Some(Carries::Anything));
        for plain in ["]", "]C", "]é1", "C10", ""] {
            assert_eq!(split(plain), (None, plain));
        }
    }
}

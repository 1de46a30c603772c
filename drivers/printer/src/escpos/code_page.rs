//! Code pages of receipt printers: the upper half of each, by the mapping of its registration
//! (Unicode Consortium, "Mapping of ... to Unicode"), and the number that `ESC t` selects it by on
//! Epson's and compatible models (escpos-printer-db, CC-BY-4.0, profile TM-T88V).

/// A code page that this driver can write; the lower half of all is ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodePage {
    /// IBM 437: the page that a printer wakes up with; box drawing, no euro sign.
    Cp437,
    /// IBM 858: Western Europe with the euro sign.
    Cp858,
    /// Windows 1252: Western Europe, typographic quotes and dashes, the euro sign.
    Cp1252,
    /// IBM 852: Central Europe.
    Cp852,
}

impl CodePage {
    /// All pages, in the order in which a text that any of them could carry is offered to them.
    pub const ALL: [Self; 4] = [Self::Cp858, Self::Cp437, Self::Cp1252, Self::Cp852];

    /// The page by the name that a device URI uses.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|page| page.name() == name)
    }

    /// The name that a device URI uses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cp437 => "cp437",
            Self::Cp858 => "cp858",
            Self::Cp1252 => "cp1252",
            Self::Cp852 => "cp852",
        }
    }

    /// The argument of `ESC t`.
    #[must_use]
    pub const fn escpos(self) -> u8 {
        match self {
            Self::Cp437 => 0,
            Self::Cp1252 => 16,
            Self::Cp852 => 18,
            Self::Cp858 => 19,
        }
    }

    /// The page behind an argument of `ESC t`.
    #[must_use]
    pub fn by_escpos(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|page| page.escpos() == number)
    }

    /// The byte of a character in the upper half, if this page has it.
    #[must_use]
    pub fn encode(self, c: char) -> Option<u8> {
        let place = self.upper().iter().position(|other| *other == c && c != NONE)?;
        u8::try_from(place + 0x80).ok()
    }

    /// The character of a byte; control characters and unassigned places have none.
    #[must_use]
    pub fn decode(self, byte: u8) -> Option<char> {
        match byte {
            0x20..=0x7e => Some(char::from(byte)),
            0x80.. => Some(self.upper()[usize::from(byte) - 0x80]).filter(|c| *c != NONE),
            _ => None,
        }
    }

    const fn upper(self) -> &'static [char; 128] {
        match self {
            Self::Cp437 => &CP437,
            Self::Cp858 => &CP858,
            Self::Cp1252 => &CP1252,
            Self::Cp852 => &CP852,
        }
    }
}

/// No character at this place. The soft hyphen and the no-break space are left out too: the
/// encoder never needs them, and a printer's idea of them is not to be relied on.
const NONE: char = '\0';

#[rustfmt::skip]
const CP437: [char; 128] = [
    'Ç', 'ü', 'é', 'â', 'ä', 'à', 'å', 'ç', 'ê', 'ë', 'è', 'ï', 'î', 'ì', 'Ä', 'Å',
    'É', 'æ', 'Æ', 'ô', 'ö', 'ò', 'û', 'ù', 'ÿ', 'Ö', 'Ü', '¢', '£', '¥', '₧', 'ƒ',
    'á', 'í', 'ó', 'ú', 'ñ', 'Ñ', 'ª', 'º', '¿', '⌐', '¬', '½', '¼', '¡', '«', '»',
    '░', '▒', '▓', '│', '┤', '╡', '╢', '╖', '╕', '╣', '║', '╗', '╝', '╜', '╛', '┐',
    '└', '┴', '┬', '├', '─', '┼', '╞', '╟', '╚', '╔', '╩', '╦', '╠', '═', '╬', '╧',
    '╨', '╤', '╥', '╙', '╘', '╒', '╓', '╫', '╪', '┘', '┌', '█', '▄', '▌', '▐', '▀',
    'α', 'ß', 'Γ', 'π', 'Σ', 'σ', 'µ', 'τ', 'Φ', 'Θ', 'Ω', 'δ', '∞', 'φ', 'ε', '∩',
    '≡', '±', '≥', '≤', '⌠', '⌡', '÷', '≈', '°', '∙', '·', '√', 'ⁿ', '²', '■', NONE,
];

#[rustfmt::skip]
const CP858: [char; 128] = [
    'Ç', 'ü', 'é', 'â', 'ä', 'à', 'å', 'ç', 'ê', 'ë', 'è', 'ï', 'î', 'ì', 'Ä', 'Å',
    'É', 'æ', 'Æ', 'ô', 'ö', 'ò', 'û', 'ù', 'ÿ', 'Ö', 'Ü', 'ø', '£', 'Ø', '×', 'ƒ',
    'á', 'í', 'ó', 'ú', 'ñ', 'Ñ', 'ª', 'º', '¿', '®', '¬', '½', '¼', '¡', '«', '»',
    '░', '▒', '▓', '│', '┤', 'Á', 'Â', 'À', '©', '╣', '║', '╗', '╝', '¢', '¥', '┐',
    '└', '┴', '┬', '├', '─', '┼', 'ã', 'Ã', '╚', '╔', '╩', '╦', '╠', '═', '╬', '¤',
    'ð', 'Ð', 'Ê', 'Ë', 'È', '€', 'Í', 'Î', 'Ï', '┘', '┌', '█', '▄', '¦', 'Ì', '▀',
    'Ó', 'ß', 'Ô', 'Ò', 'õ', 'Õ', 'µ', 'þ', 'Þ', 'Ú', 'Û', 'Ù', 'ý', 'Ý', '¯', '´',
    NONE, '±', '‗', '¾', '¶', '§', '÷', '¸', '°', '¨', '·', '¹', '³', '²', '■', NONE,
];

#[rustfmt::skip]
const CP1252: [char; 128] = [
    '€', NONE, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', NONE, 'Ž', NONE,
    NONE, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', NONE, 'ž', 'Ÿ',
    NONE, '¡', '¢', '£', '¤', '¥', '¦', '§', '¨', '©', 'ª', '«', '¬', NONE, '®', '¯',
    '°', '±', '²', '³', '´', 'µ', '¶', '·', '¸', '¹', 'º', '»', '¼', '½', '¾', '¿',
    'À', 'Á', 'Â', 'Ã', 'Ä', 'Å', 'Æ', 'Ç', 'È', 'É', 'Ê', 'Ë', 'Ì', 'Í', 'Î', 'Ï',
    'Ð', 'Ñ', 'Ò', 'Ó', 'Ô', 'Õ', 'Ö', '×', 'Ø', 'Ù', 'Ú', 'Û', 'Ü', 'Ý', 'Þ', 'ß',
    'à', 'á', 'â', 'ã', 'ä', 'å', 'æ', 'ç', 'è', 'é', 'ê', 'ë', 'ì', 'í', 'î', 'ï',
    'ð', 'ñ', 'ò', 'ó', 'ô', 'õ', 'ö', '÷', 'ø', 'ù', 'ú', 'û', 'ü', 'ý', 'þ', 'ÿ',
];

#[rustfmt::skip]
const CP852: [char; 128] = [
    'Ç', 'ü', 'é', 'â', 'ä', 'ů', 'ć', 'ç', 'ł', 'ë', 'Ő', 'ő', 'î', 'Ź', 'Ä', 'Ć',
    'É', 'Ĺ', 'ĺ', 'ô', 'ö', 'Ľ', 'ľ', 'Ś', 'ś', 'Ö', 'Ü', 'Ť', 'ť', 'Ł', '×', 'č',
    'á', 'í', 'ó', 'ú', 'Ą', 'ą', 'Ž', 'ž', 'Ę', 'ę', '¬', 'ź', 'Č', 'ş', '«', '»',
    '░', '▒', '▓', '│', '┤', 'Á', 'Â', 'Ě', 'Ş', '╣', '║', '╗', '╝', 'Ż', 'ż', '┐',
    '└', '┴', '┬', '├', '─', '┼', 'Ă', 'ă', '╚', '╔', '╩', '╦', '╠', '═', '╬', '¤',
    'đ', 'Đ', 'Ď', 'Ë', 'ď', 'Ň', 'Í', 'Î', 'ě', '┘', '┌', '█', '▄', 'Ţ', 'Ů', '▀',
    'Ó', 'ß', 'Ô', 'Ń', 'ń', 'ň', 'Š', 'š', 'Ŕ', 'Ú', 'ŕ', 'Ű', 'ý', 'Ý', 'ţ', '´',
    NONE, '˝', '˛', 'ˇ', '˘', '§', '÷', '¸', '°', '¨', '˙', 'ű', 'Ř', 'ř', '■', NONE,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_euro_sign_is_where_each_page_has_it() {
        assert_eq!(CodePage::Cp858.encode('€'), Some(0xd5));
        assert_eq!(CodePage::Cp1252.encode('€'), Some(0x80));
        assert_eq!(CodePage::Cp437.encode('€'), None);
        assert_eq!(CodePage::Cp852.encode('€'), None);
    }

    #[test]
    fn every_byte_comes_back_as_itself() {
        for page in CodePage::ALL {
            for byte in 0x80..=0xff {
                if let Some(c) = page.decode(byte) {
                    assert_eq!(page.encode(c), Some(byte), "{page:?} {byte:#x}");
                }
            }
            assert_eq!(CodePage::by_escpos(page.escpos()), Some(page));
            assert_eq!(CodePage::by_name(page.name()), Some(page));
        }
    }
}

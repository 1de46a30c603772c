//! Code pages of receipt printers: the upper half of each as data, `data/code_pages.tsv`. Which
//! number selects a page differs from printer to printer: see [`super::profile`].

use std::collections::HashMap;
use std::sync::LazyLock;

const SOURCE: &str = include_str!("../../data/code_pages.tsv");

struct Table {
    name: &'static str,
    /// What stands at 0x80 and up; a space where nothing that text needs.
    upper: Vec<char>,
}

static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| {
    let rows = SOURCE.lines().filter(|line| !line.starts_with('#'));
    let table =
        |(name, upper): (&'static str, &str)| Table { name, upper: upper.chars().collect() };
    rows.filter_map(|row| row.split_once('\t')).map(table).collect()
});

/// Where each character stands: page and byte.
static PLACES: LazyLock<HashMap<char, Vec<(CodePage, u8)>>> = LazyLock::new(|| {
    let mut places: HashMap<char, Vec<(CodePage, u8)>> = HashMap::new();
    for page in CodePage::all() {
        for byte in 0x80..=0xff {
            if let Some(c) = page.decode(byte) {
                places.entry(c).or_default().push((page, byte));
            }
        }
    }
    places
});

/// A code page that this driver can write; the lower half of all is ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CodePage(u8);

impl CodePage {
    /// Every page, by name.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..TABLES.len()).filter_map(|at| u8::try_from(at).ok()).map(Self)
    }

    /// The page by its name, as in `cp858`, in any case.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::all().find(|page| page.name().eq_ignore_ascii_case(name))
    }

    /// Its name, as in `CP858`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.table().name
    }

    /// The byte of a character in the upper half, if this page has it.
    #[must_use]
    pub fn encode(self, c: char) -> Option<u8> {
        PLACES.get(&c)?.iter().find(|(page, _)| *page == self).map(|(_, byte)| *byte)
    }

    /// The character of a byte; control characters and places without one have none.
    #[must_use]
    pub fn decode(self, byte: u8) -> Option<char> {
        match byte {
            0x20..=0x7e => Some(char::from(byte)),
            0x80.. => {
                self.table().upper.get(usize::from(byte) - 0x80).copied().filter(|c| *c != ' ')
            }
            _ => None,
        }
    }

    fn table(self) -> &'static Table {
        &TABLES[usize::from(self.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(name: &str) -> CodePage {
        CodePage::by_name(name).unwrap()
    }

    #[test]
    fn the_euro_sign_is_where_each_page_has_it() {
        assert_eq!(page("cp858").encode('€'), Some(0xd5));
        assert_eq!(page("cp1252").encode('€'), Some(0x80));
        assert_eq!(page("cp437").encode('€'), None);
        assert_eq!(page("cp866").encode('Ж'), Some(0x86));
    }

    #[test]
    fn every_byte_comes_back_as_itself_or_as_its_double() {
        for page in CodePage::all() {
            assert_eq!(page.table().upper.len(), 128, "{}", page.name());
            for byte in 0x80..=0xff {
                if let Some(c) = page.decode(byte) {
                    let back = page.encode(c).and_then(|byte| page.decode(byte));
                    assert_eq!(back, Some(c), "{page:?} {byte:#x}");
                }
            }
            assert_eq!(CodePage::by_name(page.name()), Some(page));
        }
    }
}

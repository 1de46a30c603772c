//! From Unicode to cells that a printer has: one cell, one column, one byte of a known code page.

use super::code_page::CodePage;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// One column of text: a byte, and the page that it belongs to unless it is ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// The byte to send.
    pub byte: u8,
    /// The page that must be selected; none for ASCII, which all pages share.
    pub page: Option<CodePage>,
}

impl Cell {
    /// An empty column.
    pub const SPACE: Self = Self { byte: b' ', page: None };
}

/// Puts the cells of `text` behind those in `out`. Every byte that comes out is mapped: what no
/// page has is spelled in ASCII where a habit of doing so exists, else shown as a box.
///
/// `page` is the page that was used last: it is kept as long as it has the character, because each
/// switch costs three bytes on the line.
pub fn push_cells(
    text: &str,
    pages: &[(u8, CodePage)],
    page: &mut Option<CodePage>,
    out: &mut Vec<Cell>,
) {
    for c in composed(text) {
        match c {
            ' '..='~' => out.push(ascii(c)),
            '\t' | '\n' | '\r' => out.push(Cell::SPACE),
            _ if c.is_control() || is_ignored(c) => {}
            _ => match find(c, pages, *page) {
                Some(cell) => {
                    *page = cell.page;
                    out.push(cell);
                }
                None => push_spelled(c, pages, page, out),
            },
        }
    }
}

fn ascii(c: char) -> Cell {
    // Only called for ' '..='~', where both are the same.
    u8::try_from(c).map_or(Cell::SPACE, |byte| Cell { byte, page: None })
}

fn find(c: char, pages: &[(u8, CodePage)], current: Option<CodePage>) -> Option<Cell> {
    current
        .into_iter()
        .chain(pages.iter().map(|(_, page)| *page))
        .find_map(|page| page.encode(c).map(|byte| Cell { byte, page: Some(page) }))
}

fn push_spelled(
    c: char,
    pages: &[(u8, CodePage)],
    page: &mut Option<CodePage>,
    out: &mut Vec<Cell>,
) {
    if let Some((_, ascii_text)) =
        TYPOGRAPHIC.iter().chain(SPELLED).find(|(chars, _)| chars.contains(c))
    {
        out.extend(ascii_text.chars().map(ascii));
    } else if let Some(cell) = find('■', pages, *page) {
        *page = cell.page;
        out.push(cell);
    } else {
        out.push(ascii('?'));
    }
}

/// Characters that take no room: joiners, and marks that combine with the letter before them,
/// which no single-byte page can combine.
fn is_ignored(c: char) -> bool {
    is_joiner(c) || is_combining_mark(c)
}

/// Joiners, soft hyphens, variation selectors: nothing to draw.
pub(crate) fn is_joiner(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}')
}

/// Whether a text comes out as it is: the printer's pages have every character, but for dashes,
/// quotes and the like, which have a spelling that nobody minds.
#[must_use]
pub fn is_native(text: &str, pages: &[(u8, CodePage)]) -> bool {
    let spelled = |c: char| TYPOGRAPHIC.iter().any(|(chars, _)| chars.contains(c));
    text.is_ascii()
        || composed(text).all(|c| {
            let drawn = !c.is_ascii() && !c.is_control() && !is_joiner(c);
            !drawn || pages.iter().any(|(_, page)| page.encode(c).is_some()) || spelled(c)
        })
}

/// Letters and the marks on them as one character, where there is one.
fn composed(text: &str) -> impl Iterator<Item = char> {
    text.nfc()
}

/// Spellings that nobody minds. Looked up only if no page of the printer has the character.
const TYPOGRAPHIC: &[(&str, &str)] = &[
    ("\u{a0}\u{2002}\u{2003}\u{2007}\u{2009}\u{202f}\u{3000}", " "),
    ("‐‑‒–—―−─━═", "-"),
    ("‘’‚‛′´`", "'"),
    ("“”„‟″«»", "\""),
    ("…", "..."),
    ("•·∙●", "*"),
    ("×✕", "x"),
    ("÷", "/"),
    ("│┃║¦", "|"),
    ("→", "->"),
    ("←", "<-"),
];

/// Spellings that people know from receipts, for printers that draw no pictures.
const SPELLED: &[(&str, &str)] = &[
    ("€", "EUR"),
    ("£", "GBP"),
    ("¥", "JPY"),
    ("₽", "RUB"),
    ("₹", "INR"),
    ("₺", "TRY"),
    ("₴", "UAH"),
    ("©", "(c)"),
    ("®", "(R)"),
    ("™", "TM"),
    ("°", "o"),
    ("½", "1/2"),
    ("¼", "1/4"),
    ("¾", "3/4"),
    ("№", "No"),
    ("ÀÁÂÃÅĀĂĄǍȀȂ", "A"),
    ("àáâãåāăąǎȁȃ", "a"),
    ("Ä", "Ae"),
    ("ä", "ae"),
    ("ÆǼ", "AE"),
    ("æǽ", "ae"),
    ("ÇĆĈĊČ", "C"),
    ("çćĉċč", "c"),
    ("ÐĎĐ", "D"),
    ("ðďđ", "d"),
    ("ÈÉÊËĒĔĖĘĚ", "E"),
    ("èéêëēĕėęě", "e"),
    ("ĜĞĠĢ", "G"),
    ("ĝğġģ", "g"),
    ("ĤĦ", "H"),
    ("ĥħ", "h"),
    ("ÌÍÎÏĨĪĬĮİ", "I"),
    ("ìíîïĩīĭįı", "i"),
    ("Ĵ", "J"),
    ("ĵ", "j"),
    ("Ķ", "K"),
    ("ķĸ", "k"),
    ("ĹĻĽĿŁ", "L"),
    ("ĺļľŀł", "l"),
    ("ÑŃŅŇ", "N"),
    ("ñńņňŉ", "n"),
    ("ÒÓÔÕØŌŎŐ", "O"),
    ("òóôõøōŏő", "o"),
    ("Ö", "Oe"),
    ("ö", "oe"),
    ("Œ", "OE"),
    ("œ", "oe"),
    ("ŔŖŘ", "R"),
    ("ŕŗř", "r"),
    ("ŚŜŞŠȘ", "S"),
    ("śŝşšș", "s"),
    ("ß", "ss"),
    ("ẞ", "SS"),
    ("ŢŤŦȚ", "T"),
    ("ţťŧț", "t"),
    ("Þ", "Th"),
    ("þ", "th"),
    ("ÙÚÛŨŪŬŮŰŲ", "U"),
    ("ùúûũūŭůűų", "u"),
    ("Ü", "Ue"),
    ("ü", "ue"),
    ("Ŵ", "W"),
    ("ŵ", "w"),
    ("ÝŶŸ", "Y"),
    ("ýŷÿ", "y"),
    ("ŹŻŽ", "Z"),
    ("źżž", "z"),
];

/// Cuts cells into lines of at most `width`, at spaces where there are any. There is always at
/// least one line.
pub fn wrap(mut cells: &[Cell], width: usize) -> impl Iterator<Item = &[Cell]> {
    let width = width.max(1);
    let mut done = false;
    std::iter::from_fn(move || {
        if done {
            return None;
        }
        if cells.len() <= width {
            done = true;
            return Some(cells);
        }
        let space = cells[..=width].iter().rposition(|cell| *cell == Cell::SPACE);
        let (line, rest) = match space {
            Some(at) if at > 0 => (&cells[..at], &cells[at + 1..]),
            _ => cells.split_at(width),
        };
        cells = rest;
        Some(line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, pages: &[&str]) -> String {
        let page = |name: &&str| CodePage::by_name(name).unwrap();
        let pages: Vec<_> = pages.iter().map(|name| (0, page(name))).collect();
        let mut cells = Vec::new();
        push_cells(text, &pages, &mut None, &mut cells);
        let page = |cell: &Cell| cell.page.unwrap_or(page(&"cp437"));
        cells.iter().map(|cell| page(cell).decode(cell.byte).unwrap()).collect()
    }

    #[test]
    fn what_a_page_has_is_printed_as_it_is() {
        let text = "Käse, 2× crème brûlée, ½ l Žatec – 3,50 €";
        assert_eq!(shown(text, &["cp858", "cp437", "cp1252", "cp852"]), text);
    }

    #[test]
    fn what_no_page_has_is_spelled_or_boxed() {
        assert_eq!(shown("Käse 3 €", &[]), "Kaese 3 EUR");
        assert_eq!(shown("3 €", &["cp437"]), "3 EUR");
        assert_eq!(shown("日本", &["cp858"]), "■■");
        assert_eq!(shown("日本", &["cp1252"]), "??");
        assert_eq!(shown("x\u{301}\u{1b}@\u{7f}\u{9b}", &[]), "x@");
    }

    #[test]
    fn lines_break_at_spaces_and_words_only_when_they_must() {
        let wrapped = |text: &str, width| {
            let mut cells = Vec::new();
            push_cells(text, &[], &mut None, &mut cells);
            wrap(&cells, width)
                .map(|line| line.iter().map(|cell| char::from(cell.byte)).collect::<String>())
                .collect::<Vec<_>>()
        };
        assert_eq!(wrapped("", 8), [""]);
        assert_eq!(wrapped("whole milk 1 l", 8), ["whole", "milk 1 l"]);
        assert_eq!(wrapped("Donaudampfschiff", 8), ["Donaudam", "pfschiff"]);
    }
}

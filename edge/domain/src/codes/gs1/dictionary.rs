//! The GS1 Barcode Syntax Dictionary as a table: every application identifier's format, its
//! content rules, and what it needs or forbids beside it.
//!
//! `gs1-syntax-dictionary.txt` is GS1's own file, unchanged: Copyright (c) 2020-2021 BWIPP
//! project, Zint Project, 2021-2025 GS1 AISBL; Apache License 2.0. Its head explains its syntax.
//! It is read once, at the first scan; a test holds that no line of it is lost.

use super::lint::{Lint, Set};
use std::sync::LazyLock;

const TEXT: &str = include_str!("gs1-syntax-dictionary.txt");

static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(|| Dictionary::read(TEXT));

/// One identifier, or a pattern of identifiers as in `35nn`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    digits: usize,
    low: u16,
    high: u16,
}

/// A piece of an identifier's data.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) set: Set,
    pub(super) shortest: usize,
    pub(super) longest: usize,
    pub(super) optional: bool,
    pub(super) lints: Vec<Lint>,
}

/// Sequences of identifiers that may qualify a key in a Digital Link, each in its order.
pub(super) type Qualifiers = Vec<Vec<Pattern>>;

/// All about one identifier.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its digits.
    pub(super) ai: String,
    code: Pattern,
    /// The length of its data, where it is predefined: no FNC1 follows.
    pub(super) predefined: Option<usize>,
    /// Whether it may stand in the query of a Digital Link.
    pub(super) attribute: bool,
    pub(super) parts: Vec<Part>,
    /// Each must hold: one of its alternatives, each of whose identifiers is there.
    pub(super) requires: Vec<Vec<Vec<Pattern>>>,
    pub(super) excludes: Vec<Pattern>,
    /// For a primary key of a Digital Link.
    pub(super) key: Option<Qualifiers>,
}

struct Dictionary {
    entries: Vec<Entry>,
    /// How many digits an identifier has, by its first two; 0 where there is none.
    digits: [usize; 100],
    /// Places in `entries` plus one, by number, for identifiers of 2, 3 and 4 digits.
    places: [Vec<u16>; 3],
}

/// The identifier at the beginning of `text`, and its place in the dictionary.
pub(super) fn identify(text: &[u8]) -> Option<u16> {
    let dictionary = &*DICTIONARY;
    let first = number(text.get(..2)?)?;
    let digits = *dictionary.digits.get(usize::from(first))?;
    let number = number(text.get(..digits)?)?;
    let place = dictionary.places.get(digits.checked_sub(2)?)?.get(usize::from(number))?;
    place.checked_sub(1)
}

/// The entry at a place that [`identify`] gave.
pub(super) fn entry(place: u16) -> &'static Entry {
    &DICTIONARY.entries[usize::from(place)]
}

fn number(digits: &[u8]) -> Option<u16> {
    let all = digits.iter().all(u8::is_ascii_digit) && (1..=4).contains(&digits.len());
    all.then(|| digits.iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0')))
}

impl Pattern {
    fn read(text: &str) -> Option<Self> {
        let low = number(text.replace('n', "0").as_bytes())?;
        let high = number(text.replace('n', "9").as_bytes())?;
        Some(Self { digits: text.len(), low, high })
    }

    /// Whether the identifier is this one, or of this pattern.
    pub(super) fn covers(self, entry: &Entry) -> bool {
        entry.code.digits == self.digits && (self.low..=self.high).contains(&entry.code.low)
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let low = format!("{:0width$}", self.low, width = self.digits);
        let high = format!("{:0width$}", self.high, width = self.digits);
        let digit = |(low, high): (char, char)| if low == high { low } else { 'n' };
        f.write_str(&low.chars().zip(high.chars()).map(digit).collect::<String>())
    }
}

impl Dictionary {
    fn read(text: &str) -> Self {
        let mut entries: Vec<Entry> = text.lines().filter_map(read_line).flatten().collect();
        // Places are u16; the dictionary has about 560 entries.
        entries.truncate(usize::from(u16::MAX - 1));
        let mut digits = [0; 100];
        let mut places = [vec![0; 100], vec![0; 1_000], vec![0; 10_000]];
        for (place, entry) in (1..).zip(&entries) {
            let Pattern { digits: length, low, .. } = entry.code;
            if let Some(first) = number(&entry.ai.as_bytes()[..2]) {
                digits[usize::from(first)] = length;
            }
            if let Some(slot) = places[length - 2].get_mut(usize::from(low)) {
                *slot = place;
            }
        }
        Self { entries, digits, places }
    }
}

/// The identifiers of one line; none for a comment.
fn read_line(line: &str) -> Option<Vec<Entry>> {
    let mut words = line.split('#').next()?.split_whitespace().peekable();
    let numbers = words.next()?;
    let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
    let is_part = |word: &str| word.starts_with(['N', 'X', 'Y', 'Z', '[']);
    let flags = words.next_if(|word| !is_part(word)).unwrap_or_default();
    let mut written = Vec::new();
    while let Some(part) = words.next_if(|word| is_part(word)) {
        written.push(part);
    }
    let attributes: Vec<&str> = words.collect();
    (number(first.as_bytes())?..=number(last.as_bytes())?)
        .map(|low| {
            let parts = written.iter().map(|part| read_part(part)).collect::<Option<Vec<_>>>()?;
            let fixed: usize = parts.iter().map(|part| part.longest).sum();
            let code = Pattern { digits: first.len(), low, high: low };
            let mut entry = Entry {
                ai: code.to_string(),
                code,
                predefined: flags.contains('*').then_some(fixed),
                attribute: flags.contains('?'),
                parts,
                requires: Vec::new(),
                excludes: Vec::new(),
                key: None,
            };
            attributes.iter().try_for_each(|word| read_attribute(&mut entry, word))?;
            (2..=4).contains(&code.digits).then_some(entry)
        })
        .collect()
}

/// As in `N13,csum` or `[X..17]`.
fn read_part(word: &str) -> Option<Part> {
    let mut words = word.split(',');
    let written = words.next()?;
    let bare = written.trim_start_matches('[').trim_end_matches(']');
    let (set, length) = bare.split_at_checked(1)?;
    let (shortest, longest) = match length.strip_prefix("..") {
        Some(most) => (1, most.parse().ok()?),
        None => (length.parse().ok()?, length.parse().ok()?),
    };
    Some(Part {
        set: Set::from_letter(set)?,
        shortest,
        longest,
        optional: bare.len() != written.len(),
        lints: words.map(Lint::from_name).collect::<Option<_>>()?,
    })
}

/// As in `req=01+21,02`, `ex=310n` or `dlpkey=22,10,21|235`.
fn read_attribute(entry: &mut Entry, word: &str) -> Option<()> {
    let (name, value) = word.split_once('=').unwrap_or((word, ""));
    let patterns = |text: &str, by: char| -> Option<Vec<Pattern>> {
        text.split(by).map(Pattern::read).collect()
    };
    match name {
        "req" => {
            let alternatives = value.split(',').map(|all| patterns(all, '+'));
            entry.requires.push(alternatives.collect::<Option<_>>()?);
        }
        "ex" => entry.excludes.extend(patterns(value, ',')?),
        "dlpkey" if value.is_empty() => entry.key = Some(Vec::new()),
        "dlpkey" => {
            let sequences = value.split('|').map(|sequence| patterns(sequence, ','));
            entry.key = Some(sequences.collect::<Option<_>>()?);
        }
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(ai: &str) -> &'static Entry {
        entry(identify(ai.as_bytes()).unwrap())
    }

    #[test]
    fn no_line_of_the_dictionary_is_lost() {
        let lines: Vec<&str> =
            TEXT.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit())).collect();
        assert!(lines.len() > 200);
        let mut entries = 0;
        for line in &lines {
            let read = read_line(line);
            assert!(read.as_ref().is_some_and(|read| !read.is_empty()), "{line}");
            entries += read.map_or(0, |read| read.len());
        }
        assert_eq!(DICTIONARY.entries.len(), entries);
        for entry in &DICTIONARY.entries {
            assert_eq!(known(&entry.ai).ai, entry.ai);
            assert_eq!(known(&format!("{}123", entry.ai)).ai, entry.ai, "first digits decide");
        }
    }

    #[test]
    fn entries_hold_what_their_lines_say() {
        let gtin = known("01");
        assert_eq!(gtin.predefined, Some(14));
        assert_eq!(gtin.key.as_ref().map(Vec::len), Some(2));
        let price = known("3922");
        assert_eq!((price.predefined, price.attribute), (None, true));
        assert_eq!(price.requires[0][1][1].to_string(), "31nn");
        assert!(price.excludes[1].covers(known("3931")));
        assert_eq!(known("253").parts.len(), 2);
        assert!(known("253").parts[1].optional && !known("21").attribute);
        for unknown in ["05", "236", "3106", "9", "x1", "7000"] {
            assert!(identify(unknown.as_bytes()).is_none(), "{unknown}");
        }
    }
}

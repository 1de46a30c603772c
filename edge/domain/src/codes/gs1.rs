//! GS1 element strings (GS1 General Specifications, section 3): application identifiers with
//! their data, in a barcode's dress (FNC1 as ASCII 29) or in people's brackets.
//!
//! Every identifier of the GS1 Barcode Syntax Dictionary (see [`dictionary`]) is known; one
//! that is not is an error, never a guess: its length is unknown. A dated pack whose batch stands
//! on another label is read with [`parse_symbol`], which leaves the pairs to the caller.

mod dictionary;
mod iso;
mod lint;

use super::gtin::Gtin;
use dictionary::{Entry, Part, Pattern};
use lint::Fault;
use std::fmt;

pub(super) use lint::{digits, in_set_82, is_day};

/// The separator after a field of variable length (ASCII 29, section 7.8.6.2).
pub const FNC1: char = '\u{1d}';

/// What breaks an element string, in order of precedence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Gs1Error {
    /// Nothing there.
    #[error("no element strings")]
    Empty,
    /// Not in the dictionary.
    #[error("the application identifier at \"{0}\" is not known")]
    UnknownAi(String),
    /// Too short, too long, or characters that do not belong.
    #[error("the data of ({0}) has a wrong length or character")]
    BadData(String),
    /// A check digit, or pair, does not check.
    #[error("the check digit of ({0}) is wrong")]
    CheckDigit(String),
    /// A month, day, hour or minute that no calendar or clock has.
    #[error("({0}) is not a date or time")]
    BadDate(String),
    /// A value that the identifier's own rule refuses: a country, a currency, a coupon...
    #[error("({0}) does not hold what it should")]
    BadValue(String),
    /// The same identifier with two values.
    #[error("({0}) stands twice with different data")]
    Contradiction(String),
    /// Two identifiers that never stand together.
    #[error("({0}) and ({1}) cannot stand together")]
    Excluded(String, String),
    /// An identifier that needs another.
    #[error("({0}) needs {1} beside it")]
    Required(String, String),
}

impl Gs1Error {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "gs1_empty",
            Self::UnknownAi(_) => "gs1_unknown_ai",
            Self::BadData(_) => "gs1_bad_data",
            Self::CheckDigit(_) => "gs1_check_digit",
            Self::BadDate(_) => "gs1_bad_date",
            Self::BadValue(_) => "gs1_bad_value",
            Self::Contradiction(_) => "gs1_contradiction",
            Self::Excluded(..) => "gs1_excluded_pair",
            Self::Required(..) => "gs1_required_pair",
        }
    }
}

/// Where a field stands: its identifier's place in the dictionary, its data in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Field {
    place: u16,
    start: usize,
    end: usize,
}

/// Element strings in the order read: identifier and data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elements {
    text: String,
    fields: Vec<Field>,
}

impl Elements {
    pub(super) fn with_room(bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), fields: Vec::with_capacity(8) }
    }

    /// Elements of identifiers and data, each checked, their pairs too.
    ///
    /// # Errors
    /// See [`Gs1Error`].
    pub fn new<'a, 'v>(
        pairs: impl IntoIterator<Item = (&'a str, &'v str)>,
    ) -> Result<Self, Gs1Error> {
        let mut elements = Self::with_room(64);
        for (ai, value) in pairs {
            elements.push(whole(ai)?, value)?;
        }
        elements.filled()?.check_pairs()
    }

    /// All pairs of identifier and data, in the order read.
    pub fn pairs(&self) -> impl ExactSizeIterator<Item = (&'static str, &str)> {
        self.fields.iter().map(|field| (entry(*field).ai.as_str(), self.data(*field)))
    }

    /// The data of an identifier.
    #[must_use]
    pub fn get(&self, ai: &str) -> Option<&str> {
        self.pairs().find(|(known, _)| *known == ai).map(|(_, data)| data)
    }

    /// The trade item number, (01).
    #[must_use]
    pub fn gtin(&self) -> Option<Gtin> {
        self.get("01").and_then(|data| Gtin::parse(data).ok())
    }

    /// The net weight in grams, from (310n): kilograms with n decimal places. None where it is
    /// finer than a gram.
    #[must_use]
    pub fn weight_grams(&self) -> Option<i64> {
        let (ai, data) = self.measure("310")?;
        scaled(data, ai, 3)
    }

    /// The price of a variable measure item in hundredths of its currency, from (392n), or (393n)
    /// whose currency is [`Self::price_currency`]. None where it is finer than that.
    ///
    /// Hundredths whatever the currency: the identifiers know decimal places, not minor units.
    #[must_use]
    pub fn price_minor(&self) -> Option<i64> {
        match (self.measure("392"), self.measure("393")) {
            (Some((ai, data)), _) => scaled(data, ai, 2),
            (None, Some((ai, data))) => scaled(data.get(3..)?, ai, 2),
            (None, None) => None,
        }
    }

    /// The currency of (393n), as ISO 4217's three digits.
    #[must_use]
    pub fn price_currency(&self) -> Option<&str> {
        self.measure("393").and_then(|(_, data)| data.get(..3))
    }

    fn measure(&self, prefix: &str) -> Option<(&'static str, &str)> {
        self.pairs().find(|(ai, _)| ai.len() == 4 && ai.starts_with(prefix))
    }

    fn data(&self, field: Field) -> &str {
        &self.text[field.start..field.end]
    }

    /// Adds one, unless the same stands there already.
    pub(super) fn push(&mut self, place: u16, value: &str) -> Result<(), Gs1Error> {
        let entry = dictionary::entry(place);
        check_data(entry, value.as_bytes())?;
        if let Some(before) = self.fields.iter().find(|field| field.place == place) {
            let same = self.data(*before) == value;
            return if same { Ok(()) } else { Err(Gs1Error::Contradiction(entry.ai.clone())) };
        }
        let start = self.text.len();
        self.text.push_str(value);
        self.fields.push(Field { place, start, end: self.text.len() });
        Ok(())
    }

    fn filled(self) -> Result<Self, Gs1Error> {
        if self.fields.is_empty() { Err(Gs1Error::Empty) } else { Ok(self) }
    }

    /// The same elements, if each has beside it what it needs, and nothing that it forbids.
    ///
    /// # Errors
    /// [`Gs1Error::Excluded`], [`Gs1Error::Required`].
    pub fn check_pairs(self) -> Result<Self, Gs1Error> {
        for field in &self.fields {
            let mine = entry(*field);
            let others = self.fields.iter().filter(|other| other.place != field.place);
            let forbidden = |other: &&Entry| mine.excludes.iter().any(|p| p.covers(other));
            if let Some(other) = others.map(|other| entry(*other)).find(forbidden) {
                return Err(Gs1Error::Excluded(mine.ai.clone(), other.ai.clone()));
            }
        }
        for field in &self.fields {
            let mine = entry(*field);
            let there = |p: &Pattern| {
                self.fields
                    .iter()
                    .any(|other| other.place != field.place && p.covers(entry(*other)))
            };
            let met = |any: &&Vec<Vec<Pattern>>| !any.iter().any(|all| all.iter().all(there));
            if let Some(unmet) = mine.requires.iter().find(met) {
                return Err(Gs1Error::Required(mine.ai.clone(), alternatives(unmet)));
            }
        }
        Ok(self)
    }

    /// The first that is a primary key of Digital Links: its place, and the places of those that
    /// qualify it, in their order; `None` if there is no key.
    pub(super) fn link_path(&self) -> Option<Vec<usize>> {
        let key = |field: &Field| entry(*field).key.is_some();
        let at = self.fields.iter().position(key)?;
        let sequences = entry(*self.fields.get(at)?).key.as_deref().unwrap_or_default();
        let qualifying = |sequence: &Vec<Pattern>| -> Vec<usize> {
            let place = |p: &Pattern| self.fields.iter().position(|f| p.covers(entry(*f)));
            sequence.iter().filter_map(place).collect()
        };
        let longest = sequences.iter().map(qualifying).max_by_key(Vec::len).unwrap_or_default();
        Some(std::iter::once(at).chain(longest).collect())
    }
}

impl fmt::Display for Elements {
    /// In people's brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pairs().try_for_each(|(ai, data)| write!(f, "({ai}){data}"))
    }
}

/// Reads a barcode's element strings, without the AIM identifier.
///
/// # Errors
/// See [`Gs1Error`].
pub fn parse(data: &str) -> Result<Elements, Gs1Error> {
    parse_symbol(data)?.check_pairs()
}

/// Reads a barcode's element strings, and leaves it to the caller whether they belong together:
/// one label may carry several barcodes, and pairs hold over all of them.
///
/// # Errors
/// See [`Gs1Error`]; never [`Gs1Error::Excluded`] or [`Gs1Error::Required`].
pub fn parse_symbol(data: &str) -> Result<Elements, Gs1Error> {
    let mut rest = data.trim_start_matches(FNC1);
    let mut elements = Elements::with_room(data.len());
    while !rest.is_empty() {
        let unknown = || Gs1Error::UnknownAi(rest.chars().take(4).collect());
        let place = dictionary::identify(rest.as_bytes()).ok_or_else(unknown)?;
        let entry = dictionary::entry(place);
        let after = &rest[entry.ai.len()..];
        let until_fnc1 = || after.bytes().position(|byte| byte == 0x1d).unwrap_or(after.len());
        let length = entry.predefined.unwrap_or_else(until_fnc1);
        let bad = || Gs1Error::BadData(entry.ai.clone());
        let (value, next) = after.split_at_checked(length).ok_or_else(bad)?;
        elements.push(place, value)?;
        rest = next.trim_start_matches(FNC1);
    }
    elements.filled()
}

/// Reads people's writing, as in `(01)09506000134352(10)ABC`. Brackets around two to four digits
/// begin an element; any others belong to the data.
///
/// # Errors
/// See [`Gs1Error`].
pub fn parse_bracketed(text: &str) -> Result<Elements, Gs1Error> {
    let mut elements = Elements::with_room(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let unknown = || Gs1Error::UnknownAi(rest.chars().take(8).collect());
        let (ai, after) = bracket(rest).ok_or_else(unknown)?;
        let next = after.match_indices('(').map(|(at, _)| at);
        let end = next.into_iter().find(|at| bracket(&after[*at..]).is_some());
        let (value, next) = after.split_at(end.unwrap_or(after.len()));
        elements.push(whole(ai)?, value)?;
        rest = next;
    }
    elements.filled()?.check_pairs()
}

/// Splits `(01)rest`.
fn bracket(text: &str) -> Option<(&str, &str)> {
    let (ai, after) = text.strip_prefix('(')?.split_once(')')?;
    ((2..=4).contains(&ai.len()) && digits(ai.as_bytes())).then_some((ai, after))
}

/// The place of an identifier that is nothing but itself.
fn whole(ai: &str) -> Result<u16, Gs1Error> {
    whole_place(ai).ok_or_else(|| Gs1Error::UnknownAi(ai.chars().take(8).collect()))
}

pub(super) fn whole_place(ai: &str) -> Option<u16> {
    let place = dictionary::identify(ai.as_bytes())?;
    (dictionary::entry(place).ai.len() == ai.len()).then_some(place)
}

fn entry(field: Field) -> &'static Entry {
    dictionary::entry(field.place)
}

/// What the query of a Digital Link makes of a key.
pub(super) enum QueryKey {
    /// An identifier that may stand there, by its place.
    Attribute(u16),
    /// An identifier that may not.
    Misplaced,
    /// None at all.
    Foreign,
}

pub(super) fn query_key(name: &str) -> QueryKey {
    match whole_place(name) {
        Some(place) if dictionary::entry(place).attribute => QueryKey::Attribute(place),
        Some(_) => QueryKey::Misplaced,
        None => QueryKey::Foreign,
    }
}

/// The place of an identifier that is a primary key of Digital Links.
pub(super) fn link_key(ai: &str) -> Option<u16> {
    whole_place(ai).filter(|place| dictionary::entry(*place).key.is_some())
}

/// Whether identifiers may follow a primary key in a path: some of one of its sequences, in order.
pub(super) fn qualify(key: u16, places: &[u16]) -> bool {
    let in_order = |sequence: &Vec<Pattern>| {
        let mut rest = sequence.iter();
        let next = |place: &u16| {
            let entry = dictionary::entry(*place);
            rest.any(|pattern| pattern.covers(entry))
        };
        places.iter().all(next)
    };
    let sequences = dictionary::entry(key).key.as_deref().unwrap_or_default();
    places.is_empty() || sequences.iter().any(in_order)
}

fn check_data(entry: &Entry, value: &[u8]) -> Result<(), Gs1Error> {
    let bad = || Gs1Error::BadData(entry.ai.clone());
    let mut rest = value;
    for part in &entry.parts {
        if rest.is_empty() && part.optional {
            break;
        }
        let length = rest.len().min(part.longest);
        if length < part.shortest {
            return Err(bad());
        }
        let (piece, next) = rest.split_at(length);
        check_part(entry, part, piece)?;
        rest = next;
    }
    if rest.is_empty() { Ok(()) } else { Err(bad()) }
}

fn check_part(entry: &Entry, part: &Part, piece: &[u8]) -> Result<(), Gs1Error> {
    if !part.set.holds(piece) {
        return Err(Gs1Error::BadData(entry.ai.clone()));
    }
    part.lints.iter().try_for_each(|lint| lint.check(piece)).map_err(|fault| {
        let ai = entry.ai.clone();
        match fault {
            Fault::CheckDigit => Gs1Error::CheckDigit(ai),
            Fault::Date => Gs1Error::BadDate(ai),
            Fault::Value => Gs1Error::BadValue(ai),
        }
    })
}

/// As in `(01) with (21), or (02)`.
fn alternatives(any: &[Vec<Pattern>]) -> String {
    let all = |all: &Vec<Pattern>| {
        all.iter().map(|p| format!("({p})")).collect::<Vec<_>>().join(" with ")
    };
    any.iter().map(all).collect::<Vec<_>>().join(", or ")
}

/// A number with as many decimal places as the identifier's last digit says, in units of
/// 10^-`places`; none where it is finer.
fn scaled(data: &str, ai: &str, places: u32) -> Option<i64> {
    let decimals = u32::from(ai.as_bytes().last()?.checked_sub(b'0')?);
    let value: i64 = data.parse().ok()?;
    match places.checked_sub(decimals) {
        Some(more) => value.checked_mul(10_i64.checked_pow(more)?),
        None => {
            let unit = 10_i64.checked_pow(decimals - places)?;
            (value % unit == 0).then_some(value / unit)
        }
    }
}

#[cfg(test)]
mod tests;

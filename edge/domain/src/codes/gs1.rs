//! GS1 element strings (GS1 General Specifications, section 3): application identifiers with
//! their data, in a barcode's dress (FNC1 as ASCII 29) or in people's brackets.
//!
//! The identifiers that a shop meets every day; the whole dictionary comes with a later release.
//! An identifier that is not in the table is an error, never a guess: its length is unknown.

use super::gtin::Gtin;

/// The separator after a field of variable length (ASCII 29, section 7.8.6.2).
pub const FNC1: char = '\u{1d}';

/// An identifier's format: how many digits it has itself, and its data.
struct Ai {
    prefix: &'static str,
    digits: usize,
    data: Data,
}

/// The format of an identifier's data (section 3.2, figure 3.2-1).
#[derive(Clone, Copy)]
enum Data {
    /// A GTIN-14.
    Gtin,
    /// An 18-digit number with a check digit.
    Sscc,
    /// A date YYMMDD; day 00 is the month's last.
    Date,
    /// So many digits.
    Digits(usize),
    /// Up to so many characters of the set 82.
    Text(usize),
    /// Up to so many digits.
    Number(usize),
}

const fn ai(prefix: &'static str, digits: usize, data: Data) -> Ai {
    Ai { prefix, digits, data }
}

const TABLE: [Ai; 17] = [
    ai("00", 2, Data::Sscc),
    ai("01", 2, Data::Gtin),
    ai("02", 2, Data::Gtin),
    ai("10", 2, Data::Text(20)),
    ai("11", 2, Data::Date),
    ai("13", 2, Data::Date),
    ai("15", 2, Data::Date),
    ai("16", 2, Data::Date),
    ai("17", 2, Data::Date),
    ai("21", 2, Data::Text(20)),
    ai("240", 3, Data::Text(30)),
    ai("30", 2, Data::Number(8)),
    ai("310", 4, Data::Digits(6)),
    ai("37", 2, Data::Number(8)),
    ai("392", 4, Data::Number(15)),
    ai("400", 3, Data::Text(30)),
    ai("8005", 4, Data::Digits(6)),
];

/// What breaks an element string.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Gs1Error {
    /// Not in the table.
    #[error("the application identifier at \"{0}\" is not known")]
    UnknownAi(String),
    /// Too short, too long, or characters that do not belong.
    #[error("the data of ({0}) has a wrong length or character")]
    BadData(String),
    /// A check digit does not check.
    #[error("the check digit of ({0}) is wrong")]
    CheckDigit(String),
    /// A month or day that no calendar has.
    #[error("({0}) is not a date")]
    BadDate(String),
    /// The same identifier with two values.
    #[error("({0}) stands twice with different data")]
    Contradiction(String),
    /// Nothing there.
    #[error("no element strings")]
    Empty,
}

/// Element strings in the order read: identifier and data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elements(Vec<(String, String)>);

impl Elements {
    /// All pairs, in the order read.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// The data of an identifier.
    #[must_use]
    pub fn get(&self, ai: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == ai).map(|(_, data)| data.as_str())
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
        let (ai, data) = self.0.iter().find(|(ai, _)| ai.starts_with("310"))?;
        let places = ai.as_bytes().get(3)?.checked_sub(b'0')?;
        let value: i64 = data.parse().ok()?;
        match places {
            0..=3 => Some(value * 10_i64.pow(u32::from(3 - places))),
            4..=6 => {
                let unit = 10_i64.pow(u32::from(places - 3));
                (value % unit == 0).then_some(value / unit)
            }
            _ => None,
        }
    }
}

/// Reads a barcode's element strings, without the AIM identifier.
///
/// # Errors
/// See [`Gs1Error`].
pub fn parse(data: &str) -> Result<Elements, Gs1Error> {
    let mut rest = data.trim_start_matches(FNC1);
    let mut pairs = Vec::new();
    while !rest.is_empty() {
        let (ai, id, after) = identify(rest)?;
        let length = ai.data.fixed().unwrap_or_else(|| after.find(FNC1).unwrap_or(after.len()));
        let (value, next) =
            after.split_at_checked(length).ok_or_else(|| Gs1Error::BadData(id.to_owned()))?;
        take(&mut pairs, ai, id, value)?;
        rest = next.strip_prefix(FNC1).unwrap_or(next);
    }
    finish(pairs)
}

/// Reads people's writing, as in `(01)09506000134352(10)ABC`.
///
/// # Errors
/// See [`Gs1Error`].
pub fn parse_bracketed(text: &str) -> Result<Elements, Gs1Error> {
    let mut pairs = Vec::new();
    for part in text.split('(').skip(1) {
        let unknown = || Gs1Error::UnknownAi(part.chars().take(8).collect());
        let (id, value) = part.split_once(')').ok_or_else(unknown)?;
        let (ai, known, after) = identify(id)?;
        if !after.is_empty() {
            return Err(unknown());
        }
        take(&mut pairs, ai, known, value)?;
    }
    finish(pairs)
}

fn identify(rest: &str) -> Result<(&'static Ai, &str, &str), Gs1Error> {
    let unknown = || Gs1Error::UnknownAi(rest.chars().take(4).collect());
    let ai = TABLE.iter().find(|ai| rest.starts_with(ai.prefix)).ok_or_else(unknown)?;
    let (id, after) = rest.split_at_checked(ai.digits).ok_or_else(unknown)?;
    if !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(unknown());
    }
    Ok((ai, id, after))
}

fn take(pairs: &mut Vec<(String, String)>, ai: &Ai, id: &str, value: &str) -> Result<(), Gs1Error> {
    ai.data.check(id, value)?;
    match pairs.iter().find(|(known, _)| known == id) {
        Some((_, before)) if before != value => Err(Gs1Error::Contradiction(id.to_owned())),
        Some(_) => Ok(()),
        None => {
            pairs.push((id.to_owned(), value.to_owned()));
            Ok(())
        }
    }
}

fn finish(pairs: Vec<(String, String)>) -> Result<Elements, Gs1Error> {
    if pairs.is_empty() { Err(Gs1Error::Empty) } else { Ok(Elements(pairs)) }
}

impl Data {
    /// The length in the barcode, where it is fixed (no FNC1 follows: figure 7.8.5-2; a
    /// separator there is accepted).
    const fn fixed(self) -> Option<usize> {
        match self {
            Self::Gtin => Some(14),
            Self::Sscc => Some(18),
            Self::Date => Some(6),
            Self::Digits(length) => Some(length),
            Self::Text(_) | Self::Number(_) => None,
        }
    }

    fn check(self, id: &str, value: &str) -> Result<(), Gs1Error> {
        let digits = value.bytes().all(|byte| byte.is_ascii_digit());
        let good = match self {
            Self::Text(most) => (1..=most).contains(&value.len()) && value.bytes().all(in_set_82),
            Self::Number(most) => (1..=most).contains(&value.len()) && digits,
            _ => Some(value.len()) == self.fixed() && digits,
        };
        if !good {
            return Err(Gs1Error::BadData(id.to_owned()));
        }
        match self {
            Self::Gtin | Self::Sscc if !checks(value) => Err(Gs1Error::CheckDigit(id.to_owned())),
            Self::Date if !is_date(value) => Err(Gs1Error::BadDate(id.to_owned())),
            _ => Ok(()),
        }
    }
}

fn checks(digits: &str) -> bool {
    let number: u64 = digits.parse().unwrap_or(1);
    super::gtin::check_digit(number / 10) == number % 10
}

/// YYMMDD with a month of the year and a day of the longest month; 00 is the month's last day.
fn is_date(value: &str) -> bool {
    let part = |range| value.get(range).and_then(|text: &str| text.parse::<u8>().ok());
    matches!((part(2..4), part(4..6)), (Some(1..=12), Some(0..=31)))
}

/// GS1 AI encodable character set 82 (section 7.11, figure 7.11-1).
fn in_set_82(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!\"%&'()*+,-./_:;<=>?".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_variable_length_end_at_the_separator() {
        let read = parse("10ABC\u{1d}0109506000134352").unwrap();
        assert_eq!((read.get("10"), read.get("01")), (Some("ABC"), Some("09506000134352")));
        assert_eq!(
            parse_bracketed("(01)09506000134352(10)A(B").err().map(|e| e.to_string()),
            Some("the application identifier at \"B\" is not known".into())
        );
    }

    #[test]
    fn broken_strings_name_what_is_broken() {
        let cases = [
            ("0109506000134353", Gs1Error::CheckDigit("01".into())),
            ("010950600013435", Gs1Error::BadData("01".into())),
            ("17271331", Gs1Error::BadDate("17".into())),
            ("10", Gs1Error::BadData("10".into())),
            ("9x", Gs1Error::UnknownAi("9x".into())),
            ("10A\u{1d}10B", Gs1Error::Contradiction("10".into())),
            ("", Gs1Error::Empty),
        ];
        for (text, error) in cases {
            assert_eq!(parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn weights_are_whole_grams() {
        let grams = |text| parse_bracketed(text).unwrap().weight_grams();
        assert_eq!(grams("(3102)000125"), Some(1250));
        assert_eq!(grams("(3103)001250"), Some(1250));
        assert_eq!(grams("(3106)001250"), None);
        assert_eq!(grams("(3100)000002"), Some(2000));
    }
}

//! What the data of an application identifier may be: character sets and content rules, by the
//! names of the dictionary's linters.
//!
//! Two rules are checked by shape only: a GS1 Company Prefix is four digits to begin with (the
//! register of prefixes is not carried), and a package type is one to three characters of
//! UN/ECE Recommendation 21's alphabet (its list of codes is not carried).

use super::iso;
use crate::codes::coupon;

/// A character set (GS1 General Specifications, section 7.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    Digits,
    Set82,
    Set39,
    /// File-safe base64 (RFC 4648, section 5), perhaps padded.
    Base64Url,
}

/// What a broken rule is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    CheckDigit,
    Date,
    Value,
}

/// A content rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lint {
    CheckDigit,
    CheckPair,
    CompanyPrefix { at: usize },
    Date { year_digits: usize, day_needed: bool },
    Clock { parts: &'static [u8] },
    Country,
    CountryOr999,
    CountryLetters,
    Currency,
    Sex,
    Iban,
    PercentEncoded,
    Nonzero,
    Zero,
    NoZeroPrefix,
    YesNo,
    Winding,
    HasNonDigit,
    Hyphen,
    ImporterIndex,
    Latitude,
    Longitude,
    MediaType,
    PackageType,
    PieceOfTotal,
    PositionInSequence,
    Coupon,
    PositiveOffer,
}

impl Set {
    pub(super) fn from_letter(letter: &str) -> Option<Self> {
        Some(match letter {
            "N" => Self::Digits,
            "X" => Self::Set82,
            "Y" => Self::Set39,
            "Z" => Self::Base64Url,
            _ => return None,
        })
    }

    pub(super) fn holds(self, value: &[u8]) -> bool {
        match self {
            Self::Digits => digits(value),
            Self::Set82 => value.iter().all(|byte| in_set_82(*byte)),
            Self::Set39 => value.iter().all(|byte| {
                byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"#-/".contains(byte)
            }),
            Self::Base64Url => {
                let padding = value.iter().rev().take_while(|byte| **byte == b'=').count();
                let body = &value[..value.len() - padding];
                let known = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
                padding <= 2
                    && body.iter().all(known)
                    && (padding == 0 || value.len().is_multiple_of(4))
            }
        }
    }
}

/// GS1 AI encodable character set 82 (section 7.11, figure 7.11-1).
pub(in crate::codes) fn in_set_82(byte: u8) -> bool {
    static SET: [bool; 256] = {
        let mut set = [false; 256];
        let members = b"!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_\
            abcdefghijklmnopqrstuvwxyz";
        let mut at = 0;
        while at < members.len() {
            set[members[at] as usize] = true;
            at += 1;
        }
        set
    };
    SET[usize::from(byte)]
}

impl Lint {
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "csum" => Self::CheckDigit,
            "csumalpha" => Self::CheckPair,
            "gcppos1" => Self::CompanyPrefix { at: 0 },
            "gcppos2" => Self::CompanyPrefix { at: 1 },
            "yymmdd" => Self::Date { year_digits: 2, day_needed: true },
            "yymmd0" => Self::Date { year_digits: 2, day_needed: false },
            "yyyymmdd" => Self::Date { year_digits: 4, day_needed: true },
            "hh" => Self::Clock { parts: &[24] },
            "hhmi" => Self::Clock { parts: &[24, 60] },
            "mi" | "ss" => Self::Clock { parts: &[60] },
            "iso3166" => Self::Country,
            "iso3166999" => Self::CountryOr999,
            "iso3166alpha2" => Self::CountryLetters,
            "iso4217" => Self::Currency,
            "iso5218" => Self::Sex,
            "iban" => Self::Iban,
            "pcenc" => Self::PercentEncoded,
            "nonzero" => Self::Nonzero,
            "zero" => Self::Zero,
            "nozeroprefix" => Self::NoZeroPrefix,
            "yesno" => Self::YesNo,
            "winding" => Self::Winding,
            "hasnondigit" => Self::HasNonDigit,
            "hyphen" => Self::Hyphen,
            "importeridx" => Self::ImporterIndex,
            "latitude" => Self::Latitude,
            "longitude" => Self::Longitude,
            "mediatype" => Self::MediaType,
            "packagetype" => Self::PackageType,
            "pieceoftotal" => Self::PieceOfTotal,
            "posinseqslash" => Self::PositionInSequence,
            "couponcode" => Self::Coupon,
            "couponposoffer" => Self::PositiveOffer,
            _ => return None,
        })
    }

    pub(super) fn check(self, value: &[u8]) -> Result<(), Fault> {
        if self.holds(value) {
            return Ok(());
        }
        Err(match self {
            Self::CheckDigit | Self::CheckPair | Self::Iban => Fault::CheckDigit,
            Self::Date { .. } | Self::Clock { .. } => Fault::Date,
            _ => Fault::Value,
        })
    }

    fn holds(self, value: &[u8]) -> bool {
        match self {
            Self::CheckDigit => checks(value),
            Self::CheckPair => check_pair(value),
            Self::CompanyPrefix { at } => value.get(at..at + 4).is_some_and(digits),
            Self::Date { year_digits, day_needed } => is_date(value, year_digits, day_needed),
            Self::Clock { parts } => is_clock(value, parts),
            Self::Country => iso::is_country(value),
            Self::CountryOr999 => value == b"999" || iso::is_country(value),
            Self::CountryLetters => iso::is_country_alpha2(value),
            Self::Currency => iso::is_currency(value),
            Self::Sex => matches!(value, [b'0' | b'1' | b'2' | b'9']),
            Self::Iban => is_iban(value),
            Self::PercentEncoded => percent_encoded(value),
            Self::Nonzero => value.iter().any(|byte| *byte != b'0'),
            Self::Zero => value.iter().all(|byte| *byte == b'0'),
            Self::NoZeroPrefix => value.first() != Some(&b'0'),
            Self::YesNo => matches!(value, [b'0' | b'1']),
            Self::Winding => matches!(value, [b'0' | b'1' | b'9']),
            Self::HasNonDigit => !digits(value),
            Self::Hyphen => value.iter().all(|byte| *byte == b'-'),
            Self::ImporterIndex => {
                matches!(value, [byte] if byte.is_ascii_alphanumeric() || b"-_".contains(byte))
            }
            Self::Latitude => number(value).is_some_and(|number| number <= 1_800_000_000),
            Self::Longitude => number(value).is_some_and(|number| number <= 3_600_000_000),
            Self::MediaType => number(value).is_some_and(|n| matches!(n, 1..=10 | 80..=99)),
            Self::PackageType => {
                let known = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
                (1..=3).contains(&value.len()) && value.iter().all(known)
            }
            Self::PieceOfTotal => piece_of_total(value),
            Self::PositionInSequence => position_in_sequence(value),
            Self::Coupon => text(value).and_then(coupon::Offer::read).is_some(),
            Self::PositiveOffer => text(value).and_then(coupon::PositiveOffer::read).is_some(),
        }
    }
}

fn text(value: &[u8]) -> Option<&str> {
    std::str::from_utf8(value).ok()
}

pub(in crate::codes) fn digits(value: &[u8]) -> bool {
    value.iter().all(u8::is_ascii_digit)
}

/// A day YYMMDD that the calendar has.
pub(in crate::codes) fn is_day(value: &[u8]) -> bool {
    is_date(value, 2, true)
}

/// Digits that fit, as a number.
fn number(value: &[u8]) -> Option<u64> {
    (digits(value) && (1..=18).contains(&value.len()))
        .then(|| value.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}

/// Weights 3 and 1 from the right (section 7.9.1).
fn checks(value: &[u8]) -> bool {
    let digit = |byte: &u8| u32::from(byte.wrapping_sub(b'0'));
    let (once, thrice) = value.rchunks(2).fold((0, 0), |(once, thrice), pair| match pair {
        [tens, ones] => (once + digit(ones), thrice + digit(tens)),
        ones => (once + ones.iter().map(digit).sum::<u32>(), thrice),
    });
    digits(value) && (once + 3 * thrice).is_multiple_of(10)
}

/// The pair of check characters of a Global Model Number (section 7.9.5).
fn check_pair(value: &[u8]) -> bool {
    const PRIMES: [u32; 23] =
        [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83];
    const SET_32: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let Some((body, pair)) = value.len().checked_sub(2).and_then(|at| value.split_at_checked(at))
    else {
        return false;
    };
    if body.len() > PRIMES.len() {
        return false;
    }
    let rank = |byte: &u8| (0..*byte).filter(|before| in_set_82(*before)).count();
    let ranks = body.iter().rev().map(|byte| u32::try_from(rank(byte)).unwrap_or(0));
    let sum = ranks.zip(PRIMES).map(|(rank, prime)| rank * prime).sum::<u32>() % 1_021;
    let expected = [sum >> 5, sum & 31].map(|place| SET_32[place as usize]);
    pair == expected
}

/// A day that the calendar has; day 00, where it may be, is the month's last.
fn is_date(value: &[u8], year_digits: usize, day_needed: bool) -> bool {
    let part = |range| value.get(range).and_then(number);
    let (Some(year), Some(month), Some(day)) = (
        part(0..year_digits),
        part(year_digits..year_digits + 2),
        part(year_digits + 2..year_digits + 4),
    ) else {
        return false;
    };
    // Two digits mean 1950 to 2049 or so (section 7.12): each fourth of them is a leap year.
    let leap = year % 4 == 0 && (year_digits == 2 || year % 100 != 0 || year % 400 == 0);
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u64::from(leap),
        _ => return false,
    };
    (u64::from(day_needed)..=last).contains(&day)
}

fn is_clock(value: &[u8], parts: &[u8]) -> bool {
    let below = |(two, end): (&[u8], &u8)| number(two).is_some_and(|n| n < u64::from(*end));
    value.len() == parts.len() * 2 && value.chunks(2).zip(parts).all(below)
}

/// ISO 13616: country, two check digits, and the remainder 1 modulo 97.
fn is_iban(value: &[u8]) -> bool {
    let Some((head, tail)) = value.split_at_checked(4) else { return false };
    let remainder = tail.iter().chain(head).try_fold(0_u32, |rest, byte| match byte {
        b'0'..=b'9' => Some((rest * 10 + u32::from(byte - b'0')) % 97),
        b'A'..=b'Z' => Some((rest * 100 + u32::from(byte - b'A') + 10) % 97),
        _ => None,
    });
    (11..=34).contains(&value.len()) && iso::is_country_alpha2(&head[..2]) && remainder == Some(1)
}

fn percent_encoded(value: &[u8]) -> bool {
    let mut parts = value.split(|byte| *byte == b'%');
    parts.next();
    parts.all(|part| part.get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit)))
}

fn piece_of_total(value: &[u8]) -> bool {
    let (piece, total) = value.split_at(value.len() / 2);
    let counted = |half: &[u8]| half.iter().any(|byte| *byte != b'0');
    piece.len() == total.len() && counted(piece) && counted(total) && piece <= total
}

/// As in `1/3`.
fn position_in_sequence(value: &[u8]) -> bool {
    let Some((position, end)) = text(value).and_then(|text| text.split_once('/')) else {
        return false;
    };
    let counted = |part: &str| {
        if part.starts_with('0') { None } else { number(part.as_bytes()) }
    };
    matches!((counted(position), counted(end)), (Some(position), Some(end)) if position <= end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_hold_and_break_where_the_reference_says() {
        let cases: &[(&str, &[&str], &[&str])] = &[
            ("csum", &["9506000134352", "09506000134352"], &["09506000134353"]),
            (
                "csumalpha",
                &["1987654Ad4X4bL5ttr2310c2K", "22"],
                &["1987654Ad4X4bL5ttr2310c2L", "2"],
            ),
            ("yymmdd", &["240229", "991231"], &["230229", "240200", "241301", "240431"]),
            ("yymmd0", &["240200", "240229"], &["240001", "240230"]),
            ("yyyymmdd", &["20000229"], &["19000229", "20000200"]),
            ("hhmi", &["2359", "0000"], &["2400", "2360", "12"]),
            ("iso3166999", &["999", "276"], &["998"]),
            ("iban", &["GB82WEST12345698765432"], &["GB82WEST12345698765433", "XX82WEST123456987"]),
            ("pcenc", &["A%20B", "", "%2f"], &["A%2", "%G0"]),
            ("winding", &["0", "1", "9"], &["2"]),
            ("zero", &["0"], &["1"]),
            ("nonzero", &["0010"], &["0000"]),
            ("hasnondigit", &["1A"], &["12"]),
            ("latitude", &["1800000000"], &["1800000001"]),
            ("longitude", &["3600000000"], &["3600000001"]),
            ("mediatype", &["01", "10", "80"], &["00", "11", "79"]),
            ("pieceoftotal", &["0102", "0202"], &["0302", "0001", "0100"]),
            ("posinseqslash", &["1/3", "3/3"], &["4/3", "0/3", "1/", "/1", "1-3"]),
            ("importeridx", &["A", "_", "-"], &["/", "AB"]),
            ("iso5218", &["0", "9"], &["3"]),
            ("packagetype", &["PX", "8", "APE"], &["", "px", "PXXX"]),
        ];
        for (name, good, bad) in cases {
            let lint = Lint::from_name(name).unwrap();
            for value in *good {
                assert_eq!(lint.check(value.as_bytes()), Ok(()), "{name} {value}");
            }
            for value in *bad {
                assert!(lint.check(value.as_bytes()).is_err(), "{name} {value}");
            }
        }
    }

    #[test]
    fn sets_are_those_of_the_standard() {
        assert_eq!((0..=255).filter(|byte| in_set_82(*byte)).count(), 82);
        assert!(Set::Set39.holds(b"A-9/#") && !Set::Set39.holds(b"a"));
        assert!(Set::Base64Url.holds(b"ab-_") && Set::Base64Url.holds(b"ab=="));
        assert!(!Set::Base64Url.holds(b"a=b") && !Set::Base64Url.holds(b"a+b"));
    }
}

//! Restricted circulation numbers (GS1 General Specifications, section 2.1.11): what a scale or
//! a back room prints for its own country or company, often with the price or the weight inside.
//!
//! The number says nothing about its own layout: the GS1 organisation of a country does. The
//! rules are therefore off unless a country is chosen, and then such a number is an opaque one.
//! The table is that of the library biip 5.2, which names the documents below; for SE and GB the
//! document's own words were read too. US is common practice, without a document: no oracle
//! checks it. Try a shop's own labels with `outpost codes decode --restricted` before it sells.
//!
//! | country | source |
//! |---|---|
//! | DE | GS1 Germany, "Globale Artikelnummer (GTIN) in der Anwendung" |
//! | DK | GS1 Denmark, "GTIN-13 pris" and "GTIN-13 vægt" |
//! | EE, LV, LT | GS1 Latvia, "Variable measure in Latvia" (one scheme for the three) |
//! | FI | GS1 Finland, "How to identify a product with a GTIN" |
//! | GB | GS1 UK, "How to barcode variable measure items" |
//! | SE | GS1 Sweden, "How do I create my variable weight numbers?" |
//! | US | none: UPC of number system 2, item of five digits, price verifier, price of four |

use super::gtin::Gtin;
use std::str::FromStr;

/// What a number's value is, and its decimal places (of the currency, of a kilogram).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    Price(u32),
    Weight(u32),
    Count,
}

/// Prefix of two digits, item reference, perhaps a check digit of the value, value, and the
/// number's own check digit: thirteen digits together.
#[derive(Clone, Copy, Debug)]
struct Rule {
    prefix: u64,
    item_digits: usize,
    checked: bool,
    value_digits: usize,
    measure: Measure,
}

const fn rule(prefix: u64, item_digits: usize, checked: bool, measure: Measure) -> Rule {
    let value_digits = 10 - item_digits - checked as usize;
    Rule { prefix, item_digits, checked, value_digits, measure }
}

const GERMANY: &[Rule] = &[
    rule(22, 4, true, Measure::Price(2)),
    rule(23, 4, true, Measure::Price(2)),
    rule(25, 4, true, Measure::Count),
    rule(26, 4, true, Measure::Count),
    rule(28, 4, true, Measure::Weight(3)),
    rule(29, 4, true, Measure::Weight(3)),
];
const DENMARK: &[Rule] = &[
    rule(21, 4, false, Measure::Price(2)),
    rule(22, 4, false, Measure::Price(2)),
    rule(23, 4, false, Measure::Price(2)),
    rule(24, 4, false, Measure::Price(2)),
    rule(26, 4, false, Measure::Weight(3)),
    rule(27, 5, false, Measure::Weight(3)),
    rule(28, 4, false, Measure::Weight(3)),
];
const BALTIC_AND_FINLAND: &[Rule] = &[
    rule(23, 6, false, Measure::Weight(3)),
    rule(24, 6, false, Measure::Weight(2)),
    rule(25, 6, false, Measure::Weight(1)),
];
const GREAT_BRITAIN: &[Rule] = &[rule(20, 5, true, Measure::Price(2))];
const SWEDEN: &[Rule] = &[
    rule(20, 6, false, Measure::Price(2)),
    rule(21, 6, false, Measure::Price(1)),
    rule(22, 6, false, Measure::Price(0)),
    rule(23, 6, false, Measure::Weight(3)),
    rule(24, 6, false, Measure::Weight(2)),
    rule(25, 6, false, Measure::Weight(1)),
];
const UNITED_STATES: &[Rule] = &[rule(2, 5, true, Measure::Price(2))];

const COUNTRIES: [(&str, &[Rule]); 9] = [
    ("DE", GERMANY),
    ("DK", DENMARK),
    ("EE", BALTIC_AND_FINLAND),
    ("FI", BALTIC_AND_FINLAND),
    ("GB", GREAT_BRITAIN),
    ("LT", BALTIC_AND_FINLAND),
    ("LV", BALTIC_AND_FINLAND),
    ("SE", SWEDEN),
    ("US", UNITED_STATES),
];

/// How a country's restricted circulation numbers are laid out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules(&'static [Rule]);

/// A country whose rules are not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no rules are known for {0:?}; they are for DE, DK, EE, FI, GB, LT, LV, SE and US")]
pub struct UnknownCountry(String);

impl FromStr for Rules {
    type Err = UnknownCountry;

    fn from_str(text: &str) -> Result<Self, UnknownCountry> {
        Self::of_country(text).ok_or_else(|| UnknownCountry(text.to_owned()))
    }
}

/// What such a number holds besides its item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inside {
    /// The price, in hundredths of the country's currency.
    PriceMinor(i64),
    /// The weight, in grams.
    Grams(i64),
    /// The number of pieces.
    Pieces(i64),
}

/// A number's parts, by its country's rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    item: u64,
    item_digits: usize,
    /// What it holds.
    pub inside: Inside,
    /// The same number with zeros for the value: one for all packs of the item.
    pub item_gtin: Gtin,
}

/// A restricted circulation number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restricted {
    /// The number as it stands.
    pub gtin: Gtin,
    /// Its parts, where a rule says them.
    pub layout: Option<Layout>,
}

/// The check digit of a price or weight does not check: misread, or another country's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongValueCheck;

impl Rules {
    /// None: each number is opaque.
    pub const OFF: Self = Self(&[]);

    /// A country's (ISO 3166-1 alpha-2, in any case), if it is in the table.
    #[must_use]
    pub fn of_country(code: &str) -> Option<Self> {
        let known = COUNTRIES.iter().find(|(known, _)| known.eq_ignore_ascii_case(code));
        known.map(|(_, rules)| Self(rules))
    }

    /// The countries in the table.
    pub fn countries() -> impl Iterator<Item = &'static str> {
        COUNTRIES.iter().map(|(code, _)| *code)
    }
}

impl Layout {
    /// The item reference, with its leading zeros.
    #[must_use]
    pub fn item_reference(&self) -> String {
        format!("{:0width$}", self.item, width = self.item_digits)
    }
}

impl Restricted {
    /// Reads a number of `length` digits as one of restricted circulation; `None` if it is not
    /// one: GS1 Prefixes 02, 04 and 20 to 29, and for eight digits 0 and 2.
    ///
    /// # Errors
    /// [`WrongValueCheck`], where the rule has such a digit.
    pub fn read(gtin: Gtin, length: usize, rules: Rules) -> Result<Option<Self>, WrongValueCheck> {
        let number = gtin.number();
        let prefix = number / 10_u64.pow(11);
        let restricted = match length {
            8 => matches!(number / 10_u64.pow(7), 0 | 2),
            _ => matches!(prefix, 2 | 4 | 20..=29),
        };
        if !restricted {
            return Ok(None);
        }
        let rule = rules.0.iter().find(|rule| length > 8 && rule.prefix == prefix);
        let layout = rule.map(|rule| rule.apply(gtin)).transpose()?;
        Ok(Some(Self { gtin, layout }))
    }
}

impl Rule {
    fn apply(self, gtin: Gtin) -> Result<Layout, WrongValueCheck> {
        let span = |digits: usize| 10_u64.pow(u32::try_from(digits).unwrap_or(0));
        let body = gtin.number() / 10;
        let value = body % span(self.value_digits);
        let above = body / span(self.value_digits);
        if self.checked && above % 10 != value_check_digit(value, self.value_digits) {
            return Err(WrongValueCheck);
        }
        let item = above / if self.checked { 10 } else { 1 } % span(self.item_digits);
        // A value of zero has zero for its check digit, so that zeros stand for both.
        let valued = span(self.value_digits) * if self.checked { 10 } else { 1 };
        let zeroed = Gtin::from_body(body / valued * valued).ok_or(WrongValueCheck)?;
        let value = i64::try_from(value).map_err(|_| WrongValueCheck)?;
        let inside = match self.measure {
            Measure::Price(decimals) => Inside::PriceMinor(value * 10_i64.pow(2 - decimals)),
            Measure::Weight(decimals) => Inside::Grams(value * 10_i64.pow(3 - decimals)),
            Measure::Count => Inside::Pieces(value),
        };
        Ok(Layout { item, item_digits: self.item_digits, inside, item_gtin: zeroed })
    }
}

/// The check digit of a price or weight field of four or five digits (section 7.9.2 to 7.9.4).
fn value_check_digit(value: u64, digits: usize) -> u64 {
    const TWO_MINUS: [u64; 10] = [0, 2, 4, 6, 8, 9, 1, 3, 5, 7];
    const THREE: [u64; 10] = [0, 3, 6, 9, 2, 5, 8, 1, 4, 7];
    const FIVE_PLUS: [u64; 10] = [0, 5, 1, 6, 2, 7, 3, 8, 4, 9];
    const FIVE_MINUS: [u64; 10] = [0, 5, 9, 4, 8, 3, 7, 2, 6, 1];
    const FOUR: [[u64; 10]; 4] = [FIVE_MINUS, THREE, TWO_MINUS, TWO_MINUS];
    const FIVE: [[u64; 10]; 5] = [TWO_MINUS, FIVE_PLUS, FIVE_MINUS, TWO_MINUS, FIVE_PLUS];
    // The weights stand from the right.
    let weighed = |weights: &[[u64; 10]]| -> u64 {
        let digit = |(place, weight): (u32, &[u64; 10])| {
            let digit = value / 10_u64.pow(place) % 10;
            usize::try_from(digit).ok().and_then(|digit| weight.get(digit)).copied().unwrap_or(0)
        };
        (0..).zip(weights).map(digit).sum()
    };
    if digits == 4 {
        return weighed(&FOUR) * 3 % 10;
    }
    let rest = (10 - weighed(&FIVE) % 10) % 10;
    (0..).zip(FIVE_MINUS).find(|(_, weight)| *weight == rest).map_or(0, |(digit, _)| digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, country: &str) -> Result<Option<Restricted>, WrongValueCheck> {
        let body: u64 = text.parse().unwrap();
        Restricted::read(Gtin::from_body(body).unwrap(), 13, Rules::of_country(country).unwrap())
    }

    /// Section 7.9.3 and 7.9.4 work these out by hand.
    #[test]
    fn published_check_digits_of_values() {
        assert_eq!(value_check_digit(2875, 4), 9);
        assert_eq!(value_check_digit(14_685, 5), 6);
        assert_eq!((value_check_digit(0, 4), value_check_digit(0, 5)), (0, 0));
    }

    #[test]
    fn each_country_reads_its_own() {
        let inside = |text: &str, country: &str| {
            let layout = read(text, country).unwrap().unwrap().layout.unwrap();
            (layout.item_reference(), layout.inside, layout.item_gtin.to_string())
        };
        let expected = |item: &str, inside, gtin: &str| (item.into(), inside, gtin.into());
        assert_eq!(
            inside("289145614685", "DE").1,
            Inside::Grams(14_685),
            "weight with its check digit"
        );
        assert_eq!(
            inside("235990000521", "fi"),
            expected("599000", Inside::Grams(521), "02359900000008")
        );
        assert_eq!(inside("210012349995", "SE").1, Inside::PriceMinor(99_950));
        assert_eq!(inside("200012392875", "GB").1, Inside::PriceMinor(2_875));
        assert_eq!(inside("021234592875", "US").0, "12345");
        assert_eq!(inside("271234501250", "DK").1, Inside::Grams(1_250));
        assert_eq!(read("289145714685", "DE"), Err(WrongValueCheck));
    }

    #[test]
    fn without_a_rule_the_number_is_opaque() {
        let gtin = |text: &str| Gtin::parse(text).unwrap();
        let opaque = |gtin| Ok(Some(Restricted { gtin, layout: None }));
        let number = gtin("2012345678903");
        assert_eq!(Restricted::read(number, 13, Rules::OFF), opaque(number));
        assert_eq!(Restricted::read(number, 13, Rules::of_country("DE").unwrap()), opaque(number));
        let short = gtin("20000004");
        assert_eq!(Restricted::read(short, 8, Rules::OFF), opaque(short));
        assert_eq!(Restricted::read(gtin("4006381333931"), 13, Rules::OFF), Ok(None));
        assert_eq!(Restricted::read(gtin("96385074"), 8, Rules::OFF), Ok(None));
        assert!(Rules::of_country("XX").is_none());
        let listed: Vec<&str> = Rules::countries().collect();
        let said = "XX".parse::<Rules>().unwrap_err().to_string();
        assert!(listed.iter().all(|country| said.contains(country)), "{said}");
    }
}

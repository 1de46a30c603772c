//! Coupons: numbers of the prefixes that GS1 set aside for them, and the coupon codes that GS1
//! US lays into (8110) and (8112).
//!
//! What a coupon is worth, and whether it was spent, its issuer decides: this reads, no more.

use super::gs1::{Elements, digits};
use super::gtin::Gtin;

/// A coupon, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coupon {
    /// A number of the prefixes 05, 99 and 981 to 983 (GS1 General Specifications, figure 1.4.2).
    Number(Gtin),
    /// Element strings with (255), (8110) or (8112).
    Elements(Elements),
}

/// Whether a number of thirteen digits is a coupon's.
#[must_use]
pub fn is_coupon(gtin: Gtin) -> bool {
    let prefix = gtin.number() / 10_u64.pow(10);
    matches!(prefix, 50..=59 | 981..=983 | 990..=999)
}

/// Whether element strings are a coupon's.
#[must_use]
pub fn holds_coupon(elements: &Elements) -> bool {
    elements.pairs().any(|(ai, _)| matches!(ai, "255" | "8110" | "8112"))
}

/// What has to be bought. What its codes mean is in GS1 US's North American Coupon Application
/// Guideline; here they are read and bounded, not judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purchase<'a> {
    /// How much, in what [`Self::code`] says.
    pub requirement: u32,
    /// The purchase requirement code: 0 to 4, or 9.
    pub code: u8,
    /// The family of items, three digits.
    pub family: &'a str,
    /// The company's GS1 Company Prefix; `None` for the first purchase's own.
    pub company: Option<&'a str>,
}

/// A coupon of (8110).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer<'a> {
    /// The issuer's GS1 Company Prefix.
    pub company: &'a str,
    /// Six digits, the issuer's own.
    pub offer: &'a str,
    /// In what [`Self::save_code`] says.
    pub save_value: u32,
    /// 0 cents off, 1 free item, 2 number of free items, 5 percent off, 6 cents off the whole.
    pub save_code: u8,
    /// What has to be bought: one to three.
    pub purchases: Vec<Purchase<'a>>,
    /// The additional purchase rules code, 0 to 3: how the purchases go together.
    pub rules: Option<u8>,
    /// The last day, YYMMDD.
    pub expires: Option<&'a str>,
    /// The first day, YYMMDD.
    pub starts: Option<&'a str>,
    /// The coupon's own serial number.
    pub serial: Option<&'a str>,
    /// The one retailer that takes it: a GS1 Company Prefix or GLN.
    pub retailer: Option<&'a str>,
    /// Whether a store may double it.
    pub may_multiply: bool,
}

/// A coupon of (8112), known to an offer file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PositiveOffer<'a> {
    /// 0 a manufacturer's, 1 a retailer's.
    pub format: u8,
    /// Who pays for it.
    pub funder: &'a str,
    /// Six digits.
    pub offer: &'a str,
    /// The coupon's own serial number.
    pub serial: &'a str,
}

/// Takes pieces from the front; each step is `None` where the digits end too early.
struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    fn new(text: &'a str) -> Option<Self> {
        digits(text.as_bytes()).then_some(Self(text))
    }

    fn take(&mut self, length: usize) -> Option<&'a str> {
        let (piece, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(piece)
    }

    fn digit(&mut self) -> Option<u8> {
        self.take(1)?.parse().ok()
    }

    /// A length indicator within bounds, and as many digits more than `base`.
    fn sized(&mut self, base: u8, bounds: std::ops::RangeInclusive<u8>) -> Option<&'a str> {
        let indicator = self.digit().filter(|digit| bounds.contains(digit))?;
        self.take(usize::from(base + indicator))
    }

    /// Whether the optional field of this number follows.
    fn begins(&mut self, field: char) -> bool {
        self.0.strip_prefix(field).map(|rest| self.0 = rest).is_some()
    }

    fn day(&mut self) -> Option<&'a str> {
        self.take(6).filter(|day| super::gs1::is_day(day.as_bytes()))
    }

    fn purchase(&mut self) -> Option<Purchase<'a>> {
        let requirement = self.sized(0, 1..=5)?.parse().ok()?;
        let code = self.digit().filter(|code| matches!(code, 0..=4 | 9))?;
        Some(Purchase { requirement, code, family: self.take(3)?, company: None })
    }

    /// A second or third purchase, whose company is another's or (9) the first one's.
    fn further_purchase(&mut self) -> Option<Purchase<'a>> {
        let purchase = self.purchase()?;
        let company = if self.begins('9') { None } else { Some(self.sized(6, 0..=6)?) };
        Some(Purchase { company, ..purchase })
    }
}

impl<'a> Offer<'a> {
    /// Reads the data of (8110); `None` if it breaks its own rules.
    #[must_use]
    pub fn read(data: &'a str) -> Option<Self> {
        let mut rest = Cursor::new(data)?;
        let mut offer = Self {
            company: rest.sized(6, 0..=6)?,
            offer: rest.take(6)?,
            save_value: rest.sized(0, 1..=5)?.parse().ok()?,
            save_code: 0,
            purchases: vec![rest.purchase()?],
            rules: None,
            expires: None,
            starts: None,
            serial: None,
            retailer: None,
            may_multiply: true,
        };
        if rest.begins('1') {
            offer.rules = Some(rest.digit().filter(|rules| *rules <= 3)?);
            offer.purchases.push(rest.further_purchase()?);
        }
        if rest.begins('2') {
            offer.purchases.push(rest.further_purchase()?);
        }
        if rest.begins('3') {
            offer.expires = Some(rest.day()?);
        }
        if rest.begins('4') {
            offer.starts = Some(rest.day()?);
        }
        if rest.begins('5') {
            offer.serial = Some(rest.sized(6, 0..=9)?);
        }
        if rest.begins('6') {
            offer.retailer = Some(rest.sized(6, 1..=7)?);
        }
        if rest.begins('9') {
            offer.read_flags(&mut rest)?;
        }
        let backwards =
            matches!((offer.starts, offer.expires), (Some(from), Some(to)) if from > to);
        (rest.0.is_empty() && !backwards).then_some(offer)
    }

    /// What saving means, which item it counts for, whether it is a store's, whether it doubles.
    fn read_flags(&mut self, rest: &mut Cursor<'a>) -> Option<()> {
        self.save_code = rest.digit().filter(|code| matches!(code, 0 | 1 | 2 | 5 | 6))?;
        rest.digit().filter(|item| *item <= 2)?;
        rest.digit()?;
        self.may_multiply = rest.digit().filter(|flag| *flag <= 1)? == 0;
        Some(())
    }
}

impl<'a> PositiveOffer<'a> {
    /// Reads the data of (8112); `None` if it breaks its own rules.
    #[must_use]
    pub fn read(data: &'a str) -> Option<Self> {
        let mut rest = Cursor::new(data)?;
        let read = Self {
            format: rest.digit().filter(|format| *format <= 1)?,
            funder: rest.sized(6, 0..=6)?,
            offer: rest.take(6)?,
            serial: rest.sized(6, 0..=9)?,
        };
        rest.0.is_empty().then_some(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_of_coupons_are_told_from_items() {
        for (text, coupon) in [
            ("9912345678904", true),
            ("9812345678909", true),
            ("0512345000107", true),
            ("4006381333931", false),
            ("9780306406157", false),
        ] {
            let gtin = Gtin::from_body(text[..12].parse().unwrap()).unwrap();
            assert_eq!(is_coupon(gtin), coupon, "{text}");
        }
    }

    #[test]
    fn north_american_offers_read_field_by_field() {
        let offer = Offer::read("106141416543213150110120").unwrap();
        assert_eq!((offer.company, offer.offer), ("0614141", "654321"));
        assert_eq!((offer.save_value, offer.purchases[0].family), (150, "120"));
        let long =
            "01234561234561111012310110123012345621101239324022942401015012345661012345699102";
        assert_eq!(Offer::read(long), None, "flags are 0 or 1");
        // Three purchases, two days, a serial number, a retailer, flags.
        let long = concat!(
            "0123456123456111101231011012301234562110123932402294240101",
            "50123456611234567",
            "91101"
        );
        let offer = Offer::read(long).unwrap();
        assert_eq!((offer.purchases.len(), offer.rules), (3, Some(0)));
        assert_eq!(offer.purchases[1].company, Some("123456"));
        assert_eq!((offer.starts, offer.expires), (Some("240101"), Some("240229")));
        assert_eq!((offer.serial, offer.retailer), (Some("123456"), Some("1234567")));
        assert_eq!((offer.save_code, offer.may_multiply), (1, false));
    }

    #[test]
    fn broken_offers_are_none() {
        for good in ["012345612345611110123", "0123456123456111101233200229"] {
            assert!(Offer::read(good).is_some(), "{good}");
            assert_eq!(Offer::read(&good[..good.len() - 1]), None);
            assert_eq!(Offer::read(&format!("{good}8")), None);
        }
        for bad in
            ["", "7", "01234561234560", "012345612345611115123", "0123456123456111101233200230"]
        {
            assert_eq!(Offer::read(bad), None, "{bad}");
        }
        assert!(
            Offer::read("01234561234561111012332401014240102").is_none(),
            "starts after its end"
        );
        assert!(PositiveOffer::read("001234561234560123456").is_some());
        for bad in ["201234561234560123456", "00123456123456012345", "0012345612345601234567"] {
            assert_eq!(PositiveOffer::read(bad), None, "{bad}");
        }
    }
}

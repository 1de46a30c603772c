//! What an item may say about itself besides its name and price.

use super::Sku;
use crate::money::Money;
use crate::order::OrderKind;
use crate::payment::Stored;
use crate::quantity::Quantity;
use crate::tax::{Levy, TaxRate};
use crate::time::{DayTime, StoreTime};
use std::collections::BTreeMap;

/// What a line of this item is to the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Nature {
    /// Goods or dishes: revenue, and a stock move.
    #[default]
    Goods,
    /// Made here of other goods: revenue, and a move out of production.
    Made,
    /// Work, delivery, a service charge: revenue, no stock.
    Service,
    /// Money on a card: a liability, no revenue, no tax, no stock (a multi-purpose voucher).
    GiftCard,
    /// A customer pays what the account owes: no revenue, no tax, no stock.
    AccountPayment,
}

/// A further code on the goods: another GTIN, or a pack of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Barcode {
    /// As it is scanned: a GTIN of 14 digits, or the shop's own code.
    pub code: String,
    /// How many units a scan of it is.
    pub quantity: Quantity,
}

/// One of several that differ in size, colour and the like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The item that they belong to.
    pub of: Sku,
    /// Attribute and value, as in `size` and `42`.
    pub attributes: BTreeMap<String, String>,
}

/// A price that holds under conditions. All that are said must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceRule {
    /// For one unit.
    pub price: Money,
    /// From this moment.
    pub from: Option<StoreTime>,
    /// Before this moment.
    pub until: Option<StoreTime>,
    /// For this price list: a store's, a channel's or a customer group's name.
    pub list: Option<String>,
    /// From this much on one line.
    pub min_quantity: Option<Quantity>,
}

/// When an item is on the menu: days of the week and minutes of the day, local time. A window
/// that ends before it begins runs over midnight, and belongs to the day on which it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Bit 0 is Monday.
    pub days: u8,
    /// Minute of the day, 0 to 1439.
    pub from: u16,
    /// The minute after the last; 1440 for midnight.
    pub until: u16,
}

/// Everything that most items do not say.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Details {
    /// What its lines are to the books.
    pub nature: Nature,
    /// Further codes and packs.
    pub barcodes: Vec<Barcode>,
    /// Which of several it is.
    pub variant: Option<Variant>,
    /// Its name by locale (BCP 47).
    pub names: BTreeMap<String, String>,
    /// Its description by locale; the key `""` is the shop's own language.
    pub descriptions: BTreeMap<String, String>,
    /// Where its picture lies: a path or address.
    pub image: Option<String>,
    /// Allergens (Regulation (EU) 1169/2011, annex II), as the shop writes them.
    pub allergens: Vec<String>,
    /// Words that promotions and screens group it by.
    pub tags: Vec<String>,
    /// Who buys it must be so old, in years.
    pub min_age: Option<u8>,
    /// The item that is sold with each unit as its deposit.
    pub deposit: Option<Sku>,
    /// Each piece has a serial number (SGTIN).
    pub serialised: bool,
    /// Its stock is kept by lot and expiry.
    pub lots: bool,
    /// The till asks for its price.
    pub open_price: bool,
    /// Taxes beyond the first.
    pub levies: Vec<Levy>,
    /// Other rates of the first tax by kind of order, as for food eaten elsewhere.
    pub kind_rates: Vec<(OrderKind, TaxRate)>,
    /// Prices under conditions.
    pub prices: Vec<PriceRule>,
    /// When it is on the menu; always where empty.
    pub menu: Vec<Window>,
    /// What one unit consumes.
    pub recipe: Vec<(Sku, Quantity)>,
}

/// Under which conditions a price is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceQuery<'a> {
    /// When.
    pub at: StoreTime,
    /// How much goes on the line.
    pub quantity: Quantity,
    /// The price lists that apply, the one that goes before others first.
    pub lists: &'a [String],
}

impl Nature {
    /// Every nature with its name on the wire.
    pub const NAMES: [(Self, &'static str); 5] = [
        (Self::Goods, "goods"),
        (Self::Made, "made"),
        (Self::Service, "service"),
        (Self::GiftCard, "gift_card"),
        (Self::AccountPayment, "account_payment"),
    ];

    /// Where the money of such a line goes that the shop keeps for a customer: it is no revenue.
    #[must_use]
    pub const fn loads(self) -> Option<Stored> {
        match self {
            Self::GiftCard => Some(Stored::GiftCard),
            Self::AccountPayment => Some(Stored::Account),
            Self::Goods | Self::Made | Self::Service => None,
        }
    }

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(nature, _)| *nature == self).map_or("goods", |(_, name)| name)
    }

    /// The nature of a wire name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(nature, _)| *nature)
    }
}

impl Window {
    /// Whether a moment of the week lies in it.
    #[must_use]
    pub fn holds(self, at: DayTime) -> bool {
        let on = |day: u8| self.days & (1 << (day % 7)) != 0;
        let (minute, today) = (at.minute, on(at.weekday));
        if self.from < self.until {
            return today && minute >= self.from && minute < self.until;
        }
        (today && minute >= self.from) || (on(at.weekday + 6) && minute < self.until)
    }
}

impl PriceRule {
    /// How far ahead its list goes, or None where a condition does not hold.
    fn rank(&self, query: &PriceQuery<'_>) -> Option<usize> {
        let late = self.from.is_none_or(|from| query.at >= from);
        let early = self.until.is_none_or(|until| query.at < until);
        let enough = self.min_quantity.is_none_or(|min| query.quantity >= min);
        if !(late && early && enough) {
            return None;
        }
        match &self.list {
            None => Some(query.lists.len()),
            Some(list) => query.lists.iter().position(|known| known == list),
        }
    }
}

impl Details {
    /// The price that holds, where a rule does: the foremost list's, then the one for more
    /// pieces, then the one that began last, then the lowest.
    #[must_use]
    pub fn price(&self, query: &PriceQuery<'_>) -> Option<Money> {
        let ranked = self.prices.iter().filter_map(|rule| Some((rule.rank(query)?, rule)));
        let best = ranked.min_by_key(|(rank, rule)| {
            let most = std::cmp::Reverse(rule.min_quantity);
            (*rank, most, std::cmp::Reverse(rule.from), rule.price.minor())
        });
        best.map(|(_, rule)| rule.price)
    }

    /// Whether it is on the menu at a moment of the week.
    #[must_use]
    pub fn on_menu(&self, at: DayTime) -> bool {
        self.menu.is_empty() || self.menu.iter().any(|window| window.holds(at))
    }

    /// The first tax for a kind of order, where it is another than usual.
    #[must_use]
    pub fn rate_for(&self, kind: OrderKind) -> Option<TaxRate> {
        self.kind_rates.iter().find(|(known, _)| *known == kind).map(|(_, rate)| *rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eur(minor: i64) -> Money {
        Money::new(minor, "EUR".parse().unwrap()).unwrap()
    }

    fn rule(minor: i64, list: Option<&str>, from: Option<i64>, min: Option<i64>) -> PriceRule {
        PriceRule {
            price: eur(minor),
            from: from.map(StoreTime::from_millis),
            until: from.map(|from| StoreTime::from_millis(from + 100)),
            list: list.map(str::to_owned),
            min_quantity: min.map(|n| Quantity::from_thousandths(n * 1000).unwrap()),
        }
    }

    #[test]
    fn the_foremost_list_holds_then_the_latest_beginning() {
        let prices = vec![
            rule(90, None, None, None),
            rule(80, None, Some(1_000), None),
            rule(70, Some("staff"), None, None),
            rule(60, None, None, Some(6)),
        ];
        let details = Details { prices, ..Details::default() };
        let price = |at, quantity: i64, lists: &[&str]| {
            let lists: Vec<String> = lists.iter().map(|&list| list.to_owned()).collect();
            let (at, quantity) =
                (StoreTime::from_millis(at), Quantity::from_thousandths(quantity * 1000).unwrap());
            details.price(&PriceQuery { at, quantity, lists: &lists }).unwrap().minor()
        };
        assert_eq!(price(0, 1, &[]), 90);
        assert_eq!(price(1_000, 1, &[]), 80, "it began");
        assert_eq!(price(1_100, 1, &[]), 90, "it ended");
        assert_eq!(price(0, 6, &[]), 60, "by the half dozen");
        assert_eq!(price(1_000, 6, &["staff"]), 70);
    }

    #[test]
    fn a_menu_may_run_over_midnight() {
        let late = Window { days: 0b001_0000, from: 22 * 60, until: 2 * 60 };
        let at = |weekday, hour: u16| DayTime { weekday, minute: hour * 60 };
        assert!(late.holds(at(4, 23)), "Friday night");
        assert!(late.holds(at(5, 1)), "and on into Saturday");
        assert!(!late.holds(at(4, 1)));
        assert!(!late.holds(at(5, 23)));
        let monday = Window { days: 0b100_0000, from: 1_380, until: 60 };
        assert!(monday.holds(at(0, 0)), "Sunday night runs into Monday");
    }
}

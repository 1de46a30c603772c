//! Promotions as data, evaluated by one pure function that explains each cent.
//!
//! **How they meet.** A piece of goods takes part in one promotion at most, unless a promotion
//! says that it stacks: those come after, on what is left to pay. Of promotions that compete for
//! the same pieces the customer gets the better: higher priority first, then every choice of
//! which goes first is tried among the strongest, and the cheapest basket wins. Of an exclusion
//! group only one counts.

mod effect;
mod round;

use crate::ids::LineId;
use crate::item::Window;
use crate::money::{Currency, Money, MoneyError};
use crate::order::{Off, OrderKind};
use crate::pricing::Award;
use crate::quantity::{Quantity, Unit};
use crate::time::{DayTime, StoreTime};
use round::{Round, pieces};
use std::collections::{BTreeSet, HashMap};

/// Which goods a promotion is about.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Selector {
    /// Every item.
    pub all: bool,
    /// These.
    pub skus: BTreeSet<String>,
    /// Items of these categories.
    pub categories: BTreeSet<String>,
    /// Items with one of these tags.
    pub tags: BTreeSet<String>,
    /// But never these.
    pub except: BTreeSet<String>,
}

/// What a promotion gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A share or an amount off each piece, or another price for it.
    Each {
        /// Of these.
        on: Selector,
        /// How much.
        off: Off,
    },
    /// Who buys so many gets so many others cheaper: the cheapest of them.
    BuyGet {
        /// Of these...
        buy: Selector,
        /// ...so many.
        buy_count: u16,
        /// Of these...
        get: Selector,
        /// ...so many.
        get_count: u16,
        /// How much cheaper, in thousandths of a per cent.
        percent: u32,
    },
    /// Of each so many, the cheapest are free: three for two.
    CheapestFree {
        /// Of these.
        on: Selector,
        /// Of each so many...
        of: u16,
        /// ...so many are free.
        free: u16,
    },
    /// Any so many of these for a price: mix and match.
    AnyFor {
        /// Of these.
        on: Selector,
        /// So many.
        count: u16,
        /// Together.
        price: Money,
    },
    /// A set for a price.
    Bundle {
        /// What belongs to it, and how many.
        parts: Vec<(Selector, u16)>,
        /// Together.
        price: Money,
    },
    /// Who spends so much gets something off.
    Threshold {
        /// On these.
        on: Selector,
        /// At least.
        minimum: Money,
        /// How much: a share or an amount.
        off: Off,
    },
}

/// When and for whom a promotion holds. All that is said must hold.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Conditions {
    /// From this moment.
    pub from: Option<StoreTime>,
    /// Before this moment.
    pub until: Option<StoreTime>,
    /// In one of these windows of the week, local time: happy hour.
    pub windows: Vec<Window>,
    /// For one of these customer groups.
    pub groups: BTreeSet<String>,
    /// For orders of one of these kinds.
    pub kinds: Vec<OrderKind>,
    /// With this coupon.
    pub coupon: Option<String>,
}

/// A promotion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promotion {
    /// Its id.
    pub id: String,
    /// What the receipt says.
    pub label: String,
    /// When and for whom.
    pub when: Conditions,
    /// What it gives.
    pub effect: Effect,
    /// The higher goes before the lower.
    pub priority: i32,
    /// Whether it comes on top of others.
    pub stacks: bool,
    /// Of one group only one counts.
    pub group: Option<String>,
    /// How often it counts on one order.
    pub per_order: Option<u16>,
    /// On how many sales to one customer.
    pub per_customer: Option<u32>,
    /// On how many sales in all: a right that places hold.
    pub in_total: Option<u32>,
}

/// The moment and the customer.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// Now.
    pub at: StoreTime,
    /// Now, by the clock on the wall.
    pub day_time: DayTime,
    /// How it leaves the shop.
    pub kind: OrderKind,
    /// The customer's groups: the shop's own, and the loyalty tier.
    pub groups: &'a [&'a str],
    /// Coupons that were shown.
    pub coupons: &'a [String],
}

/// A line as promotions see it.
#[derive(Clone, Debug)]
pub struct BasketLine<'a> {
    /// The line.
    pub line: LineId,
    /// What.
    pub sku: &'a str,
    /// Its category.
    pub category: Option<&'a str>,
    /// Its tags.
    pub tags: &'a [String],
    /// How much.
    pub quantity: Quantity,
    /// What it is counted in.
    pub unit: Unit,
    /// What it costs so far.
    pub total: Money,
}

/// Promotions, found by what they are about.
#[derive(Clone, Debug, Default)]
pub struct Book {
    all: Vec<Promotion>,
    by_word: HashMap<String, Vec<usize>>,
    everywhere: Vec<usize>,
}

impl Selector {
    fn holds(&self, line: &BasketLine<'_>) -> bool {
        !self.except.contains(line.sku)
            && (self.all
                || self.skus.contains(line.sku)
                || line.category.is_some_and(|name| self.categories.contains(name))
                || line.tags.iter().any(|tag| self.tags.contains(tag)))
    }

    fn words(&self) -> impl Iterator<Item = String> + '_ {
        let skus = self.skus.iter().map(|sku| format!("s{sku}"));
        let categories = self.categories.iter().map(|name| format!("c{name}"));
        skus.chain(categories).chain(self.tags.iter().map(|tag| format!("t{tag}")))
    }
}

impl Conditions {
    fn hold(&self, on: &Occasion<'_>) -> bool {
        self.from.is_none_or(|from| on.at >= from)
            && self.until.is_none_or(|until| on.at < until)
            && (self.windows.is_empty() || self.windows.iter().any(|w| w.holds(on.day_time)))
            && (self.groups.is_empty() || on.groups.iter().any(|name| self.groups.contains(*name)))
            && (self.kinds.is_empty() || self.kinds.contains(&on.kind))
            && self.coupon.as_ref().is_none_or(|code| on.coupons.contains(code))
    }
}

impl Book {
    /// A book of promotions.
    #[must_use]
    pub fn new(all: Vec<Promotion>) -> Self {
        let mut book = Self { all, ..Self::default() };
        for (place, promotion) in book.all.iter().enumerate() {
            let selectors = promotion.effect.selectors();
            if selectors.iter().any(|selector| selector.all) {
                book.everywhere.push(place);
                continue;
            }
            let words: BTreeSet<String> = selectors.iter().flat_map(|s| s.words()).collect();
            for word in words {
                book.by_word.entry(word).or_default().push(place);
            }
        }
        book
    }

    /// All of them.
    #[must_use]
    pub fn promotions(&self) -> &[Promotion] {
        &self.all
    }

    /// Those that may say something about a basket on an occasion.
    fn candidates(&self, basket: &[BasketLine<'_>], on: &Occasion<'_>) -> Vec<&Promotion> {
        let mut places: BTreeSet<usize> = self.everywhere.iter().copied().collect();
        let mut words = BTreeSet::new();
        for line in basket {
            words.insert(format!("s{}", line.sku));
            words.extend(line.category.map(|name| format!("c{name}")));
            words.extend(line.tags.iter().map(|tag| format!("t{tag}")));
        }
        for word in &words {
            places.extend(self.by_word.get(word).into_iter().flatten());
        }
        let known = places.into_iter().filter_map(|place| self.all.get(place));
        known.filter(|promotion| promotion.when.hold(on)).collect()
    }

    /// What the promotions give to each line. `counts` says of one whether it may still count
    /// for this customer and in all.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub fn evaluate(
        &self,
        currency: Currency,
        basket: &[BasketLine<'_>],
        on: &Occasion<'_>,
        counts: &dyn Fn(&Promotion) -> bool,
    ) -> Result<Vec<Award>, MoneyError> {
        let mut candidates = self.candidates(basket, on);
        candidates.retain(|promotion| counts(promotion));
        if candidates.is_empty() {
            return Ok(vec![]);
        }
        let pieces = pieces(basket)?;
        let (stacking, competing): (Vec<_>, Vec<_>) =
            candidates.into_iter().partition(|promotion| promotion.stacks);
        let mut best = Round::new(basket, pieces);
        best.compete(&competing)?;
        let mut stacking = stacking;
        stacking.sort_by_key(|promotion| (std::cmp::Reverse(promotion.priority), &promotion.id));
        for promotion in stacking {
            best.stack(promotion)?;
        }
        best.awards(currency)
    }
}

#[cfg(test)]
mod tests;

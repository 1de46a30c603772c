//! Promotions, v1. In their document each key is a register of its own.

use super::details::WindowV1;
use super::order::{ShapeError, broken};
use edge_domain::StoreTime;
use edge_domain::item::Window;
use edge_domain::money::{Currency, Money};
use edge_domain::order::{Off, OrderKind};
use edge_domain::promotion::{Conditions, Effect, Promotion, Selector};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which goods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SelectorV1 {
    /// Every item.
    #[serde(skip_serializing_if = "no")]
    pub all: bool,
    /// These.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub skus: BTreeSet<String>,
    /// Items of these categories.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub categories: BTreeSet<String>,
    /// Items with one of these tags.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub tags: BTreeSet<String>,
    /// But never these SKUs.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub except: BTreeSet<String>,
}

fn no(value: &bool) -> bool {
    !*value
}

/// A part of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartV1 {
    /// Which goods.
    pub on: SelectorV1,
    /// How many.
    pub count: u16,
}

/// What a promotion gives. Percents are thousandths, amounts minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EffectV1 {
    /// A share off each piece.
    Percent {
        /// Which goods.
        on: SelectorV1,
        /// The share.
        percent: u32,
    },
    /// An amount off each piece.
    Amount {
        /// Which goods.
        on: SelectorV1,
        /// The amount.
        amount: i64,
    },
    /// Another price for each piece.
    Price {
        /// Which goods.
        on: SelectorV1,
        /// The price.
        price: i64,
    },
    /// Buy so many, get so many others cheaper.
    BuyGet {
        /// What is bought.
        buy: SelectorV1,
        /// How many.
        buy_count: u16,
        /// What is given.
        get: SelectorV1,
        /// How many.
        get_count: u16,
        /// How much cheaper; 100000 is free.
        percent: u32,
    },
    /// Of each so many, the cheapest are free.
    CheapestFree {
        /// Which goods.
        on: SelectorV1,
        /// Of each so many...
        of: u16,
        /// ...so many.
        free: u16,
    },
    /// Any so many for a price.
    AnyFor {
        /// Which goods.
        on: SelectorV1,
        /// How many.
        count: u16,
        /// Together.
        price: i64,
    },
    /// A set for a price.
    Bundle {
        /// Its parts.
        parts: Vec<PartV1>,
        /// Together.
        price: i64,
    },
    /// Spend so much, get something off: one of `percent` and `amount`.
    Threshold {
        /// Which goods.
        on: SelectorV1,
        /// At least.
        minimum: i64,
        /// A share.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        percent: Option<u32>,
        /// An amount.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<i64>,
    },
}

/// When and for whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConditionsV1 {
    /// From this moment, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// Before this moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// In one of these windows of the week.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<WindowV1>,
    /// For these customer groups.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub groups: BTreeSet<String>,
    /// For these kinds of order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    /// With this coupon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coupon: Option<String>,
}

/// A promotion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromotionV1 {
    /// Its id.
    pub id: String,
    /// What the receipt says.
    pub label: String,
    /// When and for whom.
    #[serde(default)]
    pub when: ConditionsV1,
    /// What it gives.
    pub effect: EffectV1,
    /// The higher goes before the lower.
    #[serde(default)]
    pub priority: i32,
    /// Whether it comes on top of others.
    #[serde(default)]
    pub stacks: bool,
    /// Of one group only one counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// How often it counts on one order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_order: Option<u16>,
    /// On how many sales to one customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_customer: Option<u32>,
    /// On how many sales in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_total: Option<u32>,
    /// Whether it is over for good.
    #[serde(default)]
    pub ended: bool,
}

impl From<SelectorV1> for Selector {
    fn from(shape: SelectorV1) -> Self {
        let SelectorV1 { all, skus, categories, tags, except } = shape;
        Self { all, skus, categories, tags, except }
    }
}

impl EffectV1 {
    fn into_domain(self, currency: Currency) -> Result<Effect, ShapeError> {
        let money = |minor: i64| {
            let money = Money::new(minor, currency).map_err(broken)?;
            if money.is_negative() { Err(broken("an amount is not below 0")) } else { Ok(money) }
        };
        let share = |percent: u32| match percent {
            1..=100_000 => Ok(Off::Percent(percent)),
            _ => Err(broken("a share is more than 0 % and at most 100 %")),
        };
        Ok(match self {
            Self::Percent { on, percent } => Effect::Each { on: on.into(), off: share(percent)? },
            Self::Amount { on, amount } => {
                Effect::Each { on: on.into(), off: Off::Amount(money(amount)?) }
            }
            Self::Price { on, price } => {
                Effect::Each { on: on.into(), off: Off::Price(money(price)?) }
            }
            Self::BuyGet { buy, buy_count, get, get_count, percent } => {
                share(percent)?;
                let (buy, get) = (buy.into(), get.into());
                Effect::BuyGet { buy, buy_count, get, get_count, percent }
            }
            Self::CheapestFree { on, of, free } if free < of => {
                Effect::CheapestFree { on: on.into(), of, free }
            }
            Self::CheapestFree { .. } => return Err(broken("not all of them can be free")),
            Self::AnyFor { on, count, price } => {
                Effect::AnyFor { on: on.into(), count, price: money(price)? }
            }
            Self::Bundle { parts, price } => {
                let parts = parts.into_iter().map(|part| (part.on.into(), part.count)).collect();
                Effect::Bundle { parts, price: money(price)? }
            }
            Self::Threshold { on, minimum, percent, amount } => {
                let off = match (percent, amount) {
                    (Some(percent), None) => share(percent)?,
                    (None, Some(amount)) => Off::Amount(money(amount)?),
                    _ => return Err(broken("a threshold gives a share or an amount")),
                };
                Effect::Threshold { on: on.into(), minimum: money(minimum)?, off }
            }
        })
    }
}

impl TryFrom<ConditionsV1> for Conditions {
    type Error = ShapeError;

    fn try_from(shape: ConditionsV1) -> Result<Self, ShapeError> {
        let window = |w: WindowV1| Window { days: w.days, from: w.from, until: w.until };
        let kind = |name: String| {
            OrderKind::from_name(&name)
                .ok_or_else(|| broken(format!("unknown order kind {name:?}")))
        };
        Ok(Self {
            from: shape.from.map(StoreTime::from_millis),
            until: shape.until.map(StoreTime::from_millis),
            windows: shape.windows.into_iter().map(window).collect(),
            groups: shape.groups,
            kinds: shape.kinds.into_iter().map(kind).collect::<Result<_, _>>()?,
            coupon: shape.coupon,
        })
    }
}

impl PromotionV1 {
    /// The domain's promotion, with amounts in `currency`.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn into_domain(self, currency: Currency) -> Result<Promotion, ShapeError> {
        let readable =
            |text: &str| (1..=64).contains(&text.trim().len()) && !text.contains(char::is_control);
        if !readable(&self.id) || !readable(&self.label) {
            return Err(broken("a promotion has an id and a label of 1 to 64 characters"));
        }
        Ok(Promotion {
            id: self.id,
            label: self.label,
            when: self.when.try_into()?,
            effect: self.effect.into_domain(currency)?,
            priority: self.priority,
            stacks: self.stacks,
            group: self.group,
            per_order: self.per_order,
            per_customer: self.per_customer,
            in_total: self.in_total,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A promotion as it was first written. Frozen.
    const FROZEN: &str = r#"{"id":"3F2","label":"3 for 2","when":{"from":1,"until":2,"windows":[{"days":127,"from":0,"until":1440}],"groups":["club"],"kinds":["retail"],"coupon":"X"},"effect":{"kind":"cheapest_free","on":{"categories":["Dairy"]},"of":3,"free":1},"priority":1,"stacks":false,"group":"g","per_order":2,"per_customer":3,"in_total":4,"ended":false}"#;

    #[test]
    fn the_first_promotion_still_reads_and_writes() {
        let shape: PromotionV1 = serde_json::from_str(FROZEN).unwrap();
        assert_eq!(serde_json::to_string(&shape).unwrap(), FROZEN);
        let promotion = shape.into_domain("EUR".parse().unwrap()).unwrap();
        assert!(matches!(promotion.effect, Effect::CheapestFree { of: 3, free: 1, .. }));
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        let bad = FROZEN.replace("\"free\":1", "\"free\":3");
        let shape: PromotionV1 = serde_json::from_str(&bad).unwrap();
        assert!(shape.into_domain("EUR".parse().unwrap()).is_err());
    }
}

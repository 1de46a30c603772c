//! What most lines, orders and sales do not say, v1. Amounts are minor units, percents
//! thousandths of a per cent, quantities thousandths.

use super::order::{ShapeError, broken};
use edge_domain::item::Nature;
use edge_domain::money::{Currency, Money};
use edge_domain::order::{Adjustment, Cause, Discount, More, Off, OrderKind, Returned, Tab};
use edge_domain::sale::About;
use edge_domain::tax::{Levy, TaxRate};
use edge_domain::{LineId, SaleId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A tax beyond the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevyV1 {
    /// What the receipt calls it.
    pub code: String,
    /// Thousandths of a per cent.
    pub rate: u32,
    /// Raised on the price with the taxes before it.
    #[serde(default)]
    pub compound: bool,
}

/// A discount that somebody gave: one of `percent`, `amount`, `price`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscountV1 {
    /// Its id.
    pub id: Uuid,
    /// A share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u32>,
    /// An amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// Another price for one unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<i64>,
    /// Why.
    pub reason: String,
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// Why a line costs another amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdjustmentV1 {
    /// `manual`, `order`, `promotion`, `return`.
    pub cause: String,
    /// Which.
    pub id: String,
    /// What the receipt says.
    pub label: String,
    /// Added to the line.
    pub amount: i64,
}

/// Where goods come back from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedV1 {
    /// The sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<Uuid>,
    /// Its line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<Uuid>,
    /// Why.
    pub reason: String,
}

/// What most lines do not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MoreV1 {
    /// `goods`, `service`, `gift_card`; goods where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nature: Option<String>,
    /// Taxes beyond the first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub levies: Vec<LevyV1>,
    /// Discounts that somebody gave.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub discounts: Vec<DiscountV1>,
    /// What it costs more or less.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub adjustments: Vec<AdjustmentV1>,
    /// Who at the table has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seat: Option<u8>,
    /// With which course it is served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub course: Option<u8>,
    /// The line that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<Uuid>,
    /// Where it comes back from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned: Option<ReturnedV1>,
    /// Serial numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub serials: Vec<String>,
    /// The lot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lot: Option<String>,
    /// The least age of who buys it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_age: Option<u8>,
}

/// What most orders do not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TabV1 {
    /// How many people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covers: Option<u16>,
    /// The customer's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// The customer's group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Coupon codes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<String>,
    /// Discounts on the order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub discounts: Vec<DiscountV1>,
    /// The charge for service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<u32>,
    /// Why no tax is raised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exempt: Option<String>,
    /// A name or a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The age that somebody saw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_checked: Option<u8>,
}

/// What most sales do not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AboutV1 {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    staff: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exempt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    covers: Option<u16>,
    /// Minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    earned: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fiscal: Vec<(String, String)>,
}

/// The shape, unless it says nothing.
#[must_use]
pub fn said<T: Default + PartialEq>(shape: T) -> Option<T> {
    (shape != T::default()).then_some(shape)
}

impl From<&Levy> for LevyV1 {
    fn from(levy: &Levy) -> Self {
        Self { code: levy.code.clone(), rate: levy.rate.thousandths(), compound: levy.compound }
    }
}

impl TryFrom<LevyV1> for Levy {
    type Error = ShapeError;

    fn try_from(shape: LevyV1) -> Result<Self, ShapeError> {
        let rate = TaxRate::from_thousandths(shape.rate).map_err(broken)?;
        Ok(Self { code: shape.code, rate, compound: shape.compound })
    }
}

impl From<&Discount> for DiscountV1 {
    fn from(discount: &Discount) -> Self {
        let (mut percent, mut amount, mut price) = (None, None, None);
        match discount.off {
            Off::Percent(share) => percent = Some(share),
            Off::Amount(off) => amount = Some(off.minor()),
            Off::Price(each) => price = Some(each.minor()),
        }
        let (reason, by) = (discount.reason.clone(), discount.by.clone());
        Self { id: discount.id, percent, amount, price, reason, by }
    }
}

impl DiscountV1 {
    /// The domain's discount.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn into_domain(self, currency: Currency) -> Result<Discount, ShapeError> {
        let money = |minor| Money::new(minor, currency).map_err(broken);
        let off = match (self.percent, self.amount, self.price) {
            (Some(percent), None, None) if percent <= 100_000 => Off::Percent(percent),
            (None, Some(amount), None) if amount >= 0 => Off::Amount(money(amount)?),
            (None, None, Some(price)) if price >= 0 => Off::Price(money(price)?),
            _ => return Err(broken("a discount is a share, an amount or a price")),
        };
        Ok(Discount { id: self.id, off, reason: self.reason, by: self.by })
    }
}

fn discounts(shapes: Vec<DiscountV1>, currency: Currency) -> Result<Vec<Discount>, ShapeError> {
    shapes.into_iter().map(|shape| shape.into_domain(currency)).collect()
}

impl From<&More> for MoreV1 {
    fn from(more: &More) -> Self {
        let adjustment = |part: &Adjustment| AdjustmentV1 {
            cause: part.cause.as_str().to_owned(),
            id: part.id.clone(),
            label: part.label.clone(),
            amount: part.amount.minor(),
        };
        let returned = |from: &Returned| ReturnedV1 {
            sale: from.sale.map(SaleId::uuid),
            line: from.line.map(LineId::uuid),
            reason: from.reason.clone(),
        };
        let goods = more.nature == Nature::Goods;
        Self {
            nature: (!goods).then(|| more.nature.as_str().to_owned()),
            levies: more.levies.iter().map(LevyV1::from).collect(),
            discounts: more.discounts.iter().map(DiscountV1::from).collect(),
            adjustments: more.adjustments.iter().map(adjustment).collect(),
            seat: more.seat,
            course: more.course,
            parent: more.parent.map(LineId::uuid),
            returned: more.returned.as_ref().map(returned),
            serials: more.serials.clone(),
            lot: more.lot.clone(),
            min_age: more.min_age,
        }
    }
}

impl MoreV1 {
    /// The domain's words.
    ///
    /// # Errors
    /// The rule that they break.
    pub fn into_domain(self, currency: Currency) -> Result<More, ShapeError> {
        let adjustment = |part: AdjustmentV1| {
            let cause = Cause::from_name(&part.cause);
            Ok(Adjustment {
                cause: cause.ok_or_else(|| broken(format!("unknown cause {:?}", part.cause)))?,
                id: part.id,
                label: part.label,
                amount: Money::new(part.amount, currency).map_err(broken)?,
            })
        };
        let returned = |from: ReturnedV1| Returned {
            sale: from.sale.map(SaleId::new),
            line: from.line.map(LineId::new),
            reason: from.reason,
        };
        let nature = self.nature.as_deref().map_or(Some(Nature::Goods), Nature::from_name);
        Ok(More {
            nature: nature.ok_or_else(|| broken("a line of an unknown nature"))?,
            levies: self.levies.into_iter().map(Levy::try_from).collect::<Result<_, _>>()?,
            discounts: discounts(self.discounts, currency)?,
            adjustments: self.adjustments.into_iter().map(adjustment).collect::<Result<_, _>>()?,
            seat: self.seat,
            course: self.course,
            parent: self.parent.map(LineId::new),
            returned: self.returned.map(returned),
            serials: self.serials,
            lot: self.lot,
            min_age: self.min_age,
        })
    }
}

impl From<&Tab> for TabV1 {
    fn from(tab: &Tab) -> Self {
        Self {
            covers: tab.covers,
            customer: tab.customer.clone(),
            group: tab.group.clone(),
            coupons: tab.coupons.clone(),
            discounts: tab.discounts.iter().map(DiscountV1::from).collect(),
            service: tab.service,
            exempt: tab.exempt.clone(),
            note: tab.note.clone(),
            age_checked: tab.age_checked,
        }
    }
}

impl TabV1 {
    /// The domain's words.
    ///
    /// # Errors
    /// The rule that they break.
    pub fn into_domain(self, currency: Currency) -> Result<Tab, ShapeError> {
        Ok(Tab {
            covers: self.covers,
            customer: self.customer,
            group: self.group,
            coupons: self.coupons,
            discounts: discounts(self.discounts, currency)?,
            service: self.service,
            exempt: self.exempt,
            note: self.note,
            age_checked: self.age_checked,
        })
    }
}

impl From<&About> for AboutV1 {
    fn from(about: &About) -> Self {
        Self {
            kind: about.kind.filter(|kind| *kind != OrderKind::Retail).map(|k| k.as_str().into()),
            staff: about.staff.clone(),
            customer: about.customer.clone(),
            exempt: about.exempt.clone(),
            table: about.table.clone(),
            covers: about.covers,
            earned: about.earned.map(Money::minor),
            fiscal: about.fiscal.clone(),
        }
    }
}

impl AboutV1 {
    /// The domain's words.
    ///
    /// # Errors
    /// The rule that they break.
    pub(super) fn into_domain(self, currency: Currency) -> Result<About, ShapeError> {
        let shape = self;
        let kind = |name: String| {
            OrderKind::from_name(&name)
                .ok_or_else(|| broken(format!("unknown order kind {name:?}")))
        };
        let money = |minor| Money::new(minor, currency).map_err(broken);
        Ok(About {
            kind: shape.kind.map(kind).transpose()?,
            staff: shape.staff,
            customer: shape.customer,
            exempt: shape.exempt,
            table: shape.table,
            covers: shape.covers,
            earned: shape.earned.map(money).transpose()?,
            fiscal: shape.fiscal,
        })
    }
}

//! What an order costs, with each cent explained: discounts on lines, promotions, discounts on
//! the order, deposits that follow their bottles, the charge for service. One pure function, run
//! again after each change, so that no order remembers a price that does not hold any more.

use crate::ids::{LineId, SaleId};
use crate::item::{Nature, Sku};
use crate::money::{Currency, Money, MoneyError};
use crate::order::{Adjustment, Cause, Discount, Head, Line, More, Off, OrderError};
use crate::quantity::{Quantity, Unit};
use crate::tax::TaxRate;

/// The SKU of the charge for service: a line that follows from the others.
pub const SERVICE_SKU: &str = "SERVICE-CHARGE";

/// A promotion's gift to one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Award {
    /// The line.
    pub line: LineId,
    /// The promotion.
    pub promotion: String,
    /// What the receipt says.
    pub label: String,
    /// What comes off, more than nothing.
    pub off: Money,
}

/// Who awards: the promotions of the day, as a function of the lines with their discounts.
pub type Promote<'a> = &'a dyn Fn(&[Line]) -> Result<Vec<Award>, MoneyError>;

/// What pricing needs to know besides the order.
pub struct Terms<'a> {
    /// The promotions.
    pub promote: Promote<'a>,
    /// The tax of the charge for service.
    pub service_rate: TaxRate,
    /// What the charge for service is called.
    pub service_name: &'a str,
}

/// Prices lines anew.
///
/// # Errors
/// An amount beyond the bound.
pub fn price(head: &Head, lines: &mut Vec<Line>, terms: &Terms<'_>) -> Result<(), OrderError> {
    lines.retain(|line| !is_derived(line));
    follow_parents(lines);
    lines.sort_by_key(Line::place);
    for line in lines.iter_mut().filter(|line| !line.voided && !line.is_return()) {
        line.more.adjustments.clear();
        discount(line)?;
    }
    for award in (terms.promote)(lines)? {
        let line = lines.iter_mut().find(|line| line.id == award.line);
        let Some(line) = line else { continue };
        let left = line.total()?;
        let off = if award.off > left { left } else { award.off };
        push(line, Cause::Promotion, award.promotion, award.label, off);
    }
    for discount in &head.tab.discounts {
        spread(discount, head.currency, lines)?;
    }
    if let Some(percent) = head.tab.service {
        lines.extend(service(head, lines, percent, terms)?);
    }
    Ok(())
}

/// Whether a line follows from the others and is stored nowhere.
#[must_use]
pub fn is_derived(line: &Line) -> bool {
    line.sku.as_str() == SERVICE_SKU
}

/// A deposit is sold as often as its bottle.
fn follow_parents(lines: &mut [Line]) {
    let parents: Vec<(LineId, Quantity, bool)> =
        lines.iter().map(|line| (line.id, line.quantity, line.voided)).collect();
    for line in lines.iter_mut() {
        let parent =
            line.more.parent.and_then(|id| parents.iter().find(|(known, ..)| *known == id));
        if let Some((_, quantity, voided)) = parent {
            line.quantity = *quantity;
            line.voided |= voided;
        }
    }
}

fn push(line: &mut Line, cause: Cause, id: String, label: String, off: Money) {
    if !off.is_zero() {
        line.more.adjustments.push(Adjustment { cause, id, label, amount: off.negated() });
    }
}

fn discount(line: &mut Line) -> Result<(), MoneyError> {
    for given in line.more.discounts.clone() {
        let off = match given.off {
            Off::Price(price) => line.quantity.at(line.unit_price.minus(price)?)?,
            off => off.from(line.total()?)?,
        };
        push(line, Cause::Manual, given.id.to_string(), given.reason, off);
    }
    Ok(())
}

/// Whether a discount on the order reaches a line: not deposits, not money on cards, not what
/// comes back.
fn discountable(line: &Line) -> bool {
    !line.voided
        && !line.is_return()
        && line.more.parent.is_none()
        && line.more.nature.loads().is_none()
}

fn spread(given: &Discount, currency: Currency, lines: &mut [Line]) -> Result<(), MoneyError> {
    let mut reached: Vec<&mut Line> = lines.iter_mut().filter(|line| discountable(line)).collect();
    let totals = reached.iter().map(|line| line.total()).collect::<Result<Vec<_>, _>>()?;
    let off = given.off.from(Money::sum(currency, totals.iter().copied())?)?;
    let shares = prorate(off, &totals)?;
    for (line, share) in reached.iter_mut().zip(shares) {
        push(line, Cause::Order, given.id.to_string(), given.reason.clone(), share);
    }
    Ok(())
}

fn service(
    head: &Head,
    lines: &[Line],
    percent: u32,
    terms: &Terms<'_>,
) -> Result<Option<Line>, OrderError> {
    let served = lines.iter().filter(|line| discountable(line));
    let totals = served.map(Line::total).collect::<Result<Vec<_>, _>>()?;
    let charge = Off::Percent(percent).from(Money::sum(head.currency, totals)?)?;
    let Ok(sku) = Sku::new(SERVICE_SKU) else { return Ok(None) };
    // One id for one order, so that two tills that add it add the same line.
    let id = LineId::new(SaleId::new(head.id.uuid()).uuid());
    let more = More { nature: Nature::Service, ..More::default() };
    let line = Line {
        id,
        sku,
        name: terms.service_name.to_owned(),
        unit: Unit::Each,
        quantity: Quantity::ONE,
        unit_price: charge,
        tax_rate: terms.service_rate,
        modifiers: vec![],
        station: None,
        note: None,
        fired: false,
        voided: false,
        more,
    };
    Ok(charge.minor().is_positive().then_some(line))
}

/// Parts of an amount in proportion to weights, which sum to it to the cent: the largest
/// remainders get the cents that are left, the first of equals first.
///
/// # Errors
/// [`MoneyError::TooLarge`] beyond the bound.
pub fn prorate(amount: Money, weights: &[Money]) -> Result<Vec<Money>, MoneyError> {
    let weight = |money: &Money| i128::from(money.minor().max(0));
    let all: i128 = weights.iter().map(weight).sum();
    if all == 0 {
        return Ok(vec![Money::zero(amount.currency()); weights.len()]);
    }
    let (size, sign) = (i128::from(amount.minor().abs()), amount.minor().signum());
    let exact: Vec<(i128, i128)> =
        weights.iter().map(|w| (size * weight(w) / all, size * weight(w) % all)).collect();
    let left = size - exact.iter().map(|(whole, _)| whole).sum::<i128>();
    let mut order: Vec<usize> = (0..exact.len()).collect();
    order.sort_by_key(|&place| std::cmp::Reverse(exact[place].1));
    let mut parts: Vec<i128> = exact.into_iter().map(|(whole, _)| whole).collect();
    for place in order.into_iter().take(usize::try_from(left).unwrap_or(usize::MAX)) {
        parts[place] += 1;
    }
    let money = |part: i128| {
        let minor = i64::try_from(part).map_err(|_| MoneyError::TooLarge)?;
        Money::new(minor * sign, amount.currency())
    };
    parts.into_iter().map(money).collect()
}

/// An amount in so many parts that differ by a cent at most and sum to it: the first are larger.
///
/// # Errors
/// [`MoneyError::TooLarge`] beyond the bound.
pub fn equal_parts(amount: Money, parts: u16) -> Result<Vec<Money>, MoneyError> {
    let one = Money::new(1, amount.currency())?;
    prorate(amount, &vec![one; usize::from(parts)])
}

#[cfg(test)]
mod tests;

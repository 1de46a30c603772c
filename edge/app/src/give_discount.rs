//! Somebody makes it cheaper: a line, or the whole order, with a reason.

use crate::error::ShopError;
use crate::ring_up::words;
use crate::shop::Desk;
use edge_domain::audit::Action;
use edge_domain::money::{Money, MoneyError};
use edge_domain::order::{Discount, Line, Off};
use edge_domain::staff::Permission;
use edge_domain::{LineId, OrderId};
use edge_ledger::orders::OrderRow;
use uuid::Uuid;

/// The most discounts on one order: more is a mistake.
const DISCOUNTS_MAX: usize = 50;

/// Gives a discount on a line, or on the order where no line is named.
///
/// # Errors
/// An unknown line, a share or amount that is none, no reason.
pub fn give_discount(
    desk: &mut Desk<'_, '_>,
    order: OrderId,
    line: Option<LineId>,
    off: Off,
    reason: &str,
) -> Result<OrderRow, ShopError> {
    let reason = words(reason, "reason")?;
    let reason = reason.ok_or_else(|| ShopError::Invalid("Say why in a few words.".into()))?;
    good(desk, line, off)?;
    let discount = Discount { id: desk.tx.mint(), off, reason: reason.clone(), by: desk.staff() };
    let before = desk.live_order(order)?.head.totals(&desk.live_order(order)?.lines)?.gross;
    let row = match line {
        Some(line) => {
            let (row, ()) = desk.edit_order(order, |order| {
                let line = order.line_mut(line)?;
                // One price holds at a time: the latest that somebody gave.
                if matches!(off, Off::Price(_)) {
                    line.more.discounts.retain(|known| !matches!(known.off, Off::Price(_)));
                }
                bounded(line.more.discounts.len())?;
                line.more.discounts.push(discount);
                Ok(())
            })?;
            row
        }
        None => {
            let mut row = desk.live_order(order)?;
            bounded(row.head.tab.discounts.len())?;
            row.head.tab.discounts.push(discount);
            desk.save_head(&mut row)?;
            row
        }
    };
    match off {
        Off::Price(_) => desk.require(Permission::PriceOverride)?,
        Off::Percent(_) | Off::Amount(_) => {
            let share = own_share(desk, &row, line)?;
            desk.require_up_to(Permission::Discount, share)?;
        }
    }
    let given = before.minus(row.head.totals(&row.lines)?.gross)?;
    let text = format!("{} off order {}", given.written('.'), row.head.number);
    desk.audit(Action::Discount, order.uuid(), text, Some(given), reason)?;
    Ok(row)
}

/// Takes a discount back.
///
/// # Errors
/// One that is not there.
pub fn take_discount_back(
    desk: &mut Desk<'_, '_>,
    order: OrderId,
    discount: Uuid,
) -> Result<OrderRow, ShopError> {
    let mut row = desk.live_order(order)?;
    let before = row.lines.clone();
    let mut found = row.head.tab.discounts.len();
    row.head.tab.discounts.retain(|known| known.id != discount);
    found -= row.head.tab.discounts.len();
    for line in &mut row.lines {
        let all = line.more.discounts.len();
        line.more.discounts.retain(|known| known.id != discount);
        found += all - line.more.discounts.len();
    }
    if found == 0 {
        return Err(ShopError::UnknownDiscount);
    }
    desk.save_lines_and_head(&before, &mut row)?;
    Ok(row)
}

/// What whoever stands here took off the line, or the order, with discounts until now, in
/// thousandths of a per cent: ten small ones are no way around the bound.
fn own_share(desk: &Desk<'_, '_>, row: &OrderRow, line: Option<LineId>) -> Result<u32, ShopError> {
    let by = desk.staff();
    let own = |discount: &&Discount| discount.by == by && !matches!(discount.off, Off::Price(_));
    let ids = |all: &[Discount]| -> Vec<String> {
        all.iter().filter(own).map(|discount| discount.id.to_string()).collect()
    };
    let on_order = ids(&row.head.tab.discounts);
    let (mut full, mut off) = (0_i64, 0_i64);
    let meant = |known: &&Line| !known.voided && line.is_none_or(|id| known.id == id);
    for known in row.lines.iter().filter(meant) {
        let on_line = ids(&known.more.discounts);
        let counts = |id: &String| on_order.contains(id) || on_line.contains(id);
        let parts = known.more.adjustments.iter().filter(|part| counts(&part.id));
        // A cent a discount is rounding: 10 % of 0.95 is 0.10, and still 10 %.
        off -= parts.map(|part| part.amount.minor() + 1).sum::<i64>();
        full += known.full()?.minor();
    }
    let share = i128::from(off.max(0)) * 100_000 / i128::from(full.max(1));
    Ok(u32::try_from(share).unwrap_or(u32::MAX))
}

fn bounded(known: usize) -> Result<(), ShopError> {
    if known >= DISCOUNTS_MAX {
        return Err(ShopError::Invalid("There are enough discounts on this already.".into()));
    }
    Ok(())
}

fn good(desk: &Desk<'_, '_>, line: Option<LineId>, off: Off) -> Result<(), ShopError> {
    let currency = desk.shop.currency;
    let money = |amount: Money| match () {
        () if amount.currency() != currency => {
            Err(MoneyError::CurrencyMismatch(amount.currency(), currency).into())
        }
        () if amount.is_negative() => Err(MoneyError::BadAmount.into()),
        () => Ok(()),
    };
    match off {
        Off::Percent(percent) if (1..=100_000).contains(&percent) => Ok(()),
        Off::Percent(_) => {
            Err(ShopError::Invalid("A discount is more than 0 % and at most 100 %.".into()))
        }
        Off::Amount(amount) => money(amount),
        Off::Price(_) if line.is_none() => {
            Err(ShopError::Invalid("Say which line has another price.".into()))
        }
        Off::Price(price) => money(price),
    }
}

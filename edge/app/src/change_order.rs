//! What is said about an order changes: its table, its customer, a coupon, a charge.

use crate::error::ShopError;
use crate::keep_customers::greet;
use crate::ring_up::{Buyer, words};
use crate::shop::Desk;
use edge_domain::OrderId;
use edge_domain::audit::Action;
use edge_domain::item::TerminalId;
use edge_domain::order::OrderKind;
use edge_domain::staff::Permission;
use edge_ledger::orders::OrderRow;

/// What changes; what is not said stays. `Some(None)` takes it away.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Another kind: taxes go by it.
    pub kind: Option<OrderKind>,
    /// Another terminal.
    pub terminal: Option<TerminalId>,
    /// Another table.
    pub table: Option<Option<String>>,
    /// How many people.
    pub covers: Option<Option<u16>>,
    /// Whose it is.
    pub customer: Option<Option<String>>,
    /// The customer's group.
    pub group: Option<Option<String>>,
    /// A coupon that was shown.
    pub coupon: Option<String>,
    /// A coupon that is not to count.
    pub coupon_back: Option<String>,
    /// The charge for service, in thousandths of a per cent.
    pub service: Option<Option<u32>>,
    /// Why no tax is raised.
    pub exempt: Option<Option<String>>,
    /// A name or a word.
    pub note: Option<Option<String>>,
    /// The age that somebody saw.
    pub age_checked: Option<u8>,
}

/// The most coupons on one order.
const COUPONS_MAX: usize = 20;

/// Changes what is said about an order, and what follows for its prices.
///
/// # Errors
/// An order that does not live, words that nobody can read, more than a whole of service.
pub fn change_order(
    desk: &mut Desk<'_, '_>,
    order: OrderId,
    change: Change,
) -> Result<OrderRow, ShopError> {
    let mut row = desk.live_order(order)?;
    let before = row.lines.clone();
    let said = |text: Option<Option<String>>, what| match text {
        None => Ok(None),
        Some(None) => Ok(Some(None)),
        Some(Some(text)) => words(&text, what).map(Some),
    };
    let (comes, group_said) = (matches!(change.customer, Some(Some(_))), change.group.is_some());
    let tab = &mut row.head.tab;
    tab.covers = change.covers.unwrap_or(tab.covers);
    tab.customer = said(change.customer, "customer")?.unwrap_or(tab.customer.take());
    tab.group = said(change.group, "group")?.unwrap_or(tab.group.take());
    if comes && !group_said {
        tab.group = None; // it was the one's before
        greet(desk.view(), tab)?;
    }
    tab.note = said(change.note, "note")?.unwrap_or(tab.note.take());
    tab.age_checked = change.age_checked.or(tab.age_checked);
    if change.service.flatten().is_some_and(|percent| percent > 100_000) {
        return Err(ShopError::Invalid("A charge for service is at most 100 %.".into()));
    }
    tab.service = change.service.unwrap_or(tab.service);
    tab.coupons.retain(|known| change.coupon_back.as_ref() != Some(known));
    if let Some(code) = change.coupon.as_deref().map(|code| words(code, "coupon")).transpose()? {
        let code = code.ok_or_else(|| ShopError::Invalid("Scan the coupon.".into()))?;
        if tab.coupons.len() >= COUPONS_MAX {
            return Err(ShopError::Invalid("An order has at most 20 coupons.".into()));
        }
        if !tab.coupons.contains(&code) {
            tab.coupons.push(code);
        }
    }
    let exempt = said(change.exempt, "reason")?;
    let raises_none = matches!(exempt, Some(Some(_)));
    tab.exempt = exempt.clone().unwrap_or(tab.exempt.take());
    row.head.table = said(change.table, "table")?.unwrap_or(row.head.table.take());
    row.head.terminal = change.terminal.unwrap_or(row.head.terminal);
    if let Some(kind) = change.kind {
        row.head.kind = kind;
    }
    if raises_none {
        desk.require(Permission::TaxExempt)?;
    }
    rate_again(desk, &mut row)?;
    desk.save_lines_and_head(&before, &mut row)?;
    if let Some(Some(reason)) = exempt {
        let text = format!("no tax on order {}", row.head.number);
        desk.audit(Action::TaxExempt, order.uuid(), text, None, reason)?;
    }
    if let Some(age) = change.age_checked {
        let text = format!("a customer of at least {age} on order {}", row.head.number);
        desk.audit(Action::AgeCheck, order.uuid(), text, None, "seen".into())?;
    }
    Ok(row)
}

/// Taxes and prices by kind and group may be others now. A price that was asked for stays.
fn rate_again(desk: &Desk<'_, '_>, row: &mut OrderRow) -> Result<(), ShopError> {
    let buyer = Buyer { kind: row.head.kind, group: row.head.tab.group.clone() };
    for line in row.lines.iter_mut().filter(|line| !line.voided && !line.is_return()) {
        let Some(item) = desk.view().item(&line.sku)?.map(|row| row.item) else { continue };
        line.tax_rate = item.details.rate_for(buyer.kind).unwrap_or(item.tax_rate);
        if !item.details.open_price && !item.details.prices.is_empty() {
            line.unit_price = desk.price_of(&item, line.quantity, &buyer);
        }
    }
    Ok(())
}

//! Lines change orders: a bill is split by items or seats, two tables become one.

use crate::error::ShopError;
use crate::open_order::{OpenOrder, open_order};
use crate::shop::Desk;
use edge_domain::audit::Action;
use edge_domain::fact::Fact;
use edge_domain::money::Money;
use edge_domain::order::{Line, More, OrderError, Status, Tab};
use edge_domain::pricing::{equal_parts, is_derived};
use edge_domain::quantity::Quantity;
use edge_domain::{LineId, OrderId};
use edge_ledger::orders::OrderRow;

/// The most parts of one bill.
const PARTS_MAX: u16 = 100;

/// What goes onto the other bill.
#[derive(Clone, Debug)]
pub enum Split {
    /// Lines, each whole or in part.
    Lines(Vec<(LineId, Option<Quantity>)>),
    /// Everything of some seats.
    Seats(Vec<u8>),
}

/// Splits lines off onto a new order at the same table. Discounts on the order stay with it;
/// those on lines go with their lines. Answers the old and the new order.
///
/// # Errors
/// Unknown lines, more than there is, money that was taken already, nothing that stays.
pub fn split_order(
    desk: &mut Desk<'_, '_>,
    order: OrderId,
    split: &Split,
) -> Result<(OrderRow, OrderRow), ShopError> {
    let row = desk.live_order(order)?;
    unpaid(desk, order)?;
    let wanted = wanted(&row, split);
    if wanted.is_empty() {
        return Err(OrderError::UnknownLine.into());
    }
    let (kind, terminal) = (row.head.kind, row.head.terminal.clone());
    let current = desk.view().current_order(&terminal)?;
    let tab = Tab {
        customer: row.head.tab.customer.clone(),
        group: row.head.tab.group.clone(),
        exempt: row.head.tab.exempt.clone(),
        service: row.head.tab.service,
        age_checked: row.head.tab.age_checked,
        ..Tab::default()
    };
    let open = OpenOrder { kind, terminal, table: row.head.table.clone(), tab };
    let new = open_order(desk, open)?;
    desk.tx.set_current_order(&row.head.terminal, current)?;
    let moved = take_off(desk, row, &wanted)?;
    let new = put_on(desk, new, moved)?;
    let old = desk.live_order(order)?;
    let text = format!("from order {} to {}", old.head.number, new.head.number);
    desk.audit(Action::MoveLines, order.uuid(), text, None, "split".into())?;
    Ok((old, new))
}

/// Puts everything of `other` onto `order`; `other` ends.
///
/// # Errors
/// The same order twice, one that does not live, money that was taken on `other`.
pub fn merge_orders(
    desk: &mut Desk<'_, '_>,
    order: OrderId,
    other: OrderId,
) -> Result<OrderRow, ShopError> {
    if order == other {
        return Err(ShopError::Invalid("Say two different orders.".into()));
    }
    let target = desk.live_order(order)?;
    let mut source = desk.live_order(other)?;
    unpaid(desk, other)?;
    let whole = |line: &Line| (line.id, line.quantity);
    let counts = |line: &&Line| !line.voided && !is_derived(line) && line.more.parent.is_none();
    let wanted: Vec<_> = source.lines.iter().filter(counts).map(whole).collect();
    let moved = if wanted.is_empty() { vec![] } else { take_off(desk, source, &wanted)? };
    let target = put_on(desk, target, moved)?;
    source = desk.live_order(other)?;
    let lines = source.lines.clone();
    source.status = Status::Cancelled;
    desk.save_order(&lines, &source)?;
    desk.tx.leave_order(other)?;
    let reason = format!("merged into order {}", target.head.number);
    desk.tx.append(&Fact::OrderCancelled { order: other, reason, at: desk.now() })?;
    Ok(target)
}

/// What each of so many pays: parts that sum to what is due, to the cent.
///
/// # Errors
/// No parts, or too many.
pub fn split_equally(
    desk: &Desk<'_, '_>,
    order: OrderId,
    parts: u16,
) -> Result<Vec<Money>, ShopError> {
    if !(1..=PARTS_MAX).contains(&parts) {
        return Err(ShopError::Invalid("A bill has 1 to 100 parts.".into()));
    }
    let row = desk.live_order(order)?;
    let due = row.head.totals(&row.lines)?.gross.minus(desk.view().paid_on(order)?)?;
    Ok(equal_parts(due, parts)?)
}

fn unpaid(desk: &Desk<'_, '_>, order: OrderId) -> Result<(), ShopError> {
    if desk.view().paid_on(order)?.is_zero() { Ok(()) } else { Err(ShopError::OrderHasPayments) }
}

fn wanted(row: &OrderRow, split: &Split) -> Vec<(LineId, Quantity)> {
    let live = || {
        let counts = |line: &&Line| !line.voided && !is_derived(line) && line.more.parent.is_none();
        row.lines.iter().filter(counts)
    };
    match split {
        Split::Seats(seats) => {
            let sits = |line: &&Line| line.more.seat.is_some_and(|seat| seats.contains(&seat));
            live().filter(sits).map(|line| (line.id, line.quantity)).collect()
        }
        Split::Lines(lines) => {
            let found = lines.iter().map(|(id, much)| {
                let line = live().find(|line| line.id == *id)?;
                Some((*id, much.unwrap_or(line.quantity)))
            });
            found.collect::<Option<Vec<_>>>().unwrap_or_default()
        }
    }
}

/// Takes parts of lines off their order, and answers them as lines of their own, with what
/// belongs to them.
fn take_off(
    desk: &mut Desk<'_, '_>,
    mut row: OrderRow,
    wanted: &[(LineId, Quantity)],
) -> Result<Vec<Line>, ShopError> {
    let before = row.lines.clone();
    let mut moved = Vec::new();
    for (id, much) in wanted {
        let line = row.lines.iter_mut().find(|line| line.id == *id && !line.voided);
        let line = line.ok_or(OrderError::UnknownLine)?;
        let left = line.quantity.plus(much.sellable(line.unit)?.negated())?;
        if left < Quantity::ZERO {
            return Err(ShopError::Invalid(format!("There is less of {}.", line.name)));
        }
        let new = Line {
            id: LineId::new(desk.tx.mint()),
            quantity: *much,
            more: More { adjustments: vec![], ..line.more.clone() },
            ..line.clone()
        };
        let children = before.iter().filter(|child| child.more.parent == Some(*id));
        let children = children.map(|child| Line {
            id: LineId::new(desk.tx.mint()),
            more: More { parent: Some(new.id), ..child.more.clone() },
            ..child.clone()
        });
        let children: Vec<Line> = children.collect();
        moved.push(new);
        moved.extend(children);
        if left == Quantity::ZERO {
            line.voided = true;
        } else {
            line.quantity = left;
        }
    }
    if !row.lines.iter().any(|line| !line.voided && !is_derived(line)) {
        row.head.tab.discounts.clear();
    }
    desk.save_lines_and_head(&before, &mut row)?;
    Ok(moved)
}

fn put_on(
    desk: &mut Desk<'_, '_>,
    mut row: OrderRow,
    lines: Vec<Line>,
) -> Result<OrderRow, ShopError> {
    let before = row.lines.clone();
    row.status = if lines.iter().any(|line| line.fired) {
        row.status.max(Status::Placed)
    } else {
        row.status
    };
    row.lines.extend(lines);
    desk.save_lines_and_head(&before, &mut row)?;
    Ok(row)
}

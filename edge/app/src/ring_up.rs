//! The goods meet the till: lines come onto an order.

use crate::error::ShopError;
use crate::find_item::find_item;
use crate::open_order::{OpenOrder, open_order};
use crate::shop::Desk;
use edge_domain::item::{Item, Sku, TerminalId};
use edge_domain::order::{Line, OrderKind};
use edge_domain::quantity::{Quantity, Unit};
use edge_domain::{LineId, OrderId};
use edge_ledger::feed::{Topic, Type};
use edge_ledger::orders::OrderRow;

/// The longest note to the kitchen, in bytes.
const NOTE_BYTES_MAX: usize = 200;

/// What to ring up: a code or a SKU, how much, and how.
#[derive(Clone, Debug, Default)]
pub struct RingUp {
    /// What was scanned or typed.
    pub code: Option<String>,
    /// The item, where the screen knows it.
    pub sku: Option<String>,
    /// How much; one piece or the code's weight where nothing is said.
    pub quantity: Option<Quantity>,
    /// The chosen options.
    pub modifiers: Vec<String>,
    /// A word to the kitchen.
    pub note: Option<String>,
}

/// What was rung up.
#[derive(Clone, Debug)]
pub struct Rung {
    /// The order as it stands.
    pub order: OrderRow,
    /// The line.
    pub line: LineId,
}

/// Rings something up on an order.
///
/// # Errors
/// An unknown code or item, a quantity or choice that it does not allow, an order that does not
/// live.
pub fn ring_up(desk: &mut Desk<'_, '_>, order: OrderId, ring: RingUp) -> Result<Rung, ShopError> {
    let line = line_for(desk, ring)?;
    let (order, line) = desk.edit_order(order, |order| Ok(order.add(line)?))?;
    Ok(Rung { order, line })
}

/// A scan at a terminal: goes to the terminal's order, opening one if there is none.
///
/// # Errors
/// As [`ring_up`].
pub fn scan(desk: &mut Desk<'_, '_>, terminal: &TerminalId, code: &str) -> Result<Rung, ShopError> {
    let ring = RingUp { code: Some(code.to_owned()), ..RingUp::default() };
    let line = line_for(desk, ring)?;
    let current = desk.view().current_order(terminal)?;
    let live = current.filter(|id| desk.live_order(*id).is_ok());
    let order = match live {
        Some(order) => order,
        None => {
            let (kind, terminal) = (OrderKind::Retail, terminal.clone());
            open_order(desk, OpenOrder { kind, terminal, table: None })?.head.id
        }
    };
    let (order, line) = desk.edit_order(order, |order| Ok(order.add(line)?))?;
    tell_rung(desk, terminal, &order, line)?;
    Ok(Rung { order, line })
}

/// Sets a line's quantity; nothing voids it.
///
/// # Errors
/// A line that is gone or that the kitchen has, a quantity that the unit does not allow.
pub fn set_quantity(
    desk: &mut Desk<'_, '_>,
    order: OrderId,
    line: LineId,
    quantity: Quantity,
) -> Result<OrderRow, ShopError> {
    let (order, ()) = desk.edit_order(order, |order| Ok(order.set_quantity(line, quantity)?))?;
    Ok(order)
}

/// A line for what is rung up, at the price that holds now.
pub(crate) fn line_for(desk: &Desk<'_, '_>, ring: RingUp) -> Result<Line, ShopError> {
    let (item, weight) = item_of(desk, ring.code.as_deref(), ring.sku.as_deref())?;
    let quantity = match (ring.quantity.or(weight), item.unit) {
        (Some(quantity), _) => quantity,
        (None, Unit::Each) => Quantity::ONE,
        (None, Unit::Kilogram) => return Err(ShopError::WeightNeeded(item.name)),
    };
    let note = ring.note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
    let too_long = |note: &String| note.len() > NOTE_BYTES_MAX || note.contains(char::is_control);
    if note.as_ref().is_some_and(too_long) {
        return Err(ShopError::Invalid("A note has at most 200 characters on one line.".into()));
    }
    let modifiers = item.choose(&ring.modifiers)?;
    Ok(Line::of(LineId::new(desk.tx.mint()), &item, quantity, modifiers, note)?)
}

fn item_of(
    desk: &Desk<'_, '_>,
    code: Option<&str>,
    sku: Option<&str>,
) -> Result<(Item, Option<Quantity>), ShopError> {
    match (code, sku) {
        (Some(code), None) => {
            let found = find_item(desk.view(), code, desk.shop.restricted)?;
            let mut item = found.row.item;
            // The label's price is the pack's; what is sold by weight wants its weight.
            if let (Some(price), Unit::Each) = (found.price, item.unit) {
                item.price = price;
            }
            Ok((item, found.quantity))
        }
        (None, Some(sku)) => {
            let row = desk.view().item(&Sku::new(sku)?)?;
            let row = row.ok_or_else(|| ShopError::UnknownItem(sku.to_owned()))?;
            Ok((row.item, None))
        }
        _ => Err(ShopError::Invalid("Say either a code or a SKU.".into())),
    }
}

fn tell_rung(
    desk: &mut Desk<'_, '_>,
    terminal: &TerminalId,
    order: &OrderRow,
    line: LineId,
) -> Result<(), ShopError> {
    let Some(line) = order.lines.iter().find(|known| known.id == line) else { return Ok(()) };
    let total = line.total()?;
    let data = serde_json::json!({
        "terminal": terminal.as_str(),
        "order_id": order.head.id.to_string(),
        "line_id": line.id.to_string(),
        "name": line.name,
        "quantity": line.quantity.to_string(),
        "total": { "amount": total.minor(), "currency": total.currency().as_str() },
    });
    desk.tx.tell_all(Topic::Scans, Type::ScanRungUp, &data.to_string())?;
    Ok(())
}

//! The goods meet the till: lines come onto an order.

use crate::error::ShopError;
use crate::find_item::{Found, find_item};
use crate::loyalty::names_whose;
use crate::open_order::{OpenOrder, open_order};
use crate::shop::Desk;
use edge_domain::item::{ItemError, Sku, TerminalId};
use edge_domain::money::Money;
use edge_domain::order::{Line, Order, OrderKind, Tab};
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
    /// The price, where the till asks for it.
    pub price: Option<Money>,
    /// Who at the table has it.
    pub seat: Option<u8>,
    /// With which course it is served.
    pub course: Option<u8>,
    /// The pieces' serial numbers; a gift card's number.
    pub serials: Vec<String>,
}

/// For whom something is rung up: prices and taxes go by it.
#[derive(Clone, Debug)]
pub struct Buyer {
    /// How it leaves the shop.
    pub kind: OrderKind,
    /// The customer's group.
    pub group: Option<String>,
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
    let row = desk.live_order(order)?;
    let buyer = Buyer { kind: row.head.kind, group: row.head.tab.group };
    let lines = lines_for(desk, ring, &buyer)?;
    add(desk, order, lines, &buyer)
}

/// Adds a line and what belongs to it, at the price that holds for as many as there are now.
fn add(
    desk: &mut Desk<'_, '_>,
    order: OrderId,
    lines: Vec<Line>,
    buyer: &Buyer,
) -> Result<Rung, ShopError> {
    let sku = lines.first().map(|line| line.sku.clone());
    let item = sku.map(|sku| desk.view().item(&sku)).transpose()?.flatten();
    let price = |quantity| item.as_ref().map(|row| desk.price_of(&row.item, quantity, buyer));
    let mut row = desk.live_order(order)?;
    let mut open = Order::open(row.head.clone(), row.lines.clone());
    let scanned = |line: &Line| row.lines.iter().any(|known| !known.voided && twice(known, line));
    if let Some(line) = lines.iter().find(|line| scanned(line)) {
        return Err(ShopError::SerialOnOrder(line.name.clone()));
    }
    let mut rung = None;
    for line in lines {
        let wanted = line.id;
        let listed = rung.is_none() && price(line.quantity) == Some(line.unit_price);
        let id = open.add(line)?;
        let first = *rung.get_or_insert(id);
        let on_order = open.line_mut(first)?;
        if let (true, Some(price)) = (listed, price(on_order.quantity)) {
            on_order.unit_price = price;
        }
        if first != wanted && id == first {
            break; // it counted up; what belongs to it follows
        }
    }
    let before = std::mem::replace(&mut row.lines, open.lines().to_vec());
    desk.price(&mut row)?;
    desk.save_order(&before, &row)?;
    let line = rung.ok_or_else(|| ShopError::Invalid("Say what to ring up.".into()))?;
    Ok(Rung { order: row, line })
}

/// Whether a piece is on two lines.
fn twice(known: &Line, line: &Line) -> bool {
    known.sku == line.sku && known.more.serials.iter().any(|s| line.more.serials.contains(s))
}

/// A scan at a terminal: goes to the terminal's order, opening one if there is none.
///
/// # Errors
/// As [`ring_up`].
pub fn scan(desk: &mut Desk<'_, '_>, terminal: &TerminalId, code: &str) -> Result<Rung, ShopError> {
    let current = desk.view().current_order(terminal)?;
    let live = current.filter(|id| desk.live_order(*id).is_ok());
    let order = match live {
        Some(order) => order,
        None => {
            let (kind, terminal) = (OrderKind::Retail, terminal.clone());
            let open = OpenOrder { kind, terminal, table: None, tab: Tab::default() };
            open_order(desk, open)?.head.id
        }
    };
    let ring = RingUp { code: Some(code.to_owned()), ..RingUp::default() };
    let rung = ring_up(desk, order, ring)?;
    tell_rung(desk, terminal, &rung.order, rung.line)?;
    Ok(rung)
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
    let row = desk.live_order(order)?;
    let buyer = Buyer { kind: row.head.kind, group: row.head.tab.group };
    let known = row.lines.iter().find(|known| known.id == line).cloned();
    let item = known.map(|line| desk.view().item(&line.sku)).transpose()?.flatten();
    let item = item.map(|row| row.item).filter(|item| !item.details.open_price);
    let price = item.map(|item| desk.price_of(&item, quantity, &buyer));
    let (order, ()) = desk.edit_order(order, |order| {
        order.set_quantity(line, quantity)?;
        if let (Ok(line), Some(price)) = (order.line_mut(line), price) {
            line.unit_price = price;
        }
        Ok(())
    })?;
    Ok(order)
}

/// The line for what is rung up, at the price that holds now, and the lines that belong to it:
/// its deposit.
pub(crate) fn lines_for(
    desk: &Desk<'_, '_>,
    ring: RingUp,
    buyer: &Buyer,
) -> Result<Vec<Line>, ShopError> {
    let found = found(desk, ring.code.as_deref(), ring.sku.as_deref())?;
    let mut item = found.row.item;
    // A pack's code says how many are in it; several packs are so many times as many.
    let quantity = match (ring.quantity, found.quantity) {
        (Some(packs), Some(each)) if item.unit == Unit::Each => Some(packs.times(each)?),
        (asked, told) => asked.or(told),
    };
    let quantity = match (quantity, item.unit) {
        (Some(quantity), _) => quantity,
        (None, Unit::Each) => Quantity::ONE,
        (None, _) => return Err(ShopError::WeightNeeded(item.name)),
    };
    // The label's price is the pack's; what is sold by weight wants its weight.
    let label = found.price.filter(|_| item.unit == Unit::Each);
    item.price = match ring.price {
        Some(price) if price.is_negative() => {
            return Err(ItemError::NegativePrice(item.sku.to_string()).into());
        }
        Some(price) => price,
        None if label.is_some() => label.unwrap_or(item.price),
        None if item.details.open_price => return Err(ShopError::PriceNeeded(item.name)),
        None => desk.price_of(&item, quantity, buyer),
    };
    item.tax_rate = item.details.rate_for(buyer.kind).unwrap_or(item.tax_rate);
    let modifiers = item.choose(&ring.modifiers)?;
    let note = ring.note.as_deref().map(|note| words(note, "note")).transpose()?.flatten();
    let id = LineId::new(desk.tx.mint());
    let mut line = Line::of(id, &item, quantity, modifiers, note)?;
    line.more.seat = ring.seat;
    line.more.course = ring.course;
    let mut told = ring.serials;
    told.extend(found.serial.filter(|_| item.details.serialised));
    line.more.serials = serials(told, quantity)?;
    line.more.lot = found.lot;
    if let Some(ask) = names_whose(line.more.nature).filter(|_| line.more.serials.len() != 1) {
        return Err(ShopError::Invalid(ask.into()));
    }
    let mut lines = vec![line];
    if let Some(sku) = &item.details.deposit {
        let deposit = desk.view().item(sku)?;
        let deposit = deposit.ok_or_else(|| ShopError::UnknownItem(sku.to_string()))?.item;
        let own = LineId::new(desk.tx.mint());
        let mut line = Line::of(own, &deposit, quantity, vec![], None)?;
        line.more.parent = Some(id);
        lines.push(line);
    }
    Ok(lines)
}

/// A few words, trimmed; None where there are none.
pub(crate) fn words(text: &str, what: &str) -> Result<Option<String>, ShopError> {
    let text = text.trim();
    if text.len() > NOTE_BYTES_MAX || text.contains(char::is_control) {
        let refused = format!("A {what} has at most 200 characters on one line.");
        return Err(ShopError::Invalid(refused));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

fn serials(serials: Vec<String>, quantity: Quantity) -> Result<Vec<String>, ShopError> {
    let most = usize::try_from(quantity.thousandths() / 1000).unwrap_or(0);
    let good = |text: &String| (1..=100).contains(&text.len()) && !text.contains(char::is_control);
    let distinct = serials.iter().collect::<std::collections::BTreeSet<_>>().len();
    if serials.len() > most || distinct != serials.len() || !serials.iter().all(good) {
        let refused = "Each piece has one serial number, and no two have the same.";
        return Err(ShopError::Invalid(refused.into()));
    }
    Ok(serials)
}

fn found(desk: &Desk<'_, '_>, code: Option<&str>, sku: Option<&str>) -> Result<Found, ShopError> {
    match (code, sku) {
        (Some(code), None) => find_item(desk.view(), code, desk.shop.rules.restricted),
        (None, Some(sku)) => {
            let row = desk.view().item(&Sku::new(sku)?)?;
            Ok(row.ok_or_else(|| ShopError::UnknownItem(sku.to_owned()))?.into())
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

//! Somebody counts, while selling goes on.

use crate::error::ShopError;
use crate::shop::Desk;
use crate::stock_error::StockError;
use crate::stock_line::{bounded, countable};
use edge_domain::ids::CountId;
use edge_domain::item::Sku;
use edge_domain::quantity::Quantity;
use edge_domain::staff::Permission;
use edge_domain::stock::{CountClosed, CountOpened, CountTaken, Place, StockFact};
use edge_ledger::stock::counts::CountRow;

/// The most items of one count: opening it writes a line for each, which no till should feel.
const SKUS_MAX: usize = 5_000;

/// What is to be counted.
#[derive(Clone, Debug)]
pub struct CountScope {
    /// Where.
    pub place: Place,
    /// Which items.
    pub skus: Vec<Sku>,
    /// Or a category; where neither is said, whatever the books say lies there.
    pub category: Option<String>,
    /// Whether the counters are not told what is expected.
    pub blind: bool,
}

/// Begins a count: the levels as they are now are what is expected.
///
/// # Errors
/// An unknown place or item; more than a count can hold.
pub fn open_count(desk: &mut Desk<'_, '_>, scope: CountScope) -> Result<CountId, ShopError> {
    desk.require(Permission::CountStock)?;
    let place = desk.place(scope.place)?;
    let mut skus = match (scope.skus.is_empty(), &scope.category) {
        (false, _) => scope.skus,
        (true, Some(category)) => desk.view().skus_of_category(category, SKUS_MAX + 1)?,
        (true, None) => desk.view().skus_in(&place, SKUS_MAX + 1)?,
    };
    skus.sort();
    skus.dedup();
    if skus.len() > SKUS_MAX {
        let text = format!("A count holds at most {SKUS_MAX} items: count by category.");
        return Err(ShopError::Invalid(text));
    }
    for sku in &skus {
        desk.unit(sku)?;
    }
    let id = CountId::new(desk.tx.mint());
    let fact = CountOpened { id, place, skus, blind: scope.blind, at: desk.now() };
    desk.tx.append(&StockFact::CountOpened(fact).into())?;
    Ok(id)
}

/// Takes what somebody counted. An item that is counted again replaces what was said before.
///
/// # Errors
/// No such count or a closed one, an unknown item, a quantity that its unit does not allow.
pub fn take_count(
    desk: &mut Desk<'_, '_>,
    id: CountId,
    lines: Vec<(Sku, Quantity)>,
) -> Result<(), ShopError> {
    desk.require(Permission::CountStock)?;
    open(desk, id)?;
    let lines = bounded(lines, "Say what was counted.")?;
    for (sku, counted) in &lines {
        countable(*counted, desk.unit(sku)?)?;
    }
    let fact = CountTaken { id, lines, at: desk.now() };
    desk.tx.append(&StockFact::CountTaken(fact).into())?;
    Ok(())
}

/// Ends a count: what was counted against what the books said at that moment. Items that nobody
/// counted stay as they are. Answers with the entry's place.
///
/// # Errors
/// No such count or a closed one.
pub fn close_count(desk: &mut Desk<'_, '_>, id: CountId) -> Result<u64, ShopError> {
    desk.require(Permission::CountStock)?;
    let count = open(desk, id)?;
    let mut lines = Vec::new();
    for line in desk.view().count_lines(id)? {
        if let Some(by) = line.variance()?.filter(|by| *by != Quantity::ZERO) {
            lines.push((line.sku, by));
        }
    }
    let fact = CountClosed { id, place: count.place, lines, at: desk.now() };
    Ok(desk.tx.append(&StockFact::CountClosed(fact).into())?)
}

/// Counts and closes in one go.
///
/// # Errors
/// As opening and counting.
pub fn count_now(
    desk: &mut Desk<'_, '_>,
    place: Place,
    lines: Vec<(Sku, Quantity)>,
) -> Result<CountId, ShopError> {
    let skus = bounded(lines.iter().map(|(sku, _)| sku.clone()).collect(), "Say what was counted.");
    let scope = CountScope { place, skus: skus?, category: None, blind: false };
    let id = open_count(desk, scope)?;
    take_count(desk, id, lines)?;
    close_count(desk, id)?;
    Ok(id)
}

fn open(desk: &Desk<'_, '_>, id: CountId) -> Result<CountRow, ShopError> {
    let count = desk.view().count(id)?.ok_or(StockError::UnknownCount)?;
    if count.closed_at.is_some() {
        return Err(StockError::CountClosed.into());
    }
    Ok(count)
}

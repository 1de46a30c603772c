//! The books are brought to what lies there, with a reason.

use crate::error::ShopError;
use crate::shop::Desk;
use crate::stock_line::{LotName, bounded, change};
use edge_domain::item::Sku;
use edge_domain::quantity::Quantity;
use edge_domain::staff::Permission;
use edge_domain::stock::{Adjusted, Place, Reason, StockAdjusted, StockFact};

/// One item to adjust.
#[derive(Clone, Debug)]
pub struct AdjustLine {
    /// What.
    pub sku: Sku,
    /// By how much, either way.
    pub by: Quantity,
    /// Where.
    pub place: Place,
    /// Of which lot.
    pub lot: LotName,
}

/// An adjustment.
#[derive(Clone, Debug)]
pub struct Adjust {
    /// What.
    pub lines: Vec<AdjustLine>,
    /// Why.
    pub reason: Reason,
    /// In somebody's words.
    pub note: Option<String>,
}

/// Books differences against shrinkage. Answers with the entry's place.
///
/// # Errors
/// An unknown item, place or lot; a quantity that the item's unit does not allow.
pub fn adjust_stock(desk: &mut Desk<'_, '_>, ask: Adjust) -> Result<u64, ShopError> {
    desk.require(Permission::AdjustStock)?;
    adjust(desk, ask)
}

/// Books differences that follow from something else that was allowed.
pub(crate) fn adjust(desk: &mut Desk<'_, '_>, ask: Adjust) -> Result<u64, ShopError> {
    let mut lines = Vec::with_capacity(ask.lines.len());
    for line in bounded(ask.lines, "Say what to adjust.")? {
        let by = change(line.by, desk.unit(&line.sku)?)?;
        let place = desk.place(line.place)?;
        let lot = match by < Quantity::ZERO {
            true => desk.lot_there(&line.sku, &place, &line.lot)?,
            false => line.lot.named()?,
        };
        lines.push(Adjusted { sku: line.sku, by, place, lot });
    }
    let more = lines.iter().filter(|line| line.by > Quantity::ZERO);
    desk.room_for(more.map(|line| (line.sku.clone(), line.by)).collect())?;
    let fact = StockAdjusted { lines, reason: ask.reason, note: ask.note, at: desk.now() };
    Ok(desk.tx.append(&StockFact::Adjusted(fact).into())?)
}

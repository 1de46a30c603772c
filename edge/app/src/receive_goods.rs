//! Goods come in.

use crate::error::ShopError;
use crate::shop::Desk;
use edge_domain::fact::{Fact, StockReceived};
use edge_domain::item::Sku;
use edge_domain::quantity::Quantity;
use edge_domain::staff::Permission;

/// Books goods from a supplier into the store. Answers with the entry's place.
///
/// # Errors
/// An unknown item, a quantity that its unit does not allow, or nothing at all.
pub fn receive_goods(
    desk: &mut Desk<'_, '_>,
    lines: Vec<(Sku, Quantity)>,
    reference: Option<String>,
) -> Result<u64, ShopError> {
    desk.require(Permission::AdjustStock)?;
    if lines.is_empty() {
        return Err(ShopError::Invalid("Say what came in.".into()));
    }
    for (sku, quantity) in &lines {
        let row = desk.view().item(sku)?;
        let row = row.ok_or_else(|| ShopError::UnknownItem(sku.to_string()))?;
        quantity.sellable(row.item.unit)?;
    }
    let at = desk.now();
    Ok(desk.tx.append(&Fact::StockReceived(StockReceived { lines, reference, at }))?)
}

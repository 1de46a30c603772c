//! A sale uses up ingredients.

use crate::error::ShopError;
use crate::shop::Desk;
use edge_domain::SaleId;
use edge_domain::item::Sku;
use edge_domain::quantity::Quantity;
use edge_domain::stock::{Consumed, StockFact};

/// Records what a sale used up, as [`consumption`](edge_domain::stock::consumption) computes it,
/// in the sale's own transaction. Never refuses for want of stock: the dish is on the table, and
/// a level below nothing says that somebody has to count.
///
/// # Errors
/// What the ledger says.
pub(crate) fn consume(
    desk: &mut Desk<'_, '_>,
    sale: SaleId,
    used: &[(Sku, Quantity)],
) -> Result<(), ShopError> {
    let some = |(_, quantity): &&(Sku, Quantity)| *quantity > Quantity::ZERO;
    let lines: Vec<_> = used.iter().filter(some).cloned().collect();
    if lines.is_empty() {
        return Ok(());
    }
    let fact = Consumed { sale, lines, at: desk.now() };
    desk.tx.append(&StockFact::Consumed(fact).into())?;
    Ok(())
}

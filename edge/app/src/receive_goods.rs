//! Goods come in.

use crate::error::ShopError;
use crate::shop::Desk;
use crate::stock_line::bounded;
use edge_domain::item::Sku;
use edge_domain::quantity::Quantity;
use edge_domain::staff::Permission;
use edge_domain::stock::{Place, ReceivedLine, StockFact, StockReceived, UNIT_COST_MINOR_MAX};

/// What a supplier brought.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// What.
    pub lines: Vec<ReceivedLine>,
    /// Where it is put.
    pub place: Place,
    /// The delivery note's number.
    pub reference: Option<String>,
}

impl Delivery {
    /// To the shop floor, without lots and costs.
    #[must_use]
    pub fn plain(lines: Vec<(Sku, Quantity)>, reference: Option<String>) -> Self {
        let at = edge_domain::StoreTime::from_millis(0);
        let StockReceived { lines, place, reference, .. } = StockReceived::of(lines, reference, at);
        Self { lines, place, reference }
    }
}

/// Books goods from a supplier into the store. Answers with the entry's place.
///
/// # Errors
/// An unknown item or place, a quantity that its unit does not allow or that is too much for one
/// item, a cost of another currency, or nothing at all.
pub fn receive_goods(desk: &mut Desk<'_, '_>, delivery: Delivery) -> Result<u64, ShopError> {
    desk.require(Permission::AdjustStock)?;
    let lines = bounded(delivery.lines, "Say what came in.")?;
    let place = desk.place(delivery.place)?;
    let more = lines.iter().map(|line| (line.goods.sku.clone(), line.goods.quantity));
    desk.room_for(more.collect())?;
    for line in &lines {
        let sku = &line.goods.sku;
        line.goods.quantity.sellable(desk.unit(sku)?)?;
        let Some(cost) = line.unit_cost else { continue };
        if cost.currency() != desk.shop.currency {
            let text = format!("Costs are in {} here.", desk.shop.currency);
            return Err(ShopError::Invalid(text));
        }
        if !(0..=UNIT_COST_MINOR_MAX).contains(&cost.minor()) {
            return Err(ShopError::Invalid("This cost cannot be: look at it again.".into()));
        }
    }
    let fact = StockReceived { lines, place, reference: delivery.reference, at: desk.now() };
    Ok(desk.tx.append(&StockFact::Received(fact).into())?)
}

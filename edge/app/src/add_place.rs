//! The store gets another place for goods.

use crate::error::ShopError;
use crate::shop::Desk;
use crate::stock_error::StockError;
use edge_domain::staff::Permission;
use edge_domain::stock::{Place, PlaceAdded, PlaceName, StockFact};

/// The most places of a store.
const PLACES_MAX: usize = 200;

/// Adds a place. What lies there may be promised to customers only where it is sellable.
///
/// # Errors
/// A name that is taken.
pub fn add_place(
    desk: &mut Desk<'_, '_>,
    name: PlaceName,
    title: Option<String>,
    sellable: bool,
) -> Result<(), ShopError> {
    desk.require(Permission::AdjustStock)?;
    let place = Place::Named(name);
    let known = desk.view().places()?;
    if known.iter().any(|row| row.place == place) {
        return Err(StockError::LocationExists(place.to_string()).into());
    }
    if known.len() >= PLACES_MAX {
        return Err(ShopError::Invalid(format!("A store has at most {PLACES_MAX} places.")));
    }
    let (title, at) = (title.unwrap_or_else(|| place.to_string()), desk.now());
    let fact = PlaceAdded { place, title, sellable, at };
    desk.tx.append(&StockFact::PlaceAdded(fact).into())?;
    Ok(())
}

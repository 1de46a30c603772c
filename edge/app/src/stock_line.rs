//! What the verbs of the stock room share: places that exist, items that exist, lots by name.

use crate::error::ShopError;
use crate::shop::Desk;
use crate::stock_error::StockError;
use edge_domain::item::Sku;
use edge_domain::order::LINES_MAX;
use edge_domain::quantity::{Quantity, Unit};
use edge_domain::stock::{Day, Lot, Place, gathered};

/// A lot as somebody at the shelf names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LotName {
    /// The code on the box; where only a day is known, the day is the code.
    pub code: Option<String>,
    /// The last day on which it may be sold.
    pub expires: Option<Day>,
}

impl LotName {
    /// The lot, where one is named.
    ///
    /// # Errors
    /// A code that cannot be one.
    pub fn named(&self) -> Result<Option<Lot>, ShopError> {
        let day = self.expires.map(|day| day.to_string());
        let code = self.code.as_ref().or(day.as_ref());
        Ok(code.map(|code| Lot::new(code, self.expires)).transpose()?)
    }
}

impl Desk<'_, '_> {
    /// A place that this store has.
    pub(crate) fn place(&self, place: Place) -> Result<Place, ShopError> {
        let known =
            place == Place::Store || self.view().places()?.iter().any(|row| row.place == place);
        if known { Ok(place) } else { Err(StockError::UnknownLocation(place.to_string()).into()) }
    }

    /// What a known item is counted in.
    pub(crate) fn unit(&self, sku: &Sku) -> Result<Unit, ShopError> {
        let unit = self.view().unit(sku)?;
        unit.ok_or_else(|| ShopError::UnknownItem(sku.to_string()))
    }

    /// Refuses goods beyond what a level can tell.
    pub(crate) fn room_for(&self, more: Vec<(Sku, Quantity)>) -> Result<(), ShopError> {
        let now = self.now();
        for (sku, quantity) in gathered(more)? {
            let row = self.view().stock_row(&sku, now)?;
            row.on_hand()?.plus(row.in_transit)?.plus(quantity)?;
        }
        Ok(())
    }

    /// A lot of an item that lies in a place. A code alone means the lot of that code that
    /// expires first.
    pub(crate) fn lot_there(
        &self,
        sku: &Sku,
        place: &Place,
        name: &LotName,
    ) -> Result<Option<Lot>, ShopError> {
        let Some(named) = name.named()? else { return Ok(None) };
        let fits = |lot: &Lot| {
            lot.code() == named.code() && (name.expires.is_none() || lot.expires() == name.expires)
        };
        let rows = self.view().lots(sku)?;
        let mut rows = rows.into_iter().filter(|row| row.place == place.as_str());
        match rows.find(|row| fits(&row.lot)) {
            Some(row) => Ok(Some(row.lot)),
            None => {
                let (sku, lot) = (sku.clone(), named.code().to_owned());
                Err(StockError::UnknownLot { sku, lot }.into())
            }
        }
    }
}

/// Between one line and [`LINES_MAX`].
pub(crate) fn bounded<T>(lines: Vec<T>, empty: &str) -> Result<Vec<T>, ShopError> {
    match lines.len() {
        0 => Err(ShopError::Invalid(empty.to_owned())),
        1..=LINES_MAX => Ok(lines),
        _ => Err(ShopError::Invalid(format!("At most {LINES_MAX} lines at once: send several."))),
    }
}

/// How much was counted: nothing, or what the unit allows.
pub(crate) fn countable(counted: Quantity, unit: Unit) -> Result<Quantity, ShopError> {
    if counted == Quantity::ZERO { Ok(counted) } else { Ok(counted.sellable(unit)?) }
}

/// A change either way, by what the unit allows.
pub(crate) fn change(by: Quantity, unit: Unit) -> Result<Quantity, ShopError> {
    by.max(by.negated()).sellable(unit)?;
    Ok(by)
}

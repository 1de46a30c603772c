//! Somebody in the store sets a price.

use crate::error::ShopError;
use crate::shop::Desk;
use cloud_sync_documents::catalogue;
use edge_domain::fact::{Fact, PriceSet};
use edge_domain::item::{ItemError, Sku};
use edge_domain::money::{Money, MoneyError};
use edge_domain::staff::Permission;
use edge_ledger::items::ItemRow;

/// Sets an item's price in the catalogue's document, notes who did it when in the journal, and
/// tells the tills. Setting it settles a conflict.
///
/// # Errors
/// An unknown item, a price below nothing or in another currency.
pub fn set_price(desk: &mut Desk<'_, '_>, sku: &Sku, price: Money) -> Result<ItemRow, ShopError> {
    desk.require(Permission::EditCatalogue)?;
    if price.is_negative() {
        return Err(ItemError::NegativePrice(sku.to_string()).into());
    }
    if price.currency() != desk.shop.currency {
        return Err(MoneyError::CurrencyMismatch(price.currency(), desk.shop.currency).into());
    }
    let unknown = || ShopError::UnknownItem(sku.to_string());
    let before = desk.view().item(sku)?.ok_or_else(unknown)?;
    let (name, author, moment) = (catalogue::shard_of(sku), desk.author(), desk.moment());
    desk.docs.edit(desk.tx, &name, |document| {
        catalogue::set_price(document, sku, price, &author, moment)
    })?;
    desk.docs.project_items(desk.tx, &name, std::slice::from_ref(sku))?;
    let set = PriceSet { sku: sku.clone(), before: Some(before.item.price), price, at: desk.now() };
    desk.tx.append(&Fact::PriceSet(set))?;
    desk.tell_items(&[sku.to_string()])?;
    desk.view().item(sku)?.ok_or_else(unknown)
}

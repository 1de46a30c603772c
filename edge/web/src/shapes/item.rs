//! Items, their choices, and prices that conflict.

use super::{Money, time};
use edge_domain::StoreTime;
use edge_ledger::items::ItemRow;
use edge_replica::PriceNote;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One choice.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ModifierOption {
    /// Unique within the item.
    pub id: String,
    /// What people read.
    pub name: String,
    /// Added to the item's price.
    pub price: Money,
}

/// Choices that belong together.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ModifierGroup {
    /// Unique within the item.
    pub id: String,
    /// What people read.
    pub name: String,
    /// How many must be chosen.
    pub min: u8,
    /// How many may be chosen.
    pub max: u8,
    /// The choices.
    pub options: Vec<ModifierOption>,
}

/// Something that the shop sells, at the price that holds now.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Item {
    /// The store's own key.
    pub sku: String,
    /// 14 digits.
    pub gtin: Option<String>,
    /// What people read.
    pub name: String,
    /// `each` or `kg`.
    pub unit: String,
    /// For one unit.
    pub price: Money,
    /// A per cent, as in `19`.
    pub tax_rate: String,
    /// Where it stands on the till's screen.
    pub category: Option<String>,
    /// The kitchen station that makes it.
    pub station: Option<String>,
    /// What may or must be chosen with it.
    pub modifiers: Vec<ModifierGroup>,
    /// Whether its price was set in two places apart: see `/conflicts`.
    pub price_conflict: bool,
}

/// A category.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Category {
    /// Its name.
    pub name: String,
    /// How many items it has.
    pub count: u32,
}

/// One of several values that were set apart.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ConflictValue {
    /// The price.
    pub value: Money,
    /// `headquarters`, or `store` and its name.
    pub by: String,
    /// When it was set.
    pub at: String,
    /// Whether it is the one that holds.
    pub holds: bool,
}

/// A price that was set in two places apart. Setting it again settles it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Conflict {
    /// Its id.
    pub id: String,
    /// The item.
    pub sku: String,
    /// The item's name.
    pub name: String,
    /// `price`.
    pub field: String,
    /// All values, the one that holds first.
    pub values: Vec<ConflictValue>,
}

impl From<&edge_domain::item::ModifierGroup> for ModifierGroup {
    fn from(group: &edge_domain::item::ModifierGroup) -> Self {
        let option = |option: &edge_domain::item::ModifierOption| ModifierOption {
            id: option.id.clone(),
            name: option.name.clone(),
            price: option.price.into(),
        };
        Self {
            id: group.id.clone(),
            name: group.name.clone(),
            min: group.min,
            max: group.max,
            options: group.options.iter().map(option).collect(),
        }
    }
}

impl From<&ItemRow> for Item {
    fn from(row: &ItemRow) -> Self {
        let item = &row.item;
        Self {
            sku: item.sku.to_string(),
            gtin: item.gtin.map(|gtin| gtin.to_string()),
            name: item.name.clone(),
            unit: item.unit.as_str().to_owned(),
            price: item.price.into(),
            tax_rate: item.tax_rate.to_string(),
            category: item.category.clone(),
            station: item.station.clone(),
            modifiers: item.modifiers.iter().map(ModifierGroup::from).collect(),
            price_conflict: row.conflict.is_some(),
        }
    }
}

impl Conflict {
    /// The conflict of an item, if its prices conflict.
    #[must_use]
    pub fn of(row: &ItemRow) -> Option<Self> {
        let notes: Vec<PriceNote> = serde_json::from_str(row.conflict.as_deref()?).ok()?;
        let currency = row.item.price.currency().to_string();
        let value = |(place, note): (usize, PriceNote)| ConflictValue {
            value: Money { amount: note.amount, currency: currency.clone() },
            by: note.store.map_or_else(|| "headquarters".into(), |name| format!("store {name}")),
            at: time(StoreTime::from_millis(note.at_ms)),
            holds: place == 0,
        };
        Some(Self {
            id: format!("price.{}", row.item.sku),
            sku: row.item.sku.to_string(),
            name: row.item.name.clone(),
            field: "price".into(),
            values: notes.into_iter().enumerate().map(value).collect(),
        })
    }
}

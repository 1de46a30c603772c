//! Items, their choices, and prices that conflict.

use super::{Money, time};
use cloud_sync_protocol::v1::details::DetailsV1;
use edge_app::{Buyer, Rules};
use edge_domain::StoreTime;
use edge_domain::item::Sku;
use edge_domain::quantity::Quantity;
use edge_ledger::items::ItemRow;
use edge_replica::PriceNote;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
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
    /// `each`, `kg`, `l` or `m`.
    pub unit: String,
    /// For one unit, as it applies now.
    pub price: Money,
    /// For one unit, where no rule makes it another.
    pub list_price: Money,
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
    /// Whether it is on the menu now.
    pub on_menu: bool,
    /// What it is, for people.
    pub description: Option<String>,
    /// Where its picture lies.
    pub image: Option<String>,
    /// Allergens.
    pub allergens: Vec<String>,
    /// Who buys it must be so old, in years.
    pub min_age: Option<u8>,
    /// The item that is sold with each unit as its deposit.
    pub deposit: Option<String>,
    /// The item that it is a variant of.
    pub variant_of: Option<String>,
    /// Its size, colour and the like.
    pub attributes: BTreeMap<String, String>,
    /// Each piece has a serial number.
    pub serialised: bool,
    /// The till asks for its price.
    pub open_price: bool,
    /// `goods`, `service` or `gift_card`.
    pub nature: String,
    /// Everything else that it says (`barcodes`, `prices`, `recipe`, ...), as imports take it.
    #[schema(value_type = Object)]
    pub details: serde_json::Value,
}

/// Who asks for items, and when.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The shop's rules.
    pub rules: Rules,
    /// For whom.
    pub buyer: Buyer,
    /// When.
    pub at: StoreTime,
    /// In which language, where the item has it.
    pub lang: Option<String>,
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

impl Asked {
    fn said(&self, by_locale: &BTreeMap<String, String>) -> Option<String> {
        let lang = self.lang.as_deref()?;
        let short = lang.split('-').next().unwrap_or(lang);
        by_locale.get(lang).or_else(|| by_locale.get(short)).cloned()
    }
}

impl Item {
    /// An item as somebody asks for it.
    #[must_use]
    pub fn of(row: &ItemRow, asked: &Asked) -> Self {
        let (item, details) = (&row.item, &row.item.details);
        let price = asked.rules.price_of(item, Quantity::ONE, &asked.buyer, asked.at);
        let rate = details.rate_for(asked.buyer.kind).unwrap_or(item.tax_rate);
        let shape = serde_json::to_value(DetailsV1::from(details)).unwrap_or_default();
        let plain = || details.descriptions.get("").cloned();
        Self {
            sku: item.sku.to_string(),
            gtin: item.gtin.map(|gtin| gtin.to_string()),
            name: asked.said(&details.names).unwrap_or_else(|| item.name.clone()),
            unit: item.unit.as_str().to_owned(),
            price: price.into(),
            list_price: item.price.into(),
            tax_rate: rate.to_string(),
            category: item.category.clone(),
            station: item.station.clone(),
            modifiers: item.modifiers.iter().map(ModifierGroup::from).collect(),
            price_conflict: row.conflict.is_some(),
            on_menu: details.on_menu(asked.rules.day_time(asked.at)),
            description: asked.said(&details.descriptions).or_else(plain),
            image: details.image.clone(),
            allergens: details.allergens.clone(),
            min_age: details.min_age,
            deposit: details.deposit.as_ref().map(Sku::to_string),
            variant_of: details.variant.as_ref().map(|variant| variant.of.to_string()),
            attributes: details.variant.as_ref().map(|v| v.attributes.clone()).unwrap_or_default(),
            serialised: details.serialised,
            open_price: details.open_price,
            nature: details.nature.as_str().to_owned(),
            details: shape,
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

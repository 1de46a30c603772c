//! Items, v1: what a catalogue document and an item's projection carry besides the price.

use edge_domain::item::{ModifierGroup, ModifierOption};
use edge_domain::money::{Currency, Money};
use serde::{Deserialize, Serialize};

/// One choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModifierOptionV1 {
    /// Unique within the item.
    pub id: String,
    /// What people read.
    pub name: String,
    /// Added to the price, in minor units.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub price: i64,
}

/// Choices that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModifierGroupV1 {
    /// Unique within the item.
    pub id: String,
    /// What people read.
    pub name: String,
    /// How many must be chosen.
    pub min: u8,
    /// How many may be chosen.
    pub max: u8,
    /// The choices.
    pub options: Vec<ModifierOptionV1>,
}

pub(crate) fn is_zero(value: &i64) -> bool {
    *value == 0
}

impl From<&ModifierGroup> for ModifierGroupV1 {
    fn from(group: &ModifierGroup) -> Self {
        let option = |option: &ModifierOption| ModifierOptionV1 {
            id: option.id.clone(),
            name: option.name.clone(),
            price: option.price.minor(),
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

impl ModifierGroupV1 {
    /// The domain's group, with prices in `currency`; None where a price is beyond the bound.
    #[must_use]
    pub fn into_domain(self, currency: Currency) -> Option<ModifierGroup> {
        let option = |option: ModifierOptionV1| {
            let price = Money::new(option.price, currency).ok()?;
            Some(ModifierOption { id: option.id, name: option.name, price })
        };
        let options = self.options.into_iter().map(option).collect::<Option<_>>()?;
        Some(ModifierGroup { id: self.id, name: self.name, min: self.min, max: self.max, options })
    }
}

/// Modifier groups as one JSON text.
///
/// # Errors
/// Never for groups of the domain; serde's error keeps the proof.
pub fn groups_to_json(groups: &[ModifierGroup]) -> Result<String, serde_json::Error> {
    serde_json::to_string(&groups.iter().map(ModifierGroupV1::from).collect::<Vec<_>>())
}

/// Modifier groups of a JSON text; None where it is none.
#[must_use]
pub fn groups_from_json(text: &str, currency: Currency) -> Option<Vec<ModifierGroup>> {
    let groups: Vec<ModifierGroupV1> = serde_json::from_str(text).ok()?;
    groups.into_iter().map(|group| group.into_domain(currency)).collect()
}

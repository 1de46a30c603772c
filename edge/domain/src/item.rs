//! What is sold: an item with its price, tax and choices.

mod details;

pub use details::{Barcode, Details, Nature, PriceQuery, PriceRule, Variant, Window};

use crate::codes::gtin::Gtin;
use crate::money::Money;
use crate::quantity::Unit;
use crate::tax::{LEVIES_MAX, TaxRate};
use std::fmt;

/// The longest SKU, station or terminal name, in bytes.
pub const NAME_BYTES_MAX: usize = 64;

/// The store's own key of an item: 1 to 64 printable characters without blanks at the ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sku(String);

/// Not a name for a thing of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a {0} has 1 to 64 printable characters and no blanks at its ends")]
pub struct NameError(pub &'static str);

fn checked(text: &str, what: &'static str) -> Result<String, NameError> {
    let good = !text.is_empty()
        && text.len() <= NAME_BYTES_MAX
        && text.trim() == text
        && !text.chars().any(char::is_control);
    if good { Ok(text.to_owned()) } else { Err(NameError(what)) }
}

impl Sku {
    /// A checked SKU.
    ///
    /// # Errors
    /// Empty, too long, control characters, or blanks at the ends.
    pub fn new(text: &str) -> Result<Self, NameError> {
        checked(text, "SKU").map(Self)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A till or another place that makes receipts, as in `T1`: its own gap-free numbers run here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TerminalId(String);

impl TerminalId {
    /// A checked terminal name: 1 to 16 ASCII letters, digits, `-` and `_`.
    ///
    /// # Errors
    /// Anything else.
    pub fn new(text: &str) -> Result<Self, NameError> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if text.is_empty() || text.len() > 16 || !text.bytes().all(plain) {
            return Err(NameError("terminal"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TerminalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One choice in a [`ModifierGroup`], as in "oat milk".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModifierOption {
    /// Unique within the item.
    pub id: String,
    /// What the cashier, the cook and the receipt read.
    pub name: String,
    /// Added to the item's price; may be negative.
    pub price: Money,
}

/// Choices that belong together, as in "milk".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModifierGroup {
    /// Unique within the item.
    pub id: String,
    /// What the cashier reads.
    pub name: String,
    /// How many must be chosen.
    pub min: u8,
    /// How many may be chosen.
    pub max: u8,
    /// The choices.
    pub options: Vec<ModifierOption>,
}

/// Something that the shop sells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The store's own key.
    pub sku: Sku,
    /// The GS1 key on its package, where it has one.
    pub gtin: Option<Gtin>,
    /// What people read.
    pub name: String,
    /// What it is counted in.
    pub unit: Unit,
    /// The shelf's price for one unit.
    pub price: Money,
    /// Its tax rate.
    pub tax_rate: TaxRate,
    /// Where it stands on the till's screen.
    pub category: Option<String>,
    /// The kitchen station that makes it, if one does.
    pub station: Option<String>,
    /// What may or must be chosen with it.
    pub modifiers: Vec<ModifierGroup>,
    /// What most items do not say.
    pub details: Details,
}

/// A choice that was made for a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenModifier {
    /// The option's id.
    pub id: String,
    /// Its name when it was chosen.
    pub name: String,
    /// Its price when it was chosen.
    pub price: Money,
}

/// Why an item cannot be what somebody says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ItemError {
    /// A price below nothing.
    #[error("the price of {0} must not be negative")]
    NegativePrice(String),
    /// A name that nobody can read.
    #[error("{0} needs a name of 1 to 200 characters")]
    BadName(String),
    /// Too many taxes, or one without a readable code.
    #[error("{0} has at most 4 taxes, each further one with a code of 1 to 12 characters")]
    BadTaxes(String),
    /// A choice that the item does not offer.
    #[error("{item} does not offer \"{option}\"")]
    UnknownModifier {
        /// The item's name.
        item: String,
        /// The unknown option.
        option: String,
    },
    /// Too few or too many choices in a group.
    #[error("{item}: choose {min} to {max} of \"{group}\"")]
    WrongChoice {
        /// The item's name.
        item: String,
        /// The group's name.
        group: String,
        /// At least so many.
        min: u8,
        /// At most so many.
        max: u8,
    },
}

fn good_code(code: &str) -> bool {
    (1..=12).contains(&code.chars().count()) && !code.chars().any(char::is_control)
}

impl Item {
    /// Checks what a catalogue may hold.
    ///
    /// # Errors
    /// [`ItemError::NegativePrice`], [`ItemError::BadName`].
    pub fn checked(self) -> Result<Self, ItemError> {
        if self.price.is_negative() {
            return Err(ItemError::NegativePrice(self.sku.to_string()));
        }
        let levies = &self.details.levies;
        let rules = self.details.prices.iter().map(|rule| rule.price);
        if rules.clone().any(Money::is_negative) {
            return Err(ItemError::NegativePrice(self.sku.to_string()));
        }
        if levies.len() > LEVIES_MAX || !levies.iter().all(|levy| good_code(&levy.code)) {
            return Err(ItemError::BadTaxes(self.sku.to_string()));
        }
        let name = self.name.trim();
        if name.is_empty() || self.name.len() > 200 || self.name.chars().any(char::is_control) {
            return Err(ItemError::BadName(self.sku.to_string()));
        }
        Ok(self)
    }

    /// The chosen options with their prices.
    ///
    /// # Errors
    /// An option that the item does not have, or a group with too few or too many.
    pub fn choose(&self, chosen: &[String]) -> Result<Vec<ChosenModifier>, ItemError> {
        let all = || self.modifiers.iter().flat_map(|group| &group.options);
        if let Some(option) = chosen.iter().find(|id| !all().any(|option| option.id == **id)) {
            return Err(ItemError::UnknownModifier {
                item: self.name.clone(),
                option: option.clone(),
            });
        }
        for group in &self.modifiers {
            let here = |id: &&String| group.options.iter().any(|option| option.id == **id);
            let count = chosen.iter().filter(here).count();
            if count < usize::from(group.min) || count > usize::from(group.max) {
                return Err(ItemError::WrongChoice {
                    item: self.name.clone(),
                    group: group.name.clone(),
                    min: group.min,
                    max: group.max,
                });
            }
        }
        let chosen = all().filter(|option| chosen.contains(&option.id));
        Ok(chosen.cloned().map(ChosenModifier::from).collect())
    }
}

impl From<ModifierOption> for ChosenModifier {
    fn from(option: ModifierOption) -> Self {
        Self { id: option.id, name: option.name, price: option.price }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latte() -> Item {
        let eur = |minor| Money::new(minor, "EUR".parse().unwrap()).unwrap();
        let option = |id: &str, minor| ModifierOption {
            id: id.into(),
            name: id.to_uppercase(),
            price: eur(minor),
        };
        Item {
            sku: Sku::new("LATTE").unwrap(),
            gtin: None,
            name: "Latte".into(),
            unit: Unit::Each,
            price: eur(380),
            tax_rate: "19".parse().unwrap(),
            category: None,
            station: Some("bar".into()),
            modifiers: vec![ModifierGroup {
                id: "milk".into(),
                name: "Milk".into(),
                min: 1,
                max: 1,
                options: vec![option("whole", 0), option("oat", 40)],
            }],
            details: Details::default(),
        }
    }

    #[test]
    fn a_choice_is_complete_and_known() {
        let chosen = latte().choose(&["oat".into()]).unwrap();
        assert_eq!((chosen.len(), chosen[0].price.minor()), (1, 40));
        assert!(matches!(latte().choose(&[]), Err(ItemError::WrongChoice { .. })));
        let both = ["oat".into(), "whole".into()];
        assert!(matches!(latte().choose(&both), Err(ItemError::WrongChoice { .. })));
        assert!(matches!(latte().choose(&["soy".into()]), Err(ItemError::UnknownModifier { .. })));
    }

    #[test]
    fn a_negative_price_is_no_price() {
        let mut item = latte();
        item.price = item.price.negated();
        assert!(matches!(item.checked(), Err(ItemError::NegativePrice(_))));
    }

    #[test]
    fn names_are_printable_and_bounded() {
        assert!(Sku::new("MILK-1L").is_ok());
        for bad in ["", " A", "A\n", &"x".repeat(65)] {
            assert!(Sku::new(bad).is_err(), "{bad:?}");
        }
        assert!(TerminalId::new("T1").is_ok());
        assert!(TerminalId::new("till 1").is_err());
    }
}

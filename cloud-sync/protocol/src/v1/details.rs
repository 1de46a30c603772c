//! What most items do not say, v1. In a catalogue document each key is a register of its own, so
//! that two people who change two things of one item both keep theirs.

use super::more::LevyV1;
use super::order::{ShapeError, broken};
use edge_domain::StoreTime;
use edge_domain::item::{Barcode, Details, Nature, PriceRule, Sku, Variant, Window};
use edge_domain::money::{Currency, Money};
use edge_domain::order::OrderKind;
use edge_domain::quantity::Quantity;
use edge_domain::tax::{Levy, TaxRate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

fn no(value: &bool) -> bool {
    !*value
}

/// A further code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BarcodeV1 {
    /// As it is scanned.
    pub code: String,
    /// How much a scan is, in thousandths.
    pub quantity: i64,
}

/// Which of several it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantV1 {
    /// The item that they belong to.
    pub of: String,
    /// Attribute and value.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
}

/// A price under conditions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRuleV1 {
    /// Minor units.
    pub price: i64,
    /// From this moment, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// Before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// For this price list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// From this much, in thousandths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_quantity: Option<i64>,
}

/// When an item is on the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowV1 {
    /// Bit 0 is Monday.
    pub days: u8,
    /// Minute of the day.
    pub from: u16,
    /// The minute after the last.
    pub until: u16,
}

/// What most items do not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DetailsV1 {
    /// `goods`, `service`, `gift_card`; goods where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nature: Option<String>,
    /// Further codes and packs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub barcodes: Vec<BarcodeV1>,
    /// Which of several it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<VariantV1>,
    /// Its name by locale.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, String>,
    /// Its description by locale.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub descriptions: BTreeMap<String, String>,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Allergens.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allergens: Vec<String>,
    /// Tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The least age of who buys it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_age: Option<u8>,
    /// The SKU of its deposit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deposit: Option<String>,
    /// Each piece has a serial number.
    #[serde(skip_serializing_if = "no")]
    pub serialised: bool,
    /// Its stock is kept by lot.
    #[serde(skip_serializing_if = "no")]
    pub lots: bool,
    /// The till asks for its price.
    #[serde(skip_serializing_if = "no")]
    pub open_price: bool,
    /// Taxes beyond the first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub levies: Vec<LevyV1>,
    /// Thousandths of a per cent by kind of order.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub kind_rates: BTreeMap<String, u32>,
    /// Prices under conditions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prices: Vec<PriceRuleV1>,
    /// When it is on the menu.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub menu: Vec<WindowV1>,
    /// What one unit consumes: SKU and thousandths.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recipe: Vec<(String, i64)>,
}

/// Every key that this release writes.
pub const KEYS: [&str; 18] = [
    "nature",
    "barcodes",
    "variant",
    "names",
    "descriptions",
    "image",
    "allergens",
    "tags",
    "min_age",
    "deposit",
    "serialised",
    "lots",
    "open_price",
    "levies",
    "kind_rates",
    "prices",
    "menu",
    "recipe",
];

impl From<&Details> for DetailsV1 {
    fn from(details: &Details) -> Self {
        let barcode = |code: &Barcode| BarcodeV1 {
            code: code.code.clone(),
            quantity: code.quantity.thousandths(),
        };
        let variant = |variant: &Variant| VariantV1 {
            of: variant.of.to_string(),
            attributes: variant.attributes.clone(),
        };
        let rate =
            |(kind, rate): &(OrderKind, TaxRate)| (kind.as_str().to_owned(), rate.thousandths());
        let window = |w: &Window| WindowV1 { days: w.days, from: w.from, until: w.until };
        let goods = details.nature == Nature::Goods;
        Self {
            nature: (!goods).then(|| details.nature.as_str().to_owned()),
            barcodes: details.barcodes.iter().map(barcode).collect(),
            variant: details.variant.as_ref().map(variant),
            names: details.names.clone(),
            descriptions: details.descriptions.clone(),
            image: details.image.clone(),
            allergens: details.allergens.clone(),
            tags: details.tags.clone(),
            min_age: details.min_age,
            deposit: details.deposit.as_ref().map(Sku::to_string),
            serialised: details.serialised,
            lots: details.lots,
            open_price: details.open_price,
            levies: details.levies.iter().map(LevyV1::from).collect(),
            kind_rates: details.kind_rates.iter().map(rate).collect(),
            prices: details.prices.iter().map(PriceRuleV1::from).collect(),
            menu: details.menu.iter().map(window).collect(),
            recipe: (details.recipe.iter())
                .map(|(sku, quantity)| (sku.to_string(), quantity.thousandths()))
                .collect(),
        }
    }
}

impl From<&PriceRule> for PriceRuleV1 {
    fn from(rule: &PriceRule) -> Self {
        Self {
            price: rule.price.minor(),
            from: rule.from.map(StoreTime::as_millis),
            until: rule.until.map(StoreTime::as_millis),
            list: rule.list.clone(),
            min_quantity: rule.min_quantity.map(Quantity::thousandths),
        }
    }
}

fn quantity(thousandths: i64) -> Result<Quantity, ShapeError> {
    Quantity::from_thousandths(thousandths).map_err(broken)
}

fn sku(text: &str) -> Result<Sku, ShapeError> {
    Sku::new(text).map_err(broken)
}

impl PriceRuleV1 {
    fn into_domain(self, currency: Currency) -> Result<PriceRule, ShapeError> {
        Ok(PriceRule {
            price: Money::new(self.price, currency).map_err(broken)?,
            from: self.from.map(StoreTime::from_millis),
            until: self.until.map(StoreTime::from_millis),
            list: self.list,
            min_quantity: self.min_quantity.map(quantity).transpose()?,
        })
    }
}

fn all<A, B>(
    shapes: Vec<A>,
    read: impl Fn(A) -> Result<B, ShapeError>,
) -> Result<Vec<B>, ShapeError> {
    shapes.into_iter().map(read).collect()
}

impl DetailsV1 {
    /// The domain's words, with prices in `currency`.
    ///
    /// # Errors
    /// The rule that they break.
    pub fn into_domain(self, currency: Currency) -> Result<Details, ShapeError> {
        let nature = self.nature.as_deref().map_or(Some(Nature::Goods), Nature::from_name);
        let variant = |shape: VariantV1| {
            Ok::<_, ShapeError>(Variant { of: sku(&shape.of)?, attributes: shape.attributes })
        };
        let barcode = |shape: BarcodeV1| {
            Ok(Barcode { code: shape.code, quantity: quantity(shape.quantity)? })
        };
        let rate = |(kind, rate): (String, u32)| {
            let kind = OrderKind::from_name(&kind)
                .ok_or_else(|| broken(format!("unknown order kind {kind:?}")))?;
            Ok((kind, TaxRate::from_thousandths(rate).map_err(broken)?))
        };
        let window = |w: WindowV1| {
            let good = w.days < 128 && w.from < 1_440 && w.until <= 1_440;
            let window = Window { days: w.days, from: w.from, until: w.until };
            good.then_some(window).ok_or_else(|| broken("a menu's hours lie within a day"))
        };
        Ok(Details {
            nature: nature.ok_or_else(|| broken("an item of an unknown nature"))?,
            barcodes: all(self.barcodes, barcode)?,
            variant: self.variant.map(variant).transpose()?,
            names: self.names,
            descriptions: self.descriptions,
            image: self.image,
            allergens: self.allergens,
            tags: self.tags,
            min_age: self.min_age,
            deposit: self.deposit.as_deref().map(sku).transpose()?,
            serialised: self.serialised,
            lots: self.lots,
            open_price: self.open_price,
            levies: all(self.levies, Levy::try_from)?,
            kind_rates: all(self.kind_rates.into_iter().collect(), rate)?,
            prices: all(self.prices, |rule| rule.into_domain(currency))?,
            menu: all(self.menu, window)?,
            recipe: all(self.recipe, |(name, much)| Ok((sku(&name)?, quantity(much)?)))?,
        })
    }

    /// Each key with its value's JSON, as a document's registers hold them.
    ///
    /// # Errors
    /// Never for details of the domain; serde's error keeps the proof.
    pub fn registers(&self) -> Result<BTreeMap<String, String>, serde_json::Error> {
        let value = serde_json::to_value(self)?;
        let fields = value.as_object().cloned().unwrap_or_default();
        Ok(fields.into_iter().map(|(key, value)| (key, value.to_string())).collect())
    }

    /// The details of a document's registers; keys of a newer release are left out.
    ///
    /// # Errors
    /// A register that is none.
    pub fn from_registers(
        registers: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, serde_json::Error> {
        let mut fields = serde_json::Map::new();
        for (key, text) in registers {
            fields.insert(key, serde_json::from_str(&text)?);
        }
        serde_json::from_value(fields.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Details as they were first written. Frozen.
    const FROZEN: &str = r#"{"nature":"gift_card","barcodes":[{"code":"04006381333931","quantity":6000}],"variant":{"of":"SHIRT","attributes":{"size":"M"}},"names":{"de":"Hemd"},"descriptions":{"":"Linen"},"image":"shirt.webp","allergens":["nuts"],"tags":["summer"],"min_age":18,"deposit":"PFAND-25","serialised":true,"lots":true,"open_price":true,"levies":[{"code":"QST","rate":9975,"compound":false}],"kind_rates":{"takeaway":7000},"prices":[{"price":100,"from":1,"until":2,"list":"staff","min_quantity":6000}],"menu":[{"days":31,"from":420,"until":660}],"recipe":[["FLOUR",250]]}"#;

    #[test]
    fn the_first_details_still_read_and_write() {
        let shape: DetailsV1 = serde_json::from_str(FROZEN).unwrap();
        let details = shape.clone().into_domain("EUR".parse().unwrap()).unwrap();
        assert_eq!(serde_json::to_string(&DetailsV1::from(&details)).unwrap(), FROZEN);
        let registers = shape.registers().unwrap();
        let mut keys: Vec<&str> = KEYS.to_vec();
        keys.sort_unstable();
        assert_eq!(registers.keys().map(String::as_str).collect::<Vec<_>>(), keys);
        assert_eq!(DetailsV1::from_registers(registers).unwrap(), shape);
    }
}

//! What the fleet sells: a few items, so that edits meet.

use anyhow::Result;
use edge_domain::codes::gtin::Gtin;
use edge_domain::item::{Item, Sku};
use edge_domain::money::{Currency, Money};
use edge_domain::quantity::Unit;

/// SKU, price in cents, unit, kitchen station. The first has a GTIN.
const GOODS: [(&str, i64, Unit, Option<&str>); 8] = [
    ("MILK-1L", 129, Unit::Each, None),
    ("BREAD", 349, Unit::Each, None),
    ("APPLES", 299, Unit::Kilogram, None),
    ("GOUDA", 1_690, Unit::Kilogram, None),
    ("LATTE", 380, Unit::Each, Some("bar")),
    ("OMELETTE", 890, Unit::Each, Some("kitchen")),
    ("TSHIRT-M", 1_999, Unit::Each, None),
    ("SOAP", 95, Unit::Each, None),
];

/// A code that is on the shelf.
pub(crate) const MILK_CODE: &str = "4006381333931";
/// A code that is well formed and that nothing has.
pub(crate) const UNKNOWN_CODE: &str = "4006381333948";
/// How many SKUs stores may make up apart from each other.
pub(crate) const NOVELTIES: usize = 3;

/// The currency.
pub(crate) fn euro() -> Result<Currency> {
    Ok("EUR".parse()?)
}

/// An amount in cents.
pub(crate) fn money(minor: i64) -> Result<Money> {
    Ok(Money::new(minor, euro()?)?)
}

/// Every SKU that may exist, with what is made up later.
pub(crate) fn skus() -> Result<Vec<Sku>> {
    let known = GOODS.iter().map(|(sku, ..)| (*sku).to_owned());
    let names = known.chain((0..NOVELTIES).map(|n| format!("NEW-{n}")));
    names.map(|name| Ok(Sku::new(&name)?)).collect()
}

/// Whether it is sold by weight.
pub(crate) fn is_weighed(sku: &str) -> bool {
    GOODS.iter().any(|(known, _, unit, _)| *known == sku && *unit == Unit::Kilogram)
}

/// An item by its SKU, at a price.
pub(crate) fn item(sku: &str, minor: i64) -> Result<Item> {
    let known = GOODS.iter().find(|(known, ..)| *known == sku);
    let (unit, station) = known.map_or((Unit::Each, None), |(_, _, unit, at)| (*unit, *at));
    let gtin = (sku == "MILK-1L").then(|| Gtin::parse(MILK_CODE)).transpose()?;
    Ok(Item {
        sku: Sku::new(sku)?,
        gtin,
        name: format!("The {sku}"),
        unit,
        price: money(minor)?,
        tax_rate: "7".parse()?,
        category: Some("Goods".into()),
        station: station.map(str::to_owned),
        modifiers: vec![],
        details: edge_domain::item::Details::default(),
    })
}

/// The items that headquarters begins with.
pub(crate) fn beginning() -> Result<Vec<Item>> {
    GOODS.iter().map(|(sku, minor, ..)| item(sku, *minor)).collect()
}

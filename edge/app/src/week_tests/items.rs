//! What the counter sells.

use super::eur;
use edge_domain::Quantity;
use edge_domain::item::{Details, Item, Nature, Sku};
use edge_domain::order::OrderKind;
use edge_domain::quantity::Unit;
use edge_domain::receipt::Weight;
use edge_domain::slip::{Slip, SlipKind, SlipLine};

pub(super) fn items() -> Vec<Item> {
    let item = |name: &str, minor, rate: &str, unit, details| Item {
        sku: Sku::new(name).unwrap(),
        gtin: None,
        name: name.to_lowercase(),
        unit,
        price: eur(minor),
        tax_rate: rate.parse().unwrap(),
        category: Some("goods".into()),
        station: (name == "SOUP" || name == "DISH").then(|| "kitchen".into()),
        modifiers: vec![],
        details,
    };
    let none = Details::default;
    let deposit = Details { deposit: Some(Sku::new("PFAND").unwrap()), ..none() };
    let aged = Details { min_age: Some(18), ..none() };
    let card = Details { nature: Nature::GiftCard, open_price: true, ..none() };
    let egg = vec![(Sku::new("APPLES").unwrap(), Quantity::from_thousandths(250).unwrap())];
    let away = vec![(OrderKind::Takeaway, "7".parse().unwrap())];
    let dish = Details { recipe: egg, kind_rates: away, ..none() };
    vec![
        item("COLA", 119, "19", Unit::Each, deposit),
        item("PFAND", 25, "19", Unit::Each, none()),
        item("SOUP", 550, "19", Unit::Each, none()),
        item("APPLES", 249, "7", Unit::Kilogram, none()),
        item("GIN", 1_990, "19", Unit::Each, aged),
        item("CARD", 0, "0", Unit::Each, card),
        item("DISH", 890, "19", Unit::Each, dish),
    ]
}

/// What a card terminal prints for a charge.
pub(super) fn slips() -> Vec<Slip> {
    let line = SlipLine { text: "Kartenzahlung".into(), weight: Weight::Plain, centred: true };
    let slip = |kind| Slip::new(kind, vec![line.clone()]).unwrap();
    vec![slip(SlipKind::Merchant), slip(SlipKind::Customer)]
}

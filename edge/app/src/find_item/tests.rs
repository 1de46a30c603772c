use super::*;
use edge_domain::StoreTime;
use edge_domain::ids::StoreId;
use edge_domain::item::Item;
use edge_domain::time::{Clock, Entropy};
use edge_ledger::{Core, LedgerError, Settings};
use std::sync::Arc;

struct Still;

impl Clock for Still {
    fn now(&self) -> StoreTime {
        StoreTime::from_millis(1_800_000_000_000)
    }
}

impl Entropy for Still {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

fn shop(items: &[(&str, Option<&str>, Unit)]) -> Core {
    let (clock, entropy) = (Arc::new(Still), Arc::new(Still));
    let currency = "EUR".parse().unwrap();
    let store = StoreId::new(uuid::Uuid::from_u128(7));
    let mut core = Core::in_memory(Settings { store, currency, clock, entropy }).unwrap();
    for (sku, gtin, unit) in items {
        let item = Item {
            sku: Sku::new(sku).unwrap(),
            gtin: gtin.map(|gtin| Gtin::parse(gtin).unwrap()),
            name: (*sku).into(),
            unit: *unit,
            price: Money::new(199, currency).unwrap(),
            tax_rate: "7".parse().unwrap(),
            category: None,
            station: None,
            modifiers: vec![],
            details: edge_domain::item::Details::default(),
        };
        core.transact(|tx| tx.put_item(&item, None).map_err(|e: LedgerError| e)).unwrap();
    }
    core
}

/// SKU, thousandths, price in cents.
type Short = (String, Option<i64>, Option<i64>);

fn found(core: &Core, code: &str, country: &str) -> Result<Short, ShopError> {
    let rules = Rules::of_country(country).unwrap_or_default();
    let found = find_item(core.view(), code, rules)?;
    Ok((
        found.row.item.sku.as_str().to_owned(),
        found.quantity.map(Quantity::thousandths),
        found.price.map(Money::minor),
    ))
}

#[test]
fn every_dress_of_an_item_finds_it() {
    let core = shop(&[
        ("MILK", Some("4006381333931"), Unit::Each),
        ("CHEESE", Some("9506000134352"), Unit::Kilogram),
        ("CRATE", Some("80614141123458"), Unit::Each),
        ("COLA", Some("042100005264"), Unit::Each),
    ]);
    for (code, sku, quantity) in [
        ("4006381333931", "MILK", None),
        ("https://milk.example/01/04006381333931/10/L7?17=271231", "MILK", None),
        ("]d20109506000134352310300125010L7", "CHEESE", Some(1_250)),
        ("https://x.example/01/09506000134352?3103=000750", "CHEESE", Some(750)),
        ("3074257BF7194E4000001A85", "CRATE", None),
        ("04252614", "COLA", None),
    ] {
        assert_eq!(found(&core, code, ""), Ok((sku.into(), quantity, None)), "{code}");
    }
    let refused = |code| found(&core, code, "").unwrap_err().code().0;
    assert_eq!(refused("3174257BF4499602D2000000"), "unknown_code");
    assert_eq!(refused("https://x.example/01/04006381333932"), "invalid_code");
    assert_eq!(refused("(8112)001234561234560123456"), "coupon_not_an_item");
}

#[test]
fn a_scales_label_finds_its_item_with_its_countrys_rules() {
    let core = shop(&[
        ("BEEF", Some("2891450000003"), Unit::Kilogram),
        ("1234", None, Unit::Each),
        ("0777", None, Unit::Each),
        ("OWN", Some("2012345678903"), Unit::Each),
    ]);
    let label = |body: &str| Gtin::from_body(body.parse().unwrap()).unwrap().to_string();
    let beef = label("289145614685");
    assert_eq!(found(&core, &beef, "DE"), Ok(("BEEF".into(), Some(14_685), None)));
    assert_eq!(found(&core, &label("221234614685"), "DE"), Ok(("1234".into(), None, Some(14_685))));
    assert_eq!(found(&core, &label("250777000000"), "DE"), Ok(("0777".into(), None, None)));
    assert_eq!(found(&core, &label("250777200005"), "DE").unwrap_err().code().0, "invalid_code");
    assert_eq!(found(&core, &beef, "").unwrap_err().code().0, "unknown_code");
    let own = label("201234567890");
    assert_eq!(found(&core, &own, ""), Ok(("OWN".into(), None, None)));
}

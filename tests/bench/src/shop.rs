//! A shop in this process, for what is measured below HTTP.

use edge_app::{Printers, RingUp, Sell, SellLine, Shop, ShopConfig, sell};
use edge_domain::StoreTime;
use edge_domain::ids::StoreId;
use edge_domain::item::{Item, Sku, TerminalId};
use edge_domain::money::{Currency, Money};
use edge_domain::payment::Tender;
use edge_domain::quantity::Unit;
use edge_domain::receipt::Seller;
use edge_domain::tax::{PriceMode, TaxPolicy, TaxRounding};
use edge_domain::time::{Clock, Entropy};
use edge_ledger::{Ledger, Settings};
use edge_replica::Replica;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

/// The system's clock, and chance.
pub(crate) struct System;

impl Clock for System {
    fn now(&self) -> StoreTime {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        StoreTime::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

impl Entropy for System {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.iter_mut().for_each(|byte| *byte = fastrand::u8(..));
    }
}

pub(crate) fn currency() -> anyhow::Result<Currency> {
    Ok("EUR".parse()?)
}

pub(crate) fn open(folder: &Path) -> anyhow::Result<Shop> {
    let (clock, entropy) = (Arc::new(System), Arc::new(System));
    let store = StoreId::new(uuid::Uuid::from_u128(7));
    let settings = Settings { store, currency: currency()?, clock, entropy };
    let config = ShopConfig {
        seller: Seller { name: "Bench".into(), lines: vec![] },
        currency: currency()?,
        policy: TaxPolicy::new(PriceMode::Inclusive, TaxRounding::PerLine),
        printers: Printers::default(),
        card_terminals: vec![],
        rules: edge_app::Rules::default(),
    };
    let ledger = Ledger::open(folder, settings)?;
    let replica = Arc::new(Mutex::new(Replica::new(&System)));
    let shop = Shop::new(ledger, replica, Arc::new(config));
    let price = Money::new(129, currency()?)?;
    shop.run(None, move |desk| {
        for n in 0..5 {
            let item = Item {
                sku: Sku::new(&format!("ITEM-{n}"))?,
                gtin: None,
                name: format!("Item {n}"),
                unit: Unit::Each,
                price,
                tax_rate: "7".parse().map_err(|_| edge_app::ShopError::UnknownOrder)?,
                category: None,
                station: None,
                modifiers: vec![],
                details: edge_domain::item::Details::default(),
            };
            desk.tx.put_item(&item, None)?;
        }
        Ok(())
    })
    .wait()?;
    Ok(shop)
}

/// A sale of five lines.
pub(crate) fn five_lines(terminal: &str) -> anyhow::Result<Sell> {
    let line = |n: usize| SellLine {
        ring: RingUp { sku: Some(format!("ITEM-{n}")), ..RingUp::default() },
        unit_price: None,
    };
    Ok(Sell {
        terminal: TerminalId::new(terminal)?,
        lines: (0..5).map(line).collect(),
        tenders: vec![Tender::Cash { tendered: Money::new(1_000, currency()?)? }.into()],
        kind: edge_domain::order::OrderKind::Retail,
        tab: edge_domain::order::Tab::default(),
        reservations: vec![],
    })
}

/// Sells once under a key, and waits until it is durable.
pub(crate) fn sell_once(shop: &Shop, terminal: &str, key: &str) -> anyhow::Result<()> {
    let identity = edge_ledger::Command::new(key, &[key.as_bytes()]);
    let sale = five_lines(terminal)?;
    let sold = shop.run(Some(identity), move |desk| {
        let row = sell(desk, sale)?;
        Ok((row.sale.parts().id.uuid(), row.sale.parts().receipt.to_string(), row.seq))
    });
    sold.wait()?;
    Ok(())
}

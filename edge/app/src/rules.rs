//! Rules of the counter that most shops leave as they are.

use crate::charge_card::OfflineCards;
use crate::fiscal::FiscalDevice;
use crate::keep_slips::MerchantSlips;
use crate::promote::Promotions;
use crate::receipt_code::Seal;
use crate::ring_up::Buyer;
use edge_domain::StoreTime;
use edge_domain::codes::restricted;
use edge_domain::item::{Item, PriceQuery};
use edge_domain::loyalty::Programme;
use edge_domain::money::Money;
use edge_domain::quantity::Quantity;
use edge_domain::tax::TaxRate;
use edge_domain::time::DayTime;
use std::sync::Arc;

/// Rules of the counter that most shops leave as they are.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The charge for service at tables, in thousandths of a per cent.
    pub service: Option<u32>,
    /// Its tax.
    pub service_rate: TaxRate,
    /// The store's price lists, the foremost first.
    pub price_lists: Vec<String>,
    /// The store's time zone: menus and happy hours go by it.
    pub zone: jiff::tz::TimeZone,
    /// How its country's scales print price and weight into a code.
    pub restricted: restricted::Rules,
    /// What customers earn.
    pub loyalty: Programme,
    /// The promotions, kept ready.
    pub promotions: Promotions,
    /// The store's device key: it seals receipts.
    pub seal: Option<Seal>,
    /// Public keys of other stores whose receipts are taken here.
    pub trusted: Vec<String>,
    /// How far cards that no bank has seen are trusted.
    pub offline_cards: OfflineCards,
    /// What becomes of card terminals' slips for the shop.
    pub merchant_slips: MerchantSlips,
    /// Whether a till's card terminal ends its day with the Z report.
    pub settle_with_z: bool,
    /// The fiscal device, where the law wants one.
    pub fiscal: Option<Arc<dyn FiscalDevice>>,
    /// After how long without a touch a session ends, in milliseconds.
    pub session_ms: i64,
    /// Whether money changes hands only where a shift is open.
    pub shift_required: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            service: None,
            service_rate: TaxRate::ZERO,
            price_lists: vec![],
            zone: jiff::tz::TimeZone::UTC,
            restricted: restricted::Rules::OFF,
            loyalty: Programme::default(),
            promotions: Promotions::default(),
            seal: None,
            trusted: vec![],
            offline_cards: OfflineCards::default(),
            merchant_slips: MerchantSlips::default(),
            settle_with_z: false,
            fiscal: None,
            session_ms: 480 * 60_000,
            shift_required: false,
        }
    }
}

impl Rules {
    /// The keys whose receipts are taken here: the store's own first.
    #[must_use]
    pub fn receipt_keys(&self) -> Vec<String> {
        self.seal.iter().map(Seal::public_key).chain(self.trusted.iter().cloned()).collect()
    }

    /// The price of one unit that holds at a moment for a buyer of so many: the customer group's
    /// before the kind of order's before the store's.
    #[must_use]
    pub fn price_of(&self, item: &Item, quantity: Quantity, buyer: &Buyer, at: StoreTime) -> Money {
        if item.details.prices.is_empty() {
            return item.price;
        }
        let mut lists: Vec<String> = buyer.group.iter().cloned().collect();
        lists.push(buyer.kind.as_str().to_owned());
        lists.extend(self.price_lists.iter().cloned());
        let query = PriceQuery { at, quantity, lists: &lists };
        item.details.price(&query).unwrap_or(item.price)
    }

    /// A moment as the shop's clock on the wall shows it.
    #[must_use]
    pub fn day_time(&self, at: StoreTime) -> DayTime {
        let at = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
        let local = at.to_zoned(self.zone.clone());
        let minute = i16::from(local.hour()) * 60 + i16::from(local.minute());
        let weekday = local.weekday().to_monday_zero_offset();
        DayTime { weekday: weekday.unsigned_abs(), minute: minute.unsigned_abs() }
    }
}

//! The store's configuration. To add a setting: a name in [`KNOWN`], a field, a line in `read`.

use crate::device_uri;
use crate::gate::GateConfig;
use crate::stand_in::{Configured, Source, StandIns};
use drivers_contract::DeviceUri;
use drivers_contract::print::Bitmap;
use edge_app::{
    CardTerminalAt, MerchantSlips, OfflineCards, Printers, Rules, ShopConfig, ShopWords,
};
use edge_devices::{DeviceConfig, is_printer, is_terminal};
use edge_domain::cash::{CashMode, CashRounding};
use edge_domain::codes::restricted;
use edge_domain::ids::StoreId;
use edge_domain::item::TerminalId;
use edge_domain::loyalty::{Programme, TIERS_MAX, Tier};
use edge_domain::money::Currency;
use edge_domain::receipt::Seller;
use edge_domain::tax::{PriceMode, TaxPolicy, TaxRate, TaxRounding};
use edge_link::{BusConfig, Credentials, LinkConfig};
use edge_process::config::{ConfigErrors, Reader};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use uuid::Uuid;

const KNOWN: &[&str] = &[
    "store.id",
    "store.name",
    "store.currency",
    "store.locale",
    "store.timezone",
    "store.prices",
    "store.tax_rounding",
    "store.tax_step",
    "store.cash_rounding",
    "store.cash_rounding_mode",
    "store.service_charge",
    "store.service_tax_rate",
    "store.price_lists",
    "store.receipt_lines",
    "store.receipt_logo",
    "store.restricted_codes",
    "store.trusted_receipts",
    "http.listen",
    "http.tls",
    "http.hosts",
    "data.dir",
    "hq.url",
    "hq.certificate",
    "hq.key",
    "hq.ca",
    "hq.mqtt_url",
    "device[].id",
    "device[].uri",
    "device[].station",
    "loyalty.earn",
    "loyalty.tiers",
    "payments.floor_limit",
    "payments.exposure_max",
    "payments.merchant_slip",
    "payments.settle",
    "auth.mode",
    "auth.session_minutes",
    "shift.required",
    "gate.pulse_ms",
    "gate.keep_days",
    "gate.exempt",
    "log.level",
];

/// When card terminals end their day: when they are asked, or with each Z report too.
const SETTLE: [(&str, bool); 2] = [("asked", false), ("z_report", true)];

/// Everything that the daemon needs to know.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) store: StoreId,
    pub(crate) shop: ShopConfig,
    pub(crate) locale: String,
    pub(crate) timezone: String,
    pub(crate) listen: SocketAddr,
    pub(crate) hosts: Vec<String>,
    pub(crate) data: PathBuf,
    pub(crate) link: Option<LinkConfig>,
    pub(crate) bus: Option<BusConfig>,
    pub(crate) devices: Vec<Configured>,
    pub(crate) gate: GateConfig,
    pub(crate) logo: Option<Bitmap>,
    pub(crate) log: String,
}

impl Config {
    /// Reads the file and the environment.
    pub(crate) fn read(path: &Path) -> Result<Self, ConfigErrors> {
        Self::from(Reader::open(path, std::env::vars(), KNOWN))
    }

    fn from(mut reader: Reader) -> Result<Self, ConfigErrors> {
        let r = &mut reader;
        let euro: Currency = "EUR".parse().map_err(|_| ConfigErrors(vec![]))?;
        let devices = devices(r);
        let seller = Seller {
            name: r.required("store.name"),
            lines: r.texts("store.receipt_lines").unwrap_or_default(),
        };
        let timezone = r.text("store.timezone").unwrap_or_else(|| "UTC".into());
        let config = Self {
            store: store_id(&r.required("store.id")),
            shop: ShopConfig {
                seller,
                currency: r.parsed("store.currency", euro),
                policy: policy(r),
                printers: printers(&devices),
                card_terminals: card_terminals(r, &devices),
                rules: rules(r, &timezone),
            },
            locale: r.text("store.locale").unwrap_or_else(|| "en".into()),
            timezone,
            listen: r.parsed("http.listen", SocketAddr::from(([127, 0, 0, 1], 8080))),
            hosts: r.texts("http.hosts").unwrap_or_default(),
            data: r.text("data.dir").unwrap_or_else(|| "/var/lib/outpost".into()).into(),
            link: link(r),
            bus: bus(r),
            devices,
            gate: GateConfig::read(r),
            logo: logo(r),
            log: r.text("log.level").unwrap_or_else(|| "info".into()),
        };
        if let Err(error) = ShopWords::new(&config.locale, &config.timezone) {
            r.fail(format!("store: {error}"));
        }
        guard(r, config.listen);
        reader.finish()?;
        Ok(config)
    }

    /// How every device is opened. What is played is started for that, its lines in `folder`.
    pub(crate) fn plug_in(&self, folder: &Path) -> (Vec<DeviceConfig>, StandIns) {
        let (mut devices, stand_ins) = StandIns::plug_in(&self.devices, folder);
        device_uri::remember(&mut devices, &self.data);
        (devices, stand_ins)
    }
}

/// Without a sign-in, nobody but this machine may call.
fn guard(r: &mut Reader, listen: SocketAddr) {
    r.one_of("auth.mode", &[("none", ())]);
    r.one_of("http.tls", &[("off", ())]);
    if !listen.ip().is_loopback() {
        r.fail(format!(
            "auth.mode: none is accepted only on a loopback address; http.listen is {listen}"
        ));
    }
}

/// A UUID, or a name that stands for one: the same name is always the same store.
fn store_id(text: &str) -> StoreId {
    let name = format!("urn:outpost:store:{text}");
    let named = || Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes());
    StoreId::new(Uuid::try_parse(text).unwrap_or_else(|_| named()))
}

fn policy(r: &mut Reader) -> TaxPolicy {
    let modes = [("inclusive", PriceMode::Inclusive), ("exclusive", PriceMode::Exclusive)];
    let roundings = [("line", TaxRounding::PerLine), ("document", TaxRounding::PerDocument)];
    let policy = TaxPolicy::new(
        r.one_of("store.prices", &modes).unwrap_or(PriceMode::Inclusive),
        r.one_of("store.tax_rounding", &roundings).unwrap_or(TaxRounding::PerLine),
    );
    let cash_modes = CashMode::NAMES.map(|(mode, name)| (name, mode));
    let cash = CashRounding {
        step: r.parsed("store.cash_rounding", 1),
        mode: r.one_of("store.cash_rounding_mode", &cash_modes).unwrap_or(CashMode::HalfUp),
    };
    TaxPolicy { tax_step: r.parsed("store.tax_step", 1), cash, ..policy }
}

/// Rules of the counter that most shops leave as they are.
fn rules(r: &mut Reader, zone: &str) -> Rules {
    let rules = Rules::default();
    let rate = |r: &mut Reader, key: &str| {
        r.text(key).is_some().then(|| r.parsed(key, rules.service_rate))
    };
    Rules {
        service: rate(r, "store.service_charge").map(TaxRate::thousandths),
        service_rate: rate(r, "store.service_tax_rate").unwrap_or(rules.service_rate),
        price_lists: r.texts("store.price_lists").unwrap_or_default(),
        zone: jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC),
        restricted: r.parsed("store.restricted_codes", restricted::Rules::OFF),
        trusted: r.texts("store.trusted_receipts").unwrap_or_default(),
        loyalty: loyalty(r),
        offline_cards: OfflineCards {
            floor_limit: r.parsed("payments.floor_limit", 0),
            exposure_max: r.parsed("payments.exposure_max", 0),
        },
        merchant_slips: r
            .one_of("payments.merchant_slip", &MerchantSlips::NAMES)
            .unwrap_or_default(),
        settle_with_z: r.one_of("payments.settle", &SETTLE).unwrap_or_default(),
        session_ms: i64::from(r.parsed("auth.session_minutes", 480_u16).max(1)) * 60_000,
        shift_required: r.parsed("shift.required", false),
        ..rules
    }
}

/// What receipts begin with.
fn logo(r: &mut Reader) -> Option<Bitmap> {
    let path = r.text("store.receipt_logo")?;
    let read = drivers_printer::logo::read(Path::new(&path));
    read.map_err(|error| r.fail(format!("store.receipt_logo: {path}: {error}"))).ok()
}

fn loyalty(r: &mut Reader) -> Programme {
    let earn = r.parsed("loyalty.earn", TaxRate::ZERO).thousandths();
    let written = r.texts("loyalty.tiers").unwrap_or_default();
    let mut tiers: Vec<Tier> = Vec::new();
    for text in &written {
        match text.parse::<Tier>() {
            Ok(tier) if tiers.iter().any(|known| known.name == tier.name) => {
                r.fail(format!("loyalty.tiers: {} is there twice", tier.name));
            }
            Ok(tier) => tiers.push(tier),
            Err(error) => r.fail(format!("loyalty.tiers: {text:?}: {error}")),
        }
    }
    if tiers.len() > TIERS_MAX {
        r.fail(format!("loyalty.tiers: {} tiers are more than {TIERS_MAX}", tiers.len()));
    }
    Programme { earn, tiers }
}

fn link(r: &mut Reader) -> Option<LinkConfig> {
    let url = r.text("hq.url")?;
    if !url.starts_with("https://") {
        r.fail(format!("hq.url: {url:?} does not begin with https://"));
    }
    let credentials = Credentials {
        certificate: r.required("hq.certificate").into(),
        key: r.required("hq.key").into(),
        authority: r.required("hq.ca").into(),
    };
    Some(LinkConfig { url, credentials, release: env!("CARGO_PKG_VERSION").into() })
}

fn bus(r: &mut Reader) -> Option<BusConfig> {
    match r.text("hq.mqtt_url")?.parse() {
        Ok(bus) => Some(bus),
        Err(error) => {
            r.fail(format!("hq.mqtt_url: {error}"));
            None
        }
    }
}

fn devices(r: &mut Reader) -> Vec<Configured> {
    let mut devices: Vec<Configured> = Vec::new();
    for (place, table) in r.tables("device") {
        let text = |key: &str| table.get(key).and_then(|value| value.as_str()).map(str::to_owned);
        let (id, uri, station) = (text("id"), text("uri"), text("station"));
        let Some(id) = id.filter(|id| !id.trim().is_empty()) else {
            r.fail(format!("{place}.id: missing"));
            continue;
        };
        if devices.iter().any(|known| known.id == id) {
            r.fail(format!("{place}.id: {id} is the id of another device"));
        }
        match uri.map(|uri| Source::read(&uri)) {
            None => r.fail(format!("{place}.uri: missing")),
            Some(Err(error)) => r.fail(format!("{place}.uri: {error}")),
            Some(Ok(source)) => devices.push(Configured { id, source, station }),
        }
    }
    devices
}

/// Card terminals, each with the till at which the end of its day is printed: its own, or the one
/// with a printer that is named first.
fn card_terminals(r: &mut Reader, devices: &[Configured]) -> Vec<CardTerminalAt> {
    let printers = printers(devices).receipts;
    let till = |name: &str| TerminalId::new(name).ok();
    let first = printers.iter().find_map(|name| till(name)).or_else(|| till("T1"));
    let mut terminals = Vec::new();
    for device in devices.iter().filter(|device| is_terminal(&device.source.shape())) {
        let station = device.station.as_deref().and_then(till);
        if let (Some(name), None) = (&device.station, &station) {
            r.fail(format!("device {}: station: {name:?} is no till, as in T1", device.id));
        }
        if let Some(till) = station.clone().or_else(|| first.clone()) {
            terminals.push(CardTerminalAt { device: device.id.clone(), station, till });
        }
    }
    terminals
}

fn printers(devices: &[Configured]) -> Printers {
    let paper = |uri: &DeviceUri| is_printer(uri) && !matches!(uri, DeviceUri::PrinterZpl { .. });
    let printers = || devices.iter().filter(|device| paper(&device.source.shape()));
    let stations: BTreeSet<String> =
        printers().filter_map(|device| device.station.clone()).collect();
    Printers {
        receipts: stations.clone(),
        receipts_anywhere: printers().any(|device| device.station.is_none()),
        kitchens: stations,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, ConfigErrors> {
        Config::from(Reader::read(text, std::iter::empty(), KNOWN))
    }

    #[test]
    fn a_card_terminal_prints_its_day_where_there_is_paper() {
        let shop = "[store]\nid = \"s\"\nname = \"Shop\"\n[payments]\nsettle = \"z_report\"\n";
        let device = |id: &str, uri: &str, at: &str| {
            format!("[[device]]\nid = \"{id}\"\nuri = \"{uri}\"\n{at}\n")
        };
        let printer = device("p", "escpos+tcp://h:9100", "station = \"T2\"");
        let shared = device("shared", "zvt://h:20007", "");
        let own = device("own", "zvt://h:20008", "station = \"T3\"");
        let config = read(&[shop, &printer, &shared, &own].concat()).unwrap();
        assert!(config.shop.rules.settle_with_z);
        assert_eq!(config.shop.rules.merchant_slips, MerchantSlips::Print);
        let tills =
            config.shop.card_terminals.iter().map(|at| (at.device.as_str(), at.till.as_str()));
        assert_eq!(tills.collect::<Vec<_>>(), [("shared", "T2"), ("own", "T3")]);
        let wrong = device("own", "zvt://h:20008", "station = \"the counter\"");
        let errors = read(&[shop, &wrong].concat()).unwrap_err().to_string();
        assert!(errors.contains("is no till, as in T1"), "{errors}");
    }

    #[test]
    fn a_small_configuration_is_enough() {
        let config = read("[store]\nid = 'demo'\nname = 'Corner shop'\n").unwrap();
        assert!(!config.shop.rules.shift_required);
        let strict = "[store]\nid = 'demo'\nname = 'X'\n[shift]\nrequired = true\n\
            [auth]\nsession_minutes = 5\n";
        let rules = read(strict).unwrap().shop.rules;
        assert_eq!((rules.shift_required, rules.session_ms), (true, 300_000));
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.store, store_id("demo"), "a name is always the same store");
    }

    #[test]
    fn every_error_is_named() {
        let text = "[store]\nname = ''\ncurrency = 'euro'\nlocale = '?'\nlocal = 'x'\n\
            [http]\nlisten = '0.0.0.0:8080'\n[hq]\nurl = 'http://x'\n\
            [[device]]\nid = 'a'\nuri = 'carrier-pigeon://x'\n[[device]]\nuri = 'tcp://h:1'\n";
        let errors = read(text).unwrap_err().0.join("\n");
        for named in [
            "store.local: unknown key; did you mean store.locale?",
            "store.id: missing",
            "store.name: must not be empty",
            "store.currency: a currency is three upper-case letters",
            "is not a locale",
            "auth.mode: none is accepted only on a loopback address",
            "hq.url: \"http://x\" does not begin with https://",
            "hq.certificate: missing",
            "device[0].uri: ",
            "device[1].id: missing",
        ] {
            assert!(errors.contains(named), "{named} is not in:\n{errors}");
        }
    }
}

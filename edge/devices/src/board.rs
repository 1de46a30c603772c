//! How each device is, for screens, logs and dashboards.

use crate::{DeviceConfig, House, is_output, is_printer, is_reader, is_terminal};
use drivers_contract::{Fault, FaultCode};
use edge_domain::StoreTime;
use edge_ledger::feed::{Topic, Type};
use edge_ledger::{Ledger, LedgerError};
use std::sync::{Mutex, PoisonError};

/// A device's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody knows yet.
    Starting,
    /// It works.
    Online,
    /// It is not there or does not answer.
    Offline,
    /// Another program has it.
    Claimed,
    /// It is there, but the appliance may not use it.
    NotPermitted,
    /// It is there and says that it cannot.
    Faulted,
}

impl State {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Online => "online",
            Self::Offline => "offline",
            Self::Claimed => "claimed",
            Self::NotPermitted => "not_permitted",
            Self::Faulted => "faulted",
        }
    }

    fn of(fault: &Fault) -> Self {
        match fault.code {
            FaultCode::Claimed => Self::Claimed,
            FaultCode::NotPermitted => Self::NotPermitted,
            FaultCode::NoHardware | FaultCode::Offline | FaultCode::Timeout => Self::Offline,
            _ => Self::Faulted,
        }
    }
}

/// A device as it is.
#[derive(Clone, Debug)]
pub struct DeviceState {
    /// What is configured.
    pub config: DeviceConfig,
    /// `scanner`, `receipt_printer`, `kitchen_printer`, `card_terminal`, `rfid_reader` or `output`.
    pub kind: &'static str,
    /// How it is.
    pub state: State,
    /// Since when.
    pub since: StoreTime,
    /// What it said last, where it does not work.
    pub fault: Option<Fault>,
}

/// All devices as they are.
pub struct Board {
    devices: Mutex<Vec<DeviceState>>,
    ledger: Ledger,
}

/// A printer at a terminal prints receipts; one elsewhere, the kitchen's tickets.
fn kind(config: &DeviceConfig) -> &'static str {
    let till = |station: &str| {
        station.strip_prefix('T').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
    };
    match &config.station {
        _ if is_terminal(&config.uri) => "card_terminal",
        _ if is_reader(&config.uri) => "rfid_reader",
        _ if is_output(&config.uri) => "output",
        _ if !is_printer(&config.uri) => "scanner",
        Some(station) if !till(station) => "kitchen_printer",
        _ => "receipt_printer",
    }
}

impl Board {
    pub(crate) fn new(configs: &[DeviceConfig], house: &House) -> Self {
        let since = house.ledger.settings().clock.now();
        let device = |config: &DeviceConfig| DeviceState {
            config: config.clone(),
            kind: kind(config),
            state: State::Starting,
            since,
            fault: None,
        };
        let devices = Mutex::new(configs.iter().map(device).collect());
        Self { devices, ledger: house.ledger.clone() }
    }

    /// Every device, in the configuration's order.
    #[must_use]
    pub fn devices(&self) -> Vec<DeviceState> {
        self.devices.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn online(&self, index: usize) {
        self.set(index, State::Online, None);
    }

    pub(crate) fn fault(&self, index: usize, fault: Fault) {
        self.set(index, State::of(&fault), Some(fault));
    }

    fn set(&self, index: usize, state: State, fault: Option<Fault>) {
        let now = self.ledger.settings().clock.now();
        let id = {
            let mut devices = self.devices.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(device) = devices.get_mut(index) else { return };
            let code = |fault: &Option<Fault>| fault.as_ref().map(|fault| fault.code);
            if device.state == state && code(&device.fault) == code(&fault) {
                return;
            }
            (device.state, device.since, device.fault) = (state, now, fault);
            device.config.id.clone()
        };
        tracing::info!(device = %id, state = state.as_str(), "device");
        let data = serde_json::json!({ "device": id }).to_string();
        // Screens hear of it through the feed; nobody has to wait for that.
        drop(self.ledger.submit::<(), LedgerError>(None, move |tx| {
            tx.tell_all(Topic::Devices, Type::DeviceChanged, &data)
        }));
    }
}

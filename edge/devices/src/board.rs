//! How each device is, for screens, logs and dashboards.

use crate::asking::Asking;
use crate::gate::lamps::Lamps;
use crate::{DeviceConfig, House, is_output, is_printer, is_reader, is_terminal};
use drivers_contract::{DeviceUri, Fault, FaultCode, Weighing};
use edge_domain::StoreTime;
use edge_ledger::feed::{Topic, Type};
use edge_ledger::{Ledger, LedgerError};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

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
    /// `scanner`, `receipt_printer`, `kitchen_printer`, `label_printer`, `card_terminal`, `scale`,
    /// `customer_display`, `bump_bar`, `rfid_reader` or `output`.
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
    pub(crate) asking: Asking,
    /// The outputs, once they are made.
    pub(crate) lamps: OnceLock<Arc<Lamps>>,
}

/// How long an output is on when somebody wants to see whether it works.
const TEST_PULSE: Duration = Duration::from_secs(1);

/// A printer at a terminal prints receipts; one elsewhere, the kitchen's tickets.
fn kind(config: &DeviceConfig) -> &'static str {
    let till = |station: &str| {
        station.strip_prefix('T').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
    };
    match config.uri {
        DeviceUri::Scale { .. } => return "scale",
        DeviceUri::Display { .. } => return "customer_display",
        DeviceUri::BumpBar { .. } => return "bump_bar",
        DeviceUri::PrinterZpl { .. } => return "label_printer",
        _ => {}
    }
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
        let asking = Asking::new(configs.len());
        Self { devices, ledger: house.ledger.clone(), asking, lamps: OnceLock::new() }
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

    /// A device that the settings make impossible: it stays so until they are mended, and whoever
    /// asks it is told.
    pub(crate) fn unusable(&self, index: usize, why: &dyn std::fmt::Display) {
        let fault = Fault::new(FaultCode::Settings, why.to_string());
        self.asking.close(index, fault.clone());
        self.fault(index, fault);
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

/// Why nobody could be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskError {
    /// No such device, or none of the class at this station.
    Unknown,
    /// It is there, but could not answer.
    Fault(Fault),
}

impl Board {
    /// Something was plugged in or pulled: every device looks at its line now.
    pub fn plugged(&self) {
        self.asking.ring();
    }

    /// What lies on the scale at a station, weighed now. Blocks for as long as the scale takes.
    ///
    /// # Errors
    /// If there is no scale there, or it cannot be asked.
    pub fn weigh(&self, station: &str) -> Result<Weighing, AskError> {
        let scale = |device: &DeviceState| {
            let here = device.config.station.as_deref().is_none_or(|own| own == station);
            device.kind == "scale" && here
        };
        let index = self.devices().iter().position(scale).ok_or(AskError::Unknown)?;
        self.asking.weigh(index).map_err(AskError::Fault)
    }

    /// Lets a device do something harmless that shows whether it works, and says what. A device
    /// that only reports, as a scanner, is asked by its state. Blocks for as long as that takes.
    ///
    /// # Errors
    /// If there is no such device, or it does not work.
    pub fn test(&self, id: &str) -> Result<String, AskError> {
        let devices = self.devices();
        let index = devices.iter().position(|device| device.config.id == id);
        let index = index.ok_or(AskError::Unknown)?;
        let device = &devices[index];
        match device.kind {
            "scale" | "customer_display" | "card_terminal" => {
                self.asking.test(index).map_err(AskError::Fault)
            }
            "output" => self.light(index).map_err(AskError::Fault),
            kind => match (device.state, &device.fault) {
                (State::Online, _) if kind == "bump_bar" => {
                    Ok("It is connected. Press a key: the ticket goes.".into())
                }
                (State::Online, _) if kind == "rfid_reader" => Ok(
                    "It is connected and reads. Carry a tagged piece that was not paid for out: \
                     the lamp must light."
                        .into(),
                ),
                (State::Online, _) => {
                    Ok("It is connected. Scan something: it must arrive at its station.".into())
                }
                (_, Some(fault)) => Err(AskError::Fault(fault.clone())),
                (_, None) => {
                    let starting = Fault::new(FaultCode::Timeout, "it is only starting");
                    Err(AskError::Fault(starting))
                }
            },
        }
    }

    /// Switches an output on for a moment, so that somebody sees it.
    fn light(&self, index: usize) -> Result<String, Fault> {
        let lit = self.lamps.get().and_then(|lamps| lamps.pulse(index, TEST_PULSE));
        let state = self.devices().get(index).and_then(|device| device.fault.clone());
        match lit {
            Some(Ok(())) => {
                self.online(index);
                Ok("It was switched on for a second.".into())
            }
            Some(Err(fault)) => {
                self.fault(index, fault.clone());
                Err(fault)
            }
            None => Err(state.unwrap_or_else(|| {
                Fault::new(FaultCode::Failure, "it could not be made when the store started")
            })),
        }
    }
}

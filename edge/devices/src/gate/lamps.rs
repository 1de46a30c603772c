//! Lamps and buzzers: which ones belong to a gate, and how they are reached.

use crate::board::Board;
use crate::{DeviceConfig, Drivers};
use drivers_contract::{DeviceUri, Fault, Output, ReaderOutputs};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// The outputs of readers, by the reader's id.
pub(crate) type Wired = HashMap<String, Arc<dyn ReaderOutputs>>;

/// An output of a reader, as one of the house's.
struct ReaderLamp {
    identity: String,
    outputs: Arc<dyn ReaderOutputs>,
    port: u16,
}

impl Output for ReaderLamp {
    fn identity(&self) -> String {
        self.identity.clone()
    }

    fn pulse(&self, time: Duration) -> Result<(), Fault> {
        self.outputs.pulse(self.port, time)
    }
}

struct Lamp {
    index: usize,
    station: Option<String>,
    output: Arc<dyn Output>,
}

/// Every output of the shop.
pub(crate) struct Lamps(Vec<Lamp>);

impl Lamps {
    /// Makes the outputs that are configured; one that cannot be made says so on the board.
    pub(crate) fn new(
        configs: &[DeviceConfig],
        drivers: Drivers,
        wired: &Wired,
        board: &Board,
    ) -> Self {
        let mut lamps = Vec::new();
        for (index, config) in configs.iter().enumerate() {
            let made = match &config.uri {
                DeviceUri::OutputReader { reader, port } => {
                    let none =
                        || format!("no RFID reader of this configuration has the id {reader}");
                    wired.get(reader).ok_or_else(none).map(|outputs| {
                        let (identity, outputs) = (config.uri.to_string(), outputs.clone());
                        Arc::new(ReaderLamp { identity, outputs, port: *port }) as Arc<dyn Output>
                    })
                }
                DeviceUri::OutputGpio { .. } => {
                    (drivers.gate.output)(&config.uri).map_err(|error| error.to_string())
                }
                _ => continue,
            };
            match made {
                Ok(output) => {
                    lamps.push(Lamp { index, station: config.station.clone(), output });
                }
                Err(detail) => board.unusable(index, &detail),
            }
        }
        Self(lamps)
    }

    /// Switches one on by its place in the configuration; `None` if it could not be made.
    pub(crate) fn pulse(&self, index: usize, time: Duration) -> Option<Result<(), Fault>> {
        let lamp = self.0.iter().find(|lamp| lamp.index == index)?;
        Some(lamp.output.pulse(time))
    }

    /// Lights what belongs to a gate. A lamp that cannot be lit is a state of its own, and keeps
    /// no other one dark.
    pub(crate) fn light(&self, gate: &str, time: Duration, board: &Board) {
        for lamp in self.0.iter().filter(|lamp| lamp.station.as_deref() == Some(gate)) {
            match lamp.output.pulse(time) {
                Ok(()) => board.online(lamp.index),
                Err(fault) => board.fault(lamp.index, fault),
            }
        }
    }
}

//! The gate's part of the configuration, and its memory.

use anyhow::Context;
use edge_devices::gate::sold::{Exempt, MayLeave};
use edge_devices::gate::{KEEP_DAYS, PULSE};
use edge_devices::{DeviceConfig, GateHouse, is_reader};
use edge_ledger::Ledger;
use edge_process::config::Reader;
use std::sync::Arc;
use std::time::Duration;

/// `[gate]`.
#[derive(Debug)]
pub(crate) struct GateConfig {
    pulse: Duration,
    keep_days: u16,
    exempt: Exempt,
}

impl GateConfig {
    pub(crate) fn read(r: &mut Reader) -> Self {
        let default = u64::try_from(PULSE.as_millis()).unwrap_or(3_000);
        let pulse = r.parsed("gate.pulse_ms", default);
        if !(50..=10_000).contains(&pulse) {
            r.fail(format!("gate.pulse_ms: {pulse} is not from 50 to 10000"));
        }
        let mut exempt = Exempt::default();
        for text in r.texts("gate.exempt").unwrap_or_default() {
            if let Err(error) = exempt.add(&text) {
                r.fail(format!("gate.exempt: {error}"));
            }
        }
        let keep_days = r.parsed("gate.keep_days", KEEP_DAYS);
        Self { pulse: Duration::from_millis(pulse), keep_days, exempt }
    }

    /// What the gates share. A shop without a reader keeps nothing in memory for them.
    pub(crate) fn open(
        &self,
        ledger: &Ledger,
        devices: &[DeviceConfig],
    ) -> anyhow::Result<Arc<GateHouse>> {
        let may_leave = if devices.iter().any(|device| is_reader(&device.uri)) {
            let followed = MayLeave::follow(ledger, self.exempt.clone());
            followed.context("the gate cannot read what was sold")?
        } else {
            Arc::default()
        };
        Ok(Arc::new(GateHouse::new(may_leave, self.pulse, self.keep_days)))
    }
}

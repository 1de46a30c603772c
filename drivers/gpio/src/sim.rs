//! A simulated line: it remembers when it was on, and can be pulled out or held by others.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use drivers_contract::{Fault, FaultCode};

use crate::pulse::Line;

/// A simulated line; clones are hands on the same one.
#[derive(Clone, Default)]
pub struct SimLine(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    refusal: Option<FaultCode>,
    on_since: Option<Instant>,
    lit: Vec<Duration>,
    count: u64,
}

/// How many pulses are remembered; older ones are only counted.
const PULSES_KEPT: usize = 256;

/// The lines of `gpio://sim/N`. A line number has ten bits, and so is this bounded.
static LINES: Mutex<BTreeMap<u32, SimLine>> = Mutex::new(BTreeMap::new());

/// The line of this number: the same one for the driver and for whoever looks at it.
#[must_use]
pub fn line(number: u32) -> SimLine {
    LINES.lock().unwrap_or_else(PoisonError::into_inner).entry(number).or_default().clone()
}

impl SimLine {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses to be had from now on: absent, not permitted, or in other hands.
    pub fn refuse(&self, code: Option<FaultCode>) {
        self.lock().refusal = code;
    }

    /// Stays on with nobody to switch it off: whoever did it is dead.
    pub fn abandon(&self) {
        self.lock().on_since = Some(Instant::now());
    }

    /// Whether it is on.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.lock().on_since.is_some()
    }

    /// How often it was switched on.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.lock().count
    }

    /// How long each pulse so far was, the latest few hundred.
    #[must_use]
    pub fn pulses(&self) -> Vec<Duration> {
        self.lock().lit.clone()
    }
}

/// The simulated line while it is on.
pub struct HeldSim(SimLine);

impl Drop for HeldSim {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        if let Some(since) = state.on_since.take() {
            if state.lit.len() == PULSES_KEPT {
                state.lit.remove(0);
            }
            state.lit.push(since.elapsed());
        }
    }
}

impl Line for SimLine {
    type Held = HeldSim;

    fn hold(&mut self) -> Result<HeldSim, Fault> {
        let mut state = self.lock();
        if let Some(code) = state.refusal {
            return Err(Fault::new(code, "simulated"));
        }
        state.on_since = Some(Instant::now());
        state.count += 1;
        Ok(HeldSim(self.clone()))
    }

    fn quench(&mut self) {
        self.lock().on_since = None;
    }
}

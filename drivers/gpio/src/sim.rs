//! A simulated line: it remembers when it was on, and can be pulled out or held by others.

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

    /// How long each pulse so far was.
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
        Ok(HeldSim(self.clone()))
    }

    fn quench(&mut self) {
        self.lock().on_since = None;
    }
}

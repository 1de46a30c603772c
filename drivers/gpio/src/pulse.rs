//! The timing of a pulse: on, until its end, off; longer where another comes within it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use drivers_contract::output::bounded;
use drivers_contract::{Fault, FaultCode, Output};

/// A line that can be on. What [`Line::hold`] gives keeps it on; dropping that switches it off
/// and gives the line back.
pub trait Line: Send + 'static {
    /// What keeps the line on.
    type Held;

    /// Claims the line and switches it on.
    ///
    /// # Errors
    /// If it is not there, not permitted or in other hands.
    fn hold(&mut self) -> Result<Self::Held, Fault>;

    /// Switches off what a process that died left on. A line that the kernel takes back from the
    /// dead needs none.
    fn quench(&mut self) {}
}

/// An output that pulses a line from a thread of its own.
pub struct Pulsed {
    identity: String,
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Until when it is to be on.
    until: Option<Instant>,
    /// What became of the latest try to switch it on, once that is known.
    tried: Option<Result<(), Fault>>,
    closing: bool,
}

/// How long a caller waits to hear whether the line could be had. Claiming takes microseconds.
const CLAIM_WAIT: Duration = Duration::from_millis(500);

impl Pulsed {
    /// An output over a line. If no thread can be had, every pulse says so.
    pub fn new<L: Line>(identity: String, line: L) -> Self {
        let shared = Arc::new(Shared::default());
        let own = shared.clone();
        let thread = std::thread::Builder::new().name("output".into());
        let thread = thread.spawn(move || own.live(line)).ok();
        Self { identity, shared, thread: Mutex::new(thread) }
    }
}

impl Output for Pulsed {
    fn identity(&self) -> String {
        self.identity.clone()
    }

    fn pulse(&self, time: Duration) -> Result<(), Fault> {
        let until = Instant::now() + bounded(time);
        let mut state = self.shared.lock();
        if state.until.is_some_and(|known| known >= until) {
            return Ok(());
        }
        let lit = state.until.is_some();
        state.until = Some(until);
        if lit {
            self.shared.changed.notify_all();
            return Ok(());
        }
        state.tried = None;
        self.shared.changed.notify_all();
        let waited = self
            .shared
            .changed
            .wait_timeout_while(state, CLAIM_WAIT, |state| state.tried.is_none());
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.tried.take().unwrap_or_else(|| {
            state.until = None;
            Err(Fault::new(FaultCode::Timeout, format!("{}: no answer", self.identity)))
        })
    }
}

impl Drop for Pulsed {
    fn drop(&mut self) {
        self.shared.lock().closing = true;
        self.shared.changed.notify_all();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn live<L: Line>(&self, mut line: L) {
        line.quench();
        let mut state = self.lock();
        while !state.closing {
            if state.until.is_none() {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let held = line.hold();
            state.tried = Some(held.as_ref().map(drop).map_err(Clone::clone));
            self.changed.notify_all();
            if held.is_err() {
                state.until = None;
                continue;
            }
            state = self.keep(state);
            drop(held); // off, before anybody may ask again
            state.until = None;
        }
    }

    /// Waits for the end of a pulse, which may move away.
    fn keep<'a>(&'a self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        while let Some(until) = state.until.filter(|_| !state.closing) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        state
    }
}

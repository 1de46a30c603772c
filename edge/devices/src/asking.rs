//! What people ask of a device at work: what lies on the scale, and whether it works at all. The
//! device's own thread answers, so that nobody else ever touches its line.

use drivers_contract::plug::Bell;
use drivers_contract::{Fault, FaultCode, Stop, Weighing};
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// How many may ask one device at once: more are tills that wait for a device that is stuck.
const ASKING_MAX: usize = 8;
/// How long an answer may take: a silent scale is given up after two seconds.
const ANSWER_WAIT: Duration = Duration::from_secs(6);

/// Something that is asked, and where the answer goes.
#[derive(Debug)]
pub(crate) enum Ask {
    /// What lies on the scale now?
    Weigh(SyncSender<Result<Weighing, Fault>>),
    /// Do something harmless that shows whether it works.
    Test(SyncSender<Result<String, Fault>>),
}

/// The questions to each device, and the bell that its thread waits at.
#[derive(Debug, Default)]
pub(crate) struct Asking {
    desks: Vec<Desk>,
}

#[derive(Debug, Default)]
struct Desk {
    bell: Bell,
    asks: Mutex<VecDeque<Ask>>,
    /// Why nobody answers here, ever.
    closed: OnceLock<Fault>,
}

impl Asking {
    pub(crate) fn new(devices: usize) -> Self {
        Self { desks: (0..devices).map(|_| Default::default()).collect() }
    }

    /// Every device looks at its line now.
    pub(crate) fn ring(&self) {
        self.desks.iter().for_each(|desk| desk.bell.ring());
    }

    /// How often a device's bell has rung.
    pub(crate) fn rings(&self, index: usize) -> u64 {
        self.desks.get(index).map_or(0, |desk| desk.bell.rings())
    }

    /// Waits at a device's bell.
    pub(crate) fn wait(&self, index: usize, seen: u64, time: Duration, stop: &Stop) {
        match self.desks.get(index) {
            Some(desk) => {
                desk.bell.wait(seen, time, stop);
            }
            None => {
                let _ = stop.wait(time);
            }
        }
    }

    /// The questions that wait for a device's thread.
    pub(crate) fn take(&self, index: usize) -> VecDeque<Ask> {
        let taken = |desk: &Desk| {
            std::mem::take(&mut *desk.asks.lock().unwrap_or_else(PoisonError::into_inner))
        };
        self.desks.get(index).map(taken).unwrap_or_default()
    }

    fn put(&self, index: usize, ask: Ask) -> bool {
        let Some(desk) = self.desks.get(index) else { return false };
        {
            let mut asks = desk.asks.lock().unwrap_or_else(PoisonError::into_inner);
            if asks.len() >= ASKING_MAX {
                return false;
            }
            asks.push_back(ask);
        }
        desk.bell.ring();
        true
    }

    /// Nobody answers here from now on, for this reason.
    pub(crate) fn close(&self, index: usize, why: Fault) {
        if let Some(desk) = self.desks.get(index) {
            let _ = desk.closed.set(why);
        }
    }

    pub(crate) fn weigh(&self, index: usize) -> Result<Weighing, Fault> {
        self.answer(index, Ask::Weigh)
    }

    pub(crate) fn test(&self, index: usize) -> Result<String, Fault> {
        self.answer(index, Ask::Test)
    }

    fn answer<T>(
        &self,
        index: usize,
        ask: impl FnOnce(SyncSender<Result<T, Fault>>) -> Ask,
    ) -> Result<T, Fault> {
        if let Some(why) = self.desks.get(index).and_then(|desk| desk.closed.get()) {
            return Err(why.clone());
        }
        let (reply, answer): (_, Receiver<Result<T, Fault>>) = sync_channel(1);
        if !self.put(index, ask(reply)) {
            return Err(Fault::new(FaultCode::Timeout, "too many ask this device at once"));
        }
        match answer.recv_timeout(ANSWER_WAIT) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => {
                Err(Fault::new(FaultCode::Timeout, "the device is busy and did not answer"))
            }
            Err(RecvTimeoutError::Disconnected) => {
                Err(Fault::new(FaultCode::Offline, "the device was switched off meanwhile"))
            }
        }
    }
}

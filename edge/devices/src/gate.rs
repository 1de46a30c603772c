//! The gate: what leaves the shop without having been paid for lights a lamp.
//!
//! Reads become passages in [`tracker`] (no I/O, no floats, virtual time); a passage outwards of a
//! piece of a guarded item (one that is `serialised` in the catalogue) that is not in the set of
//! what may leave ([`sold`]) is an alarm: lamps and buzzers of the same station are pulsed first,
//! then the event is written down with its evidence in sums. Reads are never written. Other tags
//! are ignored: a customer's coat, a neighbour's stock, items whose pieces nobody tells apart. A
//! piece that is sold without its serial number being scanned alarms: the gate cannot know better.
//!
//! A reader that says nothing is a state of its device and an event of its gate, since what leaves
//! meanwhile is not seen.
//!
//! # How well
//! The README of this crate has the table, and the command that makes it.

pub mod collect;
pub mod figures;
pub mod sold;
pub mod track;
pub mod tracker;
pub mod tune;

pub(crate) mod lamps;
pub(crate) mod watch;

use collect::Collections;
use drivers_contract::{DeviceUri, Output, RfidReader, UriError};
use figures::Figures;
use sold::MayLeave;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tracker::EpcKey;

/// How readers and outputs are opened: the daemon names the drivers.
#[derive(Clone, Copy)]
pub struct GateDrivers {
    /// Opens an RFID reader.
    pub reader: fn(&DeviceUri) -> Result<Box<dyn RfidReader>, UriError>,
    /// Opens an output of the appliance.
    pub output: fn(&DeviceUri) -> Result<Arc<dyn Output>, UriError>,
}

/// What gates share.
pub struct GateHouse {
    /// What may leave.
    pub may_leave: Arc<MayLeave>,
    /// How long a lamp is lit.
    pub pulse: Duration,
    /// How long events are kept, in milliseconds.
    pub keep_ms: i64,
    /// Figures for dashboards.
    pub figures: Figures,
    /// Tags that are collected for counts.
    pub collections: Collections,
    /// Who alarmed when: two gates side by side see the same tag.
    alarms: Mutex<HashMap<EpcKey, Instant>>,
    sightings: AtomicUsize,
}

/// A tag that alarmed does not alarm again for so long.
const REPEAT: Duration = Duration::from_secs(10);
/// The default lighting time.
pub const PULSE: Duration = Duration::from_secs(3);
/// The default keeping time, in days.
pub const KEEP_DAYS: u16 = 90;
/// Tags that alarmed of late and are remembered; more than a lorry load.
const ALARMS_MAX: usize = 10_000;

impl Default for GateHouse {
    fn default() -> Self {
        Self::new(Arc::default(), PULSE, KEEP_DAYS)
    }
}

impl GateHouse {
    /// What gates share.
    #[must_use]
    pub fn new(may_leave: Arc<MayLeave>, pulse: Duration, keep_days: u16) -> Self {
        Self {
            may_leave,
            pulse,
            keep_ms: i64::from(keep_days) * 86_400_000,
            figures: Figures::default(),
            collections: Collections::default(),
            alarms: Mutex::default(),
            sightings: AtomicUsize::new(1),
        }
    }

    /// Whether this tag did not alarm a moment ago, at any gate. Says so once.
    fn first_alarm(&self, epc: &EpcKey, now: Instant) -> bool {
        let mut alarms = self.alarms.lock().unwrap_or_else(PoisonError::into_inner);
        if alarms.len() >= ALARMS_MAX {
            alarms.retain(|_, at| now.saturating_duration_since(*at) < REPEAT);
        }
        let last = alarms.insert(*epc, now);
        last.is_none_or(|at| now.saturating_duration_since(at) >= REPEAT)
    }

    fn count_sighting(&self) -> usize {
        self.sightings.fetch_add(1, Ordering::Relaxed)
    }
}

/// Whether a URI is an RFID reader's.
#[must_use]
pub const fn is_reader(uri: &DeviceUri) -> bool {
    matches!(uri, DeviceUri::ReaderLlrp { .. } | DeviceUri::ReaderMqtt { .. })
}

/// Whether a URI is an output's.
#[must_use]
pub const fn is_output(uri: &DeviceUri) -> bool {
    matches!(uri, DeviceUri::OutputGpio { .. } | DeviceUri::OutputReader { .. })
}

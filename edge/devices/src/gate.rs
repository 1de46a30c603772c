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
//! The tracker against worlds of `drivers_rfid::sim::world` whose seeds were not tuned on; numbers
//! of tags, "early" decided while the tag was still read, "false" said to leave that did not.
//! `cargo run --release -p edge-devices --example gate_table` prints it (some minutes):
//! ```text
//! scenario       runs   exits      seen direction     early   false
//! exit            143     363  100.00 %  100.00 %  100.00 %       0
//! enter           143       0         -  100.00 %         -       0
//! pass by         143       0         -         -         -       0
//! turn round      143       0         -         -         -       0
//! linger          143     192  100.00 %  100.00 %  100.00 %       0
//! cart of 60      143    8580  100.00 %  100.00 %  100.00 %       0
//! two gates       142     341  100.00 %  100.00 %  100.00 %       0
//! all            1000    9476  100.00 %  100.00 %  100.00 %       0
//! shelves: 144000 tag-minutes, 0 false alarms: 0.00 per 100,000
//! ```
//! By a reader that tells no phase the table is the same. What it cannot do is see tags that do not
//! answer: where every tag loses more than the world has it (`-- 350 4 loss=6`), as in damp wool or
//! beside metal, exits are missed, and none is told wrong:
//! ```text
//! loss    exits      seen direction   false   shelves
//! 6 dB     3324   95.49 %  100.00 %       0   0 in 14,400 tag-minutes
//! 10 dB    3324   73.56 %  100.00 %       0   0
//! 14 dB    3324   36.31 %  100.00 %       0   0
//! ```
//! It is a model of a portal with four antennas, of phase and strength in half decibels; no shop
//! was measured. Tags in foil are not read, and so not seen: no gate sees them.

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

//! What devices tell their owner: the events of UnifiedPOS, and how their threads are stopped.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::bumpbar::BumpKey;
use crate::fault::Fault;
use crate::scanner::ScanData;
use crate::upos;

/// Something that a device reports (UnifiedPOS, "Events").
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// `DataEvent`: one code was read.
    Data(ScanData),
    /// `DataEvent` of a bump bar: a key was pressed.
    Key(BumpKey),
    /// `ErrorEvent`: input or output went wrong, the device itself is still there.
    Error {
        /// Where.
        locus: ErrorLocus,
        /// What.
        fault: Fault,
    },
    /// `StatusUpdateEvent` of the device's class.
    StatusUpdate(StatusUpdate),
    /// `StatusUpdateEvent` about power.
    Power(PowerState),
    /// `OutputCompleteEvent`: the output with the owner's id is done. Owners emit it; the drivers
    /// of this house answer a print call instead.
    OutputComplete {
        /// The owner's id of the output.
        output_id: u64,
    },
}

/// Where an error happened (`ErrorEvent`, `ErrorLocus`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorLocus {
    /// During output.
    Output,
    /// During input, with nothing waiting.
    Input,
    /// During input, with earlier input waiting.
    InputData,
}

impl ErrorLocus {
    /// The JavaPOS number (`JPOS_EL_*`).
    #[must_use]
    pub const fn jpos(self) -> u8 {
        match self {
            Self::Output => upos::JPOS_EL_OUTPUT,
            Self::Input => upos::JPOS_EL_INPUT,
            Self::InputData => upos::JPOS_EL_INPUT_DATA,
        }
    }
}

/// Power as UnifiedPOS reports it (`PowerState`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PowerState {
    /// On and ready.
    Online,
    /// Off or detached.
    Off,
    /// On, but not ready or not answering.
    Offline,
    /// Off or off-line; the line cannot tell which.
    OffOffline,
}

impl PowerState {
    /// The JavaPOS number (`JPOS_PS_*`).
    #[must_use]
    pub const fn jpos(self) -> u16 {
        match self {
            Self::Online => upos::JPOS_PS_ONLINE,
            Self::Off => upos::JPOS_PS_OFF,
            Self::Offline => upos::JPOS_PS_OFFLINE,
            Self::OffOffline => upos::JPOS_PS_OFF_OFFLINE,
        }
    }
}

/// A change that a printer or the drawer behind it reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StatusUpdate {
    /// The cover was opened.
    CoverOpen,
    /// The cover was closed.
    CoverOk,
    /// The paper is out.
    PaperEmpty,
    /// The paper is low.
    PaperNearEmpty,
    /// There is paper.
    PaperOk,
    /// The cash drawer was opened.
    DrawerOpen,
    /// The cash drawer was closed.
    DrawerClosed,
}

impl StatusUpdate {
    /// The number of UnifiedPOS (`PTR_SUE_*`, `CASH_SUE_*`).
    #[must_use]
    pub const fn upos(self) -> u16 {
        match self {
            Self::CoverOpen => upos::PTR_SUE_COVER_OPEN,
            Self::CoverOk => upos::PTR_SUE_COVER_OK,
            Self::PaperEmpty => upos::PTR_SUE_REC_EMPTY,
            Self::PaperNearEmpty => upos::PTR_SUE_REC_NEAREMPTY,
            Self::PaperOk => upos::PTR_SUE_REC_PAPEROK,
            Self::DrawerOpen => upos::CASH_SUE_DRAWEROPEN,
            Self::DrawerClosed => upos::CASH_SUE_DRAWERCLOSED,
        }
    }
}

/// Where a device puts its events. `Break` means that nobody listens any more: the device stops.
pub trait EventSink: Send {
    /// Takes one event; called from the device's own thread.
    fn emit(&self, event: Event) -> ControlFlow<()>;
}

impl EventSink for mpsc::Sender<Event> {
    fn emit(&self, event: Event) -> ControlFlow<()> {
        if self.send(event).is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

/// A full queue holds the device's thread back, and the device behind it: nothing is dropped.
impl EventSink for mpsc::SyncSender<Event> {
    fn emit(&self, event: Event) -> ControlFlow<()> {
        if self.send(event).is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

/// A flag that ends a device's thread; every driver looks at it at least every [`Stop::LATENCY`].
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// The longest time that a driver may go without looking at the flag.
    pub const LATENCY: Duration = Duration::from_millis(100);

    /// A flag that is not set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks all holders of this flag to stop.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether somebody asked.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// Sleeps for `time` or until the flag is set, and answers whether it is set.
    #[must_use]
    pub fn wait(&self, time: Duration) -> bool {
        let end = Instant::now() + time;
        while !self.is_stopped() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            std::thread::sleep(left.min(Self::LATENCY / 5));
        }
        true
    }
}

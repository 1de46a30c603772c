//! Receipt and kitchen printers and the cash drawer behind them (UnifiedPOS, "POS Printer",
//! "Cash Drawer").

use crate::event::{EventSink, Stop};
use crate::fault::Fault;
use crate::print::Document;

/// What a printer can do (`Cap*` properties).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Characters on a line of normal width.
    pub columns: u8,
    /// It cuts paper.
    pub cutter: bool,
    /// A cash drawer can be driven through it.
    pub drawer: bool,
    /// It reports cover and paper.
    pub status: bool,
    /// It answers an end marker in the job, so that "printed" is a fact.
    pub marker: bool,
}

/// How much paper is left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum PaperState {
    /// Enough.
    #[default]
    Ok,
    /// The near-end sensor sees the core.
    NearEnd,
    /// None.
    Empty,
}

/// What a printer says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrinterStatus {
    /// The cover is open.
    pub cover_open: bool,
    /// The paper.
    pub paper: PaperState,
    /// The level of the drawer's switch; `None` if the printer did not say. Drawers are wired
    /// either way: here, as most are, a high pin means open.
    pub drawer_open: Option<bool>,
    /// It would print now.
    pub online: bool,
    /// A fault of its mechanics.
    pub error: Option<PrinterError>,
}

/// A fault of the mechanics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrinterError {
    /// The cutter jams.
    Cutter,
    /// It will recover by itself, as from an overheated head.
    AutoRecoverable,
    /// It needs service.
    Unrecoverable,
}

/// How far a job is. [`JobProgress::Sending`] with `sent: 0` comes *before* the first byte of the
/// job leaves, so that the owner can record durably that paper may exist from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobProgress {
    /// Asking the printer how it is; nothing of the job has left.
    Probing,
    /// The job's bytes leave.
    Sending {
        /// Bytes that the operating system took.
        sent: usize,
        /// Bytes of the job.
        total: usize,
    },
    /// All bytes left; waiting for the printer to come to the end marker.
    AwaitMarker,
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum JobOutcome {
    /// The printer answered the marker behind the last line: it is on paper.
    Printed,
    /// Provably nothing of it is on paper; it may be tried again.
    Failed(Fault),
    /// Nobody can know. It must never be repeated without a person's word.
    Indeterminate(Fault),
}

/// A printer. One thread owns it.
pub trait Printer: Send {
    /// What tells this device from others, for logs and screens: its address.
    fn identity(&self) -> String;

    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// Prints and waits until the printer says that it has. If `stop` is set before the first byte
    /// left (also from within `progress`), the job fails with nothing on paper; later it ends as
    /// indeterminate.
    fn print(
        &mut self,
        document: &Document,
        progress: &mut dyn FnMut(JobProgress),
        stop: &Stop,
    ) -> JobOutcome;

    /// Asks the printer how it is.
    ///
    /// # Errors
    /// If it cannot be reached or does not answer in time.
    fn status(&mut self) -> Result<PrinterStatus, Fault>;

    /// Opens cash drawer 0 or 1, and returns when the printer has come to the command. Never
    /// repeated by itself, and not left waiting in a printer that is off-line: a drawer that opens
    /// minutes later is worse than one that does not.
    ///
    /// # Errors
    /// If the printer cannot be reached, refuses, or does not confirm.
    fn open_drawer(&mut self, drawer: u8) -> Result<(), Fault>;

    /// The heartbeat, to be called every second or so while idle: notices unplugging, and emits
    /// what changed since the last look as `Power` and `StatusUpdate`.
    ///
    /// # Errors
    /// If the printer cannot be reached; `Power(Offline)` was emitted if it had been online.
    fn poll(&mut self, sink: &dyn EventSink) -> Result<(), Fault>;
}

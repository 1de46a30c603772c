//! The contract between the store and its hardware: the only room of `drivers/` that other rooms
//! may know.
//!
//! It holds the words (UnifiedPOS, with the numbers of JavaPOS), the traits that each class of
//! device implements, the faults and what a person should do about them, the conformance suite
//! that a real driver and its simulated twin run alike, and the seam through which twins are
//! controlled.
//!
//! It never opens a port, starts a thread or knows a protocol: those live in one crate per class
//! (`drivers-scanner`, `drivers-printer`, `drivers-terminal`, `drivers-scale`, ...). It never knows orders, items or money.
//!
//! **Where to start reading.** [`scanner::Scanner`] and [`printer::Printer`], then [`fault::Fault`]; a new
//! driver's first test is [`scanner_conformance!`] or [`printer_conformance!`].

pub mod bumpbar;
pub mod capture;
pub mod conformance;
pub mod display;
pub mod event;
pub mod fault;
pub mod output;
pub mod place;
pub mod plug;
pub mod print;
pub mod printer;
pub mod rfid;
pub mod scale;
pub mod scanner;
pub mod slip;
pub mod terminal;
pub mod twin;
pub mod upos;
pub mod uri;

pub use bumpbar::{BumpBar, BumpKey};
pub use display::LineDisplay;
pub use event::{ErrorLocus, Event, EventSink, PowerState, StatusUpdate, Stop};
pub use fault::{Fault, FaultCode};
pub use output::Output;
pub use place::Place;
pub use printer::{
    Capabilities, JobOutcome, JobProgress, PaperState, Printer, PrinterError, PrinterStatus,
};
pub use rfid::{ReaderEvent, ReaderInfo, ReaderOutputs, RfidReader, TagRead, TagSink};
pub use scale::{Scale, Weighing, Weight};
pub use scanner::{ScanData, Scanner, Symbology};
pub use slip::{Slip, SlipKind, SlipLine};
pub use terminal::{CardTerminal, Charge, ChargeStep, Verdict};
pub use uri::{DeviceUri, KeysAddress, PrinterOptions, SerialAddress, TcpAddress, UriError};
pub use uri::{GateSides, GpioDriver, LabelMedia, ReadFormat, TlsOptions};

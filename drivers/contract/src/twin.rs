//! How simulated twins are controlled: by the conformance suite, the demo and the simulator.
//!
//! A twin is the device, not a driver: it speaks the real protocol on a real line, and the driver
//! under test cannot tell it from hardware. Its handle is what a person's hands would do to it.

use std::io;
use std::time::Duration;

use crate::printer::PaperState;
use crate::uri::DeviceUri;

mod counter;
pub use counter::{BumpBarTwin, Card, DisplayTwin, ScaleTwin, TerminalTwin};

/// Hands that can pull a device's plug.
pub trait Twin: Send + Sync {
    /// Where a driver finds this twin.
    fn uri(&self) -> DeviceUri;

    /// Pulls the cable. What the device has already taken in, it keeps.
    fn unplug(&self);

    /// Puts the cable back, at the same address.
    ///
    /// # Errors
    /// If the system does not give the line back.
    fn plug(&self) -> io::Result<()>;
}

/// Hands on a scanner.
pub trait ScannerTwin: Twin {
    /// Sends these bytes as they are, paced as the line is, and returns when they are on the line.
    ///
    /// # Errors
    /// If it is unplugged.
    fn send(&self, bytes: &[u8]) -> io::Result<()>;
}

/// What a simulated reader's antenna sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The EPC's bytes.
    pub epc: Vec<u8>,
    /// The antenna, from 1.
    pub antenna: u16,
    /// Strength in hundredths of dBm.
    pub rssi_cdbm: i16,
    /// Phase in 4,096ths of a turn.
    pub phase: u16,
    /// The channel, from 1.
    pub channel: u16,
}

/// Hands on an RFID reader, and eyes on what is wired to it.
pub trait RfidTwin: Twin {
    /// Lets tags be seen, one report a tag, as soon as the reader is told to read. Answers when the
    /// reports are on the line.
    ///
    /// # Errors
    /// If nobody reads.
    fn sight(&self, sightings: &[Sighting]) -> io::Result<()>;

    /// Cuts what it sends into segments of so many bytes; whole messages at 0.
    fn set_segment(&self, bytes: usize);

    /// Stops it dead with its line open: no report, no answer, no word.
    fn set_frozen(&self, frozen: bool);

    /// Lets another client hold it.
    fn set_claimed(&self, claimed: bool);

    /// Runs its report buffer over.
    fn overflow(&self);

    /// Leaves an output as a program that crashed would.
    fn force_output(&self, port: u16, on: bool);

    /// Every change of an output so far, oldest first.
    fn outputs(&self) -> Vec<(u16, bool)>;
}

/// Hands on a printer, and eyes on its paper.
pub trait PrinterTwin: Twin {
    /// Takes the roll out or puts one in.
    fn set_paper(&self, paper: PaperState);

    /// Lets the paper run out after so many more lines.
    fn set_paper_lines_left(&self, lines: u32);

    /// Opens or closes the cover.
    fn set_cover_open(&self, open: bool);

    /// Presses the feed button or puts it off-line otherwise.
    fn set_offline(&self, offline: bool);

    /// Opens or closes the cash drawer by hand.
    fn set_drawer_open(&self, open: bool);

    /// Delays every answer by so much.
    fn set_latency(&self, latency: Duration);

    /// Stops the mechanics: bytes are taken until the buffer is full, nothing is printed.
    fn set_stalled(&self, stalled: bool);

    /// Pulls the cable by itself after so many more bytes were taken in.
    fn unplug_after(&self, bytes: usize);

    /// The text of every receipt that was cut, oldest first.
    fn receipts(&self) -> Vec<String>;

    /// The text on the paper that still hangs out of the printer.
    fn uncut(&self) -> String;

    /// Bytes that were taken in and wait in the printer's buffer.
    fn buffered(&self) -> usize;

    /// The drawers that were opened by a pulse, in order.
    fn drawer_pulses(&self) -> Vec<u8>;
}

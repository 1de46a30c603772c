//! What an RFID reader gives: tags that were seen, by which antenna, how strong, and how it is.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::event::Stop;
use crate::fault::Fault;

/// The longest EPC that a Gen2 tag can carry, in bytes (496 bits; GS1 Gen2, 6.3.2.1.2).
pub const EPC_BYTES_MAX: usize = 62;

/// Parts of a full turn that [`TagRead::phase`] counts.
pub const PHASE_TURN: u16 = 4_096;

/// A reader that says nothing for so long is dead: its owner hears of it then, and not later.
pub const SILENCE_MAX: Duration = Duration::from_secs(5);

/// One sighting of a tag. It borrows from the line's buffer: whoever keeps it copies what he needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TagRead<'a> {
    /// The EPC alone, without CRC and protocol-control word.
    pub epc: &'a [u8],
    /// The antenna's number, from 1; 0 where the reader did not say.
    pub antenna: u16,
    /// Strength in hundredths of dBm.
    pub rssi_cdbm: Option<i16>,
    /// Phase of the carrier, in [`PHASE_TURN`]ths of a turn. Two phases say something of each other
    /// only on the same antenna and channel.
    pub phase: Option<u16>,
    /// The channel, as the reader numbers it.
    pub channel: Option<u16>,
    /// The reader's own clock, in microseconds: since 1970, or since it was switched on.
    pub reader_us: Option<u64>,
    /// How many sightings this report stands for.
    pub count: u16,
    /// When its bytes came.
    pub at: Instant,
}

/// What a reader is, as it says itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReaderInfo {
    /// The protocol and version that is spoken, as `LLRP 1.0.1`.
    pub protocol: String,
    /// The maker's Private Enterprise Number (IANA), where it says one.
    pub maker: u32,
    /// The maker's number of the model.
    pub model: u32,
    /// Its firmware.
    pub firmware: String,
    /// How many antennas it can have.
    pub antennas: u16,
    /// How many outputs it has.
    pub outputs: u16,
}

/// What a reader reports beside tags.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReaderEvent {
    /// It is configured and reads.
    Online(ReaderInfo),
    /// Its buffer is so full, in hundredths.
    BufferFilling(u8),
    /// Its buffer ran over: reads were lost.
    BufferOverflow,
    /// An antenna's cable is out.
    AntennaDown(u16),
    /// An antenna's cable is back.
    AntennaUp(u16),
    /// Something that it cannot do, in its own words.
    Exception(String),
}

/// Where a reader puts what it sees; called from the reader's own thread. Must not block.
pub trait TagSink {
    /// Takes one sighting.
    fn read(&self, read: &TagRead<'_>);

    /// Takes an event.
    fn event(&self, event: &ReaderEvent);

    /// Called when the line has been emptied and what the reads made the owner ask of the reader's
    /// outputs is on its way, and at least every [`Stop::LATENCY`]. `Break` means
    /// that nobody listens any more.
    fn tick(&self, now: Instant) -> ControlFlow<()>;
}

/// An RFID reader. One thread owns it and calls [`RfidReader::run`]; the caller restarts it.
pub trait RfidReader: Send {
    /// What tells this device from others, for logs and screens: its address, never a secret.
    fn identity(&self) -> String;

    /// Its outputs, where it has any that this driver can reach.
    fn outputs(&self) -> Option<Arc<dyn ReaderOutputs>>;

    /// Connects, configures, and reports tags until told to stop.
    ///
    /// Returns `Ok` when `stop` is set (looked at every [`Stop::LATENCY`]) or nobody listens.
    ///
    /// # Errors
    /// The fault that ended it: `Claimed` where another client has the reader, `Timeout` where it
    /// fell silent, at the latest after [`SILENCE_MAX`].
    fn run(&mut self, sink: &dyn TagSink, stop: &Stop) -> Result<(), Fault>;
}

/// The outputs of a reader: lamps and buzzers that are wired to it.
pub trait ReaderOutputs: Send + Sync {
    /// Switches an output on for a while. It comes back when the command is queued for the wire:
    /// a gate must not wait for its lamp.
    ///
    /// # Errors
    /// `Offline` while the reader is not connected; `Failure` where the output cannot be.
    fn pulse(&self, port: u16, time: Duration) -> Result<(), Fault>;
}

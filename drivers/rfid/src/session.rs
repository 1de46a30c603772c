//! A client's session with an LLRP reader, without I/O: bytes and time in, reads and bytes out.
//!
//! On every connection the reader is set up anew, whatever it remembers: reading specifications
//! survive a lost connection, outputs stay as a crash left them, and a keepalive that was on may
//! be off after a reset.

mod set_up;

use crate::llrp::event::{self, Notice};
use crate::llrp::frame::FrameError;
use crate::llrp::number::{VERSION_1_0_1, message as m};
use crate::llrp::{Frames, Header, encode, report};
use drivers_contract::output::bounded;
use drivers_contract::rfid::SILENCE_MAX;
use drivers_contract::{Fault, FaultCode, ReaderInfo, TagSink};
use std::time::{Duration, Instant};

/// How often the reader says that it lives.
pub const KEEPALIVE: Duration = Duration::from_secs(1);
/// A reader that said nothing for so long is dead; a keepalive may be lost, or late, twice.
const SILENCE: Duration = Duration::from_secs(4);
const _: () = assert!(SILENCE.as_millis() + 500 < SILENCE_MAX.as_millis());

/// How far the set-up is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Welcome,
    Version,
    SetVersion,
    Capabilities,
    Extensions,
    Clean,
    Configure,
    Add,
    Enable,
    Start,
    Reading,
}

/// One connection's session.
pub struct Session {
    frames: Frames,
    writer: encode::Writer,
    step: Step,
    version: u8,
    offer_1_1: bool,
    gen2: bool,
    extended: bool,
    info: ReaderInfo,
    id: u32,
    heard: Instant,
    /// Outputs that are on, and until when.
    on: Vec<(u16, Instant)>,
    /// Tags whose report could not be read.
    broken: u64,
}

impl Session {
    /// A session on a connection that was just made. `offer_1_1` is false for readers that hang up
    /// on the question which version they speak.
    #[must_use]
    pub fn new(offer_1_1: bool, now: Instant) -> Self {
        Self {
            frames: Frames::default(),
            writer: encode::Writer::default(),
            step: Step::Welcome,
            version: VERSION_1_0_1,
            offer_1_1,
            gen2: true,
            extended: false,
            info: ReaderInfo::default(),
            id: 0,
            heard: now,
            on: Vec::new(),
            broken: 0,
        }
    }

    /// Bytes that came at `now`.
    ///
    /// # Errors
    /// Whatever ends the session: see [`Fault`].
    pub fn on_bytes(
        &mut self,
        bytes: &[u8],
        now: Instant,
        sink: &dyn TagSink,
    ) -> Result<(), Fault> {
        self.heard = now;
        let mut frames = std::mem::take(&mut self.frames);
        frames.push(bytes);
        let done = loop {
            match frames.pop() {
                Ok(None) => break Ok(()),
                Ok(Some(message)) => {
                    if let Err(fault) = self.on_message(message.header, message.body, now, sink) {
                        break Err(fault);
                    }
                }
                Err(error) => break Err(stray(error)),
            }
        };
        self.frames = frames;
        done
    }

    /// Looks at the clock: outputs end, and silence is noticed.
    ///
    /// # Errors
    /// `Timeout` where the reader fell silent.
    pub fn on_tick(&mut self, now: Instant) -> Result<(), Fault> {
        let mut on = std::mem::take(&mut self.on);
        on.retain(|(port, until)| {
            let lit = *until > now;
            if !lit {
                let id = self.next_id();
                encode::set_output(&mut self.writer, self.version, id, *port, false);
            }
            lit
        });
        self.on = on;
        if now.saturating_duration_since(self.heard) < SILENCE {
            return Ok(());
        }
        let detail = match self.step {
            Step::Welcome => "the line is open, but no reader greets on it",
            Step::Reading => "no keepalive came",
            _ => "the reader does not answer",
        };
        Err(Fault::new(FaultCode::Timeout, detail))
    }

    /// What goes to the reader now.
    pub fn take_tx(&mut self) -> Vec<u8> {
        if self.writer.is_empty() { Vec::new() } else { self.writer.take() }
    }

    /// Switches an output on for a while.
    ///
    /// # Errors
    /// `Offline` before the reader reads, `Failure` for an output that it does not have.
    pub fn pulse(&mut self, port: u16, time: Duration, now: Instant) -> Result<(), Fault> {
        if self.step != Step::Reading {
            return Err(Fault::new(FaultCode::Offline, "the reader is not ready"));
        }
        if port == 0 || (self.info.outputs > 0 && port > self.info.outputs) {
            let has = format!("the reader has {} outputs, not {port}", self.info.outputs);
            return Err(Fault::new(FaultCode::Failure, has));
        }
        let (time, id) = (bounded(time), self.next_id());
        let until = now + time;
        if let Some((_, known)) = self.on.iter_mut().find(|(known, _)| *known == port) {
            if *known >= until {
                return Ok(());
            }
            *known = until;
        } else {
            self.on.push((port, until));
        }
        if self.extended {
            encode::pulse_output(&mut self.writer, self.version, id, port, time);
        } else {
            encode::set_output(&mut self.writer, self.version, id, port, true);
        }
        Ok(())
    }

    /// Whether the reader reads.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        self.step == Step::Reading
    }

    /// Whether the reader was asked which version it speaks and said nothing so far.
    #[must_use]
    pub fn asked_version(&self) -> bool {
        self.step == Step::Version
    }

    /// When [`Self::on_tick`] has to be called at the latest.
    #[must_use]
    pub fn wake_at(&self) -> Option<Instant> {
        self.on.iter().map(|(_, until)| *until).min()
    }

    /// Tags whose report could not be read.
    #[must_use]
    pub const fn broken(&self) -> u64 {
        self.broken
    }

    /// Puts every lit output out and takes leave.
    pub fn close(&mut self) {
        for (port, _) in std::mem::take(&mut self.on) {
            let id = self.next_id();
            encode::set_output(&mut self.writer, self.version, id, port, false);
        }
        self.ask(m::CLOSE_CONNECTION, |_| {});
    }

    fn next_id(&mut self) -> u32 {
        self.id = self.id.wrapping_add(1).max(1);
        self.id
    }

    fn ask(&mut self, kind: u16, body: impl FnOnce(&mut encode::Writer)) {
        let id = self.next_id();
        self.writer.message(self.version, kind, id, body);
    }

    fn on_message(
        &mut self,
        header: Header,
        body: &[u8],
        now: Instant,
        sink: &dyn TagSink,
    ) -> Result<(), Fault> {
        match header.kind {
            m::RO_ACCESS_REPORT => {
                let broken = report::read(body, now, &mut |read| sink.read(read));
                self.broken += u64::from(broken);
                Ok(())
            }
            m::KEEPALIVE => {
                self.writer.message(self.version, m::KEEPALIVE_ACK, header.id, |_| {});
                Ok(())
            }
            m::READER_EVENT_NOTIFICATION => self.on_notices(body, sink),
            m::ERROR_MESSAGE => self.on_error(body, sink),
            m::CLOSE_CONNECTION_RESPONSE => Ok(()),
            kind => self.on_answer(kind, header.id, body, sink),
        }
    }

    fn on_notices(&mut self, body: &[u8], sink: &dyn TagSink) -> Result<(), Fault> {
        let mut notices = Vec::new();
        event::read(body, &mut |notice| notices.push(notice));
        for notice in notices {
            match notice {
                Notice::Welcome if self.step == Step::Welcome => self.greet(),
                Notice::Welcome | Notice::Knocked => {}
                Notice::Taken => {
                    let detail = "the reader says that another connection exists";
                    return Err(Fault::new(FaultCode::Claimed, detail));
                }
                Notice::Refused(status) => {
                    let detail = format!("the reader refuses the connection, status {status}");
                    return Err(Fault::new(FaultCode::Failure, detail));
                }
                Notice::Closing => {
                    return Err(Fault::new(FaultCode::Offline, "the reader hung up"));
                }
                Notice::Ended(id) if id == encode::ROSPEC && self.step == Step::Reading => {
                    self.ask(m::START_ROSPEC, |w| w.u32(encode::ROSPEC));
                }
                Notice::Ended(_) => {}
                Notice::Tell(event) => sink.event(&event),
            }
        }
        Ok(())
    }
}

fn stray(error: FrameError) -> Fault {
    Fault::new(FaultCode::Protocol, error.to_string())
}

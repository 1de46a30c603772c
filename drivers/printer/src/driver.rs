//! The driver: the protocol on a line, with the line's faults and the owner's patience.
//!
//! A serial line stays open and claimed. A network printer serves one session at a time, so it is
//! connected per use and kept only for a short lease, that another till may print too.

use std::time::{Duration, Instant};

use drivers_contract::print::Document;
use drivers_contract::{
    Capabilities, DeviceUri, Event, EventSink, Fault, FaultCode, JobOutcome, JobProgress,
    PaperState, PowerState, Printer, PrinterOptions, PrinterStatus, StatusUpdate, Stop, UriError,
};
use drivers_port::sys::Sys;
use drivers_port::{Port, connect_tcp, open_serial, open_usb_printer};

use crate::escpos::dialogue::{Dialogue, STATUS_QUESTIONS};
use crate::escpos::encode::{Encoded, MARKER, Profile, encode};
pub use crate::escpos::job::Timing;
use crate::escpos::job::{Job, Recovery};
use crate::escpos::status::obstacle;

/// How long the loop sleeps on the line before it looks at the stop flag and the clock.
const WAIT: Duration = Duration::from_millis(20);
/// Slower lines get no pictures.
const RASTER_BAUD_MIN: u32 = 38_400;
/// Bytes handed over at a time: small enough that progress means something on a slow line.
const CHUNK: usize = 512;

/// An ESC/POS printer over TCP or a serial line.
pub struct EscPosPrinter {
    identity: String,
    connect: Box<dyn Fn() -> Result<Box<dyn Port>, Fault> + Send>,
    /// The speed of a serial line; none in the network.
    baud: Option<u32>,
    profile: Profile,
    timing: Timing,
    port: Option<Box<dyn Port>>,
    used_at: Instant,
    dialogue: Dialogue,
    recovery: Recovery,
    reported: Option<PrinterStatus>,
}

impl EscPosPrinter {
    /// The printer behind a URI, with deadlines of the caller's choice.
    ///
    /// # Errors
    /// If the URI names a device of another class, or a code page that is not carried.
    pub fn new(uri: &DeviceUri, timing: Timing) -> Result<Self, UriError> {
        match uri.clone() {
            DeviceUri::PrinterTcp { address, options } => {
                let profile = profile(&options)?;
                let connect = move || {
                    connect_tcp(&address, timing.answer).map(|port| Box::new(port) as Box<dyn Port>)
                };
                Ok(Self::over(uri.to_string(), Box::new(connect), None, profile, timing))
            }
            DeviceUri::PrinterSerial { address, options } => {
                let mut profile = profile(&options)?;
                // A line of dots is 1.6 s at 9600 baud: there, letters are spelled.
                profile.raster &= address.baud >= RASTER_BAUD_MIN;
                let baud = Some(address.baud);
                let connect =
                    move || open_serial(&address).map(|port| Box::new(port) as Box<dyn Port>);
                Ok(Self::over(uri.to_string(), Box::new(connect), baud, profile, timing))
            }
            DeviceUri::PrinterUsb { path, options } => {
                let profile = profile(&options)?;
                let connect = move || {
                    let port = open_usb_printer(&path, &Sys::default())?;
                    Ok(Box::new(port) as Box<dyn Port>)
                };
                Ok(Self::over(uri.to_string(), Box::new(connect), None, profile, timing))
            }
            other => Err(UriError::WrongClass { uri: other.to_string(), wanted: "printer" }),
        }
    }

    fn over(
        identity: String,
        connect: Box<dyn Fn() -> Result<Box<dyn Port>, Fault> + Send>,
        baud: Option<u32>,
        profile: Profile,
        timing: Timing,
    ) -> Self {
        Self {
            identity,
            connect,
            baud,
            profile,
            timing,
            port: None,
            used_at: Instant::now(),
            dialogue: Dialogue::default(),
            recovery: Recovery::Unknown,
            reported: None,
        }
    }

    /// Asks for the status on the open line, or on a new one if there is none or it has died.
    fn ask(&mut self, stop: &Stop) -> Result<PrinterStatus, Fault> {
        self.used_at = Instant::now();
        if let Some(port) = self.port.take() {
            match self.ask_on(port, stop) {
                Err(fault) if fault.code == FaultCode::Offline => {}
                other => return other,
            }
        }
        let port = (self.connect)()?;
        self.ask_on(port, stop)
    }

    /// Keeps the port only if it answered: what is wrong with a line is wrong with its next use.
    fn ask_on(&mut self, mut port: Box<dyn Port>, stop: &Stop) -> Result<PrinterStatus, Fault> {
        self.dialogue.ask(Instant::now());
        let result = self.await_status(&mut *port, stop);
        match &result {
            Ok(_) => self.port = Some(port),
            Err(fault) if fault.code == FaultCode::Offline => self.dialogue.forget(),
            Err(_) => self.dialogue.give_up(),
        }
        result
    }

    fn await_status(&mut self, port: &mut dyn Port, stop: &Stop) -> Result<PrinterStatus, Fault> {
        let deadline = Instant::now() + self.timing.answer;
        let mut questions = STATUS_QUESTIONS;
        let mut buffer = [0; 256];
        loop {
            questions = &questions[port.write(questions, WAIT)?..];
            let count = port.read(&mut buffer, WAIT)?;
            for byte in &buffer[..count] {
                self.dialogue.on_byte(*byte);
            }
            if let Some(status) = self.dialogue.answer() {
                return Ok(status);
            }
            if stop.is_stopped() {
                return Err(Fault::new(FaultCode::Failure, "asking was stopped"));
            }
            if Instant::now() >= deadline {
                let detail = format!("{} does not answer", self.identity);
                return Err(Fault::new(FaultCode::Timeout, detail));
            }
        }
    }

    /// Probes the printer and runs one job on it.
    fn run(
        &mut self,
        encoded: Encoded,
        progress: &mut dyn FnMut(JobProgress),
        stop: &Stop,
    ) -> JobOutcome {
        progress(JobProgress::Probing);
        let fault = match self.ask(stop) {
            Ok(status) => obstacle(&status),
            Err(fault) => Some(fault),
        };
        let port = match (fault, self.port.take()) {
            (Some(fault), port) => {
                self.port = port;
                return JobOutcome::Failed(fault);
            }
            (None, Some(port)) => port,
            (None, None) => {
                return JobOutcome::Failed(Fault::new(FaultCode::Offline, "the line is gone"));
            }
        };
        let mut job = Job::new(encoded, self.recovery, self.timing, self.baud, Instant::now());
        let (outcome, port) = self.drive(&mut job, port, progress, stop);
        self.port = port;
        self.recovery = job.aftermath();
        self.used_at = Instant::now();
        outcome
    }

    /// Gives the port back unless it is gone.
    fn drive(
        &mut self,
        job: &mut Job,
        mut port: Box<dyn Port>,
        progress: &mut dyn FnMut(JobProgress),
        stop: &Stop,
    ) -> (JobOutcome, Option<Box<dyn Port>>) {
        loop {
            while let Some(step) = job.next_progress() {
                progress(step);
            }
            if stop.is_stopped() {
                job.on_stop();
            }
            if let Some(outcome) = job.outcome() {
                return (outcome.clone(), Some(port));
            }
            job.release(Instant::now());
            if let Err(fault) = self.step(job, &mut *port) {
                self.dialogue.forget();
                job.on_lost(fault);
                if let Some(outcome) = job.outcome() {
                    return (outcome.clone(), None);
                }
            }
        }
    }

    fn step(&mut self, job: &mut Job, port: &mut dyn Port) -> Result<(), Fault> {
        let pending = job.pending();
        let writing = !pending.is_empty();
        if writing {
            let count = port.write(&pending[..pending.len().min(CHUNK)], WAIT)?;
            job.on_written(count, Instant::now());
        }
        let mut buffer = [0; 256];
        let count = port.read(&mut buffer, if writing { Duration::ZERO } else { WAIT })?;
        let now = Instant::now();
        for byte in &buffer[..count] {
            if let Some(reply) = self.dialogue.on_byte(*byte) {
                job.on_reply(reply, now);
            }
        }
        job.on_tick(now);
        Ok(())
    }

    fn end_lease(&mut self) {
        if self.baud.is_none() && self.used_at.elapsed() >= self.timing.lease {
            self.port = None;
        }
    }
}

impl Printer for EscPosPrinter {
    fn identity(&self) -> String {
        self.identity.clone()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            columns: self.profile.columns,
            cutter: self.profile.cutter,
            drawer: true,
            status: true,
            marker: true,
        }
    }

    fn print(
        &mut self,
        document: &Document,
        progress: &mut dyn FnMut(JobProgress),
        stop: &Stop,
    ) -> JobOutcome {
        self.run(encode(document, &self.profile), progress, stop)
    }

    fn status(&mut self) -> Result<PrinterStatus, Fault> {
        self.ask(&Stop::new())
    }

    fn open_drawer(&mut self, drawer: u8) -> Result<(), Fault> {
        if drawer > 1 {
            return Err(Fault::new(FaultCode::Failure, format!("there is no drawer {drawer}")));
        }
        // 100 ms on, then at least 500 ms off: the coil burns if it is held.
        let mut bytes = vec![0x1b, b'p', drawer, 50, 250];
        bytes.extend_from_slice(MARKER);
        match self.run(Encoded { bytes, lines: 0 }, &mut |_| {}, &Stop::new()) {
            JobOutcome::Printed => Ok(()),
            JobOutcome::Failed(fault) | JobOutcome::Indeterminate(fault) => Err(fault),
        }
    }

    fn poll(&mut self, sink: &dyn EventSink) -> Result<(), Fault> {
        let lease = self.used_at;
        let result = self.ask(&Stop::new());
        // A heartbeat does not prolong the lease.
        self.used_at = lease;
        self.end_lease();
        match result {
            Ok(status) => {
                for event in changes(self.reported.replace(status).as_ref(), &status) {
                    if sink.emit(event).is_break() {
                        break;
                    }
                }
                Ok(())
            }
            Err(fault) => {
                if self.reported.take().is_some() {
                    let _ = sink.emit(Event::Power(PowerState::Offline));
                }
                Err(fault)
            }
        }
    }
}

/// What changed since the last report; a printer that was away is compared with a healthy one.
fn changes(before: Option<&PrinterStatus>, now: &PrinterStatus) -> Vec<Event> {
    let mut events = Vec::new();
    if before.is_none() {
        events.push(Event::Power(PowerState::Online));
    }
    if before.is_some_and(|b| b.cover_open) != now.cover_open {
        let update = if now.cover_open { StatusUpdate::CoverOpen } else { StatusUpdate::CoverOk };
        events.push(Event::StatusUpdate(update));
    }
    if before.map_or(PaperState::Ok, |b| b.paper) != now.paper {
        events.push(Event::StatusUpdate(match now.paper {
            PaperState::Ok => StatusUpdate::PaperOk,
            PaperState::NearEnd => StatusUpdate::PaperNearEmpty,
            PaperState::Empty => StatusUpdate::PaperEmpty,
        }));
    }
    let was_open = before.and_then(|b| b.drawer_open).unwrap_or(false);
    if let Some(open) = now.drawer_open
        && open != was_open
    {
        let update = if open { StatusUpdate::DrawerOpen } else { StatusUpdate::DrawerClosed };
        events.push(Event::StatusUpdate(update));
    }
    events
}

fn profile(options: &PrinterOptions) -> Result<Profile, UriError> {
    let bad = |name: &str, value: &str, reason| UriError::BadOption {
        name: name.to_owned(),
        value: value.to_owned(),
        reason,
    };
    let mut profile = match &options.profile {
        None => Profile::default(),
        Some(name) => Profile::by_name(name).ok_or_else(|| {
            bad(
                "profile",
                name,
                "a model is needed, as in TM-T20II; outpost device list shows them",
            )
        })?,
    };
    if let Some(columns) = options.columns {
        profile = profile.with_columns(columns);
    }
    if !options.code_pages.is_empty() {
        let chosen = profile.with_code_pages(&options.code_pages);
        profile = chosen.map_err(|name| bad("codepage", &name, "this model does not have it"))?;
    }
    Ok(profile)
}

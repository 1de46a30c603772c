//! The driver: one connection a job, and the printer's word for what became of it.

use std::time::{Duration, Instant};

use drivers_contract::print::Document;
use drivers_contract::{
    Capabilities, DeviceUri, Event, EventSink, Fault, FaultCode, JobOutcome, JobProgress,
    LabelMedia, PowerState, Printer, PrinterStatus, Stop, TcpAddress, UriError,
};
use drivers_port::{Port, connect_tcp};

use super::encode::encode;
use super::status::{Parser, QUESTION, Status};
use crate::Timing;

const WAIT: Duration = Duration::from_millis(20);
/// Between two looks at a printer that is at work.
const LOOK: Duration = Duration::from_millis(100);

/// A ZPL printer in the network.
pub struct ZplPrinter {
    identity: String,
    address: TcpAddress,
    media: LabelMedia,
    timing: Timing,
    online: bool,
}

impl ZplPrinter {
    /// The printer behind a URI, with deadlines of the caller's choice.
    ///
    /// # Errors
    /// If the URI names a device of another class.
    pub fn new(uri: &DeviceUri, timing: Timing) -> Result<Self, UriError> {
        let DeviceUri::PrinterZpl { address, media } = uri.clone() else {
            return Err(UriError::WrongClass { uri: uri.to_string(), wanted: "label printer" });
        };
        Ok(Self { identity: uri.to_string(), address, media, timing, online: false })
    }

    fn connect(&self) -> Result<Box<dyn Port>, Fault> {
        connect_tcp(&self.address, self.timing.answer).map(|port| Box::new(port) as Box<dyn Port>)
    }

    fn ask(&self, port: &mut dyn Port) -> Result<Status, Fault> {
        let deadline = Instant::now() + self.timing.answer;
        let (mut left, mut parser, mut buffer) = (QUESTION, Parser::default(), [0; 256]);
        loop {
            left = &left[port.write(left, WAIT)?..];
            let count = port.read(&mut buffer, WAIT)?;
            let answer = buffer[..count].iter().filter_map(|byte| parser.push(*byte)).last();
            if let Some(status) = answer {
                return Ok(status);
            }
            if Instant::now() >= deadline {
                let detail = format!("{} does not answer", self.identity);
                return Err(Fault::new(FaultCode::Timeout, detail));
            }
        }
    }

    /// Sends the label; answers how many of its bytes left.
    fn send(
        port: &mut dyn Port,
        label: &[u8],
        deadline: Instant,
        progress: &mut dyn FnMut(JobProgress),
    ) -> Result<(), Fault> {
        let mut sent = 0;
        while sent < label.len() {
            sent += port.write(&label[sent..], WAIT)?;
            progress(JobProgress::Sending { sent, total: label.len() });
            if Instant::now() >= deadline {
                return Err(Fault::new(FaultCode::Timeout, "the printer takes no more bytes"));
            }
        }
        Ok(())
    }

    /// Waits until the printer has nothing left to print. While a person is needed, it may take
    /// as long as people take.
    fn wait(&self, port: &mut dyn Port, stop: &Stop) -> Result<(), Fault> {
        let mut deadline = Instant::now() + self.timing.slack;
        let mut obstacle: Option<Fault> = None;
        loop {
            let status = self.ask(port)?;
            let now = Instant::now();
            match (status.obstacle(), obstacle.is_some()) {
                (Some(fault), false) => {
                    obstacle = Some(fault);
                    deadline = now + self.timing.attention;
                }
                (None, true) => {
                    obstacle = None;
                    deadline = now + self.timing.slack;
                }
                _ => {}
            }
            if status.is_done() && obstacle.is_none() {
                return Ok(());
            }
            if now >= deadline {
                let late = || Fault::new(FaultCode::Timeout, "the label does not come out");
                return Err(obstacle.unwrap_or_else(late));
            }
            if stop.wait(LOOK) {
                return Err(Fault::new(FaultCode::Failure, "printing was stopped"));
            }
        }
    }
}

impl Printer for ZplPrinter {
    fn identity(&self) -> String {
        self.identity.clone()
    }

    fn capabilities(&self) -> Capabilities {
        let columns = u8::try_from(self.media.width_dots() / 14).unwrap_or(u8::MAX);
        Capabilities { columns, cutter: false, drawer: false, status: true, marker: true }
    }

    fn print(
        &mut self,
        document: &Document,
        progress: &mut dyn FnMut(JobProgress),
        stop: &Stop,
    ) -> JobOutcome {
        progress(JobProgress::Probing);
        let label = encode(document, self.media).into_bytes();
        let ready = self.connect().and_then(|mut port| {
            let status = self.ask(&mut *port)?;
            // Labels of somebody else that wait would be taken for ours.
            match status.obstacle() {
                Some(fault) => Err(fault),
                None if !status.is_done() => {
                    Err(Fault::new(FaultCode::Claimed, "it still prints other labels"))
                }
                None => Ok(port),
            }
        });
        let mut port = match ready {
            Ok(port) => port,
            Err(fault) => return JobOutcome::Failed(fault),
        };
        progress(JobProgress::Sending { sent: 0, total: label.len() });
        if stop.is_stopped() {
            return JobOutcome::Failed(Fault::new(FaultCode::Failure, "printing was stopped"));
        }
        let deadline = Instant::now() + self.timing.slack;
        if let Err(fault) = Self::send(&mut *port, &label, deadline, progress) {
            return JobOutcome::Indeterminate(fault);
        }
        progress(JobProgress::AwaitMarker);
        match self.wait(&mut *port, stop) {
            Ok(()) => JobOutcome::Printed,
            Err(fault) => JobOutcome::Indeterminate(fault),
        }
    }

    fn status(&mut self) -> Result<PrinterStatus, Fault> {
        let mut port = self.connect()?;
        self.ask(&mut *port).map(PrinterStatus::from)
    }

    fn open_drawer(&mut self, _drawer: u8) -> Result<(), Fault> {
        Err(Fault::new(FaultCode::Failure, "a label printer has no drawer"))
    }

    fn poll(&mut self, sink: &dyn EventSink) -> Result<(), Fault> {
        let asked = self.status();
        let online = asked.is_ok();
        if online != self.online {
            let state = if online { PowerState::Online } else { PowerState::Offline };
            let _ = sink.emit(Event::Power(state));
        }
        self.online = online;
        asked.map(drop)
    }
}

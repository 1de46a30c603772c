//! The loop of a scanner: open, claim, read, frame, report; over any port.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use drivers_contract::{ErrorLocus, Event, EventSink, Fault, FaultCode, PowerState, Scanner, Stop};
use drivers_port::Port;

use crate::protocol::{CODE_BYTES_MAX, Decode, Frame};

/// Half of what [`Stop::LATENCY`] allows; a read wakes at once when a byte comes.
const READ_WAIT: Duration = Duration::from_millis(50);

/// An open port, and what turns its bytes into codes.
pub type Opened = (Box<dyn Port>, Box<dyn Decode>);

/// Opens the port of a scanner, again at every run.
pub type OpenPort = Box<dyn Fn() -> Result<Opened, Fault> + Send>;

/// A scanner that is read through a port.
pub struct PortScanner {
    identity: String,
    open: OpenPort,
    wait: Duration,
}

impl PortScanner {
    /// A scanner over whatever `open` opens; `idle_gap` is a silence that means something.
    #[must_use]
    pub fn new(identity: String, open: OpenPort, idle_gap: Option<Duration>) -> Self {
        let wait = idle_gap.map_or(READ_WAIT, |gap| (gap / 2).min(READ_WAIT));
        Self { identity, open, wait }
    }

    fn read_until(
        &self,
        (port, decoder): (&mut dyn Port, &mut dyn Decode),
        sink: &dyn EventSink,
        stop: &Stop,
    ) -> Result<(), Fault> {
        let mut buffer = [0; 1_024];
        while !stop.is_stopped() {
            let count = port.read(&mut buffer, self.wait)?;
            let now = Instant::now();
            let mut listening = ControlFlow::Continue(());
            let mut report = |frame| {
                if listening.is_continue() {
                    listening = sink.emit(event(frame));
                }
            };
            if count == 0 {
                decoder.on_tick(now, &mut report);
            } else {
                decoder.on_bytes(&buffer[..count], now, &mut report);
            }
            if listening.is_break() {
                break;
            }
        }
        Ok(())
    }
}

fn event(frame: Frame) -> Event {
    match frame {
        Frame::Code(data) => Event::Data(data),
        Frame::Lost => Event::Error {
            locus: ErrorLocus::Input,
            fault: Fault::new(FaultCode::Protocol, "part of a code was lost: scan it again"),
        },
        Frame::Overlong => Event::Error {
            locus: ErrorLocus::Input,
            fault: Fault::new(
                FaultCode::Protocol,
                format!(
                    "more than {CODE_BYTES_MAX} bytes without CR or LF: check the scanner's \
                     suffix and speed"
                ),
            ),
        },
    }
}

impl Scanner for PortScanner {
    fn identity(&self) -> String {
        self.identity.clone()
    }

    fn run(&mut self, sink: &dyn EventSink, stop: &Stop) -> Result<(), Fault> {
        let (mut port, mut decoder) = (self.open)()?;
        if sink.emit(Event::Power(PowerState::Online)).is_break() {
            return Ok(());
        }
        let result = self.read_until((&mut *port, &mut *decoder), sink, stop);
        // The descriptor is closed before the owner hears of it: one that is still held makes the
        // device come back under another name.
        drop(port);
        if result.is_err() {
            let _ = sink.emit(Event::Power(PowerState::Offline));
        }
        result
    }
}

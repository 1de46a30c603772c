//! The loop of a scanner: open, claim, read, frame, report; over any port.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use drivers_contract::{ErrorLocus, Event, EventSink, Fault, FaultCode, PowerState, Scanner, Stop};
use drivers_port::Port;

use crate::protocol::{CODE_BYTES_MAX, Frame, Framer};

/// Half of what [`Stop::LATENCY`] allows; a read wakes at once when a byte comes.
const READ_WAIT: Duration = Duration::from_millis(50);

/// Opens the port of a scanner, again at every run.
pub type OpenPort = Box<dyn Fn() -> Result<Box<dyn Port>, Fault> + Send>;

/// A scanner that sends its codes as lines of bytes.
pub struct LineScanner {
    identity: String,
    open: OpenPort,
    idle_gap: Option<Duration>,
}

impl LineScanner {
    /// A scanner over whatever `open` opens.
    #[must_use]
    pub fn new(identity: String, open: OpenPort, idle_gap: Option<Duration>) -> Self {
        Self { identity, open, idle_gap }
    }

    fn read_until(
        &self,
        port: &mut dyn Port,
        sink: &dyn EventSink,
        stop: &Stop,
    ) -> Result<(), Fault> {
        let wait = self.idle_gap.map_or(READ_WAIT, |gap| (gap / 2).min(READ_WAIT));
        let mut framer = Framer::new(self.idle_gap);
        let mut buffer = [0; 1_024];
        while !stop.is_stopped() {
            let count = port.read(&mut buffer, wait)?;
            let now = Instant::now();
            let mut listening = ControlFlow::Continue(());
            let mut report = |frame| {
                if listening.is_continue() {
                    listening = sink.emit(event(frame));
                }
            };
            if count == 0 {
                framer.on_tick(now, &mut report);
            } else {
                framer.on_bytes(&buffer[..count], now, &mut report);
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

impl Scanner for LineScanner {
    fn identity(&self) -> String {
        self.identity.clone()
    }

    fn run(&mut self, sink: &dyn EventSink, stop: &Stop) -> Result<(), Fault> {
        let mut port = (self.open)()?;
        if sink.emit(Event::Power(PowerState::Online)).is_break() {
            return Ok(());
        }
        let result = self.read_until(&mut *port, sink, stop);
        // The descriptor is closed before the owner hears of it: one that is still held makes the
        // device come back under another name.
        drop(port);
        if result.is_err() {
            let _ = sink.emit(Event::Power(PowerState::Offline));
        }
        result
    }
}

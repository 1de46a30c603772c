//! A scale on a serial line: ask, listen, give up in time, and never take an old answer for a new.

use std::time::{Duration, Instant};

use drivers_contract::uri::Framing;
use drivers_contract::{Fault, FaultCode, Scale, SerialAddress, Weighing};
use drivers_port::pace::wire_time;
use drivers_port::{Port, open_serial_framed};

use crate::{ANSWER_BYTES_MAX, Dialogue, Step};

/// How long a scale may think about one message; the manuals say at most 50 ms.
const THINK: Duration = Duration::from_millis(1_000);
/// The most messages of one question: the checksums (three), a refusal, the reason, and some to
/// spare.
const MESSAGES_MAX: u32 = 8;

/// Begins a dialogue on a line that was opened.
pub type Begin = Box<dyn Fn() -> Box<dyn Dialogue> + Send>;

/// A scale that claims its line when it is first asked.
pub struct SerialScale {
    address: SerialAddress,
    framing: Framing,
    dialogue: Begin,
    open: Option<Open>,
}

/// A line, and the dialogue on it: what was said on an old line is not remembered on a new one.
type Open = (Box<dyn Port>, Box<dyn Dialogue>);

impl SerialScale {
    /// A scale with this way of talking.
    #[must_use]
    pub fn new(address: SerialAddress, framing: Framing, dialogue: Begin) -> Self {
        Self { address, framing, dialogue, open: None }
    }

    fn name(&self) -> String {
        self.address.path.display().to_string()
    }

    fn ask(&self, port: &mut dyn Port, dialogue: &mut dyn Dialogue) -> Result<Weighing, Fault> {
        // An answer to a question that was given up is nobody's: what lies on the line goes first.
        let mut buffer = [0; ANSWER_BYTES_MAX];
        while port.read(&mut buffer, Duration::ZERO)? > 0 {}
        let (mut heard, mut raw) = (Vec::new(), Vec::new());
        let mut say = dialogue.begin();
        for _ in 0..MESSAGES_MAX {
            self.say(port, &say)?;
            let patience = THINK + 4 * wire_time(ANSWER_BYTES_MAX, self.address.baud);
            let asked = Instant::now();
            say = loop {
                match dialogue.on_bytes(&mut heard) {
                    Step::Say(bytes) => break bytes,
                    Step::Done(weight) => return Ok(Weighing { weight, raw }),
                    Step::Foreign(why) => {
                        let detail = format!("scale at {}: {why}", self.name());
                        return Err(Fault::new(FaultCode::Protocol, detail));
                    }
                    Step::Listen => {}
                }
                let left = patience.saturating_sub(asked.elapsed());
                if left.is_zero() {
                    let detail = format!("scale at {}: no answer", self.name());
                    return Err(Fault::new(FaultCode::Timeout, detail));
                }
                let count = port.read(&mut buffer, left)?;
                heard.extend_from_slice(&buffer[..count]);
                raw.extend_from_slice(&buffer[..count]);
            };
        }
        Err(Fault::new(FaultCode::Protocol, format!("scale at {}: it goes in rounds", self.name())))
    }

    fn say(&self, port: &mut dyn Port, mut bytes: &[u8]) -> Result<(), Fault> {
        while !bytes.is_empty() {
            let count = port.write(bytes, THINK)?;
            if count == 0 {
                let detail = format!("scale at {}: it takes no bytes", self.name());
                return Err(Fault::new(FaultCode::Timeout, detail));
            }
            bytes = &bytes[count..];
        }
        Ok(())
    }
}

impl Scale for SerialScale {
    fn identity(&self) -> String {
        self.name()
    }

    fn weigh(&mut self) -> Result<Weighing, Fault> {
        let (mut port, mut dialogue) = match self.open.take() {
            Some(open) => open,
            None => {
                let port = open_serial_framed(&self.address, self.framing)?;
                (Box::new(port) as Box<dyn Port>, (self.dialogue)())
            }
        };
        let weighing = self.ask(&mut *port, &mut *dialogue)?;
        self.open = Some((port, dialogue));
        Ok(weighing)
    }
}

//! One line to a terminal: messages out and in, and a command from its first byte to its end.

use std::time::{Duration, Instant};

use drivers_contract::{ChargeStep, Fault, FaultCode, Stop};
use drivers_port::Port;

use super::apdu::{Apdu, Frames};
use super::command;
use super::exchange::{End, Exchange};

/// How long a terminal may take to acknowledge a command (PA00P015: T3, five seconds).
const ACK_WAIT: Duration = Duration::from_secs(5);
/// How long the driver listens before it looks at its flags.
const SLICE: Duration = Duration::from_millis(50);

/// A line to a terminal.
pub(super) struct Session {
    port: Box<dyn Port>,
    frames: Frames,
    /// When the terminal was really asked how it is.
    pub(super) enquired: Instant,
}

impl Session {
    pub(super) fn new(port: Box<dyn Port>) -> Self {
        Self { port, frames: Frames::default(), enquired: Instant::now() }
    }

    fn say(&mut self, apdu: &Apdu) -> Result<(), Fault> {
        let (bytes, begun) = (apdu.encode(), Instant::now());
        let mut sent = 0;
        while sent < bytes.len() {
            sent += self.port.write(&bytes[sent..], SLICE)?;
            if begun.elapsed() > ACK_WAIT {
                return Err(Fault::new(FaultCode::Timeout, "the terminal takes no bytes"));
            }
        }
        Ok(())
    }

    /// The next message, if one comes soon.
    pub(super) fn hear(&mut self) -> Result<Option<Apdu>, Fault> {
        if let Some(apdu) = self.frames.take() {
            return Ok(Some(apdu));
        }
        let mut buffer = [0; 2_048];
        let count = self.port.read(&mut buffer, SLICE)?;
        self.frames.on_bytes(&buffer[..count]);
        Ok(self.frames.take())
    }

    /// Says a command and hears the terminal out.
    pub(super) fn exchange(
        &mut self,
        exchange: &mut Exchange,
        order: &Apdu,
        watch: &mut Watch<'_>,
    ) -> Result<End, Fault> {
        self.say(order)?;
        let (begun, mut given_up) = (Instant::now(), false);
        loop {
            let wanted = watch.cancel.is_some_and(Stop::is_stopped);
            if wanted && exchange.accepted() && !given_up {
                given_up = true;
                self.say(&command::give_up())?;
            }
            if let Some(apdu) = self.hear()? {
                let next = exchange.on_apdu(&apdu);
                if let Some(reply) = next.reply {
                    self.say(&reply)?;
                }
                if let (Some(step), Some(progress)) = (next.step, watch.progress.as_mut()) {
                    progress(step);
                }
                if let Some(end) = next.end {
                    return Ok(end);
                }
            }
            let late = if exchange.accepted() { watch.wait } else { ACK_WAIT };
            if begun.elapsed() > late {
                let detail = "the terminal does not say what became of it";
                return Err(Fault::new(FaultCode::Timeout, detail));
            }
        }
    }
}

/// Who is told how far a payment is, and whether somebody gave up.
pub(super) struct Watch<'a> {
    pub(super) progress: Option<&'a mut dyn FnMut(ChargeStep)>,
    pub(super) cancel: Option<&'a Stop>,
    pub(super) wait: Duration,
}

/// Nobody listens and nobody gives up.
pub(super) fn quiet<'a>(wait: Duration) -> Watch<'a> {
    Watch { progress: None, cancel: None, wait }
}

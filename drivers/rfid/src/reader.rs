//! The loop of an LLRP reader: connect, set up, read, report; in clear or through TLS.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use drivers_contract::{
    Fault, FaultCode, ReaderEvent, ReaderOutputs, RfidReader, Stop, TagSink, TcpAddress, TlsOptions,
};
use drivers_port::{Port, connect_tcp};

use crate::session::Session;
use crate::tls::TlsPort;

/// A shop's network answers in milliseconds; the owner tries again anyway.
const CONNECT_WAIT: Duration = Duration::from_secs(2);
/// How long a read waits: what another thread asks of an output waits as long at most.
const READ_WAIT: Duration = Duration::from_millis(5);
/// A reader that takes no bytes for so long has no one at home.
const WRITE_WAIT: Duration = Duration::from_secs(2);
/// How many pulses may wait; what comes then is refused. A gate pulses twice a second at most.
const PULSES_MAX: usize = 16;

/// An LLRP reader in the network.
pub struct LlrpReader {
    address: TcpAddress,
    tls: Option<TlsOptions>,
    outputs: Arc<Outputs>,
    offer_1_1: bool,
}

/// Pulses on their way to the reader's thread.
#[derive(Default)]
struct Outputs(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    ready: bool,
    pulses: VecDeque<(u16, Duration)>,
}

impl Outputs {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ReaderOutputs for Outputs {
    fn pulse(&self, port: u16, time: Duration) -> Result<(), Fault> {
        let mut waiting = self.lock();
        if !waiting.ready {
            return Err(Fault::new(FaultCode::Offline, "the reader is not connected"));
        }
        if waiting.pulses.len() >= PULSES_MAX {
            return Err(Fault::new(FaultCode::Failure, "too many pulses wait for the reader"));
        }
        waiting.pulses.push_back((port, time));
        Ok(())
    }
}

impl LlrpReader {
    /// A reader that connects at every run.
    #[must_use]
    pub fn new(address: TcpAddress, tls: Option<TlsOptions>) -> Self {
        Self { address, tls, outputs: Arc::default(), offer_1_1: true }
    }

    fn connect(&self) -> Result<Box<dyn Port>, Fault> {
        let port = connect_tcp(&self.address, CONNECT_WAIT)?;
        Ok(match &self.tls {
            None => Box::new(port),
            Some(tls) => Box::new(TlsPort::client(Box::new(port), &self.address.host, tls)?),
        })
    }

    fn converse(
        &self,
        session: &mut Session,
        port: &mut dyn Port,
        sink: &dyn TagSink,
        stop: &Stop,
    ) -> Result<(), Fault> {
        let mut buffer = vec![0; 16 << 10];
        while !stop.is_stopped() {
            let now = Instant::now();
            let until = session.wake_at().map_or(READ_WAIT, |at| at.saturating_duration_since(now));
            let count = port.read(&mut buffer, READ_WAIT.min(until))?;
            let now = Instant::now();
            if count > 0 {
                session.on_bytes(&buffer[..count], now, sink)?;
                // The lamp's command leaves before anything else is done about what was read.
                self.pass_on(session, sink, now);
                send(port, &session.take_tx())?;
            }
            let listening = sink.tick(now);
            self.pass_on(session, sink, now);
            session.on_tick(now)?;
            send(port, &session.take_tx())?;
            if listening.is_break() {
                break;
            }
        }
        session.close();
        send(port, &session.take_tx())
    }

    /// Gives the session what others asked of the outputs.
    fn pass_on(&self, session: &mut Session, sink: &dyn TagSink, now: Instant) {
        let mut waiting = self.outputs.lock();
        waiting.ready = session.is_reading();
        while let Some((port, time)) = waiting.pulses.pop_front() {
            if let Err(fault) = session.pulse(port, time, now) {
                sink.event(&ReaderEvent::Exception(fault.to_string()));
            }
        }
    }
}

fn send(port: &mut dyn Port, bytes: &[u8]) -> Result<(), Fault> {
    let end = Instant::now() + WRITE_WAIT;
    let mut rest = bytes;
    while !rest.is_empty() {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Fault::new(FaultCode::Timeout, "the reader takes no bytes"));
        }
        let count = port.write(rest, left)?;
        rest = &rest[count..];
    }
    Ok(())
}

impl RfidReader for LlrpReader {
    fn identity(&self) -> String {
        self.address.to_string()
    }

    fn outputs(&self) -> Option<Arc<dyn ReaderOutputs>> {
        Some(self.outputs.clone())
    }

    fn run(&mut self, sink: &dyn TagSink, stop: &Stop) -> Result<(), Fault> {
        let mut port = self.connect()?;
        let mut session = Session::new(self.offer_1_1, Instant::now());
        let result = self.converse(&mut session, &mut *port, sink, stop);
        *self.outputs.lock() = Waiting::default();
        if result.is_err() {
            // A reader that hangs up at the question, or swallows it, is not asked again.
            self.offer_1_1 &= !session.asked_version();
        }
        result
    }
}

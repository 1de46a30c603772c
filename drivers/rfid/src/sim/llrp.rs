//! A simulated LLRP reader on a TCP port. It does what a reader does: one client at a time, its
//! reading specifications and outputs survive a lost connection, it reports only while it was
//! told to read, and it says every second that it lives.

mod answer;

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use drivers_contract::twin::{RfidTwin, Sighting, Twin};
use drivers_contract::uri::GateSides;
use drivers_contract::{DeviceUri, TcpAddress};

use answer::Engine;
pub use answer::report;

/// How long a twin waits for its reading to begin.
const PATIENCE: Duration = Duration::from_secs(20);

/// What kind of reader it is.
#[derive(Debug, Clone)]
pub struct SimConfig {
    /// The highest version that it speaks, as the wire has it.
    pub version: u8,
    /// Whether it is one of Impinj's, with phase, finer strength and pulses of its own.
    pub impinj: bool,
    /// Its outputs.
    pub outputs: u16,
    /// Whether it lets its air protocol be set.
    pub gen2: bool,
}

impl Default for SimConfig {
    fn default() -> Self {
        Self { version: 1, impinj: true, outputs: 4, gen2: true }
    }
}

/// A simulated reader; clones are hands on the same one. The last clone unplugs it.
#[derive(Clone)]
pub struct SimReader {
    hands: Arc<Hands>,
}

struct Hands {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    engine: Engine,
    address: SocketAddr,
    listener: Option<TcpListener>,
    session: Option<TcpStream>,
    segment: usize,
    frozen: bool,
    claimed: bool,
    gone: bool,
}

impl SimReader {
    /// A reader at this address; port 0 takes a free one and keeps it across replugging.
    ///
    /// # Errors
    /// If the address cannot be bound.
    pub fn tcp(address: SocketAddr, config: SimConfig) -> io::Result<Self> {
        let mut state = State {
            engine: Engine::new(config),
            address,
            listener: None,
            session: None,
            segment: 0,
            frozen: false,
            claimed: false,
            gone: false,
        };
        state.bind()?;
        let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new() });
        let own = shared.clone();
        let thread = std::thread::Builder::new().name("sim-reader".into());
        let thread = thread.spawn(move || own.live())?;
        Ok(Self { hands: Arc::new(Hands { shared, thread: Mutex::new(Some(thread)) }) })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> TcpAddress {
        let address = self.lock().address;
        TcpAddress { host: address.ip().to_string(), port: address.port() }
    }

    /// Forgets its reading without a word, as after a reset of its own that kept the line.
    pub fn end_reading(&self) {
        let mut state = self.lock();
        state.engine.end_reading();
        state.flush();
    }

    /// Whether it was told to read.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        self.lock().engine.is_reading()
    }

    /// Every message type that its client sent, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<u16> {
        self.lock().engine.asked.clone()
    }

    /// When each output changed, beside [`RfidTwin::outputs`]: for measuring how long a decision
    /// takes to the lamp.
    #[must_use]
    pub fn output_times(&self) -> Vec<(u16, bool, Instant)> {
        self.lock().engine.changes.clone()
    }

    /// Waits until it is told to read.
    ///
    /// # Errors
    /// If nobody does in twenty seconds.
    pub fn wait_reading(&self) -> io::Result<()> {
        self.reading().map(drop)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.hands.shared.lock()
    }

    fn reading(&self) -> io::Result<MutexGuard<'_, State>> {
        let state = self.lock();
        let waited = self.hands.shared.changed.wait_timeout_while(state, PATIENCE, |state| {
            !(state.engine.is_reading() && state.session.is_some())
        });
        let (state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        if timeout.timed_out() { Err(io::ErrorKind::NotConnected.into()) } else { Ok(state) }
    }
}

impl Drop for Hands {
    fn drop(&mut self) {
        self.shared.lock().gone = true;
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The reader's own life.
    fn live(&self) {
        let mut buffer = vec![0; 8 << 10];
        loop {
            {
                let mut state = self.lock();
                if state.gone {
                    return;
                }
                // Whoever said farewell is gone before the next one knocks.
                state.hear(&mut buffer);
                state.accept();
                state.engine.tick(Instant::now());
                state.flush();
            }
            self.changed.notify_all();
            // Short, since it stands in for hardware that answers at once.
            std::thread::sleep(Duration::from_micros(300));
        }
    }
}

impl State {
    fn bind(&mut self) -> io::Result<()> {
        if self.listener.is_none() {
            let listener = TcpListener::bind(self.address)?;
            listener.set_nonblocking(true)?;
            self.address = listener.local_addr()?;
            self.listener = Some(listener);
        }
        Ok(())
    }

    fn accept(&mut self) {
        if self.frozen {
            return;
        }
        let Some(Ok((mut caller, _))) = self.listener.as_ref().map(TcpListener::accept) else {
            return;
        };
        let ready = caller.set_nodelay(true).and_then(|()| caller.set_nonblocking(true));
        if ready.is_err() {
            return;
        }
        if self.session.is_some() || self.claimed {
            let _ = caller.write_all(&Engine::taken());
            return;
        }
        self.engine.connected(Instant::now());
        self.session = Some(caller);
    }

    fn hear(&mut self, buffer: &mut [u8]) {
        if self.frozen {
            return;
        }
        loop {
            let Some(session) = &mut self.session else { return };
            match session.read(buffer) {
                Ok(0) => self.hang_up(),
                Ok(count) => {
                    if !self.engine.on_bytes(&buffer[..count], Instant::now()) {
                        self.flush();
                        self.hang_up();
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Err(_) => self.hang_up(),
            }
        }
    }

    fn hang_up(&mut self) {
        self.session = None;
        self.engine.disconnected();
    }

    /// Sends what waits, in the segments that were asked for.
    fn flush(&mut self) {
        let bytes = self.engine.take_tx();
        if self.frozen || bytes.is_empty() {
            return;
        }
        let size = if self.segment == 0 { bytes.len() } else { self.segment };
        for piece in bytes.chunks(size) {
            let Some(session) = &mut self.session else { return };
            if put(session, piece).is_err() {
                self.hang_up();
            }
        }
    }
}

/// Writes all of it, waiting for room as a reader's stack does.
fn put(session: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    let end = Instant::now() + Duration::from_secs(5);
    let mut rest = bytes;
    while !rest.is_empty() {
        match session.write(rest) {
            Ok(count) => rest = &rest[count..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock && Instant::now() < end => {
                std::thread::sleep(Duration::from_micros(100));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

impl Twin for SimReader {
    fn uri(&self) -> DeviceUri {
        let (tls, sides) = (None, GateSides::default());
        DeviceUri::ReaderLlrp { address: self.address(), tls, sides }
    }

    fn unplug(&self) {
        let mut state = self.lock();
        state.listener = None;
        state.hang_up();
    }

    fn plug(&self) -> io::Result<()> {
        self.lock().bind()
    }
}

impl RfidTwin for SimReader {
    fn sight(&self, sightings: &[Sighting]) -> io::Result<()> {
        let mut state = self.reading()?;
        state.engine.sight(sightings);
        state.flush();
        Ok(())
    }

    fn set_segment(&self, bytes: usize) {
        self.lock().segment = bytes;
    }

    fn set_frozen(&self, frozen: bool) {
        self.lock().frozen = frozen;
    }

    fn set_claimed(&self, claimed: bool) {
        self.lock().claimed = claimed;
    }

    fn overflow(&self) {
        let mut state = self.lock();
        state.engine.overflow();
        state.flush();
    }

    fn force_output(&self, port: u16, on: bool) {
        self.lock().engine.force_output(port, on);
    }

    fn outputs(&self) -> Vec<(u16, bool)> {
        self.lock().engine.changes.iter().map(|(port, on, _)| (*port, *on)).collect()
    }
}

/// The reader without a line: for tests in virtual time.
pub struct Wire(Engine);

impl Wire {
    /// A reader that a client has just connected to.
    #[must_use]
    pub fn new(config: SimConfig, now: Instant) -> Self {
        let mut engine = Engine::new(config);
        engine.connected(now);
        Self(engine)
    }

    /// Gives the reader bytes of its client.
    pub fn to_reader(&mut self, bytes: &[u8], now: Instant) {
        self.0.on_bytes(bytes, now);
    }

    /// What the reader has to say.
    #[must_use]
    pub fn to_client(&mut self, now: Instant) -> Vec<u8> {
        self.0.tick(now);
        self.0.take_tx()
    }

    /// Lets it see tags.
    pub fn sight(&mut self, sightings: &[Sighting]) {
        self.0.sight(sightings);
    }

    /// Every change of an output.
    #[must_use]
    pub fn outputs(&self) -> &[(u16, bool, Instant)] {
        &self.0.changes
    }
}

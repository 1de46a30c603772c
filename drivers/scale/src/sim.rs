//! The simulated scale: the real bytes of both protocols on a pseudo-terminal.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use drivers_contract::twin::{ScaleTwin, Twin};
use drivers_contract::uri::ScaleProtocol;
use drivers_contract::{DeviceUri, SerialAddress, Weight};
use drivers_port::Port;
use drivers_port::line::Line;

use crate::checksum::Generator;
use crate::{dialog06, toledo};

/// How often the twin looks at its line: shorter than any budget that it is measured with.
const LOOK: Duration = Duration::from_millis(1);
/// More than any question is long.
const QUESTION_BYTES_MAX: usize = 64;

struct Platter {
    line: Line,
    grams: i32,
    moving: bool,
    mute: bool,
    latency: Duration,
    /// It was switched off: it has forgotten what it weighed.
    fresh: bool,
}

/// A simulated scale; clones are hands on the same one. The last clone switches it off.
#[derive(Clone)]
pub struct SimScale {
    platter: Arc<Mutex<Platter>>,
    address: SerialAddress,
    protocol: ScaleProtocol,
    checksums: Option<PathBuf>,
    capacity: i32,
    _off: Arc<Off>,
}

struct Off(Arc<AtomicBool>);

impl Drop for Off {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

fn look(platter: &Mutex<Platter>) -> MutexGuard<'_, Platter> {
    platter.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SimScale {
    /// A scale for up to `capacity` grams; a driver finds it behind `link`.
    ///
    /// # Errors
    /// If the line or its thread cannot be made.
    pub fn pty(
        link: impl Into<PathBuf>,
        protocol: ScaleProtocol,
        capacity: i32,
    ) -> io::Result<Self> {
        Self::start(link.into(), protocol, capacity, None)
    }

    /// A certified scale, Dialog 06, whose till must know the number in the file `checksums`.
    ///
    /// # Errors
    /// If the line or its thread cannot be made, or the file holds no number.
    pub fn certified(
        link: impl Into<PathBuf>,
        capacity: i32,
        checksums: PathBuf,
    ) -> io::Result<Self> {
        Self::start(link.into(), ScaleProtocol::Dialog06, capacity, Some(checksums))
    }

    fn start(
        path: PathBuf,
        protocol: ScaleProtocol,
        capacity: i32,
        checksums: Option<PathBuf>,
    ) -> io::Result<Self> {
        let generator = checksums.as_deref().map(Generator::read).transpose();
        let generator = generator.map_err(io::Error::other)?;
        let line = Line::pty(&path, 9_600)?;
        let (mute, moving, latency) = (false, false, Duration::ZERO);
        let platter = Platter { line, grams: 0, moving, mute, latency, fresh: true };
        let platter = Arc::new(Mutex::new(platter));
        let off = Arc::new(AtomicBool::new(false));
        let address = SerialAddress { path, baud: 9_600 };
        let (inner, stop) = (platter.clone(), off.clone());
        thread::Builder::new().name("sim-scale".into()).spawn(move || {
            let mut heard = Heard::new(generator);
            while !stop.load(Ordering::Acquire) {
                heard.turn(&inner, protocol, capacity);
                thread::sleep(LOOK);
            }
        })?;
        Ok(Self { platter, address, protocol, checksums, capacity, _off: Arc::new(Off(off)) })
    }

    /// The most grams that it can weigh.
    #[must_use]
    pub fn capacity(&self) -> i32 {
        self.capacity
    }
}

/// What was heard and not yet answered.
struct Heard {
    bytes: Vec<u8>,
    generator: Option<Generator>,
    dialog: dialog06::Answering,
}

impl Heard {
    fn new(generator: Option<Generator>) -> Self {
        Self { bytes: Vec::new(), generator, dialog: dialog06::Answering::new(generator) }
    }

    fn turn(&mut self, platter: &Mutex<Platter>, protocol: ScaleProtocol, capacity: i32) {
        if std::mem::take(&mut look(platter).fresh) {
            *self = Self::new(self.generator);
        }
        let mut buffer = [0; QUESTION_BYTES_MAX];
        let count = look(platter).line.read(&mut buffer, Duration::ZERO).unwrap_or(0);
        self.bytes.extend_from_slice(&buffer[..count]);
        if self.bytes.len() > QUESTION_BYTES_MAX {
            self.bytes.clear();
        }
        let (weight, mute, latency) = {
            let platter = look(platter);
            (load(&platter, capacity), platter.mute, platter.latency)
        };
        let Some((answer, taken)) = self.answer(protocol, weight) else { return };
        self.bytes.drain(..taken);
        if mute {
            return;
        }
        thread::sleep(latency);
        let _ = look(platter).line.write(&answer, LOOK);
    }

    fn answer(&mut self, protocol: ScaleProtocol, weight: Weight) -> Option<(Vec<u8>, usize)> {
        match protocol {
            ScaleProtocol::Dialog06 => self.dialog.answer(&self.bytes, weight),
            ScaleProtocol::Toledo8217 => {
                let first = *self.bytes.first()?;
                let answer = if first == b'W' { toledo::encode(weight) } else { vec![] };
                Some((answer, 1))
            }
        }
    }
}

fn load(platter: &Platter, capacity: i32) -> Weight {
    match platter.grams {
        _ if platter.moving => Weight::Unstable,
        grams if grams > capacity => Weight::Over,
        0 => Weight::Zero,
        grams => u32::try_from(grams).map_or(Weight::Under, |grams| Weight::Stable { grams }),
    }
}

impl Twin for SimScale {
    fn uri(&self) -> DeviceUri {
        let (address, protocol) = (self.address.clone(), self.protocol);
        let checksums = self.checksums.clone();
        DeviceUri::Scale { address, protocol, framing: protocol.framing(), checksums }
    }

    fn unplug(&self) {
        let mut platter = look(&self.platter);
        platter.fresh = true;
        platter.line.unplug();
    }

    fn plug(&self) -> io::Result<()> {
        look(&self.platter).line.plug()
    }
}

impl ScaleTwin for SimScale {
    fn put(&self, grams: i32) {
        look(&self.platter).grams = grams;
    }

    fn set_moving(&self, moving: bool) {
        look(&self.platter).moving = moving;
    }

    fn set_mute(&self, mute: bool) {
        look(&self.platter).mute = mute;
    }

    fn set_latency(&self, latency: Duration) {
        look(&self.platter).latency = latency;
    }
}

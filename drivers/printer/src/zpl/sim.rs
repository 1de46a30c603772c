//! The simulated label printer: real ZPL on a real port, labels as their fields' texts, `~HS` as
//! a printer answers it.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use drivers_contract::twin::Twin;
use drivers_contract::{DeviceUri, LabelMedia};
use drivers_port::Port;
use drivers_port::line::{Line, Place};

/// How many labels the twin keeps.
const LABELS_KEPT: usize = 10_000;

/// A label that came out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Label {
    /// The data of its fields, in the order in which they were sent.
    pub fields: Vec<String>,
    /// What was written into its tag, in hex.
    pub epc: Option<String>,
}

/// A simulated label printer; clones are hands on the same one.
#[derive(Clone)]
pub struct SimZpl {
    state: Arc<Mutex<State>>,
}

struct State {
    line: Line,
    media: LabelMedia,
    label_time: Duration,
    pending: Vec<u8>,
    formats: Vec<String>,
    labels: Vec<Label>,
    printed: usize,
    next_at: Option<Instant>,
    paper_out: bool,
    head_up: bool,
    stalled: bool,
    unplug_after: Option<usize>,
}

impl SimZpl {
    /// A printer in the network; port 0 takes a free one.
    ///
    /// # Errors
    /// If the address cannot be bound.
    pub fn tcp(address: SocketAddr, media: LabelMedia, label_time: Duration) -> io::Result<Self> {
        let state = Arc::new(Mutex::new(State {
            line: Line::tcp(address)?,
            media,
            label_time,
            pending: vec![],
            formats: vec![],
            labels: vec![],
            printed: 0,
            next_at: None,
            paper_out: false,
            head_up: false,
            stalled: false,
            unplug_after: None,
        }));
        let weak = Arc::downgrade(&state);
        thread::Builder::new().name("sim-zpl".to_owned()).spawn(move || run(&weak))?;
        Ok(Self { state })
    }

    /// What came out, oldest first.
    #[must_use]
    pub fn labels(&self) -> Vec<Label> {
        self.lock().labels.clone()
    }

    /// How many labels came out so far, and those of them that came after the first `seen`.
    #[must_use]
    pub fn labels_after(&self, seen: usize) -> (usize, Vec<Label>) {
        let state = self.lock();
        let new = state.printed.saturating_sub(seen).min(state.labels.len());
        (state.printed, state.labels[state.labels.len() - new..].to_vec())
    }

    /// Takes the labels out or puts them in.
    pub fn set_paper_out(&self, out: bool) {
        self.lock().paper_out = out;
    }

    /// Opens or closes the print head.
    pub fn set_head_up(&self, up: bool) {
        self.lock().head_up = up;
    }

    /// Stops the mechanics: formats wait.
    pub fn set_stalled(&self, stalled: bool) {
        self.lock().stalled = stalled;
    }

    /// Pulls the cable by itself after so many more bytes.
    pub fn unplug_after(&self, bytes: usize) {
        self.lock().unplug_after = Some(bytes);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Twin for SimZpl {
    fn uri(&self) -> DeviceUri {
        let state = self.lock();
        let address = match state.line.place() {
            Place::Tcp(address) => address,
            // It is only ever made in the network.
            Place::Serial(_) => drivers_contract::TcpAddress { host: String::new(), port: 0 },
        };
        DeviceUri::PrinterZpl { address, media: state.media }
    }

    fn unplug(&self) {
        self.lock().line.unplug();
    }

    fn plug(&self) -> io::Result<()> {
        self.lock().line.plug()
    }
}

fn run(state: &Weak<Mutex<State>>) {
    while let Some(state) = state.upgrade() {
        let busy = state.lock().unwrap_or_else(PoisonError::into_inner).step(Instant::now());
        drop(state);
        thread::sleep(Duration::from_millis(if busy { 1 } else { 4 }));
    }
}

impl State {
    fn step(&mut self, now: Instant) -> bool {
        let mut bytes = [0; 1_024];
        let count = self.line.read(&mut bytes, Duration::ZERO).unwrap_or(0);
        for byte in &bytes[..count] {
            if self.unplug_after == Some(0) {
                break;
            }
            self.take(*byte);
        }
        if self.unplug_after == Some(0) {
            self.line.unplug();
            self.unplug_after = None;
        }
        self.print(now);
        count > 0 || !self.formats.is_empty()
    }

    fn take(&mut self, byte: u8) {
        if let Some(left) = &mut self.unplug_after {
            *left -= 1;
        }
        self.pending.push(byte);
        if self.pending.ends_with(b"~HS") {
            self.pending.truncate(self.pending.len() - 3);
            let answer = self.status();
            let _ = self.line.write(answer.as_bytes(), Duration::ZERO);
        } else if self.pending.ends_with(b"^XZ") {
            let format = std::mem::take(&mut self.pending);
            self.formats.push(String::from_utf8_lossy(&format).into_owned());
        }
    }

    fn print(&mut self, now: Instant) {
        let ready = !self.paper_out && !self.head_up && !self.stalled;
        if !ready || self.formats.is_empty() || self.next_at.is_some_and(|at| now < at) {
            return;
        }
        if self.next_at.take().is_none() {
            self.next_at = Some(now + self.label_time); // it moves
            return;
        }
        let label = read(&self.formats.remove(0));
        if self.labels.len() == LABELS_KEPT {
            self.labels.remove(0);
        }
        self.labels.push(label);
        self.printed += 1;
    }

    fn status(&self) -> String {
        let flag = |on: bool| u8::from(on);
        format!(
            "\u{2}030,{},0,{},{:03},0,0,0,000,0,0,0\u{3}\r\n\
             \u{2}000,0,{},0,0,2,6,0,{:08},1,000\u{3}\r\n\u{2}1234,0\u{3}\r\n",
            flag(self.paper_out),
            self.media.height_dots(),
            self.formats.len(),
            flag(self.head_up),
            0,
        )
    }
}

/// What a format puts on the label.
fn read(format: &str) -> Label {
    let mut label = Label::default();
    let (mut escaped, mut tag) = (false, false);
    for command in format.split('^').skip(1) {
        match command.get(..2) {
            Some("FH") => escaped = true,
            Some("RF") => tag = command.starts_with("RFW"),
            Some("FD") => {
                let data = &command[2..];
                let data = if escaped { unescaped(data) } else { data.to_owned() };
                if std::mem::take(&mut tag) {
                    label.epc = Some(data);
                } else {
                    label.fields.push(data);
                }
                escaped = false;
            }
            _ => {}
        }
    }
    label
}

fn unescaped(data: &str) -> String {
    let mut bytes = Vec::with_capacity(data.len());
    let mut rest = data.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match code.filter(|_| *first == b'_').and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

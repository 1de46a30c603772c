//! Writes what passes over a port into a capture file, and plays one back as a device would.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use drivers_contract::capture::{self, Direction, Line};
use drivers_contract::{Fault, FaultCode};

use crate::Port;

/// The most that is written into one capture: a forgotten one must not fill the disk.
const CAPTURE_BYTES_MAX: usize = 16 << 20;
/// The longest line of a capture, in characters.
const LINE_CHARS_MAX: u64 = 2 * capture::LINE_BYTES_MAX as u64 + 64;

/// A capture that is being written.
pub(crate) struct Recorder {
    file: File,
    begun: Instant,
    left: usize,
}

impl Recorder {
    /// One for a port of this name, if somebody wants it. A file that cannot be made costs the
    /// capture, never the device.
    pub(crate) fn wanted(port: &str) -> Option<Self> {
        let path = capture::wanted(port)?;
        let file = File::options().create(true).append(true).open(path).ok()?;
        Some(Self { file, begun: Instant::now(), left: CAPTURE_BYTES_MAX })
    }

    pub(crate) fn note(&mut self, direction: Direction, bytes: &[u8]) {
        if bytes.is_empty() || self.left == 0 {
            return;
        }
        for bytes in bytes.chunks(capture::LINE_BYTES_MAX) {
            let line = Line { at: self.begun.elapsed(), direction, bytes: bytes.to_vec() };
            let mut text = line.encode();
            text.push('\n');
            self.left = self.left.saturating_sub(text.len());
            if self.file.write_all(text.as_bytes()).is_err() {
                self.left = 0;
            }
        }
    }
}

/// Reads a capture.
///
/// # Errors
/// `NoHardware` if there is no such file, `Protocol` with the number of a line that is none.
pub fn read_capture(path: &Path) -> Result<Vec<Line>, Fault> {
    let doing = format!("read {}", path.display());
    let file = File::open(path).map_err(|e| Fault::from_io(&doing, &e))?;
    let mut reader = BufReader::new(file);
    let mut lines = Vec::new();
    loop {
        let mut text = String::new();
        let read = std::io::Read::take(&mut reader, LINE_CHARS_MAX).read_line(&mut text);
        if read.map_err(|e| Fault::from_io(&doing, &e))? == 0 {
            return Ok(lines);
        }
        let number = lines.len() + 1;
        let line = Line::decode(&text).map_err(|error| {
            Fault::new(FaultCode::Protocol, format!("{doing}: line {number}: {error}"))
        })?;
        lines.push(line);
    }
}

/// Plays a capture as the device: what came `in` is sent with the pauses that were between, and
/// where the store said something, the device waits until that many bytes were said again. Answers
/// how many bytes were sent.
///
/// # Errors
/// `Timeout` if the store does not say what it said then, or takes no bytes; `Offline`.
pub fn play(
    lines: &[Line],
    port: &mut dyn Port,
    pause_max: Duration,
    patience: Duration,
) -> Result<usize, Fault> {
    let (mut sent, mut last) = (0, lines.first().map_or(Duration::ZERO, |line| line.at));
    for line in lines {
        match line.direction {
            Direction::In => {
                std::thread::sleep(line.at.saturating_sub(last).min(pause_max));
                crate::pace::write_paced(port, &line.bytes, None, patience)?;
                sent += line.bytes.len();
            }
            Direction::Out => hear(port, line.bytes.len(), patience)?,
        }
        last = line.at;
    }
    Ok(sent)
}

fn hear(port: &mut dyn Port, count: usize, patience: Duration) -> Result<(), Fault> {
    let (mut heard, begun) = (0, Instant::now());
    let mut buffer = [0; 4_096];
    while heard < count {
        if begun.elapsed() > patience {
            return Err(Fault::new(FaultCode::Timeout, "the store does not say what it said then"));
        }
        let room = (count - heard).min(buffer.len());
        match port.read(&mut buffer[..room], Duration::from_millis(50))? {
            // Nobody is on the line yet.
            0 => std::thread::sleep(Duration::from_millis(5)),
            bytes => heard += bytes,
        }
    }
    Ok(())
}

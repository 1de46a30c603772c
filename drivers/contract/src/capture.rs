//! What passed over a port, as lines of text: field bugs become tests.
//!
//! One line per read or write: microseconds since the capture began, a direction, the bytes in
//! hexadecimal. `in` came from the device, `out` went to it.
//!
//! Which ports are captured is said once at start, by their names, as the level of a log is. A
//! device that carries card data is not captured: see `drivers/terminal`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

/// Which way bytes went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the device.
    In,
    /// To the device.
    Out,
}

/// One line of a capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Since the capture began.
    pub at: Duration,
    /// Which way.
    pub direction: Direction,
    /// What.
    pub bytes: Vec<u8>,
}

/// The most bytes of one line, and the longest text that is read as one.
pub const LINE_BYTES_MAX: usize = 64 << 10;

/// Why a line of a capture is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a line of a capture is \"MICROSECONDS in|out HEX\"")]
pub struct NotALine;

impl Line {
    /// Writes the line, without its end.
    #[must_use]
    pub fn encode(&self) -> String {
        let direction = match self.direction {
            Direction::In => "in",
            Direction::Out => "out",
        };
        let mut text = format!("{} {direction} ", self.at.as_micros());
        for byte in &self.bytes {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from_digit(digit.into(), 16).unwrap_or('0'));
            }
        }
        text
    }

    /// Reads a line.
    ///
    /// # Errors
    /// If it is none.
    pub fn decode(text: &str) -> Result<Self, NotALine> {
        let mut parts = text.trim_end_matches(['\r', '\n']).splitn(3, ' ');
        let at = parts.next().and_then(|at| at.parse().ok()).ok_or(NotALine)?;
        let direction = match parts.next() {
            Some("in") => Direction::In,
            Some("out") => Direction::Out,
            _ => return Err(NotALine),
        };
        let hex = parts.next().ok_or(NotALine)?.as_bytes();
        if hex.len() % 2 != 0 || hex.len() / 2 > LINE_BYTES_MAX {
            return Err(NotALine);
        }
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
        let byte = |pair: &[u8]| Some(digit(pair[0])? << 4 | digit(pair[1])?);
        let bytes = hex.chunks_exact(2).map(byte).collect::<Option<_>>().ok_or(NotALine)?;
        Ok(Self { at: Duration::from_micros(at), direction, bytes })
    }
}

static WANTED: RwLock<BTreeMap<String, PathBuf>> = RwLock::new(BTreeMap::new());

/// From now on, ports of this name (a path, or `host:port`) are captured into that file when they
/// are opened.
pub fn record(port: impl Into<String>, file: impl Into<PathBuf>) {
    WANTED.write().unwrap_or_else(PoisonError::into_inner).insert(port.into(), file.into());
}

/// Where a port of this name is captured.
#[must_use]
pub fn wanted(port: &str) -> Option<PathBuf> {
    WANTED.read().unwrap_or_else(PoisonError::into_inner).get(port).cloned()
}

/// Takes `capture=/path` out of a URI's query: any device may have it, no driver sees it.
///
/// # Errors
/// If the path is not absolute.
pub fn split(uri: &str) -> Result<(String, Option<PathBuf>), &'static str> {
    let Some((place, query)) = uri.split_once('?') else { return Ok((uri.to_owned(), None)) };
    let mut file = None;
    let rest: Vec<&str> = query
        .split('&')
        .filter(|pair| match pair.strip_prefix("capture=") {
            Some(path) => {
                file = Some(PathBuf::from(path));
                false
            }
            None => true,
        })
        .collect();
    if file.as_deref().is_some_and(|file: &Path| !file.is_absolute()) {
        return Err("capture= needs an absolute path");
    }
    let rest = rest.join("&");
    let uri = if rest.is_empty() { place.to_owned() } else { format!("{place}?{rest}") };
    Ok((uri, file))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::cases;
    use proptest::prelude::*;

    #[test]
    fn a_capture_is_taken_out_of_the_uri() {
        let (uri, file) = split("serial:///dev/x?baud=9600&capture=/tmp/x").unwrap();
        assert_eq!((uri.as_str(), file), ("serial:///dev/x?baud=9600", Some("/tmp/x".into())));
        assert_eq!(split("tcp://h:1?capture=/c").unwrap().0, "tcp://h:1");
        assert!(split("tcp://h:1?capture=c").is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(cases(256)))]
        #[test]
        fn lines_survive_and_no_text_panics(
            bytes in proptest::collection::vec(any::<u8>(), 0..64),
            micros in 0u64..u64::MAX / 2,
            text in ".{0,80}",
        ) {
            let line = Line { at: Duration::from_micros(micros), direction: Direction::In, bytes };
            prop_assert_eq!(Line::decode(&line.encode()), Ok(line));
            let _ = Line::decode(&text);
        }
    }
}

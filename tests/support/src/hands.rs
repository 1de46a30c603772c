//! Hands on a device that a store plays: lines to its socket, and what is seen of it.

use anyhow::Context;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// Hands on one device.
pub struct Hands {
    stream: UnixStream,
    seen: BufReader<UnixStream>,
}

impl Hands {
    /// Lays hands on the device of this socket.
    ///
    /// # Errors
    /// When no store plays one there.
    pub fn on(path: &Path) -> anyhow::Result<Self> {
        let stream = UnixStream::connect(path).with_context(|| path.display().to_string())?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let mut hands = Self { seen: BufReader::new(stream.try_clone()?), stream };
        let uri = hands.line()?;
        anyhow::ensure!(uri.contains("://"), "{uri}");
        hands.line()?;
        Ok(hands)
    }

    /// The next line that is seen.
    ///
    /// # Errors
    /// When there is none in half a minute.
    pub fn line(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        anyhow::ensure!(self.seen.read_line(&mut line)? > 0, "the device is gone");
        Ok(line.trim_end().to_owned())
    }

    /// Reads on until a line holds these words; gives what was read.
    ///
    /// # Errors
    /// When none does.
    pub fn until(&mut self, words: &str) -> anyhow::Result<Vec<String>> {
        let mut read = Vec::new();
        loop {
            let line = self.line().with_context(|| format!("{words} is not in {read:?}"))?;
            read.push(line);
            if read.last().is_some_and(|line| line.contains(words)) {
                return Ok(read);
            }
        }
    }

    /// Lets a hand do something, and waits until it did.
    ///
    /// # Errors
    /// When it could not.
    pub fn say(&mut self, line: &str) -> anyhow::Result<()> {
        writeln!(self.stream, "{line}")?;
        loop {
            let heard = self.line()?;
            anyhow::ensure!(!heard.starts_with("error: "), "{line}: {heard}");
            if heard == "ok" {
                return Ok(());
            }
        }
    }
}

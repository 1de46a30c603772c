//! Twins that are USB devices: the hands of `drivers_contract::twin` on gadgets.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

mod hidpos;
mod keys;
mod printer;
mod serial;

pub(crate) use hidpos::{HidPosScanner, MODEL as HIDPOS};
pub(crate) use keys::{MODEL as KEYS, TypingScanner};
pub(crate) use printer::{END as PRINTER_END, IEEE1284, MODEL as PRINTER, UsbPrinter};
pub(crate) use serial::{CdcScanner, MODEL as CDC, SECOND as SECOND_CDC};

/// How long the host may leave the gadget's end full.
const PATIENCE: Duration = Duration::from_secs(10);

/// Opens the gadget's end. It appears a moment after the function is bound.
pub(crate) fn open_end(node: &Path) -> io::Result<File> {
    let end = Instant::now() + PATIENCE;
    loop {
        let flags = (OFlag::O_NONBLOCK | OFlag::O_NOCTTY).bits();
        match OpenOptions::new().read(true).write(true).custom_flags(flags).open(node) {
            Err(e) if Instant::now() < end && e.kind() == ErrorKind::NotFound => {
                std::thread::sleep(Duration::from_millis(5));
            }
            other => return other,
        }
    }
}

/// Writes all of it, as one report where the end is a HID gadget's.
pub(crate) fn write_all(mut end: &File, mut bytes: &[u8]) -> io::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while !bytes.is_empty() {
        let mut fds = [PollFd::new(end.as_fd(), PollFlags::POLLOUT)];
        poll(&mut fds, PollTimeout::from(100u16)).map_err(io::Error::from)?;
        match end.write(bytes) {
            Ok(count) => bytes = &bytes[count..],
            Err(e) if e.kind() == ErrorKind::WouldBlock && Instant::now() < deadline => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

fn unplugged() -> io::Error {
    io::Error::new(ErrorKind::NotConnected, "the gadget is unplugged")
}

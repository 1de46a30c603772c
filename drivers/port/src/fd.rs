//! A port over any file descriptor that poll(2) knows.

use std::io::{ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::time::Duration;

use drivers_contract::capture::Direction;
use drivers_contract::{Fault, FaultCode};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::Port;
use crate::record::Recorder;

/// After an empty packet.
const EMPTY_PAUSE: Duration = Duration::from_millis(5);

/// A non-blocking descriptor, its name for faults, and whatever must live as long as it does (the
/// claim on a serial line).
pub struct FdPort<F, G = ()> {
    io: F,
    name: String,
    empty_is_silence: bool,
    recorder: Option<Recorder>,
    _guard: G,
}

impl<F: AsFd + Read + Write + Send, G: Send> FdPort<F, G> {
    /// Takes the descriptor over and makes it non-blocking.
    ///
    /// # Errors
    /// If the system refuses that.
    pub fn new(io: F, name: impl Into<String>, guard: G) -> Result<Self, Fault> {
        let name = name.into();
        fcntl(io.as_fd(), FcntlArg::F_GETFL)
            .map(OFlag::from_bits_retain)
            .and_then(|flags| fcntl(io.as_fd(), FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK)))
            .map_err(|errno| Fault::from_io(&format!("set up {name}"), &errno.into()))?;
        let recorder = Recorder::wanted(&name);
        Ok(Self { io, name, empty_is_silence: false, recorder, _guard: guard })
    }

    /// A read without bytes says nothing of the other end: a USB printer may send empty packets.
    #[must_use]
    pub(crate) fn empty_is_silence(mut self) -> Self {
        self.empty_is_silence = true;
        self
    }

    fn wait(&self, flags: PollFlags, timeout: Duration) -> Result<(), Fault> {
        // Rounded up: a timeout of some microseconds must not become a busy loop.
        let ms = timeout.as_micros().div_ceil(1_000);
        let timeout = PollTimeout::try_from(ms).unwrap_or(PollTimeout::MAX);
        match poll(&mut [PollFd::new(self.io.as_fd(), flags)], timeout) {
            Ok(_) | Err(Errno::EINTR) => Ok(()),
            Err(errno) => Err(Fault::from_io(&format!("wait for {}", self.name), &errno.into())),
        }
    }

    fn hung_up(&self) -> bool {
        let mut polled = [PollFd::new(self.io.as_fd(), PollFlags::empty())];
        let gone = PollFlags::POLLHUP | PollFlags::POLLERR;
        poll(&mut polled, PollTimeout::ZERO).is_ok()
            && polled[0].revents().is_some_and(|flags| flags.intersects(gone))
    }

    fn lost(&self, why: &str) -> Fault {
        Fault::new(FaultCode::Offline, format!("{}: {why}", self.name))
    }
}

impl<F: AsFd + Read + Write + Send, G: Send> Port for FdPort<F, G> {
    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> Result<usize, Fault> {
        self.wait(PollFlags::POLLIN, timeout)?;
        match self.io.read(buffer) {
            Ok(0) if buffer.is_empty() => Ok(0),
            Ok(0) if self.empty_is_silence && !self.hung_up() => {
                // Some send nothing else for as long as nobody asks: not a busy loop.
                std::thread::sleep(timeout.min(EMPTY_PAUSE));
                Ok(0)
            }
            Ok(0) => Err(self.lost("the other end has gone")),
            Ok(count) => {
                if let Some(recorder) = &mut self.recorder {
                    recorder.note(Direction::In, &buffer[..count]);
                }
                Ok(count)
            }
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => Ok(0),
            Err(e) => Err(self.lost(&e.to_string())),
        }
    }

    fn write(&mut self, bytes: &[u8], timeout: Duration) -> Result<usize, Fault> {
        if bytes.is_empty() {
            return Ok(0);
        }
        self.wait(PollFlags::POLLOUT, timeout)?;
        match self.io.write(bytes) {
            Ok(count) => {
                if let Some(recorder) = &mut self.recorder {
                    recorder.note(Direction::Out, &bytes[..count]);
                }
                Ok(count)
            }
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => Ok(0),
            Err(e) => Err(self.lost(&e.to_string())),
        }
    }
}

//! A pseudo-terminal with a stable name: the serial line of a simulated device.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::Duration;

use drivers_contract::Fault;
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::openpty;
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};
use nix::unistd::ttyname;

use crate::Port;
use crate::fd::FdPort;

/// The device's end. Dropping it is pulling the plug: the driver's end hangs up and the name goes.
pub struct Pty {
    // The guard is the driver's end: held open here so that the line neither hangs up nor loses
    // bytes while no driver has it.
    port: FdPort<File, File>,
    // The driver's end once more, to see what lies there unread.
    driver_end: File,
    link: PathBuf,
}

impl Pty {
    /// Makes a raw line and lets `link` point to the end that a driver opens.
    ///
    /// # Errors
    /// If the system has no more pseudo-terminals or the link cannot be made.
    pub fn create(link: &Path) -> io::Result<Self> {
        let ends = openpty(None, None)?;
        // Raw from the start: an echo of what was sent before a driver came would be a ghost scan.
        let mut termios = tcgetattr(&ends.slave)?;
        cfmakeraw(&mut termios);
        tcsetattr(&ends.slave, SetArg::TCSANOW, &termios)?;
        fcntl(&ends.master, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))?;
        fcntl(&ends.slave, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))?;
        let node = ttyname(&ends.slave)?;
        let staged = link.with_extension("new");
        let _ = std::fs::remove_file(&staged);
        symlink(&node, &staged)?;
        std::fs::rename(&staged, link)?;
        let guard = File::from(ends.slave);
        let driver_end = guard.try_clone()?;
        let name = format!("twin at {}", link.display());
        let port = FdPort::new(File::from(ends.master), name, guard).map_err(io::Error::other)?;
        Ok(Self { port, driver_end, link: link.to_owned() })
    }

    /// Whether the driver has read all that was sent: what it has not is lost with the plug.
    #[must_use]
    pub fn is_drained(&self) -> bool {
        let look = PollFd::new(self.driver_end.as_fd(), PollFlags::POLLIN);
        poll(&mut [look], PollTimeout::ZERO) == Ok(0)
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // The name goes first, as udev does it; a missing name is what we want anyway.
        let _ = std::fs::remove_file(&self.link);
    }
}

impl Port for Pty {
    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> Result<usize, Fault> {
        self.port.read(buffer, timeout)
    }

    fn write(&mut self, bytes: &[u8], timeout: Duration) -> Result<usize, Fault> {
        self.port.write(bytes, timeout)
    }
}

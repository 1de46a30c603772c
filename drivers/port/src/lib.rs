//! Byte pipes between a driver and its device: a claimed serial line, a TCP connection, and the
//! lines that simulated twins hang on.
//!
//! It knows bytes, deadlines and plugs. It never knows what the bytes mean, never retries and
//! never writes to a port by itself. Only crates of `drivers/` use it.
//!
//! **Where to start reading.** [`Port`]; drivers open one with [`open_serial`] or [`connect_tcp`], twins with
//! [`line::Line`].

use std::time::Duration;

use drivers_contract::Fault;

pub mod fd;
pub mod keys;
pub mod line;
mod node;
pub mod pace;
mod pty;
mod record;
mod serial;
pub mod sys;
mod tcp;

pub use node::{KeysPort, open_hid, open_keys, open_usb_printer};
pub use pty::Pty;
pub use record::{play, read_capture};
pub use serial::{open_serial, open_serial_framed};
pub use tcp::connect_tcp;

/// A pipe of bytes in both directions on which nothing blocks for longer than it is told to.
pub trait Port: Send {
    /// Reads what is there, waiting for the first byte until `timeout`; 0 bytes means that none
    /// came.
    ///
    /// # Errors
    /// `Offline` if the other end is gone; every later call fails too.
    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> Result<usize, Fault>;

    /// Hands bytes to the system, waiting for room until `timeout`; answers how many it took, 0
    /// if there was no room. Taken is not printed: the system's buffers are deep.
    ///
    /// # Errors
    /// `Offline` if the other end is gone; every later call fails too.
    fn write(&mut self, bytes: &[u8], timeout: Duration) -> Result<usize, Fault>;
}

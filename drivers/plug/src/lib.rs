//! What is plugged in, and when that changes.
//!
//! It hears the kernel's uevents over plain netlink and watches the folders in which device links
//! lie; it lists what hangs on this machine and in its network, with the URI to write into the
//! settings; it plays a capture back as a device. It never opens a device, never writes to one to
//! find out what it is, and never decides what a device is for: a person does.
//!
//! **Where to start reading.** [`Watch::start`], then [`found`].

/// The kernel's book of devices, for those who may not know ports.
pub mod book {
    pub use drivers_port::sys::{Found, NodeKind, Sys, UsbIdentity};
}
pub mod found;
pub mod mdns;
pub mod replay;
pub mod uevent;
mod watch;

pub use watch::Watch;

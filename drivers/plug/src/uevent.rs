//! The kernel's uevents: what was plugged in or pulled (kernel: `lib/kobject_uevent.c`;
//! netlink(7), `NETLINK_KOBJECT_UEVENT`).

use std::os::fd::{AsRawFd, OwnedFd};

use nix::errno::Errno;
use nix::sys::socket::{
    AddressFamily, NetlinkAddr, SockFlag, SockProtocol, SockType, bind, recvfrom, socket,
};

/// The multicast group on which the kernel itself speaks; udev's is another.
const KERNEL_GROUP: u32 = 1;
/// The longest message (`UEVENT_BUFFER_SIZE` and its head).
const MESSAGE_BYTES_MAX: usize = 8_192;

/// One uevent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uevent {
    /// `add`, `remove`, `change`, `bind`...
    pub action: String,
    /// The kernel's class of devices, as `tty`.
    pub subsystem: String,
    /// The node under `/dev`, for devices that have one.
    pub node: Option<String>,
}

impl Uevent {
    /// Reads a message: `ACTION@PATH`, then `KEY=VALUE`, each ended by a zero.
    #[must_use]
    pub fn parse(message: &[u8]) -> Option<Self> {
        let mut parts = message.split(|byte| *byte == 0);
        let head = std::str::from_utf8(parts.next()?).ok()?;
        let (action, _) = head.split_once('@')?;
        let mut event = Self { action: action.to_owned(), subsystem: String::new(), node: None };
        for part in parts {
            let Some((key, value)) =
                std::str::from_utf8(part).ok().and_then(|part| part.split_once('='))
            else {
                continue;
            };
            match key {
                "SUBSYSTEM" => value.clone_into(&mut event.subsystem),
                "DEVNAME" => event.node = Some(value.to_owned()),
                _ => {}
            }
        }
        (!event.subsystem.is_empty()).then_some(event)
    }

    /// Whether it is about a kind of device that Outpost uses.
    #[must_use]
    pub fn matters(&self) -> bool {
        matches!(self.subsystem.as_str(), "tty" | "input" | "hidraw" | "usbmisc" | "usb" | "gpio")
    }
}

/// A socket on which the kernel's uevents come.
pub(crate) struct UeventSocket(pub(crate) OwnedFd);

impl UeventSocket {
    /// Listens.
    pub(crate) fn open() -> nix::Result<Self> {
        let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
        let protocol = SockProtocol::NetlinkKObjectUEvent;
        let fd = socket(AddressFamily::Netlink, SockType::Datagram, flags, protocol)?;
        bind(fd.as_raw_fd(), &NetlinkAddr::new(0, KERNEL_GROUP))?;
        Ok(Self(fd))
    }

    /// Whether something that matters came since the last look. Messages that the kernel had to
    /// throw away may have mattered.
    pub(crate) fn heard(&self) -> bool {
        let mut buffer = [0; MESSAGE_BYTES_MAX];
        let mut heard = false;
        loop {
            let received = recvfrom::<NetlinkAddr>(self.0.as_raw_fd(), &mut buffer);
            match received {
                Ok((count, from)) => {
                    // Only the kernel has the number 0: another program's word is not its.
                    let kernel = from.is_none_or(|from| from.pid() == 0);
                    let event = buffer.get(..count).and_then(Uevent::parse);
                    heard |= kernel && event.is_some_and(|event| event.matters());
                }
                Err(Errno::ENOBUFS) => heard = true,
                Err(Errno::EINTR) => {}
                Err(_) => return heard,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_contract::conformance::cases;
    use proptest::prelude::*;

    #[test]
    fn a_plugged_scanner_is_understood() {
        let message = b"add@/devices/pci0000:00/usb1/1-1/1-1:1.0/tty/ttyACM0\0ACTION=add\0\
            DEVPATH=/devices/x\0SUBSYSTEM=tty\0MAJOR=166\0DEVNAME=ttyACM0\0SEQNUM=1815\0";
        let event = Uevent::parse(message).unwrap();
        assert_eq!((event.action.as_str(), event.node.as_deref()), ("add", Some("ttyACM0")));
        assert!(event.matters());
        assert!(!Uevent::parse(b"add@/x\0SUBSYSTEM=net\0").unwrap().matters());
        assert_eq!(Uevent::parse(b"libudev\0SUBSYSTEM=tty\0"), None, "udev's own are not these");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(cases(256)))]
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Uevent::parse(&bytes);
            let _ = Uevent::parse(&[b"add@/x\0", &bytes[..]].concat());
        }
    }
}

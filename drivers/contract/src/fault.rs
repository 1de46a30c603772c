//! What goes wrong with hardware, as a stable code, a JavaPOS number and advice to a person.

use std::io;

use crate::upos;

/// Why a device cannot do what was asked; the variants are in order of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FaultCode {
    /// Nothing is there: no such node, no such host.
    NoHardware,
    /// It is there, but this program may not open it.
    NotPermitted,
    /// More than one device is what was named.
    Ambiguous,
    /// It is there, but another program or till holds it.
    Claimed,
    /// It was there, or its line is, but it does not answer or was unplugged.
    Offline,
    /// The printer's cover is open.
    CoverOpen,
    /// The printer is out of paper.
    PaperEmpty,
    /// It did not finish in the time that the work needs.
    Timeout,
    /// It answers, but not in the language that was configured.
    Protocol,
    /// Whether it did what was asked cannot be found out by asking it.
    Unclear,
    /// What the settings say of it cannot be: a file that is missing, an option that it has not.
    Settings,
    /// It reports a failure of its own, or the system does.
    Failure,
}

impl FaultCode {
    /// The JavaPOS `ErrorCode` (UnifiedPOS 1.14, "Common": Errors).
    #[must_use]
    pub const fn jpos(self) -> u16 {
        match self {
            Self::NoHardware => upos::JPOS_E_NOHARDWARE,
            Self::NotPermitted => upos::JPOS_E_NOSERVICE,
            Self::Claimed => upos::JPOS_E_CLAIMED,
            Self::Offline => upos::JPOS_E_OFFLINE,
            Self::CoverOpen | Self::PaperEmpty => upos::JPOS_E_EXTENDED,
            Self::Timeout => upos::JPOS_E_TIMEOUT,
            Self::Settings => upos::JPOS_E_ILLEGAL,
            Self::Protocol | Self::Failure | Self::Ambiguous | Self::Unclear => {
                upos::JPOS_E_FAILURE
            }
        }
    }

    /// The JavaPOS `ErrorCodeExtended`, where [`Self::jpos`] is `JPOS_E_EXTENDED`.
    #[must_use]
    pub const fn jpos_extended(self) -> Option<u16> {
        match self {
            Self::CoverOpen => Some(upos::JPOS_EPTR_COVER_OPEN),
            Self::PaperEmpty => Some(upos::JPOS_EPTR_REC_EMPTY),
            _ => None,
        }
    }

    /// The stable code that interfaces, logs and metrics carry.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoHardware => "no_hardware",
            Self::NotPermitted => "not_permitted",
            Self::Ambiguous => "ambiguous",
            Self::Claimed => "claimed",
            Self::Offline => "offline",
            Self::CoverOpen => "cover_open",
            Self::PaperEmpty => "paper_empty",
            Self::Timeout => "timeout",
            Self::Protocol => "protocol",
            Self::Unclear => "unclear",
            Self::Settings => "settings",
            Self::Failure => "failure",
        }
    }

    /// One sentence that tells the person at the counter what to do.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::NoHardware => "Plug the device in, or check its address in the settings.",
            Self::NotPermitted => {
                "The device is there, but Outpost may not use it: ask your administrator to add \
                 it to the udev rule 70-outpost.rules; `outpost doctor` shows the line."
            }
            Self::Ambiguous => {
                "Two devices look alike: name each by its port in the settings, as in \
                 serial://port:1-2; `outpost doctor` shows the ports."
            }
            Self::Claimed => {
                "Another program or till is using the device: close it there, or wait a moment."
            }
            Self::Offline => "Check that the device is switched on and its cable is in.",
            Self::CoverOpen => "Close the printer's cover.",
            Self::PaperEmpty => "Load a new roll of paper.",
            Self::Timeout => {
                "The device does not answer: switch it off and on; if it stays silent, another \
                 till may be holding it, or its speed setting is wrong."
            }
            Self::Protocol => "The device answers in another language: check its type and speed.",
            Self::Unclear => {
                "Nobody can say whether the card was charged: look at the terminal's journal or its \
                 receipt, and settle the payment by hand. Do not charge again before."
            }
            Self::Settings => {
                "Mend this device's line in the settings, then start the store again; `outpost \
                 doctor` says what is wrong with it."
            }
            Self::Failure => "Switch the device off and on; if it fails again, call for service.",
        }
        .to_owned()
    }
}

impl std::fmt::Display for FaultCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A fault with what was being done when it happened; the detail is for the log and the manager.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Fault {
    /// Which kind.
    pub code: FaultCode,
    /// What was being done, and what the system said.
    pub detail: String,
}

impl Fault {
    /// A fault of this kind.
    #[must_use]
    pub fn new(code: FaultCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    /// Translates what the operating system said while `doing` something with a device.
    #[must_use]
    pub fn from_io(doing: &str, error: &io::Error) -> Self {
        use io::ErrorKind as Kind;
        // A device that was pulled answers EIO (5), ENXIO (6) or ENODEV (19); std has no name for
        // them.
        if matches!(error.raw_os_error(), Some(5 | 6 | 19)) {
            return Self::new(FaultCode::Offline, format!("{doing}: {error}"));
        }
        let code = match error.kind() {
            Kind::NotFound | Kind::AddrNotAvailable => FaultCode::NoHardware,
            Kind::PermissionDenied => FaultCode::NotPermitted,
            Kind::ResourceBusy => FaultCode::Claimed,
            Kind::BrokenPipe
            | Kind::ConnectionReset
            | Kind::ConnectionAborted
            | Kind::ConnectionRefused
            | Kind::NotConnected
            | Kind::UnexpectedEof
            | Kind::HostUnreachable
            | Kind::NetworkUnreachable
            | Kind::NetworkDown => FaultCode::Offline,
            Kind::TimedOut | Kind::WouldBlock => FaultCode::Timeout,
            _ => FaultCode::Failure,
        };
        Self::new(code, format!("{doing}: {error}"))
    }

    /// See [`FaultCode::advice`].
    #[must_use]
    pub fn advice(&self) -> String {
        self.code.advice()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_permitted_is_its_own_state() {
        let denied = Fault::from_io("open", &io::Error::from(io::ErrorKind::PermissionDenied));
        let absent = Fault::from_io("open", &io::Error::from(io::ErrorKind::NotFound));
        assert_eq!(denied.code, FaultCode::NotPermitted);
        assert_eq!(absent.code, FaultCode::NoHardware);
        assert_ne!(denied.advice(), absent.advice());
    }

    #[test]
    fn paper_and_cover_carry_the_extended_numbers_of_javapos() {
        assert_eq!(FaultCode::PaperEmpty.jpos(), 114);
        assert_eq!(FaultCode::PaperEmpty.jpos_extended(), Some(203));
        assert_eq!(FaultCode::CoverOpen.jpos_extended(), Some(201));
        assert_eq!(FaultCode::Offline.jpos(), 108);
    }
}

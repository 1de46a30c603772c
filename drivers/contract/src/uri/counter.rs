//! URIs of what stands on the counter beside scanner and printer: keyboards that are scanners or
//! bump bars, HID-POS scanners, scales, customer displays, ZVT terminals.

use std::fmt;
use std::path::{Path, PathBuf};

use super::{DeviceUri, SerialAddress, UriError, number, tcp_address};
use crate::place::{PLACE_FORMS, Place};

/// The schemes of this file.
pub(super) const SCHEMES: [&str; 6] =
    ["evdev", "hid", "scale+serial", "display+serial", "bumpbar+evdev", "zvt"];

/// A keyboard that is not one: a scanner that types, a bump bar.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeysAddress {
    /// The input device, or another [`Place`].
    pub path: PathBuf,
    /// `layout`: which keyboard it believes to be.
    pub layout: KeyLayout,
}

/// What the keys of a keyboard mean.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum KeyLayout {
    /// `us`: as most scanners leave the factory.
    #[default]
    Us,
    /// `de`: y and z change places, and so do most signs.
    De,
}

/// How a scale talks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScaleProtocol {
    /// `toledo8217`.
    Toledo8217,
    /// `dialog06`.
    Dialog06,
}

/// How a customer display talks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DisplayProtocol {
    /// `cd5220`.
    Cd5220,
    /// `escpos`: Epson's display commands (DM-D).
    EscPos,
}

/// How many bits a character has on a serial line, and how they are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Framing {
    /// `8n1`.
    EightNone,
    /// `7e1`.
    SevenEven,
    /// `7o1`.
    SevenOdd,
}

/// The password of a ZVT terminal, six digits; never shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ZvtPassword(pub [u8; 6]);

impl fmt::Debug for ZvtPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ZvtPassword(..)")
    }
}

/// Words and what they stand for.
type Words<T> = [(&'static str, T)];

const LAYOUTS: &Words<KeyLayout> = &[("us", KeyLayout::Us), ("de", KeyLayout::De)];
const SCALES: &Words<ScaleProtocol> =
    &[("toledo8217", ScaleProtocol::Toledo8217), ("dialog06", ScaleProtocol::Dialog06)];
const DISPLAYS: &Words<DisplayProtocol> =
    &[("cd5220", DisplayProtocol::Cd5220), ("escpos", DisplayProtocol::EscPos)];
const FRAMINGS: &Words<Framing> =
    &[("8n1", Framing::EightNone), ("7e1", Framing::SevenEven), ("7o1", Framing::SevenOdd)];

fn word<T: Copy + PartialEq>(words: &Words<T>, value: T) -> &'static str {
    words.iter().find(|(_, known)| *known == value).map_or("", |(name, _)| name)
}

impl ScaleProtocol {
    /// The framing that scales with this protocol leave the factory with.
    #[must_use]
    pub const fn framing(self) -> Framing {
        match self {
            Self::Toledo8217 => Framing::SevenEven,
            Self::Dialog06 => Framing::SevenOdd,
        }
    }
}

/// A query, taken apart; what nobody took is unknown.
struct Query<'a> {
    scheme: &'a str,
    pairs: Vec<(&'a str, &'a str)>,
}

impl<'a> Query<'a> {
    fn of(scheme: &'a str, query: &'a str) -> Result<Self, UriError> {
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(bad(name, value, "it is given twice"));
            }
            pairs.push((name, value));
        }
        Ok(Self { scheme, pairs })
    }

    fn take<T>(
        &mut self,
        name: &str,
        reason: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, UriError> {
        let Some(at) = self.pairs.iter().position(|(known, _)| *known == name) else {
            return Ok(None);
        };
        let (name, value) = self.pairs.remove(at);
        read(value).map(Some).ok_or_else(|| bad(name, value, reason))
    }

    fn word<T: Copy>(
        &mut self,
        name: &str,
        words: &Words<T>,
        reason: &'static str,
    ) -> Result<Option<T>, UriError> {
        let find = |value: &str| words.iter().find(|(known, _)| *known == value).map(|(_, t)| *t);
        self.take(name, reason, find)
    }

    fn baud(&mut self) -> Result<u32, UriError> {
        let read = |value: &str| number(value, 300, 4_000_000);
        let baud = self.take("baud", "a number from 300 to 4000000 is needed", read)?;
        Ok(baud.unwrap_or(super::BAUD_DEFAULT))
    }

    fn finish(self) -> Result<(), UriError> {
        match self.pairs.first() {
            None => Ok(()),
            Some((name, _)) => Err(UriError::UnknownOption {
                scheme: self.scheme.to_owned(),
                name: (*name).to_owned(),
            }),
        }
    }
}

fn bad(name: &str, value: &str, reason: &'static str) -> UriError {
    UriError::BadOption { name: name.to_owned(), value: value.to_owned(), reason }
}

fn node(uri: &str, place: &str) -> Result<PathBuf, UriError> {
    let path = PathBuf::from(place);
    match Place::of(&path) {
        Some(_) => Ok(path),
        None => Err(UriError::BadAddress { uri: uri.to_owned(), reason: PLACE_FORMS }),
    }
}

/// Six digits, each as its number.
fn password(text: &str) -> Option<ZvtPassword> {
    let digits: [u8; 6] = text.as_bytes().try_into().ok()?;
    digits.iter().all(u8::is_ascii_digit).then(|| ZvtPassword(digits.map(|digit| digit - b'0')))
}

/// Reads a URI of one of [`SCHEMES`].
pub(super) fn parse(uri: &str, scheme: &str, rest: &str) -> Result<DeviceUri, UriError> {
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut query = Query::of(scheme, query)?;
    let serial = |query: &mut Query<'_>| -> Result<SerialAddress, UriError> {
        Ok(SerialAddress { path: node(uri, place)?, baud: query.baud()? })
    };
    let keys = |query: &mut Query<'_>| -> Result<KeysAddress, UriError> {
        let layout = query.word("layout", LAYOUTS, "us or de is needed")?.unwrap_or_default();
        Ok(KeysAddress { path: node(uri, place)?, layout })
    };
    let absolute = |text: &str| Some(PathBuf::from(text)).filter(|path| path.is_absolute());
    let parsed = match scheme {
        "evdev" => DeviceUri::ScannerKeys { keys: keys(&mut query)? },
        "bumpbar+evdev" => DeviceUri::BumpBar { keys: keys(&mut query)? },
        "hid" => DeviceUri::ScannerHid { path: node(uri, place)? },
        "scale+serial" => {
            let reason = "toledo8217 or dialog06 is needed";
            let protocol = query.word("protocol", SCALES, reason)?;
            let protocol = protocol.ok_or_else(|| bad("protocol", "", reason))?;
            let framing = query.word("framing", FRAMINGS, "8n1, 7e1 or 7o1 is needed")?;
            let framing = framing.unwrap_or(protocol.framing());
            let checksums = query.take("checksums", "an absolute path is needed", absolute)?;
            if checksums.is_some() && protocol != ScaleProtocol::Dialog06 {
                return Err(bad("checksums", "", "only dialog06 has any"));
            }
            DeviceUri::Scale { address: serial(&mut query)?, protocol, framing, checksums }
        }
        "display+serial" => {
            let reason = "cd5220 or escpos is needed";
            let protocol = query.word("protocol", DISPLAYS, reason)?;
            let protocol = protocol.ok_or_else(|| bad("protocol", "", reason))?;
            DeviceUri::Display { address: serial(&mut query)?, protocol }
        }
        _ => {
            let password = query.take("password", "six digits are needed", password)?;
            let password = password.unwrap_or_default();
            let memory = query.take("memory", "an absolute path is needed", absolute)?;
            DeviceUri::TerminalZvt { address: tcp_address(uri, place)?, password, memory }
        }
    };
    query.finish()?;
    Ok(parsed)
}

fn write_keys(f: &mut fmt::Formatter<'_>, scheme: &str, keys: &KeysAddress) -> fmt::Result {
    write!(f, "{scheme}://{}", keys.path.display())?;
    match keys.layout {
        KeyLayout::Us => Ok(()),
        layout => write!(f, "?layout={}", word(LAYOUTS, layout)),
    }
}

/// Writes a URI of this file back; a password stays out of it.
pub(super) fn write(uri: &DeviceUri, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match uri {
        DeviceUri::ScannerKeys { keys } => write_keys(f, "evdev", keys),
        DeviceUri::BumpBar { keys } => write_keys(f, "bumpbar+evdev", keys),
        DeviceUri::ScannerHid { path } => write!(f, "hid://{}", path.display()),
        DeviceUri::Scale { address, protocol, framing, checksums } => {
            let (path, baud) = (address.path.display(), address.baud);
            write!(f, "scale+serial://{path}?protocol={}&baud={baud}", word(SCALES, *protocol))?;
            if *framing != protocol.framing() {
                write!(f, "&framing={}", word(FRAMINGS, *framing))?;
            }
            checksums.iter().try_for_each(|path| write!(f, "&checksums={}", path.display()))
        }
        DeviceUri::Display { address, protocol } => {
            let (path, baud) = (address.path.display(), address.baud);
            write!(f, "display+serial://{path}?protocol={}&baud={baud}", word(DISPLAYS, *protocol))
        }
        DeviceUri::TerminalZvt { address, memory, .. } => {
            write!(f, "zvt://{address}")?;
            memory.iter().try_for_each(|path| write!(f, "?memory={}", path.display()))
        }
        _ => Ok(()),
    }
}

impl DeviceUri {
    /// The node or other [`Place`] on this machine, for devices that have one.
    #[must_use]
    pub fn local_path(&self) -> Option<&Path> {
        match self {
            Self::ScannerSerial { address, .. }
            | Self::PrinterSerial { address, .. }
            | Self::Scale { address, .. }
            | Self::Display { address, .. } => Some(&address.path),
            Self::ScannerKeys { keys } | Self::BumpBar { keys } => Some(&keys.path),
            Self::ScannerHid { path } | Self::PrinterUsb { path, .. } => Some(path),
            _ => None,
        }
    }
}

impl DeviceUri {
    /// The name of the port that its driver opens, for captures: a place, or `host:port`. `None`
    /// for one that carries card data, for one whose bytes are ciphertext, and for those that have
    /// no port of their own.
    #[must_use]
    pub fn port_name(&self) -> Option<String> {
        match self {
            Self::ScannerTcp { address, .. }
            | Self::PrinterTcp { address, .. }
            | Self::PrinterZpl { address, .. }
            | Self::ReaderLlrp { address, tls: None, .. }
            | Self::TerminalSim { address } => Some(address.to_string()),
            other => other.local_path().map(|path| path.display().to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_the_contract_names_is_understood_and_written_back() {
        for uri in [
            "evdev:///dev/input/by-id/usb-Scanner-event-kbd",
            "evdev://usb:0c2e:0b61:18A3?layout=de",
            "hid:///dev/hidraw0",
            "hid://port:1-2.3",
            "scale+serial:///dev/ttyS0?protocol=toledo8217&baud=9600",
            "scale+serial:///dev/ttyS0?protocol=dialog06&baud=4800&framing=8n1",
            "display+serial:///dev/ttyUSB2?protocol=cd5220&baud=9600",
            "bumpbar+evdev:///dev/input/by-id/usb-Bump-event-kbd",
            "zvt://10.0.0.5:20007",
            "zvt://10.0.0.5:20007?memory=/var/lib/outpost/card-1.mark",
        ] {
            assert_eq!(uri.parse::<DeviceUri>().unwrap().to_string(), uri);
        }
    }

    #[test]
    fn a_wrong_uri_is_refused_with_its_reason() {
        let error = |uri: &str| uri.parse::<DeviceUri>().unwrap_err();
        assert!(matches!(error("evdev://event0"), UriError::BadAddress { .. }));
        assert!(matches!(error("scale+serial:///dev/x"), UriError::BadOption { .. }));
        assert!(matches!(error("evdev:///dev/x?layout=fr"), UriError::BadOption { .. }));
        assert!(matches!(error("hid:///dev/x?baud=9600"), UriError::UnknownOption { .. }));
        assert!(matches!(error("zvt://h:1?password=12345"), UriError::BadOption { .. }));
    }

    /// Invariant 10: no secret leaves its room.
    #[test]
    fn a_password_is_never_written() {
        let uri: DeviceUri = "zvt://h:20007?password=987654".parse().unwrap();
        assert!(!format!("{uri} {uri:?}").contains("987654"));
        let DeviceUri::TerminalZvt { password, .. } = uri else { panic!() };
        assert_eq!(password.0, [9, 8, 7, 6, 5, 4]);
    }

    proptest! {
        #[test]
        fn no_text_panics_and_what_parses_survives_display(
            text in ".{0,60}",
            scheme in proptest::sample::select(SCHEMES.to_vec()),
        ) {
            for text in [format!("{scheme}://{text}"), format!("{scheme}:///dev/{text}")] {
                if let Ok(uri) = text.parse::<DeviceUri>()
                    && !text.contains("password")
                {
                    prop_assert_eq!(uri.to_string().parse::<DeviceUri>().unwrap(), uri);
                }
            }
        }
    }
}

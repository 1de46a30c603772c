//! The address of a device as a configuration writes it.
//!
//! A URI names a driver and a place, nothing is opened here. Schemes of device classes that this
//! contract does not know yet are refused by name.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use crate::place::{PLACE_FORMS, Place};

mod counter;
pub use counter::{DisplayProtocol, Framing, KeyLayout, KeysAddress, ScaleProtocol, ZvtPassword};
mod field;
mod label;
mod options;

pub use field::{GateSides, GpioDriver, ReadFormat, TlsOptions};
pub use label::LabelMedia;
use options::Options;
pub use options::PrinterOptions;

/// A parsed device URI; `Display` writes it back.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeviceUri {
    /// `serial:///dev/ttyUSB0?baud=9600`: a scanner on a serial line or USB-CDC.
    ScannerSerial {
        /// The line.
        address: SerialAddress,
        /// `idle_ms`: a silence that ends a code, for scanners that send no suffix. Off by default.
        idle_gap: Option<Duration>,
    },
    /// `tcp://host:port`: a scanner behind a serial server or in the network.
    ScannerTcp {
        /// Where it listens.
        address: TcpAddress,
        /// As for the serial line.
        idle_gap: Option<Duration>,
    },
    /// `escpos+tcp://host:9100?columns=42&codepage=cp858`: an ESC/POS printer in the network.
    PrinterTcp {
        /// Where it listens.
        address: TcpAddress,
        /// What is known about the model.
        options: PrinterOptions,
    },
    /// `escpos+serial:///dev/ttyUSB1?baud=115200`: an ESC/POS printer on a serial line.
    PrinterSerial {
        /// The line.
        address: SerialAddress,
        /// What is known about the model.
        options: PrinterOptions,
    },
    /// `escpos+usb:///dev/usb/lp0`: an ESC/POS printer on USB.
    PrinterUsb {
        /// Its node, or another [`crate::place::Place`].
        path: PathBuf,
        /// What is known about the model.
        options: PrinterOptions,
    },
    /// `zpl+tcp://host:9100?width=58&height=40&dpi=203`: a label printer in the network.
    PrinterZpl {
        /// Where it listens.
        address: TcpAddress,
        /// Its labels.
        media: LabelMedia,
    },
    /// `sim-terminal://host:port`: the simulated card terminal.
    TerminalSim {
        /// Where it listens.
        address: TcpAddress,
    },
    /// `evdev:///dev/input/by-id/...?layout=de`: a scanner that types.
    ScannerKeys {
        /// The keyboard that it is.
        keys: KeysAddress,
    },
    /// `hid:///dev/hidraw0`: a scanner that speaks HID-POS.
    ScannerHid {
        /// Its node, or another [`crate::place::Place`].
        path: PathBuf,
    },
    /// `scale+serial:///dev/ttyS0?protocol=toledo8217`.
    Scale {
        /// The line.
        address: SerialAddress,
        /// How it talks.
        protocol: ScaleProtocol,
        /// `framing`: the protocol's own by default.
        framing: Framing,
        /// `checksums`: the file with the number by which a certified till answers Dialog 06. It is
        /// a secret of the scale's maker, and never part of the URI.
        checksums: Option<PathBuf>,
    },
    /// `display+serial:///dev/ttyUSB2?protocol=cd5220`: a customer display.
    Display {
        /// The line.
        address: SerialAddress,
        /// How it talks.
        protocol: DisplayProtocol,
    },
    /// `bumpbar+evdev:///dev/input/by-id/...`: a kitchen's bump bar.
    BumpBar {
        /// The keyboard that it is.
        keys: KeysAddress,
    },
    /// `zvt://host:20007?password=000000`: a card terminal that speaks ZVT.
    TerminalZvt {
        /// Where it listens.
        address: TcpAddress,
        /// The terminal's password.
        password: ZvtPassword,
        /// `memory`: where the payment under way is noted, so that it is found after a restart.
        memory: Option<PathBuf>,
    },
    /// `llrp://host:5084?inner=1,2&outer=3,4`: an RFID reader; with TLS on port 5085 or by
    /// `tls=on`, and `ca=` its authority's file.
    ReaderLlrp {
        /// Where it listens.
        address: TcpAddress,
        /// How its line is guarded; in clear where `None`.
        tls: Option<TlsOptions>,
        /// Which antennas look where.
        sides: GateSides,
    },
    /// `mqtt://host:1883/topic?format=impinj|zebra`: an RFID reader that publishes on a broker.
    ReaderMqtt {
        /// Where the broker listens.
        address: TcpAddress,
        /// The topic that it publishes under.
        topic: String,
        /// How it writes.
        format: ReadFormat,
        /// `heartbeat_s`: it publishes something at least so often, or is silent. Without it nothing
        /// tells a silent reader from one that sees no tag.
        heartbeat_s: Option<u16>,
        /// Which antennas look where.
        sides: GateSides,
    },
    /// `gpio://chip0/17?active=low`: a lamp, buzzer or relay on a line of the appliance.
    OutputGpio {
        /// The chip: `chip0`, or the label that the kernel gives it.
        chip: String,
        /// The line's offset on its chip.
        line: u32,
        /// Whether it is on when the line is low.
        active_low: bool,
        /// Who drives it.
        driver: GpioDriver,
    },
    /// `llrp-gpo://READER_ID/1`: a lamp or buzzer on an output of a reader.
    OutputReader {
        /// The reader's id in the configuration.
        reader: String,
        /// Its output, from 1.
        port: u16,
    },
}

/// A serial line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SerialAddress {
    /// The device node, a stable link to it, or another [`Place`].
    pub path: PathBuf,
    /// Bits per second.
    pub baud: u32,
}

/// A TCP endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TcpAddress {
    /// A name or an address; an IPv6 address without its brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl fmt::Display for TcpAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// Why a device URI is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UriError {
    /// No `scheme://`.
    #[error("\"{0}\" is not a device URI: write scheme://address, as in {SERIAL}")]
    Malformed(String),
    /// No driver of this contract answers to the scheme.
    #[error("device scheme \"{0}\" is not known; known are {KNOWN}")]
    UnknownScheme(String),
    /// The host, port or path is missing or wrong.
    #[error("\"{uri}\" has no usable address: {reason}")]
    BadAddress {
        /// The URI.
        uri: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The scheme has no such option.
    #[error("device option \"{name}\" is not known to {scheme}://")]
    UnknownOption {
        /// The scheme.
        scheme: String,
        /// The option.
        name: String,
    },
    /// An option's value is wrong, or it is given twice.
    #[error("device option \"{name}\" cannot be \"{value}\": {reason}")]
    BadOption {
        /// The option.
        name: String,
        /// What was given.
        value: String,
        /// What would do.
        reason: &'static str,
    },
    /// The URI is fine, but names a device of another class than the one asked for.
    #[error("\"{uri}\" is not a {wanted}")]
    WrongClass {
        /// The URI.
        uri: String,
        /// The class that was asked for.
        wanted: &'static str,
    },
}

const SERIAL: &str = "serial:///dev/ttyUSB0?baud=9600";
const KNOWN: &str = "serial, tcp, evdev, hid, escpos+tcp, escpos+serial, escpos+usb, zpl+tcp, \
    scale+serial, display+serial, bumpbar+evdev, zvt, sim-terminal, llrp, mqtt, gpio, llrp-gpo";
const SCHEMES: [&str; 6] =
    ["serial", "tcp", "escpos+tcp", "escpos+serial", "escpos+usb", "sim-terminal"];
const BAUD_DEFAULT: u32 = 9_600;

impl FromStr for DeviceUri {
    type Err = UriError;

    fn from_str(text: &str) -> Result<Self, UriError> {
        let (scheme, rest) =
            text.split_once("://").ok_or_else(|| UriError::Malformed(text.to_owned()))?;
        if counter::SCHEMES.contains(&scheme) {
            return counter::parse(text, scheme, rest);
        }
        if let Some(parsed) = field::parse(text, scheme, rest) {
            return parsed;
        }
        if scheme == label::SCHEME {
            return label::parse(text, rest);
        }
        if !SCHEMES.contains(&scheme) {
            return Err(UriError::UnknownScheme(scheme.to_owned()));
        }
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let options = Options::parse(scheme, query)?;
        Ok(match scheme {
            "serial" => Self::ScannerSerial {
                address: serial_address(text, place, options.baud)?,
                idle_gap: options.idle_gap,
            },
            "tcp" => {
                Self::ScannerTcp { address: tcp_address(text, place)?, idle_gap: options.idle_gap }
            }
            "sim-terminal" => Self::TerminalSim { address: tcp_address(text, place)? },
            "escpos+tcp" => {
                Self::PrinterTcp { address: tcp_address(text, place)?, options: options.printer }
            }
            "escpos+usb" => Self::PrinterUsb {
                path: serial_address(text, place, 0)?.path,
                options: options.printer,
            },
            _ => Self::PrinterSerial {
                address: serial_address(text, place, options.baud)?,
                options: options.printer,
            },
        })
    }
}

impl fmt::Display for DeviceUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut query = Vec::new();
        match self {
            Self::ScannerSerial { address, idle_gap } => {
                write!(f, "serial://{}", address.path.display())?;
                query.push(format!("baud={}", address.baud));
                query.extend(idle_gap.map(|gap| format!("idle_ms={}", gap.as_millis())));
            }
            Self::ScannerTcp { address, idle_gap } => {
                write!(f, "tcp://{address}")?;
                query.extend(idle_gap.map(|gap| format!("idle_ms={}", gap.as_millis())));
            }
            Self::PrinterTcp { address, options } => {
                write!(f, "escpos+tcp://{address}")?;
                options.write_back(&mut query);
            }
            Self::PrinterSerial { address, options } => {
                write!(f, "escpos+serial://{}", address.path.display())?;
                query.push(format!("baud={}", address.baud));
                options.write_back(&mut query);
            }
            Self::TerminalSim { address } => write!(f, "sim-terminal://{address}")?,
            Self::PrinterUsb { path, options } => {
                write!(f, "escpos+usb://{}", path.display())?;
                options.write_back(&mut query);
            }
            Self::PrinterZpl { address, media } => {
                write!(f, "{}://{address}", label::SCHEME)?;
                query.extend(label::write_back(*media));
            }
            Self::ReaderLlrp { .. }
            | Self::ReaderMqtt { .. }
            | Self::OutputGpio { .. }
            | Self::OutputReader { .. } => field::write(self, f)?,
            _ => counter::write(self, f)?,
        }
        if !query.is_empty() {
            write!(f, "?{}", query.join("&"))?;
        }
        Ok(())
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn number(value: &str, min: u32, max: u32) -> Option<u32> {
    value.parse().ok().filter(|n| (min..=max).contains(n))
}

fn serial_address(uri: &str, place: &str, baud: u32) -> Result<SerialAddress, UriError> {
    let path = PathBuf::from(place);
    if Place::of(&path).is_none() {
        return Err(UriError::BadAddress { uri: uri.to_owned(), reason: PLACE_FORMS });
    }
    Ok(SerialAddress { path, baud })
}

fn tcp_address(uri: &str, place: &str) -> Result<TcpAddress, UriError> {
    let bad = |reason| UriError::BadAddress { uri: uri.to_owned(), reason };
    let (host, port) = place.rsplit_once(':').ok_or_else(|| bad("host:port is needed"))?;
    let port = port.parse().ok().filter(|p| *p != 0).ok_or_else(|| bad("the port is wrong"))?;
    let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    let host = match bare {
        Some(address) => address,
        None if host.contains([':', '[', ']']) => return Err(bad("IPv6 belongs in brackets")),
        None => host,
    };
    if host.is_empty() || host.contains(['/', '@', ' ']) {
        return Err(bad("the host is wrong"));
    }
    Ok(TcpAddress { host: host.to_owned(), port })
}

#[cfg(test)]
mod tests;

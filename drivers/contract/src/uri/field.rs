//! URIs of RFID readers and of outputs.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

use super::{DeviceUri, UriError, is_name, number, tcp_address};

/// Which antennas of a gate look where: going out is from the first to the second.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GateSides {
    /// `inner`: antennas on the shop's side.
    pub inner: Vec<u16>,
    /// `outer`: antennas on the street's side.
    pub outer: Vec<u16>,
}

/// How a reader's line is guarded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct TlsOptions {
    /// `ca`: the authority (PEM) that the reader's certificate must come from.
    pub ca: Option<PathBuf>,
}

/// How an MQTT reader writes its reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReadFormat {
    /// The JSON of Impinj's R700 (IoT device interface).
    Impinj,
    /// The JSON of Zebra's fixed readers (IoT Connector).
    Zebra,
}

/// Who drives a line of the appliance's own GPIO.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GpioDriver {
    /// The kernel's character device.
    Kernel,
    /// rppal, on a Raspberry Pi.
    Rppal,
    /// Nobody: `gpio://sim/17` is a line of the program's own, that can be looked at.
    Sim,
}

impl Default for GateSides {
    fn default() -> Self {
        Self { inner: vec![1, 2], outer: vec![3, 4] }
    }
}

impl ReadFormat {
    /// The name in a URI.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Impinj => "impinj",
            Self::Zebra => "zebra",
        }
    }
}

/// The port that IANA gives LLRP over TLS.
const LLRP_TLS: u16 = 5_085;
/// The chip whose lines are simulated.
const SIM_CHIP: &str = "sim";

/// Parses a URI of these classes; `None` where the scheme is none of theirs.
pub(super) fn parse(uri: &str, scheme: &str, rest: &str) -> Option<Result<DeviceUri, UriError>> {
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    Some(match scheme {
        "llrp" => llrp(uri, place, query),
        "mqtt" => mqtt(uri, place, query),
        "gpio" => gpio(uri, place, query),
        "llrp-gpo" => gpo(uri, place, query),
        _ => return None,
    })
}

fn llrp(uri: &str, place: &str, query: &str) -> Result<DeviceUri, UriError> {
    let mut options = Query::read("llrp", query, &["inner", "outer", "tls", "ca"])?;
    let address = tcp_address(uri, place)?;
    let tls = match options.take("tls") {
        None => address.port == LLRP_TLS,
        Some(on) if on == "on" => true,
        Some(off) if off == "off" => false,
        Some(other) => return Err(bad("tls", &other, "on or off is needed")),
    };
    let ca = options.take("ca").map(PathBuf::from);
    if let (false, Some(ca)) = (tls, &ca) {
        return Err(bad("ca", &ca.display().to_string(), "it needs tls=on or port 5085"));
    }
    let tls = tls.then_some(TlsOptions { ca });
    Ok(DeviceUri::ReaderLlrp { address, tls, sides: options.sides()? })
}

fn mqtt(uri: &str, place: &str, query: &str) -> Result<DeviceUri, UriError> {
    let mut options = Query::read("mqtt", query, &["inner", "outer", "format", "heartbeat_s"])?;
    let wrong = |reason| UriError::BadAddress { uri: uri.to_owned(), reason };
    let (host, topic) = place.split_once('/').ok_or_else(|| wrong("the topic is missing"))?;
    if topic.is_empty() || topic.chars().any(|c| c.is_control() || c == '?') {
        return Err(wrong("the topic is missing"));
    }
    let format = match options.take("format").as_deref() {
        Some("impinj") => ReadFormat::Impinj,
        Some("zebra") => ReadFormat::Zebra,
        other => {
            return Err(bad("format", other.unwrap_or_default(), "impinj or zebra is needed"));
        }
    };
    let heartbeat_s = options.take("heartbeat_s").map(|text| {
        let seconds = number(&text, 1, 3_600).and_then(|seconds| u16::try_from(seconds).ok());
        seconds.ok_or_else(|| bad("heartbeat_s", &text, "seconds from 1 to 3600 are needed"))
    });
    let (address, topic) = (tcp_address(uri, host)?, topic.to_owned());
    let heartbeat_s = heartbeat_s.transpose()?;
    Ok(DeviceUri::ReaderMqtt { address, topic, format, heartbeat_s, sides: options.sides()? })
}

fn gpio(uri: &str, place: &str, query: &str) -> Result<DeviceUri, UriError> {
    let mut options = Query::read("gpio", query, &["active", "driver"])?;
    let wrong = |reason| UriError::BadAddress { uri: uri.to_owned(), reason };
    let (chip, line) = place
        .split_once('/')
        .ok_or_else(|| wrong("a chip and a line are needed, as in gpio://chip0/17"))?;
    if !is_name(chip) {
        return Err(wrong("the chip is a name or a label, as in gpio://chip0/17"));
    }
    let line = number(line, 0, 1_023).ok_or_else(|| wrong("the line is a number up to 1023"))?;
    let active_low = match options.take("active").as_deref() {
        None | Some("high") => false,
        Some("low") => true,
        Some(other) => return Err(bad("active", other, "low or high is needed")),
    };
    let driver = match options.take("driver").as_deref() {
        None if chip == SIM_CHIP => GpioDriver::Sim,
        Some(other) if chip == SIM_CHIP => {
            return Err(bad("driver", other, "the chip sim has no driver"));
        }
        None | Some("kernel") => GpioDriver::Kernel,
        Some("rppal") => GpioDriver::Rppal,
        Some(other) => return Err(bad("driver", other, "kernel or rppal is needed")),
    };
    Ok(DeviceUri::OutputGpio { chip: chip.to_owned(), line, active_low, driver })
}

fn gpo(uri: &str, place: &str, query: &str) -> Result<DeviceUri, UriError> {
    Query::read("llrp-gpo", query, &[])?;
    let wrong = |reason| UriError::BadAddress { uri: uri.to_owned(), reason };
    let (reader, port) = place
        .rsplit_once('/')
        .ok_or_else(|| wrong("a reader's id and an output are needed, as in llrp-gpo://gate/1"))?;
    let port = number(port, 1, 64).and_then(|port| u16::try_from(port).ok());
    let port = port.ok_or_else(|| wrong("the output is a number from 1 to 64"))?;
    if reader.is_empty() || reader.contains(['?', '/']) {
        return Err(wrong("the reader's id is missing"));
    }
    Ok(DeviceUri::OutputReader { reader: reader.to_owned(), port })
}

/// Writes a URI of these classes back.
pub(super) fn write(uri: &DeviceUri, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut query = Vec::new();
    match uri {
        DeviceUri::ReaderLlrp { address, tls, sides } => {
            write!(f, "llrp://{address}")?;
            match tls {
                Some(tls) => {
                    query.extend((address.port != LLRP_TLS).then(|| "tls=on".to_owned()));
                    query.extend(tls.ca.as_ref().map(|ca| format!("ca={}", ca.display())));
                }
                None => query.extend((address.port == LLRP_TLS).then(|| "tls=off".to_owned())),
            }
            sides.write_back(&mut query);
        }
        DeviceUri::ReaderMqtt { address, topic, format, heartbeat_s, sides } => {
            write!(f, "mqtt://{address}/{topic}")?;
            query.push(format!("format={}", format.as_str()));
            query.extend(heartbeat_s.map(|seconds| format!("heartbeat_s={seconds}")));
            sides.write_back(&mut query);
        }
        DeviceUri::OutputGpio { chip, line, active_low, driver } => {
            write!(f, "gpio://{chip}/{line}")?;
            query.extend(active_low.then(|| "active=low".to_owned()));
            query.extend((*driver == GpioDriver::Rppal).then(|| "driver=rppal".to_owned()));
        }
        DeviceUri::OutputReader { reader, port } => write!(f, "llrp-gpo://{reader}/{port}")?,
        _ => {}
    }
    if query.is_empty() { Ok(()) } else { write!(f, "?{}", query.join("&")) }
}

impl GateSides {
    fn write_back(&self, query: &mut Vec<String>) {
        if *self != Self::default() {
            let list = |list: &[u16]| list.iter().map(u16::to_string).collect::<Vec<_>>().join(",");
            query.push(format!("inner={}", list(&self.inner)));
            query.push(format!("outer={}", list(&self.outer)));
        }
    }
}

fn bad(name: &str, value: &str, reason: &'static str) -> UriError {
    UriError::BadOption { name: name.to_owned(), value: value.to_owned(), reason }
}

/// The options of a URI, each once and known.
struct Query(Vec<(String, String)>);

impl Query {
    fn read(scheme: &str, query: &str, known: &[&str]) -> Result<Self, UriError> {
        let mut seen = BTreeSet::new();
        let mut options = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if !known.contains(&name) {
                let (scheme, name) = (scheme.to_owned(), name.to_owned());
                return Err(UriError::UnknownOption { scheme, name });
            }
            if !seen.insert(name) {
                return Err(bad(name, value, "it is given twice"));
            }
            options.push((name.to_owned(), value.to_owned()));
        }
        Ok(Self(options))
    }

    fn take(&mut self, name: &str) -> Option<String> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    fn sides(&mut self) -> Result<GateSides, UriError> {
        let (inner, outer) = (self.antennas("inner")?, self.antennas("outer")?);
        let sides = match (inner, outer) {
            (None, None) => return Ok(GateSides::default()),
            (Some(inner), Some(outer)) => GateSides { inner, outer },
            _ => return Err(bad("inner", "", "inner and outer go together")),
        };
        if sides.inner.iter().any(|antenna| sides.outer.contains(antenna)) {
            return Err(bad("outer", "", "an antenna looks to one side"));
        }
        Ok(sides)
    }

    fn antennas(&mut self, name: &str) -> Result<Option<Vec<u16>>, UriError> {
        let Some(text) = self.take(name) else { return Ok(None) };
        let one = |text: &str| number(text, 1, 64).and_then(|n| u16::try_from(n).ok());
        let list: Option<Vec<u16>> = text.split(',').map(one).collect();
        list.map(Some).ok_or_else(|| bad(name, &text, "antenna numbers as 1,2 are needed"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_contract_names_is_understood_and_written_back() {
        for uri in [
            "llrp://reader.shop:5084",
            "llrp://10.0.0.9:5085?ca=/etc/outpost/reader-ca.pem",
            "llrp://10.0.0.9:5085?tls=off",
            "llrp://10.0.0.9:7000?tls=on&inner=1&outer=2,3",
            "mqtt://127.0.0.1:1883/impinj/gate1?format=impinj",
            "mqtt://127.0.0.1:1883/zebra?format=zebra&inner=2&outer=1",
            "gpio://chip0/17?active=low",
            "gpio://chip0/17?driver=rppal",
            "gpio://pinctrl-bcm2711/4",
            "gpio://sim/17",
            "llrp-gpo://gate-reader/1",
        ] {
            assert_eq!(uri.parse::<DeviceUri>().unwrap().to_string(), uri);
        }
    }

    #[test]
    fn a_wrong_uri_is_refused_with_its_reason() {
        let error = |uri: &str| uri.parse::<DeviceUri>().unwrap_err();
        assert!(matches!(error("llrp://reader"), UriError::BadAddress { .. }));
        assert!(matches!(error("llrp://r:5084?ca=/x"), UriError::BadOption { .. }));
        assert!(matches!(error("llrp://r:5084?inner=1"), UriError::BadOption { .. }));
        assert!(matches!(error("llrp://r:5084?inner=1&outer=1"), UriError::BadOption { .. }));
        assert!(matches!(error("llrp://r:5084?baud=9600"), UriError::UnknownOption { .. }));
        assert!(matches!(error("mqtt://h:1883/t"), UriError::BadOption { .. }));
        assert!(matches!(error("mqtt://h:1883?format=zebra"), UriError::BadAddress { .. }));
        assert!(matches!(error("gpio://chip0"), UriError::BadAddress { .. }));
        assert!(matches!(error("gpio://chip0/17?active=on"), UriError::BadOption { .. }));
        assert!(matches!(error("gpio://sim/17?driver=kernel"), UriError::BadOption { .. }));
        assert!(matches!(error("llrp-gpo://gate"), UriError::BadAddress { .. }));
    }
}

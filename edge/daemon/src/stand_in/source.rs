//! What a device's URI in the settings names: a device, a twin (`sim://CLASS`), or a capture that
//! is played again (`replay:///FILE?as=SCHEME`).
//!
//! A twin's URI is the one that its driver opens, without the place and with a word for the
//! scheme: `sim://scale?protocol=dialog06` has the options of `scale+serial://`, read by the same
//! rules. The place is known when the twin is there.

use super::class::{Outlet, SimClass};
use super::hands::HandsAddress;
use drivers_contract::uri::ZvtPassword;
use drivers_contract::{DeviceUri, UriError, capture};
use std::fmt;
use std::path::{Path, PathBuf};

/// A device of the settings.
#[derive(Clone, Debug)]
pub(crate) struct Configured {
    /// Its id.
    pub(crate) id: String,
    /// What it is.
    pub(crate) source: Source,
    /// The terminal or kitchen station that it serves.
    pub(crate) station: Option<String>,
}

/// What a URI of the settings names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A device that hangs somewhere.
    Device(DeviceUri),
    /// A twin or a capture, which the daemon plays on a line of its own.
    Played(Played),
}

/// What the daemon plays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Played {
    pub(crate) part: Part,
    /// What its driver opens, but for the place.
    scheme: String,
    query: String,
    /// The URI that its driver opens, with a place where nothing is.
    pub(crate) shape: DeviceUri,
    /// Where what passes over its line is captured.
    pub(crate) capture: Option<PathBuf>,
    /// As the settings have it.
    text: String,
}

/// Which part is played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A twin; the place is said where only a person knows it.
    Twin { class: SimClass, place: Option<String>, hands: Option<HandsAddress> },
    /// What was captured in this file.
    Capture(PathBuf),
}

/// Stands in a URI for a place that is not known yet. Nobody listens on port 1, and nothing hangs
/// at this path: a device whose twin did not start is one that is not there.
const NO_ADDRESS: &str = "127.0.0.1:1";
const NO_PATH: &str = "/nonexistent/outpost-sim";
const NO_LAMP: &str = "sim/0";

impl Source {
    /// Reads a URI of the settings.
    ///
    /// # Errors
    /// What is wrong with it, for a person.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let (text, file) = capture::split(text)?;
        let played = match text.split_once("://") {
            Some(("sim", rest)) => Played::twin(rest)?,
            Some(("gpio", rest)) if rest.starts_with("sim/") => Played::lamp(rest)?,
            Some(("replay", rest)) => Played::capture(rest)?,
            _ => return Self::device(&text, file),
        };
        if file.is_some() && played.shape.port_name().is_none() {
            return Err(NOT_CAPTURED.into());
        }
        Ok(Self::Played(Played { capture: file, ..played }))
    }

    fn device(text: &str, file: Option<PathBuf>) -> Result<Self, String> {
        let uri: DeviceUri = text.parse().map_err(|error| match error {
            UriError::UnknownScheme(_) => format!("{error}; and sim, replay for what is played"),
            error => error.to_string(),
        })?;
        if let Some(file) = file {
            capture::record(uri.port_name().ok_or(NOT_CAPTURED)?, file);
        }
        Ok(Self::Device(uri))
    }

    /// The URI that its driver opens; of what is played, all but the place.
    pub(crate) fn shape(&self) -> DeviceUri {
        match self {
            Self::Device(uri) => uri.clone(),
            Self::Played(played) => played.shape.clone(),
        }
    }
}

const NOT_CAPTURED: &str = "this device cannot be captured: a card terminal's line carries card \
    data, and some devices have no line of their own";

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Device(uri) => uri.fmt(f),
            Self::Played(played) => played.fmt(f),
        }
    }
}

impl fmt::Display for Played {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Played {
    /// Reads what follows `sim://`: a class, perhaps a place, and options.
    pub(crate) fn twin(rest: &str) -> Result<Self, String> {
        let (name, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (word, place) = match name.split_once('/') {
            Some((word, place)) => (word, Some(place.to_owned())),
            None => (name, None),
        };
        let class = SimClass::of(word).ok_or_else(|| {
            format!("\"{word}\" is nothing that is played; known are {}", SimClass::words())
        })?;
        let place = match (class.outlet(), place) {
            (Outlet::Broker, None) => {
                return Err(format!(
                    "a reader on a broker needs it named, as in sim://{word}/127.0.0.1:1883/gate"
                ));
            }
            (Outlet::Broker, place) => place,
            (Outlet::Within, Some(line)) => Some(format!("sim/{line}")),
            (_, None) => None,
            (_, Some(place)) => {
                return Err(format!("sim://{word} finds its place by itself: leave /{place} out"));
            }
        };
        Self::new(format!("sim://{name}"), class, place, query)
    }

    /// Reads what follows `gpio://` of a simulated chip.
    fn lamp(rest: &str) -> Result<Self, String> {
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        Self::new(format!("gpio://{place}"), SimClass::Lamp, Some(place.to_owned()), query)
    }

    fn new(
        name: String,
        class: SimClass,
        place: Option<String>,
        query: &str,
    ) -> Result<Self, String> {
        let mut query = pairs(query)?;
        let hands: Option<HandsAddress> =
            take(&mut query, "hands").map(|text| text.parse()).transpose()?;
        let text = text(name, &query, hands.as_ref().map(|hands| ("hands", hands.to_string())));
        if let Some((name, value)) = class.usual()
            && !query.iter().any(|(known, _)| known == name)
        {
            query.push((name.to_owned(), value.to_owned()));
        }
        let part = Part::Twin { class, place, hands };
        let played = Self::checked(part, class.scheme(), &query, text);
        let played = played.map_err(|error| error.to_string())?;
        match &played.shape {
            DeviceUri::ReaderLlrp { tls: Some(_), .. } => {
                Err("sim://rfid speaks in clear: leave tls= out".into())
            }
            DeviceUri::TerminalZvt { password, .. } if *password != ZvtPassword::default() => {
                Err("sim://zvt has the password 000000: leave password= out".into())
            }
            _ => Ok(played),
        }
    }

    /// Reads what follows `replay://`.
    fn capture(rest: &str) -> Result<Self, String> {
        let (file, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut query = pairs(query)?;
        let needed = "as= says which driver opens it, as in \
            replay:///var/lib/outpost/field.capture?as=serial";
        let scheme = take(&mut query, "as").ok_or(needed)?;
        if !Path::new(file).is_absolute() {
            return Err(format!("replay:// needs the absolute path of a capture, not \"{file}\""));
        }
        let text = text(format!("replay://{file}"), &query, Some(("as", scheme.clone())));
        let part = Part::Capture(file.into());
        let played = Self::checked(part, &scheme, &query, text);
        let played = played.map_err(|error| match error {
            UriError::UnknownScheme(_) => format!("as=: {error}"),
            error => error.to_string(),
        })?;
        match played.shape.port_name() {
            Some(_) => Ok(played),
            None => Err(format!("as={scheme}: no such device can be captured")),
        }
    }

    /// Refuses what the driver's own URI refuses.
    fn checked(
        part: Part,
        scheme: &str,
        query: &[(String, String)],
        text: String,
    ) -> Result<Self, UriError> {
        let query: Vec<String> =
            query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let (scheme, query) = (scheme.to_owned(), query.join("&"));
        let nowhere = match &part {
            Part::Twin { place: Some(place), .. } => place,
            Part::Twin { class: SimClass::Lamp, .. } => NO_LAMP,
            part if is_local(part, &scheme) => NO_PATH,
            _ => NO_ADDRESS,
        };
        let shape = format!("{scheme}://{nowhere}?{query}").parse()?;
        Ok(Self { part, scheme, query, shape, capture: None, text })
    }

    /// The URI that its driver opens where it is played.
    ///
    /// # Errors
    /// If a URI cannot name the place.
    pub(crate) fn at(&self, place: &str) -> Result<DeviceUri, UriError> {
        format!("{}://{place}?{}", self.scheme, self.query).parse()
    }

    /// What is wrong with a capture that is to be played, if anything is.
    pub(crate) fn capture_missing(&self) -> Option<String> {
        let Part::Capture(file) = &self.part else { return None };
        let error = std::fs::File::open(file).err()?;
        Some(format!("{} cannot be read: {error}.", file.display()))
    }

    /// Whether the settings say where it is.
    pub(crate) fn has_place(&self) -> bool {
        matches!(self.part, Part::Twin { place: Some(_), .. })
    }

    /// Whether its driver opens a node of this machine rather than an address.
    pub(crate) fn is_local(&self) -> bool {
        is_local(&self.part, &self.scheme)
    }
}

fn is_local(part: &Part, scheme: &str) -> bool {
    match part {
        Part::Twin { class, .. } => class.outlet() == Outlet::Line,
        Part::Capture(_) => {
            let local = ["serial", "evdev", "hid", "usb"];
            scheme.rsplit('+').next().is_some_and(|last| local.contains(&last))
        }
    }
}

/// As the settings have it. No twin and nothing that can be captured has a secret: see `new`.
fn text(name: String, query: &[(String, String)], own: Option<(&str, String)>) -> String {
    let options = query.iter().map(|(name, value)| format!("{name}={value}"));
    let own = own.map(|(name, value)| format!("{name}={value}"));
    let all: Vec<String> = own.into_iter().chain(options).collect();
    if all.is_empty() { name } else { format!("{name}?{}", all.join("&")) }
}

fn pairs(query: &str) -> Result<Vec<(String, String)>, String> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if pairs.iter().any(|(known, _)| known == name) {
            return Err(format!("option \"{name}\" is given twice"));
        }
        pairs.push((name.to_owned(), value.to_owned()));
    }
    Ok(pairs)
}

fn take(query: &mut Vec<(String, String)>, name: &str) -> Option<String> {
    let at = query.iter().position(|(known, _)| known == name)?;
    Some(query.remove(at).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn played(text: &str) -> Played {
        match Source::read(text) {
            Ok(Source::Played(played)) => played,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn every_class_is_a_uri_that_its_driver_understands() {
        use clap::ValueEnum;
        for class in SimClass::value_variants() {
            let place = if *class == SimClass::RfidMqtt { "/127.0.0.1:1883/gate" } else { "" };
            let uri = format!("sim://{}{place}", class.word());
            let played = played(&uri);
            assert_eq!(played.to_string(), uri);
            let shape = played.shape.to_string();
            assert!(shape.starts_with(&format!("{}://", class.scheme())), "{uri} is {shape}");
        }
    }

    #[test]
    fn a_scanner_may_be_captured_and_a_card_terminal_never() {
        let scanner = Source::read("tcp://127.0.0.1:4001?capture=/tmp/scanner.capture").unwrap();
        assert_eq!(scanner.to_string(), "tcp://127.0.0.1:4001");
        assert_eq!(capture::wanted("127.0.0.1:4001"), Some("/tmp/scanner.capture".into()));
        let refused = |uri: &str| Source::read(uri).unwrap_err();
        assert!(refused("zvt://h:20007?capture=/tmp/x").contains("card data"));
        assert!(refused("tcp://h:1?capture=x").contains("absolute"));
    }

    #[test]
    fn options_are_the_drivers_own() {
        let scale = played("sim://scale?protocol=dialog06&hands=/run/outpost/scale");
        assert_eq!(
            scale.at("/run/x").unwrap().to_string(),
            "scale+serial:///run/x?protocol=dialog06&baud=9600"
        );
        assert_eq!(scale.to_string(), "sim://scale?hands=/run/outpost/scale&protocol=dialog06");
        let lamp = played("gpio://sim/17?active=low&hands=127.0.0.1:7001");
        assert_eq!(lamp.shape.to_string(), "gpio://sim/17?active=low");
        assert_eq!(played("sim://lamp/17").shape.to_string(), "gpio://sim/17");
        let file = played("replay:///x/field.capture?as=scale+serial&protocol=toledo8217");
        assert!(file.is_local());
        assert_eq!(
            file.at("/dev/y").unwrap().to_string(),
            "scale+serial:///dev/y?protocol=toledo8217&baud=9600"
        );
        assert!(!played("replay:///x?as=escpos+tcp").is_local());
        let secret = played("replay:///x?as=tcp");
        assert!(!secret.is_local());
        let captured = played("sim://scanner?capture=/tmp/c");
        assert_eq!(
            (captured.capture.as_deref(), captured.to_string().as_str()),
            (Some(Path::new("/tmp/c")), "sim://scanner")
        );
    }

    #[test]
    fn what_cannot_be_played_is_refused_with_its_reason() {
        for (uri, reason) in [
            ("sim://toaster", "\"toaster\" is nothing that is played; known are scanner, "),
            ("sim://", "\"\" is nothing that is played"),
            ("sim://scanner/dev/x", "finds its place by itself"),
            ("sim://scanner?bauds=9600", "option \"bauds\" is not known to serial://"),
            ("sim://scale?protocol=abacus", "toledo8217 or dialog06 is needed"),
            ("sim://scanner?hands=run/x", "an absolute path or a loopback address"),
            ("sim://scanner?hands=10.0.0.1:7001", "a loopback address"),
            ("sim://scanner?hands=127.0.0.1:0", "a loopback address"),
            ("sim://scanner?hands=/a&hands=/b", "\"hands\" is given twice"),
            ("sim://rfid-mqtt", "needs it named"),
            ("sim://rfid-mqtt/127.0.0.1:1883", "the topic is missing"),
            ("sim://lamp/seventeen", "the line is a number"),
            ("gpio://sim/17?driver=rppal", "the chip sim has no driver"),
            ("sim://zvt?capture=/tmp/c", "card data"),
            ("sim://zvt?password=123456", "the password 000000"),
            ("sim://rfid?tls=on", "speaks in clear"),
            ("replay:///x", "as= says which driver opens it"),
            ("replay://x?as=serial", "absolute path"),
            ("replay:///x?as=serial&width=58", "option \"width\" is not known to serial://"),
            ("replay:///x?as=zvt", "as=zvt: no such device"),
            ("replay:///x?as=mqtt&format=zebra", "the topic is missing"),
            ("replay:///x?as=pigeon", "as=: device scheme \"pigeon\" is not known"),
            ("replay:///x?as=sim", "as=: device scheme \"sim\" is not known"),
            ("pigeon://x", "sim, replay for what is played"),
        ] {
            let refused = Source::read(uri).unwrap_err();
            assert!(refused.contains(reason), "{uri}: {refused}");
        }
    }
}

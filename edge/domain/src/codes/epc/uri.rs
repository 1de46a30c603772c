//! EPC URIs: the pure identity, `urn:epc:id:sgtin:...`, and the tag's, `urn:epc:tag:sgtin-96:...`,
//! which keeps the filter and the scheme (GS1 EPC Tag Data Standard, sections 6 and 12).

use super::serial::{Serial, plain_number};
use super::{Epc, EpcError, Scheme};
use crate::codes::digital_link::decode;
use std::borrow::Cow;

const IDENTITY: &str = "urn:epc:id:";
const TAG: &str = "urn:epc:tag:";

impl Scheme {
    const fn tag_name(self) -> &'static str {
        match self {
            Self::Sgtin96 => "sgtin-96",
            Self::Sgtin198 => "sgtin-198",
            Self::Sscc96 => "sscc-96",
            Self::Grai96 => "grai-96",
        }
    }

    const fn identity_name(self) -> &'static str {
        match self {
            Self::Sgtin96 | Self::Sgtin198 => "sgtin",
            Self::Sscc96 => "sscc",
            Self::Grai96 => "grai",
        }
    }

    const ALL: [Self; 4] = [Self::Sgtin96, Self::Sgtin198, Self::Sscc96, Self::Grai96];
}

impl Epc {
    /// The pure identity: the object, whatever its tag.
    #[must_use]
    pub fn identity_uri(&self) -> String {
        format!("{IDENTITY}{}:{}", self.scheme.identity_name(), self.fields())
    }

    /// The tag's URI, from which its bits can be made again.
    #[must_use]
    pub fn tag_uri(&self) -> String {
        format!("{TAG}{}:{}.{}", self.scheme.tag_name(), self.filter, self.fields())
    }

    /// Company prefix, reference and serial number, with dots between.
    fn fields(&self) -> String {
        let company = digits(self.company, self.company_digits());
        let reference = digits(self.reference, self.reference_digits());
        match self.serial {
            Serial::None => format!("{company}.{reference}"),
            serial => format!("{company}.{reference}.{}", escape(&serial.plain())),
        }
    }

    /// Whether a scan is meant as an EPC URI.
    #[must_use]
    pub fn is_uri(text: &str) -> bool {
        text.starts_with(IDENTITY) || text.starts_with(TAG)
    }

    /// Reads a tag's URI, or a pure identity with the filter 0 and the shortest scheme for it.
    ///
    /// # Errors
    /// [`EpcError::Uri`], [`EpcError::Partition`], [`EpcError::Serial`].
    pub fn from_uri(uri: &str) -> Result<Self, EpcError> {
        if let Some(identity) = uri.strip_prefix(IDENTITY) {
            return Self::from_identity(identity);
        }
        let tag = uri.strip_prefix(TAG).ok_or(EpcError::Uri)?;
        let (name, rest) = tag.split_once(':').ok_or(EpcError::Uri)?;
        let scheme = Scheme::ALL.into_iter().find(|scheme| scheme.tag_name() == name);
        let (filter, fields) = rest.split_once('.').ok_or(EpcError::Uri)?;
        let filter = filter.parse().ok().filter(|_| filter.len() == 1).ok_or(EpcError::Uri)?;
        Self::from_fields(scheme.ok_or(EpcError::Uri)?, filter, fields)
    }

    fn from_identity(identity: &str) -> Result<Self, EpcError> {
        let (name, fields) = identity.split_once(':').ok_or(EpcError::Uri)?;
        match name {
            "sgtin" => match Self::from_fields(Scheme::Sgtin96, 0, fields) {
                Err(EpcError::Serial) => Self::from_fields(Scheme::Sgtin198, 0, fields),
                read => read,
            },
            "sscc" => Self::from_fields(Scheme::Sscc96, 0, fields),
            "grai" => Self::from_fields(Scheme::Grai96, 0, fields),
            _ => Err(EpcError::Uri),
        }
    }

    fn from_fields(scheme: Scheme, filter: u8, fields: &str) -> Result<Self, EpcError> {
        let (company, rest) = fields.split_once('.').ok_or(EpcError::Uri)?;
        let (reference, serial) = match scheme {
            Scheme::Sscc96 => (rest, Serial::None),
            _ => {
                let (reference, serial) = rest.split_once('.').ok_or(EpcError::Uri)?;
                (reference, read_serial(scheme, serial)?)
            }
        };
        let whole = company.len() + reference.len();
        if u32::try_from(whole) != Ok(scheme.key_digits()) {
            return Err(EpcError::Uri);
        }
        let digits = u8::try_from(company.len()).map_err(|_| EpcError::Uri)?;
        Self::of(scheme, filter, digits, number(company)?, number(reference)?, serial)
    }
}

fn read_serial(scheme: Scheme, text: &str) -> Result<Serial, EpcError> {
    let serial = unescape(text)?;
    match scheme {
        Scheme::Sgtin198 => Serial::text(&serial),
        _ => plain_number(&serial).map(Serial::Number).ok_or(EpcError::Serial),
    }
}

/// So many digits: none for a reference that has none.
fn digits(number: u64, count: u32) -> String {
    let width = usize::try_from(count).unwrap_or(0);
    if width == 0 { String::new() } else { format!("{number:0width$}") }
}

fn number(digits: &str) -> Result<u64, EpcError> {
    match digits {
        "" => Ok(0),
        _ if !digits.bytes().all(|byte| byte.is_ascii_digit()) => Err(EpcError::Uri),
        _ => digits.parse().map_err(|_| EpcError::Uri),
    }
}

/// The characters of set 82 that a URI cannot hold as they are (section 6.3.1, table A-1).
const ESCAPED: [(char, &str); 7] = [
    ('"', "%22"),
    ('%', "%25"),
    ('&', "%26"),
    ('/', "%2F"),
    ('<', "%3C"),
    ('>', "%3E"),
    ('?', "%3F"),
];

fn escape(serial: &str) -> String {
    let mut out = String::with_capacity(serial.len());
    for character in serial.chars() {
        match ESCAPED.iter().find(|(known, _)| *known == character) {
            Some((_, code)) => out.push_str(code),
            None => out.push(character),
        }
    }
    out
}

/// What has to be escaped must be.
fn unescape(text: &str) -> Result<Cow<'_, str>, EpcError> {
    let bare = |character| character != '%' && ESCAPED.iter().any(|(known, _)| *known == character);
    if text.contains(bare) { Err(EpcError::Uri) } else { Ok(decode(text)?) }
}

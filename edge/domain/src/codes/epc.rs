//! Electronic Product Codes (GS1 EPC Tag Data Standard, section 14): what an RFID tag on an item,
//! a pallet or a crate says, as SGTIN-96, SGTIN-198, SSCC-96 and GRAI-96.
//!
//! Bytes are the EPC alone, as readers report it: no CRC and no protocol-control word before it.
//! Reading one allocates nothing; the gate does it a thousand times a second.

mod serial;
mod uri;

use super::digital_link::DigitalLinkError;
use super::gs1::{Elements, Gs1Error};
use super::gtin::{Gtin, check_digit};
use serial::{Serial, plain_number};

/// What breaks an EPC.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EpcError {
    /// Not hexadecimal, or an odd number of digits.
    #[error("the tag's memory is not hexadecimal")]
    Hex,
    /// A header of none of the four schemes.
    #[error("the tag's header {0:#04x} is none that the shop knows")]
    Header(u8),
    /// Too few bytes for the scheme, or more than its padding.
    #[error("the tag's memory has a wrong length for its header")]
    Length,
    /// A company prefix or reference with more digits than its partition has.
    #[error("the tag's company prefix or reference does not fit its partition")]
    Partition,
    /// A serial number that the scheme cannot hold, or bits where there are none.
    #[error("the tag's serial number is none of its scheme")]
    Serial,
    /// Not a URI of a known scheme.
    #[error("this is not an EPC URI of a scheme that the shop knows")]
    Uri,
    /// Elements without a key and serial that a tag holds.
    #[error("these elements are not those of a tag")]
    NoKey,
    /// Its element strings break their own rules.
    #[error(transparent)]
    Gs1(#[from] Gs1Error),
}

impl EpcError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Hex => "epc_not_hex",
            Self::Header(_) => "epc_unknown_header",
            Self::Length => "epc_wrong_length",
            Self::Partition => "epc_bad_partition",
            Self::Serial => "epc_bad_serial",
            Self::Uri => "epc_bad_uri",
            Self::NoKey => "epc_no_key",
            Self::Gs1(error) => error.code(),
        }
    }
}

impl From<DigitalLinkError> for EpcError {
    fn from(_: DigitalLinkError) -> Self {
        Self::Uri
    }
}

/// A binary coding scheme (section 14.2, table 14-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// A trade item with a serial number below 2^38.
    Sgtin96,
    /// A trade item with a serial number of up to 20 characters.
    Sgtin198,
    /// A logistic unit.
    Sscc96,
    /// A returnable asset with a serial number below 2^38.
    Grai96,
}

/// An EPC. Two are the same if their bits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Epc {
    scheme: Scheme,
    filter: u8,
    /// 0 for company prefixes of twelve digits, to 6 for six.
    partition: u8,
    company: u64,
    reference: u64,
    serial: Serial,
}

/// Bits of a company prefix, by partition (table 14-2).
const COMPANY_BITS: [u32; 7] = [40, 37, 34, 30, 27, 24, 20];
/// The longest EPC memory that is looked at: SGTIN-198 in whole words, and padding.
const BYTES_MAX: usize = 32;

impl Scheme {
    const fn from_header(header: u8) -> Option<Self> {
        Some(match header {
            0x30 => Self::Sgtin96,
            0x31 => Self::Sscc96,
            0x33 => Self::Grai96,
            0x36 => Self::Sgtin198,
            _ => return None,
        })
    }

    const fn header(self) -> u8 {
        match self {
            Self::Sgtin96 => 0x30,
            Self::Sscc96 => 0x31,
            Self::Grai96 => 0x33,
            Self::Sgtin198 => 0x36,
        }
    }

    /// Bits of company prefix and reference together.
    const fn key_bits(self) -> u32 {
        match self {
            Self::Sscc96 => 58,
            _ => 44,
        }
    }

    /// Digits of company prefix and reference together.
    const fn key_digits(self) -> u32 {
        match self {
            Self::Sgtin96 | Self::Sgtin198 => 13,
            Self::Sscc96 => 17,
            Self::Grai96 => 12,
        }
    }
}

impl Epc {
    /// Reads a tag's EPC from its bytes: 12, and for SGTIN-198 at least 25, the rest zero.
    ///
    /// # Errors
    /// See [`EpcError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EpcError> {
        let header = *bytes.first().ok_or(EpcError::Length)?;
        let scheme = Scheme::from_header(header).ok_or(EpcError::Header(header))?;
        let length_fits = match scheme {
            Scheme::Sgtin198 => (25..=BYTES_MAX).contains(&bytes.len()),
            _ => bytes.len() == 12,
        };
        let head = bytes.first_chunk::<12>().filter(|_| length_fits).ok_or(EpcError::Length)?;
        let head = head.iter().fold(0_u128, |all, byte| all << 8 | u128::from(*byte));
        // Header 8, filter 3, partition 3, key 44 or 58, the rest.
        let bits = |from: u32, count: u32| field(head, from, count);
        let partition = u8::try_from(bits(11, 3)).map_err(|_| EpcError::Partition)?;
        let filter = u8::try_from(bits(8, 3)).map_err(|_| EpcError::Partition)?;
        let company_bits = COMPANY_BITS.get(usize::from(partition)).ok_or(EpcError::Partition)?;
        let company = bits(14, *company_bits);
        let reference = bits(14 + company_bits, scheme.key_bits() - company_bits);
        let serial = match scheme {
            Scheme::Sgtin96 | Scheme::Grai96 => Serial::Number(bits(58, 38)),
            Scheme::Sscc96 if bits(72, 24) == 0 => Serial::None,
            Scheme::Sscc96 => return Err(EpcError::Serial),
            Scheme::Sgtin198 => Serial::of_memory(bytes)?,
        };
        Self { scheme, filter, partition, company, reference, serial }.checked()
    }

    /// Reads a tag's EPC from hexadecimal digits, in either case.
    ///
    /// # Errors
    /// See [`EpcError`].
    pub fn from_hex(text: &str) -> Result<Self, EpcError> {
        let (digits, odd) = text.as_bytes().as_chunks::<2>();
        if !odd.is_empty() || digits.len() > BYTES_MAX {
            return Err(if odd.is_empty() { EpcError::Length } else { EpcError::Hex });
        }
        let mut bytes = [0; BYTES_MAX];
        for (byte, [high, low]) in bytes.iter_mut().zip(digits) {
            *byte = hex(*high)? << 4 | hex(*low)?;
        }
        Self::from_bytes(&bytes[..digits.len()])
    }

    /// The EPC's bytes: 12, or 26 for SGTIN-198, which ends in ten bits of padding.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let company_bits = COMPANY_BITS[usize::from(self.partition)];
        let reference_bits = self.scheme.key_bits() - company_bits;
        let fields = [
            (u64::from(self.scheme.header()), 8),
            (u64::from(self.filter), 3),
            (u64::from(self.partition), 3),
            (self.company, company_bits),
            (self.reference, reference_bits),
        ];
        let head =
            fields.iter().fold(0_u128, |all, (value, bits)| all << bits | u128::from(*value));
        let Serial::Text { bytes, .. } = self.serial else {
            let whole = match self.serial {
                Serial::Number(number) => head << 38 | u128::from(number),
                _ => head << 24,
            };
            return whole.to_be_bytes()[4..].to_vec();
        };
        let mut out = (head << 6).to_be_bytes()[8..].to_vec();
        out.resize(26, 0);
        for (place, byte) in bytes.iter().enumerate() {
            let from = 58 + place * 7;
            let window = (u16::from(*byte) << 9 >> (from % 8)).to_be_bytes();
            out[from / 8] |= window[0];
            out[from / 8 + 1] |= window[1];
        }
        out
    }

    /// The EPC's bytes as upper-case hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        self.to_bytes().iter().map(|byte| format!("{byte:02X}")).collect()
    }

    /// A trade item's EPC: SGTIN-96 if the serial number fits, SGTIN-198 otherwise.
    ///
    /// # Errors
    /// [`EpcError::Partition`] for a company prefix that has not 6 to 12 digits,
    /// [`EpcError::Serial`].
    pub fn sgtin(
        gtin: Gtin,
        company_digits: u8,
        serial: &str,
        filter: u8,
    ) -> Result<Self, EpcError> {
        let (indicator, rest) = (gtin.number() / 10 / TEN_12, gtin.number() / 10 % TEN_12);
        let number = plain_number(serial).map(Serial::Number);
        let (scheme, serial) = match number {
            Some(number) => (Scheme::Sgtin96, number),
            None => (Scheme::Sgtin198, Serial::text(serial)?),
        };
        let span = 10_u64.pow(12 - u32::from(company_digits.min(12)));
        let reference = indicator * span + rest % span;
        Self::of(scheme, filter, company_digits, rest / span, reference, serial)
    }

    /// The EPC of element strings: (01) with (21), (00), or (8003) with a serial number.
    ///
    /// # Errors
    /// [`EpcError::NoKey`], and those of [`Self::sgtin`].
    pub fn from_elements(
        elements: &Elements,
        company_digits: u8,
        filter: u8,
    ) -> Result<Self, EpcError> {
        if let (Some(gtin), Some(serial)) = (elements.gtin(), elements.get("21")) {
            return Self::sgtin(gtin, company_digits, serial, filter);
        }
        let rest_digits = 12 - u32::from(company_digits.min(12));
        if let Some(sscc) = elements.get("00") {
            let body: u64 = sscc[..17].parse().map_err(|_| EpcError::NoKey)?;
            let (extension, rest) = (body / 10_u64.pow(16), body % 10_u64.pow(16));
            let span = 10_u64.pow(rest_digits + 4);
            let reference = extension * span + rest % span;
            let serial = Serial::None;
            return Self::of(
                Scheme::Sscc96,
                filter,
                company_digits,
                rest / span,
                reference,
                serial,
            );
        }
        let grai = elements.get("8003").ok_or(EpcError::NoKey)?;
        let body: u64 = grai[1..13].parse().map_err(|_| EpcError::NoKey)?;
        let serial = Serial::Number(plain_number(&grai[14..]).ok_or(EpcError::Serial)?);
        let span = 10_u64.pow(rest_digits);
        Self::of(Scheme::Grai96, filter, company_digits, body / span, body % span, serial)
    }

    fn of(
        scheme: Scheme,
        filter: u8,
        company_digits: u8,
        company: u64,
        reference: u64,
        serial: Serial,
    ) -> Result<Self, EpcError> {
        let fits = (6..=12).contains(&company_digits) && filter < 8;
        let partition = if fits { 12 - company_digits } else { return Err(EpcError::Partition) };
        Self { scheme, filter, partition, company, reference, serial }.checked()
    }

    fn checked(self) -> Result<Self, EpcError> {
        let fits = self.company < 10_u64.pow(self.company_digits())
            && self.reference < 10_u64.pow(self.reference_digits());
        if fits { Ok(self) } else { Err(EpcError::Partition) }
    }

    fn company_digits(&self) -> u32 {
        12 - u32::from(self.partition)
    }

    fn reference_digits(&self) -> u32 {
        self.scheme.key_digits() - self.company_digits()
    }

    /// How its bits are laid out.
    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// What the tag says of its object for quick selection (section 10): 0 to 7.
    #[must_use]
    pub const fn filter(&self) -> u8 {
        self.filter
    }

    /// The trade item number.
    #[must_use]
    pub fn gtin(&self) -> Option<Gtin> {
        if !matches!(self.scheme, Scheme::Sgtin96 | Scheme::Sgtin198) {
            return None;
        }
        Gtin::from_body(self.key_body())
    }

    /// The key without its check digit: the reference's first digit stands before the company
    /// prefix, but in asset numbers.
    fn key_body(&self) -> u64 {
        let rest_span = 10_u64.pow(match self.scheme {
            Scheme::Grai96 => self.reference_digits(),
            _ => self.reference_digits() - 1,
        });
        let (first, rest) = (self.reference / rest_span, self.reference % rest_span);
        (first * 10_u64.pow(self.company_digits()) + self.company) * rest_span + rest
    }

    /// The element strings that a barcode on the same object would hold (section 7).
    ///
    /// # Errors
    /// [`EpcError::Gs1`].
    pub fn elements(&self) -> Result<Elements, EpcError> {
        let body = self.key_body();
        let check = check_digit(body);
        let elements = match (self.scheme, self.serial) {
            (Scheme::Sscc96, _) => Elements::new([("00", &*format!("{body:017}{check}"))]),
            (Scheme::Grai96, serial) => {
                Elements::new([("8003", &*format!("0{body:012}{check}{}", serial.plain()))])
            }
            (_, serial) => {
                Elements::new([("01", &*format!("{body:013}{check}")), ("21", &*serial.plain())])
            }
        };
        Ok(elements?)
    }
}

const TEN_12: u64 = 10_u64.pow(12);

/// `count` bits at most 64, `from` the first of 96.
fn field(head: u128, from: u32, count: u32) -> u64 {
    let shifted = head >> (96 - from - count) & ((1 << count) - 1);
    u64::try_from(shifted).unwrap_or(u64::MAX)
}

fn hex(digit: u8) -> Result<u8, EpcError> {
    let value = char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    value.ok_or(EpcError::Hex)
}

#[cfg(test)]
mod tests;

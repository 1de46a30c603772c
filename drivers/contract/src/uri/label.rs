//! Label printers.

use super::{DeviceUri, UriError, number, tcp_address};

pub(super) const SCHEME: &str = "zpl+tcp";

/// A label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LabelMedia {
    /// `width`: 10 to 300 mm; 58 by default.
    pub width_mm: u16,
    /// `height`: 5 to 600 mm; 40 by default.
    pub height_mm: u16,
    /// `dpi`: of the print head, 203 by default.
    pub dpi: u16,
}

impl Default for LabelMedia {
    fn default() -> Self {
        Self { width_mm: 58, height_mm: 40, dpi: 203 }
    }
}

impl LabelMedia {
    /// Dots across: print heads of 203, 300 and 600 dpi have 8, 12 and 24 dots a millimetre.
    #[must_use]
    pub fn width_dots(self) -> u32 {
        u32::from(self.width_mm) * self.dots_a_mm()
    }

    /// Dots down.
    #[must_use]
    pub fn height_dots(self) -> u32 {
        u32::from(self.height_mm) * self.dots_a_mm()
    }

    fn dots_a_mm(self) -> u32 {
        match self.dpi {
            0..=250 => 8,
            251..=400 => 12,
            _ => 24,
        }
    }
}

pub(super) fn parse(text: &str, rest: &str) -> Result<DeviceUri, UriError> {
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut media = LabelMedia::default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let within = |min, max, reason| {
            let fits = number(value, min, max).and_then(|number| u16::try_from(number).ok());
            fits.ok_or_else(|| UriError::BadOption {
                name: name.to_owned(),
                value: value.to_owned(),
                reason,
            })
        };
        match name {
            "width" => media.width_mm = within(10, 300, "millimetres from 10 to 300 are needed")?,
            "height" => media.height_mm = within(5, 600, "millimetres from 5 to 600 are needed")?,
            "dpi" => media.dpi = within(150, 600, "203, 300 or 600 is needed")?,
            _ => {
                let (scheme, name) = (SCHEME.to_owned(), name.to_owned());
                return Err(UriError::UnknownOption { scheme, name });
            }
        }
    }
    Ok(DeviceUri::PrinterZpl { address: tcp_address(text, place)?, media })
}

pub(super) fn write_back(media: LabelMedia) -> [String; 3] {
    [
        format!("width={}", media.width_mm),
        format!("height={}", media.height_mm),
        format!("dpi={}", media.dpi),
    ]
}

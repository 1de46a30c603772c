//! What a reader answers: whether it did what it was asked, and what it is.

use super::number::{parameter as p, status};
use super::param::{Params, text_at, u16_at, u32_at};
use drivers_contract::ReaderInfo;

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// `StatusCode`.
    pub code: u16,
    /// The reader's own words.
    pub words: String,
}

/// The status in an answer's parameters. An answer without one is a refusal too.
///
/// # Errors
/// The refusal.
pub fn check(params: &[u8]) -> Result<(), Refusal> {
    let value = Params::of(params).find(p::LLRP_STATUS).map(|param| param.value);
    let code = value.and_then(|value| u16_at(value, 0));
    match (code, value) {
        (Some(status::SUCCESS), _) => Ok(()),
        (Some(code), Some(value)) => {
            let words = text_at(value, 2).unwrap_or_default();
            Err(Refusal { code, words: words.chars().take(200).collect() })
        }
        _ => Err(Refusal { code: 0, words: "the answer has no status".into() }),
    }
}

/// What the reader is, from `GET_READER_CAPABILITIES_RESPONSE`.
#[must_use]
pub fn capabilities(body: &[u8]) -> ReaderInfo {
    let mut info = ReaderInfo::default();
    let general = Params::of(body).find(p::GENERAL_DEVICE_CAPABILITIES);
    if let Some(value) = general.map(|param| param.value) {
        info.antennas = u16_at(value, 0).unwrap_or_default();
        info.maker = u32_at(value, 4).unwrap_or_default();
        info.model = u32_at(value, 8).unwrap_or_default();
        let firmware = text_at(value, 12).unwrap_or_default();
        info.firmware = firmware.chars().filter(|c| !c.is_control()).take(60).collect();
        let behind = 14 + usize::from(u16_at(value, 12).unwrap_or_default());
        let gpio = Params::of(value.get(behind..).unwrap_or_default()).find(p::GPIO_CAPABILITIES);
        info.outputs = gpio.and_then(|gpio| u16_at(gpio.value, 2)).unwrap_or_default();
    }
    info
}

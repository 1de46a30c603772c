//! The options of serial lines, scanners and receipt printers.

use super::{BAUD_DEFAULT, UriError, is_name, number};
use std::collections::BTreeSet;
use std::time::Duration;

/// What a configuration says about a printer's model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrinterOptions {
    /// `columns`: characters on a line, 16 to 96. The driver's profile decides if it is absent.
    pub columns: Option<u8>,
    /// `codepage`: a comma-separated list in order of preference, as `cp858,cp1252`, in lower
    /// case. The driver's profile decides if it is empty, and refuses names that it does not know.
    pub code_pages: Vec<String>,
    /// `profile`: the model, as in `TM-T20II`. The driver's own where it is absent; it refuses
    /// names that it does not know.
    pub profile: Option<String>,
}

impl PrinterOptions {
    pub(super) fn write_back(&self, query: &mut Vec<String>) {
        query.extend(self.columns.map(|columns| format!("columns={columns}")));
        query.extend(self.profile.as_ref().map(|profile| format!("profile={profile}")));
        if !self.code_pages.is_empty() {
            query.push(format!("codepage={}", self.code_pages.join(",")));
        }
    }
}

pub(super) struct Options {
    pub(super) baud: u32,
    pub(super) idle_gap: Option<Duration>,
    pub(super) printer: PrinterOptions,
}

impl Options {
    pub(super) fn parse(scheme: &str, query: &str) -> Result<Self, UriError> {
        let mut parsed =
            Self { baud: BAUD_DEFAULT, idle_gap: None, printer: PrinterOptions::default() };
        let (serial, printer) = (scheme.ends_with("serial"), scheme.starts_with("escpos"));
        let mut seen = BTreeSet::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let bad = |reason| UriError::BadOption {
                name: name.to_owned(),
                value: value.to_owned(),
                reason,
            };
            if !seen.insert(name) {
                return Err(bad("it is given twice"));
            }
            match name {
                "baud" if serial => {
                    parsed.baud = number(value, 300, 4_000_000)
                        .ok_or_else(|| bad("a number from 300 to 4000000 is needed"))?;
                }
                "idle_ms" if !printer && scheme != "sim-terminal" => {
                    let ms = number(value, 5, 10_000)
                        .ok_or_else(|| bad("milliseconds from 5 to 10000 are needed"))?;
                    parsed.idle_gap = Some(Duration::from_millis(ms.into()));
                }
                "columns" if printer => {
                    let columns = number(value, 16, 96).and_then(|n| u8::try_from(n).ok());
                    parsed.printer.columns =
                        Some(columns.ok_or_else(|| bad("a number from 16 to 96 is needed"))?);
                }
                "profile" if printer => {
                    if !is_name(value) {
                        return Err(bad("a model is needed, as in TM-T20II"));
                    }
                    parsed.printer.profile = Some(value.to_owned());
                }
                "codepage" if printer => {
                    if !value.split(',').all(is_name) {
                        return Err(bad("names as cp858,cp1252 are needed"));
                    }
                    parsed.printer.code_pages =
                        value.split(',').map(str::to_ascii_lowercase).collect();
                }
                _ => {
                    return Err(UriError::UnknownOption {
                        scheme: scheme.to_owned(),
                        name: name.to_owned(),
                    });
                }
            }
        }
        Ok(parsed)
    }
}

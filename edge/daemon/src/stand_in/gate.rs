//! A simulated reader at a gate, and the floor before it.

use super::play::cable;
use anyhow::{Context, bail};
use drivers_contract::twin::{RfidTwin, Sighting, Twin};
use drivers_rfid::sim::SimReader;
use drivers_rfid::sim::mqtt::SimPublisher;
use drivers_rfid::sim::world::floor::{Floor, Step};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A gate: what the reader is, and where tags move before it.
pub(crate) struct Gate {
    reader: Reader,
    floor: Floor,
    told: usize,
}

enum Reader {
    Llrp(SimReader),
    /// One on a broker, and whether it keeps silent.
    Mqtt(SimPublisher, Arc<AtomicBool>),
}

impl Gate {
    /// A reader that a driver connects to.
    pub(super) fn llrp(reader: SimReader) -> io::Result<Self> {
        let eyes = reader.clone();
        let floor = Floor::new(move |seen: &[Sighting]| {
            // What passes while nobody reads is not seen, as with a real one.
            if eyes.is_reading() {
                let _ = eyes.sight(seen);
            }
        })?;
        Ok(Self { reader: Reader::Llrp(reader), floor, told: 0 })
    }

    /// A reader that publishes.
    pub(super) fn mqtt(reader: SimPublisher) -> io::Result<Self> {
        let silent = Arc::new(AtomicBool::new(false));
        let (eyes, closed) = (reader.clone(), silent.clone());
        let floor = Floor::new(move |seen: &[Sighting]| {
            if !closed.load(Ordering::Acquire) {
                let _ = eyes.sight(seen);
            }
        })?;
        Ok(Self { reader: Reader::Mqtt(reader, silent), floor, told: 0 })
    }

    fn twin(&self) -> &dyn Twin {
        match &self.reader {
            Reader::Llrp(reader) => reader,
            Reader::Mqtt(reader, _) => reader,
        }
    }

    pub(super) fn does(&mut self, line: &str) -> anyhow::Result<()> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let step = match word {
            "exit" => Step::Exit,
            "enter" => Step::Enter,
            "pass" => Step::Pass,
            "shelf" => Step::Shelf,
            "away" => Step::Away,
            "silent" | "awake" => {
                match &self.reader {
                    Reader::Llrp(reader) => reader.set_frozen(word == "silent"),
                    Reader::Mqtt(_, silent) => silent.store(word == "silent", Ordering::Release),
                }
                return Ok(());
            }
            _ if cable(self.twin(), line)? => return Ok(()),
            other => bail!("\"{other}\" is nothing that happens at a gate"),
        };
        let epc = epc(rest.trim()).context("an EPC has 24 hexadecimal digits")?;
        self.floor.step(epc, step).context("too much happens at once")
    }

    /// What its outputs did since the last look.
    pub(super) fn lamps(&mut self) -> Vec<String> {
        let Reader::Llrp(reader) = &self.reader else { return Vec::new() };
        let changes = reader.outputs();
        let new = changes.get(self.told..).unwrap_or_default().iter();
        let news = new.map(|(port, on)| format!("lamp {port} {}", if *on { "on" } else { "off" }));
        let news = news.collect();
        self.told = changes.len();
        news
    }
}

fn epc(text: &str) -> Option<[u8; 12]> {
    let digits = text.as_bytes();
    if digits.len() != 24 {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let byte = |pair: &[u8]| Some(digit(pair[0])? << 4 | digit(pair[1])?);
    let bytes: Option<Vec<u8>> = digits.chunks_exact(2).map(byte).collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_rfid::sim::SimConfig;

    #[test]
    fn what_no_hand_can_do_is_refused_with_its_reason() {
        let reader = SimReader::tcp(([127, 0, 0, 1], 0).into(), SimConfig::default()).unwrap();
        let mut gate = Gate::llrp(reader).unwrap();
        let refused = |gate: &mut Gate, line: &str| format!("{:#}", gate.does(line).unwrap_err());
        assert_eq!(refused(&mut gate, "exit 30"), "an EPC has 24 hexadecimal digits");
        let odd = "exit 3034257BF468D4800000000G";
        assert_eq!(refused(&mut gate, odd), "an EPC has 24 hexadecimal digits");
        assert_eq!(refused(&mut gate, "dance"), "\"dance\" is nothing that happens at a gate");
        gate.does("shelf 3034257BF468D48000000001").unwrap();
        gate.does("silent").unwrap();
    }
}

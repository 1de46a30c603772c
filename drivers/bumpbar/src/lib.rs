//! A kitchen's bump bar, and its simulated twin.
//!
//! It turns keys into wishes about tickets. It never knows a ticket (`edge/app` does), never types
//! into anything else (the keyboard is grabbed), and never restarts itself.
//!
//! **Where to start reading.** [`open`]; [`meaning`] is what the keys mean, [`sim`] the twin.

use std::ops::ControlFlow;
use std::time::Duration;

use drivers_contract::{
    BumpBar, BumpKey, DeviceUri, Event, EventSink, Fault, KeysAddress, PowerState, Stop, UriError,
};
use drivers_port::keys::{KeyRecord, KeyRecords};
use drivers_port::sys::Sys;
use drivers_port::{Port, open_keys};

pub mod sim;

/// Makes the driver for a bump bar's URI. Nothing is opened before [`BumpBar::run`].
///
/// # Errors
/// If the URI names a device of another class.
pub fn open(uri: &DeviceUri) -> Result<Box<dyn BumpBar>, UriError> {
    match uri {
        DeviceUri::BumpBar { keys } => Ok(Box::new(KeyBar { keys: keys.clone() })),
        other => Err(UriError::WrongClass { uri: other.to_string(), wanted: "bump bar" }),
    }
}

/// What a key means. The digits, on the row or on the keypad, finish the ticket at that place of
/// the screen (0 the tenth), Enter and Space the first; Backspace, R and the keypad's minus take
/// the last one back. By places and not by signs, so that any layout will do.
#[must_use]
pub fn meaning(code: u16) -> Option<BumpKey> {
    let place = match code {
        2..=11 => u8::try_from(code - 1).ok()?,
        79..=81 => u8::try_from(code - 78).ok()?,
        75..=77 => u8::try_from(code - 71).ok()?,
        71..=73 => u8::try_from(code - 64).ok()?,
        82 => 10,
        28 | 57 | 96 => 1,
        14 | 19 | 74 => return Some(BumpKey::Recall),
        _ => return None,
    };
    Some(BumpKey::Bump(place))
}

/// Half of what [`Stop::LATENCY`] allows; a read wakes at once when a key comes.
const READ_WAIT: Duration = Duration::from_millis(50);

struct KeyBar {
    keys: KeysAddress,
}

impl KeyBar {
    fn read_until(port: &mut dyn Port, sink: &dyn EventSink, stop: &Stop) -> Result<(), Fault> {
        let mut records = KeyRecords::default();
        let mut buffer = [0; 1_024];
        let mut listening = ControlFlow::Continue(());
        while !stop.is_stopped() && listening.is_continue() {
            let count = port.read(&mut buffer, READ_WAIT)?;
            records.on_bytes(&buffer[..count], &mut |record| {
                let KeyRecord::Down(code) = record else { return };
                if let Some(key) = meaning(code).filter(|_| listening.is_continue()) {
                    listening = sink.emit(Event::Key(key));
                }
            });
        }
        Ok(())
    }
}

impl BumpBar for KeyBar {
    fn identity(&self) -> String {
        self.keys.path.display().to_string()
    }

    fn run(&mut self, sink: &dyn EventSink, stop: &Stop) -> Result<(), Fault> {
        let mut port = open_keys(&self.keys.path, &Sys::default())?;
        if sink.emit(Event::Power(PowerState::Online)).is_break() {
            return Ok(());
        }
        let result = Self::read_until(&mut port, sink, stop);
        // The descriptor is closed before the owner hears of it, as a scanner's.
        drop(port);
        if result.is_err() {
            let _ = sink.emit(Event::Power(PowerState::Offline));
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_places_wherever_they_are() {
        for (codes, place) in
            [([2, 79], 1), ([5, 75], 4), ([8, 71], 7), ([10, 73], 9), ([11, 82], 10)]
        {
            for code in codes {
                assert_eq!(meaning(code), Some(BumpKey::Bump(place)), "key {code}");
            }
        }
        assert_eq!(meaning(14), Some(BumpKey::Recall));
        assert_eq!(meaning(30), None);
    }
}

//! Scanners that type: keys become characters, without I/O.
//!
//! What a scanner types depends on the keyboard that it believes to be. Letters follow shift and
//! caps lock; a control character comes as Ctrl with the key of the American keyboard (GS, ASCII
//! 29, as Ctrl and the key `]`), or as Alt with its number on the keypad, as scanners offer it.

use std::time::Instant;

use drivers_contract::uri::KeyLayout;
use drivers_port::keys::{KeyRecord, KeyRecords};

use crate::protocol::{Decode, Frame, Framer};

pub mod keymap;

use keymap::{Meaning, meaning, us_control};

const CTRL: [u16; 2] = [29, 97];
const SHIFT: [u16; 2] = [42, 54];
const ALT: u16 = 56;
const ALT_GR: u16 = 100;
const CAPS_LOCK: u16 = 58;
/// The keypad's digits from 0 to 9 (`KEY_KP0`...).
const KEYPAD: [u16; 10] = [82, 79, 80, 81, 75, 76, 77, 71, 72, 73];

/// What came out of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// A character.
    Char(char),
    /// Some were lost.
    Lost,
}

/// Turns keys into characters.
#[derive(Debug, Default)]
pub struct Keyboard {
    layout: KeyLayout,
    held: Held,
    caps: bool,
    /// A sign that waits for its letter, as `^`.
    dead: Option<char>,
    /// What was typed on the keypad while Alt is held.
    number: Option<u32>,
}

#[derive(Debug, Default)]
struct Held {
    ctrl: bool,
    shift: bool,
    alt: bool,
    alt_gr: bool,
}

impl Keyboard {
    /// A keyboard on which nothing is held.
    #[must_use]
    pub fn new(layout: KeyLayout) -> Self {
        Self { layout, ..Self::default() }
    }

    /// Takes one record.
    pub fn on_record(&mut self, record: KeyRecord, out: &mut dyn FnMut(Typed)) {
        match record {
            KeyRecord::Down(code) => self.down(code, out),
            KeyRecord::Up(code) => self.up(code, out),
            KeyRecord::Dropped => {
                // Which keys are held is unknown now: none, as between two codes.
                *self = Self { layout: self.layout, caps: self.caps, ..Self::default() };
                out(Typed::Lost);
            }
        }
    }

    fn hold(&mut self, code: u16, down: bool) -> bool {
        match code {
            code if CTRL.contains(&code) => self.held.ctrl = down,
            code if SHIFT.contains(&code) => self.held.shift = down,
            ALT => self.held.alt = down,
            ALT_GR => self.held.alt_gr = down,
            _ => return false,
        }
        true
    }

    fn up(&mut self, code: u16, out: &mut dyn FnMut(Typed)) {
        let held = self.hold(code, false);
        if held
            && code == ALT
            && let Some(number) = self.number.take()
        {
            // Alt and a number: the character of Latin-1 that has it.
            out(u8::try_from(number).map_or(Typed::Lost, |byte| Typed::Char(char::from(byte))));
        }
    }

    fn down(&mut self, code: u16, out: &mut dyn FnMut(Typed)) {
        if self.hold(code, true) {
            return;
        }
        if code == CAPS_LOCK {
            self.caps = !self.caps;
            return;
        }
        if self.held.alt {
            let digit = KEYPAD.iter().position(|key| *key == code);
            if let Some(digit) = digit.and_then(|digit| u32::try_from(digit).ok()) {
                let number = self.number.unwrap_or(0).saturating_mul(10).saturating_add(digit);
                self.number = Some(number.min(1_000));
                return;
            }
        }
        if self.held.ctrl && !self.held.alt && !self.held.alt_gr {
            if let Some(control) = us_control(code) {
                out(Typed::Char(control));
            }
            return;
        }
        // Ctrl with Alt is what AltGr is to some scanners.
        let alt_gr = self.held.alt_gr || (self.held.ctrl && self.held.alt);
        match meaning(self.layout, code, self.held.shift, alt_gr, self.caps) {
            Some(Meaning::Char(char)) => self.typed(char, out),
            Some(Meaning::Dead(char)) => {
                if let Some(before) = self.dead.replace(char) {
                    out(Typed::Char(before));
                }
            }
            None => {}
        }
    }

    fn typed(&mut self, char: char, out: &mut dyn FnMut(Typed)) {
        match self.dead.take() {
            // The sign by itself is typed with a space behind it.
            Some(dead) if char == ' ' => return out(Typed::Char(dead)),
            Some(dead) => out(Typed::Char(dead)),
            None => {}
        }
        out(Typed::Char(char));
    }
}

/// Turns the kernel's records into codes.
#[derive(Debug)]
pub struct WedgeDecoder {
    records: KeyRecords,
    keyboard: Keyboard,
    framer: Framer,
}

impl WedgeDecoder {
    /// A decoder in the middle of nothing.
    #[must_use]
    pub fn new(layout: KeyLayout) -> Self {
        Self {
            records: KeyRecords::default(),
            keyboard: Keyboard::new(layout),
            framer: Framer::new(None),
        }
    }
}

impl Decode for WedgeDecoder {
    fn on_bytes(&mut self, bytes: &[u8], now: Instant, out: &mut dyn FnMut(Frame)) {
        let Self { records, keyboard, framer } = self;
        records.on_bytes(bytes, &mut |record| {
            keyboard.on_record(record, &mut |typed| match typed {
                Typed::Char(char) => {
                    let mut buffer = [0; 4];
                    Decode::on_bytes(framer, char.encode_utf8(&mut buffer).as_bytes(), now, out);
                }
                Typed::Lost => framer.lose(out),
            });
        });
    }

    fn on_tick(&mut self, _: Instant, _: &mut dyn FnMut(Frame)) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_contract::conformance::cases;
    use drivers_port::keys::encode;
    use proptest::prelude::*;

    fn typed(layout: KeyLayout, keys: &[KeyRecord]) -> String {
        let (mut keyboard, mut text) = (Keyboard::new(layout), String::new());
        for key in keys {
            keyboard.on_record(*key, &mut |typed| match typed {
                Typed::Char(char) => text.push(char),
                Typed::Lost => text.push('\u{fffd}'),
            });
        }
        text
    }

    fn press(codes: &[u16]) -> Vec<KeyRecord> {
        let down = codes.iter().map(|code| KeyRecord::Down(*code));
        down.chain(codes.iter().rev().map(|code| KeyRecord::Up(*code))).collect()
    }

    #[test]
    fn the_same_keys_are_other_signs_on_another_keyboard() {
        let keys = [press(&[21]), press(&[44]), press(&[42, 8]), press(&[53])].concat();
        assert_eq!(typed(KeyLayout::Us, &keys), "yz&/");
        assert_eq!(typed(KeyLayout::De, &keys), "zy/-");
        let at = press(&[100, 16]);
        assert_eq!(typed(KeyLayout::De, &at), "@");
        assert_eq!(typed(KeyLayout::De, &press(&[29, 56, 16])), "@", "Ctrl and Alt are AltGr");
    }

    #[test]
    fn a_separator_comes_as_ctrl_or_as_a_number() {
        for layout in [KeyLayout::Us, KeyLayout::De] {
            assert_eq!(typed(layout, &press(&[29, 27])), "\u{1d}");
            let mut keys = vec![KeyRecord::Down(56)];
            keys.extend([press(&[82]), press(&[80]), press(&[73])].concat());
            keys.push(KeyRecord::Up(56));
            assert_eq!(typed(layout, &keys), "\u{1d}", "Alt and 029");
        }
    }

    #[test]
    fn caps_lock_turns_letters_and_not_digits() {
        let keys = [press(&[58]), press(&[30]), press(&[42, 30]), press(&[2])].concat();
        assert_eq!(typed(KeyLayout::Us, &keys), "Aa1");
    }

    #[test]
    fn keys_that_the_kernel_dropped_cost_the_code_and_not_the_next() {
        let mut decoder = WedgeDecoder::new(KeyLayout::Us);
        let keys = |codes: &[u16]| codes.iter().flat_map(|c| press(&[*c])).collect::<Vec<_>>();
        let mut records = keys(&[2, 3]);
        records.push(KeyRecord::Dropped);
        records.extend(keys(&[4, 28, 5, 28]));
        let bytes: Vec<u8> = records.iter().flat_map(|record| encode(*record)).collect();
        let mut seen = Vec::new();
        decoder.on_bytes(&bytes, Instant::now(), &mut |frame| seen.push(frame));
        assert!(matches!(&seen[..], [Frame::Lost, Frame::Code(data)] if data.bytes == b"4"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(cases(256)))]
        #[test]
        fn no_keys_panic(keys in proptest::collection::vec((0..260u16, any::<bool>()), 0..300)) {
            for layout in [KeyLayout::Us, KeyLayout::De] {
                let records: Vec<_> = keys.iter().map(|(code, down)| {
                    if *down { KeyRecord::Down(*code) } else { KeyRecord::Up(*code) }
                }).collect();
                prop_assert!(typed(layout, &records).len() <= 4 * keys.len());
            }
        }

        #[test]
        fn what_is_typed_is_what_was_meant(text in "[ -~\u{1c}\u{1d}\u{1e}\u{1f}]{0,40}") {
            for layout in [KeyLayout::Us, KeyLayout::De] {
                let records: Vec<_> = text.chars()
                    .flat_map(|char| keymap::presses(layout, char).unwrap())
                    .flat_map(|codes| press(&codes))
                    .collect();
                prop_assert_eq!(typed(layout, &records), text.clone());
            }
        }
    }
}

//! Dialog 06, the checkout dialogue of Mettler-Toledo that Bizerba, Dibal and others share
//! (Mettler-Toledo DIVA service manual, "Records"; Dibal DPOS400 manual, section 4.39).
//!
//! The store sends record 01 with a unit price, `EOT STX 01 ESC PPPPPP ESC ETX`; the scale says ACK;
//! the store says `EOT ENQ`; the scale answers record 02, `STX 02 ESC S ESC WWWWW ESC PPPPPP ESC
//! AAAAAA ETX`, or NAK. Why it said NAK is asked with record 08, and answered with record 09. A
//! scale weighs once per movement of its load: "not moved since the last weighing" means that the
//! last weight still lies there. The price is not used: the store computes the line itself.
//!
//! A certified scale answers record 01 now and then (when it was switched on, after an error, after
//! fifty weighings) with record 11, `STX 11 ESC 2 ZZ ETX`, which asks for [`crate::checksum`]: the
//! store says record 10, `EOT STX 10 ESC CCCC KKKK ETX` without the spaces, the scale ACK, the store
//! `EOT ENQ`, and the scale record 11 with 1 if they are right, 0 if not. Then it begins again.

use crate::checksum::Generator;
use crate::{ANSWER_BYTES_MAX, Dialogue, Step, digits};
use drivers_contract::Weight;

const STX: u8 = 0x02;
const ETX: u8 = 0x03;
const EOT: u8 = 0x04;
const ENQ: u8 = 0x05;
const ACK: u8 = 0x06;
const NAK: u8 = 0x15;
const ESC: u8 = 0x1b;
/// Unit of the weight in record 02: kilograms with three places.
const KILOGRAMS: u8 = b'3';

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Asked {
    #[default]
    Price,
    Weight,
    Status,
    Checksums,
}

/// One question.
#[derive(Debug, Default)]
pub struct Dialog06 {
    asked: Asked,
    /// By which its checksums are made, if it wants any.
    generator: Option<Generator>,
    /// What lay there at the last weighing on this line.
    last: Option<Weight>,
}

/// Record 01 with a price of one minor unit a kilogram: the price is not used, but none is wrong.
fn record_01() -> Vec<u8> {
    let mut record = vec![EOT, STX];
    record.extend(b"01\x1b000001\x1b");
    record.push(ETX);
    record
}

impl Dialog06 {
    /// A dialogue with a scale; one that wants checksums is answered by `generator`.
    #[must_use]
    pub fn new(generator: Option<Generator>) -> Self {
        Self { generator, ..Self::default() }
    }
}

impl Dialogue for Dialog06 {
    fn begin(&mut self) -> Vec<u8> {
        self.asked = Asked::Price;
        record_01()
    }

    fn on_bytes(&mut self, bytes: &mut Vec<u8>) -> Step {
        let Some(first) = bytes.first().copied() else { return Step::Listen };
        match first {
            ACK => {
                bytes.remove(0);
                match self.asked {
                    Asked::Price => {
                        self.asked = Asked::Weight;
                        Step::Say(vec![EOT, ENQ])
                    }
                    Asked::Checksums => Step::Say(vec![EOT, ENQ]),
                    _ => Step::Listen,
                }
            }
            NAK => {
                bytes.remove(0);
                if self.asked == Asked::Status {
                    return Step::Foreign("it refuses to say why".into());
                }
                self.asked = Asked::Status;
                Step::Say(vec![EOT, STX, b'0', b'8', ETX])
            }
            STX => self.record(bytes),
            other => Step::Foreign(format!("it answers with {other:#04x}")),
        }
    }
}

impl Dialog06 {
    fn record(&mut self, bytes: &mut Vec<u8>) -> Step {
        let Some(end) = bytes.iter().position(|byte| *byte == ETX) else {
            return match bytes.len() {
                0..=ANSWER_BYTES_MAX => Step::Listen,
                _ => Step::Foreign("a record without an end".into()),
            };
        };
        let record: Vec<u8> = bytes.drain(..=end).collect();
        let body = &record[1..end];
        match body.get(..2) {
            Some(b"02") => {
                let step = result(body);
                self.last = match step {
                    Step::Done(weight) => Some(weight),
                    _ => None,
                };
                step
            }
            Some(b"09") => self.status(body),
            Some(b"11") => self.checksums(body),
            _ => Step::Foreign(format!("it answers {:?}", String::from_utf8_lossy(body))),
        }
    }
}

impl Dialog06 {
    /// Record 11: it asks for checksums, or says what it thinks of them.
    fn checksums(&mut self, body: &[u8]) -> Step {
        match (body.get(2..), self.generator) {
            (Some(&[ESC, b'2', first, second]), Some(generator)) => {
                let Some(answer) = generator.answer([first, second]) else {
                    return Step::Foreign("its record 11 holds no number".into());
                };
                self.asked = Asked::Checksums;
                let mut record = vec![EOT, STX];
                record.extend(b"10\x1b");
                record.extend(answer.bytes());
                record.push(ETX);
                Step::Say(record)
            }
            (Some(&[ESC, b'2', ..]), None) => Step::Foreign(
                "it asks for the checksums of a certified till: name the file with its maker's \
                 number (checksums=/path), or set the scale to Dialog 06 without checksums"
                    .into(),
            ),
            (Some(&[ESC, b'1', ..]), _) => Step::Say(self.begin()),
            (Some(&[ESC, b'0', ..]), _) => Step::Foreign(
                "it does not accept the checksums: the number in the file is not its maker's"
                    .into(),
            ),
            _ => Step::Foreign("its record 11 is not whole".into()),
        }
    }

    /// Record 09: why it said NAK.
    fn status(&mut self, body: &[u8]) -> Step {
        let Some([ESC, code @ ..]) = body.get(2..) else {
            return Step::Foreign("its record 09 is not whole".into());
        };
        if code == b"21" {
            // Without a weighing that we heard of, the load has to be moved first.
            return Step::Done(self.last.unwrap_or(Weight::Unstable));
        }
        self.last = None;
        match code {
            b"20" | b"22" => Step::Done(Weight::Unstable),
            b"30" => Step::Done(Weight::Zero),
            b"31" => Step::Done(Weight::Under),
            b"32" => Step::Done(Weight::Over),
            b"00" => Step::Done(Weight::NotReady),
            code => Step::Foreign(format!("it reports {}", String::from_utf8_lossy(code))),
        }
    }
}

/// Record 02: number, unit, weight, unit price, price.
fn result(body: &[u8]) -> Step {
    let fields: Vec<&[u8]> = body.split(|byte| *byte == ESC).collect();
    match fields[..] {
        [_, [KILOGRAMS], weight, _, _] if weight.len() == 5 => match digits(weight) {
            Some(0) => Step::Done(Weight::Zero),
            Some(grams) => Step::Done(Weight::Stable { grams }),
            None => Step::Foreign("its weight is no number".into()),
        },
        [_, [unit], ..] if *unit != KILOGRAMS => {
            Step::Foreign("it weighs in pounds: set the scale to kilograms".into())
        }
        _ => Step::Foreign("its record 02 is not whole".into()),
    }
}

/// After so many weighings a certified scale wants to know again who asks.
const TRUST: u32 = 50;
/// How far the twin wants checksums turned.
const TURNS: [u32; 2] = [2, 10];

/// A twin's memory of the dialogue.
#[derive(Debug, Default)]
pub struct Answering {
    accepted: bool,
    weighed: Option<Weight>,
    generator: Option<Generator>,
    /// How many weighings are left before it asks again.
    trust: u32,
    /// What it thinks of the checksums that it was told last.
    verdict: Option<bool>,
}

impl Answering {
    /// A scale that was just switched on; with a generator, a certified one.
    #[must_use]
    pub fn new(generator: Option<Generator>) -> Self {
        Self { generator, ..Self::default() }
    }

    /// What a twin answers to whole messages of the store, and how many bytes they were.
    pub fn answer(&mut self, said: &[u8], weight: Weight) -> Option<(Vec<u8>, usize)> {
        if !matches!(weight, Weight::Stable { .. }) {
            self.weighed = None;
        }
        let unmoved = self.weighed == Some(weight);
        if let [EOT, ENQ, ..] = said {
            if let Some(right) = self.verdict.take() {
                return Some((format!("\x0211\x1b{}\x03", u8::from(right)).into_bytes(), 2));
            }
            let reply = match weight {
                Weight::Stable { grams } if self.accepted && !unmoved => {
                    self.weighed = Some(weight);
                    self.trust = self.trust.saturating_sub(1);
                    let price = u64::from(grams).div_ceil(1_000);
                    format!("\x0202\x1b3\x1b{grams:05}\x1b000001\x1b{price:06}\x03").into_bytes()
                }
                _ => vec![NAK],
            };
            return Some((reply, 2));
        }
        let end = said.iter().position(|byte| *byte == ETX)?;
        let number = said.get(2..4).filter(|_| said.starts_with(&[EOT, STX]));
        let reply = match number {
            Some(b"01") if self.generator.is_some() && self.trust == 0 => {
                self.accepted = false;
                format!("\x0211\x1b2{:X}{:X}\x03", TURNS[0], TURNS[1]).into_bytes()
            }
            Some(b"01") => {
                self.accepted = true;
                vec![ACK]
            }
            Some(b"10") => {
                let answer = said.get(5..end).unwrap_or_default();
                let right = self.generator.is_some_and(|own| own.accepts(TURNS, answer));
                self.trust = if right { TRUST } else { 0 };
                self.verdict = Some(right);
                vec![ACK]
            }
            Some(b"08") => {
                let code = match weight {
                    _ if unmoved => "21",
                    Weight::Zero => "30",
                    Weight::Under => "31",
                    Weight::Over => "32",
                    Weight::NotReady => "00",
                    _ => "20",
                };
                format!("\x0209\x1b{code}\x03").into_bytes()
            }
            _ => vec![NAK],
        };
        Some((reply, end + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_contract::conformance::cases;
    use proptest::prelude::*;

    fn step(bytes: &[u8]) -> Step {
        Dialog06 { asked: Asked::Weight, ..Dialog06::default() }.on_bytes(&mut bytes.to_vec())
    }

    #[test]
    fn every_answer_means_what_the_manual_says() {
        let record = b"\x0202\x1b3\x1b01086\x1b000001\x1b000002\x03";
        assert_eq!(step(record), Step::Done(Weight::Stable { grams: 1_086 }));
        assert_eq!(step(&[NAK]), Step::Say(b"\x04\x0208\x03".to_vec()));
        for (code, weight) in [
            ("20", Weight::Unstable),
            ("30", Weight::Zero),
            ("31", Weight::Under),
            ("32", Weight::Over),
        ] {
            let record = format!("\x0209\x1b{code}\x03");
            assert_eq!(step(record.as_bytes()), Step::Done(weight));
        }
        for foreign in [&b"\x0202\x1b1\x1b01086\x1b000001\x1b000002\x03"[..], b"\x0211\x1b2A\x03"] {
            assert!(matches!(step(foreign), Step::Foreign(_)));
        }
        assert!(matches!(step(b"\x0202\x1b3\x1b     \x1b0\x1b0\x03"), Step::Foreign(_)));
    }

    #[test]
    fn what_did_not_move_weighs_what_it_weighed() {
        let mut dialogue = Dialog06 { asked: Asked::Weight, ..Dialog06::default() };
        let unmoved = || b"\x0209\x1b21\x03".to_vec();
        assert_eq!(dialogue.on_bytes(&mut unmoved()), Step::Done(Weight::Unstable));
        let mut record = b"\x0202\x1b3\x1b00700\x1b000001\x1b000001\x03".to_vec();
        let weight = Step::Done(Weight::Stable { grams: 700 });
        assert_eq!(dialogue.on_bytes(&mut record), weight);
        assert_eq!(dialogue.on_bytes(&mut unmoved()), weight);
        let _ = dialogue.on_bytes(&mut b"\x0209\x1b20\x03".to_vec());
        assert_eq!(dialogue.on_bytes(&mut unmoved()), Step::Done(Weight::Unstable));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(cases(512)))]
        #[test]
        fn no_bytes_panic(
            bytes in proptest::collection::vec(
                prop_oneof![any::<u8>(), Just(STX), Just(ETX), Just(ESC), b'0'..=b'9'], 0..100),
            generator: Option<u16>,
        ) {
            let mut dialogue = Dialog06::new(generator.map(Generator::new));
            let mut left = bytes.clone();
            for _ in 0..bytes.len() {
                let _ = dialogue.on_bytes(&mut left);
            }
            let twin = &mut Answering::new(generator.map(Generator::new));
            let _ = twin.answer(&bytes, Weight::Zero);
        }
    }
}

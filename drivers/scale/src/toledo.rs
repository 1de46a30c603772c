//! Toledo 8217: `W` is answered by `STX`, the weight and `CR`, or by `STX ?`, a status byte and `CR`
//! (Mettler-Toledo 8217 technical manual, "Host commands"; the 8213 has the same answers).
//!
//! The status byte has a 1 in bits 5 and 6; bit 0 is motion, 1 over capacity, 2 under zero, 3
//! outside the zero range at switching on, 4 centre of zero.

use crate::{ANSWER_BYTES_MAX, Dialogue, Step, digits};
use drivers_contract::Weight;

const STX: u8 = 0x02;
const CR: u8 = b'\r';

/// One question.
#[derive(Debug, Default)]
pub struct Toledo;

impl Dialogue for Toledo {
    fn begin(&mut self) -> Vec<u8> {
        b"W".to_vec()
    }

    fn on_bytes(&mut self, bytes: &mut Vec<u8>) -> Step {
        // What stands before the answer's begin is none of it.
        let begin = bytes.iter().position(|byte| *byte == STX).unwrap_or(bytes.len());
        if begin > ANSWER_BYTES_MAX || (begin == bytes.len() && begin >= ANSWER_BYTES_MAX) {
            return Step::Foreign("it sends what no scale of this kind sends".into());
        }
        let Some(end) = bytes[begin..].iter().position(|byte| *byte == CR) else {
            return match bytes.len() - begin {
                0..=ANSWER_BYTES_MAX => Step::Listen,
                _ => Step::Foreign("an answer without an end".into()),
            };
        };
        let answer = bytes[begin + 1..begin + end].to_vec();
        bytes.drain(..=begin + end);
        weight(&answer).map_or_else(
            || Step::Foreign(format!("it answers {:?}", String::from_utf8_lossy(&answer))),
            Step::Done,
        )
    }
}

fn weight(answer: &[u8]) -> Option<Weight> {
    match answer {
        [b'?', status] => status_of(*status),
        weight => match grams(weight)? {
            0 => Some(Weight::Zero),
            grams => Some(Weight::Stable { grams }),
        },
    }
}

/// Five digits of grams; some scales write kilograms with a point and three digits behind it.
fn grams(weight: &[u8]) -> Option<u32> {
    match weight.iter().position(|byte| *byte == b'.') {
        None => digits(weight).filter(|_| weight.len() >= 4),
        Some(point) => {
            let fraction = &weight[point + 1..];
            let whole = digits(&weight[..point])?;
            (fraction.len() == 3).then(|| digits(fraction))?.map(|grams| whole * 1_000 + grams)
        }
    }
}

fn status_of(status: u8) -> Option<Weight> {
    let bit = |bit: u8| status >> bit & 1 == 1;
    if !bit(5) || !bit(6) {
        return None;
    }
    Some(match () {
        () if bit(1) => Weight::Over,
        () if bit(2) => Weight::Under,
        () if bit(3) => Weight::NotReady,
        () if bit(0) => Weight::Unstable,
        () if bit(4) => Weight::Zero,
        // It could not weigh, and gives no reason.
        () => Weight::Unstable,
    })
}

/// Writes the answer to a load, as a twin does.
#[must_use]
pub fn encode(weight: Weight) -> Vec<u8> {
    let status = |bits: u8| vec![STX, b'?', 0x60 | bits, CR];
    match weight {
        Weight::Stable { grams } => format!("\x02{grams:05}\r").into_bytes(),
        Weight::Zero => format!("\x02{:05}\r", 0).into_bytes(),
        Weight::Over => status(0b10),
        Weight::Under => status(0b100),
        Weight::NotReady => status(0b1000),
        _ => status(0b1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_contract::conformance::cases;
    use proptest::prelude::*;

    fn step(bytes: &[u8]) -> Step {
        Toledo.on_bytes(&mut bytes.to_vec())
    }

    #[test]
    fn every_answer_means_what_the_manual_says() {
        assert_eq!(step(b"\x0201086\r"), Step::Done(Weight::Stable { grams: 1_086 }));
        assert_eq!(step(b"\x021.086\r"), Step::Done(Weight::Stable { grams: 1_086 }));
        assert_eq!(step(b"\x02 1.086\r"), Step::Done(Weight::Stable { grams: 1_086 }));
        assert_eq!(step(b"\x0200000\r"), Step::Done(Weight::Zero));
        assert_eq!(step(b"\x02?a\r"), Step::Done(Weight::Unstable));
        assert_eq!(step(b"\x02?b\r"), Step::Done(Weight::Over));
        assert_eq!(step(b"\x02?d\r"), Step::Done(Weight::Under));
        assert_eq!(step(b"\x02?p\r"), Step::Done(Weight::Zero));
        assert_eq!(step(b"\x02?\x01\r").clone(), step(b"\x02?\x01\r"));
        assert!(matches!(step(b"\x02?\x01\r"), Step::Foreign(_)));
        assert!(matches!(step(b"\x021.08\r"), Step::Foreign(_)), "not a weight in grams");
        assert!(matches!(step(b"\x02\r"), Step::Foreign(_)), "nothing is not zero");
        assert_eq!(step(b"\x020108"), Step::Listen);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(cases(512)))]
        #[test]
        fn no_bytes_panic_and_only_digits_weigh(
            bytes in proptest::collection::vec(
                prop_oneof![any::<u8>(), Just(2u8), Just(13u8), b'0'..=b'9'], 0..100),
        ) {
            let mut left = bytes.clone();
            if let Step::Done(Weight::Stable { grams }) = Toledo.on_bytes(&mut left) {
                prop_assert!(grams > 0 && left.len() < bytes.len());
            }
        }

        #[test]
        fn a_weight_survives_the_line(grams in 1u32..100_000) {
            let weight = Weight::Stable { grams };
            prop_assert_eq!(step(&encode(weight)), Step::Done(weight));
        }
    }
}

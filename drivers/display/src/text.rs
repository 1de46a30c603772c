//! What a display has signs for: ASCII and code page 437, which all of them know. What has no sign
//! is written with others, or as a question mark; nothing else ever reaches the display.

use drivers_contract::display::DISPLAY_COLUMNS;

/// Code page 437 from 0x80 to 0xA8, as far as letters and signs of shops go.
const HIGH: [char; 41] = [
    '\u{c7}', '\u{fc}', '\u{e9}', '\u{e2}', '\u{e4}', '\u{e0}', '\u{e5}', '\u{e7}', '\u{ea}',
    '\u{eb}', '\u{e8}', '\u{ef}', '\u{ee}', '\u{ec}', '\u{c4}', '\u{c5}', '\u{c9}', '\u{e6}',
    '\u{c6}', '\u{f4}', '\u{f6}', '\u{f2}', '\u{fb}', '\u{f9}', '\u{ff}', '\u{d6}', '\u{dc}',
    '\u{a2}', '\u{a3}', '\u{a5}', '\u{20a7}', '\u{192}', '\u{e1}', '\u{ed}', '\u{f3}', '\u{fa}',
    '\u{f1}', '\u{d1}', '\u{aa}', '\u{ba}', '\u{bf}',
];
/// The sharp s, which the code page has among the Greek letters.
const SHARP_S: u8 = 0xe1;

/// How signs that the code page lacks are written.
const INSTEAD: [(char, &str); 14] = [
    ('\u{20ac}', "EUR"),
    ('\u{d7}', "x"),
    ('\u{2013}', "-"),
    ('\u{2014}', "-"),
    ('\u{2018}', "'"),
    ('\u{2019}', "'"),
    ('\u{201c}', "\""),
    ('\u{201d}', "\""),
    ('\u{201e}', "\""),
    ('\u{a0}', " "),
    ('\u{c8}', "E"),
    ('\u{c0}', "A"),
    ('\u{d8}', "O"),
    ('\u{f8}', "o"),
];

/// A line as the display gets it: cut, and filled with spaces.
#[must_use]
pub fn line(text: &str) -> [u8; DISPLAY_COLUMNS] {
    let mut line = [b' '; DISPLAY_COLUMNS];
    let bytes = text.chars().flat_map(signs);
    line.iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
    line
}

fn signs(char: char) -> Vec<u8> {
    let high = || HIGH.iter().position(|known| *known == char).and_then(|at| u8::try_from(at).ok());
    match char {
        ' '..='~' => u8::try_from(char).into_iter().collect(),
        '\u{df}' => vec![SHARP_S],
        _ => match (high(), INSTEAD.iter().find(|(known, _)| *known == char)) {
            (Some(at), _) => vec![0x80 + at],
            (None, Some((_, instead))) => instead.as_bytes().to_vec(),
            (None, None) => vec![b'?'],
        },
    }
}

/// What a byte shows, for a twin.
#[must_use]
pub fn shown(byte: u8) -> Option<char> {
    match byte {
        b' '..=b'~' => Some(char::from(byte)),
        SHARP_S => Some('\u{df}'),
        0x80.. => HIGH.get(usize::from(byte - 0x80)).copied(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_contract::conformance::cases;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(cases(512)))]
        #[test]
        fn every_byte_is_a_sign(text in ".{0,40}") {
            prop_assert!(line(&text).iter().all(|byte| shown(*byte).is_some()));
        }
    }
}

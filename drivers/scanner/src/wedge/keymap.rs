//! What the keys mean: the American keyboard, and the German one where it differs
//! (input-event-codes.h; DIN 2137 T1).

use drivers_contract::uri::KeyLayout;

/// What a key means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// A character.
    Char(char),
    /// A sign that waits for its letter; a space behind it makes it a character.
    Dead(char),
}

/// A row of keys: the code of the first, what they are, what they are with shift.
type Row = (u16, &'static str, &'static str);

const US: &[Row] = &[
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", "ASDFGHJKL:\"~"),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (86, "\\", "|"),
];

const DE: &[Row] = &[
    (2, "1234567890\u{df}", "!\"\u{a7}$%&/()=?"),
    (16, "qwertzuiop\u{fc}+", "QWERTZUIOP\u{dc}*"),
    (30, "asdfghjkl\u{f6}\u{e4}", "ASDFGHJKL\u{d6}\u{c4}"),
    (43, "#yxcvbnm,.-", "'YXCVBNM;:_"),
    (86, "<", ">"),
];

/// The German keyboard with `AltGr`.
const DE_ALT_GR: &[(u16, char)] = &[
    (3, '\u{b2}'),
    (4, '\u{b3}'),
    (8, '{'),
    (9, '['),
    (10, ']'),
    (11, '}'),
    (12, '\\'),
    (16, '@'),
    (18, '\u{20ac}'),
    (27, '~'),
    (50, '\u{b5}'),
    (86, '|'),
];

/// The German keyboard's dead keys, without and with shift; the degree sign is not dead.
const DE_DEAD: &[(u16, Meaning, Meaning)] = &[
    (13, Meaning::Dead('\u{b4}'), Meaning::Dead('`')),
    (41, Meaning::Dead('^'), Meaning::Char('\u{b0}')),
];

/// Keys that mean the same everywhere: white space, and the keypad, which has no shift.
const ALWAYS: &[(u16, char)] = &[
    (15, '\t'),
    (28, '\r'),
    (55, '*'),
    (57, ' '),
    (71, '7'),
    (72, '8'),
    (73, '9'),
    (74, '-'),
    (75, '4'),
    (76, '5'),
    (77, '6'),
    (78, '+'),
    (79, '1'),
    (80, '2'),
    (81, '3'),
    (82, '0'),
    (83, '.'),
    (96, '\r'),
    (98, '/'),
];

fn in_rows(rows: &[Row], code: u16, shift: bool) -> Option<char> {
    rows.iter().find_map(|(first, plain, shifted)| {
        let at = usize::from(code.checked_sub(*first)?);
        if shift { shifted.chars().nth(at) } else { plain.chars().nth(at) }
    })
}

fn always(code: u16) -> Option<char> {
    ALWAYS.iter().find(|(key, _)| *key == code).map(|(_, char)| *char)
}

/// What a key means while these are held.
#[must_use]
pub fn meaning(
    layout: KeyLayout,
    code: u16,
    shift: bool,
    alt_gr: bool,
    caps: bool,
) -> Option<Meaning> {
    if let Some(char) = always(code) {
        return Some(Meaning::Char(char));
    }
    if layout == KeyLayout::De {
        if alt_gr {
            let found = DE_ALT_GR.iter().find(|(key, _)| *key == code);
            return found.map(|(_, char)| Meaning::Char(*char));
        }
        if let Some((_, plain, shifted)) = DE_DEAD.iter().find(|(key, ..)| *key == code) {
            return Some(if shift { *shifted } else { *plain });
        }
    }
    let rows = if layout == KeyLayout::De { DE } else { US };
    let plain = in_rows(rows, code, false)?;
    let shift = shift != (caps && plain.is_alphabetic());
    in_rows(rows, code, shift).map(Meaning::Char)
}

/// What Ctrl makes of a key, by its place on the American keyboard.
#[must_use]
pub fn us_control(code: u16) -> Option<char> {
    let char = in_rows(US, code, false)?;
    match char {
        'a'..='z' | '[' | '\\' | ']' => u8::try_from(char).ok().map(|byte| char::from(byte & 0x1f)),
        // As terminals have it: RS and US are Ctrl with 6 and with the minus sign.
        '6' => Some('\u{1e}'),
        '-' => Some('\u{1f}'),
        _ => None,
    }
}

/// How a scanner types a character: presses, each of keys that are held together.
#[must_use]
pub fn presses(layout: KeyLayout, char: char) -> Option<Vec<Vec<u16>>> {
    const SHIFT: u16 = 42;
    let keys = 2..=100u16;
    if let Some(code) = keys.clone().find(|code| always(*code) == Some(char)) {
        return Some(vec![vec![code]]);
    }
    let control = |code: &u16| char.is_control() && us_control(*code) == Some(char);
    if let Some(code) = keys.clone().find(control) {
        return Some(vec![vec![29, code]]);
    }
    for code in keys {
        for (held, shift, alt_gr) in
            [(None, false, false), (Some(SHIFT), true, false), (Some(100), false, true)]
        {
            let held = || held.into_iter().chain([code]).collect();
            match meaning(layout, code, shift, alt_gr, false) {
                Some(Meaning::Char(found)) if found == char => return Some(vec![held()]),
                Some(Meaning::Dead(found)) if found == char => {
                    return Some(vec![held(), vec![57]]);
                }
                _ => {}
            }
        }
    }
    None
}

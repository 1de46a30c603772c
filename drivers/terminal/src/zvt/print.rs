//! What the terminal wants on paper: lines (06 D1, chapter 3.5) or blocks of them (06 D3), put
//! together to slips. Both ways name how a line looks in the same attribute byte; only blocks name
//! whose a slip is (TLV tag 1F07), else its own words tell.
//!
//! What is not in the manual was seen on terminals that Portalum.Zvt recorded (MIT; its tests): the
//! end of a slip as an attribute of its own, text in code page 437 unless tag 14 is there, and
//! slips of a day's end with the type of a merchant's.

use super::fields::tlv_length;
use drivers_contract::print::{Align, Style};
use drivers_contract::slip::{LINE_CHARS_MAX, LINES_MAX, SLIPS_MAX};
use drivers_contract::{Slip, SlipKind};

/// How deep containers are looked into.
const DEPTH_MAX: u8 = 8;
/// The upper half of code page 437, the default of chapter "ZVT character sets".
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
    └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ";

/// A slip that is not whole yet.
#[derive(Debug, Default)]
struct Open {
    kind: Option<SlipKind>,
    /// One more than a slip takes, so that it can say that something is missing.
    lines: Vec<(String, Style)>,
}

/// What a terminal prints while it serves one command.
#[derive(Debug, Default)]
pub struct Printout {
    done: Vec<Open>,
    open: Option<Open>,
}

impl Printout {
    /// Takes a line (06 D1): an attribute and text.
    pub fn line(&mut self, data: &[u8]) {
        let Some((attribute, text)) = data.split_first() else { return };
        if *attribute == FEED {
            let count = text.first().copied().unwrap_or(1);
            (0..count).for_each(|_| self.push(String::new(), Style::default()));
            return;
        }
        if !(text.is_empty() && is_last(*attribute)) {
            self.push(decode(text, false), style(*attribute));
        }
        if is_last(*attribute) {
            self.close();
        }
    }

    /// Takes a block (06 D3): a container with lines (07) and attributes of those behind (09)
    /// within 25. A block without an end is gone on with by the next one of its kind.
    pub fn block(&mut self, data: &[u8]) {
        let Some((0x06, rest)) = data.split_first().map(|(tag, rest)| (*tag, rest)) else { return };
        let Some((length, rest)) = tlv_length(rest) else { return };
        let container = &rest[..length.min(rest.len())];
        let (mut kind, mut iso) = (None, false);
        walk(container, 0, &mut |tag, value| match tag {
            0x1f07 => kind = value.first().copied().and_then(kind_of),
            0x14 => iso = true,
            _ => {}
        });
        let open = self.open.get_or_insert_default();
        if open.kind != kind && !open.lines.is_empty() {
            self.close();
        }
        self.open.get_or_insert_default().kind = kind;
        let mut look = Style::default();
        walk(container, 0, &mut |tag, value| match (tag, value.first()) {
            (0x07, _) => {
                self.open.get_or_insert_default().kind = kind;
                self.push(decode(value, iso), look);
            }
            (0x09, Some(attribute)) if is_last(*attribute) => self.close(),
            (0x09, Some(attribute)) => look = style(*attribute),
            _ => {}
        });
    }

    /// The slips; those that do not say whose they are are of `kind`.
    #[must_use]
    pub fn finish(mut self, kind: SlipKind) -> Vec<Slip> {
        self.close();
        let slip = |open: Open| {
            let kind = open.kind.or_else(|| spelled(&open.lines)).unwrap_or(kind);
            let mut slip = Slip::new(kind);
            open.lines.iter().for_each(|(text, style)| slip.push(text, *style));
            slip.finished()
        };
        self.done.into_iter().filter_map(slip).collect()
    }

    fn push(&mut self, text: String, style: Style) {
        let lines = &mut self.open.get_or_insert_default().lines;
        if lines.len() <= LINES_MAX {
            // More than a slip shows, so that a number at its edge is still seen whole and masked.
            lines.push((text.chars().take(4 * LINE_CHARS_MAX).collect(), style));
        }
    }

    fn close(&mut self) {
        let open = self.open.take().filter(|open| !open.lines.is_empty());
        if let Some(open) = open.filter(|_| self.done.len() < SLIPS_MAX) {
            self.done.push(open);
        }
    }
}

/// The attribute of an empty line; how many follows.
const FEED: u8 = 0xff;

/// Whether a slip ends with a line of this attribute.
const fn is_last(attribute: u8) -> bool {
    attribute & 0x80 != 0 && attribute != 0x80 && attribute != FEED
}

/// How a line looks: `01xx nnnn` centred, `0x1x nnnn` double width, `0xx1 nnnn` double height.
fn style(attribute: u8) -> Style {
    let on = |bit: u8| attribute & 0x80 == 0 && attribute & bit != 0;
    let align = if on(0x40) { Align::Centre } else { Align::Left };
    Style { double_width: on(0x20), double_height: on(0x10), align, ..Style::default() }
}

/// TLV tag 1F07.
const fn kind_of(receipt_type: u8) -> Option<SlipKind> {
    match receipt_type {
        1 => Some(SlipKind::Merchant),
        2 => Some(SlipKind::Customer),
        3 => Some(SlipKind::Administration),
        _ => None,
    }
}

/// Whose a slip is by its own words, as `H-Ä-N-D-L-E-R-B-E-L-E-G` and `** Kundenbeleg **`.
fn spelled(lines: &[(String, Style)]) -> Option<SlipKind> {
    const MERCHANT: [&str; 3] = ["HÄNDLERBELEG", "HAENDLERBELEG", "MERCHANTCOPY"];
    const CUSTOMER: [&str; 3] = ["KUNDENBELEG", "CUSTOMERCOPY", "CARDHOLDERCOPY"];
    lines.iter().find_map(|(text, _)| {
        let letters = text.chars().filter(|char| char.is_alphabetic());
        let letters: String = letters.flat_map(char::to_uppercase).collect();
        let says = |words: [&str; 3]| words.iter().any(|word| letters.contains(word));
        match (says(MERCHANT), says(CUSTOMER)) {
            (true, _) => Some(SlipKind::Merchant),
            (_, true) => Some(SlipKind::Customer),
            _ => None,
        }
    })
}

/// Text up to its end or its first zero. With tag 14 it is UTF-8 or ISO 8859 (of its parts the
/// western ones, with the euro of part 15), without it code page 437.
fn decode(bytes: &[u8], iso: bool) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let bytes = &bytes[..end];
    if iso && let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let char = |byte: &u8| match byte {
        0xa4 if iso => '€',
        0x80.. if !iso => CP437.chars().nth(usize::from(byte - 0x80)).unwrap_or(' '),
        byte => char::from(*byte),
    };
    bytes.iter().map(char).collect()
}

/// Hands on what a container and those within it hold, tags of one byte or two.
fn walk(mut bytes: &[u8], depth: u8, each: &mut dyn FnMut(u16, &[u8])) {
    while let Some((first, rest)) = bytes.split_first() {
        // A tag whose low five bits are set goes on in the next byte.
        let (tag, rest) = match rest.split_first() {
            Some((second, rest)) if first & 0x1f == 0x1f => {
                (u16::from_be_bytes([*first, *second]), rest)
            }
            _ => (u16::from(*first), rest),
        };
        let Some((length, rest)) = tlv_length(rest) else { return };
        let Some((value, rest)) = rest.split_at_checked(length) else { return };
        match first & 0x20 != 0 && depth < DEPTH_MAX {
            true => walk(value, depth + 1, each),
            false => each(tag, value),
        }
        bytes = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_contract::conformance::cases;
    use proptest::prelude::*;

    fn hex(text: &str) -> Vec<u8> {
        let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(16)).collect();
        digits.chunks(2).map(|pair| u8::try_from(pair[0] << 4 | pair[1]).unwrap()).collect()
    }

    fn texts(slip: &Slip) -> Vec<&str> {
        slip.lines().iter().map(drivers_contract::SlipLine::text).collect()
    }

    /// Blocks as two terminals sent them (Portalum.Zvt, MIT: `PrintTextBlockTest.cs`), shortened.
    #[test]
    fn blocks_of_real_terminals_are_slips() {
        let mut printout = Printout::default();
        printout.block(&hex("06 31 1f0701 02 25 2b 07 0b 66 81 72 20 504f5254414c55 \
             07 13 2020202020202020 4b554e44454e42454c4547 07 01 20 07 01 20 09 01 81"));
        printout.block(&hex("06 21 1f0701 01 1f3701 01 1401 02 25 14 0901 00 \
             07 0f 202020 48c44e444c455242454c4547"));
        let slips = printout.finish(SlipKind::Administration);
        assert_eq!(slips[0].kind(), SlipKind::Customer);
        assert_eq!(texts(&slips[0]), ["für PORTALU", "        KUNDENBELEG"]);
        assert_eq!(slips[1].kind(), SlipKind::Merchant);
        assert_eq!(texts(&slips[1]), ["   HÄNDLERBELEG"]);
        assert_eq!(slips.len(), 2);
    }

    /// Lines as a terminal sent them at the end of its day (`PrintLineTest.cs`), shortened.
    #[test]
    fn lines_of_a_real_terminal_are_a_slip() {
        let mut printout = Printout::default();
        for line in [
            "40 2a2a204b41535345 4e5343484e495454202a2a",
            "40",
            "00 5465726d696e616c2d4944 3a 2020202032383030 34383639",
            "ff 02",
            "30 47 65 73 61 6d 74",
            "00 20",
            "81",
        ] {
            printout.line(&hex(line));
        }
        let slips = printout.finish(SlipKind::Administration);
        assert_eq!(slips.len(), 1);
        let slip = &slips[0];
        let expected = ["** KASSENSCHNITT **", "", "Terminal-ID:    28004869", "", "", "Gesamt"];
        assert_eq!(texts(slip), expected);
        assert_eq!(slip.lines()[0].style().align, Align::Centre);
        let total = slip.lines()[5].style();
        assert!(total.double_width && total.double_height && total.align == Align::Left);
    }

    #[test]
    fn a_slip_without_a_type_says_itself_whose_it_is() {
        let mut printout = Printout::default();
        printout
            .line(&hex("00 48 2d 8e 2d 4e 2d 44 2d 4c 2d 45 2d 52 2d 42 2d 45 2d 4c 2d 45 2d 47"));
        printout.line(&hex("81"));
        printout.line(b"\x00* * Kundenbeleg * *");
        printout.line(&hex("81"));
        printout.line(b"\x004716 1234 5678 9013");
        let slips = printout.finish(SlipKind::Administration);
        let kinds: Vec<_> = slips.iter().map(Slip::kind).collect();
        assert_eq!(kinds, [SlipKind::Merchant, SlipKind::Customer, SlipKind::Administration]);
        assert_eq!(texts(&slips[2]), ["**** **** **** 9013"], "invariant 10");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(cases(512)))]
        #[test]
        fn no_bytes_panic_and_none_grow_without_end(
            pieces in proptest::collection::vec(
                (any::<bool>(), proptest::collection::vec(any::<u8>(), 0..300)), 0..60),
        ) {
            let mut printout = Printout::default();
            for (block, bytes) in pieces {
                match block {
                    true => printout.block(&[&[0x06], &bytes[..]].concat()),
                    false => printout.line(&bytes),
                }
            }
            let slips = printout.finish(SlipKind::Customer);
            prop_assert!(slips.len() <= SLIPS_MAX);
            for slip in &slips {
                prop_assert!(slip.lines().len() <= LINES_MAX);
                let chars = slip.lines().iter().map(|line| line.text().chars().count()).max();
                prop_assert!(chars.unwrap_or(0) <= LINE_CHARS_MAX);
            }
        }

        /// What a terminal prints unmasked, in either way and wherever in the text, is masked.
        #[test]
        fn no_card_number_gets_through(
            number in "[1-9][0-9]{11,18}", before in "[A-Za-z: ]{0,20}", block: bool,
        ) {
            let text = format!("{before}{number}").into_bytes();
            let mut printout = Printout::default();
            match block {
                true => {
                    let size = |more: usize| u8::try_from(text.len() + more).unwrap();
                    let head = [0x06, size(8), 0x1f, 0x07, 1, 2, 0x25, size(2), 0x07, size(0)];
                    printout.block(&[&head[..], &text].concat());
                }
                false => printout.line(&[&[0u8], &text[..]].concat()),
            }
            let slips = printout.finish(SlipKind::Customer);
            let shown = slips[0].lines()[0].text();
            let hidden = format!("{}{}", "*".repeat(number.len() - 4), &number[number.len() - 4..]);
            prop_assert!(shown.ends_with(&hidden) && !shown.contains(&number), "{}", shown);
        }
    }
}

//! The twin's slips as a terminal's bytes.

use crate::paper::Paper;

/// The attribute of a slip's end.
pub(super) const LAST: u8 = 0x81;

/// The umlauts that the slips have (code page 437).
pub(super) fn cp437(text: &str) -> Vec<u8> {
    let byte = |char: char| match char {
        'Ä' => 0x8e,
        'ö' => 0x94,
        char => u8::try_from(char).unwrap_or(b'?'),
    };
    text.chars().map(byte).collect()
}

/// A tag with its length and value.
fn tlv(tag: &[u8], value: &[u8]) -> Vec<u8> {
    let length = value.len();
    let mut bytes = tag.to_vec();
    match u8::try_from(length) {
        Ok(short @ 0..0x80) => bytes.push(short),
        Ok(long) => bytes.extend([0x81, long]),
        Err(_) => {
            bytes.push(0x82);
            bytes.extend(u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes());
        }
    }
    bytes.extend(value);
    bytes
}

/// A slip as a block of text.
pub(super) fn block(paper: &Paper) -> Vec<u8> {
    let mut texts = Vec::new();
    for (attribute, text) in &paper.lines {
        texts.extend(tlv(&[0x09], &[*attribute]));
        texts.extend(tlv(&[0x07], &cp437(text)));
    }
    texts.extend(tlv(&[0x09], &[LAST]));
    let kind = tlv(&[0x1f, 0x07], &[paper.kind]);
    tlv(&[0x06], &[kind, tlv(&[0x25], &texts)].concat())
}

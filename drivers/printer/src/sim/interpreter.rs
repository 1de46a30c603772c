//! What a printer does with the bytes in its buffer, without I/O and without paper: bytes in,
//! actions out. Independent of the encoder, so that each checks the other.

use drivers_contract::print::{Align, Barcode, Bitmap, Style};

use crate::escpos::code_page::CodePage;
use crate::escpos::profile::Profile;

/// Something that the mechanics do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// A line goes onto the paper.
    Print(Line),
    /// The blade falls.
    Cut,
    /// The answer to `GS r` is due.
    Marker,
    /// Automatic status is switched.
    AutomaticStatus(bool),
    /// A drawer is opened.
    Pulse(u8),
}

/// A line on the paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// Characters with their looks; the alignment of the first holds.
    Text(Vec<(char, Style)>),
    /// A barcode.
    Barcode(Barcode, String),
    /// A QR code.
    Qr(String),
    /// Dots.
    Raster(Bitmap),
}

/// The state of a printer between bytes.
#[derive(Debug)]
pub struct Interpreter {
    pending: Vec<u8>,
    skip: usize,
    page: Option<CodePage>,
    pages: Vec<(u8, CodePage)>,
    style: Style,
    line: Vec<(char, Style)>,
    qr: Vec<u8>,
    columns: usize,
    /// Text bytes that the selected page does not have: a driver's fault, printed as a box.
    pub unmapped: usize,
    /// Commands that this printer does not know.
    pub unknown: usize,
    /// Lines that were longer than the paper is wide.
    pub overlong: usize,
}

/// Longer commands are raster images; they are skipped by their length.
const COMMAND_BYTES_MAX: usize = 8_192;

enum Length {
    Known(usize),
    More,
    Unknown,
}

impl Interpreter {
    /// A printer that was just switched on.
    #[must_use]
    pub fn new(columns: usize) -> Self {
        Self {
            pending: Vec::new(),
            skip: 0,
            page: None,
            pages: Profile::default().code_pages,
            style: Style::default(),
            line: Vec::new(),
            qr: Vec::new(),
            columns,
            unmapped: 0,
            unknown: 0,
            overlong: 0,
        }
    }

    /// A printer of a model that was just switched on.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        let pages = profile.code_pages.clone();
        Self { pages, ..Self::new(usize::from(profile.columns)) }
    }

    /// Takes one byte.
    pub fn push(&mut self, byte: u8, actions: &mut Vec<Action>) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        self.pending.push(byte);
        match command_length(&self.pending) {
            Length::More => {}
            Length::Unknown => {
                self.unknown += 1;
                self.pending.clear();
            }
            Length::Known(length) if self.pending.len() >= length => {
                let command = std::mem::take(&mut self.pending);
                self.execute(&command, actions);
            }
            Length::Known(length) if length > COMMAND_BYTES_MAX => {
                self.skip = length - self.pending.len();
                self.pending.clear();
            }
            Length::Known(_) => {}
        }
    }

    fn execute(&mut self, command: &[u8], actions: &mut Vec<Action>) {
        match command {
            [b'\n'] => self.feed(1, actions),
            [0x1b, b'd', lines] => self.feed(usize::from(*lines), actions),
            [0x1b, b'@'] => {
                // The line that was not printed yet is gone, as in a real printer.
                self.line.clear();
                self.style = Style::default();
                self.page = None;
                actions.push(Action::AutomaticStatus(false));
            }
            [0x1b, b't', number] => match self.pages.iter().find(|(known, _)| known == number) {
                Some((_, page)) => self.page = Some(*page),
                None => self.unknown += 1,
            },
            [0x1b, b'E', on] => self.style.bold = on & 1 != 0,
            [0x1d, b'B', on] => self.style.invert = on & 1 != 0,
            [0x1d, b'!', size] => {
                self.style.double_width = size & 0x70 != 0;
                self.style.double_height = size & 0x07 != 0;
            }
            [0x1b, b'a', place] => {
                self.style.align = match place {
                    1 | b'1' => Align::Centre,
                    2 | b'2' => Align::Right,
                    _ => Align::Left,
                };
            }
            [0x1d, b'a', what] => actions.push(Action::AutomaticStatus(*what != 0)),
            [0x1d, b'r', _] => actions.push(Action::Marker),
            [0x1b, b'p', drawer, ..] => actions.push(Action::Pulse(drawer & 1)),
            [0x1d, b'V', ..] => {
                if !self.line.is_empty() {
                    self.feed(1, actions);
                }
                actions.push(Action::Cut);
            }
            [0x1d, b'k', kind, _, data @ ..] => self.barcode(*kind, data, actions),
            [0x1d, b'(', b'k', _, _, b'1', function, data @ ..] => {
                self.qr(*function, data, actions);
            }
            [0x1d, b'v', b'0', _, xl, xh, _, _, rows @ ..] => {
                let width = u16::from_le_bytes([*xl, *xh]).saturating_mul(8);
                if usize::from(width) > self.columns * 12 + 11 {
                    self.overlong += 1;
                }
                actions.push(Action::Print(Line::Raster(Bitmap { width, rows: rows.to_vec() })));
            }
            [byte] if *byte >= 0x20 => self.character(*byte),
            _ => {}
        }
    }

    fn character(&mut self, byte: u8) {
        let page = self.page.or_else(|| CodePage::by_name("cp437"));
        let c = page.and_then(|page| page.decode(byte)).unwrap_or_else(|| {
            self.unmapped += 1;
            '■'
        });
        self.line.push((c, self.style));
        let width: usize = self.line.iter().map(|(_, s)| if s.double_width { 2 } else { 1 }).sum();
        if width > self.columns {
            self.overlong += 1;
        }
    }

    fn feed(&mut self, lines: usize, actions: &mut Vec<Action>) {
        for _ in 0..lines {
            actions.push(Action::Print(Line::Text(std::mem::take(&mut self.line))));
        }
    }

    fn barcode(&mut self, kind: u8, data: &[u8], actions: &mut Vec<Action>) {
        let text = String::from_utf8_lossy(data).into_owned();
        let line = match kind {
            67 => Line::Barcode(Barcode::Ean13, text),
            73 => {
                let text = text.trim_start_matches("{B").replace("{{", "{");
                Line::Barcode(Barcode::Code128, text)
            }
            _ => {
                self.unknown += 1;
                return;
            }
        };
        actions.push(Action::Print(line));
    }

    fn qr(&mut self, function: u8, data: &[u8], actions: &mut Vec<Action>) {
        match (function, data) {
            (b'P', [_, data @ ..]) => self.qr = data.to_vec(),
            (b'Q', _) => {
                let text = String::from_utf8_lossy(&self.qr).into_owned();
                actions.push(Action::Print(Line::Qr(text)));
            }
            _ => {}
        }
    }
}

/// How long the command at the front is; `bytes` is never empty.
fn command_length(bytes: &[u8]) -> Length {
    match bytes {
        [0x1b | 0x1c | 0x1d | 0x10] => Length::More,
        [0x10, 0x04, ..] => Length::Known(3),
        [0x10, 0x14, ..] => Length::Known(5),
        [0x1b, second, ..] => match second {
            b'@' | b'2' => Length::Known(2),
            b't' | b'E' | b'a' | b'd' | b'!' | b'-' | b'3' | b'J' | b'R' | b'M' => Length::Known(3),
            b'p' => Length::Known(5),
            _ => Length::Unknown,
        },
        [0x1d, b'!' | b'B' | b'a' | b'r' | b'h' | b'w' | b'H' | b'f', ..] => Length::Known(3),
        [0x1d, b'V', rest @ ..] => match rest {
            [] => Length::More,
            [65 | 66, ..] => Length::Known(4),
            _ => Length::Known(3),
        },
        [0x1d, b'k', rest @ ..] => match rest {
            [] | [65..=255] => Length::More,
            [65..=255, count, ..] => Length::Known(4 + usize::from(*count)),
            _ => Length::Unknown,
        },
        [0x1d, b'(', rest @ ..] => match rest {
            [_, low, high, ..] => Length::Known(5 + usize::from(u16::from_le_bytes([*low, *high]))),
            _ => Length::More,
        },
        [0x1d, b'v', rest @ ..] => match rest {
            [_, _, xl, xh, yl, yh, ..] => Length::Known(
                8 + usize::from(u16::from_le_bytes([*xl, *xh]))
                    * usize::from(u16::from_le_bytes([*yl, *yh])),
            ),
            _ => Length::More,
        },
        [0x1c | 0x1d | 0x10, ..] => Length::Unknown,
        _ => Length::Known(1),
    }
}

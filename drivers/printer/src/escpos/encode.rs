//! Documents to ESC/POS bytes.
//!
//! A job begins with `ESC @` (whatever the job before left behind is gone) and automatic status
//! on, and ends with the marker `GS r 1`, whose answer says that everything before it is done.

use drivers_contract::print::{Align, Barcode, Bitmap, Document, Element, Style};

use super::code_page::CodePage;
pub use super::profile::Profile;
use super::raster;
use super::text::{Cell, is_native, push_cells, wrap};
use crate::script::{is_rtl, shaped};

/// A job ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The bytes, marker included.
    pub bytes: Vec<u8>,
    /// Lines of paper it moves, to compute how long that may take.
    pub lines: u32,
}

/// Starts every job: initialise, then automatic status for everything (`ESC @` switched it off).
pub const BEGIN: &[u8] = b"\x1b@\x1da\xff";
/// Ends every job: transmit the paper sensor's status once all before it has been processed.
pub const MARKER: &[u8] = b"\x1dr\x01";
/// Feeds to the blade and cuts partially.
pub const CUT: &[u8] = b"\x1dVB\x00";

/// Lines of paper between the print head and the blade.
const CUT_LINES: u32 = 5;
const BARCODE_LINES: u32 = 5;
const QR_LINES: u32 = 12;
/// The longest QR data that still fits 58 mm paper with modules of 3 dots (version 25, level M).
const QR_BYTES_MAX: usize = 990;
/// A name beside an amount needs at least this much room, else it gets a line of its own.
const ROW_NAME_MIN: usize = 8;

/// Encodes a document. Any text is safe: what the printer's pages do not have is drawn as dots, or
/// spelled where it draws none, and no control character of a text reaches the line.
#[must_use]
pub fn encode(document: &Document, profile: &Profile) -> Encoded {
    let mut writer = Writer::new(profile);
    for element in &document.elements {
        writer.element(element);
    }
    writer.out.extend_from_slice(MARKER);
    Encoded { bytes: writer.out, lines: writer.lines }
}

struct Writer<'a> {
    profile: &'a Profile,
    out: Vec<u8>,
    lines: u32,
    style: Style,
    selected: Option<CodePage>,
    cells: Vec<Cell>,
    cells_right: Vec<Cell>,
}

impl<'a> Writer<'a> {
    fn new(profile: &'a Profile) -> Self {
        let mut out = Vec::with_capacity(2_048);
        out.extend_from_slice(BEGIN);
        Self {
            profile,
            out,
            lines: 0,
            style: Style::default(),
            selected: None,
            cells: Vec::new(),
            cells_right: Vec::new(),
        }
    }

    fn element(&mut self, element: &Element) {
        match element {
            Element::Text { text, style } => self.text(text, *style),
            Element::Row { left, right, style } => self.row(left, right, *style),
            Element::Rule => self.rule(),
            Element::Feed { lines } => self.feed(*lines),
            Element::Barcode { symbology, data } => self.barcode(*symbology, data),
            Element::Qr { data } => self.qr(data),
            Element::Image(bitmap) => self.image(bitmap),
            Element::Tag { .. } => {}
            Element::Cut if self.profile.cutter => {
                self.out.extend_from_slice(CUT);
                self.lines += CUT_LINES;
            }
            Element::Cut => self.feed(5),
        }
    }

    fn width(&self, style: Style) -> usize {
        let columns = usize::from(self.profile.columns);
        if style.double_width { columns / 2 } else { columns }.max(1)
    }

    fn text(&mut self, text: &str, style: Style) {
        self.set_style(style);
        let width = self.width(style);
        for paragraph in text.split('\n') {
            if self.must_draw(paragraph) {
                self.draw_text(paragraph, style);
                continue;
            }
            let mut cells = std::mem::take(&mut self.cells);
            self.map(paragraph, &mut cells);
            for line in wrap(&cells, width) {
                self.put(line);
                self.end_line();
            }
            self.cells = cells;
        }
    }

    fn row(&mut self, left: &str, right: &str, style: Style) {
        self.set_style(Style { align: Align::Left, ..style });
        if self.must_draw(left) || self.must_draw(right) {
            return self.draw_row(left, right, style);
        }
        let width = self.width(style);
        let (mut name, mut amount) =
            (std::mem::take(&mut self.cells), std::mem::take(&mut self.cells_right));
        self.map(left, &mut name);
        self.map(right, &mut amount);
        let room = width.saturating_sub(amount.len() + usize::from(!amount.is_empty()));
        let beside = amount.len() <= width && room >= ROW_NAME_MIN.min(name.len());
        let names = wrap(&name, if beside { room } else { width });
        for (index, line) in names.filter(|line| beside || !line.is_empty()).enumerate() {
            self.put(line);
            if beside && index == 0 && !amount.is_empty() {
                self.pad(width - line.len() - amount.len());
                self.put(&amount);
            }
            self.end_line();
        }
        if !beside {
            for line in wrap(&amount, width) {
                self.pad(width - line.len());
                self.put(line);
                self.end_line();
            }
        }
        (self.cells, self.cells_right) = (name, amount);
    }

    /// What no page has; and what runs from right to left, which no page can join or turn round.
    fn must_draw(&self, text: &str) -> bool {
        self.profile.raster && (!is_native(text, &self.profile.code_pages) || is_rtl(text))
    }

    /// A paragraph as dots, line by line.
    fn draw_text(&mut self, text: &str, style: Style) {
        let width = self.width(style);
        for line in raster::wrap(&shaped(text), width) {
            let free = width.saturating_sub(raster::width_of(&line));
            let indent = match style.align {
                Align::Left => 0,
                Align::Centre => free / 2,
                Align::Right => free,
            };
            self.draw_line(&[(indent, &line)], style);
        }
    }

    /// A row as dots: the name wraps, the amount stands beside its first line or below.
    fn draw_row(&mut self, left: &str, right: &str, style: Style) {
        let width = self.width(style);
        let (left, right) = (&*shaped(left), &*shaped(right));
        let amount = raster::width_of(right);
        let room = width.saturating_sub(amount + usize::from(amount > 0));
        let beside = amount <= width && room >= ROW_NAME_MIN.min(raster::width_of(left));
        let names = raster::wrap(left, if beside { room } else { width });
        for (index, line) in names.iter().enumerate() {
            let right = if beside && index == 0 { right } else { "" };
            self.draw_line(&[(0, line), (width.saturating_sub(amount), right)], style);
        }
        if !beside {
            self.draw_text(right, Style { align: Align::Right, ..style });
        }
    }

    fn draw_line(&mut self, parts: &[(usize, &str)], style: Style) {
        let mut line = raster::Line::new(self.profile.dots, style);
        let wide = if style.double_width { 2 } else { 1 };
        for (column, text) in parts {
            line.write(column * wide, text, style);
        }
        raster::put(&line.into_bitmap(), &mut self.out);
        self.lines += if style.double_height { 2 } else { 1 };
    }

    /// A picture in the middle of the paper; none where it is wider than the paper.
    fn image(&mut self, bitmap: &Bitmap) {
        let stride = usize::from(bitmap.width).div_ceil(8);
        if !self.profile.raster || bitmap.width > self.profile.dots || stride == 0 {
            return;
        }
        self.set_style(Style { align: Align::Centre, ..Style::default() });
        raster::put(bitmap, &mut self.out);
        let rows = bitmap.rows.len() / stride;
        self.lines += u32::try_from(rows.div_ceil(30)).unwrap_or(u32::MAX);
    }

    fn rule(&mut self) {
        self.set_style(Style::default());
        let mut cells = std::mem::take(&mut self.cells);
        self.map("─", &mut cells);
        for _ in 0..self.profile.columns {
            self.put(&cells);
        }
        self.cells = cells;
        self.end_line();
    }

    fn feed(&mut self, lines: u8) {
        if lines > 0 {
            self.out.extend_from_slice(&[0x1b, b'd', lines]);
            self.lines += u32::from(lines);
        }
    }

    fn barcode(&mut self, symbology: Barcode, data: &str) {
        let Some((kind, payload)) = barcode_payload(symbology, data, self.profile.columns) else {
            return self.text(data, Style { align: Align::Centre, ..Style::default() });
        };
        self.set_style(Style { align: Align::Centre, ..Style::default() });
        // Height 80 dots, 2 dots a module, text below, font A.
        self.out.extend_from_slice(b"\x1dh\x50\x1dw\x02\x1dH\x02\x1df\x00\x1dk");
        self.out.push(kind);
        self.out.push(u8::try_from(payload.len()).unwrap_or(u8::MAX));
        self.out.extend_from_slice(&payload);
        self.lines += BARCODE_LINES;
    }

    fn qr(&mut self, data: &str) {
        // A DLE within the data would start a real-time command in the printer.
        if data.is_empty() || data.len() > QR_BYTES_MAX || data.contains('\x10') {
            return self.text(data, Style::default());
        }
        if !self.profile.qr {
            return self.draw_qr(data);
        }
        self.set_style(Style { align: Align::Centre, ..Style::default() });
        let module_dots = match data.len() {
            0..=60 => 6,
            61..=210 => 4,
            _ => 3,
        };
        // Model 2, module size, error correction M (functions 165, 167, 169).
        self.out.extend_from_slice(b"\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C");
        self.out.push(module_dots);
        self.out.extend_from_slice(b"\x1d(k\x03\x001E1\x1d(k");
        // Store, then print (functions 180, 181).
        let length = u16::try_from(data.len() + 3).unwrap_or(u16::MAX);
        self.out.extend_from_slice(&length.to_le_bytes());
        self.out.extend_from_slice(b"1P0");
        self.out.extend_from_slice(data.as_bytes());
        self.out.extend_from_slice(b"\x1d(k\x03\x001Q0");
        self.lines += QR_LINES;
    }

    /// For printers that cannot: the code as dots, or its text.
    fn draw_qr(&mut self, data: &str) {
        let code = qrcode::QrCode::with_error_correction_level(data, qrcode::EcLevel::M);
        let Some(code) = code.ok().filter(|_| self.profile.raster) else {
            return self.text(data, Style::default());
        };
        let modules = code.width() + 8; // with its quiet zone
        let dots = (usize::from(self.profile.dots) / modules).clamp(1, 6);
        let stride = (modules * dots).div_ceil(8);
        let mut rows = vec![0_u8; stride * modules * dots];
        for (at, color) in code.to_colors().into_iter().enumerate() {
            if color == qrcode::Color::Light {
                continue;
            }
            let (x, y) = ((at % code.width() + 4) * dots, (at / code.width() + 4) * dots);
            for (dx, dy) in (0..dots).flat_map(|dy| (0..dots).map(move |dx| (dx, dy))) {
                rows[(y + dy) * stride + (x + dx) / 8] |= 0x80 >> ((x + dx) % 8);
            }
        }
        let width = u16::try_from(modules * dots).unwrap_or(u16::MAX);
        self.image(&Bitmap { width, rows });
    }

    fn map(&self, text: &str, cells: &mut Vec<Cell>) {
        cells.clear();
        push_cells(text, &self.profile.code_pages, &mut self.selected.clone(), cells);
    }

    fn put(&mut self, cells: &[Cell]) {
        for cell in cells {
            if let Some(page) = cell.page
                && self.selected != Some(page)
            {
                let has = |(_, known): &&(u8, CodePage)| *known == page;
                let number = self.profile.code_pages.iter().find(has).map_or(0, |(n, _)| *n);
                self.out.extend_from_slice(&[0x1b, b't', number]);
                self.selected = Some(page);
            }
            self.out.push(cell.byte);
        }
    }

    fn pad(&mut self, columns: usize) {
        self.out.resize(self.out.len() + columns, b' ');
    }

    fn end_line(&mut self) {
        self.out.push(b'\n');
        self.lines += if self.style.double_height { 2 } else { 1 };
    }

    /// Sends only what changes: on a serial line every byte is a millisecond.
    fn set_style(&mut self, style: Style) {
        let old = std::mem::replace(&mut self.style, style);
        if old.bold != style.bold {
            self.out.extend_from_slice(&[0x1b, b'E', u8::from(style.bold)]);
        }
        if (old.double_width, old.double_height) != (style.double_width, style.double_height) {
            let size = u8::from(style.double_width) << 4 | u8::from(style.double_height);
            self.out.extend_from_slice(&[0x1d, b'!', size]);
        }
        if old.invert != style.invert {
            self.out.extend_from_slice(&[0x1d, b'B', u8::from(style.invert)]);
        }
        if old.align != style.align {
            let place = match style.align {
                Align::Left => 0,
                Align::Centre => 1,
                Align::Right => 2,
            };
            self.out.extend_from_slice(&[0x1b, b'a', place]);
        }
    }
}

/// The `GS k` function and its data, or nothing if the symbology or the paper cannot carry it: a
/// printer drops such a barcode without a word.
fn barcode_payload(symbology: Barcode, data: &str, columns: u8) -> Option<(u8, Vec<u8>)> {
    match symbology {
        Barcode::Ean13 => {
            let digits = data.as_bytes();
            let valid = digits.iter().all(u8::is_ascii_digit)
                && (digits.len() == 12
                    || digits.len() == 13 && ean_check_digit(&digits[..12]) == digits[12]);
            valid.then(|| (67, digits.to_vec()))
        }
        Barcode::Gs1128 => {
            // {1 is FNC1; the brackets are for people.
            let data: String = data.chars().filter(|c| !matches!(c, '(' | ')')).collect();
            let fits = (66 + 11 * data.len()) * 2 <= usize::from(columns) * 12;
            let plain = data.bytes().all(|b| b.is_ascii_alphanumeric());
            (fits && plain && !data.is_empty()).then(|| (73, format!("{{B{{1{data}").into_bytes()))
        }
        Barcode::Code128 => {
            // Start, check, stop and quiet zones are 55 modules, a character 11; 2 dots each.
            let dots = (55 + 11 * data.len()) * 2;
            let fits = dots <= usize::from(columns) * 12;
            if data.is_empty() || !fits || !data.bytes().all(|b| matches!(b, b' '..=b'~')) {
                return None;
            }
            Some((73, format!("{{B{}", data.replace('{', "{{")).into_bytes()))
        }
    }
}

/// The check digit of GS1 General Specifications 7.9, for digits in ASCII.
fn ean_check_digit(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .rev()
        .zip([3, 1].into_iter().cycle())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    b'0' + u8::try_from((10 - sum % 10) % 10).unwrap_or(0)
}

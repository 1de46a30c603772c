//! What lies in the tray: a receipt as text and as a picture.
//!
//! Characters come from the public domain 8x8 font of the crate `font8x8`, doubled in height. An
//! EAN-13 is drawn with its real bars; Code 128 and QR are drawn as stand-ins with their data
//! below, not as symbols that a scanner could read.

use drivers_contract::print::{Align, Barcode, Bitmap, Style};
use font8x8::UnicodeFonts;

use super::interpreter::Line;
use crate::escpos::text::push_cells;

const GLYPH_WIDTH: usize = 8;
const GLYPH_HEIGHT: usize = 16;
const MARGIN: usize = 16;
/// Screen pixels a printer's dot.
const SCALE: usize = 2;

/// The receipt as text, one line a line, without trailing spaces.
#[must_use]
pub fn text(lines: &[Line], columns: usize) -> String {
    let mut out = String::new();
    for line in lines {
        let (content, align) = match line {
            Line::Text(cells) => (cells.iter().map(|(c, _)| *c).collect(), align(cells)),
            Line::Barcode(Barcode::Ean13, data) => (format!("[EAN-13 {data}]"), Align::Centre),
            Line::Barcode(_, data) => (format!("[Code 128 {data}]"), Align::Centre),
            Line::Qr(data) => (format!("[QR {data}]"), Align::Centre),
            Line::Raster(bitmap) => (format!("[{} dots across]", bitmap.width), Align::Left),
        };
        let used = match line {
            Line::Text(cells) => width(cells),
            _ => content.chars().count(),
        };
        out.extend(std::iter::repeat_n(' ', indent(align, columns, used)));
        out.push_str(content.trim_end());
        out.push('\n');
    }
    out
}

fn width(cells: &[(char, Style)]) -> usize {
    cells.iter().map(|(_, style)| if style.double_width { 2 } else { 1 }).sum()
}

fn align(cells: &[(char, Style)]) -> Align {
    cells.first().map_or(Align::Left, |(_, style)| style.align)
}

fn indent(align: Align, columns: usize, used: usize) -> usize {
    let free = columns.saturating_sub(used);
    match align {
        Align::Left => 0,
        Align::Centre => free / 2,
        Align::Right => free,
    }
}

/// The receipt as a PNG file, black on white.
#[must_use]
pub fn picture(lines: &[Line], columns: usize) -> Vec<u8> {
    let mut canvas = Canvas::new(columns * GLYPH_WIDTH + 2 * MARGIN);
    canvas.grow(MARGIN);
    for line in lines {
        match line {
            Line::Text(cells) => canvas.text(cells, columns),
            Line::Barcode(Barcode::Ean13, data) => {
                canvas.bars(&ean13_bars(data));
                canvas.caption(data, columns);
            }
            Line::Barcode(_, data) => {
                let bars: Vec<bool> =
                    data.bytes().flat_map(|b| (0..8).map(move |bit| b >> bit & 1 == 1)).collect();
                canvas.bars(&bars);
                canvas.caption(data, columns);
            }
            Line::Raster(bitmap) => canvas.raster(bitmap, columns),
            Line::Qr(data) => {
                canvas.qr_stand_in(data);
                canvas.caption(data, columns);
            }
        }
    }
    canvas.grow(2 * MARGIN);
    canvas.png()
}

struct Canvas {
    width: usize,
    dots: Vec<bool>,
}

impl Canvas {
    fn new(width: usize) -> Self {
        Self { width, dots: Vec::new() }
    }

    fn height(&self) -> usize {
        self.dots.len() / self.width
    }

    /// Feeds paper and answers where it began.
    fn grow(&mut self, height: usize) -> usize {
        let top = self.height();
        self.dots.resize(self.dots.len() + height * self.width, false);
        top
    }

    fn ink(&mut self, x: usize, y: usize) {
        if x < self.width
            && let Some(dot) = self.dots.get_mut(y * self.width + x)
        {
            *dot = true;
        }
    }

    fn text(&mut self, cells: &[(char, Style)], columns: usize) {
        let tall = cells.iter().any(|(_, style)| style.double_height);
        let top = self.grow(GLYPH_HEIGHT * if tall { 2 } else { 1 });
        let mut x = MARGIN + indent(align(cells), columns, width(cells)) * GLYPH_WIDTH;
        for (c, style) in cells {
            let (wide, high) =
                (if style.double_width { 2 } else { 1 }, if style.double_height { 2 } else { 1 });
            let base = top + if tall && high == 1 { GLYPH_HEIGHT } else { 0 };
            for row in 0..GLYPH_HEIGHT * high {
                let bits = glyph(*c)[row / (2 * high)];
                // Bold is the same dots once more, one to the right.
                let bits = if style.bold { bits | bits << 1 } else { bits };
                for column in 0..GLYPH_WIDTH * wide {
                    if (bits >> (column / wide) & 1 == 1) != style.invert {
                        self.ink(x + column, base + row);
                    }
                }
            }
            x += GLYPH_WIDTH * wide;
        }
    }

    /// Dots of the printer, of which 12 make a column, as those of the picture, of which 8 do.
    fn raster(&mut self, bitmap: &Bitmap, columns: usize) {
        let stride = usize::from(bitmap.width).div_ceil(8).max(1);
        let height = bitmap.rows.len() / stride;
        let top = self.grow(height * 2 / 3 + 1);
        let paper = columns * 12;
        let indent = paper.saturating_sub(usize::from(bitmap.width)) / 2;
        for y in 0..height {
            for x in 0..usize::from(bitmap.width) {
                if bitmap.rows[y * stride + x / 8] & (0x80 >> (x % 8)) != 0 {
                    self.ink(MARGIN + (indent + x) * 2 / 3, top + y * 2 / 3);
                }
            }
        }
    }

    fn caption(&mut self, text: &str, columns: usize) {
        let style = Style { align: Align::Centre, ..Style::default() };
        let cells: Vec<_> = text.chars().take(columns).map(|c| (c, style)).collect();
        self.text(&cells, columns);
    }

    fn bars(&mut self, bars: &[bool]) {
        let top = self.grow(48) + 4;
        let left = (self.width / 2).saturating_sub(bars.len());
        for (index, _) in bars.iter().enumerate().filter(|(_, bar)| **bar) {
            for y in top..top + 40 {
                self.ink(left + 2 * index, y);
                self.ink(left + 2 * index + 1, y);
            }
        }
    }

    /// Three finder patterns and a field that depends on the data.
    fn qr_stand_in(&mut self, data: &str) {
        const MODULES: usize = 29;
        const DOTS: usize = 4;
        let top = self.grow(MODULES * DOTS + 8) + 4;
        let left = (self.width / 2).saturating_sub(MODULES * DOTS / 2);
        let bytes = data.as_bytes();
        for y in 0..MODULES {
            for x in 0..MODULES {
                let place = y * MODULES + x;
                let dark = finder(x, y, MODULES).unwrap_or_else(|| {
                    !bytes.is_empty()
                        && (bytes[place % bytes.len()] >> (place % 7)) & 1
                            == u8::from(place.is_multiple_of(3))
                });
                if dark {
                    for dot in 0..DOTS * DOTS {
                        self.ink(left + x * DOTS + dot % DOTS, top + y * DOTS + dot / DOTS);
                    }
                }
            }
        }
    }

    fn png(&self) -> Vec<u8> {
        let row_bytes = (self.width * SCALE).div_ceil(8);
        let mut data = Vec::with_capacity(row_bytes * self.height() * SCALE);
        for row in self.dots.chunks(self.width) {
            let mut packed = vec![0xff_u8; row_bytes];
            for (x, _) in row.iter().enumerate().filter(|(_, dot)| **dot) {
                for pixel in x * SCALE..(x + 1) * SCALE {
                    packed[pixel / 8] &= !(0x80 >> (pixel % 8));
                }
            }
            for _ in 0..SCALE {
                data.extend_from_slice(&packed);
            }
        }
        let mut file = Vec::new();
        let size = |dots: usize| u32::try_from(dots * SCALE).unwrap_or(u32::MAX);
        let mut encoder = png::Encoder::new(&mut file, size(self.width), size(self.height()));
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&data));
        // Into memory, and with the size that was just computed; a picture that fails is absent.
        if written.is_err() {
            file.clear();
        }
        file
    }
}

fn finder(x: usize, y: usize, modules: usize) -> Option<bool> {
    let near = |v: usize| if v < 8 { Some(v) } else { None };
    let far = |v: usize| near(modules - 1 - v);
    let (x, y) = match (near(x), near(y), far(x), far(y)) {
        (Some(x), Some(y), ..) | (Some(x), None, _, Some(y)) | (None, Some(y), Some(x), _) => {
            (x, y)
        }
        _ => return None,
    };
    let ring = x.abs_diff(3).max(y.abs_diff(3));
    Some(x < 7 && y < 7 && ring != 2)
}

/// Eight rows of eight dots, the lowest bit at the left.
fn glyph(c: char) -> [u8; 8] {
    const EURO: [u8; 8] = [0x3c, 0x66, 0x0f, 0x06, 0x0f, 0x66, 0x3c, 0x00];
    const BOX: [u8; 8] = [0x00, 0x7e, 0x7e, 0x7e, 0x7e, 0x7e, 0x7e, 0x00];
    if c == '€' {
        return EURO;
    }
    font8x8::BASIC_FONTS
        .get(c)
        .or_else(|| font8x8::LATIN_FONTS.get(c))
        .or_else(|| font8x8::BOX_FONTS.get(c))
        .or_else(|| font8x8::BLOCK_FONTS.get(c))
        .or_else(|| font8x8::GREEK_FONTS.get(c))
        .or_else(|| plain_letter(c).and_then(|plain| font8x8::BASIC_FONTS.get(plain)))
        .unwrap_or(BOX)
}

/// The letter below a diacritic that the font does not have; the text beside the picture has it.
fn plain_letter(c: char) -> Option<char> {
    let mut cells = Vec::new();
    push_cells(c.encode_utf8(&mut [0; 4]), &[], &mut None, &mut cells);
    cells.first().map(|cell| char::from(cell.byte)).filter(char::is_ascii_alphabetic)
}

/// The 95 modules of GS1 General Specifications 5.2.1; nothing for data that is not 12 or 13
/// digits.
fn ean13_bars(data: &str) -> Vec<bool> {
    const LEFT: [u8; 10] = [0x0d, 0x19, 0x13, 0x3d, 0x23, 0x31, 0x2f, 0x3b, 0x37, 0x0b];
    const PARITY: [u8; 10] = [0x00, 0x0b, 0x0d, 0x0e, 0x13, 0x19, 0x1c, 0x15, 0x16, 0x1a];
    let mut digits: Vec<u8> =
        data.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').take(13).collect();
    if digits.len() == 12 {
        let sum: usize = (0..12).map(|i| usize::from(digits[i]) * (1 + 2 * (i % 2))).sum();
        digits.push(u8::try_from((10 - sum % 10) % 10).unwrap_or(0));
    }
    if digits.len() != 13 {
        return Vec::new();
    }
    let mut bars = vec![true, false, true];
    for (place, digit) in digits[1..].iter().enumerate() {
        let odd = LEFT[usize::from(*digit)];
        let even = PARITY[usize::from(digits[0])] >> 5_usize.saturating_sub(place) & 1 == 1;
        let pattern = match place {
            0..6 if even => (!odd).reverse_bits() >> 1,
            0..6 => odd,
            _ => !odd,
        };
        if place == 6 {
            bars.extend([false, true, false, true, false]);
        }
        bars.extend((0..7).rev().map(|bit| pattern >> bit & 1 == 1));
    }
    bars.extend([true, false, true]);
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bars_of_an_ean_are_those_of_the_standard() {
        let shown: String =
            ean13_bars("4006381333931").iter().map(|bar| if *bar { '1' } else { '0' }).collect();
        assert_eq!(
            shown,
            "10100011010100111010111101111010001001011001101010100001010000101000010111010010\
             000101100110101"
        );
        assert_eq!(ean13_bars("400638133393"), ean13_bars("4006381333931"));
    }

    #[test]
    fn a_picture_is_a_png_of_the_papers_width() {
        let style = Style { bold: true, double_height: true, ..Style::default() };
        let lines = [Line::Text(vec![('€', style)]), Line::Qr("x".into())];
        let file = picture(&lines, 42);
        assert_eq!(&file[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(u32::from_be_bytes(file[16..20].try_into().unwrap()), 736);
    }
}

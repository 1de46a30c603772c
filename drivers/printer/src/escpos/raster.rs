//! Lines as pictures: what no code page of a printer has, it still prints, as dots.
//!
//! Glyphs are GNU Unifont's (SIL OFL 1.1), 8 or 16 by 16 dots, scaled to the printer's cell of 12
//! or 24 by 24. Of scripts whose letters change beside each other only Arabic is joined
//! ([`crate::script`]); Indic ones come out letter by letter.

use drivers_contract::print::{Bitmap, Style};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unifont::Glyph;

use super::profile::CELL;
use super::text::is_joiner;
use crate::script::visual;

/// Dots from one line to the next: 1/6 inch at 180 dpi, as text has it.
const PITCH: u16 = 30;

/// Columns that a character takes.
#[must_use]
pub fn columns_of(c: char) -> usize {
    match c {
        _ if is_combining_mark(c) || c.is_control() || is_joiner(c) => 0,
        _ if glyph(c).is_fullwidth() => 2,
        _ => 1,
    }
}

/// Columns that a text takes.
#[must_use]
pub fn width_of(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// Cuts a text into lines of at most `width` columns, at spaces where there are any.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0);
    for c in text.nfc() {
        let wide = columns_of(c);
        if used + wide > width && used > 0 {
            let rest = match line.rfind(' ').filter(|at| *at > 0 && c != ' ') {
                Some(at) => {
                    let rest = line.split_off(at);
                    rest.trim_start().to_owned()
                }
                None => String::new(),
            };
            lines.push(std::mem::replace(&mut line, rest));
            used = width_of(&line);
            if c == ' ' {
                continue;
            }
        }
        line.push(c);
        used += wide;
    }
    lines.push(line);
    lines
}

/// A line of text under the print head.
pub struct Line {
    dots: u16,
    height: u16,
    rows: Vec<u8>,
}

impl Line {
    /// An empty line of so many dots, as high as its style.
    #[must_use]
    pub fn new(dots: u16, style: Style) -> Self {
        let height = if style.double_height { CELL.1 * 2 + (PITCH - CELL.1) } else { PITCH };
        let bytes = usize::from(dots).div_ceil(8) * usize::from(height);
        Self { dots, height, rows: vec![0; bytes] }
    }

    /// Writes from a column on.
    pub fn write(&mut self, column: usize, text: &str, style: Style) {
        let wide = if style.double_width { 2 } else { 1 };
        let cell = usize::from(CELL.0) * wide;
        let mut x = column * usize::from(CELL.0);
        let mut last = x;
        for c in visual(text).nfc().filter(|c| !c.is_control() && !is_joiner(*c)) {
            let columns = columns_of(c);
            if columns == 0 {
                self.draw(last, glyph(c), style, 1); // over the letter before it
                continue;
            }
            last = x;
            self.draw(x, glyph(c), style, columns);
            x += cell * columns;
        }
    }

    /// The picture.
    #[must_use]
    pub fn into_bitmap(self) -> Bitmap {
        Bitmap { width: self.dots, rows: self.rows }
    }

    fn draw(&mut self, x: usize, glyph: &Glyph, style: Style, columns: usize) {
        let (wide, high) =
            (if style.double_width { 2 } else { 1 }, if style.double_height { 2 } else { 1 });
        let width = usize::from(CELL.0) * columns * wide;
        for dy in 0..usize::from(CELL.1) * high {
            for dx in 0..width {
                let at = |dx: usize| {
                    glyph.get_pixel(dx * glyph.get_width() / width, dy * 16 / (24 * high))
                };
                let ink = at(dx) || (style.bold && dx > 0 && at(dx - 1));
                if ink != style.invert {
                    self.ink(x + dx, dy);
                }
            }
        }
    }

    fn ink(&mut self, x: usize, y: usize) {
        let stride = usize::from(self.dots).div_ceil(8);
        if x < usize::from(self.dots) && y < usize::from(self.height) {
            self.rows[y * stride + x / 8] |= 0x80 >> (x % 8);
        }
    }
}

/// Raster commands (`GS v 0`) for a picture, in bands: a printer's buffer is small. A real-time
/// command that the dots would spell by chance gets one dot more.
pub fn put(bitmap: &Bitmap, out: &mut Vec<u8>) {
    let stride = usize::from(bitmap.width).div_ceil(8);
    for band in bitmap.rows.chunks(stride.max(1) * usize::from(BAND)) {
        let height = u16::try_from(band.len() / stride.max(1)).unwrap_or(BAND);
        let across = u16::try_from(stride).unwrap_or(u16::MAX);
        out.extend_from_slice(b"\x1dv0\x00");
        out.extend_from_slice(&across.to_le_bytes());
        out.extend_from_slice(&height.to_le_bytes());
        let begin = out.len();
        out.extend_from_slice(band);
        for at in begin..out.len() {
            // DLE EOT, DLE ENQ, DLE DC4 (and a DLE at the end, before whatever follows).
            if out[at] == 0x10 && matches!(out.get(at + 1), None | Some(0x04 | 0x05 | 0x14)) {
                out[at] = 0x18;
            }
        }
    }
}

/// Rows of a band.
const BAND: u16 = 48;

/// Its glyph; one that says that there is none where the font has none.
fn glyph(c: char) -> &'static Glyph {
    static BLANK: Glyph = Glyph::Halfwidth([0; 16]);
    unifont::get_glyph(c).or_else(|| unifont::get_glyph('\u{fffd}')).unwrap_or(&BLANK)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ink(text: &str) -> usize {
        let mut line = Line::new(504, Style::default());
        line.write(0, text, Style::default());
        line.into_bitmap().rows.iter().map(|byte| byte.count_ones() as usize).sum()
    }

    #[test]
    fn letters_of_the_world_have_ink_and_their_width() {
        for (text, columns) in [("日本茶", 6), ("Ωμέγα", 5), ("กาแฟ", 4), ("e\u{301}", 1), ("☃", 2)]
        {
            let composed: String = text.nfc().collect();
            assert_eq!(width_of(&composed), columns, "{text}");
            assert!(ink(text) > 20, "{text}");
        }
        assert_ne!(ink("日"), ink("本"));
        assert_eq!(ink(" "), 0);
    }

    #[test]
    fn lines_break_at_spaces_and_between_ideographs() {
        assert_eq!(wrap("whole milk 1 l", 8), ["whole", "milk 1 l"]);
        assert_eq!(wrap("日本茶日本茶", 8), ["日本茶日", "本茶"]);
        assert_eq!(wrap("", 8), [""]);
    }

    #[test]
    fn dots_never_spell_a_command() {
        let rows = [0x10, 0x04, 0x10, 0x05, 0x10, 0x14, 0x10, 0x10].to_vec();
        let mut out = Vec::new();
        put(&Bitmap { width: 64, rows }, &mut out);
        assert_eq!(&out[8..], [0x18, 0x04, 0x18, 0x05, 0x18, 0x14, 0x10, 0x18]);
    }
}

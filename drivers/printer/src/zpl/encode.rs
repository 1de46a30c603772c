//! Documents to ZPL: elements from top to bottom, text in UTF-8 (`^CI28`), every character of a
//! field that ZPL would read as a command escaped by `^FH`.

use drivers_contract::LabelMedia;
use drivers_contract::print::{Align, Barcode, Document, Element, Style};
use std::fmt::Write;

use crate::script::is_rtl;

/// Dots of a line of normal text; a character of font 0 is about half as wide.
const TEXT: u32 = 28;
/// Dots between elements, and at the margins.
const GAP: u32 = 6;
const BARCODE: u32 = 60;

/// Encodes a document as one label.
#[must_use]
pub fn encode(document: &Document, media: LabelMedia) -> String {
    let mut writer = Writer { out: String::with_capacity(512), media, y: GAP };
    let (width, height) = (media.width_dots(), media.height_dots());
    let _ = write!(writer.out, "^XA^CI28^LH0,0^PW{width}^LL{height}");
    if document.elements.iter().any(is_rtl_text) {
        // The printer itself joins letters and turns lines round (ZPL II Programming Guide, ^PA).
        writer.out.push_str("^PA0,1,1,0");
    }
    document.elements.iter().for_each(|element| writer.element(element));
    writer.out.push_str("^PQ1^XZ");
    writer.out
}

fn is_rtl_text(element: &Element) -> bool {
    match element {
        Element::Text { text, .. } => is_rtl(text),
        Element::Row { left, right, .. } => is_rtl(left) || is_rtl(right),
        _ => false,
    }
}

struct Writer {
    out: String,
    media: LabelMedia,
    y: u32,
}

impl Writer {
    fn element(&mut self, element: &Element) {
        match element {
            Element::Text { text, style } => {
                for line in text.split('\n') {
                    self.text(line, *style);
                }
            }
            Element::Row { left, right, style } => self.row(left, right, *style),
            Element::Rule => {
                let width = self.width();
                let _ = write!(self.out, "^FO{GAP},{}^GB{width},2,2^FS", self.y);
                self.y += GAP;
            }
            Element::Feed { lines } => self.y += TEXT * u32::from(*lines),
            Element::Barcode { symbology, data } => self.barcode(*symbology, data),
            Element::Qr { data } => {
                let _ = write!(self.out, "^FO{GAP},{}^BQN,2,4^FH_^FDMA,", self.y);
                self.field(data);
                self.y += 120;
            }
            Element::Tag { epc } => self.tag(epc),
            // A label ends by itself; logos are part of preprinted stock.
            Element::Image(_) | Element::Cut => {}
        }
    }

    fn width(&self) -> u32 {
        self.media.width_dots().saturating_sub(2 * GAP)
    }

    fn text(&mut self, text: &str, style: Style) {
        let align = match style.align {
            Align::Left => 'L',
            Align::Centre => 'C',
            Align::Right => 'R',
        };
        // Two lines at most: a longer name would run into the price below it.
        let size = size(style);
        let lines = if wide(text, style) > self.width() { 2 } else { 1 };
        self.block(GAP, text, (size, lines, align), style);
        self.y += (size + GAP) * lines;
    }

    fn row(&mut self, left: &str, right: &str, style: Style) {
        let size = size(style);
        self.block(GAP, left, (size, 1, 'L'), style);
        self.block(GAP, right, (size, 1, 'R'), style);
        self.y += size + GAP;
    }

    fn block(&mut self, x: u32, text: &str, (size, lines, align): (u32, u32, char), style: Style) {
        if text.is_empty() {
            return;
        }
        let (across, width) = (if style.double_width { size } else { size / 2 }, self.width());
        let _ = write!(
            self.out,
            "^FO{x},{}^A0N,{size},{across}^FB{width},{lines},0,{align}^FH_^FD",
            self.y
        );
        self.field(text);
    }

    fn barcode(&mut self, symbology: Barcode, data: &str) {
        let digits = data.bytes().all(|byte| byte.is_ascii_digit());
        let _ = match symbology {
            Barcode::Ean13 if digits && (data.len() == 12 || data.len() == 13) => {
                // The printer computes the check digit.
                write!(
                    self.out,
                    "^FO{},{}^BY2^BEN,{BARCODE},Y,N^FD{}^FS",
                    4 * GAP,
                    self.y,
                    &data[..12]
                )
            }
            _ => {
                // Mode D: brackets and FNC1 are the printer's matter.
                let mode = if symbology == Barcode::Gs1128 { ",D" } else { "" };
                let x = 4 * GAP;
                let _ = write!(self.out, "^FO{x},{}^BY2^BCN,{BARCODE},Y,N,N{mode}^FH_^FD", self.y);
                self.field(data);
                Ok(())
            }
        };
        self.y += BARCODE + TEXT + GAP;
    }

    /// Writes the EPC into the label's tag: bank and protocol bits as `^RFW` does by default for
    /// EPC class 1 generation 2; three tries, then the label is voided.
    fn tag(&mut self, epc: &[u8]) {
        self.out.push_str("^RS8,,,3^RFW,H^FD");
        for byte in epc {
            let _ = write!(self.out, "{byte:02X}");
        }
        self.out.push_str("^FS");
    }

    /// A field's data and its end. `^`, `~`, `_` and control characters are escaped.
    fn field(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '^' | '~' | '_' | '\\' | '\u{0}'..='\u{1f}' | '\u{7f}' => {
                    let _ = write!(self.out, "_{:02X}", u32::from(c));
                }
                c => self.out.push(c),
            }
        }
        self.out.push_str("^FS");
    }
}

const fn size(style: Style) -> u32 {
    if style.double_height { TEXT * 2 } else { TEXT }
}

fn wide(text: &str, style: Style) -> u32 {
    let each = if style.double_width { size(style) } else { size(style) / 2 };
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX).saturating_mul(each)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEDIA: LabelMedia = LabelMedia { width_mm: 58, height_mm: 40, dpi: 203 };

    #[test]
    fn a_shelf_label() {
        let big = Style { double_height: true, double_width: true, ..Style::default() };
        let label = Document::new()
            .line("Käse ^ 45 %")
            .with(Element::Text {
                text: "3,49 €".into(),
                style: Style { align: Align::Right, ..big },
            })
            .with(Element::Barcode { symbology: Barcode::Ean13, data: "4006381333931".into() });
        assert_eq!(
            encode(&label, MEDIA),
            "^XA^CI28^LH0,0^PW464^LL320\
             ^FO6,6^A0N,28,14^FB452,1,0,L^FH_^FDKäse _5E 45 %^FS\
             ^FO6,40^A0N,56,56^FB452,1,0,R^FH_^FD3,49 €^FS\
             ^FO24,102^BY2^BEN,60,Y,N^FD400638133393^FS^PQ1^XZ"
        );
    }

    #[test]
    fn a_tag_is_written_with_its_label() {
        let epc = vec![0x30, 0x74, 0x25, 0x7b, 0xf7, 0x19, 0x4e, 0x40, 0, 0, 0x1a, 0x85];
        let label = encode(&Document::new().with(Element::Tag { epc }), MEDIA);
        assert!(label.contains("^RS8,,,3^RFW,H^FD3074257BF7194E4000001A85^FS"), "{label}");
    }
}

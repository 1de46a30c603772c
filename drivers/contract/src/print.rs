//! What is to be printed, in words that no printer's command set shows through.

/// A receipt, kitchen ticket or report, from top to bottom.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Document {
    /// The elements in order.
    pub elements: Vec<Element>,
}

impl Document {
    /// An empty document.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an element.
    #[must_use]
    pub fn with(mut self, element: Element) -> Self {
        self.elements.push(element);
        self
    }

    /// Adds a line of plain text.
    #[must_use]
    pub fn line(self, text: impl Into<String>) -> Self {
        self.with(Element::Text { text: text.into(), style: Style::default() })
    }

    /// Adds a row with text at both margins.
    #[must_use]
    pub fn row(self, left: impl Into<String>, right: impl Into<String>) -> Self {
        self.with(Element::Row { left: left.into(), right: right.into(), style: Style::default() })
    }
}

impl FromIterator<Element> for Document {
    fn from_iter<T: IntoIterator<Item = Element>>(elements: T) -> Self {
        Self { elements: elements.into_iter().collect() }
    }
}

/// One piece of a document.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Element {
    /// Text, wrapped at words to the paper's width; a line feed in it starts a new line.
    Text {
        /// Any Unicode text.
        text: String,
        /// How it looks.
        style: Style,
    },
    /// A name at the left margin and an amount at the right; the name wraps, the amount does not.
    Row {
        /// At the left margin.
        left: String,
        /// At the right margin.
        right: String,
        /// How both look; the alignment is not used.
        style: Style,
    },
    /// A line across the paper.
    Rule,
    /// Empty lines.
    Feed {
        /// How many.
        lines: u8,
    },
    /// A barcode with its text below it. Data that the symbology cannot carry is printed as text.
    Barcode {
        /// The kind.
        symbology: Barcode,
        /// The data, for EAN-13 with or without its check digit.
        data: String,
    },
    /// A QR code.
    Qr {
        /// Its data.
        data: String,
    },
    /// A picture, as a logo; left out by a printer that has no raster, or whose paper is narrower.
    Image(Bitmap),
    /// The RFID tag of a label, written with this EPC; nothing to printers without tags.
    Tag {
        /// The EPC memory, as in 12 bytes of an SGTIN-96.
        epc: Vec<u8>,
    },
    /// Feeds past the blade and cuts.
    Cut,
}

/// A picture in black and white.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Bitmap {
    /// Dots across.
    pub width: u16,
    /// Row by row, each padded to whole bytes; the leftmost dot is the highest bit, ink is 1.
    pub rows: Vec<u8>,
}

/// The barcodes that receipts use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Barcode {
    /// EAN-13.
    Ean13,
    /// Code 128.
    Code128,
    /// GS1-128: application identifiers in brackets, all but the last of predefined length.
    Gs1128,
}

/// How text looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Style {
    /// Emphasised.
    pub bold: bool,
    /// Twice as wide: half the columns.
    pub double_width: bool,
    /// Twice as high.
    pub double_height: bool,
    /// White on black.
    pub invert: bool,
    /// Where on the line.
    pub align: Align,
}

/// Where on the line text stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Align {
    /// At the left margin.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// At the right margin.
    Right,
}

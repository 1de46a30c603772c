//! The report descriptor of a scanner: where in its reports the code lies.

const BAR_CODE_SCANNER: u16 = 0x8c;
const AIM_1: u16 = 0xfb;
const AIM_3: u16 = 0xfd;
const DECODED_DATA: u16 = 0xfe;
const CONTINUED: u16 = 0xff;
/// The largest report that a field may lie in.
const REPORT_BYTES_MAX: usize = 4_096;

/// A field of a report, counted from the report's first byte (its number included).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The first byte.
    pub byte: usize,
    /// How many bytes; 1 for a field of bits.
    pub byte_count: usize,
    /// The bit within the first byte, for fields of one bit.
    pub bit: u8,
}

impl Field {
    pub(super) fn bytes<'a>(&self, report: &'a [u8]) -> &'a [u8] {
        let end = report.len().min(self.byte.saturating_add(self.byte_count));
        report.get(self.byte..end).unwrap_or_default()
    }

    pub(super) fn bit(&self, report: &[u8]) -> bool {
        self.bytes(report).first().is_some_and(|byte| byte >> self.bit & 1 == 1)
    }
}

/// Where in its reports a scanner puts what it read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The number of the report of scanned data, if reports have numbers.
    pub id: Option<u8>,
    /// How many bytes of the data are the code's.
    pub length: Option<Field>,
    /// The AIM identifier's three characters.
    pub aim: [Option<Field>; 3],
    /// The data.
    pub data: Field,
    /// Whether the code goes on in the next report.
    pub more: Option<Field>,
    /// The bytes of each report, by its number (0 without numbers).
    sizes: Vec<(u8, usize)>,
}

/// Why a descriptor is not a scanner's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// It is cut short, or an item is too large.
    #[error("the report descriptor is damaged")]
    Damaged,
    /// It has no field for decoded data.
    #[error("the device sends no decoded data: set the scanner to USB HID-POS")]
    NoData,
}

/// The layout that scanners of several makers have in common: report 2 with its length, AIM
/// identifier, 56 bytes of data, two reserved bytes, and a flag for more.
pub const USUAL_DESCRIPTOR: [u8; 70] = [
    0x05, 0x8c, 0x09, 0x02, 0xa1, 0x01, 0x09, 0x12, 0xa1, 0x02, 0x85, 0x02, 0x15, 0x00, 0x26, 0xff,
    0x00, 0x75, 0x08, 0x95, 0x01, 0x05, 0x01, 0x09, 0x3b, 0x81, 0x02, 0x05, 0x8c, 0x09, 0xfb, 0x09,
    0xfc, 0x09, 0xfd, 0x95, 0x03, 0x81, 0x02, 0x09, 0xfe, 0x95, 0x38, 0x82, 0x02, 0x01, 0x95, 0x02,
    0x81, 0x03, 0x25, 0x01, 0x75, 0x01, 0x95, 0x01, 0x09, 0xff, 0x81, 0x02, 0x75, 0x07, 0x95, 0x01,
    0x81, 0x03, 0xc0, 0xc0, 0x00, 0x00,
];

#[derive(Clone, Copy, Default)]
struct Global {
    page: u16,
    size: usize,
    count: usize,
    id: u8,
}

#[derive(Default)]
struct Reader {
    global: Global,
    stack: Vec<Global>,
    usages: Vec<(u16, u16)>,
    range: Option<u16>,
    bits: Vec<(u8, usize)>,
    numbered: bool,
    aim: [Option<Field>; 3],
    length: Option<(u8, Field)>,
    data: Option<(u8, Field)>,
    more: Option<Field>,
}

impl Layout {
    /// The usual layout.
    #[must_use]
    pub fn usual() -> Self {
        Self::parse(&USUAL_DESCRIPTOR).unwrap_or_else(|_| Self {
            id: Some(2),
            length: None,
            aim: [None; 3],
            data: Field { byte: 5, byte_count: 56, bit: 0 },
            more: None,
            sizes: vec![(2, 64)],
        })
    }

    /// Reads a descriptor.
    ///
    /// # Errors
    /// If it is damaged, or not a scanner's.
    pub fn parse(mut descriptor: &[u8]) -> Result<Self, LayoutError> {
        let mut reader = Reader::default();
        while let Some((head, rest)) = descriptor.split_first() {
            if *head == 0xfe {
                // A long item: its length is in the next byte. None is defined.
                let length = usize::from(*rest.first().ok_or(LayoutError::Damaged)?);
                descriptor = rest.get(length + 2..).ok_or(LayoutError::Damaged)?;
                continue;
            }
            let size = [0, 1, 2, 4][usize::from(head & 3)];
            let data = rest.get(..size).ok_or(LayoutError::Damaged)?;
            let value = data.iter().rev().fold(0u32, |value, byte| value << 8 | u32::from(*byte));
            reader.item(head & 0xfc, value)?;
            descriptor = &rest[size..];
        }
        reader.layout()
    }

    /// The bytes of the report with this number; the scan report's where the number is unknown.
    #[must_use]
    pub fn report_bytes(&self, id: Option<u8>) -> usize {
        let wanted = if self.id.is_some() { id.unwrap_or(0) } else { 0 };
        let own = self.id.unwrap_or(0);
        let size = |id: u8| self.sizes.iter().find(|(known, _)| *known == id).map(|(_, n)| *n);
        size(wanted).or_else(|| size(own)).unwrap_or(1).max(1)
    }
}

impl Reader {
    fn item(&mut self, tag: u8, value: u32) -> Result<(), LayoutError> {
        let short = u16::try_from(value & 0xffff).unwrap_or(0);
        match tag {
            0x04 => self.global.page = short,
            0x74 => self.global.size = value.try_into().map_err(|_| LayoutError::Damaged)?,
            0x94 => self.global.count = value.try_into().map_err(|_| LayoutError::Damaged)?,
            0x84 => {
                self.global.id = value.try_into().map_err(|_| LayoutError::Damaged)?;
                self.numbered = true;
            }
            0xa4 if self.stack.len() < 16 => self.stack.push(self.global),
            0xb4 => self.global = self.stack.pop().ok_or(LayoutError::Damaged)?,
            0x08 => {
                let page = u16::try_from(value >> 16).unwrap_or(0);
                let page = if page == 0 { self.global.page } else { page };
                if self.usages.len() < 256 {
                    self.usages.push((page, short));
                }
            }
            0x18 => self.range = Some(short),
            0x28 => {
                if let Some(first) = self.range.take() {
                    let page = self.global.page;
                    self.usages.extend((first..=short).take(256).map(|usage| (page, usage)));
                    self.usages.truncate(256);
                }
            }
            0x80 => {
                self.input(value & 1 == 1)?;
                self.usages.clear();
            }
            // Output, feature, collections: they end the local items, and are not read.
            0x90 | 0xb0 | 0xa0 | 0xc0 => self.usages.clear(),
            _ => {}
        }
        Ok(())
    }

    /// The fields of an input item, one after the other.
    fn input(&mut self, constant: bool) -> Result<(), LayoutError> {
        let Global { page: _, size, count, id } = self.global;
        let total = size.checked_mul(count).filter(|bits| *bits <= REPORT_BYTES_MAX * 8);
        let total = total.ok_or(LayoutError::Damaged)?;
        let known = self.bits.iter().position(|(known, _)| *known == id);
        let at = known.unwrap_or_else(|| {
            self.bits.push((id, 0));
            self.bits.len() - 1
        });
        let begin = self.bits[at].1;
        let end = begin + total;
        if end > REPORT_BYTES_MAX * 8 {
            return Err(LayoutError::Damaged);
        }
        self.bits[at].1 = end;
        if constant || size == 0 || count == 0 {
            return Ok(());
        }
        let usages = std::mem::take(&mut self.usages);
        if let [only] = usages[..] {
            self.field(id, only, begin, total);
        } else {
            for (n, usage) in usages.iter().take(count).enumerate() {
                self.field(id, *usage, begin + n * size, size);
            }
        }
        Ok(())
    }

    fn field(&mut self, id: u8, usage: (u16, u16), bit: usize, bits: usize) {
        let number = usize::from(self.numbered);
        let field = Field {
            byte: number + bit / 8,
            byte_count: bits.div_ceil(8),
            bit: u8::try_from(bit % 8).unwrap_or(0),
        };
        match usage {
            (BAR_CODE_SCANNER, aim @ AIM_1..=AIM_3) => {
                self.aim[usize::from(aim - AIM_1)] = Some(field);
            }
            (BAR_CODE_SCANNER, DECODED_DATA) => self.data = Some((id, field)),
            (BAR_CODE_SCANNER, CONTINUED) => self.more = Some(field),
            // Generic desktop, "byte count": how much of the data is the code.
            (0x01, 0x3b) => self.length = Some((id, field)),
            _ => {}
        }
    }

    fn layout(self) -> Result<Layout, LayoutError> {
        let (id, data) = self.data.ok_or(LayoutError::NoData)?;
        let number = usize::from(self.numbered);
        let bytes = |(id, bits): &(u8, usize)| (*id, number + bits.div_ceil(8));
        let length = self.length.filter(|(own, _)| *own == id).map(|(_, field)| field);
        Ok(Layout {
            id: self.numbered.then_some(id),
            length,
            aim: self.aim,
            data,
            more: self.more,
            sizes: self.bits.iter().map(bytes).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_layout_is_where_makers_say_it_is() {
        let layout = Layout::usual();
        assert_eq!((layout.id, layout.report_bytes(Some(2))), (Some(2), 64));
        assert_eq!(layout.length, Some(Field { byte: 1, byte_count: 1, bit: 0 }));
        assert_eq!(layout.aim[0].map(|field| field.byte), Some(2));
        assert_eq!(layout.data, Field { byte: 5, byte_count: 56, bit: 0 });
        assert_eq!(layout.more, Some(Field { byte: 63, byte_count: 1, bit: 0 }));
    }

    #[test]
    fn a_keyboard_is_not_a_scanner() {
        let keyboard = [0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0x75, 0x08, 0x95, 0x08, 0x81, 0x02];
        assert_eq!(Layout::parse(&keyboard), Err(LayoutError::NoData));
        assert_eq!(Layout::parse(&[0x26, 0xff]), Err(LayoutError::Damaged));
    }
}

//! HID-POS without I/O: what a report descriptor says about a scanner's reports, and reports into
//! codes (HID Point of Sale Usage Tables 1.02, section 4; Device Class Definition for HID 1.11,
//! section 6.2.2).

use std::time::Instant;

use drivers_contract::{ScanData, Symbology};

use crate::protocol::{CODE_BYTES_MAX, Decode, Frame};

mod descriptor;
pub use descriptor::{Field, Layout, LayoutError, USUAL_DESCRIPTOR};

/// Turns reports into codes, whatever pieces they come in.
#[derive(Debug)]
pub struct HidPosDecoder {
    layout: Layout,
    report: Vec<u8>,
    code: Vec<u8>,
    aim: [u8; 3],
    first_byte_at: Option<Instant>,
    dropping: bool,
}

impl HidPosDecoder {
    /// A decoder for a scanner's reports.
    #[must_use]
    pub fn new(layout: Layout) -> Self {
        Self {
            layout,
            report: Vec::new(),
            code: Vec::new(),
            aim: [0; 3],
            first_byte_at: None,
            dropping: false,
        }
    }

    fn report(&mut self, now: Instant, out: &mut dyn FnMut(Frame)) {
        let report = std::mem::take(&mut self.report);
        if self.layout.id.is_some_and(|id| report.first() != Some(&id)) {
            return; // not a scan: status, or what the maker adds
        }
        let layout = &self.layout;
        let room = layout.data.bytes(&report);
        let length = layout.length.and_then(|field| field.bytes(&report).first().copied());
        let data = match length {
            Some(length) => &room[..room.len().min(length.into())],
            // Without a length, the rest of the field is filled with nothing.
            None => room.split(|byte| *byte == 0).next().unwrap_or_default(),
        };
        let more = layout.more.is_some_and(|field| field.bit(&report));
        for (known, field) in self.aim.iter_mut().zip(layout.aim) {
            let new = field.and_then(|field| field.bytes(&report).first().copied()).unwrap_or(0);
            if self.first_byte_at.is_none() {
                *known = new;
            }
        }
        self.first_byte_at.get_or_insert(now);
        if !self.dropping && self.code.len() + data.len() + self.aim.len() > CODE_BYTES_MAX {
            self.dropping = true;
            self.code.clear();
            out(Frame::Overlong);
        }
        if !self.dropping {
            self.code.extend_from_slice(data);
        }
        if !more {
            self.finish(now, out);
        }
    }

    fn finish(&mut self, now: Instant, out: &mut dyn FnMut(Frame)) {
        let (first, dropping) = (self.first_byte_at.take(), std::mem::take(&mut self.dropping));
        let code = std::mem::take(&mut self.code);
        // The scanner's own suffix is not the code's.
        let end = code.iter().rposition(|b| !matches!(b, b'\r' | b'\n')).map_or(0, |at| at + 1);
        let (Some(first_byte_at), false, true) = (first, dropping, end > 0) else { return };
        let named = self.aim[0] == b']' && !code.starts_with(&self.aim);
        let mut bytes = if named { self.aim.to_vec() } else { Vec::new() };
        bytes.extend_from_slice(&code[..end]);
        let symbology = Symbology::of(&bytes);
        out(Frame::Code(ScanData { bytes, symbology, first_byte_at, last_byte_at: now }));
    }
}

impl Decode for HidPosDecoder {
    fn on_bytes(&mut self, mut bytes: &[u8], now: Instant, out: &mut dyn FnMut(Frame)) {
        while !bytes.is_empty() {
            let id = self.report.first().or(bytes.first()).copied();
            let whole = self.layout.report_bytes(id);
            let taken = bytes.len().min(whole.saturating_sub(self.report.len()).max(1));
            self.report.extend_from_slice(&bytes[..taken]);
            bytes = &bytes[taken..];
            if self.report.len() >= whole {
                self.report(now, out);
            }
        }
    }

    fn on_tick(&mut self, _: Instant, _: &mut dyn FnMut(Frame)) {}
}

/// Cuts one code into reports of the usual layout, as a twin sends them: a code that is not ended
/// yet stays open.
#[must_use]
pub fn encode_reports(aim: [u8; 3], code: &[u8], ended: bool) -> Vec<Vec<u8>> {
    let layout = Layout::usual();
    let room = layout.data.byte_count;
    let mut chunks: Vec<&[u8]> = code.chunks(room).collect();
    if ended && chunks.is_empty() {
        chunks.push(&[]);
    }
    let last = chunks.len().saturating_sub(1);
    let report = |(at, chunk): (usize, &&[u8])| {
        let mut report = vec![0; layout.report_bytes(layout.id)];
        let mut set = |field: Option<Field>, bytes: &[u8]| {
            if let Some(field) = field {
                report[field.byte..field.byte + bytes.len()].copy_from_slice(bytes);
            }
        };
        let length = u8::try_from(chunk.len()).unwrap_or(u8::MAX);
        set(layout.length, &[length]);
        set(Some(layout.data), chunk);
        layout.aim.into_iter().zip(aim).for_each(|(field, byte)| set(field, &[byte]));
        set(layout.more, &[u8::from(!(ended && at == last))]);
        if let Some(id) = layout.id {
            report[0] = id;
        }
        report
    };
    chunks.iter().enumerate().map(report).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_contract::conformance::cases;
    use proptest::prelude::*;

    fn codes(layout: Layout, pieces: &[&[u8]]) -> Vec<Option<Vec<u8>>> {
        let (mut decoder, mut seen) = (HidPosDecoder::new(layout), Vec::new());
        for piece in pieces {
            decoder.on_bytes(piece, Instant::now(), &mut |frame| {
                seen.push(match frame {
                    Frame::Code(data) => Some(data.bytes),
                    _ => None,
                });
            });
            assert!(decoder.code.len() <= CODE_BYTES_MAX && decoder.report.len() < 70_000);
        }
        seen
    }

    #[test]
    fn a_report_without_length_ends_with_nothing() {
        // No report id, three AIM bytes, eight of data, no length and no flag.
        let descriptor = [
            0x06, 0x8c, 0x00, 0x09, 0x02, 0xa1, 0x01, 0x09, 0x12, 0xa1, 0x02, 0x15, 0x00, 0x26,
            0xff, 0x00, 0x75, 0x08, 0x95, 0x01, 0x09, 0xfb, 0x81, 0x02, 0x09, 0xfc, 0x81, 0x02,
            0x09, 0xfd, 0x81, 0x02, 0x95, 0x08, 0x09, 0xfe, 0x82, 0x02, 0x01, 0xc0, 0xc0,
        ];
        let layout = Layout::parse(&descriptor).unwrap();
        assert_eq!((layout.id, layout.report_bytes(None)), (None, 11));
        let report = b"]E096385074";
        assert_eq!(codes(layout.clone(), &[report]), [Some(report.to_vec())]);
        let short = b"]E01234\0\0\0\0";
        assert_eq!(codes(layout, &[short]), [Some(b"]E01234".to_vec())]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(cases(256)))]
        #[test]
        fn pieces_do_not_matter(
            code in proptest::collection::vec(any::<u8>(), 1..300),
            cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..6),
        ) {
            // A scanner's own suffix would be taken off, and an identifier not be doubled.
            let code = [b"x", &code[..], b"x"].concat();
            let bytes = encode_reports(*b"]d2", &code, true).concat();
            let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len())).collect();
            at.extend([0, bytes.len()]);
            at.sort_unstable();
            let pieces: Vec<&[u8]> = at.windows(2).map(|w| &bytes[w[0]..w[1]]).collect();
            let expected = [b"]d2", &code[..]].concat();
            prop_assert_eq!(codes(Layout::usual(), &pieces), [Some(expected)]);
        }

        #[test]
        fn no_bytes_panic(
            descriptor in proptest::collection::vec(any::<u8>(), 0..120),
            noise in proptest::collection::vec(any::<u8>(), 0..400),
        ) {
            if let Ok(layout) = Layout::parse(&descriptor) {
                let _ = codes(layout, &[&noise]);
            }
            let mut broken = USUAL_DESCRIPTOR.to_vec();
            for (at, byte) in descriptor.iter().enumerate().take(3) {
                let place = (at * 37 + usize::from(*byte)) % broken.len();
                broken[place] = *byte;
            }
            if let Ok(layout) = Layout::parse(&broken) {
                let _ = codes(layout, &[&noise]);
            }
        }
    }
}

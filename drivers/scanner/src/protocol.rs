//! The framing of serial scanners, without I/O: bytes and time in, codes out.
//!
//! A code ends with CR, LF or both. An AIM identifier at its front and separators (GS, ASCII 29)
//! within it stay as they are. A two-dimensional code that holds a line break itself cannot be told
//! from two codes here: such scanners need another suffix, and a driver that knows it.

use std::time::{Duration, Instant};

use drivers_contract::{ScanData, Symbology};

/// The longest code that is kept, in bytes. A QR Code holds 2,953; what is longer than this has
/// lost its terminator or comes from a line at the wrong speed.
pub const CODE_BYTES_MAX: usize = 4_096;

/// What came out of the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A code.
    Code(ScanData),
    /// More than [`CODE_BYTES_MAX`] bytes without an end; dropped up to the next terminator.
    Overlong,
    /// Part of a code was lost on the way; dropped up to the next terminator.
    Lost,
}

/// What every way of scanning has: bytes and time in, frames out.
pub trait Decode: Send {
    /// Takes bytes that were read at `now`.
    fn on_bytes(&mut self, bytes: &[u8], now: Instant, out: &mut dyn FnMut(Frame));

    /// Looks at the clock.
    fn on_tick(&mut self, now: Instant, out: &mut dyn FnMut(Frame));
}

impl Decode for Framer {
    fn on_bytes(&mut self, bytes: &[u8], now: Instant, mut out: &mut dyn FnMut(Frame)) {
        Self::on_bytes(self, bytes, now, &mut out);
    }

    fn on_tick(&mut self, now: Instant, mut out: &mut dyn FnMut(Frame)) {
        Self::on_tick(self, now, &mut out);
    }
}

/// Cuts a stream of bytes into codes, whatever pieces it comes in.
#[derive(Debug)]
pub struct Framer {
    code: Vec<u8>,
    first_byte_at: Option<Instant>,
    last_byte_at: Option<Instant>,
    dropping: bool,
    idle_gap: Option<Duration>,
}

impl Framer {
    /// A framer; `idle_gap` is a silence that ends a code too, for scanners without a suffix.
    #[must_use]
    pub fn new(idle_gap: Option<Duration>) -> Self {
        Self {
            code: Vec::new(),
            first_byte_at: None,
            last_byte_at: None,
            dropping: false,
            idle_gap,
        }
    }

    /// Takes bytes that were read at `now`.
    pub fn on_bytes(&mut self, bytes: &[u8], now: Instant, out: &mut impl FnMut(Frame)) {
        self.on_tick(now, out);
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|b| matches!(b, b'\r' | b'\n')) {
            self.take(&rest[..end], now, out);
            self.finish(now, out);
            rest = &rest[end + 1..];
        }
        self.take(rest, now, out);
    }

    /// Looks at the clock; needed only with an idle gap.
    pub fn on_tick(&mut self, now: Instant, out: &mut impl FnMut(Frame)) {
        if let (Some(gap), Some(last)) = (self.idle_gap, self.last_byte_at)
            && now.saturating_duration_since(last) >= gap
        {
            self.finish(last, out);
        }
    }

    /// Part of the code in hand is gone: the rest of it is no code.
    pub(crate) fn lose(&mut self, out: &mut dyn FnMut(Frame)) {
        self.code.clear();
        self.first_byte_at = None;
        self.dropping = true;
        out(Frame::Lost);
    }

    fn take(&mut self, bytes: &[u8], now: Instant, out: &mut impl FnMut(Frame)) {
        if bytes.is_empty() {
            return;
        }
        self.last_byte_at = Some(now);
        if self.dropping {
            return;
        }
        if self.code.len() + bytes.len() > CODE_BYTES_MAX {
            self.code.clear();
            self.first_byte_at = None;
            self.dropping = true;
            out(Frame::Overlong);
            return;
        }
        self.first_byte_at.get_or_insert(now);
        self.code.extend_from_slice(bytes);
    }

    /// Ends the code in hand. An empty one is the LF of a CR LF, not a scan.
    fn finish(&mut self, last_byte_at: Instant, out: &mut impl FnMut(Frame)) {
        self.dropping = false;
        self.last_byte_at = None;
        if let Some(first_byte_at) = self.first_byte_at.take() {
            let bytes = std::mem::take(&mut self.code);
            let symbology = Symbology::of(&bytes);
            out(Frame::Code(ScanData { bytes, symbology, first_byte_at, last_byte_at }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frames(pieces: &[&[u8]]) -> Vec<Option<Vec<u8>>> {
        let mut framer = Framer::new(None);
        let mut seen = Vec::new();
        let now = Instant::now();
        for piece in pieces {
            framer.on_bytes(piece, now, &mut |frame| {
                seen.push(match frame {
                    Frame::Code(data) => Some(data.bytes),
                    Frame::Overlong | Frame::Lost => None,
                });
            });
            assert!(framer.code.len() <= CODE_BYTES_MAX);
        }
        seen
    }

    #[test]
    fn a_silence_ends_a_code_only_if_asked_for() {
        let start = Instant::now();
        let later = start + Duration::from_millis(60);
        for (gap, expected) in [(None, 0), (Some(Duration::from_millis(50)), 1)] {
            let mut framer = Framer::new(gap);
            let mut seen = Vec::new();
            framer.on_bytes(b"4006381333931", start, &mut |frame| seen.push(frame));
            framer.on_tick(later, &mut |frame| seen.push(frame));
            assert_eq!(seen.len(), expected);
        }
    }

    #[test]
    fn the_longest_code_passes_and_one_byte_more_does_not() {
        let longest = [vec![b'7'; CODE_BYTES_MAX], b"\r".to_vec()].concat();
        assert_eq!(frames(&[&longest])[0].as_ref().unwrap().len(), CODE_BYTES_MAX);
        let longer = [vec![b'7'; CODE_BYTES_MAX + 1], b"\rnext\r".to_vec()].concat();
        assert_eq!(frames(&[&longer]), [None, Some(b"next".to_vec())]);
    }

    proptest! {
        #[test]
        fn no_bytes_panic_and_pieces_do_not_matter(
            bytes in proptest::collection::vec(
                prop_oneof![4 => any::<u8>(), 1 => Just(b'\r'), 1 => Just(b'\n')], 0..600),
            cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..8),
        ) {
            let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
            at.extend([0, bytes.len()]);
            at.sort_unstable();
            let pieces: Vec<&[u8]> = at.windows(2).map(|w| &bytes[w[0]..w[1]]).collect();
            let whole: Vec<_> = bytes
                .split(|b| matches!(b, b'\r' | b'\n'))
                .collect::<Vec<_>>();
            let expected: Vec<_> = whole[..whole.len() - 1]
                .iter()
                .filter(|code| !code.is_empty())
                .map(|code| Some(code.to_vec()))
                .collect();
            prop_assert_eq!(frames(&pieces), expected);
        }

        #[test]
        fn memory_is_bounded_whatever_comes(
            pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..3000), 0..8),
        ) {
            let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
            prop_assert!(frames(&pieces).iter().flatten().all(|code| !code.is_empty()));
        }
    }
}

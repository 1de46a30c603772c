//! What a printer says: three kinds of replies that arrive interleaved on one line, told apart by
//! their fixed bits.
//!
//! - `DLE EOT n`: one byte `0xx1xx10`, answered at once even when off-line.
//! - Automatic status (`GS a`): four bytes, the first `0xx1xx00`, the others `0xx0xxxx`, sent by
//!   the printer itself whenever something changes.
//! - `GS r n`: one byte `0xx0xxxx`, answered when the printer has come to it. It looks like the
//!   tail of an automatic status; the printer never sends it within one.

use drivers_contract::{Fault, FaultCode, PaperState, PrinterError, PrinterStatus};

/// One reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// To a `DLE EOT` question; which one, only the order tells.
    Status(u8),
    /// Sent by the printer itself.
    Automatic(PrinterStatus),
    /// To `GS r`.
    Marker(u8),
}

/// Cuts the bytes of a printer into replies.
#[derive(Debug, Default)]
pub struct ReplyParser {
    frame: [u8; 4],
    filled: usize,
}

impl ReplyParser {
    /// Takes one byte.
    pub fn push(&mut self, byte: u8) -> Option<Reply> {
        if byte & 0x93 == 0x12 {
            return Some(Reply::Status(byte));
        }
        if byte & 0x93 == 0x10 {
            // A new head while a frame is open: bytes were lost, the new frame is what counts.
            self.frame[0] = byte;
            self.filled = 1;
            return None;
        }
        if byte & 0x90 != 0 {
            // XON, XOFF or noise.
            return None;
        }
        if self.filled == 0 {
            return Some(Reply::Marker(byte));
        }
        self.frame[self.filled] = byte;
        self.filled += 1;
        if self.filled < self.frame.len() {
            return None;
        }
        self.filled = 0;
        Some(Reply::Automatic(automatic_status(self.frame)))
    }
}

fn automatic_status([printer, error, paper, _]: [u8; 4]) -> PrinterStatus {
    PrinterStatus {
        cover_open: printer & 0x20 != 0,
        paper: paper_state(paper & 0x0c != 0, paper & 0x03 != 0),
        drawer_open: Some(printer & 0x04 != 0),
        online: printer & 0x08 == 0,
        error: printer_error(error),
    }
}

/// The status that the answers to `DLE EOT` 1, 2, 3 and 4 make together.
#[must_use]
pub fn status_of([printer, offline, error, paper]: [u8; 4]) -> PrinterStatus {
    PrinterStatus {
        cover_open: offline & 0x04 != 0,
        paper: paper_state(paper & 0x60 != 0 || offline & 0x20 != 0, paper & 0x0c != 0),
        drawer_open: Some(printer & 0x04 != 0),
        online: printer & 0x08 == 0,
        error: printer_error(error),
    }
}

fn paper_state(empty: bool, near_end: bool) -> PaperState {
    match (empty, near_end) {
        (true, _) => PaperState::Empty,
        (_, true) => PaperState::NearEnd,
        _ => PaperState::Ok,
    }
}

/// Bits 3, 5 and 6 mean the same in `DLE EOT 3` and in the second byte of an automatic status.
fn printer_error(byte: u8) -> Option<PrinterError> {
    if byte & 0x20 != 0 {
        Some(PrinterError::Unrecoverable)
    } else if byte & 0x08 != 0 {
        Some(PrinterError::Cutter)
    } else if byte & 0x40 != 0 {
        Some(PrinterError::AutoRecoverable)
    } else {
        None
    }
}

/// Why a printer in this state does not print, if it does not.
#[must_use]
pub fn obstacle(status: &PrinterStatus) -> Option<Fault> {
    let (code, detail) = if status.cover_open {
        (FaultCode::CoverOpen, "the cover is open")
    } else if status.paper == PaperState::Empty {
        (FaultCode::PaperEmpty, "the paper is out")
    } else if let Some(error) = status.error {
        let detail = match error {
            PrinterError::Cutter => "the cutter jams",
            PrinterError::AutoRecoverable => "it is too hot and will recover by itself",
            PrinterError::Unrecoverable => "it needs service",
        };
        (FaultCode::Failure, detail)
    } else if !status.online {
        (FaultCode::Offline, "it is off-line")
    } else {
        return None;
    };
    Some(Fault::new(code, detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn replies(bytes: &[u8]) -> Vec<Reply> {
        let mut parser = ReplyParser::default();
        bytes.iter().filter_map(|b| parser.push(*b)).collect()
    }

    #[test]
    fn replies_are_told_apart_though_they_interleave() {
        let seen = replies(&[0x10, 0x00, 0x12, 0x0c, 0x0f, 0x00, 0x16]);
        let [Reply::Status(0x12), Reply::Automatic(status), Reply::Marker(0), Reply::Status(0x16)] =
            seen[..]
        else {
            panic!("{seen:?}")
        };
        assert_eq!(status.paper, PaperState::Empty);
    }

    #[test]
    fn a_torn_frame_gives_way_to_the_next() {
        let seen = replies(&[0x10, 0x00, 0x38, 0x00, 0x00, 0x0f]);
        assert_eq!(seen.len(), 1);
        assert!(matches!(seen[0], Reply::Automatic(status) if status.cover_open));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(replies(&bytes).len() <= bytes.len());
        }
    }
}

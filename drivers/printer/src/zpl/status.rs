//! The answer to `~HS`: three strings, each between STX and ETX.

use drivers_contract::{Fault, FaultCode, PaperState, PrinterStatus};

/// Asks for [`Status`].
pub const QUESTION: &[u8] = b"~HS\r\n";
/// Longer than any answer.
const ANSWER_BYTES_MAX: usize = 512;
const STX: u8 = 0x02;
const ETX: u8 = 0x03;

/// What a label printer says about itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Status {
    /// No labels.
    pub paper_out: bool,
    /// Somebody pressed pause.
    pub paused: bool,
    /// The print head is open.
    pub head_up: bool,
    /// No ribbon, where one is needed.
    pub ribbon_out: bool,
    /// Formats that were received and not begun.
    pub formats: u32,
    /// Labels of the batch that are not printed.
    pub labels_left: u32,
}

/// Collects the bytes of answers.
#[derive(Debug, Default)]
pub struct Parser {
    strings: Vec<Vec<u8>>,
    open: Option<Vec<u8>>,
}

impl Parser {
    /// Takes a byte; the third string completes an answer.
    pub fn push(&mut self, byte: u8) -> Option<Status> {
        match (byte, self.open.as_mut()) {
            (STX, _) => self.open = Some(Vec::new()),
            (ETX, Some(_)) => self.strings.extend(self.open.take()),
            (_, Some(open)) if open.len() < ANSWER_BYTES_MAX => open.push(byte),
            _ => {}
        }
        if self.strings.len() < 3 {
            return None;
        }
        read(&std::mem::take(&mut self.strings))
    }

    /// Forgets what came of an answer that nobody waits for any more.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

fn read(strings: &[Vec<u8>]) -> Option<Status> {
    let fields = |at: usize| -> Vec<String> {
        let text = strings.get(at).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        text.unwrap_or_default().split(',').map(|field| field.trim().to_owned()).collect()
    };
    let (first, second) = (fields(0), fields(1));
    let flag = |fields: &[String], at: usize| fields.get(at).is_some_and(|field| field == "1");
    let number = |fields: &[String], at: usize| fields.get(at)?.parse().ok();
    Some(Status {
        paper_out: flag(&first, 1),
        paused: flag(&first, 2),
        formats: number(&first, 4)?,
        head_up: flag(&second, 2),
        ribbon_out: flag(&second, 3),
        labels_left: number(&second, 8)?,
    })
}

impl Status {
    /// Whether nothing of what was sent is still to be printed.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.formats == 0 && self.labels_left == 0
    }

    /// Why it would not print now.
    #[must_use]
    pub fn obstacle(&self) -> Option<Fault> {
        let fault = |code, detail: &str| Some(Fault::new(code, detail));
        match self {
            Self { head_up: true, .. } => fault(FaultCode::CoverOpen, "the print head is open"),
            Self { paper_out: true, .. } => fault(FaultCode::PaperEmpty, "there are no labels"),
            Self { ribbon_out: true, .. } => fault(FaultCode::PaperEmpty, "there is no ribbon"),
            Self { paused: true, .. } => {
                fault(FaultCode::Failure, "the printer is paused: press its pause key")
            }
            _ => None,
        }
    }
}

impl From<Status> for PrinterStatus {
    fn from(status: Status) -> Self {
        let empty = status.paper_out || status.ribbon_out;
        Self {
            cover_open: status.head_up,
            paper: if empty { PaperState::Empty } else { PaperState::Ok },
            drawer_open: None,
            online: status.obstacle().is_none(),
            error: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_answer_is_read_however_it_is_cut() {
        let answer = b"\x02030,1,0,1245,002,0,0,0,000,0,0,0\x03\r\n\
            \x02000,0,1,0,0,2,6,0,00000003,1,000\x03\r\n\x021234,0\x03\r\n";
        let mut parser = Parser::default();
        let read: Vec<Status> = answer.iter().filter_map(|byte| parser.push(*byte)).collect();
        let [status] = read[..] else { panic!("{read:?}") };
        assert!(status.paper_out && status.head_up && !status.paused && !status.is_done());
        assert_eq!((status.formats, status.labels_left), (2, 3));
        assert_eq!(status.obstacle().map(|fault| fault.code), Some(FaultCode::CoverOpen));
    }

    proptest! {
        #[test]
        fn no_bytes_panic_and_none_are_kept_for_ever(bytes in prop::collection::vec(any::<u8>(), 0..4_000)) {
            let mut parser = Parser::default();
            for byte in bytes {
                parser.push(byte);
            }
            let kept: usize = parser.strings.iter().map(Vec::len).sum();
            prop_assert!(kept + parser.open.map_or(0, |open| open.len()) <= 3 * ANSWER_BYTES_MAX);
        }
    }
}

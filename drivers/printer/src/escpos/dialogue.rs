//! Questions and answers on one line, without I/O: which answer belongs to which question.
//!
//! A `DLE EOT` answer does not say what it answers, and it may come after its question was given
//! up. Answers keep the order of questions, so those that are still owed are counted and dropped
//! first.

use std::time::{Duration, Instant};

use drivers_contract::PrinterStatus;

use super::status::{Reply, ReplyParser, status_of};

/// `DLE EOT` 1 to 4: printer, cause of off-line, cause of error, paper.
pub const STATUS_QUESTIONS: &[u8] = b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04";
const QUESTIONS: usize = 4;

/// After so long a silence, an answer that is still owed was lost: the printer was off.
const OWED_FOR: Duration = Duration::from_secs(5);

/// The state of a line between jobs and across connections.
#[derive(Debug, Default)]
pub struct Dialogue {
    parser: ReplyParser,
    /// Answers to earlier questions that may still come.
    owed: usize,
    asked_at: Option<Instant>,
    asking: bool,
    answers: Vec<u8>,
    heard_while_asking: bool,
}

impl Dialogue {
    /// Starts a round of questions; the caller sends [`STATUS_QUESTIONS`].
    pub fn ask(&mut self, now: Instant) {
        if self.asked_at.is_none_or(|at| now.saturating_duration_since(at) > OWED_FOR) {
            self.owed = 0;
        }
        self.asked_at = Some(now);
        self.asking = true;
        self.heard_while_asking = false;
        self.answers.clear();
    }

    /// Takes a byte; whatever is not an answer to a question goes back to the caller.
    pub fn on_byte(&mut self, byte: u8) -> Option<Reply> {
        let reply = self.parser.push(byte)?;
        let Reply::Status(answer) = reply else { return Some(reply) };
        self.heard_while_asking = true;
        if self.owed > 0 {
            self.owed -= 1;
        } else if self.asking && self.answers.len() < QUESTIONS {
            self.answers.push(answer);
        }
        None
    }

    /// The status, once all questions are answered.
    pub fn answer(&mut self) -> Option<PrinterStatus> {
        let answers = <[u8; QUESTIONS]>::try_from(self.answers.as_slice()).ok()?;
        self.asking = false;
        self.answers.clear();
        Some(status_of(answers))
    }

    /// The line is gone, and with it every question and answer on it.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Gives the round up after a silence as long as the printer was given to answer.
    ///
    /// If it spoke and then fell silent, what is owed was lost while it was off, and the next
    /// round starts clean; if it never spoke, all of it may still come.
    pub fn give_up(&mut self) {
        if self.heard_while_asking {
            self.owed = 0;
        } else if self.asking {
            self.owed += QUESTIONS;
        }
        self.asking = false;
        self.answers.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_contract::PaperState;

    fn hear(dialogue: &mut Dialogue, bytes: &[u8]) -> Option<PrinterStatus> {
        for byte in bytes {
            dialogue.on_byte(*byte);
        }
        dialogue.answer()
    }

    const OK: &[u8] = &[0x12; 4];
    const NO_PAPER: &[u8] = &[0x1a, 0x32, 0x12, 0x72];

    #[test]
    fn late_answers_are_dropped() {
        let (mut dialogue, now) = (Dialogue::default(), Instant::now());
        dialogue.ask(now);
        dialogue.give_up();
        dialogue.ask(now);
        assert_eq!(hear(&mut dialogue, OK), None, "these answer the first round");
        let status = hear(&mut dialogue, NO_PAPER).unwrap();
        assert_eq!((status.paper, status.online), (PaperState::Empty, false));
    }

    #[test]
    fn a_printer_that_was_off_is_understood_again() {
        let (mut dialogue, now) = (Dialogue::default(), Instant::now());
        for _ in 0..10 {
            dialogue.ask(now);
            dialogue.give_up();
        }
        dialogue.ask(now);
        assert_eq!(hear(&mut dialogue, NO_PAPER), None, "nobody can know whose these are");
        dialogue.give_up();
        dialogue.ask(now);
        assert!(hear(&mut dialogue, OK).is_some());
    }
}

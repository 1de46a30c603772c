//! One command, and what the terminal says until it is done (PA00P015, chapter 2.2: after the
//! command is acknowledged, the terminal speaks and the till acknowledges each message).

use super::apdu::Apdu;
use super::command::{ABORT, COMPLETION, INTERMEDIATE, PRINT_BLOCK, PRINT_LINE, STATUS};
use super::fields::Fields;
use super::print::Printout;
use super::reason::NOT_POSSIBLE;
use drivers_contract::ChargeStep;

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Done; what the terminal said on the way and at the end.
    Completed {
        /// The status information, if there was one.
        status: Option<Fields>,
        /// What the completion itself held.
        completion: Fields,
    },
    /// Not done, and why; a status information may say more.
    Aborted {
        /// The reason.
        code: u8,
        /// The status information, if there was one.
        status: Option<Fields>,
    },
    /// The command was not even begun.
    Refused(u8),
}

/// What to do after a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Next {
    /// Say this.
    pub reply: Option<Apdu>,
    /// The payment is so far.
    pub step: Option<ChargeStep>,
    /// It is over.
    pub end: Option<End>,
}

/// A command that is under way.
#[derive(Debug, Default)]
pub struct Exchange {
    accepted: bool,
    status: Option<Fields>,
    step: Option<ChargeStep>,
    /// What the terminal wants on paper.
    pub printout: Printout,
}

impl Exchange {
    /// Whether the terminal said that it took the command.
    #[must_use]
    pub const fn accepted(&self) -> bool {
        self.accepted
    }

    /// Takes a message of the terminal.
    pub fn on_apdu(&mut self, apdu: &Apdu) -> Next {
        let acked = || Some(Apdu::ack());
        match apdu.command {
            [0x80, _] => {
                self.accepted = true;
                Next::default()
            }
            // Later it answers something else, as a wish to stop that comes too late.
            [0x84, _] if self.accepted => Next::default(),
            [0x84, code] => Next { end: Some(End::Refused(code)), ..Next::default() },
            INTERMEDIATE => {
                let step = apdu.data.first().and_then(|code| step_of(*code));
                let new = step.filter(|step| self.step != Some(*step));
                self.step = step.or(self.step);
                Next { reply: acked(), step: new, end: None }
            }
            STATUS => {
                self.status = Some(Fields::parse(&apdu.data));
                Next { reply: acked(), ..Next::default() }
            }
            PRINT_LINE => {
                self.printout.line(&apdu.data);
                Next { reply: acked(), ..Next::default() }
            }
            PRINT_BLOCK => {
                self.printout.block(&apdu.data);
                Next { reply: acked(), ..Next::default() }
            }
            COMPLETION => {
                let status = self.status.take();
                let completion = Fields::parse(&apdu.data);
                let end = Some(End::Completed { status, completion });
                Next { reply: acked(), step: None, end }
            }
            ABORT => {
                let code = apdu.data.first().copied().unwrap_or(0);
                let end = Some(End::Aborted { code, status: self.status.take() });
                Next { reply: acked(), step: None, end }
            }
            // A message of a newer terminal: refused by its own rules, and the rest goes on.
            _ => Next { reply: Some(Apdu::nack(NOT_POSSIBLE)), ..Next::default() },
        }
    }
}

/// What an intermediate status means (chapter 11); most mean nothing for the till.
const fn step_of(code: u8) -> Option<ChargeStep> {
    match code {
        0x00..=0x02 | 0x0a..=0x0c => Some(ChargeStep::Collecting),
        0x04 | 0x06 | 0x0e | 0x17 => Some(ChargeStep::Confirming),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_contract::conformance::cases;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(cases(256)))]
        #[test]
        fn no_messages_panic(
            messages in proptest::collection::vec(
                (prop_oneof![Just([4u8, 15]), Just([4, 255]), Just([6, 211]), Just([6, 209]),
                    Just([6, 15]), Just([6, 30]), any::<[u8; 2]>()],
                 proptest::collection::vec(any::<u8>(), 0..60)),
                0..40),
        ) {
            let mut exchange = Exchange::default();
            for (command, data) in messages {
                let _ = exchange.on_apdu(&Apdu::new(command, data));
            }
        }
    }
}

//! What must hold between facts of drawers: proved by walking the journal, here and at
//! headquarters.

use super::{ShiftFact, ShiftTotals};
use crate::fact::Fact;
use crate::ids::ShiftId;
use crate::item::TerminalId;
use crate::money::MoneyError;
use std::collections::BTreeMap;

/// What a shift breaks. In order of precedence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShiftRule {
    /// Two shifts at one drawer.
    #[error("a shift is open at {0} already")]
    Open(TerminalId),
    /// No shift, or another one.
    #[error("this shift is not the one that is open at {0}")]
    NotOpen(TerminalId),
    /// A gap in the Z reports.
    #[error("Z report {number} of {terminal} does not follow number {last}")]
    Number {
        /// The drawer.
        terminal: TerminalId,
        /// What is claimed.
        number: u32,
        /// What it should follow.
        last: u32,
    },
    /// It does not say from where to where it goes.
    #[error("the Z report of {0} does not cover the entries of its shift")]
    Range(TerminalId),
    /// It is not the sum of its sales.
    #[error("the Z report of {0} is not the sum of its entries")]
    Totals(TerminalId),
    /// See [`MoneyError`].
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// The drawers while a journal is walked from its beginning.
#[derive(Clone, Debug, Default)]
pub struct Book {
    open: BTreeMap<TerminalId, Running>,
    numbers: BTreeMap<TerminalId, u32>,
}

#[derive(Clone, Debug)]
struct Running {
    id: ShiftId,
    from: u64,
    totals: ShiftTotals,
}

impl Book {
    /// Takes the fact of an entry.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn take(&mut self, seq: u64, fact: &Fact) -> Result<(), ShiftRule> {
        for (terminal, running) in &mut self.open {
            running.totals.take(terminal, fact)?;
        }
        match fact {
            Fact::Shift(shift) => self.shift(seq, shift),
            _ => Ok(()),
        }
    }

    fn shift(&mut self, seq: u64, fact: &ShiftFact) -> Result<(), ShiftRule> {
        let terminal = fact.terminal();
        let running = self.open.get(terminal);
        let not_open = || ShiftRule::NotOpen(terminal.clone());
        match fact {
            ShiftFact::Opened(opened) => {
                if running.is_some() {
                    return Err(ShiftRule::Open(terminal.clone()));
                }
                let totals = ShiftTotals::new(opened.float);
                let running = Running { id: opened.id, from: seq, totals };
                self.open.insert(terminal.clone(), running);
            }
            ShiftFact::Cash(moved) => {
                running.filter(|running| running.id == moved.shift).ok_or_else(not_open)?;
            }
            ShiftFact::Closed(closed) => {
                let running = running.filter(|running| running.id == closed.id);
                let running = running.ok_or_else(not_open)?;
                let last = self.numbers.get(terminal).copied().unwrap_or(0);
                if Some(closed.number) != last.checked_add(1) {
                    let (terminal, number) = (terminal.clone(), closed.number);
                    return Err(ShiftRule::Number { terminal, number, last });
                }
                if closed.from != running.from || closed.to.checked_add(1) != Some(seq) {
                    return Err(ShiftRule::Range(terminal.clone()));
                }
                if closed.totals != running.totals {
                    return Err(ShiftRule::Totals(terminal.clone()));
                }
                self.numbers.insert(terminal.clone(), closed.number);
                self.open.remove(terminal);
            }
        }
        Ok(())
    }
}

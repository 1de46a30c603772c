//! What is not yet in the sums of reports: kept in memory, and in the journal.

use super::Core;
use super::connection::meta_number;
use crate::error::LedgerError;
use crate::rebuild::replay_after;
use crate::reports::Tally;

impl Core {
    /// Tallies the facts whose sums were not written, those of the open transaction among them.
    pub(super) fn tally_rest(&mut self) -> Result<(), LedgerError> {
        self.tally = Tally::default();
        let until = meta_number(&self.conn, "sums")?.unwrap_or(0);
        replay_after(&self.conn, until.into(), |_, fact, _| self.tally.take_fact(fact))?;
        (self.tally.wanted, self.tally_known) = (true, true);
        Ok(())
    }

    /// Lets the next commit read from the journal what is not in the sums.
    pub(crate) const fn forget_tally(&mut self) {
        self.tally_known = false;
    }

    /// Lets the sums of reports wait: whoever reads them asks for them.
    pub(crate) fn let_sums_wait(&mut self) {
        self.sums_wait = true;
    }

    /// Writes the sums that wait, in a commit of their own.
    pub(crate) fn sum_up(&mut self) -> Result<(), LedgerError> {
        if self.tally.is_empty() {
            return Ok(());
        }
        self.tally.wanted = true;
        self.begin()?;
        self.commit()
    }

    /// Whether sums wait.
    pub(crate) const fn sums_are_waiting(&self) -> bool {
        !self.tally.is_empty()
    }
}

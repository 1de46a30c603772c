//! Slips of card terminals: kept in the journal, found by what they belong to.

use crate::core::View;
use crate::error::LedgerError;
use edge_domain::fact::Fact;
use edge_domain::payment::Tender;
use edge_domain::sale::Sale;
use edge_domain::slip::{Slip, SlipKind, SlipsGiven};
use rusqlite::{Connection, params};
use uuid::Uuid;

/// The projection of a fact about slips.
pub(crate) fn given(conn: &Connection, seq: i64, fact: &SlipsGiven) -> Result<(), LedgerError> {
    let subject = fact.of.uuid();
    let mut statement = conn.prepare_cached("INSERT INTO slip (subject, seq) VALUES (?1, ?2)")?;
    statement.execute(params![subject.as_bytes().as_slice(), seq])?;
    Ok(())
}

impl View<'_> {
    /// The slips of a payment or of a terminal's day, in the order in which they were given.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn slips(&self, subject: Uuid) -> Result<Vec<Slip>, LedgerError> {
        let mut statement =
            self.conn.prepare_cached("SELECT seq FROM slip WHERE subject = ?1 ORDER BY seq")?;
        let seqs = statement.query_map([subject.as_bytes().as_slice()], |row| row.get(0))?;
        let mut slips = Vec::new();
        for seq in seqs {
            if let Some(Fact::SlipsGiven(fact)) = self.fact_at(seq?)? {
                slips.extend(fact.slips);
            }
        }
        Ok(slips)
    }

    /// The customer's slips that belong on a sale's receipt: those of the cards that were charged
    /// when it was closed. A card that paid a part before got its slip then; one that money goes back
    /// to is asked after the receipt, and gets a slip of its own.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn receipt_slips(&self, sale: &Sale) -> Result<Vec<Slip>, LedgerError> {
        let mut slips = Vec::new();
        for payment in &sale.parts().payments {
            let charged = !payment.deposited && !payment.amount.is_negative();
            if matches!(payment.tender, Tender::Card { .. }) && charged {
                slips.extend(self.slips(payment.id.uuid())?);
            }
        }
        slips.retain(|slip| slip.kind() == SlipKind::Customer);
        Ok(slips)
    }
}

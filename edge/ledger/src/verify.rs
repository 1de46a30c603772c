//! `outpost ledger verify`: walks the whole journal and every invariant that the file can show.

mod stock;
mod sums;

use crate::core::{Core, View};
use crate::error::LedgerError;
use crate::journal::{entry_of, owner};
use cloud_sync_protocol::entry::ChainHead;
use cloud_sync_protocol::v1::fact::{Read, read};
use edge_domain::fact::Fact;
use edge_domain::posting::Postings;
use edge_domain::shift::Book;
use std::collections::BTreeMap;

/// What was found sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Report {
    /// Entries in the chain.
    pub entries: u64,
    /// Sales among them.
    pub sales: u64,
    /// Entries of a newer release, kept as they are.
    pub unknown: u64,
    /// The chain's head.
    pub head: ChainHead,
}

/// The first thing that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// An entry.
    #[error("entry {seq}: {what}")]
    Entry {
        /// Which.
        seq: u64,
        /// What is wrong with it.
        what: String,
    },
    /// Something that follows from the entries.
    #[error("{0}")]
    Projection(String),
    /// The file cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl From<rusqlite::Error> for Finding {
    fn from(error: rusqlite::Error) -> Self {
        Self::Ledger(error.into())
    }
}

#[derive(Default)]
struct Walk {
    report: Report,
    receipts: BTreeMap<String, u32>,
    drawers: Book,
}

impl Core {
    /// Proves the chain, the books and the projections.
    ///
    /// # Errors
    /// The first [`Finding`].
    pub fn verify(&self) -> Result<Report, Finding> {
        self.view().verify()
    }
}

impl View<'_> {
    /// Proves the chain, the books and the projections. `progress` hears how many entries were
    /// walked.
    ///
    /// # Errors
    /// The first [`Finding`].
    pub fn verify(&self) -> Result<Report, Finding> {
        let check: String = self.conn.query_row("PRAGMA quick_check", [], |row| row.get(0))?;
        if check != "ok" {
            return Err(Finding::Ledger(LedgerError::Corrupt(check)));
        }
        let store = owner(self.conn)?;
        let mut walk = Walk::default();
        let mut statement = self.conn.prepare(
            "SELECT seq, id, epoch, hlc, kind, version, body, hash FROM journal ORDER BY seq",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let entry = entry_of(row, store, walk.report.head.hash)?;
            let seq = entry.seq;
            let bad = |what: &dyn std::fmt::Display| Finding::Entry { seq, what: what.to_string() };
            walk.report.head = entry.follows(walk.report.head).map_err(|error| bad(&error))?;
            walk.report.entries += 1;
            let known = read(&entry.kind, entry.version, &entry.body).map_err(|e| bad(&e))?;
            match known {
                Read::Known(fact) => self.fact(&mut walk, seq, &fact)?,
                Read::Unknown => walk.report.unknown += 1,
            }
        }
        self.projections(&walk)?;
        Ok(walk.report)
    }

    fn fact(&self, walk: &mut Walk, seq: u64, fact: &Fact) -> Result<(), Finding> {
        let bad = |what: String| Finding::Entry { seq, what };
        let postings = fact.postings().map_err(|error| bad(error.to_string()))?;
        self.posted(seq, &postings)?;
        walk.drawers.take(seq, fact).map_err(|error| bad(error.to_string()))?;
        let Fact::SaleCompleted(sale) = fact else { return Ok(()) };
        walk.report.sales += 1;
        let receipt = &sale.parts().receipt;
        let last = walk.receipts.entry(receipt.terminal.to_string()).or_default();
        if receipt.number != *last + 1 {
            return Err(bad(format!("receipt {receipt} does not follow number {last}")));
        }
        *last = receipt.number;
        let row = self.sale(sale.parts().id)?;
        match row {
            Some(row) if row.seq == seq && row.sale == **sale => Ok(()),
            _ => Err(bad("the sale is not found by its id".into())),
        }
    }

    /// The stored postings of an entry are those that follow from it, and sum to zero.
    fn posted(&self, seq: u64, postings: &Postings) -> Result<(), Finding> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT account, amount FROM posting WHERE seq = ?1 ORDER BY n")?;
        let stored: Vec<(String, i64)> = statement
            .query_map([seq.cast_signed()], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let derived: Vec<(String, i64)> = (postings.money().iter())
            .map(|posting| (posting.account.to_string(), posting.amount.minor()))
            .collect();
        if stored != derived || stored.iter().map(|(_, amount)| amount).sum::<i64>() != 0 {
            let what = "its postings are not those that were written".into();
            return Err(Finding::Entry { seq, what });
        }
        let mut statement = self.conn.prepare_cached(
            "SELECT sku, quantity, source, target FROM stock_move WHERE seq = ?1 ORDER BY n",
        )?;
        let mut rows = statement.query([seq.cast_signed()])?;
        let (mut derived, mut same) = (postings.goods().iter(), true);
        while let Some(row) = rows.next()? {
            let stored: (String, i64, String, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            same &= derived.next().is_some_and(|moved| {
                let (from, to) = (moved.from.as_str(), moved.to.as_str());
                stored.0 == moved.sku.as_str()
                    && (stored.1, stored.2.as_str(), stored.3.as_str())
                        == (moved.quantity.thousandths(), from, to)
            });
        }
        if !same || derived.next().is_some() {
            let what = "its stock moves are not those that were written".into();
            return Err(Finding::Entry { seq, what });
        }
        Ok(())
    }

    fn projections(&self, walk: &Walk) -> Result<(), Finding> {
        let sales: i64 = self.conn.query_row("SELECT count(*) FROM sale", [], |row| row.get(0))?;
        if sales.cast_unsigned() != walk.report.sales {
            return Err(Finding::Projection(format!(
                "{sales} sales are listed, {} are in the journal",
                walk.report.sales
            )));
        }
        let sum: i64 =
            self.conn
                .query_row("SELECT coalesce(sum(amount), 0) FROM posting", [], |row| row.get(0))?;
        if sum != 0 {
            return Err(Finding::Projection(format!("the books are off by {sum}")));
        }
        stock::check(self.conn)?;
        self.sums()?;
        for (terminal, last) in &walk.receipts {
            let stored: u32 = self.conn.query_row(
                "SELECT receipt FROM terminal WHERE id = ?1",
                [terminal],
                |row| row.get(0),
            )?;
            if stored != *last {
                return Err(Finding::Projection(format!(
                    "{terminal} counts {stored} receipts, the journal holds {last}"
                )));
            }
        }
        Ok(())
    }
}

//! Rights and stored value, as tills look them up.

use crate::core::{Tx, View};
use crate::error::{LedgerError, unreadable};
use edge_domain::StoreTime;
use edge_domain::fact::Fact;
use edge_domain::payment::{Payment, Stored, Tender};
use edge_domain::rights::{Cell, Resource};
use edge_domain::sale::Sale;
use edge_domain::value::RightsMoved;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// The rights in one resource, as this store sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RightRow {
    /// In what.
    pub resource: Resource,
    /// What this store holds; below nothing by what it overdrew.
    pub held: i64,
    /// What was made less what was used, in all places, as far as is known here.
    pub known: i64,
    /// What others ask this store for.
    pub due: u64,
}

/// Which rights are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RightsState {
    /// All.
    Any,
    /// Those of which more was sold than was held.
    Overdrawn,
    /// Those that others ask for.
    Due,
}

const ROW: &str = "SELECT resource, held, known, due FROM rights";

fn row(row: &Row<'_>) -> Result<RightRow, LedgerError> {
    Ok(RightRow {
        resource: row.get::<_, String>(0)?.parse().map_err(unreadable)?,
        held: row.get(1)?,
        known: row.get(2)?,
        due: row.get::<_, i64>(3)?.cast_unsigned(),
    })
}

impl Tx<'_> {
    /// Writes what a document says of the rights in a resource.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn put_rights(&mut self, shard: &str, rights: &RightRow) -> Result<(), LedgerError> {
        let mut put = self.conn.prepare_cached(
            "INSERT OR REPLACE INTO rights (resource, shard, held, known, due)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        let (name, due) = (rights.resource.to_string(), rights.due.cast_signed());
        put.execute(params![name, shard, rights.held, rights.known, due])?;
        Ok(())
    }
}

impl View<'_> {
    /// The rights in a resource; None where nobody ever made any.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn rights(&self, resource: &Resource) -> Result<Option<RightRow>, LedgerError> {
        let mut query = self.conn.prepare_cached(&format!("{ROW} WHERE resource = ?1"))?;
        let mut rows = query.query([resource.to_string()])?;
        rows.next()?.map(row).transpose()
    }

    /// A page of rights, by resource.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn rights_page(
        &self,
        state: RightsState,
        after: &str,
        limit: u32,
    ) -> Result<Vec<RightRow>, LedgerError> {
        let state = match state {
            RightsState::Any => "",
            RightsState::Overdrawn => " AND held < 0",
            RightsState::Due => " AND due > 0",
        };
        let sql = format!("{ROW} WHERE resource > ?1{state} ORDER BY resource LIMIT ?2");
        let mut query = self.conn.prepare_cached(&sql)?;
        let mut rows = query.query(params![after, limit])?;
        let mut page = Vec::new();
        while let Some(next) = rows.next()? {
            page.push(row(next)?);
        }
        Ok(page)
    }

    /// All rights of a document.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn rights_of_shard(&self, shard: &str) -> Result<Vec<RightRow>, LedgerError> {
        let sql = format!("{ROW} WHERE shard = ?1 ORDER BY resource");
        let mut query = self.conn.prepare_cached(&sql)?;
        let mut rows = query.query([shard])?;
        let mut all = Vec::new();
        while let Some(next) = rows.next()? {
            all.push(row(next)?);
        }
        Ok(all)
    }

    /// This store's own cells, by the journal.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn own_rights(&self) -> Result<Vec<(Resource, Cell, u64)>, LedgerError> {
        let sql = "SELECT resource, cell, amount FROM right_own ORDER BY resource, cell";
        let mut query = self.conn.prepare_cached(sql)?;
        let mut rows = query.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let resource = row.get::<_, String>(0)?.parse().map_err(unreadable)?;
            let cell = row.get::<_, String>(1)?.parse().map_err(unreadable)?;
            all.push((resource, cell, row.get::<_, i64>(2)?.cast_unsigned()));
        }
        Ok(all)
    }

    /// What a customer spent in this store on the days after one, in minor units.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn spent_since(&self, customer: &str, day: i64) -> Result<i64, LedgerError> {
        let mut query = self.conn.prepare_cached(
            "SELECT coalesce(sum(amount), 0) FROM customer_spend WHERE customer = ?1 AND day > ?2",
        )?;
        Ok(query.query_row(params![customer, day], |row| row.get(0))?)
    }

    /// What was put on a card, a voucher or an account here, less what was taken from it here, in
    /// minor units; None where it was never seen.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn stored_value(&self, kind: Stored, reference: &str) -> Result<Option<i64>, LedgerError> {
        let mut query = self.conn.prepare_cached(
            "SELECT balance FROM stored_value WHERE kind = ?1 AND reference = ?2",
        )?;
        Ok(query.query_row([kind.as_str(), reference], |row| row.get(0)).optional()?)
    }
}

/// What follows from a fact for rights and stored value.
pub(crate) fn apply(conn: &Connection, fact: &Fact) -> Result<(), LedgerError> {
    match fact {
        Fact::RightsMoved(moved) => own(conn, moved),
        Fact::ValueIssued(issued) => {
            add(conn, issued.kind, &issued.reference, issued.amount.minor())
        }
        Fact::DepositTaken(deposit) => paid(conn, &deposit.payment),
        Fact::RefundMoved(moved) => paid(conn, moved.given()),
        Fact::SaleCompleted(sale) => sold(conn, sale),
        _ => Ok(()),
    }
}

fn own(conn: &Connection, moved: &RightsMoved) -> Result<(), LedgerError> {
    let mut add = conn.prepare_cached(
        "INSERT INTO right_own (resource, cell, amount) VALUES (?1, ?2, ?3)
         ON CONFLICT (resource, cell) DO UPDATE SET amount = amount + excluded.amount",
    )?;
    for part in &moved.moves {
        let (resource, cell) = (part.resource.to_string(), part.cell.to_string());
        add.execute(params![resource, cell, part.by.cast_signed()])?;
    }
    Ok(())
}

fn sold(conn: &Connection, sale: &Sale) -> Result<(), LedgerError> {
    let parts = sale.parts();
    let mut spent = 0;
    for line in &parts.lines {
        let minor = line.total().map_err(unreadable)?.minor();
        match (line.more.nature.loads(), line.more.serials.first()) {
            (Some(kind), Some(whose)) => add(conn, kind, whose, minor)?,
            (Some(_), None) => {}
            (None, _) => spent += minor,
        }
    }
    if let Some(customer) = &parts.about.customer {
        spend(conn, customer, day_of(parts.at), spent)?;
        if let Some(earned) = parts.about.earned {
            add(conn, Stored::Points, customer, earned.minor())?;
        }
    }
    parts.payments.iter().filter(|paid| !paid.deposited).try_for_each(|each| paid(conn, each))
}

/// The day that a moment is in, counted from 1970 (UTC).
#[must_use]
pub const fn day_of(at: StoreTime) -> i64 {
    at.as_millis().div_euclid(86_400_000)
}

fn spend(conn: &Connection, customer: &str, day: i64, minor: i64) -> Result<(), LedgerError> {
    let mut add = conn.prepare_cached(
        "INSERT INTO customer_spend (customer, day, amount) VALUES (?1, ?2, ?3)
         ON CONFLICT (customer, day) DO UPDATE SET amount = amount + excluded.amount",
    )?;
    add.execute(params![customer, day, minor])?;
    Ok(())
}

fn paid(conn: &Connection, payment: &Payment) -> Result<(), LedgerError> {
    match (&payment.tender, &payment.reference) {
        (Tender::Stored { kind, .. }, Some(reference)) => {
            add(conn, *kind, reference, -payment.amount.minor())
        }
        _ => Ok(()),
    }
}

fn add(conn: &Connection, kind: Stored, reference: &str, minor: i64) -> Result<(), LedgerError> {
    let mut add = conn.prepare_cached(
        "INSERT INTO stored_value (kind, reference, balance) VALUES (?1, ?2, ?3)
         ON CONFLICT (kind, reference) DO UPDATE SET balance = balance + excluded.balance",
    )?;
    add.execute(params![kind.as_str(), reference, minor])?;
    Ok(())
}

//! Promotions as tills read them, and how often each counted.

use crate::core::{Tx, View};
use crate::error::{LedgerError, unreadable};
use cloud_sync_protocol::v1::promotion::PromotionV1;
use edge_domain::order::Cause;
use edge_domain::promotion::Promotion;
use edge_domain::sale::Sale;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeSet;

/// The name of the count of changes: who keeps promotions in memory reads them again when it
/// moves.
const VERSION: &str = "promotions";

impl Tx<'_> {
    /// Writes all promotions, if they are others than before.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn put_promotions(&mut self, bodies: &[(String, String)]) -> Result<(), LedgerError> {
        let mut sorted = bodies.to_vec();
        sorted.sort();
        if self.view().promotion_bodies()? == sorted {
            return Ok(());
        }
        self.conn.prepare_cached("DELETE FROM promotion")?.execute([])?;
        let mut insert =
            self.conn.prepare_cached("INSERT INTO promotion (id, body) VALUES (?1, ?2)")?;
        for (id, body) in &sorted {
            insert.execute(params![id, body])?;
        }
        drop(insert);
        self.next_number(VERSION)?;
        Ok(())
    }
}

impl View<'_> {
    /// Counts up when the promotions change.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn promotions_version(&self) -> Result<u32, LedgerError> {
        let mut statement = self.conn.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
        let version = statement.query_row([VERSION], |row| row.get(0)).optional()?;
        Ok(version.unwrap_or(0))
    }

    /// Every promotion that is not over: its id and its body.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn promotion_bodies(&self) -> Result<Vec<(String, String)>, LedgerError> {
        let mut statement =
            self.conn.prepare_cached("SELECT id, body FROM promotion ORDER BY id")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every promotion that is not over. One that this release cannot read is left out.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn promotions(&self) -> Result<Vec<Promotion>, LedgerError> {
        let read = |(_, body): (String, String)| {
            let shape: PromotionV1 = serde_json::from_str(&body).ok()?;
            shape.into_domain(self.currency).ok()
        };
        Ok(self.promotion_bodies()?.into_iter().filter_map(read).collect())
    }

    /// On how many sales a promotion counted: to a customer, or in all.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn promotion_sales(
        &self,
        promotion: &str,
        customer: Option<&str>,
    ) -> Result<u32, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT sales FROM promotion_use WHERE promotion = ?1 AND customer = ?2",
        )?;
        let key = params![promotion, customer.unwrap_or_default()];
        let sales = statement.query_row(key, |row| row.get(0)).optional();
        Ok(sales.map_err(unreadable)?.unwrap_or(0))
    }
}

/// The promotions that count on a sale.
#[must_use]
pub fn counted(sale: &Sale) -> BTreeSet<&str> {
    let parts = sale.parts().lines.iter().flat_map(|line| &line.more.adjustments);
    let promotions = parts.filter(|part| part.cause == Cause::Promotion);
    promotions.map(|part| part.id.as_str()).collect()
}

pub(crate) fn count(conn: &Connection, sale: &Sale) -> Result<(), LedgerError> {
    let customer = sale.parts().about.customer.as_deref();
    for promotion in counted(sale) {
        for whose in std::iter::once("").chain(customer) {
            let mut statement = conn.prepare_cached(
                "INSERT INTO promotion_use (promotion, customer, sales) VALUES (?1, ?2, 1)
                 ON CONFLICT (promotion, customer) DO UPDATE SET sales = sales + 1",
            )?;
            statement.execute(params![promotion, whose])?;
        }
    }
    Ok(())
}

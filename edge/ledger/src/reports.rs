//! What sales add up to, by time, till, person, tender, tax and item, and whether that agrees
//! with what was posted. All of one report is read in one snapshot.

mod fold;

pub(crate) use fold::Tally;
pub use fold::{QUARTER_MS, quarter_of};

use crate::core::View;
use crate::error::LedgerError;
use crate::journal::signed;
use edge_domain::audit::{Action, Audit};
use edge_domain::fact::Fact;
use fold::DAY_QUARTERS;
use rusqlite::{Row, params};

/// Sums of sales. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Sums {
    /// How many receipts.
    pub sales: i64,
    /// How many of them give money back.
    pub returns: i64,
    /// What was to pay.
    pub gross: i64,
    /// Without tax.
    pub net: i64,
    /// Money on gift cards, which is no revenue yet.
    pub cards: i64,
    /// The sum of the lines, with or without tax as prices are.
    pub lines: i64,
    /// What people and promotions took off.
    pub discounts: i64,
    /// What lines that came back took off.
    pub returned: i64,
    /// For the staff.
    pub tips: i64,
}

/// What a tender brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenderSum {
    /// Its name.
    pub method: String,
    /// How many payments.
    pub count: i64,
    /// What of the sales it paid.
    pub settled: i64,
    /// For the staff.
    pub tips: i64,
    /// What cash rounding added.
    pub rounding: i64,
}

/// A tax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxSum {
    /// The levy; empty for a line's first tax.
    pub code: String,
    /// Thousandths of a per cent.
    pub rate: u32,
    /// What was taxed.
    pub net: i64,
    /// The tax.
    pub tax: i64,
}

/// What was sold of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemSum {
    /// The item.
    pub sku: String,
    /// Its name now, if it is still known.
    pub name: Option<String>,
    /// Its category now.
    pub category: Option<String>,
    /// How many lines.
    pub lines: i64,
    /// How much, in thousandths.
    pub quantity: i64,
    /// For how much, with or without tax as prices are.
    pub amount: i64,
}

/// By what tills' sums are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Till {
    /// By quarter of an hour.
    Quarter,
    /// By terminal.
    Terminal,
    /// By who sold.
    Staff,
}

/// Quarters of an hour from the first to before the second.
pub type Quarters = (i64, i64);

const SUMS: &str = "sum(sales), sum(returns), sum(gross), sum(net), sum(cards), sum(lines), \
     sum(discounts), sum(returned), sum(tips)";

impl View<'_> {
    /// Sums by quarter, terminal or person, in the order of their names.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn sold_by(
        &self,
        by: Till,
        (from, to): Quarters,
    ) -> Result<Vec<(String, Sums)>, LedgerError> {
        let key = match by {
            Till::Quarter => "quarter",
            Till::Terminal => "terminal",
            Till::Staff => "staff",
        };
        let sql = format!(
            "SELECT CAST({key} AS TEXT), {SUMS} FROM sold_till
             WHERE quarter >= ?1 AND quarter < ?2 GROUP BY {key} ORDER BY {key}"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map([from, to], |row| Ok((row.get(0)?, sums_of(row)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// By tender.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn sold_by_tender(&self, (from, to): Quarters) -> Result<Vec<TenderSum>, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT method, sum(count), sum(settled), sum(tips), sum(rounding) FROM sold_tender
             WHERE quarter >= ?1 AND quarter < ?2 GROUP BY method ORDER BY method",
        )?;
        let rows = statement.query_map([from, to], |row| {
            Ok(TenderSum {
                method: row.get(0)?,
                count: row.get(1)?,
                settled: row.get(2)?,
                tips: row.get(3)?,
                rounding: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// By tax.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn sold_by_tax(&self, (from, to): Quarters) -> Result<Vec<TaxSum>, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT code, rate, sum(net), sum(tax) FROM sold_tax
             WHERE quarter >= ?1 AND quarter < ?2 GROUP BY code, rate ORDER BY code, rate",
        )?;
        let rows = statement.query_map([from, to], |row| {
            Ok(TaxSum { code: row.get(0)?, rate: row.get(1)?, net: row.get(2)?, tax: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// By item, the most first. Whole days of UTC are read as such, the edges by quarters.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn sold_by_item(&self, (from, to): Quarters) -> Result<Vec<ItemSum>, LedgerError> {
        let first = from.div_euclid(DAY_QUARTERS) + i64::from(from.rem_euclid(DAY_QUARTERS) > 0);
        let last = to.div_euclid(DAY_QUARTERS).max(first);
        let edge = |day: i64| (day * DAY_QUARTERS).min(to);
        let mut statement = self.conn.prepare_cached(
            "SELECT s.sku, i.name, i.category, s.lines, s.quantity, s.amount FROM (
                 SELECT sku, sum(lines) lines, sum(quantity) quantity, sum(amount) amount FROM (
                     SELECT sku, lines, quantity, amount FROM sold_item_day
                         WHERE day >= ?1 AND day < ?2
                     UNION ALL SELECT sku, lines, quantity, amount FROM sold_item
                         WHERE quarter >= ?3 AND quarter < ?4
                     UNION ALL SELECT sku, lines, quantity, amount FROM sold_item
                         WHERE quarter >= ?5 AND quarter < ?6
                 ) GROUP BY sku
             ) s LEFT JOIN item i ON i.sku = s.sku ORDER BY s.amount DESC, s.sku",
        )?;
        let range = params![first, last, from, edge(first), edge(last).max(edge(first)), to];
        let rows = statement.query_map(range, |row| {
            Ok(ItemSum {
                sku: row.get(0)?,
                name: row.get(1)?,
                category: row.get(2)?,
                lines: row.get(3)?,
                quantity: row.get(4)?,
                amount: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What the sales posted on revenue and tax, as people read it: above nothing for income.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn posted_income(&self, (from, to): Quarters) -> Result<i64, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT coalesce(-sum(amount), 0) FROM sold_posting WHERE quarter >= ?1
             AND quarter < ?2 AND (account = 'sales' OR account LIKE 'tax:%')",
        )?;
        Ok(statement.query_row([from, to], |row| row.get(0))?)
    }

    /// Where the journal stands in this snapshot.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn last_seq(&self) -> Result<u64, LedgerError> {
        let sql = "SELECT coalesce(max(seq), 0) FROM journal";
        let last: i64 = self.conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(last.cast_unsigned())
    }

    /// Audit entries before one, the latest first, with their places in the journal.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn audits(
        &self,
        action: Option<Action>,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<(u64, Audit)>, LedgerError> {
        let before = before.map_or(Ok(i64::MAX), signed)?;
        let mut statement = self.conn.prepare_cached(
            "SELECT seq FROM audit_entry WHERE seq < ?1 AND (?2 IS NULL OR action = ?2)
             ORDER BY seq DESC LIMIT ?3",
        )?;
        let action = action.map(Action::as_str);
        let seqs = statement.query_map(params![before, action, limit], |row| row.get(0))?;
        let mut audits = Vec::new();
        for seq in seqs.collect::<Result<Vec<i64>, _>>()? {
            if let Some(Fact::Audited(audit)) = self.fact_at(seq)? {
                audits.push((seq.cast_unsigned(), audit));
            }
        }
        Ok(audits)
    }
}

fn sums_of(row: &Row<'_>) -> Result<Sums, rusqlite::Error> {
    Ok(Sums {
        sales: row.get(1)?,
        returns: row.get(2)?,
        gross: row.get(3)?,
        net: row.get(4)?,
        cards: row.get(5)?,
        lines: row.get(6)?,
        discounts: row.get(7)?,
        returned: row.get(8)?,
        tips: row.get(9)?,
    })
}

//! What sales add up to, written with them: a year of reports reads sums, not sales.
//!
//! Each command tallies in memory; what was tallied is written after some sales, when somebody
//! reads, or after a second, and `meta.sums` says up to which entry. So a sale at the counter
//! does not pay for reports (six pages of twenty), and what a crash left out is read again from
//! the journal at the next start.

use crate::error::{LedgerError, unreadable};
use crate::journal::signed;
use edge_domain::fact::Fact;
use edge_domain::order::{Cause, Line};
use edge_domain::payment::Payment;
use edge_domain::sale::Sale;
use edge_domain::time::StoreTime;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// So many facts are tallied at most before they are written: a start after a crash reads as many.
const FACTS_MAX: usize = 64;

/// A quarter of an hour, in milliseconds.
pub const QUARTER_MS: i64 = 900_000;
/// Quarters in a day of UTC.
pub(crate) const DAY_QUARTERS: i64 = 96;

/// The quarter of an hour that a moment is in, counted from 1970 (UTC).
#[must_use]
pub const fn quarter_of(at: StoreTime) -> i64 {
    at.as_millis().div_euclid(QUARTER_MS)
}

/// Sums by the rows that they are kept in; the first part of each key is the quarter.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// How many facts.
    facts: usize,
    /// Somebody waits for it.
    pub(crate) wanted: bool,
    /// By terminal and person: sales, returns, gross, net, cards, lines, discounts, returned, tips.
    tills: BTreeMap<(i64, String, String), [i64; 9]>,
    /// By tender: count, settled, tips, rounding.
    tenders: BTreeMap<(i64, String), [i64; 4]>,
    /// By levy and rate: net, tax.
    taxes: BTreeMap<(i64, String, u32), [i64; 2]>,
    /// By item: lines, quantity, amount.
    items: BTreeMap<(i64, String), [i64; 3]>,
    /// By account.
    postings: BTreeMap<(i64, String), [i64; 1]>,
}

/// Adds to the sums of a key.
fn add<K: Ord, const N: usize>(sums: &mut BTreeMap<K, [i64; N]>, key: K, values: [i64; N]) {
    let sums = sums.entry(key).or_insert([0; N]);
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
}

impl Tally {
    /// Adds a fact to the sums that it changes.
    pub(crate) fn take_fact(&mut self, fact: &Fact) -> Result<(), LedgerError> {
        match fact {
            Fact::SaleCompleted(sale) => self.sold(sale),
            Fact::RefundMoved(moved) => {
                self.facts += 1;
                let quarter = quarter_of(moved.at());
                self.paid(quarter, moved.card())?;
                self.paid(quarter, moved.given())
            }
            _ => Ok(()),
        }
    }

    fn paid(&mut self, quarter: i64, payment: &Payment) -> Result<(), LedgerError> {
        let settled = payment.settles().map_err(unreadable)?.minor();
        let sums = [1, settled, payment.tip.minor(), payment.rounding.minor()];
        add(&mut self.tenders, (quarter, payment.tender.method().to_owned()), sums);
        Ok(())
    }

    /// Adds a sale to every sum.
    fn sold(&mut self, sale: &Sale) -> Result<(), LedgerError> {
        let quarter = quarter_of(sale.parts().at);
        self.facts += 1;
        self.till(quarter, sale)?;
        for payment in &sale.parts().payments {
            self.paid(quarter, payment)?;
        }
        for tax in &sale.totals().taxes {
            let key = (quarter, tax.code.clone(), tax.rate.thousandths());
            add(&mut self.taxes, key, [tax.net.minor(), tax.tax.minor()]);
        }
        for line in &sale.parts().lines {
            let amount = line.total().map_err(unreadable)?.minor();
            let sums = [1, line.quantity.thousandths(), amount];
            add(&mut self.items, (quarter, line.sku.as_str().to_owned()), sums);
        }
        for posting in sale.postings()?.money() {
            let key = (quarter, posting.account.to_string());
            add(&mut self.postings, key, [posting.amount.minor()]);
        }
        Ok(())
    }

    fn till(&mut self, quarter: i64, sale: &Sale) -> Result<(), LedgerError> {
        let (parts, totals) = (sale.parts(), sale.totals());
        let (mut cards, mut lines, mut discounts, mut returned) = (0, 0, 0, 0);
        for line in &parts.lines {
            let total = line.total().map_err(unreadable)?.minor();
            lines += total;
            cards += if line.more.nature.loads().is_some() { total } else { 0 };
            returned += if line.is_return() { total } else { 0 };
            discounts += if line.is_return() { 0 } else { given(line) };
        }
        let paid_here = parts.payments.iter().filter(|payment| !payment.deposited);
        let tips: i64 = paid_here.map(|payment| payment.tip.minor()).sum();
        let (gross, net) = (totals.gross.minor(), totals.net.minor());
        let staff = parts.about.staff.clone().unwrap_or_default();
        add(
            &mut self.tills,
            (quarter, parts.receipt.terminal.as_str().to_owned(), staff),
            [1, i64::from(gross < 0), gross, net, cards, lines, discounts, returned, tips],
        );
        Ok(())
    }

    /// Adds what another one tallied.
    pub(crate) fn take(&mut self, other: Self) {
        self.facts += other.facts;
        self.wanted |= other.wanted;
        other.tills.into_iter().for_each(|(key, sums)| add(&mut self.tills, key, sums));
        other.tenders.into_iter().for_each(|(key, sums)| add(&mut self.tenders, key, sums));
        other.taxes.into_iter().for_each(|(key, sums)| add(&mut self.taxes, key, sums));
        other.items.into_iter().for_each(|(key, sums)| add(&mut self.items, key, sums));
        other.postings.into_iter().for_each(|(key, sums)| add(&mut self.postings, key, sums));
    }

    /// Whether nothing waits to be written.
    pub(crate) const fn is_empty(&self) -> bool {
        self.facts == 0
    }

    /// Whether it has to be written now.
    pub(crate) const fn is_due(&self) -> bool {
        self.facts >= FACTS_MAX || self.wanted
    }

    /// Writes what was tallied of the journal up to an entry, and starts anew.
    pub(crate) fn write(&mut self, conn: &Connection, until: u64) -> Result<(), LedgerError> {
        let tally = std::mem::take(self);
        if tally.is_empty() {
            return Ok(());
        }
        conn.prepare_cached("INSERT OR REPLACE INTO meta (key, value) VALUES ('sums', ?1)")?
            .execute([signed(until)?])?;
        tally.write_tills(conn)?;
        let mut statement = conn.prepare_cached(
            "INSERT INTO sold_tender (quarter, method, count, settled, tips, rounding)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET count = count + excluded.count,
                 settled = settled + excluded.settled,
                 tips = tips + excluded.tips, rounding = rounding + excluded.rounding",
        )?;
        for ((quarter, method), [count, settled, tips, rounding]) in &tally.tenders {
            statement.execute(params![quarter, method, count, settled, tips, rounding])?;
        }
        let mut statement = conn.prepare_cached(
            "INSERT INTO sold_tax (quarter, code, rate, net, tax) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET net = net + excluded.net, tax = tax + excluded.tax",
        )?;
        for ((quarter, code, rate), [net, tax]) in &tally.taxes {
            statement.execute(params![quarter, code, rate, net, tax])?;
        }
        tally.write_items(conn)?;
        let mut statement = conn.prepare_cached(
            "INSERT INTO sold_posting (quarter, account, amount) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET amount = amount + excluded.amount",
        )?;
        for ((quarter, account), [amount]) in &tally.postings {
            statement.execute(params![quarter, account, amount])?;
        }
        Ok(())
    }

    fn write_tills(&self, conn: &Connection) -> Result<(), LedgerError> {
        let mut statement = conn.prepare_cached(
            "INSERT INTO sold_till (quarter, terminal, staff, sales, returns, gross, net, cards,
                 lines, discounts, returned, tips)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
             ON CONFLICT DO UPDATE SET sales = sales + excluded.sales,
                 returns = returns + excluded.returns,
                 gross = gross + excluded.gross, net = net + excluded.net,
                 cards = cards + excluded.cards, lines = lines + excluded.lines,
                 discounts = discounts + excluded.discounts,
                 returned = returned + excluded.returned, tips = tips + excluded.tips",
        )?;
        for ((quarter, terminal, staff), s) in &self.tills {
            statement.execute(params![
                quarter, terminal, staff, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8],
            ])?;
        }
        Ok(())
    }

    fn write_items(&self, conn: &Connection) -> Result<(), LedgerError> {
        let mut days = BTreeMap::new();
        let mut statement = conn.prepare_cached(
            "INSERT INTO sold_item (quarter, sku, lines, quantity, amount)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET lines = lines + excluded.lines,
                 quantity = quantity + excluded.quantity, amount = amount + excluded.amount",
        )?;
        for ((quarter, sku), sums) in &self.items {
            add(&mut days, (quarter.div_euclid(DAY_QUARTERS), sku), *sums);
            statement.execute(params![quarter, sku, sums[0], sums[1], sums[2]])?;
        }
        let mut statement = conn.prepare_cached(
            "INSERT INTO sold_item_day (day, sku, lines, quantity, amount)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET lines = lines + excluded.lines,
                 quantity = quantity + excluded.quantity, amount = amount + excluded.amount",
        )?;
        for ((day, sku), sums) in &days {
            statement.execute(params![day, sku, sums[0], sums[1], sums[2]])?;
        }
        Ok(())
    }
}

/// What people and promotions took off a line.
fn given(line: &Line) -> i64 {
    let given = line.more.adjustments.iter().filter(|part| part.cause != Cause::Return);
    given.map(|part| part.amount.minor()).sum()
}

//! What sales add up to, written with each of them: a year of reports reads sums, not sales.

use crate::error::{LedgerError, unreadable};
use edge_domain::item::Nature;
use edge_domain::money::Money;
use edge_domain::order::{Cause, Line};
use edge_domain::sale::Sale;
use edge_domain::time::StoreTime;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// A quarter of an hour, in milliseconds.
pub const QUARTER_MS: i64 = 900_000;
/// Quarters in a day of UTC.
pub(crate) const DAY_QUARTERS: i64 = 96;

/// The quarter of an hour that a moment is in, counted from 1970 (UTC).
#[must_use]
pub const fn quarter_of(at: StoreTime) -> i64 {
    at.as_millis().div_euclid(QUARTER_MS)
}

/// Adds a sale to every sum.
pub(crate) fn sold(conn: &Connection, sale: &Sale) -> Result<(), LedgerError> {
    let quarter = quarter_of(sale.parts().at);
    till(conn, quarter, sale)?;
    tenders_and_taxes(conn, quarter, sale)?;
    items(conn, quarter, sale)?;
    let mut statement = conn.prepare_cached(
        "INSERT INTO sold_posting (quarter, account, amount) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET amount = amount + excluded.amount",
    )?;
    for posting in sale.postings()?.money() {
        statement.execute(params![quarter, posting.account.to_string(), posting.amount.minor()])?;
    }
    Ok(())
}

fn till(conn: &Connection, quarter: i64, sale: &Sale) -> Result<(), LedgerError> {
    let (parts, totals) = (sale.parts(), sale.totals());
    let (mut cards, mut lines, mut discounts, mut returned) = (0, 0, 0, 0);
    for line in &parts.lines {
        let total = line.total().map_err(unreadable)?.minor();
        lines += total;
        cards += if line.more.nature == Nature::GiftCard { total } else { 0 };
        returned += if line.is_return() { total } else { 0 };
        discounts += if line.is_return() { 0 } else { given(line) };
    }
    let paid_here = parts.payments.iter().filter(|payment| !payment.deposited);
    let tips: i64 = paid_here.map(|payment| payment.tip.minor()).sum();
    let mut statement = conn.prepare_cached(
        "INSERT INTO sold_till (quarter, terminal, staff, sales, returns, gross, net, cards,
             lines, discounts, returned, tips)
         VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT DO UPDATE SET sales = sales + 1, returns = returns + excluded.returns,
             gross = gross + excluded.gross, net = net + excluded.net,
             cards = cards + excluded.cards, lines = lines + excluded.lines,
             discounts = discounts + excluded.discounts,
             returned = returned + excluded.returned, tips = tips + excluded.tips",
    )?;
    statement.execute(params![
        quarter,
        parts.receipt.terminal.as_str(),
        parts.about.staff.as_deref().unwrap_or_default(),
        totals.gross.is_negative(),
        totals.gross.minor(),
        totals.net.minor(),
        cards,
        lines,
        discounts,
        returned,
        tips,
    ])?;
    Ok(())
}

/// What people and promotions took off a line.
fn given(line: &Line) -> i64 {
    let given = line.more.adjustments.iter().filter(|part| part.cause != Cause::Return);
    given.map(|part| part.amount.minor()).sum()
}

fn tenders_and_taxes(conn: &Connection, quarter: i64, sale: &Sale) -> Result<(), LedgerError> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO sold_tender (quarter, method, count, settled, tips, rounding)
         VALUES (?1, ?2, 1, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET count = count + 1, settled = settled + excluded.settled,
             tips = tips + excluded.tips, rounding = rounding + excluded.rounding",
    )?;
    for payment in &sale.parts().payments {
        let settled = payment.settles().map_err(unreadable)?.minor();
        let (method, tip) = (payment.tender.method(), payment.tip.minor());
        statement.execute(params![quarter, method, settled, tip, payment.rounding.minor()])?;
    }
    let mut statement = conn.prepare_cached(
        "INSERT INTO sold_tax (quarter, code, rate, net, tax) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET net = net + excluded.net, tax = tax + excluded.tax",
    )?;
    for tax in &sale.totals().taxes {
        let (net, amount) = (tax.net.minor(), tax.tax.minor());
        statement.execute(params![quarter, tax.code, tax.rate.thousandths(), net, amount])?;
    }
    Ok(())
}

fn items(conn: &Connection, quarter: i64, sale: &Sale) -> Result<(), LedgerError> {
    let mut sums: BTreeMap<&str, (i64, i64, i64)> = BTreeMap::new();
    for line in &sale.parts().lines {
        let sum = sums.entry(line.sku.as_str()).or_default();
        let amount = line.total().map(Money::minor).map_err(unreadable)?;
        *sum = (sum.0 + 1, sum.1 + line.quantity.thousandths(), sum.2 + amount);
    }
    let day = quarter.div_euclid(DAY_QUARTERS);
    for (sql, when) in [
        (
            "INSERT INTO sold_item (quarter, sku, lines, quantity, amount)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET lines = lines + excluded.lines,
                 quantity = quantity + excluded.quantity, amount = amount + excluded.amount",
            quarter,
        ),
        (
            "INSERT INTO sold_item_day (day, sku, lines, quantity, amount)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET lines = lines + excluded.lines,
                 quantity = quantity + excluded.quantity, amount = amount + excluded.amount",
            day,
        ),
    ] {
        let mut statement = conn.prepare_cached(sql)?;
        for (sku, (lines, quantity, amount)) in &sums {
            statement.execute(params![when, sku, lines, quantity, amount])?;
        }
    }
    Ok(())
}

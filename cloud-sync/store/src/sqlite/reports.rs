//! Reports, from the sums by day.

use super::{corrupt, uint};
use crate::error::StoreError;
use crate::model::{GroupBy, SalesQuery, SalesRow, TENANT, TodaysSales};
use edge_domain::ids::StoreId;
use edge_domain::money::Money;
use rusqlite::{Connection, params};
use uuid::Uuid;

fn money(minor: i64, currency: &str) -> Result<Money, StoreError> {
    let currency = currency.parse().map_err(|_| corrupt("currency"))?;
    Money::new(minor, currency).map_err(|_| corrupt("amount"))
}

pub(super) fn sales_of(
    conn: &Connection,
    day: &str,
) -> Result<Vec<(StoreId, TodaysSales)>, StoreError> {
    let mut query = conn.prepare_cached(
        "SELECT d.store, d.count, d.total, d.currency FROM sales_day d \
         JOIN store s ON s.tenant = d.tenant AND s.store = d.store AND s.currency = d.currency \
         WHERE d.tenant = ?1 AND d.day = ?2",
    )?;
    let mut rows = query.query(params![TENANT, day])?;
    let mut sales = Vec::new();
    while let Some(row) = rows.next()? {
        let total = money(row.get(2)?, &row.get::<_, String>(3)?)?;
        let id = StoreId::new(Uuid::from_bytes(row.get(0)?));
        sales.push((id, TodaysSales { count: uint(row.get(1)?), total }));
    }
    Ok(sales)
}

pub(super) fn sales(conn: &Connection, query: &SalesQuery) -> Result<Vec<SalesRow>, StoreError> {
    let sql = match query.group_by {
        GroupBy::Store => {
            "SELECT d.store, s.name, sum(d.count), NULL, sum(d.total), d.currency \
             FROM sales_day d JOIN store s ON s.tenant = d.tenant AND s.store = d.store \
             WHERE d.tenant = ?1 AND d.day BETWEEN ?2 AND ?3 \
             GROUP BY d.store, d.currency ORDER BY s.name, d.store, d.currency"
        }
        GroupBy::Day => {
            "SELECT day, day, sum(count), NULL, sum(total), currency FROM sales_day \
             WHERE tenant = ?1 AND day BETWEEN ?2 AND ?3 \
             GROUP BY day, currency ORDER BY day, currency"
        }
        GroupBy::Item => {
            "SELECT sku, max(name), sum(count), sum(quantity), sum(total), currency \
             FROM item_day WHERE tenant = ?1 AND day BETWEEN ?2 AND ?3 \
             GROUP BY sku, currency ORDER BY sum(total) DESC, sku, currency"
        }
    };
    let mut statement = conn.prepare_cached(sql)?;
    let from = query.from.as_deref().unwrap_or("");
    let to = query.to.as_deref().unwrap_or("~");
    let mut rows = statement.query(params![TENANT, from, to])?;
    let mut report = Vec::new();
    while let Some(row) = rows.next()? {
        let key = match query.group_by {
            GroupBy::Store => Uuid::from_bytes(row.get(0)?).to_string(),
            GroupBy::Day | GroupBy::Item => row.get(0)?,
        };
        report.push(SalesRow {
            key,
            name: row.get(1)?,
            count: uint(row.get(2)?),
            thousandths: row.get(3)?,
            total: money(row.get(4)?, &row.get::<_, String>(5)?)?,
        });
    }
    Ok(report)
}

//! What must hold of stock: the levels are the sums of the moves, lots fit into their level, what
//! is promised is the sum of the promises, and all of it follows from the journal once more.

use super::Finding;
use crate::error::LedgerError;
use crate::rebuild::{STOCK, VALUE, moves, replay};
use crate::{projection, schema};
use edge_domain::fact::Fact;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension};

/// Each asks for the first row that breaks a rule, as the sentence that says so.
const RULES: [&str; 4] = [
    // 1. Levels are sums of moves; what is not held has none.
    "WITH moved (sku, location, quantity) AS (
       SELECT sku, target, quantity FROM stock_move UNION ALL
       SELECT sku, source, -quantity FROM stock_move),
     sums (sku, location, quantity) AS (
       SELECT sku, location, sum(quantity) FROM moved
       WHERE location NOT IN ('supplier', 'customer', 'shrinkage', 'production', 'elsewhere')
       GROUP BY sku, location),
     both (sku, location, moves, level) AS (
       SELECT sku, location, sums.quantity, coalesce(stock_level.quantity, 0)
       FROM sums LEFT JOIN stock_level USING (sku, location)
       UNION ALL
       SELECT sku, location, 0, quantity FROM stock_level
       WHERE (sku, location) NOT IN (SELECT sku, location FROM sums))
     SELECT 'stock of ' || sku || ' in ' || location || ': the moves make ' || moves
       || ' thousandths, the level says ' || level
     FROM both WHERE moves <> level ORDER BY sku, location LIMIT 1",
    // 2. The lots of a place are at most what lies there.
    "SELECT 'lots of ' || sku || ' in ' || location || ': together ' || sum(stock_lot.quantity)
       || ' thousandths, the level says ' || coalesce(max(stock_level.quantity), 0)
     FROM stock_lot LEFT JOIN stock_level USING (sku, location) GROUP BY sku, location
     HAVING sum(stock_lot.quantity) > coalesce(max(stock_level.quantity), 0) LIMIT 1",
    // 3. What is promised of an item is the sum of the promises that are held.
    "WITH held (sku, quantity) AS (
       SELECT sku, sum(quantity) FROM reservation
       JOIN reservation_line ON reservation_line.reservation = reservation.id
       WHERE state = 'held' GROUP BY sku),
     both (sku, promises, says) AS (
       SELECT sku, held.quantity, coalesce(reserved.quantity, 0)
       FROM held LEFT JOIN reserved USING (sku)
       UNION ALL
       SELECT sku, 0, quantity FROM reserved WHERE sku NOT IN (SELECT sku FROM held))
     SELECT 'promises of ' || sku || ': they make ' || promises || ' thousandths, '
       || says || ' are set aside'
     FROM both WHERE promises <> says ORDER BY sku LIMIT 1",
    // 4. What lies on a card or voucher here is what was made of its rights here less what was
    // used: both are written with the same sale. What was given to other places counts in neither.
    "WITH cells (resource, amount) AS (
       SELECT resource, sum(CASE WHEN cell LIKE 'spent:%' THEN -amount ELSE amount END)
       FROM right_own WHERE cell LIKE 'spent:%'
         OR cell = 'given:' || substr(cell, 7, 36) || ':' || substr(cell, 7, 36)
       GROUP BY resource)
     SELECT 'value of ' || kind || '/' || reference || ': its facts make ' || balance
       || ', its rights ' || amount
     FROM stored_value JOIN cells ON resource = kind || '/' || reference
     WHERE kind IN ('gift_card', 'voucher') AND balance <> amount
     ORDER BY kind, reference LIMIT 1",
];

/// Checks the rules, then compares every table with what the journal makes of it.
pub(super) fn check(conn: &Connection) -> Result<(), Finding> {
    for rule in RULES {
        let broken: Option<String> =
            conn.prepare(rule)?.query_row([], |row| row.get(0)).optional()?;
        if let Some(broken) = broken {
            return Err(Finding::Projection(broken));
        }
    }
    let again = again(conn)?;
    STOCK.iter().chain(&VALUE).try_for_each(|(table, key)| same(conn, &again, table, key))
}

/// The projections of the same journal, made anew beside it.
fn again(conn: &Connection) -> Result<Connection, LedgerError> {
    let mut fresh = Connection::open_in_memory()?;
    schema::migrate(&mut fresh)?;
    fresh.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA journal_mode = OFF; BEGIN")?;
    replay(conn, |seq, fact, body| {
        if matches!(fact, Fact::Stock(_) | Fact::SlipsGiven(_)) {
            projection::apply(&fresh, seq, fact, body)?;
        } else {
            crate::rights::apply(&fresh, fact)?;
        }
        moves(&fresh, &fact.postings()?)
    })?;
    fresh.execute_batch("COMMIT")?;
    Ok(fresh)
}

fn same(stored: &Connection, made: &Connection, table: &str, key: &str) -> Result<(), Finding> {
    let sql = format!("SELECT * FROM {table} ORDER BY {key}");
    let (mut stored, mut made) = (stored.prepare(&sql)?, made.prepare(&sql)?);
    let columns = stored.column_count();
    let (mut stored, mut made) = (stored.query([])?, made.query([])?);
    loop {
        let row = |row: Option<&rusqlite::Row<'_>>| -> rusqlite::Result<Option<Vec<Value>>> {
            row.map(|row| (0..columns).map(|at| row.get(at)).collect()).transpose()
        };
        let (left, right) = (row(stored.next()?)?, row(made.next()?)?);
        if left != right {
            return Err(Finding::Projection(format!(
                "{table} is not what the journal makes of it: it says {}, not {}",
                say(left.as_deref()),
                say(right.as_deref())
            )));
        }
        if left.is_none() {
            return Ok(());
        }
    }
}

fn say(row: Option<&[Value]>) -> String {
    let value = |value: &Value| match value {
        Value::Null => "-".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Blob(bytes) => uuid::Uuid::from_slice(bytes).unwrap_or_default().to_string(),
    };
    row.map_or_else(|| "nothing".into(), |row| row.iter().map(value).collect::<Vec<_>>().join(" "))
}

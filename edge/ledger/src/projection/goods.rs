//! Levels, lots and costs after goods moved.

use crate::error::{LedgerError, unreadable};
use edge_domain::item::Sku;
use edge_domain::posting::{Detail, Location, StockMove};
use edge_domain::quantity::{Quantity, THOUSANDTHS_MAX};
use edge_domain::stock::{Cost, Lot, PlaceAdded, first_expired};
use rusqlite::{Connection, OptionalExtension, params};

/// How a day that never comes is written: sorts after every day.
pub(crate) const NO_DAY: &str = "~";

/// What follows from one move.
pub(crate) fn moved(
    conn: &Connection,
    moved: &StockMove,
    detail: Option<&Detail>,
) -> Result<(), LedgerError> {
    let (from, to) = (moved.from.is_held(), moved.to.is_held());
    if from == to && (!from || moved.from == moved.to) {
        return Ok(());
    }
    if from != to {
        cost(conn, moved, detail)?;
    }
    let named = detail.and_then(|detail| detail.lot.as_ref());
    let lots = match named {
        _ if from => leave(conn, moved, named)?,
        Some(lot) => vec![(lot.clone(), moved.quantity)],
        None => vec![],
    };
    if from {
        level(conn, moved, &moved.from, moved.quantity.negated())?;
    }
    if to {
        arrive(conn, moved, &lots)?;
        level(conn, moved, &moved.to, moved.quantity)?;
    }
    Ok(())
}

/// A place was added.
pub(super) fn place(conn: &Connection, fact: &PlaceAdded) -> Result<(), LedgerError> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO place (name, title, sellable) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET title = excluded.title, sellable = excluded.sellable",
    )?;
    statement.execute(params![fact.place.as_str(), fact.title, fact.sellable])?;
    Ok(())
}

fn level(
    conn: &Connection,
    moved: &StockMove,
    place: &Location,
    change: Quantity,
) -> Result<(), LedgerError> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO stock_level (sku, location, quantity) VALUES (?1, ?2, ?3)
         ON CONFLICT (sku, location) DO UPDATE SET quantity = quantity + excluded.quantity",
    )?;
    statement.execute(params![moved.sku.as_str(), place.as_str(), change.thousandths()])?;
    Ok(())
}

/// The worth of what is held changes when goods enter or leave the house.
fn cost(conn: &Connection, moved: &StockMove, detail: Option<&Detail>) -> Result<(), LedgerError> {
    let sku = moved.sku.as_str();
    let mut known = conn.prepare_cached("SELECT value, average FROM stock_cost WHERE sku = ?1")?;
    let known = known.query_row([sku], |row| Ok(Cost { value: row.get(0)?, average: row.get(1)? }));
    let (known, paid) = (known.optional()?, detail.and_then(|detail| detail.unit_cost));
    if known.is_none() && paid.is_none() {
        return Ok(());
    }
    let mut held =
        conn.prepare_cached("SELECT coalesce(sum(quantity), 0) FROM stock_level WHERE sku = ?1")?;
    let (held, quantity) = (bounded(held.query_row([sku], |row| row.get(0))?), moved.quantity);
    let cost = match (known, paid) {
        (None, None) => return Ok(()),
        (None, Some(paid)) => Cost::first(held, quantity, paid),
        (Some(known), Some(paid)) => known.received(held, quantity, paid),
        (Some(known), None) if moved.to.is_held() => known.found(held, quantity),
        (Some(known), None) => known.left(held, quantity),
    };
    let mut statement = conn.prepare_cached(
        "INSERT OR REPLACE INTO stock_cost (sku, value, average) VALUES (?1, ?2, ?3)",
    )?;
    statement.execute(params![sku, cost.value, cost.average])?;
    Ok(())
}

/// Which lots leave: the one that is named as far as it goes, then what is of no lot, then those
/// that expire first. Without a name, those that expire first. Together the lots of a place never
/// exceed what lies there.
fn leave(
    conn: &Connection,
    moved: &StockMove,
    named: Option<&Lot>,
) -> Result<Vec<(Lot, Quantity)>, LedgerError> {
    let (sku, place) = (&moved.sku, &moved.from);
    let lots = lots_in(conn, sku, place)?;
    if lots.is_empty() {
        return Ok(vec![]);
    }
    let (mut taken, mut wanted) = (Vec::new(), moved.quantity);
    let less = |a: Quantity, b: Quantity| a.plus(b.negated()).map_err(unreadable);
    if let Some(lot) = named {
        let held = lots.iter().find(|(known, _)| known == lot).map(|(_, held)| *held);
        let part = held.unwrap_or(Quantity::ZERO).min(wanted);
        if part > Quantity::ZERO {
            taken.push((lot.clone(), part));
        }
        wanted = less(wanted, part)?;
        let loose = loose(conn, sku, place, &lots)?.max(Quantity::ZERO);
        wanted = less(wanted, loose.min(wanted))?;
    }
    let others = lots.into_iter().filter(|(lot, _)| Some(lot) != named).collect();
    taken.extend(first_expired(others, wanted).0);
    let mut less = conn.prepare_cached(
        "UPDATE stock_lot SET quantity = quantity - ?5
         WHERE sku = ?1 AND location = ?2 AND expires = ?3 AND lot = ?4 AND quantity > ?5",
    )?;
    let mut none = conn.prepare_cached(
        "DELETE FROM stock_lot WHERE sku = ?1 AND location = ?2 AND expires = ?3 AND lot = ?4",
    )?;
    for (lot, part) in &taken {
        let (day, part) = (day(lot), part.thousandths());
        let key = (sku.as_str(), place.as_str(), &day, lot.code());
        if less.execute(params![key.0, key.1, key.2, key.3, part])? == 0 {
            none.execute(params![key.0, key.1, key.2, key.3])?;
        }
    }
    Ok(taken)
}

/// Lots arrive. Where more was sold than was there, what arrives is what was sold.
fn arrive(
    conn: &Connection,
    moved: &StockMove,
    lots: &[(Lot, Quantity)],
) -> Result<(), LedgerError> {
    if lots.is_empty() {
        return Ok(());
    }
    let (sku, place) = (&moved.sku, &moved.to);
    let loose = loose(conn, sku, place, &lots_in(conn, sku, place)?)?;
    let mut owed = loose.min(Quantity::ZERO).negated().thousandths();
    let mut statement = conn.prepare_cached(
        "INSERT INTO stock_lot (sku, location, expires, lot, quantity) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity",
    )?;
    for (lot, part) in lots {
        let sold = owed.min(part.thousandths());
        owed -= sold;
        let part = part.thousandths() - sold;
        if part > 0 {
            statement.execute(params![sku.as_str(), place.as_str(), day(lot), lot.code(), part])?;
        }
    }
    Ok(())
}

/// What lies here that is of no known lot; below nothing where more was sold than was known.
fn loose(
    conn: &Connection,
    sku: &Sku,
    place: &Location,
    lots: &[(Lot, Quantity)],
) -> Result<Quantity, LedgerError> {
    let mut level =
        conn.prepare_cached("SELECT quantity FROM stock_level WHERE sku = ?1 AND location = ?2")?;
    let level: Option<i64> =
        level.query_row([sku.as_str(), place.as_str()], |row| row.get(0)).optional()?;
    let of_lots: i64 = lots.iter().map(|(_, held)| held.thousandths()).sum();
    Ok(bounded(level.unwrap_or_default() - of_lots))
}

/// A level as a quantity: one beyond the bound must not stop a sale.
fn bounded(thousandths: i64) -> Quantity {
    let within = thousandths.clamp(-THOUSANDTHS_MAX, THOUSANDTHS_MAX);
    Quantity::from_thousandths(within).unwrap_or(Quantity::ZERO)
}

fn lots_in(
    conn: &Connection,
    sku: &Sku,
    place: &Location,
) -> Result<Vec<(Lot, Quantity)>, LedgerError> {
    let mut statement = conn.prepare_cached(
        "SELECT lot, expires, quantity FROM stock_lot WHERE sku = ?1 AND location = ?2",
    )?;
    let mut rows = statement.query([sku.as_str(), place.as_str()])?;
    let mut lots = Vec::new();
    while let Some(row) = rows.next()? {
        let lot = read_lot(&row.get::<_, String>(0)?, &row.get::<_, String>(1)?)?;
        lots.push((lot, Quantity::from_thousandths(row.get(2)?).map_err(unreadable)?));
    }
    Ok(lots)
}

/// A lot as its columns say it.
pub(crate) fn read_lot(code: &str, expires: &str) -> Result<Lot, LedgerError> {
    let day = (expires != NO_DAY).then(|| expires.parse()).transpose().map_err(unreadable)?;
    Lot::new(code, day).map_err(unreadable)
}

pub(super) fn day(lot: &Lot) -> String {
    lot.expires().map_or_else(|| NO_DAY.to_owned(), |day| day.to_string())
}

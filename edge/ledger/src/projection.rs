//! What follows from facts: written with them in one transaction, and again by
//! [`rebuild`](crate::rebuild). Everything here is a function of the journal alone.

mod counts;
mod goods;
mod reservations;
mod transfers;

pub(crate) use goods::{NO_DAY, moved, read_lot};

use crate::error::{LedgerError, unreadable};
use crate::journal::signed;
use crate::shifts;
use crate::slips;
use cloud_sync_protocol::v1::order::PaymentV1;
use edge_domain::fact::Fact;
use edge_domain::order::{Line, Returned};
use edge_domain::sale::Sale;
use edge_domain::stock::{Left, StockFact};
use rusqlite::{Connection, params};

/// The projections of one fact, but for the goods that it moves: see [`moved`].
pub(crate) fn apply(
    conn: &Connection,
    seq: u64,
    fact: &Fact,
    body: &[u8],
) -> Result<(), LedgerError> {
    let seq = signed(seq)?;
    crate::rights::apply(conn, fact)?;
    match fact {
        Fact::SaleCompleted(sale) => sold(conn, seq, sale),
        Fact::DepositTaken(deposit) => {
            let shape = PaymentV1::from(&deposit.payment);
            let shape = serde_json::to_string(&shape).map_err(unreadable)?;
            let mut statement = conn.prepare_cached(
                "INSERT INTO deposit (id, order_id, seq, body) VALUES (?1, ?2, ?3, ?4)",
            )?;
            let (id, order) = (deposit.payment.id.uuid(), deposit.order.uuid());
            statement.execute(params![
                id.as_bytes().as_slice(),
                order.as_bytes().as_slice(),
                seq,
                shape
            ])?;
            Ok(())
        }
        Fact::TicketFired(ticket) => {
            let mut statement = conn.prepare_cached(
                "INSERT INTO ticket (id, number, station, fired_at, body) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            let (id, at) = (ticket.id.uuid(), ticket.fired_at.as_millis());
            let id = id.as_bytes().as_slice();
            statement.execute(params![id, ticket.number, ticket.station, at, body])?;
            Ok(())
        }
        Fact::TicketBumped { ticket, at } => bumped(conn, ticket.uuid(), Some(at.as_millis())),
        Fact::TicketRecalled { ticket, .. } => bumped(conn, ticket.uuid(), None),
        Fact::Stock(fact) => stock(conn, seq, fact),
        // Cancelling and prices live in documents.
        Fact::OrderCancelled { .. } | Fact::PriceSet(_) => Ok(()),
        Fact::Audited(audit) => {
            let mut statement =
                conn.prepare_cached("INSERT INTO audit_entry (seq, action) VALUES (?1, ?2)")?;
            statement.execute(params![seq, audit.action.as_str()])?;
            Ok(())
        }
        Fact::Shift(shift) => shifts::apply(conn, seq, shift),
        Fact::SlipsGiven(given) => slips::given(conn, seq, given),
        // See `rights`.
        Fact::RightsMoved(_) | Fact::ValueIssued(_) | Fact::RefundMoved(_) => Ok(()),
    }
}

/// What follows from a fact about goods beyond its moves, which the journal posts.
fn stock(conn: &Connection, seq: i64, fact: &StockFact) -> Result<(), LedgerError> {
    match fact {
        StockFact::PlaceAdded(fact) => goods::place(conn, fact),
        StockFact::Moved(fact) => transfers::moved(conn, seq, fact),
        StockFact::Sent(fact) => transfers::sent(conn, seq, fact),
        StockFact::Arrived(fact) => transfers::arrived(conn, fact),
        StockFact::Settled(fact) => transfers::settled(conn, fact),
        StockFact::CountOpened(fact) => counts::opened(conn, seq, fact),
        StockFact::CountTaken(fact) => counts::taken(conn, fact),
        StockFact::CountClosed(fact) => counts::closed(conn, fact),
        StockFact::ReservationMade(fact) => reservations::made(conn, fact),
        StockFact::ReservationCommitted(fact) => {
            let sale = match fact.left {
                Left::Sale(sale) => Some(sale),
                Left::Goods(_) => None,
            };
            reservations::ended(conn, fact.id, "committed", sale, fact.at)
        }
        StockFact::ReservationReleased { id, at } => {
            reservations::ended(conn, *id, "released", None, *at)
        }
        StockFact::ReservationExpired { id, at } => {
            reservations::ended(conn, *id, "expired", None, *at)
        }
        StockFact::Received(_) | StockFact::Adjusted(_) | StockFact::Consumed(_) => Ok(()),
    }
}

fn sold(conn: &Connection, seq: i64, sale: &Sale) -> Result<(), LedgerError> {
    let parts = sale.parts();
    let mut statement = conn.prepare_cached(
        "INSERT INTO sale (id, seq, terminal, number, at, total) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    statement.execute(params![
        parts.id.uuid().as_bytes().as_slice(),
        seq,
        parts.receipt.terminal.as_str(),
        parts.receipt.number,
        parts.at.as_millis(),
        sale.totals().gross.minor(),
    ])?;
    for line in &parts.lines {
        came_back(conn, line)?;
    }
    crate::promotions::count(conn, sale)?;
    crate::gate::sold(conn, seq, sale)
}

fn came_back(conn: &Connection, line: &Line) -> Result<(), LedgerError> {
    let Some(Returned { sale: Some(sale), line: Some(of), .. }) = &line.more.returned else {
        return Ok(());
    };
    let mut statement = conn.prepare_cached(
        "INSERT INTO returned (sale, line, quantity, amount) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (sale, line) DO UPDATE
         SET quantity = quantity + excluded.quantity, amount = amount + excluded.amount",
    )?;
    statement.execute(params![
        sale.uuid().as_bytes().as_slice(),
        of.uuid().as_bytes().as_slice(),
        -line.quantity.thousandths(),
        -line.total().map_err(unreadable)?.minor(),
    ])?;
    Ok(())
}

fn bumped(conn: &Connection, ticket: uuid::Uuid, at: Option<i64>) -> Result<(), LedgerError> {
    let mut statement = conn.prepare_cached("UPDATE ticket SET bumped_at = ?2 WHERE id = ?1")?;
    statement.execute(params![ticket.as_bytes().as_slice(), at])?;
    Ok(())
}

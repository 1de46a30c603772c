//! What the kitchen has to make.

use crate::core::View;
use crate::error::{LedgerError, unreadable};
use cloud_sync_protocol::v1::fact;
use edge_domain::fact::Fact;
use edge_domain::kitchen::Ticket;
use edge_domain::{StoreTime, TicketId};
use rusqlite::{Row, params};

/// A ticket as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketRow {
    /// The ticket.
    pub ticket: Ticket,
    /// When it was finished.
    pub bumped_at: Option<StoreTime>,
}

impl View<'_> {
    /// One ticket.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn ticket(&self, id: TicketId) -> Result<Option<TicketRow>, LedgerError> {
        let mut statement =
            self.conn.prepare_cached("SELECT body, bumped_at FROM ticket WHERE id = ?1")?;
        let mut rows = statement.query([id.uuid().as_bytes().as_slice()])?;
        rows.next()?.map(ticket_of).transpose()
    }

    /// Tickets that wait, oldest first, of one station or of all.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn open_tickets(&self, station: Option<&str>) -> Result<Vec<TicketRow>, LedgerError> {
        self.tickets(
            "SELECT body, bumped_at FROM ticket
             WHERE bumped_at IS NULL AND (?1 IS NULL OR station = ?1)
             ORDER BY fired_at, number LIMIT ?2",
            station,
            500,
        )
    }

    /// Tickets that were finished, latest first, of one station or of all.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn bumped_tickets(
        &self,
        station: Option<&str>,
        limit: u32,
    ) -> Result<Vec<TicketRow>, LedgerError> {
        self.tickets(
            "SELECT body, bumped_at FROM ticket
             WHERE bumped_at IS NOT NULL AND (?1 IS NULL OR station = ?1)
             ORDER BY bumped_at DESC LIMIT ?2",
            station,
            limit,
        )
    }

    fn tickets(
        &self,
        sql: &str,
        station: Option<&str>,
        limit: u32,
    ) -> Result<Vec<TicketRow>, LedgerError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params![station, limit])?;
        let mut tickets = Vec::new();
        while let Some(row) = rows.next()? {
            tickets.push(ticket_of(row)?);
        }
        Ok(tickets)
    }
}

fn ticket_of(row: &Row<'_>) -> Result<TicketRow, LedgerError> {
    let body: Vec<u8> = row.get(0)?;
    let bumped: Option<i64> = row.get(1)?;
    match fact::read("ticket_fired", fact::VERSION, &body).map_err(unreadable)? {
        fact::Read::Known(Fact::TicketFired(ticket)) => {
            Ok(TicketRow { ticket, bumped_at: bumped.map(StoreTime::from_millis) })
        }
        _ => Err(unreadable("a ticket")),
    }
}

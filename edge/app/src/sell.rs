//! A whole sale in one go: what a terminal sold on its own, or a script.

use crate::error::ShopError;
use crate::fire_ticket::send;
use crate::ring_up::{RingUp, line_for};
use crate::shop::Desk;
use crate::take_payment::record;
use edge_domain::item::TerminalId;
use edge_domain::money::Money;
use edge_domain::order::{Head, LINES_MAX, Line, OrderError, OrderKind};
use edge_domain::payment::Tender;
use edge_domain::sale::{Sale, SaleParts};
use edge_domain::{OrderId, PaymentId, SaleId};
use edge_ledger::sales::SaleRow;

/// One line of a whole sale.
#[derive(Clone, Debug)]
pub struct SellLine {
    /// What, how much, how.
    pub ring: RingUp,
    /// The price that the terminal sold at, where it sold on its own.
    pub unit_price: Option<Money>,
}

/// A whole sale.
#[derive(Clone, Debug)]
pub struct Sell {
    /// Where it was sold.
    pub terminal: TerminalId,
    /// What.
    pub lines: Vec<SellLine>,
    /// What was paid, in this order; must cover the total.
    pub tenders: Vec<Tender>,
}

/// Records a whole sale. It is durable when the command answers.
///
/// # Errors
/// As ringing up and paying; [`SaleError::NotCovered`](edge_domain::sale::SaleError) where the
/// tenders are too little.
pub fn sell(desk: &mut Desk<'_, '_>, sell: Sell) -> Result<SaleRow, ShopError> {
    if sell.lines.len() > LINES_MAX {
        return Err(OrderError::TooManyLines.into());
    }
    let mut lines = Vec::with_capacity(sell.lines.len());
    for SellLine { ring, unit_price } in sell.lines {
        let mut line = line_for(desk, ring)?;
        line.unit_price = unit_price.unwrap_or(line.unit_price);
        line.fired = line.station.is_some();
        lines.push(line);
    }
    let fired: Vec<Line> = lines.iter().filter(|line| line.fired).cloned().collect();
    let id = SaleId::new(desk.tx.mint());
    let mint = |tender| (PaymentId::new(desk.tx.mint()), tender);
    let tenders = sell.tenders.into_iter().map(mint).collect();
    let parts = SaleParts {
        id,
        order: None,
        receipt: desk.tx.next_receipt(&sell.terminal)?,
        at: desk.now(),
        currency: desk.shop.currency,
        policy: desk.shop.policy,
        lines,
        payments: vec![],
    };
    let row = record(desk, Sale::of_tenders(parts, tenders)?)?;
    if !fired.is_empty() {
        let head = ticket_head(desk, id, sell.terminal)?;
        send(desk, &head, &fired)?;
    }
    Ok(row)
}

/// What the kitchen calls a sale that never was an order: its id, and a number of its own.
fn ticket_head(
    desk: &mut Desk<'_, '_>,
    sale: SaleId,
    terminal: TerminalId,
) -> Result<Head, ShopError> {
    Ok(Head {
        id: OrderId::new(sale.uuid()),
        number: desk.tx.next_number("order")?,
        kind: OrderKind::Retail,
        terminal,
        table: None,
        opened_at: desk.now(),
        currency: desk.shop.currency,
        policy: desk.shop.policy,
    })
}

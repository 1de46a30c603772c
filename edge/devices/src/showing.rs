//! Customer displays: one thread each, that hears the ledger's feed and shows what was rung up at
//! its terminal, and what was paid.

use crate::asking::Ask;
use crate::board::Board;
use crate::scanning::{BACKOFF, REPLUG, jittered, next};
use crate::{DeviceConfig, House};
use drivers_contract::display::row;
use drivers_contract::{DeviceUri, LineDisplay, Stop, UriError};
use edge_domain::order::{Line, Status};
use edge_domain::quantity::Unit;
use edge_domain::receipt::{Phrase, Words};
use edge_domain::{OrderId, SaleId};
use edge_ledger::feed::{FeedRow, Type};
use edge_ledger::{LedgerError, View};
use std::time::{Duration, Instant};

/// How often the line is looked at: within this, unplugging is noticed.
const LOOK: Duration = Duration::from_millis(50);
/// How many rows of the feed are read at once.
const ROWS: u32 = 200;
/// How long a test stays on the glass.
const TEST: Duration = Duration::from_secs(3);

/// What the two lines say.
type Lines = (String, String);

pub(crate) fn run(
    config: &DeviceConfig,
    index: usize,
    open: fn(&DeviceUri) -> Result<Box<dyn LineDisplay>, UriError>,
    board: &Board,
    house: &House,
    stop: &Stop,
) {
    let mut display = match open(&config.uri) {
        Ok(display) => display,
        Err(error) => {
            board.unusable(index, &error);
            return;
        }
    };
    let station = config.station.as_deref().unwrap_or("T1");
    let mut progress = house.ledger.progress();
    let mut after = progress.borrow().feed;
    let mut glass = Glass::default();
    while !stop.is_stopped() {
        if progress.borrow_and_update().feed > after {
            let words = house.words.as_ref();
            let news = house.ledger.read(|view| news(view, &mut after, station, words));
            if let Ok(Some(lines)) = news {
                glass.want = lines;
                glass.shown = false;
            }
        }
        glass.turn(&mut *display, index, board, stop);
        let moved = async { tokio::time::timeout(LOOK, progress.changed()).await };
        if matches!(house.runtime.block_on(moved), Ok(Err(_))) {
            return;
        }
    }
}

/// What should be on the glass, and whether it is.
#[derive(Default)]
struct Glass {
    want: Lines,
    shown: bool,
    backoff: Option<Duration>,
    retry_at: Option<Instant>,
    rings: u64,
}

impl Glass {
    fn turn(&mut self, display: &mut dyn LineDisplay, index: usize, board: &Board, stop: &Stop) {
        let rings = board.asking.rings(index);
        let rung = std::mem::replace(&mut self.rings, rings) != rings;
        if !rung && self.retry_at.is_some_and(|at| Instant::now() < at) {
            return;
        }
        for ask in board.asking.take(index) {
            if let Ask::Test(reply) = ask {
                let said = display.show("Outpost", &row("1234567890", "OK"));
                let _ = reply.try_send(said.map(|()| "It shows a test for a moment.".into()));
                let _ = stop.wait(TEST);
                self.shown = false;
            }
        }
        let (upper, lower) = &self.want;
        let done = if self.shown { display.check() } else { display.show(upper, lower) };
        match done {
            Ok(()) => {
                (self.shown, self.backoff, self.retry_at) = (true, None, None);
                board.online(index);
            }
            Err(fault) => {
                self.shown = false;
                let backoff = next(self.backoff.unwrap_or(BACKOFF.0), Duration::ZERO).min(REPLUG);
                self.backoff = Some(backoff);
                self.retry_at = Some(Instant::now() + jittered(backoff));
                board.fault(index, fault);
            }
        }
    }
}

/// What the newest rows mean for the glass at a station; the latest that matters holds.
fn news(
    view: View<'_>,
    after: &mut u64,
    station: &str,
    words: &dyn Words,
) -> Result<Option<Lines>, LedgerError> {
    let mut latest = None;
    loop {
        let rows = view.feed(*after, ROWS)?;
        for row in &rows {
            *after = row.seq;
            latest = lines(view, row, station, words)?.or(latest);
        }
        if rows.len() < ROWS as usize {
            return Ok(latest);
        }
    }
}

fn lines(
    view: View<'_>,
    feed: &FeedRow,
    station: &str,
    words: &dyn Words,
) -> Result<Option<Lines>, LedgerError> {
    let Some(id) = feed.entity else { return Ok(None) };
    if feed.kind == Type::SaleCompleted.as_str() {
        let sale = view.sale(SaleId::new(id))?;
        let sale = sale.filter(|row| row.sale.parts().receipt.terminal.as_str() == station);
        let Some(sale) = sale else { return Ok(None) };
        let total = words.money(sale.sale.totals().gross);
        let change = sale.sale.change().ok().filter(|change| change.minor() != 0);
        let lower = match change {
            Some(change) => row(&words.phrase(Phrase::Change), &words.money(change)),
            None => words.phrase(Phrase::Thanks),
        };
        return Ok(Some((row(&words.phrase(Phrase::Total), &total), lower)));
    }
    if feed.kind != Type::OrderChanged.as_str() {
        return Ok(None);
    }
    let order = view.order(OrderId::new(id))?;
    let Some(order) = order.filter(|order| order.head.terminal.as_str() == station) else {
        return Ok(None);
    };
    Ok(match order.status {
        Status::Cancelled => Some(Lines::default()),
        Status::Open | Status::Placed => {
            let last = order.lines.iter().rev().find(|line| !line.voided);
            Some(last.map_or_else(Lines::default, |line| line_of(line, words)))
        }
        // What is paid says its sale.
        Status::Paid | Status::Closed => None,
    })
}

fn line_of(line: &Line, words: &dyn Words) -> Lines {
    let quantity = words.quantity(line.quantity);
    let quantity = match line.unit {
        Unit::Each => format!("{quantity} x"),
        Unit::Kilogram => format!("{quantity} kg"),
        Unit::Litre => format!("{quantity} l"),
        _ => quantity,
    };
    let price = line.total().map(|total| words.money(total)).unwrap_or_default();
    (line.name.clone(), row(&quantity, &price))
}

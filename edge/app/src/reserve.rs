//! Goods are promised: set aside, all or none, for a time.

use crate::error::ShopError;
use crate::rights::{allowed, move_rights, of_goods};
use crate::shop::Desk;
use crate::stock_error::StockError;
use crate::stock_line::bounded;
use edge_domain::ids::ReservationId;
use edge_domain::item::Sku;
use edge_domain::quantity::Quantity;
use edge_domain::stock::{Left, Place, ReservationCommitted, ReservationMade, StockFact, gathered};
use edge_domain::{OrderId, SaleId, StoreTime};
use edge_ledger::View;
use edge_ledger::stock::reservations::{ReservationRow, ReservationState};

/// How long goods are set aside where nothing is said.
const SECONDS: u32 = 900;
/// How long at most: two weeks.
const SECONDS_MAX: u32 = 14 * 86_400;

/// What is to be promised.
#[derive(Clone, Debug, Default)]
pub struct Reserve {
    /// What; an item that stands twice adds up.
    pub lines: Vec<(Sku, Quantity)>,
    /// For how long; a quarter of an hour where nothing is said.
    pub seconds: Option<u32>,
    /// For which order.
    pub order: Option<OrderId>,
    /// What whoever asks calls it.
    pub reference: Option<String>,
}

/// What was promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reserved {
    /// Its id.
    pub id: ReservationId,
    /// Until when.
    pub expires_at: StoreTime,
}

/// How much of an item this store may promise or hand over. The one place to narrow where other
/// rules than what lies there bound it.
///
/// # Errors
/// What the ledger says.
pub fn sellable(view: View<'_>, sku: &Sku) -> Result<Quantity, ShopError> {
    let lies = view.sellable(sku)?;
    Ok(allowed(view, sku)?.map_or(lies, |rights| rights.min(lies)))
}

/// Promises goods, all lines or none. What was promised is there until it is kept, given back or
/// over; a till may still sell what a customer holds in the hand.
///
/// # Errors
/// [`StockError::Insufficient`] names the first item of which there is not enough.
pub fn reserve(desk: &mut Desk<'_, '_>, ask: Reserve) -> Result<Reserved, ShopError> {
    let seconds = ask.seconds.unwrap_or(SECONDS);
    if !(1..=SECONDS_MAX).contains(&seconds) {
        let text = format!("Goods can be set aside for 1 to {SECONDS_MAX} seconds.");
        return Err(ShopError::Invalid(text));
    }
    let lines = bounded(ask.lines, "Say what to reserve.")?;
    for (sku, quantity) in &lines {
        quantity.sellable(desk.unit(sku)?)?;
    }
    let (lines, now) = (gathered(lines)?, desk.now());
    for (sku, asked) in &lines {
        let (lies, promised) = (sellable(desk.view(), sku)?, desk.view().reserved(sku, now)?);
        let available = lies.plus(promised.negated())?.max(Quantity::ZERO);
        if *asked > available {
            let (sku, asked) = (sku.clone(), *asked);
            return Err(StockError::Insufficient { sku, asked, available }.into());
        }
    }
    let id = ReservationId::new(desk.tx.mint());
    let expires_at = StoreTime::from_millis(now.as_millis() + i64::from(seconds) * 1_000);
    let (order, reference) = (ask.order, ask.reference);
    let fact = ReservationMade { id, lines, expires_at, order, reference, at: now };
    desk.tx.append(&StockFact::ReservationMade(fact).into())?;
    Ok(Reserved { id, expires_at })
}

/// Keeps a promise, once. With a sale, the sale has moved the goods; without one, they leave the
/// store now.
///
/// # Errors
/// No such reservation or sale; [`StockError::ReservationEnded`] where it holds nothing any more,
/// even if the goods are still there: somebody else may count on them.
pub fn commit_reservation(
    desk: &mut Desk<'_, '_>,
    id: ReservationId,
    sale: Option<SaleId>,
) -> Result<(), ShopError> {
    let row = held(desk, id)?;
    let left = match sale {
        Some(sale) => {
            desk.view().sale(sale)?.ok_or(ShopError::UnknownSale)?;
            Left::Sale(sale)
        }
        None => {
            let steps = of_goods(desk, row.lines.iter().cloned())?;
            move_rights(desk, steps, None)?;
            Left::Goods(leaving(desk, &row.lines)?)
        }
    };
    commit(desk, id, left)
}

/// Gives a promise back.
///
/// # Errors
/// No such reservation, or one that holds nothing any more.
pub fn release_reservation(desk: &mut Desk<'_, '_>, id: ReservationId) -> Result<(), ShopError> {
    held(desk, id)?;
    let at = desk.now();
    desk.tx.append(&StockFact::ReservationReleased { id, at }.into())?;
    Ok(())
}

/// Ends the promises that a sale keeps, in the sale's own transaction; the sale's postings move
/// the goods. One that is over or was given back does not matter any more: the customer has the
/// goods in hand.
///
/// # Errors
/// No such reservation; [`StockError::ReservationEnded`] for one that was kept before, so that
/// goods do not leave twice.
pub(crate) fn consume_reservations(
    desk: &mut Desk<'_, '_>,
    ids: &[ReservationId],
    sale: SaleId,
) -> Result<(), ShopError> {
    for id in ids {
        let row = row(desk, *id)?;
        match row.state {
            ReservationState::Held => commit(desk, *id, Left::Sale(sale))?,
            ReservationState::Committed if row.sale == Some(sale) => {}
            ReservationState::Committed => {
                return Err(StockError::ReservationEnded(row.state.as_str()).into());
            }
            ReservationState::Released | ReservationState::Expired => {}
        }
    }
    Ok(())
}

/// Writes down which promises are over, at most so many; answers how many were. They count no
/// more since their own time: this only tells the journal.
///
/// # Errors
/// What the ledger says.
pub fn expire_reservations(desk: &mut Desk<'_, '_>, at_most: u32) -> Result<usize, ShopError> {
    let at = desk.now();
    let over = desk.view().overdue_reservations(at, at_most)?;
    for id in &over {
        desk.tx.append(&StockFact::ReservationExpired { id: *id, at }.into())?;
    }
    Ok(over.len())
}

fn commit(desk: &mut Desk<'_, '_>, id: ReservationId, left: Left) -> Result<(), ShopError> {
    let fact = ReservationCommitted { id, left, at: desk.now() };
    desk.tx.append(&StockFact::ReservationCommitted(fact).into())?;
    Ok(())
}

fn row(desk: &Desk<'_, '_>, id: ReservationId) -> Result<ReservationRow, ShopError> {
    let row = desk.view().reservation(id, desk.now())?;
    Ok(row.ok_or(StockError::UnknownReservation)?)
}

fn held(desk: &Desk<'_, '_>, id: ReservationId) -> Result<ReservationRow, ShopError> {
    let row = row(desk, id)?;
    match row.state {
        ReservationState::Held => Ok(row),
        ended => Err(StockError::ReservationEnded(ended.as_str()).into()),
    }
}

/// From where promised goods leave: the shelves as far as they go, then other places whose goods
/// may be promised, then the shelves again, below nothing, for somebody to count.
fn leaving(
    desk: &Desk<'_, '_>,
    lines: &[(Sku, Quantity)],
) -> Result<Vec<(Sku, Quantity, Place)>, ShopError> {
    let places = desk.view().places()?;
    let sellable = |place: &Place| places.iter().any(|row| row.place == *place && row.sellable);
    let mut leaving = Vec::with_capacity(lines.len());
    for (sku, quantity) in lines {
        let mut rest = *quantity;
        let levels = desk.view().stock_row(sku, desk.now())?.places;
        for (place, level) in levels.into_iter().filter(|(place, _)| sellable(place)) {
            let part = level.min(rest);
            if part > Quantity::ZERO {
                rest = rest.plus(part.negated())?;
                leaving.push((sku.clone(), part, place));
            }
        }
        if rest > Quantity::ZERO {
            leaving.push((sku.clone(), rest, Place::Store));
        }
    }
    Ok(leaving)
}

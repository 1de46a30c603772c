//! Goods change places: at once within the store, or on their way.

use crate::error::ShopError;
use crate::shop::Desk;
use crate::stock_error::StockError;
use crate::stock_line::{LotName, bounded};
use edge_domain::ids::TransferId;
use edge_domain::item::Sku;
use edge_domain::quantity::Quantity;
use edge_domain::staff::Permission;
use edge_domain::stock::{
    End, Goods, Lot, Place, StockFact, StockMoved, TransferReceived, TransferSent, TransferSettled,
    first_expired, gathered,
};
use edge_ledger::stock::transfers::TransferRow;
use std::collections::BTreeMap;

/// The longest name of another store, in bytes.
const STORE_BYTES_MAX: usize = 64;

/// What is to change places.
#[derive(Clone, Debug)]
pub struct Transfer {
    /// From here.
    pub from: End,
    /// To here.
    pub to: End,
    /// Whether it is on its way until somebody receives it. To and from other stores it always is.
    pub on_its_way: bool,
    /// What.
    pub lines: Vec<(Sku, Quantity, LotName)>,
    /// What people call it.
    pub reference: Option<String>,
}

/// Moves goods, or sends them on their way. More than the books say may move: what somebody
/// carries is there.
///
/// # Errors
/// An unknown place, item or lot; two ends that are the same.
pub fn transfer_stock(desk: &mut Desk<'_, '_>, ask: Transfer) -> Result<TransferId, ShopError> {
    desk.require(Permission::AdjustStock)?;
    let (from, to) = (known(desk, ask.from)?, known(desk, ask.to)?);
    let two = matches!((&from, &to), (End::Elsewhere(_), End::Elsewhere(_)));
    if from == to || two {
        return Err(ShopError::Invalid("Say from where to where the goods go.".into()));
    }
    let lines = bounded(ask.lines, "Say what to move.")?;
    let lines = goods(desk, &from, lines)?;
    let (id, reference, at) = (TransferId::new(desk.tx.mint()), ask.reference, desk.now());
    let fact = match (from, to) {
        (End::Here(from), End::Here(to)) if !ask.on_its_way => {
            StockFact::Moved(StockMoved { id, from, to, lines, reference, at })
        }
        (from, to) => StockFact::Sent(TransferSent { id, from, to, lines, reference, at }),
    };
    desk.tx.append(&fact.into())?;
    Ok(id)
}

/// Receives what is on its way; all of it where no lines are given. What is short stays on its
/// way, for all to see, until it arrives or is settled.
///
/// # Errors
/// No such transfer, nothing on its way, or more than is.
pub fn receive_transfer(
    desk: &mut Desk<'_, '_>,
    id: TransferId,
    came: Option<Vec<(Sku, Quantity)>>,
) -> Result<(), ShopError> {
    desk.require(Permission::AdjustStock)?;
    let transfer = transfer(desk, id)?;
    let missing = missing(&transfer)?;
    let lines = match came {
        None => missing,
        Some(came) => {
            let mut lines = Vec::new();
            for (sku, quantity) in gathered(bounded(came, "Say what arrived.")?)? {
                quantity.sellable(desk.unit(&sku)?)?;
                let of_sku = missing.iter().filter(|goods| goods.sku == sku);
                lines.extend(part(&sku, quantity, of_sku)?);
            }
            lines
        }
    };
    let fact = TransferReceived { id, to: transfer.to, lines, at: desk.now() };
    desk.tx.append(&StockFact::Arrived(fact).into())?;
    Ok(())
}

/// Gives up what never arrived: it goes to shrinkage.
///
/// # Errors
/// No such transfer, or nothing on its way.
pub fn settle_transfer(
    desk: &mut Desk<'_, '_>,
    id: TransferId,
    note: Option<String>,
) -> Result<(), ShopError> {
    desk.require(Permission::AdjustStock)?;
    let lines = missing(&transfer(desk, id)?)?;
    let fact = TransferSettled { id, lines, note, at: desk.now() };
    desk.tx.append(&StockFact::Settled(fact).into())?;
    Ok(())
}

fn known(desk: &Desk<'_, '_>, end: End) -> Result<End, ShopError> {
    match end {
        End::Here(place) => desk.place(place).map(End::Here),
        End::Elsewhere(name) => {
            let name = name.trim().to_owned();
            let good = (1..=STORE_BYTES_MAX).contains(&name.len());
            let text = "Another store is called by its name, of 1 to 64 characters.";
            if good { Ok(End::Elsewhere(name)) } else { Err(ShopError::Invalid(text.into())) }
        }
    }
}

/// Lines with their lots: what leaves a place of ours without a name leaves as it expires.
fn goods(
    desk: &Desk<'_, '_>,
    from: &End,
    lines: Vec<(Sku, Quantity, LotName)>,
) -> Result<Vec<Goods>, ShopError> {
    let mut plain = Vec::new();
    let mut goods = Vec::with_capacity(lines.len());
    for (sku, quantity, name) in lines {
        quantity.sellable(desk.unit(&sku)?)?;
        let lot = match from {
            End::Here(place) => desk.lot_there(&sku, place, &name)?,
            End::Elsewhere(_) => name.named()?,
        };
        match (lot, from) {
            (None, End::Here(_)) => plain.push((sku, quantity)),
            (lot, _) => goods.push(Goods { sku, quantity, lot }),
        }
    }
    let End::Here(place) = from else { return Ok(goods) };
    for (sku, quantity) in gathered(plain)? {
        let lots = left_over(desk, place, &sku, &goods)?;
        let (taken, rest) = first_expired(lots, quantity);
        let lot = |(lot, quantity)| Goods { sku: sku.clone(), quantity, lot: Some(lot) };
        goods.extend(taken.into_iter().map(lot));
        if rest > Quantity::ZERO {
            goods.push(Goods { sku: sku.clone(), quantity: rest, lot: None });
        }
    }
    Ok(goods)
}

/// The lots of an item in a place, less what other lines name of them.
fn left_over(
    desk: &Desk<'_, '_>,
    place: &Place,
    sku: &Sku,
    named: &[Goods],
) -> Result<Vec<(Lot, Quantity)>, ShopError> {
    let rows = desk.view().lots(sku)?;
    let here = rows.into_iter().filter(|row| row.place == place.as_str());
    let mut lots: BTreeMap<Lot, Quantity> = here.map(|row| (row.lot, row.quantity)).collect();
    for goods in named.iter().filter(|goods| goods.sku == *sku) {
        if let Some(left) = goods.lot.as_ref().and_then(|lot| lots.get_mut(lot)) {
            *left = left.plus(goods.quantity.negated())?.max(Quantity::ZERO);
        }
    }
    Ok(lots.into_iter().collect())
}

fn transfer(desk: &Desk<'_, '_>, id: TransferId) -> Result<TransferRow, ShopError> {
    Ok(desk.view().transfer(id)?.ok_or(StockError::UnknownTransfer)?)
}

/// What is still on its way, lot by lot.
fn missing(transfer: &TransferRow) -> Result<Vec<Goods>, ShopError> {
    let mut missing = Vec::new();
    for line in &transfer.lines {
        let quantity = line.missing()?;
        if quantity > Quantity::ZERO {
            missing.push(Goods { sku: line.sku.clone(), quantity, lot: line.lot.clone() });
        }
    }
    if missing.is_empty() { Err(StockError::TransferDone.into()) } else { Ok(missing) }
}

/// So much of what is on its way of an item.
fn part<'a>(
    sku: &Sku,
    quantity: Quantity,
    missing: impl Iterator<Item = &'a Goods>,
) -> Result<Vec<Goods>, ShopError> {
    let (mut rest, mut parts) = (quantity, Vec::new());
    for goods in missing {
        let part = goods.quantity.min(rest);
        if part > Quantity::ZERO {
            rest = rest.plus(part.negated())?;
            parts.push(Goods { quantity: part, ..goods.clone() });
        }
    }
    if rest > Quantity::ZERO {
        let on_its_way = quantity.plus(rest.negated())?;
        return Err(StockError::ExceedsTransfer { sku: sku.clone(), on_its_way }.into());
    }
    Ok(parts)
}

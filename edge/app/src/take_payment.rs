//! Money changes hands. When nothing is due any more, the order becomes a sale.

use crate::consume::consume;
use crate::error::ShopError;
use crate::fire_ticket::send;
use crate::fiscal;
use crate::loyalty::{earn, reach};
use crate::reserve::consume_reservations;
use crate::shop::Desk;
use crate::stored_value::{settle, settle_deposit};
use edge_domain::fact::{DepositTaken, Fact};
use edge_domain::ids::ReservationId;
use edge_domain::item::{Nature, Sku};
use edge_domain::money::Money;
use edge_domain::order::{Order, Paid, Status, Tendered, age_to_check};
use edge_domain::payment::{Offer, Payment};
use edge_domain::sale::Sale;
use edge_domain::stock::consumption;
use edge_domain::{OrderId, PaymentId, SaleId};
use edge_ledger::feed::{Topic, Type};
use edge_ledger::orders::OrderRow;
use edge_ledger::print::JobKind;
use edge_ledger::sales::SaleRow;

/// What became of a tender.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The order as it stands.
    pub order: OrderRow,
    /// What was taken.
    pub payment: Payment,
    /// What is still due.
    pub due: Money,
    /// The sale, when nothing is.
    pub sale: Option<SaleRow>,
}

/// Takes a tender on an order. When it pays the rest, everything follows in the same
/// transaction: the sale, its postings and stock moves, the receipt's number and print job, and
/// tickets for what the kitchen has not got yet.
///
/// # Errors
/// An order that does not live or is empty, a tender that does not fit.
pub fn take_payment(
    desk: &mut Desk<'_, '_>,
    order: OrderId,
    offer: Offer,
    reservations: &[ReservationId],
) -> Result<Taken, ShopError> {
    let id = PaymentId::new(desk.tx.mint());
    take_payment_as(desk, order, id, offer, reservations)
}

/// Takes a tender under an id that was made before: a card's intent.
pub(crate) fn take_payment_as(
    desk: &mut Desk<'_, '_>,
    order: OrderId,
    id: PaymentId,
    offer: Offer,
    reservations: &[ReservationId],
) -> Result<Taken, ShopError> {
    let mut row = desk.live_order(order)?;
    let before = row.lines.clone();
    let deposits = desk.view().deposits(order)?;
    if deposits.is_empty() {
        desk.price(&mut row)?; // a happy hour may have begun; after a part payment nothing moves
    }
    if let Some(age) = age_to_check(&row.lines, row.head.tab.age_checked) {
        return Err(ShopError::AgeCheckNeeded(age));
    }
    let mut open = Order::open(row.head.clone(), row.lines.clone());
    let fired = open.fire(None);
    let lines = open.lines().to_vec();
    match open.place(deposits)?.tender(id, offer)? {
        Tendered::Part(placed, payment) => {
            let due = placed.due()?;
            settle_deposit(desk, &payment)?;
            let (terminal, at) = (row.head.terminal.clone(), desk.now());
            desk.money_at(&terminal)?;
            let deposit = DepositTaken { order, terminal, payment: payment.clone(), at };
            desk.tx.append(&Fact::DepositTaken(deposit))?;
            let order = OrderRow { status: row.status.max(Status::Placed), ..row };
            desk.save_order(&before, &order)?;
            Ok(Taken { order, payment, due, sale: None })
        }
        Tendered::Full(paid, payment) => {
            let sale = close(desk, paid, reservations)?;
            let sold = Some(sale.sale.parts().id);
            let order = OrderRow { lines, status: Status::Closed, sale: sold, ..row };
            desk.save_order(&before, &order)?;
            desk.tx.leave_order(order.head.id)?;
            send(desk, &order.head, &fired)?;
            let due = Money::zero(desk.shop.currency);
            Ok(Taken { order, payment, due, sale: Some(sale) })
        }
    }
}

fn close(
    desk: &mut Desk<'_, '_>,
    paid: Order<Paid>,
    reservations: &[ReservationId],
) -> Result<SaleRow, ShopError> {
    let receipt = desk.tx.next_receipt(&paid.head().terminal.clone())?;
    let id = SaleId::new(desk.tx.mint());
    let sale = Sale::close(paid, id, receipt, desk.now(), desk.staff());
    consume_reservations(desk, reservations, id)?;
    record(desk, sale)
}

/// Records a sale, tells the screens, and asks for its receipt.
pub(crate) fn record(desk: &mut Desk<'_, '_>, sale: Sale) -> Result<SaleRow, ShopError> {
    let total = sale.totals().gross.minor();
    let said = fiscal::said(desk.shop.rules.fiscal.as_deref(), sale.parts(), total);
    let sale = earn(desk, sale.with_fiscal(said))?;
    let (id, terminal) = (sale.parts().id.uuid(), sale.parts().receipt.terminal.clone());
    desk.money_at(&terminal)?;
    settle(desk, &sale)?;
    let seq = desk.tx.append(&Fact::SaleCompleted(Box::new(sale.clone())))?;
    use_up(desk, &sale)?;
    reach(desk, &sale)?;
    desk.tx.tell(Topic::Orders, Type::SaleCompleted, Some(id))?;
    if desk.shop.printers.at_terminal(terminal.as_str()) {
        desk.tx.enqueue(JobKind::Receipt, terminal.as_str(), Some(id), false)?;
    }
    Ok(SaleRow { sale, seq })
}

/// What is made here uses up what its recipe says.
fn use_up(desk: &mut Desk<'_, '_>, sale: &Sale) -> Result<(), ShopError> {
    let lines = sale.parts().lines.iter();
    let made = lines.filter(|line| line.more.nature == Nature::Made && !line.is_return());
    let sold: Vec<_> = made.map(|line| (line.sku.clone(), line.quantity)).collect();
    let mut recipes = Vec::with_capacity(sold.len());
    for (sku, _) in &sold {
        let row = desk.view().item(sku)?;
        recipes.push((sku.clone(), row.map(|row| row.item.details.recipe).unwrap_or_default()));
    }
    let recipe = |sku: &Sku| {
        let known = recipes.iter().find(|(known, _)| known == sku);
        known.map(|(_, recipe)| recipe.clone()).unwrap_or_default()
    };
    consume(desk, sale.parts().id, &consumption(&sold, recipe)?)
}

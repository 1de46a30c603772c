//! A whole sale in one go: what a terminal sold on its own, or a script.

use crate::error::ShopError;
use crate::fire_ticket::send;
use crate::keep_customers::greet;
use crate::reserve::consume_reservations;
use crate::ring_up::{Buyer, RingUp, lines_for};
use crate::shop::Desk;
use crate::take_payment::record;
use edge_domain::audit::Action;
use edge_domain::ids::ReservationId;
use edge_domain::item::TerminalId;
use edge_domain::money::Money;
use edge_domain::order::{Head, LINES_MAX, Line, OrderError, OrderKind, Status, Tab, age_to_check};
use edge_domain::payment::Offer;
use edge_domain::sale::{About, Sale, SaleParts};
use edge_domain::staff::Permission;
use edge_domain::{OrderId, PaymentId, SaleId};
use edge_ledger::orders::OrderRow;
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
    pub tenders: Vec<Offer>,
    /// How it left the shop.
    pub kind: OrderKind,
    /// What most orders do not say.
    pub tab: Tab,
    /// Promises that it keeps.
    pub reservations: Vec<ReservationId>,
}

/// Records a whole sale. It is durable when the command answers.
///
/// # Errors
/// As ringing up and paying; [`SaleError::NotCovered`](edge_domain::sale::SaleError) where the
/// tenders are too little.
pub fn sell(desk: &mut Desk<'_, '_>, mut sell: Sell) -> Result<SaleRow, ShopError> {
    desk.selling_at(&sell.terminal)?;
    if sell.tab.exempt.is_some() {
        desk.require(Permission::TaxExempt)?;
    }
    if sell.lines.len() > LINES_MAX {
        return Err(OrderError::TooManyLines.into());
    }
    greet(desk.view(), &mut sell.tab)?;
    let buyer = Buyer { kind: sell.kind, group: sell.tab.group.clone() };
    let (mut lines, mut cheaper) = (Vec::with_capacity(sell.lines.len()), Vec::new());
    for SellLine { ring, unit_price } in sell.lines {
        let mut rung = lines_for(desk, ring, &buyer)?;
        cheaper.extend(told_cheaper(desk, &rung[0], unit_price));
        rung[0].unit_price = unit_price.unwrap_or(rung[0].unit_price);
        lines.extend(rung);
    }
    if let Some(age) = age_to_check(&lines, sell.tab.age_checked) {
        return Err(ShopError::AgeCheckNeeded(age));
    }
    let id = SaleId::new(desk.tx.mint());
    let head = head_of(desk, id, sell.terminal, sell.kind, sell.tab);
    let mut row = OrderRow { head, lines, status: Status::Open, sale: None };
    desk.price(&mut row)?;
    let OrderRow { mut head, mut lines, .. } = row;
    lines.iter_mut().for_each(|line| line.fired = line.station.is_some());
    let fired: Vec<Line> = lines.iter().filter(|line| line.fired).cloned().collect();
    let mint = |tender| (PaymentId::new(desk.tx.mint()), tender);
    let tenders = sell.tenders.into_iter().map(mint).collect();
    let parts = SaleParts {
        id,
        order: None,
        receipt: desk.tx.next_receipt(&head.terminal)?,
        at: head.opened_at,
        currency: head.currency,
        policy: head.policy,
        lines,
        payments: vec![],
        about: About {
            kind: Some(head.kind).filter(|kind| *kind != OrderKind::Retail),
            customer: head.tab.customer.clone(),
            exempt: head.tab.exempt.clone(),
            staff: desk.staff(),
            ..About::default()
        },
    };
    consume_reservations(desk, &sell.reservations, id)?;
    let row = record(desk, Sale::of_tenders(parts, tenders)?)?;
    if !fired.is_empty() {
        head.number = desk.tx.next_number("order")?;
        send(desk, &head, &fired)?;
    }
    for text in cheaper {
        desk.audit(Action::Discount, id.uuid(), text, None, "sold by a terminal alone".into())?;
    }
    Ok(row)
}

/// A terminal that sold on its own told a lower price than today's, and whoever is signed in may
/// not give one. The goods have left: it is recorded, and written down for the owner.
fn told_cheaper(desk: &Desk<'_, '_>, line: &Line, told: Option<Money>) -> Option<String> {
    let told = told.filter(|told| *told < line.unit_price)?;
    let may = desk.actor.may(Permission::PriceOverride);
    let (name, price) = (&line.name, line.unit_price.written('.'));
    (!may).then(|| format!("{name} at {} instead of {price}", told.written('.')))
}

/// The head of a sale that never was an order: its id, and a number only if the kitchen needs
/// one.
fn head_of(
    desk: &Desk<'_, '_>,
    sale: SaleId,
    terminal: TerminalId,
    kind: OrderKind,
    tab: Tab,
) -> Head {
    Head {
        id: OrderId::new(sale.uuid()),
        number: 0,
        kind,
        terminal,
        table: None,
        opened_at: desk.now(),
        currency: desk.shop.currency,
        policy: desk.shop.policy,
        tab,
    }
}

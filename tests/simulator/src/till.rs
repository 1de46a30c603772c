//! What people at a till ask for, and how it is asked of the real verbs.

use crate::goods;
use edge_app::{
    Delivery, Desk, Imported, Keys, OpenOrder, RingUp, Sell, SellLine, ShopError, bump_ticket,
    cancel_order, fire_ticket, import_rows, open_order, recall_ticket, receive_goods, ring_up,
    scan, sell, set_price, set_quantity, take_payment,
};
use edge_domain::item::{Sku, TerminalId};
use edge_domain::order::{OrderKind, Tab};
use edge_domain::payment::{Offer, Tender};
use edge_domain::{LineId, Money, OrderId, Quantity, TicketId};
use edge_ledger::View;
use edge_ledger::orders::OrderRow;
use edge_ledger::sales::SaleRow;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is asked. Its debug form is the request's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// A whole sale; `short` hands over too little.
    Sell { terminal: String, lines: Vec<(String, i64)>, short: bool, card: bool },
    /// Opens an order.
    Open { terminal: String, dine_in: bool },
    /// Rings something up.
    Ring { order: Uuid, sku: String, thousandths: i64 },
    /// Scans at a terminal.
    Scan { terminal: String, code: String },
    /// Changes a line's quantity; zero voids it.
    Requantify { order: Uuid, line: Uuid, thousandths: i64 },
    /// Pays; in part, or all that is due.
    Pay { order: Uuid, part: bool, card: bool },
    /// Sends an order to the kitchen.
    Fire { order: Uuid },
    /// The kitchen finishes a ticket, or takes it back.
    Bump { ticket: Uuid, back: bool },
    /// Goods come in.
    Receive { sku: String, thousandths: i64 },
    /// Somebody sets a price.
    Price { sku: String, minor: i64 },
    /// Somebody gives an order up.
    Cancel { order: Uuid },
    /// Somebody brings an item of the store's own.
    Import { sku: String, minor: i64 },
}

/// A sale as the till heard it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sold {
    pub(crate) id: Uuid,
    pub(crate) receipt: String,
    pub(crate) seq: u64,
    pub(crate) minor: i64,
}

/// What a till hears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) sold: Option<Sold>,
}

impl Answer {
    fn of(text: impl std::fmt::Display) -> Self {
        Self { text: text.to_string(), sold: None }
    }

    fn sold(row: &SaleRow) -> Self {
        let parts = row.sale.parts();
        let sold = Sold {
            id: parts.id.uuid(),
            receipt: parts.receipt.to_string(),
            seq: row.seq,
            minor: row.sale.totals().gross.minor(),
        };
        Self { text: format!("sold {}", sold.receipt), sold: Some(sold) }
    }

    fn order(row: &OrderRow) -> Self {
        let (id, lines) = (row.head.id, row.lines.len());
        Self::of(format_args!("order {id} {} with {lines} lines", row.status.as_str()))
    }
}

impl Ask {
    /// Something that a person in this shop may ask for now.
    pub(crate) fn any(
        chance: &mut fastrand::Rng,
        view: &View<'_>,
    ) -> Result<Self, edge_ledger::LedgerError> {
        let skus = view.all_skus()?;
        let sku = |chance: &mut fastrand::Rng| {
            let known = chance.choice(&skus).map(ToString::to_string);
            known.filter(|_| chance.u8(0..20) > 0).unwrap_or_else(|| "NOTHING".into())
        };
        let amount = |chance: &mut fastrand::Rng, sku: &str| match goods::is_weighed(sku) {
            true => chance.i64(50..3_000),
            false => 1_000 * chance.i64(1..5),
        };
        let terminal = format!("T{}", chance.u8(1..3));
        let orders = view.live_orders(20)?;
        let order = chance.choice(&orders).map(|row| (row.head.id.uuid(), row.lines.as_slice()));
        Ok(match (chance.u8(0..100), order) {
            (0..22, _) => {
                let lines = (0..chance.usize(1..4)).map(|_| {
                    let sku = sku(chance);
                    let amount = amount(chance, &sku);
                    (sku, amount)
                });
                let lines = lines.collect();
                Self::Sell { terminal, lines, short: chance.u8(0..8) == 0, card: chance.bool() }
            }
            (22..32, _) | (32..72, None) => Self::Open { terminal, dine_in: chance.bool() },
            (32..46, Some((order, _))) => {
                let sku = sku(chance);
                let thousandths = amount(chance, &sku);
                Self::Ring { order, sku, thousandths }
            }
            (46..50, Some((order, lines))) => {
                let line = chance.choice(lines).map_or(Uuid::nil(), |line| line.id.uuid());
                Self::Requantify { order, line, thousandths: 1_000 * chance.i64(0..4) }
            }
            (50..64, Some((order, _))) => {
                Self::Pay { order, part: chance.u8(0..3) == 0, card: chance.bool() }
            }
            (64..69, Some((order, _))) => Self::Fire { order },
            (69..72, Some((order, _))) => Self::Cancel { order },
            (72..78, _) => {
                let ticket = view.open_tickets(None)?.first().map(|row| row.ticket.id.uuid());
                let ticket = ticket.unwrap_or(Uuid::nil());
                Self::Bump { ticket, back: chance.u8(0..4) == 0 }
            }
            (78..83, _) => {
                let code =
                    if chance.u8(0..4) == 0 { goods::UNKNOWN_CODE } else { goods::MILK_CODE };
                Self::Scan { terminal, code: code.into() }
            }
            (83..88, _) => {
                let sku = sku(chance);
                let thousandths = amount(chance, &sku);
                Self::Receive { sku, thousandths }
            }
            (88..96, _) => Self::Price { sku: sku(chance), minor: chance.i64(-20..5_000) },
            _ => {
                let sku = format!("NEW-{}", chance.usize(0..goods::NOVELTIES));
                Self::Import { sku, minor: chance.i64(1..5_000) }
            }
        })
    }

    /// Asks the real verb.
    pub(crate) fn perform(&self, desk: &mut Desk<'_, '_>) -> Result<Answer, ShopError> {
        match self {
            Self::Sell { terminal, lines, short, card } => {
                let whole = whole_sale(desk, terminal, lines, (*short, *card))?;
                Ok(Answer::sold(&sell(desk, whole)?))
            }
            Self::Open { terminal, dine_in } => {
                let kind = if *dine_in { OrderKind::DineIn } else { OrderKind::Retail };
                let terminal = TerminalId::new(terminal)?;
                let row = open_order(
                    desk,
                    OpenOrder { kind, terminal, table: None, tab: Tab::default() },
                )?;
                Ok(Answer::order(&row))
            }
            Self::Ring { order, sku, thousandths } => {
                let rung = ring_up(desk, OrderId::new(*order), ring(sku, *thousandths)?)?;
                Ok(Answer::order(&rung.order))
            }
            Self::Scan { terminal, code } => {
                let rung = scan(desk, &TerminalId::new(terminal)?, code)?;
                Ok(Answer::order(&rung.order))
            }
            Self::Requantify { order, line, thousandths } => {
                let quantity = Quantity::from_thousandths(*thousandths)?;
                let (order, line) = (OrderId::new(*order), LineId::new(*line));
                Ok(Answer::order(&set_quantity(desk, order, line, quantity)?))
            }
            Self::Pay { order, part, card } => pay(desk, OrderId::new(*order), *part, *card),
            Self::Fire { order } => {
                Ok(Answer::order(&fire_ticket(desk, OrderId::new(*order), None)?))
            }
            Self::Bump { ticket, back } => {
                let ticket = TicketId::new(*ticket);
                let moved = if *back { recall_ticket } else { bump_ticket };
                Ok(Answer::of(format_args!("ticket {}", moved(desk, ticket)?.ticket.number)))
            }
            Self::Receive { sku, thousandths } => {
                let lines = vec![(Sku::new(sku)?, Quantity::from_thousandths(*thousandths)?)];
                let entry = receive_goods(desk, Delivery::plain(lines, None))?;
                Ok(Answer::of(format_args!("entry {entry}")))
            }
            Self::Price { sku, minor } => {
                let row = set_price(desk, &Sku::new(sku)?, euros(desk, *minor)?)?;
                Ok(Answer::of(format_args!("{sku} costs {}", row.item.price)))
            }
            Self::Cancel { order } => Ok(Answer::order(&cancel_order(
                desk,
                OrderId::new(*order),
                "the guest left",
                false,
            )?)),
            Self::Import { sku, minor } => {
                let item = goods::item(sku, *minor);
                let item = item.map_err(|error| ShopError::Invalid(error.to_string()))?;
                let shard = cloud_sync_documents::catalogue::shard_of(&item.sku);
                let stock = Some(Quantity::from_thousandths(5_000)?);
                let changed =
                    import_rows(desk, &shard, &[Imported { item, stock, details: Keys::new() }])?;
                Ok(Answer::of(format_args!("{changed} items changed")))
            }
        }
    }

    /// What this asks of the shop, in a word.
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::Sell { .. } => "sell",
            Self::Open { .. } => "open",
            Self::Ring { .. } => "ring",
            Self::Scan { .. } => "scan",
            Self::Requantify { .. } => "requantify",
            Self::Pay { .. } => "pay",
            Self::Fire { .. } => "fire",
            Self::Bump { .. } => "bump",
            Self::Receive { .. } => "receive",
            Self::Price { .. } => "price",
            Self::Cancel { .. } => "cancel",
            Self::Import { .. } => "import",
        }
    }
}

fn euros(desk: &Desk<'_, '_>, minor: i64) -> Result<Money, ShopError> {
    Ok(Money::new(minor, desk.shop.currency)?)
}

fn ring(sku: &str, thousandths: i64) -> Result<RingUp, ShopError> {
    let quantity = Some(Quantity::from_thousandths(thousandths)?);
    Ok(RingUp { sku: Some(sku.to_owned()), quantity, ..RingUp::default() })
}

fn whole_sale(
    desk: &Desk<'_, '_>,
    terminal: &str,
    lines: &[(String, i64)],
    (short, card): (bool, bool),
) -> Result<Sell, ShopError> {
    let line = |(sku, amount): &(String, i64)| {
        Ok::<_, ShopError>(SellLine { ring: ring(sku, *amount)?, unit_price: None })
    };
    let mut tenders = Vec::new();
    if card {
        tenders.push(Tender::Card { amount: euros(desk, 1)? });
    }
    let tendered = euros(desk, if short { 1 } else { 1_000_000 })?;
    tenders.push(Tender::Cash { tendered });
    Ok(Sell {
        terminal: TerminalId::new(terminal)?,
        lines: lines.iter().map(line).collect::<Result<_, _>>()?,
        tenders: tenders.into_iter().map(Offer::from).collect(),
        kind: OrderKind::Retail,
        tab: Tab::default(),
        reservations: vec![],
    })
}

fn pay(
    desk: &mut Desk<'_, '_>,
    order: OrderId,
    part: bool,
    card: bool,
) -> Result<Answer, ShopError> {
    let amount = euros(desk, if part { 25 } else { 1_000_000 })?;
    let tender = match card && part {
        true => Tender::Card { amount },
        false => Tender::Cash { tendered: amount },
    };
    let taken = take_payment(desk, order, tender.into(), &[])?;
    match &taken.sale {
        Some(row) => Ok(Answer::sold(row)),
        None => Ok(Answer::of(format_args!("still due {}", taken.due))),
    }
}

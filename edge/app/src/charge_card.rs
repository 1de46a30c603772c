//! A card pays, or gets money back. The intent is durable before the terminal is asked; one that
//! nobody knows the end of is asked for until it is known, and never asked for again.

use crate::error::ShopError;
use crate::keep_slips::{keep, print};
use crate::ring_up::words;
use crate::shop::Desk;
use crate::take_payment::take_payment_as;
use edge_domain::audit::Action;
use edge_domain::money::{Money, MoneyError};
use edge_domain::order::age_to_check;
use edge_domain::payment::{Offer, PaymentError, Tender};
use edge_domain::slip::{Slip, SlipOf};
use edge_domain::staff::Permission;
use edge_domain::{OrderId, PaymentId};
use edge_ledger::cards::{CardOf, CardRow, CardState};

/// Why a refund is owed that nobody refused.
const NOT_GIVEN: &str = "Given up, or the terminal never heard of it: nothing went back.";

/// How far a shop trusts cards that no bank has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OfflineCards {
    /// The most on one card, in minor units; 0: none.
    pub floor_limit: i64,
    /// The most on all of them together.
    pub exposure_max: i64,
}

/// What became of a charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// The money is ours.
    Approved {
        /// The approval's number.
        approval: String,
        /// Whether no bank has seen it.
        offline: bool,
        /// How the terminal finds it again to take it back.
        reference: Option<String>,
        /// What the terminal wants on paper.
        slips: Vec<Slip>,
    },
    /// It was refused.
    Declined {
        /// Why.
        reason: String,
        /// What the terminal wants on paper.
        slips: Vec<Slip>,
    },
    /// Nothing was charged: somebody gave up, or the terminal never heard of it.
    Cancelled,
    /// Nobody knows, for this reason.
    Unknown(String),
}

impl Settled {
    fn slips(&self) -> &[Slip] {
        match self {
            Self::Approved { slips, .. } | Self::Declined { slips, .. } => slips,
            Self::Cancelled | Self::Unknown(_) => &[],
        }
    }
}

/// Asks for a card charge on an order: all that is due, or a part, and a tip on top.
///
/// # Errors
/// Nothing due, more than is due, another charge on its way.
pub fn ask_card(
    desk: &mut Desk<'_, '_>,
    order: OrderId,
    amount: Option<Money>,
    tip: Option<Money>,
) -> Result<CardRow, ShopError> {
    let row = desk.live_order(order)?;
    if let Some(age) = age_to_check(&row.lines, row.head.tab.age_checked) {
        return Err(ShopError::AgeCheckNeeded(age));
    }
    let waits = |card: &CardRow| card.of == CardOf::Order(order) && card.state.is_open();
    if desk.view().open_cards()?.iter().any(waits) {
        return Err(ShopError::CardBusy);
    }
    let due = row.head.totals(&row.lines)?.gross.minus(desk.view().paid_on(order)?)?;
    let zero = Money::zero(due.currency());
    let (amount, tip) = (amount.unwrap_or(due), tip.unwrap_or(zero));
    let whole = amount.plus(tip)?;
    if due.minor() <= 0 {
        return Err(PaymentError::NothingDue.into());
    }
    if amount.minor() <= 0 || tip.is_negative() {
        return Err(MoneyError::BadAmount.into());
    }
    if amount > due {
        return Err(PaymentError::ExceedsDue { due }.into());
    }
    let limits = desk.shop.rules.offline_cards;
    let exposed = desk.view().card_exposure()?.plus(whole)?.minor();
    let card = CardRow {
        id: PaymentId::new(desk.tx.mint()),
        of: CardOf::Order(order),
        terminal: row.head.terminal,
        amount: whole,
        tip,
        state: CardState::Created,
        approval: None,
        reference: None,
        reverses: None,
        reason: None,
        allow_offline: whole.minor() <= limits.floor_limit && exposed <= limits.exposure_max,
        offline: false,
        cancel: false,
        at: desk.now(),
    };
    desk.tx.put_card(&card)?;
    Ok(card)
}

/// The cashier gives up. One that the terminal has not heard of ends at once; for one that it
/// waits with, the terminal is asked to give up, and says whether it did.
///
/// # Errors
/// One that is not there, or whose end is known, or unknown.
pub fn cancel_card(desk: &mut Desk<'_, '_>, id: PaymentId) -> Result<CardRow, ShopError> {
    let mut row = known(desk, id)?;
    match row.state {
        CardState::Created => ends_without(&mut row, CardState::Cancelled, None),
        CardState::Collecting | CardState::Confirming => {}
        other => return Err(ShopError::CardSettled(other.as_str())),
    }
    row.cancel = true;
    desk.tx.put_card(&row)?;
    Ok(row)
}

/// No money went either way. A charge ends with that; what is to go back is owed.
fn ends_without(row: &mut CardRow, state: CardState, reason: Option<String>) {
    (row.state, row.reason) = match row.of {
        CardOf::Order(_) => (state, reason.or_else(|| row.reason.take())),
        CardOf::Return(_) => (CardState::Owed, reason.or_else(|| Some(NOT_GIVEN.to_owned()))),
    };
}

/// Books what became of a charge, once. An approved one pays its order in the same transaction;
/// if the order cannot take it any more, it waits for a person to give it back. A refund is booked
/// with its return: approved it is done, and otherwise owed. The terminal's slips are kept, and their
/// paper asked for, in that transaction too.
///
/// # Errors
/// What the ledger says.
pub fn settle_card(
    desk: &mut Desk<'_, '_>,
    id: PaymentId,
    settled: &Settled,
) -> Result<CardRow, ShopError> {
    let mut row = known(desk, id)?;
    if !row.state.is_open() {
        if let (CardState::Booked, Settled::Approved { offline, .. }) = (row.state, settled)
            && row.offline != *offline
        {
            row.offline = *offline;
            desk.tx.put_card(&row)?;
        }
        return Ok(row);
    }
    keep(desk, SlipOf::Payment(id), &row.terminal, settled.slips())?;
    let mut on_receipt = false;
    match settled {
        Settled::Declined { reason, .. } => {
            ends_without(&mut row, CardState::Declined, Some(reason.clone()));
        }
        Settled::Cancelled => ends_without(&mut row, CardState::Cancelled, None),
        Settled::Unknown(reason) => {
            (row.state, row.reason) = (CardState::Unknown, Some(reason.clone()));
        }
        Settled::Approved { approval, offline, reference, .. } => {
            (row.approval, row.offline) = (Some(approval.clone()), *offline);
            row.reference.clone_from(reference);
            let taken = match row.of {
                CardOf::Order(order) => takes(desk, order, &row)?,
                CardOf::Return(_) => Ok(false),
            };
            (row.state, row.reason) = match taken {
                Ok(closed) => {
                    on_receipt = closed;
                    (CardState::Booked, None)
                }
                Err(refusal) => (CardState::Unbooked, Some(refusal)),
            };
        }
    }
    desk.tx.put_card(&row)?;
    print(desk, &row, settled.slips(), on_receipt)?;
    Ok(row)
}

/// Books an approved charge as its order's payment, and says whether that closed it; or why it
/// could not be.
fn takes(
    desk: &mut Desk<'_, '_>,
    id: OrderId,
    row: &CardRow,
) -> Result<Result<bool, String>, ShopError> {
    let Ok(order) = desk.live_order(id) else {
        return Ok(Err("The order ended meanwhile: give the money back.".into()));
    };
    let due = order.head.totals(&order.lines)?.gross.minus(desk.view().paid_on(id)?)?;
    if row.amount.minus(row.tip)? > due {
        return Ok(Err("Less is due by now: give the money back.".into()));
    }
    let tip = (!row.tip.is_zero()).then_some(row.tip);
    let tender = Tender::Card { amount: row.amount };
    let offer = Offer { tender, tip, reference: row.approval.clone() };
    let taken = take_payment_as(desk, id, row.id, offer, &[])?;
    Ok(Ok(taken.sale.is_some()))
}

/// A person says what became of a charge that nobody knows the end of, or that was given back, or of
/// a refund that was owed and given by hand: the terminal's own paper tells.
///
/// # Errors
/// One whose end is known, no reason.
pub fn resolve_card(
    desk: &mut Desk<'_, '_>,
    id: PaymentId,
    approval: Option<String>,
    reason: &str,
) -> Result<CardRow, ShopError> {
    desk.require(Permission::CancelPaidOrder)?;
    let reason = words(reason, "reason")?;
    let reason = reason.ok_or_else(|| ShopError::Invalid("Say why in a few words.".into()))?;
    let row = known(desk, id)?;
    let settled = match (row.state, approval) {
        (CardState::Unknown, Some(approval)) => {
            Settled::Approved { approval, offline: false, reference: None, slips: vec![] }
        }
        (CardState::Owed, Some(approval)) => {
            desk.tx.move_card(id, &[CardState::Owed], CardState::Unknown, Some(&reason))?;
            Settled::Approved { approval, offline: false, reference: None, slips: vec![] }
        }
        (CardState::Unknown, None) => Settled::Cancelled,
        (CardState::Unbooked, None) => {
            desk.tx.move_card(id, &[CardState::Unbooked], CardState::Cancelled, Some(&reason))?;
            Settled::Cancelled
        }
        (other, _) => return Err(ShopError::CardSettled(other.as_str())),
    };
    let row = settle_card(desk, id, &settled)?;
    let text = match row.of {
        CardOf::Order(_) => format!("card charge {}", row.state.as_str()),
        CardOf::Return(_) => format!("card refund {}", row.state.as_str()),
    };
    desk.audit(Action::CardResolved, id.uuid(), text, Some(row.amount), reason)?;
    Ok(row)
}

fn known(desk: &Desk<'_, '_>, id: PaymentId) -> Result<CardRow, ShopError> {
    desk.view().card(id)?.ok_or(ShopError::UnknownCard)
}

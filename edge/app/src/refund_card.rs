//! Money goes back to a card. The return is booked, and the terminal asked after that: a refund that
//! it did not give is owed, until somebody asks again or gives the money in another way.

use crate::error::ShopError;
use crate::shop::{Desk, ShopConfig};
use crate::stored_value::settle_deposit;
use edge_domain::audit::Action;
use edge_domain::fact::Fact;
use edge_domain::item::TerminalId;
use edge_domain::money::Money;
use edge_domain::payment::Tender;
use edge_domain::refund::{RefundError, RefundMoved};
use edge_domain::sale::{Sale, SaleParts};
use edge_domain::staff::Permission;
use edge_domain::{PaymentId, SaleId};
use edge_ledger::cards::{CardOf, CardRow, CardState};
use edge_ledger::print::JobKind;

/// How old a payment may be, in milliseconds, that a terminal is asked to take back: its day is one
/// of ours, and receipts' numbers come round.
const TAKE_BACK_MS: i64 = 24 * 3_600_000;

/// Asks the till's card terminal for what a return gives back to cards. A till without one has
/// somebody who did it by hand.
pub(crate) fn ask_refunds(
    desk: &mut Desk<'_, '_>,
    back: &Sale,
    sold: Option<&SaleParts>,
) -> Result<(), ShopError> {
    let parts = back.parts();
    let terminal = &parts.receipt.terminal;
    let refunds = parts.payments.iter().filter(|payment| {
        matches!(payment.tender, Tender::Card { .. }) && payment.amount.is_negative()
    });
    if !has_terminal(desk.shop, terminal) {
        return Ok(());
    }
    let mut paid = sold.map_or(Ok(vec![]), |sold| paid_lately(desk, sold))?;
    for refund in refunds {
        let whole = paid.iter().position(|card| card.amount == refund.amount.negated());
        let reverses = whole.and_then(|place| paid.swap_remove(place).reference);
        desk.tx.put_card(&CardRow {
            id: refund.id,
            of: CardOf::Return(parts.id),
            terminal: terminal.clone(),
            amount: refund.amount,
            tip: Money::zero(parts.currency),
            state: CardState::Created,
            approval: None,
            reference: None,
            reverses,
            reason: None,
            allow_offline: false,
            offline: false,
            cancel: false,
            at: parts.at,
        })?;
    }
    Ok(())
}

fn has_terminal(shop: &ShopConfig, till: &TerminalId) -> bool {
    let mut stations = shop.card_terminals.iter().map(|at| at.station.as_ref());
    stations.any(|station| station.is_none_or(|station| station == till))
}

/// The cards that paid a sale and that their terminal may still take back.
fn paid_lately(desk: &Desk<'_, '_>, sold: &SaleParts) -> Result<Vec<CardRow>, ShopError> {
    let since = desk.now().as_millis() - TAKE_BACK_MS;
    let mut paid = Vec::new();
    for payment in &sold.payments {
        let card = desk.view().card(payment.id)?;
        paid.extend(card.filter(|card| {
            card.state == CardState::Booked
                && card.reference.is_some()
                && card.at.as_millis() >= since
        }));
    }
    Ok(paid)
}

/// Asks the terminal once more for a refund that it did not give: with another intent, so that what
/// is known of the first one stays.
///
/// # Errors
/// `not_permitted`, one that is not owed, no card terminal at its till any more.
pub fn ask_refund_again(desk: &mut Desk<'_, '_>, id: PaymentId) -> Result<CardRow, ShopError> {
    desk.require(Permission::ReturnWithReceipt)?;
    let (row, _) = owed(desk, id)?;
    desk.selling_at(&row.terminal)?;
    if !has_terminal(desk.shop, &row.terminal) {
        return Err(ShopError::NoCardTerminal(format!("at {}", row.terminal)));
    }
    let again = CardRow {
        id: PaymentId::new(desk.tx.mint()),
        state: CardState::Created,
        reason: None,
        cancel: false,
        at: desk.now(),
        ..row
    };
    desk.tx.put_card(&again)?;
    desk.tx.move_card(id, &[CardState::Owed], CardState::Cancelled, Some("Asked again."))?;
    Ok(again)
}

/// Gives a refund that the card did not get in another tender, whole. The books move it from the
/// card by an entry of its own; the return stays as it is.
///
/// # Errors
/// `not_permitted`, one that is not owed, a card, a till without a shift where one is needed.
pub fn give_refund(
    desk: &mut Desk<'_, '_>,
    id: PaymentId,
    method: &str,
    reference: Option<String>,
) -> Result<CardRow, ShopError> {
    desk.require(Permission::ReturnWithReceipt)?;
    let (row, sale) = owed(desk, id)?;
    desk.selling_at(&row.terminal)?;
    desk.money_at(&row.terminal)?;
    let about = (sale, row.terminal.clone(), desk.now());
    let ids = [PaymentId::new(desk.tx.mint()), PaymentId::new(desk.tx.mint())];
    let coins = desk.shop.policy.cash;
    let moved = RefundMoved::to_tender(about, row.amount, ids, (method, reference), coins);
    let moved = moved.map_err(|error| match error {
        RefundError::Payment(error) => error.into(),
        other => ShopError::Invalid(format!("Say another tender: {other}.")),
    })?;
    settle_deposit(desk, moved.given())?;
    desk.tx.append(&Fact::RefundMoved(Box::new(moved)))?;
    let (text, why) = (format!("card refund given as {method}"), row.reason.unwrap_or_default());
    desk.audit(Action::CardResolved, id.uuid(), text, Some(row.amount), why)?;
    let till = row.terminal.as_str();
    if method == "cash" && desk.shop.printers.at_terminal(till) {
        desk.tx.enqueue(JobKind::Drawer, till, Some(id.uuid()), false)?;
    }
    let reason = format!("Given as {method}.");
    desk.tx.move_card(id, &[CardState::Owed], CardState::Cancelled, Some(&reason))?;
    desk.view().card(id)?.ok_or(ShopError::UnknownCard)
}

/// A refund that somebody has to settle, and its return.
fn owed(desk: &Desk<'_, '_>, id: PaymentId) -> Result<(CardRow, SaleId), ShopError> {
    let row = desk.view().card(id)?.ok_or(ShopError::UnknownCard)?;
    match (row.of, row.state) {
        (CardOf::Return(sale), CardState::Owed) => Ok((row, sale)),
        (_, other) => Err(ShopError::CardSettled(other.as_str())),
    }
}

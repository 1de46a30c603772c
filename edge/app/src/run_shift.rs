//! A drawer's day: it gets its float, cash goes in and out, it is counted.

use crate::error::{ShiftError, ShopError};
use crate::ring_up::words;
use crate::settle_terminal::settle_with;
use crate::shop::Desk;
use edge_domain::fact::Fact;
use edge_domain::ids::ShiftId;
use edge_domain::item::TerminalId;
use edge_domain::money::{Money, MoneyError};
use edge_domain::shift::{
    CashMoved, Counted, Direction, ShiftClosed, ShiftFact, ShiftOpened, ShiftTotals,
};
use edge_domain::staff::Permission;
use edge_ledger::print::JobKind;
use edge_ledger::shifts::ShiftRow;

/// The most sorts of notes and coins in one count.
const PIECES_MAX: usize = 100;

/// Puts the float into a drawer: its shift begins.
///
/// # Errors
/// `shift_open`, an amount below nothing.
pub fn open_shift(
    desk: &mut Desk<'_, '_>,
    terminal: &TerminalId,
    float: Money,
) -> Result<ShiftRow, ShopError> {
    desk.selling_at(terminal)?;
    not_below_nothing(desk, float)?;
    if desk.view().has_shift(terminal)? {
        return Err(ShiftError::Open(terminal.to_string()).into());
    }
    let opened = ShiftOpened {
        id: ShiftId::new(desk.tx.mint()),
        terminal: terminal.clone(),
        float,
        by: desk.staff(),
        at: desk.now(),
    };
    let opened_seq = desk.tx.append(&Fact::Shift(ShiftFact::Opened(opened.clone())))?;
    Ok(ShiftRow { opened, opened_seq, closed: None })
}

/// Puts cash into a drawer or takes it out, without a sale.
///
/// # Errors
/// `not_permitted`, a shift that was counted, nothing or no reason.
pub fn move_cash(
    desk: &mut Desk<'_, '_>,
    shift: ShiftId,
    direction: Direction,
    amount: Money,
    reason: &str,
) -> Result<ShiftRow, ShopError> {
    desk.require(Permission::PayInOut)?;
    let reason = words(reason, "reason")?;
    let reason = reason.ok_or_else(|| ShopError::Invalid("Say why in a few words.".into()))?;
    let row = running(desk, shift)?;
    not_below_nothing(desk, amount)?;
    if amount.is_zero() {
        return Err(MoneyError::BadAmount.into());
    }
    let (terminal, by, at) = (row.opened.terminal.clone(), desk.staff(), desk.now());
    let moved = CashMoved { shift, terminal, direction, amount, reason, by, at };
    desk.tx.append(&Fact::Shift(ShiftFact::Cash(moved)))?;
    Ok(row)
}

/// What a shift adds up to until now, or did when it was counted.
///
/// # Errors
/// What the ledger says.
pub fn totals_of(view: edge_ledger::View<'_>, row: &ShiftRow) -> Result<ShiftTotals, ShopError> {
    match &row.closed {
        Some(closed) => Ok(closed.totals.clone()),
        None => Ok(view.shift_totals(&row.opened, row.opened_seq)?),
    }
}

/// A drawer was counted: the Z report is written, its cash goes to the safe, and what is over or
/// short is posted.
///
/// # Errors
/// `not_permitted`, a shift that was counted, a count that is none.
pub fn close_shift(
    desk: &mut Desk<'_, '_>,
    shift: ShiftId,
    counted: Counted,
) -> Result<ShiftRow, ShopError> {
    desk.require(Permission::CloseShift)?;
    let row = running(desk, shift)?;
    not_below_nothing(desk, counted.cash)?;
    counted.card.map(|card| same_currency(desk, card)).transpose()?;
    if counted.pieces.len() > PIECES_MAX {
        return Err(ShopError::Invalid("There are at most 100 sorts of notes and coins.".into()));
    }
    desk.note_approval()?; // an entry of its own, which must not come between the range and the Z
    let ShiftOpened { id, terminal, .. } = row.opened.clone();
    let number = desk.view().last_z(&terminal)?.checked_add(1);
    let closed = ShiftClosed {
        id,
        number: number.ok_or_else(|| ShopError::Invalid("No Z report is left.".into()))?,
        from: row.opened_seq,
        to: desk.view().last_seq()?,
        totals: totals_of(desk.view(), &row)?,
        counted,
        by: desk.staff(),
        at: desk.now(),
        terminal,
    };
    desk.tx.append(&Fact::Shift(ShiftFact::Closed(Box::new(closed.clone()))))?;
    let till = closed.terminal.as_str();
    if desk.shop.printers.at_terminal(till) {
        desk.tx.enqueue(JobKind::Shift, till, Some(shift.uuid()), false)?;
    }
    settle_with(desk, &closed.terminal)?;
    Ok(ShiftRow { closed: Some(closed), ..row })
}

impl Desk<'_, '_> {
    /// Refuses money at a drawer without a shift, where the shop wants one.
    pub(crate) fn money_at(&self, terminal: &TerminalId) -> Result<(), ShopError> {
        if self.shop.rules.shift_required && !self.view().has_shift(terminal)? {
            return Err(ShiftError::Needed(terminal.to_string()).into());
        }
        Ok(())
    }
}

fn running(desk: &Desk<'_, '_>, shift: ShiftId) -> Result<ShiftRow, ShopError> {
    let row = desk.view().shift(shift)?.ok_or(ShiftError::Unknown)?;
    match &row.closed {
        Some(closed) => Err(ShiftError::Closed(closed.number).into()),
        None => Ok(row),
    }
}

fn same_currency(desk: &Desk<'_, '_>, amount: Money) -> Result<(), ShopError> {
    let ours = desk.shop.currency;
    match amount.currency() == ours {
        true => Ok(()),
        false => Err(MoneyError::CurrencyMismatch(amount.currency(), ours).into()),
    }
}

fn not_below_nothing(desk: &Desk<'_, '_>, amount: Money) -> Result<(), ShopError> {
    same_currency(desk, amount)?;
    match amount.is_negative() {
        true => Err(MoneyError::BadAmount.into()),
        false => Ok(()),
    }
}

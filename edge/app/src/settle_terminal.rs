//! A card terminal ends its day: it sends what it charged to its operator. That takes minutes, so
//! the wish is durable and the terminal's own thread serves it; cash waits for none of it.

use crate::error::ShopError;
use crate::keep_slips::keep;
use crate::shop::Desk;
use edge_domain::ids::SettlementId;
use edge_domain::item::TerminalId;
use edge_domain::slip::{Slip, SlipOf};
use edge_domain::staff::Permission;
use edge_ledger::print::JobKind;
use edge_ledger::settlements::{SettlementRow, SettlementState};

/// A card terminal of the shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardTerminalAt {
    /// The device's id.
    pub device: String,
    /// The till that it serves; every one where there is none.
    pub station: Option<TerminalId>,
    /// The till at which it prints the end of its day.
    pub till: TerminalId,
}

/// Asks a card terminal to end its day. One that is asked already is not asked again.
///
/// # Errors
/// `not_permitted`, no such card terminal.
pub fn ask_settlement(desk: &mut Desk<'_, '_>, device: &str) -> Result<SettlementRow, ShopError> {
    desk.require(Permission::CloseShift)?;
    let terminals = &desk.shop.card_terminals;
    let at = terminals.iter().find(|at| at.device == device);
    let at = at.ok_or_else(|| ShopError::NoCardTerminal(device.to_owned()))?;
    ask(desk, at)
}

/// A drawer was counted, and its Z report written: its card terminal ends its day too, where the
/// shop wants that. One that serves every till does so with the last of them.
pub(crate) fn settle_with(desk: &mut Desk<'_, '_>, terminal: &TerminalId) -> Result<(), ShopError> {
    if !desk.shop.rules.settle_with_z {
        return Ok(());
    }
    let last = !desk.view().has_any_shift()?;
    for at in &desk.shop.card_terminals {
        let ends = at.station.as_ref().map_or(last, |station| station == terminal);
        if ends {
            ask(desk, at)?;
        }
    }
    Ok(())
}

fn ask(desk: &mut Desk<'_, '_>, at: &CardTerminalAt) -> Result<SettlementRow, ShopError> {
    if let Some(open) = desk.view().open_settlement(&at.device)? {
        return Ok(open);
    }
    let row = SettlementRow {
        id: SettlementId::new(desk.tx.mint()),
        device: at.device.clone(),
        terminal: at.till.clone(),
        state: SettlementState::Asked,
        reason: None,
        at: desk.now(),
    };
    desk.tx.put_settlement(&row)?;
    Ok(row)
}

/// Books what became of it, once: the slips that the terminal gave, or why there are none.
///
/// # Errors
/// What the ledger says.
pub fn end_settlement(
    desk: &mut Desk<'_, '_>,
    id: SettlementId,
    said: Result<Vec<Slip>, String>,
) -> Result<(), ShopError> {
    let known = desk.view().settlement(id)?.filter(|row| row.state.is_open());
    let Some(mut row) = known else { return Ok(()) };
    match said {
        Ok(slips) => {
            row.state = SettlementState::Done;
            keep(desk, SlipOf::Settlement(id), &row.terminal, &slips)?;
            let till = row.terminal.as_str();
            if !slips.is_empty() && desk.shop.printers.at_terminal(till) {
                desk.tx.enqueue(JobKind::Settlement, till, Some(id.uuid()), false)?;
            }
        }
        Err(reason) => (row.state, row.reason) = (SettlementState::Failed, Some(reason)),
    }
    desk.tx.put_settlement(&row)?;
    Ok(())
}

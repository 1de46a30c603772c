//! The drawer opens without a sale: with a reason, and the owner hears of it.

use crate::error::ShopError;
use crate::ring_up::words;
use crate::shop::Desk;
use edge_domain::audit::Action;
use edge_domain::item::TerminalId;
use edge_domain::staff::Permission;
use edge_ledger::print::{JobKind, JobRow};

/// Opens a terminal's drawer, through its receipt printer, with a slip that says so. Answers
/// with the slip's job; none where no printer can open it.
///
/// # Errors
/// `not_permitted`, no reason.
pub fn open_drawer(
    desk: &mut Desk<'_, '_>,
    terminal: &TerminalId,
    reason: &str,
) -> Result<Option<JobRow>, ShopError> {
    desk.require(Permission::OpenDrawer)?;
    let reason = words(reason, "reason")?;
    let reason = reason.ok_or_else(|| ShopError::Invalid("Say why in a few words.".into()))?;
    let id = desk.tx.mint();
    desk.audit(Action::NoSale, id, format!("the drawer of {terminal}"), None, reason)?;
    if !desk.shop.printers.at_terminal(terminal.as_str()) {
        return Ok(None);
    }
    let job = desk.tx.enqueue(JobKind::Drawer, terminal.as_str(), Some(id), false)?;
    Ok(desk.view().job(job)?)
}

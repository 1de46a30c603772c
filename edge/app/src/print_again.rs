//! People and paper: copies, and jobs that a person has to settle.

use crate::error::ShopError;
use crate::shop::Desk;
use edge_domain::SaleId;
use edge_domain::ids::JobId;
use edge_ledger::print::{JobKind, JobRow, JobState};

/// Prints a sale's receipt again, marked as a copy.
///
/// # Errors
/// [`ShopError::UnknownSale`], or what the ledger says.
pub fn print_again(desk: &mut Desk<'_, '_>, sale: SaleId) -> Result<JobRow, ShopError> {
    let row = desk.view().sale(sale)?.ok_or(ShopError::UnknownSale)?;
    let terminal = row.sale.parts().receipt.terminal.to_string();
    let job = desk.tx.enqueue(JobKind::Receipt, &terminal, Some(sale.uuid()), true)?;
    known(desk, job)
}

/// Prints a test page on a device.
///
/// # Errors
/// What the ledger says.
pub fn test_printer(desk: &mut Desk<'_, '_>, device: &str) -> Result<JobRow, ShopError> {
    let job = desk.tx.enqueue(JobKind::Test, device, None, false)?;
    known(desk, job)
}

/// A person says that a failed or uncertain job shall be printed again: the new paper says that
/// it is a repetition.
///
/// # Errors
/// [`ShopError::UnknownJob`], [`ShopError::JobNotSettled`].
pub fn retry_job(desk: &mut Desk<'_, '_>, job: JobId) -> Result<JobRow, ShopError> {
    let row = dismiss_job(desk, job)?;
    let uncertain = row.repeated || row.reason.is_some();
    let again = match &row.body {
        Some(body) => desk.tx.enqueue_label(&row.target, body)?,
        None => desk.tx.enqueue(row.kind, &row.target, row.subject, uncertain)?,
    };
    known(desk, again)
}

/// A person says that a failed or uncertain job is not needed any more.
///
/// # Errors
/// [`ShopError::UnknownJob`], [`ShopError::JobNotSettled`].
pub fn dismiss_job(desk: &mut Desk<'_, '_>, job: JobId) -> Result<JobRow, ShopError> {
    let row = known(desk, job)?;
    let open = [JobState::Failed, JobState::Indeterminate];
    let reason = row.reason.clone();
    if !desk.tx.move_job(job, &open, JobState::Dismissed, None, reason.as_deref())? {
        return Err(ShopError::JobNotSettled(row.state.as_str()));
    }
    known(desk, job)
}

pub(crate) fn known(desk: &Desk<'_, '_>, job: JobId) -> Result<JobRow, ShopError> {
    desk.view().job(job)?.ok_or(ShopError::UnknownJob)
}

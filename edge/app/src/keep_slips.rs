//! What card terminals want on paper: kept with the verdict in one transaction, so that the
//! morning after a power cut still prints it. The customer's slip is on the receipt; where there is
//! none, as after a refusal, it is a paper of its own.

use crate::error::ShopError;
use crate::print_again::known;
use crate::shop::Desk;
use edge_domain::PaymentId;
use edge_domain::fact::Fact;
use edge_domain::item::TerminalId;
use edge_domain::slip::{Slip, SlipKind, SlipOf, SlipsGiven};
use edge_ledger::cards::CardRow;
use edge_ledger::print::{JobKind, JobRow};

/// What becomes of the merchant's slip.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MerchantSlips {
    /// It is printed at once: somebody may have to sign it.
    #[default]
    Print,
    /// It is kept, and printed when somebody asks for it.
    Keep,
}

impl MerchantSlips {
    /// Every choice with its name in the configuration.
    pub const NAMES: [(&'static str, Self); 2] = [("print", Self::Print), ("keep", Self::Keep)];
}

/// Writes slips down.
pub(crate) fn keep(
    desk: &mut Desk<'_, '_>,
    of: SlipOf,
    terminal: &TerminalId,
    slips: &[Slip],
) -> Result<(), ShopError> {
    if slips.is_empty() {
        return Ok(());
    }
    let (terminal, slips, at) = (terminal.clone(), slips.to_vec(), desk.now());
    desk.tx.append(&Fact::SlipsGiven(SlipsGiven { of, terminal, slips, at }))?;
    Ok(())
}

/// Asks for the paper of a charge's slips; `on_receipt` where the customer's are on a receipt.
pub(crate) fn print(
    desk: &mut Desk<'_, '_>,
    card: &CardRow,
    slips: &[Slip],
    on_receipt: bool,
) -> Result<(), ShopError> {
    if !desk.shop.printers.at_terminal(card.terminal.as_str()) {
        return Ok(());
    }
    let has = |kind: SlipKind| slips.iter().any(|slip| slip.kind() == kind);
    let mut job = |kind| desk.tx.enqueue(kind, card.terminal.as_str(), Some(card.id.uuid()), false);
    if has(SlipKind::Customer) && !on_receipt {
        job(JobKind::CustomerSlip)?;
    }
    if has(SlipKind::Merchant) && desk.shop.rules.merchant_slips == MerchantSlips::Print {
        job(JobKind::MerchantSlip)?;
    }
    Ok(())
}

/// Prints a charge's slips when somebody asks for them: as a copy, unless it is the merchant's that
/// was only kept.
///
/// # Errors
/// One that is not there, no such slip.
pub fn print_slips(
    desk: &mut Desk<'_, '_>,
    id: PaymentId,
    kind: SlipKind,
) -> Result<JobRow, ShopError> {
    let card = desk.view().card(id)?.ok_or(ShopError::UnknownCard)?;
    if !desk.view().slips(id.uuid())?.iter().any(|slip| slip.kind() == kind) {
        return Err(ShopError::NoSlip);
    }
    let (job, copy) = match kind {
        SlipKind::Merchant => {
            (JobKind::MerchantSlip, desk.shop.rules.merchant_slips == MerchantSlips::Print)
        }
        SlipKind::Customer | SlipKind::Administration => (JobKind::CustomerSlip, true),
    };
    let job = desk.tx.enqueue(job, card.terminal.as_str(), Some(id.uuid()), copy)?;
    known(desk, job)
}

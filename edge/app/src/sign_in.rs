//! Somebody says who they are. The PIN is checked outside of the ledger's writer; what follows
//! from it is one command, so that tries at the same moment are counted one by one.

use crate::actor::rights_of;
use crate::error::{AccessError, ShopError};
use crate::ring_up::words;
use crate::shop::Desk;
use edge_domain::StoreTime;
use edge_domain::audit::Action;
use edge_domain::ids::StaffId;
use edge_domain::item::TerminalId;
use edge_domain::staff::{Permission, Staff, wait_ms_after};
use edge_ledger::View;
use edge_ledger::access::{ApprovalRow, Lock};
use serde::{Deserialize, Serialize};

/// How long an approval can be used.
pub const APPROVAL_MS: i64 = 60_000;

/// A try: whose PIN, the hash that it was held against, and whether it was the PIN.
#[derive(Clone, Debug)]
pub struct Try {
    /// Who they say they are.
    pub staff: StaffId,
    /// The hash.
    pub hash: String,
    /// Whether it was the PIN.
    pub matched: bool,
}

/// What became of a try. A wrong one changes something too: it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tried {
    /// It was the PIN: the token.
    Token(String),
    /// It was not.
    Wrong,
    /// Too often; so many milliseconds to wait.
    Locked(i64),
}

impl Tried {
    /// The token.
    ///
    /// # Errors
    /// `wrong_pin`, `locked_out`.
    pub fn token(self) -> Result<String, AccessError> {
        match self {
            Self::Token(token) => Ok(token),
            Self::Wrong => Err(AccessError::WrongPin),
            Self::Locked(ms) => Err(locked(ms)),
        }
    }
}

const fn locked(ms: i64) -> AccessError {
    AccessError::LockedOut { minutes: (ms + 59_999) / 60_000 }
}

/// The hash that a PIN is to be held against.
///
/// # Errors
/// Nobody of this id, somebody who left, `locked_out`.
pub fn hash_to_try(view: View<'_>, staff: StaffId, now: StoreTime) -> Result<String, ShopError> {
    let known = view.staff(staff)?.ok_or(AccessError::UnknownStaff)?;
    if !known.active {
        return Err(AccessError::NotActive(known.name).into());
    }
    let wait_ms = view.lock(staff)?.until_ms - now.as_millis();
    if wait_ms > 0 {
        return Err(locked(wait_ms).into());
    }
    Ok(known.pin)
}

/// Signs somebody in at a terminal.
///
/// # Errors
/// What the ledger says; what became of the try is the answer.
pub fn sign_in(
    desk: &mut Desk<'_, '_>,
    tried: &Try,
    terminal: &TerminalId,
) -> Result<Tried, ShopError> {
    match count(desk, tried)? {
        Ok(staff) => Ok(Tried::Token(desk.tx.open_session(staff.id, terminal)?)),
        Err(refused) => Ok(refused),
    }
}

/// Signs a session out. One that is not there is no fault: it is signed out.
///
/// # Errors
/// What the ledger says.
pub fn sign_out(desk: &mut Desk<'_, '_>, token: &str) -> Result<(), ShopError> {
    desk.tx.end_session(token)?;
    Ok(())
}

/// Somebody who may allows something once, for a minute, with a reason.
///
/// # Errors
/// `not_permitted` where they may not either; no reason.
pub fn approve_once(
    desk: &mut Desk<'_, '_>,
    tried: &Try,
    permission: Permission,
    reason: &str,
) -> Result<Tried, ShopError> {
    let reason = words(reason, "reason")?;
    let reason = reason.ok_or_else(|| ShopError::Invalid("Say why in a few words.".into()))?;
    let staff = match count(desk, tried)? {
        Ok(staff) => staff,
        Err(refused) => return Ok(refused),
    };
    if !rights_of(desk.view(), staff.role)?.allow(permission, 0) {
        let who = format!("{} does not have it either.", staff.name);
        return Err(AccessError::NotPermitted { permission, who }.into());
    }
    let expires_at = StoreTime::from_millis(desk.now().as_millis() + APPROVAL_MS);
    let asked_by = desk.actor.staff().map(|staff| staff.id);
    let row = ApprovalRow { approver: staff.id, asked_by, permission, reason, expires_at };
    Ok(Tried::Token(desk.tx.put_approval(&row)?))
}

/// A manager lets somebody try again.
///
/// # Errors
/// `not_permitted`, nobody of this id.
pub fn unlock_staff(desk: &mut Desk<'_, '_>, staff: StaffId) -> Result<Staff, ShopError> {
    desk.require(Permission::EditStaff)?;
    let known = desk.view().staff(staff)?.ok_or(AccessError::UnknownStaff)?;
    if desk.view().lock(staff)?.failures > 0 {
        desk.tx.set_lock(staff, Lock::default())?;
        let text = format!("{} may try again", known.name);
        desk.audit(Action::Access, staff.uuid(), text, None, "unlocked".into())?;
    }
    Ok(known)
}

/// Counts a try. While somebody is locked out, the right PIN is refused as well.
fn count(desk: &mut Desk<'_, '_>, tried: &Try) -> Result<Result<Staff, Tried>, ShopError> {
    let now_ms = desk.now().as_millis();
    let staff = desk.view().staff(tried.staff)?.ok_or(AccessError::UnknownStaff)?;
    let lock = desk.view().lock(staff.id)?;
    if lock.until_ms > now_ms {
        return Ok(Err(Tried::Locked(lock.until_ms - now_ms)));
    }
    if tried.matched && staff.active && staff.pin == tried.hash {
        desk.tx.set_lock(staff.id, Lock::default())?;
        return Ok(Ok(staff));
    }
    let failures = lock.failures.saturating_add(1);
    let wait_ms = wait_ms_after(failures);
    desk.tx.set_lock(staff.id, Lock { failures, until_ms: now_ms + wait_ms })?;
    if wait_ms == 0 {
        return Ok(Err(Tried::Wrong));
    }
    let text =
        format!("{}: {failures} wrong PINs, locked for {} min", staff.name, wait_ms / 60_000);
    desk.audit(Action::Access, staff.id.uuid(), text, None, "wrong PIN".into())?;
    Ok(Err(Tried::Locked(wait_ms)))
}

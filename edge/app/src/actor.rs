//! Who stands at the desk, and what they may. A store in which nobody works yet is an open shop:
//! everybody may everything, and nothing asks.

use crate::error::{AccessError, ShopError};
use crate::shop::Desk;
use cloud_sync_documents::staff::rights_from_json;
use edge_domain::StoreTime;
use edge_domain::audit::Action;
use edge_domain::item::TerminalId;
use edge_domain::staff::{Permission, Rights, Role, Staff};
use edge_ledger::View;
use edge_ledger::access::SessionRow;
use uuid::Uuid;

/// How many people are named to whoever may not.
const NAMED_MAX: usize = 3;

/// Who asks, as far as they say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Caller {
    /// The appliance itself: its lines, its documents.
    #[default]
    House,
    /// A device at a terminal: whoever was there last.
    Terminal(TerminalId),
    /// A person, by what they bring.
    Person {
        /// Their session.
        token: Option<String>,
        /// What somebody allowed them once.
        approval: Option<String>,
    },
}

/// Who stands at the desk.
#[derive(Clone, Debug)]
pub struct Actor {
    who: Who,
    approval: Option<String>,
    approved: Option<Approved>,
}

#[derive(Clone, Debug)]
enum Who {
    Anybody,
    Nobody,
    Staff(Box<SignedIn>),
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
struct SignedIn {
    staff: Staff,
    rights: Rights,
    terminal: TerminalId,
}

/// What somebody allowed in this very command.
#[derive(Clone, Debug)]
pub(crate) struct Approved {
    pub(crate) by: String,
    pub(crate) permission: Permission,
    pub(crate) reason: String,
    pub(crate) noted: bool,
}

/// What a role may in this store.
///
/// # Errors
/// What the ledger says.
pub fn rights_of(view: View<'_>, role: Role) -> Result<Rights, ShopError> {
    match view.role(role)? {
        Some(json) => Ok(rights_from_json(&json)?),
        None => Ok(Rights::of(role)),
    }
}

impl Actor {
    /// The appliance itself.
    #[must_use]
    pub const fn house() -> Self {
        Self { who: Who::Anybody, approval: None, approved: None }
    }

    /// Who a caller is now.
    ///
    /// # Errors
    /// What the ledger says.
    pub fn resolve(
        view: View<'_>,
        caller: &Caller,
        now: StoreTime,
        session_ms: i64,
    ) -> Result<Self, ShopError> {
        let (session, approval) = match caller {
            Caller::House => return Ok(Self::house()),
            _ if !view.has_staff()? => return Ok(Self::house()),
            Caller::Terminal(terminal) => (view.session_at(terminal)?, None),
            Caller::Person { token, approval } => {
                let session = token.as_deref().map(|token| view.session(token)).transpose()?;
                (session.flatten(), approval.clone())
            }
        };
        let idle_ms = |row: &SessionRow| now.as_millis() - row.used_at.as_millis();
        let session = session.filter(|row| idle_ms(row) <= session_ms);
        let staff = session.as_ref().map(|row| view.staff(row.staff)).transpose()?.flatten();
        let who = match (session, staff.filter(|staff| staff.active)) {
            (Some(SessionRow { terminal, .. }), Some(staff)) => {
                let rights = rights_of(view, staff.role)?;
                Who::Staff(Box::new(SignedIn { staff, rights, terminal }))
            }
            _ => Who::Nobody,
        };
        Ok(Self { who, approval, approved: None })
    }

    /// Who it is, where somebody signed in.
    #[must_use]
    pub fn staff(&self) -> Option<&Staff> {
        match &self.who {
            Who::Staff(signed) => Some(&signed.staff),
            Who::Anybody | Who::Nobody => None,
        }
    }

    /// The rank that they act with; the highest where nothing asks.
    pub(crate) fn rank(&self) -> Role {
        match &self.who {
            Who::Anybody => Role::Owner,
            Who::Nobody => Role::Kitchen,
            Who::Staff(signed) => signed.staff.role,
        }
    }

    /// Whether they may without anybody's approval.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.may_give(permission, 0)
    }

    fn may_give(&self, permission: Permission, share: u32) -> bool {
        match &self.who {
            Who::Anybody => true,
            Who::Nobody => false,
            Who::Staff(signed) => signed.rights.allow(permission, share),
        }
    }

    /// Refuses who may not.
    ///
    /// # Errors
    /// `sign_in_needed`, `not_permitted`.
    pub fn allowed(&self, view: View<'_>, permission: Permission) -> Result<(), ShopError> {
        if self.may(permission) {
            return Ok(());
        }
        Err(self.refusal(view, permission, 0)?)
    }

    fn refusal(
        &self,
        view: View<'_>,
        permission: Permission,
        share: u32,
    ) -> Result<ShopError, ShopError> {
        if matches!(self.who, Who::Nobody) {
            return Ok(AccessError::SignInNeeded.into());
        }
        let mut names = Vec::new();
        for staff in view.all_staff()?.into_iter().filter(|staff| staff.active) {
            if rights_of(view, staff.role)?.allow(permission, share) {
                names.push(staff.name);
            }
        }
        names.truncate(NAMED_MAX);
        let who = match names.is_empty() {
            true => "Nobody here has it: a manager can give it.".to_owned(),
            false => format!("{} can approve it.", names.join(" or ")),
        };
        Ok(AccessError::NotPermitted { permission, who }.into())
    }

    /// Refuses a terminal that they are not signed in at.
    fn at(&self, terminal: &TerminalId) -> Result<(), ShopError> {
        match &self.who {
            Who::Staff(signed) if signed.terminal != *terminal => {
                Err(AccessError::OtherTerminal(signed.terminal.to_string()).into())
            }
            _ => Ok(()),
        }
    }
}

impl Desk<'_, '_> {
    /// Who serves at this desk, where somebody signed in.
    pub(crate) fn staff(&self) -> Option<String> {
        self.actor.staff().map(|staff| staff.name.clone())
    }

    /// Refuses whoever may not sell.
    pub(crate) fn selling(&self) -> Result<(), ShopError> {
        self.actor.allowed(self.view(), Permission::Sell)
    }

    /// Refuses whoever may not sell here.
    pub(crate) fn selling_at(&self, terminal: &TerminalId) -> Result<(), ShopError> {
        self.selling()?;
        self.actor.at(terminal)
    }

    /// Refuses whoever may not, unless somebody who may allowed it once.
    pub(crate) fn require(&mut self, permission: Permission) -> Result<(), ShopError> {
        self.require_up_to(permission, 0)
    }

    /// The same for a discount of so many thousandths of a per cent.
    pub(crate) fn require_up_to(
        &mut self,
        permission: Permission,
        share: u32,
    ) -> Result<(), ShopError> {
        if self.actor.may_give(permission, share) {
            return Ok(());
        }
        let refusal = self.actor.refusal(self.view(), permission, share)?;
        match self.actor.approval.clone() {
            Some(token) => self.approve(&token, permission, share, refusal),
            None => Err(refusal),
        }
    }

    /// Uses up what somebody allowed.
    fn approve(
        &mut self,
        token: &str,
        permission: Permission,
        share: u32,
        refusal: ShopError,
    ) -> Result<(), ShopError> {
        if self.actor.approved.as_ref().is_some_and(|known| known.permission == permission) {
            return Ok(());
        }
        let row = self.view().approval(token)?.ok_or(AccessError::NotApproved)?;
        let asked_by = self.actor.staff().map(|staff| staff.id);
        let late = self.now() > row.expires_at;
        if late || row.permission != permission || row.asked_by != asked_by {
            return Err(AccessError::NotApproved.into());
        }
        let approver = self.view().staff(row.approver)?.filter(|staff| staff.active);
        let approver = approver.ok_or(AccessError::NotApproved)?;
        if !rights_of(self.view(), approver.role)?.allow(permission, share) {
            return Err(refusal);
        }
        self.tx.spend_approval(token)?;
        let (by, reason) = (approver.name, row.reason);
        self.actor.approved = Some(Approved { by, permission, reason, noted: false });
        Ok(())
    }

    /// Who allowed what is being written down, and why.
    pub(crate) fn approved_by(&mut self) -> Option<(String, String)> {
        let approved = self.actor.approved.as_mut()?;
        approved.noted = true;
        Some((approved.by.clone(), approved.reason.clone()))
    }

    /// An approval that the verb itself did not write down is written down here: every one is in
    /// the audit journal.
    pub(crate) fn note_approval(&mut self) -> Result<(), ShopError> {
        let Some(approved) = self.actor.approved.as_ref().filter(|known| !known.noted) else {
            return Ok(());
        };
        let text = format!("approved once: {}", approved.permission.as_str());
        self.audit(Action::Access, Uuid::nil(), text, None, String::new())
    }

    /// Notes that whoever is signed in is at work.
    pub(crate) fn note_presence(&mut self, caller: &Caller) -> Result<(), ShopError> {
        match (caller, &self.actor.who) {
            (Caller::Person { token: Some(token), .. }, Who::Staff(_)) => {
                Ok(self.tx.use_session(token)?)
            }
            _ => Ok(()),
        }
    }
}

//! Who works here, and what was written down about them.

use super::{Money, time};
use edge_domain::audit::Audit;
use edge_domain::staff as domain;
use edge_ledger::access::Lock;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Somebody who works here. A PIN is never shown, nor its hash.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Staff {
    /// Their id.
    pub id: String,
    /// What sales call them.
    pub name: String,
    /// `kitchen`, `cashier`, `supervisor`, `manager` or `owner`.
    pub role: String,
    /// Whether they may sign in.
    pub active: bool,
    /// Their language, where it is not the store's.
    pub locale: Option<String>,
    /// Until when nobody may try their PIN.
    pub locked_until: Option<String>,
}

/// What a role may.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Role {
    /// Its name.
    pub role: String,
    /// What it may.
    pub permissions: Vec<String>,
    /// The most that a discount may be, as a decimal per cent.
    pub discount_max: String,
}

/// Something that the owner wants to know of.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AuditEntry {
    /// Its place in the journal.
    pub ledger_seq: u64,
    /// `discount`, `void_fired`, `return`, `tax_exempt`, `age_check`, `no_sale`, `move_lines` or
    /// `access`.
    pub action: String,
    /// To what: an order, a sale, a person.
    pub subject: String,
    /// What exactly.
    pub text: String,
    /// About how much money it was.
    pub amount: Option<Money>,
    /// Why, as it was said.
    pub reason: String,
    /// Who did it.
    pub by: Option<String>,
    /// Who allowed it, where somebody had to.
    pub approved_by: Option<String>,
    /// When.
    pub at: String,
}

impl Staff {
    pub(crate) fn of(staff: &domain::Staff, lock: Lock, now: edge_domain::StoreTime) -> Self {
        let until = Some(lock.until_ms).filter(|until| *until > now.as_millis());
        Self {
            id: staff.id.to_string(),
            name: staff.name.clone(),
            role: staff.role.as_str().to_owned(),
            active: staff.active,
            locale: staff.locale.clone(),
            locked_until: until.map(|ms| time(edge_domain::StoreTime::from_millis(ms))),
        }
    }
}

impl Role {
    pub(crate) fn of(role: domain::Role, rights: &domain::Rights) -> Self {
        let permissions = rights.permissions.iter().map(|known| known.as_str().to_owned());
        let bound = edge_domain::tax::TaxRate::from_thousandths(rights.discount_max);
        Self {
            role: role.as_str().to_owned(),
            permissions: permissions.collect(),
            discount_max: bound.map(|bound| bound.to_string()).unwrap_or_default(),
        }
    }
}

impl AuditEntry {
    pub(crate) fn of(seq: u64, audit: &Audit) -> Self {
        Self {
            ledger_seq: seq,
            action: audit.action.as_str().to_owned(),
            subject: audit.subject.to_string(),
            text: audit.text.clone(),
            amount: audit.amount.map(Money::from),
            reason: audit.reason.clone(),
            by: audit.by.clone(),
            approved_by: audit.approved_by.clone(),
            at: time(audit.at),
        }
    }
}

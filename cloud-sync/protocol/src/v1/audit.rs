//! The audit journal, v1.

use super::order::{ShapeError, broken};
use edge_domain::StoreTime;
use edge_domain::audit::{Action, Audit};
use edge_domain::money::{Currency, Money};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Serialize, Deserialize)]
pub(super) struct AuditV1 {
    action: String,
    subject: Uuid,
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    amount: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    approved_by: Option<String>,
    at: i64,
}

impl From<&Audit> for AuditV1 {
    fn from(audit: &Audit) -> Self {
        Self {
            action: audit.action.as_str().to_owned(),
            subject: audit.subject,
            text: audit.text.clone(),
            amount: audit.amount.map(Money::minor),
            currency: audit.amount.map(|amount| amount.currency().to_string()),
            reason: audit.reason.clone(),
            by: audit.by.clone(),
            approved_by: audit.approved_by.clone(),
            at: audit.at.as_millis(),
        }
    }
}

impl TryFrom<AuditV1> for Audit {
    type Error = ShapeError;

    fn try_from(shape: AuditV1) -> Result<Self, ShapeError> {
        let action = Action::from_name(&shape.action);
        let amount = match (shape.amount, &shape.currency) {
            (Some(minor), Some(currency)) => {
                let currency: Currency = currency.parse().map_err(broken)?;
                Some(Money::new(minor, currency).map_err(broken)?)
            }
            _ => None,
        };
        Ok(Self {
            action: action.ok_or_else(|| broken(format!("unknown act {:?}", shape.action)))?,
            subject: shape.subject,
            text: shape.text,
            amount,
            reason: shape.reason,
            by: shape.by,
            approved_by: shape.approved_by,
            at: StoreTime::from_millis(shape.at),
        })
    }
}

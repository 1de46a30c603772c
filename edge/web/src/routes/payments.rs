//! How something is paid, as it is asked over HTTP.

use crate::problem::Problem;
use crate::shapes::Money;
use edge_domain::payment::{Offer, Tender};
use serde::Deserialize;
use utoipa::ToSchema;

/// A tender.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewPayment {
    /// `cash`, `card`, `voucher`, `gift_card`, `account` or `points`.
    pub(crate) method: String,
    /// What was handed over in cash.
    #[serde(default)]
    pub(crate) tendered: Option<Money>,
    /// What the card or whatever it is pays.
    #[serde(default)]
    pub(crate) amount: Option<Money>,
    /// What of it is for the staff.
    #[serde(default)]
    pub(crate) tip: Option<Money>,
    /// Whose account, which voucher or card, which approval.
    #[serde(default)]
    pub(crate) reference: Option<String>,
    /// Reservations that the sale keeps, if this pays the rest.
    #[serde(default)]
    pub(crate) reservations: Vec<String>,
}

impl NewPayment {
    pub(crate) fn offer(self) -> Result<Offer, Problem> {
        let first = if self.method == "cash" {
            self.tendered.or(self.amount)
        } else {
            self.amount.or(self.tendered)
        };
        let amount = first.ok_or_else(|| Problem::invalid("Say the amount."))?.read()?;
        let unknown = || Problem::invalid(format!("{:?} is no way to pay here.", self.method));
        let tender = Tender::from_method(&self.method, amount).ok_or_else(unknown)?;
        let needs = matches!(tender, Tender::Stored { .. }) && self.reference.is_none();
        if needs {
            return Err(Problem::invalid(format!("Say the {}'s number.", self.method)));
        }
        let tip = self.tip.as_ref().map(Money::read).transpose()?;
        Ok(Offer { tender, tip, reference: self.reference })
    }
}

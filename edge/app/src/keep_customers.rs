//! Customers: who they are, what they may owe, and what an order takes from them.

use crate::error::{Kind, ShopError};
use crate::loyalty::{Standing, standing};
use crate::shop::Desk;
use crate::stored_value::{ValueBalance, value_balance};
use crate::value_error::ValueError;
use cloud_sync_documents::customer as document;
use cloud_sync_protocol::v1::customer::CustomerV1;
use edge_domain::StoreTime;
use edge_domain::loyalty::Programme;
use edge_domain::money::Money;
use edge_domain::order::Tab;
use edge_domain::payment::{Payment, Stored, Tender};
use edge_domain::staff::Permission;
use edge_ledger::View;
use std::collections::BTreeMap;

/// Why a customer cannot be found or kept. In order of precedence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CustomerError {
    /// Nobody has this id.
    #[error("There is no customer {0}. Search by name, or add one.")]
    Unknown(String),
    /// Somebody else's card.
    #[error("The loyalty number {code} is {other}'s already: nothing was changed.")]
    CodeTaken {
        /// The loyalty number.
        code: String,
        /// Whose it is: an id.
        other: String,
    },
}

impl CustomerError {
    /// The stable code and the sort of refusal.
    #[must_use]
    pub const fn code(&self) -> (&'static str, Kind) {
        match self {
            Self::Unknown(_) => ("unknown_customer", Kind::NotFound),
            Self::CodeTaken { .. } => ("loyalty_number_taken", Kind::Conflict),
        }
    }
}

/// What changes of a customer; what is not said stays. `Some(None)` takes it away.
#[derive(Clone, Debug, Default)]
pub struct CustomerChange {
    /// As the counter says it; a new one needs it.
    pub name: Option<String>,
    /// Has prices and promotions of its own.
    pub group: Option<Option<String>>,
    /// The loyalty number.
    pub code: Option<Option<String>>,
    /// What the account may owe.
    pub credit_limit: Option<Option<Money>>,
    /// The tier that somebody gives.
    pub tier: Option<Option<String>>,
    /// Not one that left.
    pub active: Option<bool>,
}

/// A customer, and how the accounts stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerState {
    /// Who.
    pub customer: CustomerV1,
    /// What the account may owe.
    pub credit_limit: Option<Money>,
    /// What it owes here.
    pub owed: Money,
    /// What may still be bought on account here.
    pub credit_left: Option<Money>,
    /// The points, if there ever were any.
    pub points: Option<ValueBalance>,
    /// The tier, and what was spent towards it here.
    pub standing: Standing,
}

/// Adds a customer, or changes one.
///
/// # Errors
/// [`CustomerError::CodeTaken`]; one that makes no sense, the text names the rule.
pub fn put_customer(
    desk: &mut Desk<'_, '_>,
    id: &str,
    change: CustomerChange,
) -> Result<CustomerState, ShopError> {
    desk.require(Permission::EditCatalogue)?;
    let minor = |limit: Option<Money>| {
        limit.map(|limit| limit.minus(Money::zero(desk.shop.currency))).transpose()
    };
    let limit = change.credit_limit.map(minor).transpose()?;
    let known = desk.view().customer(id)?;
    let known = known.unwrap_or_else(|| CustomerV1 {
        id: id.to_owned(),
        name: String::new(),
        group: None,
        code: None,
        credit_limit: None,
        tier: None,
        reached: None,
        active: true,
    });
    let trimmed = |text: Option<String>| text.map(|text| text.trim().to_owned());
    let customer = CustomerV1 {
        name: trimmed(change.name).unwrap_or(known.name),
        group: change.group.map_or(known.group, trimmed),
        code: change.code.map_or(known.code, trimmed),
        credit_limit: limit.map_or(known.credit_limit, |limit| limit.map(|it| it.minor())),
        tier: change.tier.map_or(known.tier, trimmed),
        reached: known.reached,
        active: change.active.unwrap_or(known.active),
        id: known.id,
    };
    customer.check().map_err(|error| ShopError::Invalid(format!("{error}.")))?;
    if let Some(code) = &customer.code {
        let others = desk.view().customers_by_code(code)?;
        if let Some(other) = others.into_iter().find(|other| other.id != customer.id) {
            return Err(CustomerError::CodeTaken { code: code.clone(), other: other.id }.into());
        }
    }
    let name = document::shard_of(id);
    desk.docs.edit(desk.tx, &name, |document| document::put(document, &customer))?;
    desk.tx.put_customer(&customer)?; // its shard has thousands of others
    state_of(desk.view(), &desk.shop.rules.loyalty, desk.now(), customer)
}

/// A customer, and how the accounts stand.
///
/// # Errors
/// [`CustomerError::Unknown`].
pub fn customer_state(
    view: View<'_>,
    programme: &Programme,
    now: StoreTime,
    id: &str,
) -> Result<CustomerState, ShopError> {
    let customer = view.customer(id)?.ok_or_else(|| CustomerError::Unknown(id.to_owned()))?;
    state_of(view, programme, now, customer)
}

/// Customers whose name, id or loyalty number hold every word of a text, by name.
///
/// # Errors
/// What the ledger says.
pub fn find_customers(
    view: View<'_>,
    programme: &Programme,
    now: StoreTime,
    text: &str,
    limit: u32,
) -> Result<Vec<CustomerState>, ShopError> {
    let found = view.find_customers(text, limit)?;
    found.into_iter().map(|customer| state_of(view, programme, now, customer)).collect()
}

fn state_of(
    view: View<'_>,
    programme: &Programme,
    now: StoreTime,
    customer: CustomerV1,
) -> Result<CustomerState, ShopError> {
    let money = |minor| Money::new(minor, view.currency());
    let balance = view.stored_value(Stored::Account, &customer.id)?.unwrap_or(0);
    let left = |limit: i64| limit.saturating_add(balance).max(0);
    let points = match value_balance(view, Stored::Points, &customer.id) {
        Ok(points) => Some(points),
        Err(ShopError::Value(ValueError::Unknown(_))) => None,
        Err(error) => return Err(error),
    };
    Ok(CustomerState {
        credit_limit: customer.credit_limit.map(money).transpose()?,
        owed: money(balance.min(0).saturating_neg())?,
        credit_left: customer.credit_limit.map(left).map(money).transpose()?,
        points,
        standing: standing(view, programme, &customer, now)?,
        customer,
    })
}

/// What an order takes from its customer: the id, where the loyalty number was scanned, and the
/// group, where nobody said another. One whom nobody knows stays as it was said.
pub(crate) fn greet(view: View<'_>, tab: &mut Tab) -> Result<(), ShopError> {
    let Some(said) = tab.customer.as_deref() else { return Ok(()) };
    let known = match view.customer(said)? {
        Some(known) => Some(known),
        None => match view.customers_by_code(said)?.as_slice() {
            [one] => Some(one.clone()),
            _ => None, // two of one number: nobody guesses
        },
    };
    if let Some(known) = known.filter(|known| known.active) {
        tab.customer = Some(known.id);
        tab.group = tab.group.take().or(known.group);
    }
    Ok(())
}

/// Whether what is bought on account stays within what known customers may owe. An account of
/// nobody whom the shop knows has no limit here.
pub(crate) fn within_credit<'a>(
    view: View<'_>,
    payments: impl IntoIterator<Item = &'a Payment>,
) -> Result<(), ShopError> {
    let mut sums = BTreeMap::<&str, i64>::new();
    for payment in payments {
        let Tender::Stored { kind: Stored::Account, .. } = payment.tender else { continue };
        let Some(reference) = payment.reference.as_deref() else { continue };
        let sum = sums.entry(reference).or_default();
        *sum = sum.saturating_add(payment.amount.minor());
    }
    for (reference, minor) in sums.into_iter().filter(|(_, minor)| *minor > 0) {
        let Some(customer) = view.customer(reference)? else { continue };
        let Some(limit) = customer.credit_limit.filter(|_| customer.active) else {
            return Err(ValueError::NoCredit(customer.name).into());
        };
        let balance = view.stored_value(Stored::Account, reference)?.unwrap_or(0);
        let left = limit.saturating_add(balance).max(0);
        if minor > left {
            let left = Money::new(left, view.currency())?;
            return Err(ValueError::CreditExceeded { customer: customer.name, left }.into());
        }
    }
    Ok(())
}

//! Shapes that several groups of endpoints share.

use super::Problem;
use axum::http::StatusCode;
use cloud_sync_store as store;
use edge_domain::time::StoreTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An amount in minor units of a currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Minor units: 1250 is 12.50 EUR.
    pub amount: i64,
    /// ISO 4217.
    #[schema(example = "EUR")]
    pub currency: String,
}

/// A moment as RFC 3339 in UTC. One that no calendar has is its first or last moment.
#[must_use]
pub fn rfc3339(at: StoreTime) -> String {
    let bound = if at.as_millis() < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
    jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or(bound).to_string()
}

impl From<edge_domain::Money> for Money {
    fn from(money: edge_domain::Money) -> Self {
        Self { amount: money.minor(), currency: money.currency().to_string() }
    }
}

impl TryFrom<Money> for edge_domain::Money {
    type Error = Problem;

    fn try_from(money: Money) -> Result<Self, Problem> {
        let bad = |error: edge_domain::money::MoneyError| {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_money", error.to_string())
        };
        Self::new(money.amount, money.currency.parse().map_err(bad)?).map_err(bad)
    }
}

/// A price that was set, by whom and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConflictValue {
    /// How much.
    pub value: Money,
    /// `headquarters`, or `store NAME`.
    pub by: String,
    /// When, RFC 3339.
    pub at: String,
    /// Whether it is the one that holds now.
    pub holds: bool,
}

/// Prices of one item that were set in two places apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Conflict {
    /// Stable for the item.
    pub id: String,
    /// The item.
    pub sku: String,
    /// What people read.
    pub name: String,
    /// What of the item: `price`.
    pub field: String,
    /// The values, the one that holds first.
    pub values: Vec<ConflictValue>,
}

impl From<store::Conflict> for Conflict {
    fn from(conflict: store::Conflict) -> Self {
        let value = |(n, value): (usize, store::PriceValue)| ConflictValue {
            value: value.price.into(),
            by: value.store.map_or("headquarters".into(), |name| format!("store {name}")),
            at: rfc3339(value.at),
            holds: n == 0,
        };
        Self {
            id: conflict.id,
            sku: conflict.sku,
            name: conflict.name,
            field: "price".into(),
            values: conflict.values.into_iter().enumerate().map(value).collect(),
        }
    }
}

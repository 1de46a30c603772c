//! Customers: who they are, what they may owe, what they owe.

use super::bills::said;
use crate::Api;
use crate::post::Post;
use crate::problem::Problem;
use crate::shapes::Money;
use axum::Json;
use axum::extract::{Path, Query, State};
use edge_app::{CustomerChange, CustomerState, customer_state, find_customers, put_customer};
use edge_ledger::View;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How many customers an answer has at most.
const FOUND_MAX: u32 = 100;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(customers)).routes(routes!(customer, keep_customer))
}

/// Which customers.
#[derive(Debug, Deserialize, IntoParams)]
pub struct WhichCustomers {
    /// Words of the name, the id or the loyalty number.
    q: Option<String>,
    /// At most so many; 20 where nothing is said.
    limit: Option<u32>,
}

/// A customer, and how the accounts stand.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Customer {
    /// The shop's own, or a loyalty number.
    pub id: String,
    /// As the counter says it.
    pub name: String,
    /// Has prices and promotions of its own.
    pub group: Option<String>,
    /// The loyalty number.
    pub code: Option<String>,
    /// What the account may owe.
    pub credit_limit: Option<Money>,
    /// The tier that holds now: given, or reached by spending.
    pub tier: Option<String>,
    /// What was spent in this store in the last 365 days.
    pub spent: Money,
    /// Not one that left.
    pub active: bool,
    /// What the account owes in this store.
    pub owed: Money,
    /// What may still be bought on account in this store.
    pub credit_left: Option<Money>,
    /// What the points are worth in all places, as far as is known here.
    pub points: Option<Money>,
    /// What of them can be spent here now.
    pub points_available: Option<Money>,
}

/// Customers.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerList {
    /// By name.
    pub customers: Vec<Customer>,
}

/// What changes of a customer; what is not said stays, `null` takes it away. A new one needs a
/// name.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct ChangeCustomer {
    /// As the counter says it.
    name: Option<String>,
    /// Has prices and promotions of its own.
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    group: Option<Option<String>>,
    /// The loyalty number.
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    code: Option<Option<String>>,
    /// What the account may owe. Without one, nothing is bought on account.
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<Money>)]
    credit_limit: Option<Option<Money>>,
    /// The tier that somebody gives.
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    tier: Option<Option<String>>,
    /// Not one that left.
    active: Option<bool>,
}

impl From<CustomerState> for Customer {
    fn from(state: CustomerState) -> Self {
        let CustomerState { customer, credit_limit, owed, credit_left, points, standing } = state;
        Self {
            id: customer.id,
            name: customer.name,
            group: customer.group,
            code: customer.code,
            credit_limit: credit_limit.map(Money::from),
            tier: standing.tier,
            spent: standing.spent.into(),
            active: customer.active,
            owed: owed.into(),
            credit_left: credit_left.map(Money::from),
            points: points.map(|points| points.balance.into()),
            points_available: points.map(|points| points.available.into()),
        }
    }
}

impl ChangeCustomer {
    fn read(self) -> Result<CustomerChange, Problem> {
        let read = |limit: Option<Money>| limit.map(|limit| limit.read()).transpose();
        Ok(CustomerChange {
            name: self.name,
            group: self.group,
            code: self.code,
            credit_limit: self.credit_limit.map(read).transpose()?,
            tier: self.tier,
            active: self.active,
        })
    }
}

/// Customers by words of their name, their id or their loyalty number.
#[utoipa::path(get, path = "/customers", params(WhichCustomers),
    responses((status = 200, body = CustomerList), (status = "4XX", body = Problem)))]
pub(crate) async fn customers(
    State(api): State<Api>,
    Query(which): Query<WhichCustomers>,
) -> Result<Json<CustomerList>, Problem> {
    let (text, limit) = (which.q.unwrap_or_default(), which.limit.unwrap_or(20).min(FOUND_MAX));
    let (shop, now) = (api.shop.clone(), api.shop.ledger().settings().clock.now());
    let found =
        move |view: View<'_>| find_customers(view, &shop.config().rules.loyalty, now, &text, limit);
    let found = api.read(found).await?;
    Ok(Json(CustomerList { customers: found.into_iter().map(Customer::from).collect() }))
}

/// A customer, and how the accounts stand.
#[utoipa::path(get, path = "/customers/{id}", params(("id" = String, Path)),
    responses((status = 200, body = Customer), (status = "4XX", body = Problem)))]
pub(crate) async fn customer(
    State(api): State<Api>,
    Path(id): Path<String>,
) -> Result<Json<Customer>, Problem> {
    let (shop, now) = (api.shop.clone(), api.shop.ledger().settings().clock.now());
    let state = move |view: View<'_>| customer_state(view, &shop.config().rules.loyalty, now, &id);
    Ok(Json(api.read(state).await?.into()))
}

/// Adds a customer, or changes one. No address, no telephone, no mail is kept.
#[utoipa::path(post, path = "/customers/{id}",
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = ChangeCustomer,
    responses((status = 200, body = Customer), (status = "4XX", body = Problem)))]
pub(crate) async fn keep_customer(
    State(api): State<Api>,
    Path(id): Path<String>,
    post: Post<ChangeCustomer>,
) -> Result<Json<Customer>, Problem> {
    let change = post.body.read()?;
    let put = api
        .run(post.identity, move |desk| put_customer(desk, &id, change).map(Customer::from))
        .await?;
    Ok(Json(put))
}

//! Rights, and value that the shop keeps for customers.

use crate::Api;
use crate::post::Post;
use crate::problem::Problem;
use crate::shapes::Money;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use edge_app::{
    IssueValue, ShopError, ValueBalance, ValueError, ask_rights, fetch_value, issue_value,
    value_balance,
};
use edge_domain::payment::Stored;
use edge_domain::rights::Resource;
use edge_ledger::rights::{RightRow, RightsState};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How many rights a page has at most.
const PAGE_MAX: u32 = 500;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(rights))
        .routes(routes!(ask))
        .routes(routes!(balance, issue))
        .routes(routes!(fetch))
}

/// Which rights.
#[derive(Debug, Deserialize, IntoParams)]
pub struct WhichRights {
    /// In one resource, as `item/MILK-1L`.
    resource: Option<String>,
    /// `overdrawn`: of which more was sold than this store held; `asked`: that others ask for.
    state: Option<String>,
    /// Those after this resource.
    after: Option<String>,
    /// At most so many; 100 where nothing is said.
    limit: Option<u32>,
}

/// The rights in one resource, as this store sees them: thousandths of goods, minor units of
/// value, sales of a promotion.
#[derive(Debug, Serialize, ToSchema)]
pub struct RightsRow {
    /// As `item/MILK-1L`.
    pub resource: String,
    /// What this store may promise or spend.
    pub held: u64,
    /// What it sold beyond that.
    pub overdrawn: u64,
    /// What is left in all places, as far as is known here.
    pub known: i64,
    /// What others ask this store for.
    pub asked: u64,
}

/// Rights.
#[derive(Debug, Serialize, ToSchema)]
pub struct RightsList {
    /// By resource.
    pub rights: Vec<RightsRow>,
}

/// What this store asks for.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AskRights {
    /// As `item/MILK-1L`.
    resource: String,
    /// How much more: thousandths of goods, minor units of value.
    amount: u64,
}

/// What is on a card, a voucher or an account.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StoredValue {
    /// `voucher`, `gift_card`, `account`, `points`.
    pub kind: String,
    /// Which.
    pub reference: String,
    /// What is on it in all places, as far as is known here.
    pub balance: Money,
    /// What can be spent here now.
    pub available: Money,
}

/// Value that is given without a sale.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewValue {
    /// How much.
    amount: Money,
    /// Why.
    reason: String,
}

/// Nothing to say.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NothingMore {}

impl From<RightRow> for RightsRow {
    fn from(row: RightRow) -> Self {
        Self {
            resource: row.resource.to_string(),
            held: row.held.max(0).unsigned_abs(),
            overdrawn: row.held.min(0).unsigned_abs(),
            known: row.known,
            asked: row.due,
        }
    }
}

fn shown(kind: Stored, reference: String, value: ValueBalance) -> StoredValue {
    let (balance, available) = (value.balance.into(), value.available.into());
    StoredValue { kind: kind.as_str().to_owned(), reference, balance, available }
}

fn kind_of(name: &str) -> Result<Stored, ShopError> {
    let known = Stored::NAMES.iter().find(|(_, known)| *known == name);
    Ok(known.ok_or_else(|| ValueError::UnknownKind(name.to_owned()))?.0)
}

fn resource_of(text: &str) -> Result<Resource, ShopError> {
    Ok(text.parse().map_err(ValueError::from)?)
}

/// What this store may promise and spend, and what it sold beyond that.
#[utoipa::path(get, path = "/rights", params(WhichRights),
    responses((status = 200, body = RightsList), (status = "4XX", body = Problem)))]
pub(crate) async fn rights(
    State(api): State<Api>,
    Query(which): Query<WhichRights>,
) -> Result<Json<RightsList>, Problem> {
    let state = match which.state.as_deref() {
        None => RightsState::Any,
        Some("overdrawn") => RightsState::Overdrawn,
        Some("asked") => RightsState::Due,
        Some(_) => return Err(Problem::invalid("state is overdrawn or asked.")),
    };
    let one = which.resource.as_deref().map(resource_of).transpose()?;
    let (after, limit) = (which.after.unwrap_or_default(), which.limit.unwrap_or(100));
    let rows = api.read(move |view| match one {
        Some(resource) => Ok(view.rights(&resource)?.into_iter().collect()),
        None => Ok(view.rights_page(state, &after, limit.min(PAGE_MAX))?),
    });
    Ok(Json(RightsList { rights: rows.await?.into_iter().map(RightsRow::from).collect() }))
}

/// Asks headquarters for more rights. They come when it and those who hold them have heard.
#[utoipa::path(post, path = "/rights/ask", params(("Idempotency-Key" = Option<String>, Header)),
    request_body = AskRights, responses((status = 202), (status = "4XX", body = Problem)))]
pub(crate) async fn ask(
    State(api): State<Api>,
    post: Post<AskRights>,
) -> Result<StatusCode, Problem> {
    let (resource, amount) = (resource_of(&post.body.resource)?, post.body.amount);
    api.run(post.identity, move |desk| ask_rights(desk, &resource, amount)).await?;
    Ok(StatusCode::ACCEPTED)
}

/// What is on a card, a voucher or an account.
#[utoipa::path(get, path = "/stored-value/{kind}/{reference}",
    params(("kind" = String, Path), ("reference" = String, Path)),
    responses((status = 200, body = StoredValue), (status = "4XX", body = Problem)))]
pub(crate) async fn balance(
    State(api): State<Api>,
    Path((kind, reference)): Path<(String, String)>,
) -> Result<Json<StoredValue>, Problem> {
    let (kind, of) = (kind_of(&kind)?, reference.clone());
    let value = api.read(move |view| value_balance(view, kind, &of)).await?;
    Ok(Json(shown(kind, reference, value)))
}

/// Gives a customer value without a sale, at the shop's own expense.
#[utoipa::path(post, path = "/stored-value/{kind}/{reference}",
    params(("kind" = String, Path), ("reference" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewValue,
    responses((status = 201, body = StoredValue), (status = "4XX", body = Problem)))]
pub(crate) async fn issue(
    State(api): State<Api>,
    Path((kind, reference)): Path<(String, String)>,
    post: Post<NewValue>,
) -> Result<(StatusCode, Json<StoredValue>), Problem> {
    let kind = kind_of(&kind)?;
    let NewValue { amount, reason } = post.body;
    let amount = amount.read()?;
    let issued = api.run(post.identity, move |desk| {
        let issue = IssueValue { kind, reference: reference.clone(), amount, reason };
        issue_value(desk, issue).map(|value| shown(kind, reference, value))
    });
    Ok((StatusCode::CREATED, Json(issued.await?)))
}

/// Asks for what other places hold of a card, a voucher or an account.
#[utoipa::path(post, path = "/stored-value/{kind}/{reference}/fetch",
    params(("kind" = String, Path), ("reference" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NothingMore, responses((status = 202), (status = "4XX", body = Problem)))]
pub(crate) async fn fetch(
    State(api): State<Api>,
    Path((kind, reference)): Path<(String, String)>,
    post: Post<NothingMore>,
) -> Result<StatusCode, Problem> {
    let kind = kind_of(&kind)?;
    api.run(post.identity, move |desk| fetch_value(desk, kind, &reference)).await?;
    Ok(StatusCode::ACCEPTED)
}

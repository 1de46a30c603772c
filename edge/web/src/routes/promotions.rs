//! Promotions: what holds, and setting it.

use crate::Api;
use crate::post::Post;
use crate::problem::Problem;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use cloud_sync_protocol::v1::promotion::PromotionV1;
use edge_app::put_promotion;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(promotions)).routes(routes!(put))
}

/// A promotion: `label`, `when` {from, until, windows, groups, kinds, coupon}, `effect` (`kind`
/// is one of percent, amount, price, buy_get, cheapest_free, any_for, bundle, threshold),
/// `priority`, `stacks`, `group`, `per_order`, `per_customer`, `in_total`, `ended`. Amounts are
/// minor units, shares thousandths of a per cent, moments milliseconds since 1970.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Promotion {
    /// What it says.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    body: serde_json::Value,
}

/// Promotions that are not over, and on how many sales each counted.
#[derive(Debug, Serialize, ToSchema)]
pub struct PromotionList {
    /// By id.
    pub promotions: Vec<PromotionRow>,
}

/// A promotion as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct PromotionRow {
    /// What it says.
    pub promotion: Promotion,
    /// On how many sales of this store it counted.
    pub sales: u32,
}

/// Promotions that are not over.
#[utoipa::path(get, path = "/promotions", responses((status = 200, body = PromotionList)))]
pub(crate) async fn promotions(State(api): State<Api>) -> Result<Json<PromotionList>, Problem> {
    let rows = api.read(|view| {
        let mut rows = Vec::new();
        for (id, body) in view.promotion_bodies()? {
            let body = serde_json::from_str(&body).unwrap_or_default();
            let sales = view.promotion_sales(&id, None)?;
            rows.push(PromotionRow { promotion: Promotion { body }, sales });
        }
        Ok(rows)
    });
    Ok(Json(PromotionList { promotions: rows.await? }))
}

/// Sets a promotion: creates it, or changes what it says. `ended: true` ends it for good.
#[utoipa::path(post, path = "/promotions/{id}", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Promotion,
    responses((status = 200, body = Promotion), (status = "4XX", body = Problem)))]
pub(crate) async fn put(
    State(api): State<Api>,
    Path(id): Path<String>,
    post: Post<Promotion>,
) -> Result<(StatusCode, Json<Promotion>), Problem> {
    let mut body = post.body.body;
    if let Some(fields) = body.as_object_mut() {
        fields.insert("id".into(), id.into());
    }
    let shape: PromotionV1 = serde_json::from_value(body)
        .map_err(|error| Problem::invalid(format!("This is no promotion: {error}.")))?;
    let put = api.run(post.identity, move |desk| {
        put_promotion(desk, &shape)?;
        Ok(Promotion { body: serde_json::to_value(&shape).unwrap_or_default() })
    });
    Ok((StatusCode::OK, Json(put.await?)))
}

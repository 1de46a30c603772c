//! Counts by RFID: what a reader of the shop, or a handheld, saw.

use crate::Api;
use crate::post::{Post, id};
use crate::problem::Problem;
use crate::routes::counts::shown;
use crate::shapes::Count;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use edge_app::{TagsTaken, take_tags};
use edge_domain::ids::CountId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(collect)).routes(routes!(take_seen))
}

/// Which reader collects.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Collect {
    /// Its device id.
    reader: String,
}

/// What was seen: by a reader that collected, or by a handheld.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SeenTags {
    /// The reader whose collection is taken; it ends with this.
    #[serde(default)]
    reader: Option<String>,
    /// Tags: hexadecimal memory, EPC URIs, element strings.
    #[serde(default)]
    tags: Vec<String>,
}

/// A count, and what became of the tags.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct CountedTags {
    /// Pieces that were counted.
    pub counted: u64,
    /// Pieces of items that are not in this count.
    pub elsewhere: u64,
    /// Pieces that the books say were sold: not counted.
    pub sold: u64,
    /// Tags of none of the shop's items.
    pub foreign: u64,
    /// The count as it stands: expected against counted.
    pub count: Count,
}

fn no_reader(reader: &str) -> Problem {
    let detail = format!("No RFID reader has the id {reader}, or it does not collect.");
    Problem::new(StatusCode::NOT_FOUND, "unknown_reader", detail)
}

/// Lets a reader collect every tag that it sees from now on, for a count.
#[utoipa::path(post, path = "/stock/counts/{id}/tags/collect", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Collect,
    responses((status = 202, body = Count), (status = "4XX", body = Problem)))]
pub(crate) async fn collect(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<Collect>,
) -> Result<(StatusCode, Json<Count>), Problem> {
    let id: CountId = id(&path)?;
    let count = api.read(move |view| shown(view, id)).await?;
    if !api.devices.collect(&post.body.reader) {
        return Err(no_reader(&post.body.reader));
    }
    Ok((StatusCode::ACCEPTED, Json(count)))
}

/// Takes the tags that were seen as what is there of the count's serialised items.
#[utoipa::path(post, path = "/stock/counts/{id}/tags", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = SeenTags,
    responses((status = 200, body = CountedTags), (status = "4XX", body = Problem)))]
pub(crate) async fn take_seen(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<SeenTags>,
) -> Result<Json<CountedTags>, Problem> {
    let id: CountId = id(&path)?;
    let SeenTags { reader, mut tags } = post.body;
    if let Some(reader) = &reader {
        tags.extend(api.devices.collected(reader).ok_or_else(|| no_reader(reader))?);
    }
    let taken = api.run(post.identity, move |desk| {
        let TagsTaken { counted, elsewhere, sold, foreign } = take_tags(desk, id, &tags)?;
        let count = shown(desk.view(), id)?;
        Ok(CountedTags { counted, elsewhere, sold, foreign, count })
    });
    let taken = taken.await?;
    if let Some(reader) = &reader {
        api.devices.stop_collecting(reader);
    }
    Ok(Json(taken))
}

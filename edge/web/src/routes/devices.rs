//! Devices: how each is, and whether it works.

use crate::Api;
use crate::post::Post;
use crate::problem::Problem;
use crate::routes::orders::Empty;
use crate::routes::scales::AskProblem;
use crate::shapes::{CardSlip, Device, PrintJob, Settlement};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use edge_app::{ask_settlement, test_printer};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(devices))
        .routes(routes!(test))
        .routes(routes!(end_day))
        .routes(routes!(ends_of_days))
}

/// Devices.
#[derive(Debug, Serialize, ToSchema)]
pub struct Devices {
    /// In the configuration's order.
    pub devices: Vec<Device>,
}

/// Every configured device as it is now.
#[utoipa::path(get, path = "/devices", responses((status = 200, body = Devices)))]
pub(crate) async fn devices(State(api): State<Api>) -> Json<Devices> {
    Json(Devices { devices: api.devices.devices() })
}

/// How many ends of days are listed at most.
const SETTLEMENTS_MAX: u32 = 31;

/// Ends of a card terminal's days.
#[derive(Debug, Serialize, ToSchema)]
pub struct Settlements {
    /// Newest first.
    pub settlements: Vec<Settlement>,
}

/// What a test did.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct DeviceTest {
    /// The device.
    pub device: String,
    /// What it did, for whoever stands before it.
    pub message: String,
}

/// Lets a device do something harmless that shows whether it works: a printer prints a page, a
/// scale weighs, a customer display shows a line, a card terminal answers; one that only reports
/// says whether it is connected.
#[utoipa::path(post, path = "/devices/{id}/test", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Empty,
    responses((status = 202, body = PrintJob), (status = 200, body = DeviceTest),
        (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn test(
    State(api): State<Api>,
    Path(id): Path<String>,
    post: Post<Empty>,
) -> Result<Response, Problem> {
    let unknown = ("unknown_device", format!("There is no device {id}."));
    let device = api.devices.devices().into_iter().find(|device| device.id == id);
    let device = device.ok_or_else(|| AskProblem::Unknown.problem(unknown.clone()))?;
    if device.kind.ends_with("printer") {
        let job = api.run(post.identity, move |desk| Ok(PrintJob::from(&test_printer(desk, &id)?)));
        return Ok((StatusCode::ACCEPTED, Json(job.await?)).into_response());
    }
    let (devices, asked) = (api.devices.clone(), id.clone());
    let tested = tokio::task::spawn_blocking(move || devices.test(&asked)).await;
    let tested = tested.map_err(|_| Problem::internal())?;
    let message = tested.map_err(|problem| problem.problem(unknown))?;
    let done = DeviceTest { device: id, message };
    Ok(Json(done).into_response())
}

/// Lets a card terminal end its day: it sends what it charged to its operator, and its slip comes
/// out at its till. That takes minutes and goes on by itself, when the terminal is there and no
/// charge waits: `GET /devices/{id}/settlements` and the feed (`settlement_changed`) tell how far
/// it is. One that is asked already is not asked again.
#[utoipa::path(post, path = "/devices/{id}/settle", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Empty,
    responses((status = 202, body = Settlement), (status = "4XX", body = Problem)))]
pub(crate) async fn end_day(
    State(api): State<Api>,
    Path(id): Path<String>,
    post: Post<Empty>,
) -> Result<(StatusCode, Json<Settlement>), Problem> {
    let asked =
        api.run(post.identity, move |desk| Ok(Settlement::from(&ask_settlement(desk, &id)?)));
    Ok((StatusCode::ACCEPTED, Json(asked.await?)))
}

/// The latest ends of a card terminal's days, each with what the terminal said.
#[utoipa::path(get, path = "/devices/{id}/settlements", params(("id" = String, Path)),
    responses((status = 200, body = Settlements), (status = "4XX", body = Problem)))]
pub(crate) async fn ends_of_days(
    State(api): State<Api>,
    Path(id): Path<String>,
) -> Result<Json<Settlements>, Problem> {
    let read = api.read(move |view| {
        let mut settlements = Vec::new();
        for row in view.settlements(&id, SETTLEMENTS_MAX)? {
            let slips = view.slips(row.id.uuid())?.iter().map(CardSlip::from).collect();
            settlements.push(Settlement { slips, ..Settlement::from(&row) });
        }
        Ok(settlements)
    });
    Ok(Json(Settlements { settlements: read.await? }))
}

//! Devices: how each is, and whether it works.

use crate::Api;
use crate::post::Post;
use crate::problem::Problem;
use crate::routes::orders::Empty;
use crate::shapes::{Device, PrintJob};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use edge_app::test_printer;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(devices)).routes(routes!(test))
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

/// Prints a test page.
#[utoipa::path(post, path = "/devices/{id}/test", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Empty,
    responses((status = 202, body = PrintJob), (status = "4XX", body = Problem)))]
pub(crate) async fn test(
    State(api): State<Api>,
    Path(id): Path<String>,
    post: Post<Empty>,
) -> Result<(StatusCode, Json<PrintJob>), Problem> {
    let device = api.devices.devices().into_iter().find(|device| device.id == id);
    let device = device.ok_or_else(|| {
        Problem::new(StatusCode::NOT_FOUND, "unknown_device", format!("There is no device {id}."))
    })?;
    if !device.kind.ends_with("printer") {
        let detail = "Scan something: what arrives here shows that a scanner works.";
        return Err(Problem::new(StatusCode::CONFLICT, "not_testable", detail));
    }
    let job = api.run(post.identity, move |desk| Ok(PrintJob::from(&test_printer(desk, &id)?)));
    Ok((StatusCode::ACCEPTED, Json(job.await?)))
}

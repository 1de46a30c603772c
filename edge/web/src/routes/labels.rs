//! Labels for shelves, weighed pieces and tagged pieces.

use crate::Api;
use crate::post::Post;
use crate::problem::Problem;
use crate::shapes::PrintJob;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use edge_app::{PrintLabels, ShopError, print_labels};
use edge_domain::item::Sku;
use edge_domain::quantity::Quantity;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(labels))
}

/// Which labels.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewLabels {
    /// The label printer, by its device's id.
    printer: String,
    /// The item.
    sku: String,
    /// How much is in a weighed piece, as in `0.542`.
    #[serde(default)]
    quantity: Option<String>,
    /// How many of the same; 1 where nothing is said.
    #[serde(default)]
    copies: Option<usize>,
    /// One label a serial number; its tag is written with the item's SGTIN.
    #[serde(default)]
    serials: Vec<String>,
    /// How many digits the company prefix of the item's GTIN has; 7 where nothing is said.
    #[serde(default)]
    company_digits: Option<u8>,
}

/// Labels that are on their way.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct LabelJobs {
    /// One a label.
    pub print_jobs: Vec<PrintJob>,
}

/// Prints labels at today's price.
#[utoipa::path(post, path = "/labels", params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewLabels,
    responses((status = 202, body = LabelJobs), (status = "4XX", body = Problem)))]
pub(crate) async fn labels(
    State(api): State<Api>,
    post: Post<NewLabels>,
) -> Result<(StatusCode, Json<LabelJobs>), Problem> {
    let NewLabels { printer, sku, quantity, copies, serials, company_digits } = post.body;
    let devices = api.devices.devices();
    if !devices.iter().any(|device| device.id == printer && device.kind == "label_printer") {
        let detail = format!("{printer} is no label printer: GET /devices lists them.");
        return Err(Problem::new(StatusCode::NOT_FOUND, "unknown_device", detail));
    }
    let ask = PrintLabels {
        printer,
        sku: Sku::new(&sku).map_err(ShopError::from)?,
        quantity: quantity
            .as_deref()
            .map(str::parse::<Quantity>)
            .transpose()
            .map_err(ShopError::from)?,
        copies: copies.unwrap_or(1),
        serials,
        company_digits: company_digits.unwrap_or(7),
    };
    let printed = api.run(post.identity, move |desk| {
        let jobs = print_labels(desk, ask)?;
        Ok(LabelJobs { print_jobs: jobs.iter().map(PrintJob::from).collect() })
    });
    Ok((StatusCode::ACCEPTED, Json(printed.await?)))
}

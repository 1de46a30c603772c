//! Scales: what lies on one now. A screen takes the quantity from here for the line that it adds.

use crate::Api;
use crate::problem::Problem;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(scale))
}

/// What a scale says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ScaleReading {
    /// The terminal that it stands at.
    pub station: String,
    /// `stable`, `zero`, `unstable`, `over`, `under` or `not_ready`.
    pub status: String,
    /// The net weight in grams; only where it is `stable`.
    pub grams: Option<u32>,
    /// The same in kilograms, as the quantity of an order's line.
    pub quantity: Option<String>,
    /// The scale's answer as it came, in hexadecimal: it goes with the sale where the law of weights
    /// and measures asks for it.
    pub raw: String,
    /// What to do, where it is not a weight.
    pub advice: Option<String>,
}

/// Why a device could not be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskProblem {
    /// There is none.
    Unknown,
    /// It is there, but cannot.
    Fault {
        /// The stable code of the fault.
        code: &'static str,
        /// What to do.
        advice: String,
    },
}

impl AskProblem {
    pub(crate) fn problem(self, unknown: (&str, String)) -> Problem {
        match self {
            Self::Unknown => Problem::new(StatusCode::NOT_FOUND, unknown.0, unknown.1),
            Self::Fault { code, advice } => {
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, &format!("device_{code}"), advice)
            }
        }
    }
}

/// What lies on the scale at a terminal, weighed now.
#[utoipa::path(get, path = "/scales/{station}", params(("station" = String, Path)),
    responses((status = 200, body = ScaleReading), (status = "4XX", body = Problem),
        (status = 503, body = Problem)))]
pub(crate) async fn scale(
    State(api): State<Api>,
    Path(station): Path<String>,
) -> Result<Json<ScaleReading>, Problem> {
    let devices = api.devices.clone();
    let at = station.clone();
    let read = tokio::task::spawn_blocking(move || devices.weigh(&at)).await;
    let reading = read.map_err(|_| Problem::internal())?;
    let unknown = ("unknown_scale", format!("There is no scale at {station}."));
    reading.map(Json).map_err(|problem| problem.problem(unknown))
}

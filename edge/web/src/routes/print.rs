//! Print jobs, and people who settle them.

use crate::Api;
use crate::post::{Post, id, parse};
use crate::problem::Problem;
use crate::routes::orders::Empty;
use crate::shapes::PrintJob;
use axum::Json;
use axum::extract::{Path, Query, State};
use edge_app::{dismiss_job, retry_job};
use edge_domain::ids::JobId;
use edge_ledger::print::JobState;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(jobs)).routes(routes!(retry)).routes(routes!(dismiss))
}

/// How many jobs an answer has at most.
const JOBS_MAX: u32 = 1_000;

/// Which jobs.
#[derive(Debug, Deserialize, IntoParams)]
pub struct Which {
    /// A state's name; all where nothing is said.
    state: Option<String>,
    /// Only jobs that were asked for before this one.
    before: Option<String>,
    /// At most so many; 200 where nothing is said, 1000 at most.
    limit: Option<u32>,
}

/// Print jobs.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrintJobs {
    /// Newest first.
    pub print_jobs: Vec<PrintJob>,
}

/// The latest print jobs.
#[utoipa::path(get, path = "/print-jobs", params(Which),
    responses((status = 200, body = PrintJobs), (status = "4XX", body = Problem)))]
pub(crate) async fn jobs(
    State(api): State<Api>,
    Query(which): Query<Which>,
) -> Result<Json<PrintJobs>, Problem> {
    let state = match which.state.as_deref().filter(|name| !name.is_empty()) {
        None => None,
        Some(name) => Some(
            JobState::from_name(name)
                .ok_or_else(|| Problem::invalid(format!("{name:?} is no state of a print job.")))?,
        ),
    };
    let before = which.before.as_deref().map(parse).transpose()?;
    let limit = which.limit.unwrap_or(200).min(JOBS_MAX);
    let jobs = api.read(move |view| Ok(view.jobs(state, before, limit)?)).await?;
    Ok(Json(PrintJobs { print_jobs: jobs.iter().map(PrintJob::from).collect() }))
}

/// Prints a failed or uncertain job again, marked as a repetition.
#[utoipa::path(post, path = "/print-jobs/{id}/retry", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Empty,
    responses((status = 200, body = PrintJob), (status = "4XX", body = Problem)))]
pub(crate) async fn retry(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<Empty>,
) -> Result<Json<PrintJob>, Problem> {
    let id: JobId = id(&path)?;
    let job = api.run(post.identity, move |desk| Ok(PrintJob::from(&retry_job(desk, id)?)));
    Ok(Json(job.await?))
}

/// Lets a failed or uncertain job be.
#[utoipa::path(post, path = "/print-jobs/{id}/dismiss", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Empty,
    responses((status = 200, body = PrintJob), (status = "4XX", body = Problem)))]
pub(crate) async fn dismiss(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<Empty>,
) -> Result<Json<PrintJob>, Problem> {
    let id: JobId = id(&path)?;
    let job = api.run(post.identity, move |desk| Ok(PrintJob::from(&dismiss_job(desk, id)?)));
    Ok(Json(job.await?))
}

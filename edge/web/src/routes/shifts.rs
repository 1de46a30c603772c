//! Drawers: floats, cash in and out, X and Z reports, and a drawer that opens without a sale.

use crate::Api;
use crate::post::{Post, Who, id};
use crate::problem::Problem;
use crate::shapes::{Money, PrintJob, Shift, ShiftReport};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use edge_app::{
    Actor, ShiftError, ShopError, close_shift, move_cash, open_drawer, open_shift, totals_of,
};
use edge_domain::ids::ShiftId;
use edge_domain::item::TerminalId;
use edge_domain::shift::{Counted, Direction};
use edge_ledger::View;
use edge_ledger::shifts::ShiftRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(shifts, begin))
        .routes(routes!(current))
        .routes(routes!(shift))
        .routes(routes!(cash))
        .routes(routes!(report))
        .routes(routes!(end_shift))
        .routes(routes!(drawer))
}

/// A shift to open.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewShift {
    /// The drawer.
    terminal: String,
    /// What is put in.
    float: Money,
}

/// Which shifts.
#[derive(Debug, Deserialize, IntoParams)]
pub struct WhichShifts {
    /// The drawer; all where nothing is said.
    terminal: Option<String>,
    /// At most so many; 50 where nothing is said.
    limit: Option<u32>,
}

/// Which drawer.
#[derive(Debug, Deserialize, IntoParams)]
pub struct WhichDrawer {
    /// The drawer.
    terminal: String,
}

/// Shifts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Shifts {
    /// The latest first.
    pub shifts: Vec<Shift>,
}

/// Cash that goes in or out without a sale.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewCash {
    /// `in` or `out`.
    direction: String,
    /// How much, more than 0.
    amount: Money,
    /// Why, in a few words.
    reason: String,
}

/// Notes or coins of one worth.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Pieces {
    /// What one is worth.
    value: Money,
    /// How many.
    count: u32,
}

/// Counted cash: a sum, or the pieces.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum CountedCash {
    /// The sum.
    Sum(Money),
    /// The pieces.
    Pieces(Vec<Pieces>),
}

/// What was counted.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewCount {
    /// Notes and coins.
    cash: CountedCash,
    /// The card slips, added up.
    #[serde(default)]
    card: Option<Money>,
}

/// A shift to close.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CloseShift {
    /// What was counted.
    counted: NewCount,
}

/// Why a drawer opens.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NoSale {
    /// In a few words.
    reason: String,
}

/// A drawer that opens.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DrawerOpened {
    /// The slip that opens it; none where no printer at this terminal can: use the key.
    pub print_job: Option<PrintJob>,
}

impl NewCount {
    fn read(self, nothing: edge_domain::Money) -> Result<Counted, Problem> {
        let card = self.card.map(|card| card.read()).transpose()?;
        let pieces = match self.cash {
            CountedCash::Sum(cash) => {
                return Ok(Counted { cash: cash.read()?, pieces: vec![], card });
            }
            CountedCash::Pieces(pieces) => pieces,
        };
        let worth = |piece: Pieces| {
            let value = piece.value.read()?;
            match value.currency() == nothing.currency() {
                true => Ok((value.minor(), piece.count)),
                false => Err(Problem::invalid("Count the shop's own notes and coins.")),
            }
        };
        let pieces = pieces.into_iter().map(worth).collect::<Result<_, _>>()?;
        Ok(Counted::of_pieces(pieces, card, nothing).map_err(ShopError::from)?)
    }
}

fn reported(view: View<'_>, row: &ShiftRow, actor: &Actor) -> Result<ShiftReport, ShopError> {
    ShiftReport::of(row, &totals_of(view, row)?, actor, view.last_seq()?)
}

/// Shifts, the latest first.
#[utoipa::path(get, path = "/shifts", params(WhichShifts),
    responses((status = 200, body = Shifts), (status = "4XX", body = Problem)))]
pub(crate) async fn shifts(
    State(api): State<Api>,
    Query(which): Query<WhichShifts>,
) -> Result<Json<Shifts>, Problem> {
    let terminal = which.terminal.as_deref().map(TerminalId::new).transpose();
    let terminal = terminal.map_err(ShopError::from)?;
    let limit = which.limit.unwrap_or(50).min(500);
    let rows = api.read(move |view| Ok(view.shifts(terminal.as_ref(), limit)?)).await?;
    Ok(Json(Shifts { shifts: rows.iter().map(Shift::from).collect() }))
}

/// Puts the float into a drawer: its shift begins.
#[utoipa::path(post, path = "/shifts", params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewShift,
    responses((status = 201, body = Shift), (status = "4XX", body = Problem)))]
pub(crate) async fn begin(
    State(api): State<Api>,
    post: Post<NewShift>,
) -> Result<(StatusCode, Json<Shift>), Problem> {
    let terminal = TerminalId::new(&post.body.terminal).map_err(ShopError::from)?;
    let float = post.body.float.read()?;
    let shift =
        api.run(post.identity, move |desk| Ok(Shift::from(&open_shift(desk, &terminal, float)?)));
    Ok((StatusCode::CREATED, Json(shift.await?)))
}

/// The shift that is open at a terminal.
#[utoipa::path(get, path = "/shifts/current", params(WhichDrawer),
    responses((status = 200, body = Shift), (status = "4XX", body = Problem)))]
pub(crate) async fn current(
    State(api): State<Api>,
    Query(which): Query<WhichDrawer>,
) -> Result<Json<Shift>, Problem> {
    let terminal = TerminalId::new(&which.terminal).map_err(ShopError::from)?;
    let row = api.read(move |view| Ok(view.open_shift(&terminal)?.ok_or(ShiftError::Unknown)?));
    Ok(Json(Shift::from(&row.await?)))
}

/// One shift.
#[utoipa::path(get, path = "/shifts/{id}", params(("id" = String, Path)),
    responses((status = 200, body = Shift), (status = "4XX", body = Problem)))]
pub(crate) async fn shift(
    State(api): State<Api>,
    path: Path<String>,
) -> Result<Json<Shift>, Problem> {
    let id: ShiftId = id(&path)?;
    let row = api.read(move |view| Ok(view.shift(id)?.ok_or(ShiftError::Unknown)?)).await?;
    Ok(Json(Shift::from(&row)))
}

/// Puts cash in or takes it out: change, a safe drop, a bill that is paid.
#[utoipa::path(post, path = "/shifts/{id}/cash", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewCash,
    responses((status = 201, body = Shift), (status = "4XX", body = Problem)))]
pub(crate) async fn cash(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<NewCash>,
) -> Result<(StatusCode, Json<Shift>), Problem> {
    let id: ShiftId = id(&path)?;
    let NewCash { direction, amount, reason } = post.body;
    let direction = Direction::from_name(&direction);
    let direction = direction.ok_or_else(|| Problem::invalid("Cash goes in or out."))?;
    let amount = amount.read()?;
    let shift = api.run(post.identity, move |desk| {
        Ok(Shift::from(&move_cash(desk, id, direction, amount, &reason)?))
    });
    Ok((StatusCode::CREATED, Json(shift.await?)))
}

/// The X report while the shift runs, the Z report when it was counted.
#[utoipa::path(get, path = "/shifts/{id}/report", params(("id" = String, Path)),
    responses((status = 200, body = ShiftReport), (status = "4XX", body = Problem)))]
pub(crate) async fn report(
    State(api): State<Api>,
    path: Path<String>,
    Who(caller): Who,
) -> Result<Json<ShiftReport>, Problem> {
    let id: ShiftId = id(&path)?;
    let (now, session_ms) = (api.now(), api.shop.config().rules.session_ms);
    let report = api.read(move |view| {
        let actor = Actor::resolve(view, &caller, now, session_ms)?;
        let row = view.shift(id)?.ok_or(ShiftError::Unknown)?;
        reported(view, &row, &actor)
    });
    Ok(Json(report.await?))
}

/// Counts a drawer: the Z report. What is over or short is posted.
#[utoipa::path(post, path = "/shifts/{id}/close", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = CloseShift,
    responses((status = 200, body = ShiftReport), (status = "4XX", body = Problem)))]
pub(crate) async fn end_shift(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<CloseShift>,
) -> Result<Json<ShiftReport>, Problem> {
    let id: ShiftId = id(&path)?;
    let nothing = edge_domain::Money::zero(api.shop.config().currency);
    let counted = post.body.counted.read(nothing)?;
    let report = api.run(post.identity, move |desk| {
        let row = close_shift(desk, id, counted)?;
        reported(desk.view(), &row, &desk.actor)
    });
    Ok(Json(report.await?))
}

/// Opens a drawer without a sale: with a reason, and the owner hears of it.
#[utoipa::path(post, path = "/terminals/{id}/drawer", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NoSale,
    responses((status = 202, body = DrawerOpened), (status = "4XX", body = Problem)))]
pub(crate) async fn drawer(
    State(api): State<Api>,
    Path(terminal): Path<String>,
    post: Post<NoSale>,
) -> Result<(StatusCode, Json<DrawerOpened>), Problem> {
    let terminal = TerminalId::new(&terminal).map_err(ShopError::from)?;
    let opened = api.run(post.identity, move |desk| {
        let job = open_drawer(desk, &terminal, &post.body.reason)?;
        Ok(DrawerOpened { print_job: job.as_ref().map(PrintJob::from) })
    });
    Ok((StatusCode::ACCEPTED, Json(opened.await?)))
}

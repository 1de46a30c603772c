//! Card charges through the terminal.

use crate::Api;
use crate::post::{Post, id};
use crate::problem::Problem;
use crate::routes::orders::Empty;
use crate::shapes::{CardCharge, CardSlip, Money, PrintJob};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use edge_app::{
    ShopError, ask_card, ask_refund_again, cancel_card, give_refund, print_slips, resolve_card,
};
use edge_domain::slip::SlipKind;
use edge_domain::{OrderId, PaymentId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(charge))
        .routes(routes!(cards))
        .routes(routes!(card))
        .routes(routes!(give_up))
        .routes(routes!(resolve))
        .routes(routes!(print_slip))
        .routes(routes!(ask_again))
        .routes(routes!(give))
}

/// What the card shall pay.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct NewCharge {
    /// All that is due where nothing is said.
    amount: Option<Money>,
    /// For the staff, on top.
    tip: Option<Money>,
}

/// What became of a charge that nobody knew the end of, as the terminal's own paper tells.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Resolve {
    /// The approval's number, if it was charged; nothing where it was not, or was given back.
    #[serde(default)]
    approval: Option<String>,
    /// How that is known, in a few words.
    reason: String,
}

/// In which way a refund is given instead.
#[derive(Debug, Deserialize, ToSchema)]
pub struct GiveRefund {
    /// `cash`, `voucher`, `gift_card`, `account` or `points`.
    method: String,
    /// Whose account, which voucher or card.
    #[serde(default)]
    reference: Option<String>,
}

/// Which slip.
#[derive(Debug, Deserialize, ToSchema)]
pub struct WhichSlip {
    /// `merchant` or `customer`.
    kind: String,
}

/// Card charges that somebody should look at.
#[derive(Debug, Serialize, ToSchema)]
pub struct CardCharges {
    /// Those whose end is not known, charges that must be given back, refunds that are owed: oldest
    /// first.
    pub charges: Vec<CardCharge>,
    /// Those that were approved, and that no bank has seen.
    pub exposed: Vec<CardCharge>,
    /// How much the shop may lose by them.
    pub exposure: Money,
}

/// Asks the till's card terminal for what is due, or a part of it. The charge goes on by itself:
/// `GET /cards/{id}` and the feed (`card_changed`) tell how far it is.
#[utoipa::path(post, path = "/orders/{id}/card", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewCharge,
    responses((status = 202, body = CardCharge), (status = "4XX", body = Problem)))]
pub(crate) async fn charge(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<NewCharge>,
) -> Result<(StatusCode, Json<CardCharge>), Problem> {
    let id: OrderId = id(&path)?;
    let amount = post.body.amount.as_ref().map(Money::read).transpose()?;
    let tip = post.body.tip.as_ref().map(Money::read).transpose()?;
    let asked =
        api.run(post.identity, move |desk| Ok(CardCharge::from(&ask_card(desk, id, amount, tip)?)));
    Ok((StatusCode::ACCEPTED, Json(asked.await?)))
}

/// Card charges that somebody should look at, and the exposure.
#[utoipa::path(get, path = "/cards", responses((status = 200, body = CardCharges)))]
pub(crate) async fn cards(State(api): State<Api>) -> Result<Json<CardCharges>, Problem> {
    let read = api.read(|view| {
        let shaped = |rows: Vec<_>| rows.iter().map(CardCharge::from).collect();
        Ok(CardCharges {
            charges: shaped(view.open_cards()?),
            exposed: shaped(view.exposed_cards()?),
            exposure: view.card_exposure()?.into(),
        })
    });
    Ok(Json(read.await?))
}

/// One card charge, with what the terminal wanted on paper.
#[utoipa::path(get, path = "/cards/{id}", params(("id" = String, Path)),
    responses((status = 200, body = CardCharge), (status = "4XX", body = Problem)))]
pub(crate) async fn card(
    State(api): State<Api>,
    path: Path<String>,
) -> Result<Json<CardCharge>, Problem> {
    let id: PaymentId = id(&path)?;
    let read = api.read(move |view| {
        let row = view.card(id)?.ok_or(ShopError::UnknownCard)?;
        let slips = view.slips(id.uuid())?.iter().map(CardSlip::from).collect();
        Ok(CardCharge { slips, ..CardCharge::from(&row) })
    });
    Ok(Json(read.await?))
}

/// Prints a slip of a charge: one that is printed again says that it is a copy.
#[utoipa::path(post, path = "/cards/{id}/print", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = WhichSlip,
    responses((status = 202, body = PrintJob), (status = "4XX", body = Problem)))]
pub(crate) async fn print_slip(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<WhichSlip>,
) -> Result<(StatusCode, Json<PrintJob>), Problem> {
    let id: PaymentId = id(&path)?;
    let kind = SlipKind::from_name(&post.body.kind);
    let kind = kind.filter(|kind| *kind != SlipKind::Administration).ok_or_else(|| {
        Problem::invalid("The kind of a charge's slip is \"merchant\" or \"customer\".")
    })?;
    let job = api.run(post.identity, move |desk| Ok(PrintJob::from(&print_slips(desk, id, kind)?)));
    Ok((StatusCode::ACCEPTED, Json(job.await?)))
}

/// Gives a charge up, if the card was not shown yet.
#[utoipa::path(post, path = "/cards/{id}/cancel", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Empty,
    responses((status = 202, body = CardCharge), (status = "4XX", body = Problem)))]
pub(crate) async fn give_up(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<Empty>,
) -> Result<(StatusCode, Json<CardCharge>), Problem> {
    let id: PaymentId = id(&path)?;
    let asked = api.run(post.identity, move |desk| Ok(CardCharge::from(&cancel_card(desk, id)?)));
    Ok((StatusCode::ACCEPTED, Json(asked.await?)))
}

/// A person says what became of a charge that nobody knows the end of.
#[utoipa::path(post, path = "/cards/{id}/resolve", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Resolve,
    responses((status = 200, body = CardCharge), (status = "4XX", body = Problem)))]
pub(crate) async fn resolve(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<Resolve>,
) -> Result<Json<CardCharge>, Problem> {
    let id: PaymentId = id(&path)?;
    let Resolve { approval, reason } = post.body;
    let resolved = api.run(post.identity, move |desk| {
        Ok(CardCharge::from(&resolve_card(desk, id, approval, &reason)?))
    });
    Ok(Json(resolved.await?))
}

/// Asks the terminal once more for a refund that is owed. Answers with the new one, which goes on by
/// itself as a charge does.
#[utoipa::path(post, path = "/cards/{id}/again", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Empty,
    responses((status = 202, body = CardCharge), (status = "4XX", body = Problem)))]
pub(crate) async fn ask_again(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<Empty>,
) -> Result<(StatusCode, Json<CardCharge>), Problem> {
    let id: PaymentId = id(&path)?;
    let asked =
        api.run(post.identity, move |desk| Ok(CardCharge::from(&ask_refund_again(desk, id)?)));
    Ok((StatusCode::ACCEPTED, Json(asked.await?)))
}

/// Gives a refund that is owed in another way, all of it: as cash, or onto a voucher. 200 means that
/// the books say so.
#[utoipa::path(post, path = "/cards/{id}/give", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = GiveRefund,
    responses((status = 200, body = CardCharge), (status = "4XX", body = Problem)))]
pub(crate) async fn give(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<GiveRefund>,
) -> Result<Json<CardCharge>, Problem> {
    let id: PaymentId = id(&path)?;
    let GiveRefund { method, reference } = post.body;
    let given = api.run(post.identity, move |desk| {
        Ok(CardCharge::from(&give_refund(desk, id, &method, reference)?))
    });
    Ok(Json(given.await?))
}

//! The ledger against what the shop works with, item by item.

use crate::Api;
use crate::problem::Problem;
use axum::Json;
use axum::extract::{Query, State};
use edge_app::{ReconciledRights, ShopError, reconcile_rights};
use edge_domain::item::Sku;
use edge_ledger::stock::reconcile::Reconciled;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(reconcile))
}

/// What agrees.
const OK: &str = "OK";

/// Which items.
#[derive(Debug, Deserialize, IntoParams)]
pub struct WhichItems {
    /// One item; all of them where none is named.
    sku: Option<String>,
    /// `1`: name only what differs.
    differences: Option<u8>,
}

/// One item.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReconciledItem {
    /// Which.
    pub sku: String,
    /// `OK`, or what differs.
    pub status: String,
    /// What the moves of the ledger make.
    pub ledger: String,
    /// What the levels say.
    pub level: String,
    /// How much of it is of known lots.
    pub lots: String,
    /// What the promises make.
    pub promises: String,
    /// What is set aside for them.
    pub reserved: String,
}

/// Every item.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reconciliation {
    /// Whether all items agree.
    pub ok: bool,
    /// How many were compared.
    pub compared: usize,
    /// By SKU.
    pub items: Vec<ReconciledItem>,
    /// By resource.
    pub rights: Vec<ReconciledResource>,
}

/// The rights in one resource.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReconciledResource {
    /// As in `item/MILK-1L`.
    pub resource: String,
    /// `OK`, or what differs.
    pub status: String,
    /// What tills go by: thousandths of goods, minor units of value.
    pub held: i64,
    /// What the document says.
    pub document: i64,
}

/// Recomputes stock and promises from the ledger's entries and compares them with the levels,
/// lots and sums that the shop works with, and its rights with its journal and documents. Reads
/// all moves: for auditors.
#[utoipa::path(get, path = "/reconcile", params(WhichItems),
    responses((status = 200, body = Reconciliation), (status = "4XX", body = Problem)))]
pub(crate) async fn reconcile(
    State(api): State<Api>,
    Query(which): Query<WhichItems>,
) -> Result<Json<Reconciliation>, Problem> {
    let sku = which.sku.as_deref().map(Sku::new).transpose().map_err(ShopError::from)?;
    let of = which.sku.as_ref().map(|sku| format!("item/{sku}"));
    let rows = api.read(move |view| Ok(view.reconcile(sku.as_ref())?)).await?;
    let rights = api.shop.run(None, |desk| {
        Ok(reconcile_rights(desk)?.iter().map(ReconciledResource::from).collect::<Vec<_>>())
    });
    let mut rights = rights.answer().await?.answer;
    rights.retain(|row| of.as_ref().is_none_or(|of| row.resource == *of));
    let compared = rows.len() + rights.len();
    let ok = rows.iter().all(Reconciled::holds) && rights.iter().all(|row| row.status == OK);
    let all = which.differences != Some(1);
    let told = |row: &&Reconciled| all || !row.holds();
    let items = rows.iter().filter(told).map(ReconciledItem::from).collect();
    rights.retain(|row| all || row.status != OK);
    Ok(Json(Reconciliation { ok, compared, items, rights }))
}

fn status(differs: &[&str]) -> String {
    if differs.is_empty() { OK.to_owned() } else { differs.join("; ") }
}

impl From<&ReconciledRights> for ReconciledResource {
    fn from(row: &ReconciledRights) -> Self {
        Self {
            resource: row.resource.to_string(),
            status: status(&row.differs),
            held: row.held,
            document: row.document,
        }
    }
}

impl From<&Reconciled> for ReconciledItem {
    fn from(row: &Reconciled) -> Self {
        let differs = [
            (row.ledger != row.level, "the level is not what the moves make"),
            (row.lots > row.lots_max, "the lots exceed the level"),
            (row.promises != row.reserved, "what is set aside is not what is promised"),
        ];
        let said: Vec<_> = differs.iter().filter(|(is, _)| *is).map(|(_, what)| *what).collect();
        Self {
            sku: row.sku.to_string(),
            status: status(&said),
            ledger: row.ledger.to_string(),
            level: row.level.to_string(),
            lots: row.lots.to_string(),
            promises: row.promises.to_string(),
            reserved: row.reserved.to_string(),
        }
    }
}

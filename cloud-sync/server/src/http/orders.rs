//! An order as its document holds it.

use super::Problem;
use super::shapes::{Money, rfc3339};
use crate::app::App;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use cloud_sync_documents::order::View;
use cloud_sync_store::Changed;
use edge_domain::ids::{OrderId, StoreId};
use edge_domain::money::MoneyError;
use edge_domain::order::{self, Status};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// A choice on a line.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderModifier {
    /// The option's id.
    pub id: String,
    /// What people read.
    pub name: String,
    /// Its share of the price.
    pub price: Money,
}

/// A line of an order.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderLine {
    /// Its id.
    pub id: String,
    /// The item.
    pub sku: String,
    /// What people read.
    pub name: String,
    /// How much.
    pub quantity: String,
    /// `each` or `kg`.
    pub unit: String,
    /// The price of one unit.
    pub unit_price: Money,
    /// What was chosen.
    pub modifiers: Vec<OrderModifier>,
    /// What it comes to.
    pub total: Money,
    /// Whether the kitchen has it.
    pub fired: bool,
    /// Whether it was taken off.
    pub voided: bool,
    /// A word to the kitchen.
    pub note: Option<String>,
}

/// A tax rate's share.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderTax {
    /// In per cent.
    pub rate: String,
    /// What was taxed.
    pub net: Money,
    /// The tax.
    pub tax: Money,
}

/// An order. Payments are facts of the store's journal, so that `paid` and `due` are only known
/// here once the order is paid.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Order {
    /// Its id.
    pub id: String,
    /// Whose.
    pub store: String,
    /// Its number.
    pub number: u32,
    /// `retail`, `dine_in`, `takeaway` or `delivery`.
    pub kind: String,
    /// Where it was opened.
    pub terminal: String,
    /// Its table.
    pub table: Option<String>,
    /// `open`, `placed`, `paid`, `closed` or `cancelled`.
    pub state: String,
    /// All lines, voided ones too.
    pub lines: Vec<OrderLine>,
    /// Without tax.
    pub net: Money,
    /// By rate.
    pub taxes: Vec<OrderTax>,
    /// What is to pay.
    pub total: Money,
    /// What was paid; null while it is not known here.
    pub paid: Option<Money>,
    /// What is due; null while it is not known here.
    pub due: Option<Money>,
    /// When, RFC 3339.
    pub opened_at: String,
}

pub(super) fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(one))
}

/// One order.
#[utoipa::path(get, path = "/orders/{id}", params(("id" = String, Path, description = "The order")),
    responses((status = OK, body = Order), (status = "default", body = Problem))
)]
async fn one(State(app): State<Arc<App>>, Path(id): Path<String>) -> Result<Json<Order>, Problem> {
    let detail = "No store has told headquarters of such an order.";
    let unknown = || Problem::new(StatusCode::NOT_FOUND, "unknown_order", detail);
    let id: OrderId = id.parse().map_err(|_| unknown())?;
    let read = app.ask(move |app| {
        app.with_documents(|documents| Ok((documents.order(id)?, Changed::default())))
    });
    let (store, view) = read.await?.ok_or_else(unknown)?;
    shape(store, &view).map(Json).map_err(|error| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "broken_rule", error.to_string())
    })
}

fn shape(store: StoreId, view: &View) -> Result<Order, MoneyError> {
    let head = &view.head;
    let live: Vec<_> = view.lines.iter().filter(|line| !line.voided).cloned().collect();
    let totals = head.totals(&live)?;
    let tax = |tax: &edge_domain::tax::TaxAmount| OrderTax {
        rate: tax.rate.to_string(),
        net: tax.net.into(),
        tax: tax.tax.into(),
    };
    let settled = matches!(view.status, Status::Paid | Status::Closed);
    Ok(Order {
        id: head.id.to_string(),
        store: store.to_string(),
        number: head.number,
        kind: head.kind.as_str().into(),
        terminal: head.terminal.to_string(),
        table: head.table.clone(),
        state: view.status.as_str().into(),
        lines: view.lines.iter().map(line).collect::<Result<_, _>>()?,
        net: totals.net.into(),
        taxes: totals.taxes.iter().map(tax).collect(),
        total: totals.gross.into(),
        paid: settled.then(|| totals.gross.into()),
        due: settled.then(|| edge_domain::Money::zero(head.currency).into()),
        opened_at: rfc3339(head.opened_at),
    })
}

fn line(line: &order::Line) -> Result<OrderLine, MoneyError> {
    let modifier = |chosen: &edge_domain::item::ChosenModifier| OrderModifier {
        id: chosen.id.clone(),
        name: chosen.name.clone(),
        price: chosen.price.into(),
    };
    Ok(OrderLine {
        id: line.id.to_string(),
        sku: line.sku.to_string(),
        name: line.name.clone(),
        quantity: line.quantity.to_string(),
        unit: line.unit.as_str().into(),
        unit_price: line.unit_price.into(),
        modifiers: line.modifiers.iter().map(modifier).collect(),
        total: line.total()?.into(),
        fired: line.fired,
        voided: line.voided,
        note: line.note.clone(),
    })
}

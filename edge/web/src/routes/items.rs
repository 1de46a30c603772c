//! Items: what a scan or a search finds, prices, import.

use crate::Api;
use crate::post::{Post, Raw};
use crate::problem::Problem;
use crate::routes::orders::order_kind;
use crate::shapes::{Asked, Category, Item, Money};
use axum::Json;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use cloud_sync_documents::catalogue::shard_of;
use edge_app::{
    Buyer, Quarantined, ShopError, export_items, find_item, import_rows, read_csv, read_json_lines,
    set_price, would_change,
};
use edge_domain::StoreTime;
use edge_domain::item::Sku;
use edge_domain::order::OrderKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The largest import, in bytes: 200,000 rows of 150.
const IMPORT_BYTES_MAX: usize = 32 << 20;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    let import =
        OpenApiRouter::new().routes(routes!(import)).layer(DefaultBodyLimit::max(IMPORT_BYTES_MAX));
    OpenApiRouter::new()
        .routes(routes!(items))
        .routes(routes!(categories))
        .routes(routes!(export))
        .routes(routes!(item))
        .routes(routes!(variants))
        .routes(routes!(price))
        .merge(import)
}

/// What to find: a code, a text, or a category.
#[derive(Debug, Deserialize, IntoParams)]
pub struct Wanted {
    /// What was scanned or typed.
    code: Option<String>,
    /// Beginnings of words of the name, SKU or category.
    q: Option<String>,
    /// A category's name.
    category: Option<String>,
    /// At most so many; 60 where nothing is said.
    limit: Option<usize>,
    /// Only those on the menu now, where it is 1.
    menu: Option<u8>,
    /// The customer's group: its prices.
    group: Option<String>,
    /// The kind of order, `retail` where nothing is said: its prices and taxes.
    kind: Option<String>,
    /// Names and descriptions in this language (BCP 47), where an item has them.
    lang: Option<String>,
}

impl Wanted {
    fn asked(&self, api: &Api) -> Result<Asked, Problem> {
        let kind = self.kind.as_deref().map_or(Ok(OrderKind::Retail), order_kind)?;
        Ok(asked(api, Buyer { kind, group: self.group.clone() }, self.lang.clone()))
    }
}

fn asked(api: &Api, buyer: Buyer, lang: Option<String>) -> Asked {
    let at = StoreTime::from_millis(jiff::Timestamp::now().as_millisecond());
    Asked { rules: api.shop.config().rules.clone(), buyer, at, lang }
}

/// Items.
#[derive(Debug, Serialize, ToSchema)]
pub struct Items {
    /// Best first.
    pub items: Vec<Item>,
}

/// Categories.
#[derive(Debug, Serialize, ToSchema)]
pub struct Categories {
    /// By name.
    pub categories: Vec<Category>,
}

/// A price to set.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SetPrice {
    /// For one unit.
    price: Money,
}

/// Whether an import only tries.
#[derive(Debug, Deserialize, IntoParams)]
pub struct ImportMode {
    /// `1`: say what would happen, change nothing.
    dry_run: Option<u8>,
}

/// A row that was not taken.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct QuarantinedRow {
    /// Its number in the file, from 1 after the header.
    pub row: usize,
    /// The stable code.
    pub code: String,
    /// What to mend.
    pub message: String,
}

/// What became of an import.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Imported {
    /// Good rows.
    pub accepted: usize,
    /// Items that are new or not what they were.
    pub changed: usize,
    /// Bad rows, one by one.
    pub quarantined: Vec<QuarantinedRow>,
}

/// Finds items by code, by text, or by category.
#[utoipa::path(get, path = "/items", params(Wanted),
    responses((status = 200, body = Items), (status = "4XX", body = Problem)))]
pub(crate) async fn items(
    State(api): State<Api>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Items>, Problem> {
    let limit = wanted.limit.unwrap_or(60);
    let rules = api.shop.config().rules.restricted;
    let asked = wanted.asked(&api)?;
    let menu = wanted.menu.unwrap_or(0) != 0;
    let rows = api.read(move |view| match (wanted.code, wanted.q) {
        (Some(code), _) => Ok(vec![find_item(view, &code, rules)?.row]),
        (None, Some(text)) => Ok(view.search(&text, limit)?),
        (None, None) => Ok(view.items_in(wanted.category.as_deref(), limit)?),
    });
    let rows = rows.await?;
    let items = rows.iter().map(|row| Item::of(row, &asked));
    Ok(Json(Items { items: items.filter(|item| item.on_menu || !menu).collect() }))
}

/// The variants of an item: its sizes, colours and the like.
#[utoipa::path(get, path = "/items/{sku}/variants", params(("sku" = String, Path), Wanted),
    responses((status = 200, body = Items), (status = "4XX", body = Problem)))]
pub(crate) async fn variants(
    State(api): State<Api>,
    Path(sku): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Items>, Problem> {
    let asked = wanted.asked(&api)?;
    let rows = api.read(move |view| {
        let sku = Sku::new(&sku).map_err(|_| ShopError::UnknownItem(sku.clone()))?;
        Ok(view.variants(&sku)?)
    });
    Ok(Json(Items { items: rows.await?.iter().map(|row| Item::of(row, &asked)).collect() }))
}

/// The categories.
#[utoipa::path(get, path = "/categories", responses((status = 200, body = Categories)))]
pub(crate) async fn categories(State(api): State<Api>) -> Result<Json<Categories>, Problem> {
    let rows = api.read(|view| Ok(view.categories()?)).await?;
    let categories = rows.into_iter().map(|(name, count)| Category { name, count }).collect();
    Ok(Json(Categories { categories }))
}

/// One item.
#[utoipa::path(get, path = "/items/{sku}", params(("sku" = String, Path), Wanted),
    responses((status = 200, body = Item), (status = "4XX", body = Problem)))]
pub(crate) async fn item(
    State(api): State<Api>,
    Path(sku): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Item>, Problem> {
    let asked = wanted.asked(&api)?;
    let row = api.read(move |view| {
        let unknown = || ShopError::UnknownItem(sku.clone());
        let sku = Sku::new(&sku).map_err(|_| unknown())?;
        view.item(&sku)?.ok_or_else(unknown)
    });
    Ok(Json(Item::of(&row.await?, &asked)))
}

/// Sets an item's price in this store.
#[utoipa::path(post, path = "/items/{sku}/price", params(("sku" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = SetPrice,
    responses((status = 200, body = Item), (status = "4XX", body = Problem)))]
pub(crate) async fn price(
    State(api): State<Api>,
    Path(sku): Path<String>,
    post: Post<SetPrice>,
) -> Result<Json<Item>, Problem> {
    let price = post.body.price.read()?;
    let asked = asked(&api, Buyer { kind: OrderKind::Retail, group: None }, None);
    let item = api.run(post.identity, move |desk| {
        let sku = Sku::new(&sku).map_err(|_| ShopError::UnknownItem(sku.clone()))?;
        Ok(Item::of(&set_price(desk, &sku, price)?, &asked))
    });
    Ok(Json(item.await?))
}

/// In which form.
#[derive(Debug, Deserialize, IntoParams)]
pub struct ExportForm {
    /// `csv` where nothing is said, or `jsonl`.
    format: Option<String>,
}

/// The whole catalogue as a file that can be imported again unchanged.
#[utoipa::path(get, path = "/items/export", params(ExportForm),
    responses((status = 200, body = String, content_type = "text/csv")))]
pub(crate) async fn export(
    State(api): State<Api>,
    Query(form): Query<ExportForm>,
) -> Result<impl IntoResponse, Problem> {
    let json = match form.format.as_deref() {
        None | Some("csv") => false,
        Some("jsonl") => true,
        Some(other) => {
            return Err(Problem::invalid(format!("{other:?} is neither csv nor jsonl.")));
        }
    };
    let text = api.read(move |view| export_items(view, json)).await?;
    let kind = if json { "application/x-ndjson" } else { "text/csv; charset=utf-8" };
    Ok(([(header::CONTENT_TYPE, kind)], text))
}

/// Imports a catalogue: `text/csv` with a header, or JSON lines.
#[utoipa::path(post, path = "/items/import", params(ImportMode, ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = Imported), (status = "4XX", body = Problem)))]
pub(crate) async fn import(
    State(api): State<Api>,
    Query(mode): Query<ImportMode>,
    headers: HeaderMap,
    raw: Raw,
) -> Result<Json<Imported>, Problem> {
    let currency = api.shop.config().currency;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let json = kind.is_some_and(|kind| kind.contains("json"));
    let import = if json {
        let text = std::str::from_utf8(&raw.bytes);
        let text = text.map_err(|_| Problem::invalid("The file is not UTF-8."))?;
        read_json_lines(text, currency)?
    } else {
        read_csv(&raw.bytes, currency)?
    };
    let accepted = import.items.len();
    let quarantined = import.quarantined.into_iter().map(QuarantinedRow::from).collect();
    let mut imported = Imported { accepted, changed: 0, quarantined };
    if mode.dry_run.unwrap_or(0) != 0 {
        imported.changed = api.read(move |view| would_change(view, &import.items)).await?;
        return Ok(Json(imported));
    }
    // A command a shard: a long import must not keep the tills waiting, and doing it again is
    // harmless.
    let mut shards: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for new in import.items {
        shards.entry(shard_of(&new.item.sku)).or_default().push(new);
    }
    for (shard, items) in shards {
        imported.changed +=
            api.run(raw.identity.part(), move |desk| import_rows(desk, &shard, &items)).await?;
    }
    Ok(Json(api.run(raw.identity, move |_| Ok(imported)).await?))
}

impl From<Quarantined> for QuarantinedRow {
    fn from(row: Quarantined) -> Self {
        Self { row: row.row, code: row.code, message: row.message }
    }
}

//! Sales: whole ones in one go, and those that were.

use crate::Api;
use crate::post::{Post, id, parse};
use crate::problem::Problem;
use crate::routes::orders::{Empty, NewLine, order_kind};
use crate::routes::payments::NewPayment;
use crate::shapes::{Money, PrintJob, Sale, time};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use edge_app::{Sell, SellLine, ShopError, print_again, read_receipt_code, receipt_code, sell};
use edge_domain::SaleId;
use edge_domain::item::TerminalId;
use edge_domain::order::{OrderKind, Tab};
use edge_domain::receipt::{Element, Layout};
use edge_ledger::sales::SaleRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The columns of a receipt on a screen: those of an 80 mm printer.
const COLUMNS: usize = 42;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(sales, whole_sale))
        .routes(routes!(sale))
        .routes(routes!(receipt))
        .routes(routes!(verify_receipt))
        .routes(routes!(reprint))
}

/// One line of a whole sale.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewSaleLine {
    /// What was sold.
    #[serde(flatten)]
    line: NewLine,
    /// The price that it was sold at, where the terminal sold on its own.
    #[serde(default)]
    unit_price: Option<Money>,
}

/// A whole sale.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewSale {
    /// Where it was sold.
    terminal: String,
    /// What was sold.
    lines: Vec<NewSaleLine>,
    /// What was paid; covers the total.
    payments: Vec<NewPayment>,
    /// `retail` where nothing is said, `dine_in`, `takeaway` or `delivery`.
    #[serde(default)]
    kind: Option<String>,
    /// A customer's id.
    #[serde(default)]
    customer: Option<String>,
    /// The customer's group.
    #[serde(default)]
    group: Option<String>,
    /// Coupons that were shown.
    #[serde(default)]
    coupons: Vec<String>,
    /// Why no tax is raised.
    #[serde(default)]
    exempt: Option<String>,
    /// The age that somebody saw, in years.
    #[serde(default)]
    age_checked: Option<u8>,
    /// Reservations that the sale keeps.
    #[serde(default)]
    reservations: Vec<String>,
}

/// A sale that is durable.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Sold {
    /// Its id.
    pub id: String,
    /// Its receipt.
    pub receipt_number: String,
    /// What it cost.
    pub total: Money,
    /// What goes back.
    pub change: Money,
    /// Its place in the journal.
    pub ledger_seq: u64,
}

impl Sold {
    fn of(row: &SaleRow) -> Result<Self, ShopError> {
        Ok(Self {
            id: row.sale.parts().id.to_string(),
            receipt_number: row.sale.parts().receipt.to_string(),
            total: row.sale.totals().gross.into(),
            change: row.sale.change()?.into(),
            ledger_seq: row.seq,
        })
    }
}

impl NewSaleLine {
    pub(crate) fn read(self) -> Result<SellLine, Problem> {
        let unit_price = self.unit_price.map(|price| price.read()).transpose()?;
        Ok(SellLine { ring: self.line.ring_up()?, unit_price })
    }
}

/// Sales.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sales {
    /// Newest first.
    pub sales: Vec<Sale>,
}

/// How many.
#[derive(Debug, Deserialize, IntoParams)]
pub struct HowMany {
    /// At most so many; 20 where nothing is said.
    limit: Option<u32>,
}

/// A receipt as text.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptText {
    /// Lines of at most 42 columns, for a monospaced face.
    pub text: String,
    /// What stands in its QR code.
    pub code: String,
}

/// A receipt's code, as it was scanned.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReceiptCode {
    /// From `OP1.` on.
    code: String,
}

/// What a receipt's code claims, proved by its store's signature.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptClaim {
    /// Which store.
    pub store_id: String,
    /// Which sale.
    pub sale_id: String,
    /// Its number.
    pub receipt_number: String,
    /// What it cost.
    pub total: Money,
    /// When.
    pub at: String,
    /// Its place in its store's journal.
    pub ledger_seq: u64,
    /// The hash of its entry there, base64url.
    pub entry_hash: String,
    /// Whether this store made the sale, and its journal says the same.
    pub known_here: bool,
}

/// Tells a true receipt from a forged one.
#[utoipa::path(post, path = "/receipts/verify", request_body = ReceiptCode,
    responses((status = 200, body = ReceiptClaim), (status = "4XX", body = Problem)))]
pub(crate) async fn verify_receipt(
    State(api): State<Api>,
    post: Post<ReceiptCode>,
) -> Result<Json<ReceiptClaim>, Problem> {
    let rules = &api.shop.config().rules;
    let keys = rules.receipt_keys();
    let claim = read_receipt_code(&post.body.code, &keys).map_err(ShopError::from)?;
    let (seal, code) = (rules.seal.clone(), post.body.code.trim().to_owned());
    let sale = claim.sale_id();
    let known = api.read(move |view| {
        let Some(row) = view.sale(sale)? else { return Ok(false) };
        Ok(receipt_code(view, seal.as_ref(), &row)? == code)
    });
    Ok(Json(ReceiptClaim {
        known_here: known.await?,
        store_id: claim.store.to_string(),
        sale_id: claim.sale.to_string(),
        receipt_number: claim.receipt.clone(),
        total: Money { amount: claim.total, currency: claim.currency.clone() },
        at: time(claim.at()),
        ledger_seq: claim.seq,
        entry_hash: claim.hash,
    }))
}

/// The latest sales.
#[utoipa::path(get, path = "/sales", params(HowMany), responses((status = 200, body = Sales)))]
pub(crate) async fn sales(
    State(api): State<Api>,
    Query(how_many): Query<HowMany>,
) -> Result<Json<Sales>, Problem> {
    let limit = how_many.limit.unwrap_or(20).min(500);
    let rows = api.read(move |view| Ok(view.latest_sales(limit)?)).await?;
    Ok(Json(Sales { sales: rows.iter().map(Sale::from).collect() }))
}

/// Records a whole sale. 201 means that it is durable.
#[utoipa::path(post, path = "/sales", params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewSale,
    responses((status = 201, body = Sold), (status = "4XX", body = Problem)))]
pub(crate) async fn whole_sale(
    State(api): State<Api>,
    post: Post<NewSale>,
) -> Result<(StatusCode, Json<Sold>), Problem> {
    let new = post.body;
    let terminal = TerminalId::new(&new.terminal).map_err(ShopError::from)?;
    let lines = new.lines.into_iter().map(NewSaleLine::read).collect::<Result<_, Problem>>()?;
    let payments = new.payments.into_iter();
    let tenders = payments.map(NewPayment::offer).collect::<Result<Vec<_>, _>>()?;
    let methods: Vec<_> = tenders.iter().map(|offer| offer.tender.method()).collect();
    let reservations = new.reservations.iter().map(|id| parse(id)).collect::<Result<_, _>>()?;
    let kind = new.kind.as_deref().map_or(Ok(OrderKind::Retail), order_kind)?;
    let tab = Tab {
        customer: new.customer,
        group: new.group,
        coupons: new.coupons,
        exempt: new.exempt,
        age_checked: new.age_checked,
        ..Tab::default()
    };
    let sold = api.run(post.identity, move |desk| {
        Sold::of(&sell(desk, Sell { terminal, lines, tenders, kind, tab, reservations })?)
    });
    let sold = sold.await.inspect_err(|_| api.metrics.order("refused"))?;
    api.metrics.order("sold");
    methods.iter().for_each(|method| api.metrics.payment(method, "taken"));
    Ok((StatusCode::CREATED, Json(sold)))
}

/// One sale.
#[utoipa::path(get, path = "/sales/{id}", params(("id" = String, Path)),
    responses((status = 200, body = Sale), (status = "4XX", body = Problem)))]
pub(crate) async fn sale(
    State(api): State<Api>,
    path: Path<String>,
) -> Result<Json<Sale>, Problem> {
    let id: SaleId = id(&path)?;
    let row = api.read(move |view| view.sale(id)?.ok_or(ShopError::UnknownSale)).await?;
    Ok(Json(Sale::from(&row)))
}

/// A sale's receipt as text.
#[utoipa::path(get, path = "/sales/{id}/receipt", params(("id" = String, Path)),
    responses((status = 200, body = ReceiptText), (status = "4XX", body = Problem)))]
pub(crate) async fn receipt(
    State(api): State<Api>,
    path: Path<String>,
) -> Result<Json<ReceiptText>, Problem> {
    let id: SaleId = id(&path)?;
    let seal = api.shop.config().rules.seal.clone();
    let read = api.read(move |view| {
        let row = view.sale(id)?.ok_or(ShopError::UnknownSale)?;
        let slips = view.receipt_slips(&row.sale)?;
        Ok((receipt_code(view, seal.as_ref(), &row)?, slips, row))
    });
    let (code, slips, row) = read.await?;
    let seller = &api.shop.config().seller;
    let mut layout = Layout::of_sale(&row.sale, &slips, seller, &code, false, &*api.words);
    // The code is for scanners: on a screen it stands apart.
    layout.0.retain(|element| !matches!(element, Element::Qr(_)));
    Ok(Json(ReceiptText { text: layout.as_text(COLUMNS), code }))
}

/// Prints a receipt again, marked as a copy.
#[utoipa::path(post, path = "/sales/{id}/reprint", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Empty,
    responses((status = 202, body = PrintJob), (status = "4XX", body = Problem)))]
pub(crate) async fn reprint(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<Empty>,
) -> Result<(StatusCode, Json<PrintJob>), Problem> {
    let id: SaleId = id(&path)?;
    let job = api.run(post.identity, move |desk| Ok(PrintJob::from(&print_again(desk, id)?)));
    Ok((StatusCode::ACCEPTED, Json(job.await?)))
}

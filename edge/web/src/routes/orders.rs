//! Orders through their life.

use crate::Api;
use crate::post::{Post, id, parse};
use crate::problem::Problem;
use crate::routes::payments::NewPayment;
use crate::shapes::{Money, Order, Sale};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use edge_app::{
    OpenOrder, RingUp, ShopError, cancel_order, fire_ticket, open_order, ring_up, set_quantity,
    take_payment,
};
use edge_domain::item::TerminalId;
use edge_domain::order::{OrderKind, Tab};
use edge_domain::{LineId, OrderId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(orders, open))
        .routes(routes!(order))
        .routes(routes!(terminal))
        .routes(routes!(attend))
        .routes(routes!(add_line))
        .routes(routes!(line_quantity))
        .routes(routes!(fire))
        .routes(routes!(pay))
        .routes(routes!(cancel))
}

/// An order to open.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewOrder {
    /// `retail`, `dine_in`, `takeaway` or `delivery`.
    kind: String,
    /// Where.
    terminal: String,
    /// The table of a dine-in order.
    #[serde(default)]
    table: Option<String>,
    /// How many people sit there.
    #[serde(default)]
    covers: Option<u16>,
    /// A customer's id.
    #[serde(default)]
    customer: Option<String>,
    /// The customer's group.
    #[serde(default)]
    group: Option<String>,
}

/// A line to ring up: a code or a SKU.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewLine {
    /// What was scanned or typed.
    #[serde(default)]
    code: Option<String>,
    /// The item.
    #[serde(default)]
    sku: Option<String>,
    /// How much; one piece or the code's weight where nothing is said.
    #[serde(default)]
    quantity: Option<String>,
    /// The chosen options' ids.
    #[serde(default)]
    modifiers: Vec<String>,
    /// A word to the kitchen.
    #[serde(default)]
    note: Option<String>,
    /// The price, where the till asks for it.
    #[serde(default)]
    price: Option<Money>,
    /// Who at the table has it, from 1.
    #[serde(default)]
    seat: Option<u8>,
    /// With which course it is served, from 1.
    #[serde(default)]
    course: Option<u8>,
    /// The pieces' serial numbers; a gift card's number.
    #[serde(default)]
    serials: Vec<String>,
}

/// A quantity to set.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewQuantity {
    /// `0` takes the line off.
    quantity: String,
}

/// Why an order is given up.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Cancel {
    /// In a few words.
    reason: String,
    /// Whether money that was taken on it goes back as it came.
    #[serde(default)]
    give_back: bool,
}

/// What the kitchen gets.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Fire {
    /// The courses up to this one; later ones are held. Everything where nothing is said.
    #[serde(default)]
    course: Option<u8>,
}

/// Nothing more to say.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Empty {}

/// Orders.
#[derive(Debug, Serialize, ToSchema)]
pub struct Orders {
    /// Oldest first.
    pub orders: Vec<Order>,
}

/// A terminal.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Terminal {
    /// Its id.
    pub terminal: String,
    /// The order that scans here go to.
    pub order: Option<Order>,
}

/// What became of a tender.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PaymentTaken {
    /// The order as it stands.
    pub order: Order,
    /// What is still due.
    pub due: Money,
    /// What goes back.
    pub change: Money,
    /// The sale, when nothing is due any more.
    pub sale: Option<Sale>,
}

/// Which orders.
#[derive(Debug, Deserialize, IntoParams)]
pub struct Which {
    /// `open`: those that live. Others are found by their id.
    state: Option<String>,
}

/// Orders that live.
#[utoipa::path(get, path = "/orders", params(Which),
    responses((status = 200, body = Orders)))]
pub(crate) async fn orders(
    State(api): State<Api>,
    Query(which): Query<Which>,
) -> Result<Json<Orders>, Problem> {
    if which.state.is_some_and(|state| state != "open") {
        return Err(Problem::invalid("Only open orders are listed: ask others by their id."));
    }
    let orders = api.read(|view| {
        view.live_orders(500)?.iter().map(|row| Order::of(view, row)).collect::<Result<_, _>>()
    });
    Ok(Json(Orders { orders: orders.await? }))
}

/// Opens an order; scans at its terminal go to it from now on.
#[utoipa::path(post, path = "/orders", params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewOrder,
    responses((status = 201, body = Order), (status = "4XX", body = Problem)))]
pub(crate) async fn open(
    State(api): State<Api>,
    post: Post<NewOrder>,
) -> Result<(StatusCode, Json<Order>), Problem> {
    let NewOrder { kind, terminal, table, covers, customer, group } = post.body;
    let kind = order_kind(&kind)?;
    let terminal = TerminalId::new(&terminal).map_err(ShopError::from)?;
    let tab = Tab { covers, customer, group, ..Tab::default() };
    let order = api.run(post.identity, move |desk| {
        let row = open_order(desk, OpenOrder { kind, terminal, table, tab })?;
        Order::of(desk.view(), &row)
    });
    let order = order.await?;
    api.metrics.order("opened");
    Ok((StatusCode::CREATED, Json(order)))
}

/// One order.
#[utoipa::path(get, path = "/orders/{id}", params(("id" = String, Path)),
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
pub(crate) async fn order(
    State(api): State<Api>,
    path: Path<String>,
) -> Result<Json<Order>, Problem> {
    let id: OrderId = id(&path)?;
    let order =
        api.read(move |view| Order::of(view, &view.order(id)?.ok_or(ShopError::UnknownOrder)?));
    Ok(Json(order.await?))
}

/// The order that scans at a terminal go to.
#[utoipa::path(get, path = "/terminals/{id}", params(("id" = String, Path)),
    responses((status = 200, body = Terminal), (status = "4XX", body = Problem)))]
pub(crate) async fn terminal(
    State(api): State<Api>,
    Path(name): Path<String>,
) -> Result<Json<Terminal>, Problem> {
    let terminal = TerminalId::new(&name).map_err(ShopError::from)?;
    let order = api.read(move |view| {
        let Some(id) = view.current_order(&terminal)? else { return Ok(None) };
        let row = view.order(id)?.filter(|row| row.status.is_live());
        row.map(|row| Order::of(view, &row)).transpose()
    });
    Ok(Json(Terminal { terminal: name, order: order.await? }))
}

/// Lets the scans at a terminal go to a live order: a cashier took it up again.
#[utoipa::path(post, path = "/terminals/{id}/orders/{order}",
    params(("id" = String, Path), ("order" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Empty,
    responses((status = 200, body = Terminal), (status = "4XX", body = Problem)))]
pub(crate) async fn attend(
    State(api): State<Api>,
    Path((name, order)): Path<(String, String)>,
    post: Post<Empty>,
) -> Result<Json<Terminal>, Problem> {
    let terminal = TerminalId::new(&name).map_err(ShopError::from)?;
    let order: OrderId = parse(&order)?;
    let attended = api.run(post.identity, move |desk| {
        let row = desk.view().order(order)?.ok_or(ShopError::UnknownOrder)?;
        if !row.status.is_live() {
            return Err(ShopError::OrderNotOpen(row.status.as_str()));
        }
        desk.tx.set_current_order(&terminal, Some(order))?;
        let order = Some(Order::of(desk.view(), &row)?);
        Ok(Terminal { terminal: terminal.to_string(), order })
    });
    Ok(Json(attended.await?))
}

/// Rings something up.
#[utoipa::path(post, path = "/orders/{id}/lines", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewLine,
    responses((status = 201, body = Order), (status = "4XX", body = Problem)))]
pub(crate) async fn add_line(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<NewLine>,
) -> Result<(StatusCode, Json<Order>), Problem> {
    let id: OrderId = id(&path)?;
    let ring = post.body.ring_up()?;
    let order = api.run(post.identity, move |desk| {
        let rung = ring_up(desk, id, ring)?;
        Order::of(desk.view(), &rung.order)
    });
    Ok((StatusCode::CREATED, Json(order.await?)))
}

/// Sets a line's quantity.
#[utoipa::path(post, path = "/orders/{id}/lines/{line_id}/quantity",
    params(("id" = String, Path), ("line_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewQuantity,
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
pub(crate) async fn line_quantity(
    State(api): State<Api>,
    Path((order, line)): Path<(String, String)>,
    post: Post<NewQuantity>,
) -> Result<Json<Order>, Problem> {
    let (id, line): (OrderId, LineId) = (parse(&order)?, parse(&line)?);
    let quantity = post.body.quantity.parse().map_err(ShopError::from)?;
    let order = api.run(post.identity, move |desk| {
        let row = set_quantity(desk, id, line, quantity)?;
        Order::of(desk.view(), &row)
    });
    Ok(Json(order.await?))
}

/// Sends what the kitchen has not got yet.
#[utoipa::path(post, path = "/orders/{id}/fire", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Fire,
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
pub(crate) async fn fire(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<Fire>,
) -> Result<Json<Order>, Problem> {
    let id: OrderId = id(&path)?;
    let order = api.run(post.identity, move |desk| {
        let row = fire_ticket(desk, id, post.body.course)?;
        Order::of(desk.view(), &row)
    });
    Ok(Json(order.await?))
}

/// Takes a tender. When nothing is due any more, the order is a sale.
#[utoipa::path(post, path = "/orders/{id}/payments", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewPayment,
    responses((status = 201, body = PaymentTaken), (status = "4XX", body = Problem)))]
pub(crate) async fn pay(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<NewPayment>,
) -> Result<(StatusCode, Json<PaymentTaken>), Problem> {
    let id: OrderId = id(&path)?;
    let kept = post.body.reservations.iter().map(|id| parse(id));
    let kept = kept.collect::<Result<Vec<_>, _>>()?;
    let offer = post.body.offer()?;
    let method = offer.tender.method();
    let taken = api.run(post.identity, move |desk| {
        let taken = take_payment(desk, id, offer, &kept)?;
        Ok(PaymentTaken {
            order: Order::of(desk.view(), &taken.order)?,
            due: taken.due.into(),
            change: taken.payment.change.into(),
            sale: taken.sale.as_ref().map(Sale::from),
        })
    });
    let taken = taken.await.inspect_err(|_| api.metrics.payment(method, "refused"))?;
    api.metrics.payment(method, "taken");
    if taken.sale.is_some() {
        api.metrics.order("sold");
    }
    Ok((StatusCode::CREATED, Json(taken)))
}

/// Gives an order up.
#[utoipa::path(post, path = "/orders/{id}/cancel", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Cancel,
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
pub(crate) async fn cancel(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<Cancel>,
) -> Result<Json<Order>, Problem> {
    let id: OrderId = id(&path)?;
    let order = api.run(post.identity, move |desk| {
        let row = cancel_order(desk, id, &post.body.reason, post.body.give_back)?;
        Order::of(desk.view(), &row)
    });
    let order = order.await?;
    api.metrics.order("cancelled");
    Ok(Json(order))
}

/// A kind of order by its wire name.
pub(crate) fn order_kind(name: &str) -> Result<OrderKind, Problem> {
    OrderKind::from_name(name)
        .ok_or_else(|| Problem::invalid(format!("{name:?} is no kind of order.")))
}

impl NewLine {
    pub(crate) fn ring_up(self) -> Result<RingUp, Problem> {
        let quantity = self.quantity.map(|text| text.parse()).transpose();
        Ok(RingUp {
            code: self.code,
            sku: self.sku,
            quantity: quantity.map_err(ShopError::from)?,
            modifiers: self.modifiers,
            note: self.note,
            price: self.price.as_ref().map(Money::read).transpose()?,
            seat: self.seat,
            course: self.course,
            serials: self.serials,
        })
    }
}

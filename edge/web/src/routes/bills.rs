//! What is said about an order, what makes it cheaper, and bills that are split or put together.

use crate::Api;
use crate::post::{Post, id, parse};
use crate::problem::Problem;
use crate::routes::orders::{Empty, order_kind};
use crate::shapes::{Money, Order};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use edge_app::{
    Change, ShopError, Split, change_order, give_discount, hold_order, merge_orders, split_equally,
    split_order, take_discount_back, void_line,
};
use edge_domain::item::TerminalId;
use edge_domain::order::Off;
use edge_domain::tax::TaxRate;
use edge_domain::{LineId, OrderId};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(change))
        .routes(routes!(discount))
        .routes(routes!(discount_back))
        .routes(routes!(hold))
        .routes(routes!(void))
        .routes(routes!(split))
        .routes(routes!(merge))
}

/// A discount: one of `percent`, `amount`, `price`.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewDiscount {
    /// The line; the whole order where nothing is said.
    #[serde(default)]
    line_id: Option<String>,
    /// A share as a decimal, as in `12.5`.
    #[serde(default)]
    percent: Option<String>,
    /// An amount off the line or the order.
    #[serde(default)]
    amount: Option<Money>,
    /// Another price for one unit of a line.
    #[serde(default)]
    price: Option<Money>,
    /// Why, in a few words.
    reason: String,
}

/// What changes about an order: what is not said stays, `null` takes it away.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct OrderChange {
    /// `retail`, `dine_in`, `takeaway` or `delivery`: taxes go by it.
    kind: Option<String>,
    /// Another terminal.
    terminal: Option<String>,
    /// Another table.
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    table: Option<Option<String>>,
    /// How many people.
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<u16>)]
    covers: Option<Option<u16>>,
    /// A customer's id.
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    customer: Option<Option<String>>,
    /// The customer's group.
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    group: Option<Option<String>>,
    /// A coupon that was shown.
    coupon: Option<String>,
    /// A coupon that is not to count.
    coupon_back: Option<String>,
    /// A charge for service as a decimal per cent.
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    service: Option<Option<String>>,
    /// Why no tax is raised.
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    exempt: Option<Option<String>>,
    /// A name to call out, or a word for whoever packs it.
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    note: Option<Option<String>>,
    /// The age that somebody saw, in years.
    age_checked: Option<u8>,
}

/// Why a line comes off.
#[derive(Debug, Deserialize, ToSchema)]
pub struct VoidLine {
    /// In a few words.
    reason: String,
}

/// How a bill is split: one of `lines`, `seats`, `parts`.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewSplit {
    /// Lines that go onto the other bill.
    #[serde(default)]
    lines: Vec<SplitLine>,
    /// Seats that go onto the other bill.
    #[serde(default)]
    seats: Vec<u8>,
    /// In so many equal parts: nothing moves, each pays its amount.
    #[serde(default)]
    parts: Option<u16>,
}

/// A line that goes onto the other bill.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SplitLine {
    /// The line.
    line_id: String,
    /// How much of it; all where nothing is said.
    #[serde(default)]
    quantity: Option<String>,
}

/// What a split made.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SplitDone {
    /// The order, and the other one where lines went onto one.
    pub orders: Vec<Order>,
    /// What each pays; sums to what is due.
    pub parts: Vec<Money>,
}

/// The order that is put onto this one.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Merge {
    /// Its id.
    order_id: String,
}

pub(super) fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

fn percent(text: &str) -> Result<u32, Problem> {
    let rate: TaxRate = text
        .parse()
        .map_err(|_| Problem::invalid("A share is a per cent between 0 and 100, as in 12.5."))?;
    Ok(rate.thousandths())
}

impl NewDiscount {
    fn off(&self) -> Result<Off, Problem> {
        match (&self.percent, &self.amount, &self.price) {
            (Some(share), None, None) => Ok(Off::Percent(percent(share)?)),
            (None, Some(amount), None) => Ok(Off::Amount(amount.read()?)),
            (None, None, Some(price)) => Ok(Off::Price(price.read()?)),
            _ => Err(Problem::invalid("Say one of percent, amount and price.")),
        }
    }
}

impl OrderChange {
    fn read(self) -> Result<Change, Problem> {
        let service = |text: Option<String>| text.as_deref().map(percent).transpose();
        let terminal = self.terminal.as_deref().map(TerminalId::new).transpose();
        Ok(Change {
            kind: self.kind.as_deref().map(order_kind).transpose()?,
            terminal: terminal.map_err(ShopError::from)?,
            table: self.table,
            covers: self.covers,
            customer: self.customer,
            group: self.group,
            coupon: self.coupon,
            coupon_back: self.coupon_back,
            service: self.service.map(service).transpose()?,
            exempt: self.exempt,
            note: self.note,
            age_checked: self.age_checked,
        })
    }
}

/// Changes what is said about an order: its table, its customer, a coupon, a charge.
#[utoipa::path(post, path = "/orders/{id}/change", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = OrderChange,
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
pub(crate) async fn change(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<OrderChange>,
) -> Result<Json<Order>, Problem> {
    let id: OrderId = id(&path)?;
    let change = post.body.read()?;
    let order = api.run(post.identity, move |desk| {
        let row = change_order(desk, id, change)?;
        Order::of(desk.view(), &row)
    });
    Ok(Json(order.await?))
}

/// Gives a discount on a line or on the order.
#[utoipa::path(post, path = "/orders/{id}/discounts", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewDiscount,
    responses((status = 201, body = Order), (status = "4XX", body = Problem)))]
pub(crate) async fn discount(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<NewDiscount>,
) -> Result<(StatusCode, Json<Order>), Problem> {
    let id: OrderId = id(&path)?;
    let off = post.body.off()?;
    let line: Option<LineId> = post.body.line_id.as_deref().map(parse).transpose()?;
    let order = api.run(post.identity, move |desk| {
        let row = give_discount(desk, id, line, off, &post.body.reason)?;
        Order::of(desk.view(), &row)
    });
    Ok((StatusCode::CREATED, Json(order.await?)))
}

/// Takes a discount back.
#[utoipa::path(post, path = "/orders/{id}/discounts/{discount_id}/remove",
    params(("id" = String, Path), ("discount_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Empty,
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
pub(crate) async fn discount_back(
    State(api): State<Api>,
    Path((order, discount)): Path<(String, String)>,
    post: Post<Empty>,
) -> Result<Json<Order>, Problem> {
    let (id, discount): (OrderId, Uuid) = (parse(&order)?, parse(&discount)?);
    let order = api.run(post.identity, move |desk| {
        let row = take_discount_back(desk, id, discount)?;
        Order::of(desk.view(), &row)
    });
    Ok(Json(order.await?))
}

/// Sets an order aside: scans at its terminal go to a new one.
#[utoipa::path(post, path = "/orders/{id}/hold", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Empty,
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
pub(crate) async fn hold(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<Empty>,
) -> Result<Json<Order>, Problem> {
    let id: OrderId = id(&path)?;
    let order = api.run(post.identity, move |desk| {
        let row = hold_order(desk, id)?;
        Order::of(desk.view(), &row)
    });
    Ok(Json(order.await?))
}

/// Takes a line off although the kitchen has it; the kitchen is told.
#[utoipa::path(post, path = "/orders/{id}/lines/{line_id}/void",
    params(("id" = String, Path), ("line_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = VoidLine,
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
pub(crate) async fn void(
    State(api): State<Api>,
    Path((order, line)): Path<(String, String)>,
    post: Post<VoidLine>,
) -> Result<Json<Order>, Problem> {
    let (id, line): (OrderId, LineId) = (parse(&order)?, parse(&line)?);
    let order = api.run(post.identity, move |desk| {
        let row = void_line(desk, id, line, &post.body.reason)?;
        Order::of(desk.view(), &row)
    });
    Ok(Json(order.await?))
}

/// Splits a bill by lines, by seats, or into equal parts.
#[utoipa::path(post, path = "/orders/{id}/split", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewSplit,
    responses((status = 201, body = SplitDone), (status = "4XX", body = Problem)))]
pub(crate) async fn split(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<NewSplit>,
) -> Result<(StatusCode, Json<SplitDone>), Problem> {
    let id: OrderId = id(&path)?;
    let NewSplit { lines, seats, parts } = post.body;
    let line = |line: SplitLine| {
        let quantity = line.quantity.map(|text| text.parse()).transpose();
        Ok((parse(&line.line_id)?, quantity.map_err(ShopError::from)?))
    };
    let lines = lines.into_iter().map(line).collect::<Result<Vec<_>, Problem>>()?;
    let split = match (lines.is_empty(), seats.is_empty(), parts) {
        (false, true, None) => Some(Split::Lines(lines)),
        (true, false, None) => Some(Split::Seats(seats)),
        (true, true, Some(_)) => None,
        _ => return Err(Problem::invalid("Say one of lines, seats and parts.")),
    };
    let done = api.run(post.identity, move |desk| match split {
        Some(split) => {
            let (old, new) = split_order(desk, id, &split)?;
            let orders = vec![Order::of(desk.view(), &old)?, Order::of(desk.view(), &new)?];
            Ok(SplitDone { orders, parts: vec![] })
        }
        None => {
            let parts = split_equally(desk, id, parts.unwrap_or_default())?;
            let row = desk.view().order(id)?.ok_or(ShopError::UnknownOrder)?;
            let orders = vec![Order::of(desk.view(), &row)?];
            Ok(SplitDone { orders, parts: parts.into_iter().map(Money::from).collect() })
        }
    });
    Ok((StatusCode::CREATED, Json(done.await?)))
}

/// Puts everything of another order onto this one; the other ends.
#[utoipa::path(post, path = "/orders/{id}/merge", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Merge,
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
pub(crate) async fn merge(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<Merge>,
) -> Result<Json<Order>, Problem> {
    let (id, other): (OrderId, OrderId) = (id(&path)?, parse(&post.body.order_id)?);
    let order = api.run(post.identity, move |desk| {
        let row = merge_orders(desk, id, other)?;
        Order::of(desk.view(), &row)
    });
    Ok(Json(order.await?))
}

//! Goods that come back, and what goes out in exchange.

use crate::Api;
use crate::post::{Post, parse};
use crate::problem::Problem;
use crate::routes::payments::NewPayment;
use crate::routes::sales::NewSaleLine;
use crate::shapes::Sale;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use edge_app::{BackLine, Proof, ReturnGoods, ShopError, return_goods};
use edge_domain::item::TerminalId;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(take_back))
}

/// A line that comes back: a line of the sale, or an item.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewBackLine {
    /// The sold line.
    #[serde(default)]
    line_id: Option<String>,
    /// The item.
    #[serde(default)]
    sku: Option<String>,
    /// How much; all that is left where nothing is said.
    #[serde(default)]
    quantity: Option<String>,
    /// The pieces that come back.
    #[serde(default)]
    serials: Vec<String>,
    /// Whether it cannot be sold again: it goes to shrinkage.
    #[serde(default)]
    damaged: bool,
}

/// A return or an exchange. With none of `sale_id`, `receipt_number`
/// and `receipt_code` goods are taken back
/// without a receipt, at today's price.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewReturn {
    /// Where.
    terminal: String,
    /// The sale.
    #[serde(default)]
    sale_id: Option<String>,
    /// The sale's receipt, as in `T1-000123`.
    #[serde(default)]
    receipt_number: Option<String>,
    /// The code of the receipt, as it was scanned: of this store, or of one that it trusts.
    #[serde(default)]
    receipt_code: Option<String>,
    /// What comes back; all that is left of the sale where empty.
    #[serde(default)]
    lines: Vec<NewBackLine>,
    /// Why, in a few words.
    reason: String,
    /// What goes out in exchange.
    #[serde(default)]
    exchange: Vec<NewSaleLine>,
    /// How money goes back, or comes; as it was paid where empty. Amounts are more than 0 either
    /// way.
    #[serde(default)]
    payments: Vec<NewPayment>,
}

impl NewBackLine {
    fn read(self) -> Result<BackLine, Problem> {
        let quantity = self.quantity.map(|text| text.parse()).transpose();
        Ok(BackLine {
            line: self.line_id.as_deref().map(parse).transpose()?,
            sku: self.sku,
            quantity: quantity.map_err(ShopError::from)?,
            serials: self.serials,
            damaged: self.damaged,
        })
    }
}

impl NewReturn {
    fn read(self) -> Result<ReturnGoods, Problem> {
        let proof = match (self.sale_id, self.receipt_number, self.receipt_code) {
            (Some(sale), None, None) => Proof::Sale(parse(&sale)?),
            (None, Some(number), None) => {
                let number = number.parse();
                Proof::Receipt(number.map_err(|_| Problem::from(ShopError::UnknownSale))?)
            }
            (None, None, Some(code)) => Proof::Code(code),
            (None, None, None) => Proof::None,
            _ => return Err(Problem::invalid("Say the sale, its receipt, or its code.")),
        };
        if matches!(proof, Proof::None) && self.lines.is_empty() {
            return Err(Problem::invalid("Say what comes back."));
        }
        Ok(ReturnGoods {
            terminal: TerminalId::new(&self.terminal).map_err(ShopError::from)?,
            proof,
            lines: self.lines.into_iter().map(NewBackLine::read).collect::<Result<_, _>>()?,
            reason: self.reason,
            exchange: self.exchange.into_iter().map(NewSaleLine::read).collect::<Result<_, _>>()?,
            payments: self.payments.into_iter().map(NewPayment::offer).collect::<Result<_, _>>()?,
        })
    }
}

/// Takes goods back. 201 means that it is durable. The total is below 0 where money goes back.
#[utoipa::path(post, path = "/returns", params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewReturn,
    responses((status = 201, body = Sale), (status = "4XX", body = Problem)))]
pub(crate) async fn take_back(
    State(api): State<Api>,
    post: Post<NewReturn>,
) -> Result<(StatusCode, Json<Sale>), Problem> {
    let back = post.body.read()?;
    let sale = api.run(post.identity, move |desk| Ok(Sale::from(&return_goods(desk, back)?)));
    let sale = sale.await?;
    api.metrics.order("returned");
    Ok((StatusCode::CREATED, Json(sale)))
}

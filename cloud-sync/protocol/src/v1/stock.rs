//! Stock, v1.

use super::order::{ShapeError, broken};
use edge_domain::StoreTime;
use edge_domain::fact::StockReceived;
use edge_domain::item::Sku;
use edge_domain::quantity::Quantity;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct StockLineV1 {
    sku: String,
    quantity: i64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StockReceivedV1 {
    lines: Vec<StockLineV1>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    at: i64,
}

impl From<&StockReceived> for StockReceivedV1 {
    fn from(receipt: &StockReceived) -> Self {
        let line = |(sku, quantity): &(Sku, Quantity)| StockLineV1 {
            sku: sku.to_string(),
            quantity: quantity.thousandths(),
        };
        Self {
            lines: receipt.lines.iter().map(line).collect(),
            reference: receipt.reference.clone(),
            at: receipt.at.as_millis(),
        }
    }
}

impl TryFrom<StockReceivedV1> for StockReceived {
    type Error = ShapeError;

    fn try_from(shape: StockReceivedV1) -> Result<Self, ShapeError> {
        let line = |line: StockLineV1| {
            let quantity = Quantity::from_thousandths(line.quantity).map_err(broken)?;
            if quantity <= Quantity::ZERO {
                return Err(broken("goods that come in are more than 0"));
            }
            Ok((Sku::new(&line.sku).map_err(broken)?, quantity))
        };
        Ok(Self {
            lines: shape.lines.into_iter().map(line).collect::<Result<_, _>>()?,
            reference: shape.reference,
            at: StoreTime::from_millis(shape.at),
        })
    }
}

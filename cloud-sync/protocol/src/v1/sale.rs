//! Sales and deposits, v1.

use super::more::{AboutV1, said};
use super::order::{LineV1, PaymentV1, ShapeError, StepsV1, broken, policy_names, policy_of};
use edge_domain::fact::DepositTaken;
use edge_domain::item::TerminalId;
use edge_domain::money::Currency;
use edge_domain::sale::{ReceiptNumber, Sale, SaleParts};
use edge_domain::{OrderId, SaleId, StoreTime};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Serialize, Deserialize)]
pub(super) struct SaleV1 {
    id: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order: Option<Uuid>,
    terminal: String,
    number: u32,
    at: i64,
    currency: String,
    prices: String,
    rounding: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    steps: Option<StepsV1>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    about: Option<AboutV1>,
    total: i64,
    lines: Vec<LineV1>,
    payments: Vec<PaymentV1>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct DepositV1 {
    order: Uuid,
    terminal: String,
    currency: String,
    payment: PaymentV1,
    at: i64,
}

impl From<&Sale> for SaleV1 {
    fn from(sale: &Sale) -> Self {
        let parts = sale.parts();
        let (prices, rounding, steps) = policy_names(parts.policy);
        Self {
            id: parts.id.uuid(),
            order: parts.order.map(OrderId::uuid),
            terminal: parts.receipt.terminal.to_string(),
            number: parts.receipt.number,
            at: parts.at.as_millis(),
            currency: parts.currency.to_string(),
            prices: prices.to_owned(),
            rounding: rounding.to_owned(),
            steps,
            about: said(AboutV1::from(&parts.about)),
            total: sale.totals().gross.minor(),
            lines: parts.lines.iter().map(LineV1::from).collect(),
            payments: parts.payments.iter().map(PaymentV1::from).collect(),
        }
    }
}

impl TryFrom<SaleV1> for Sale {
    type Error = ShapeError;

    fn try_from(shape: SaleV1) -> Result<Self, ShapeError> {
        let currency: Currency = shape.currency.parse().map_err(broken)?;
        let line = |line: LineV1| line.into_domain(currency);
        let payment = |payment: PaymentV1| payment.into_domain(currency);
        let terminal = TerminalId::new(&shape.terminal).map_err(broken)?;
        let parts = SaleParts {
            id: SaleId::new(shape.id),
            order: shape.order.map(OrderId::new),
            receipt: ReceiptNumber { terminal, number: shape.number },
            at: StoreTime::from_millis(shape.at),
            currency,
            policy: policy_of(&shape.prices, &shape.rounding, shape.steps.as_ref())?,
            lines: shape.lines.into_iter().map(line).collect::<Result<_, _>>()?,
            payments: shape.payments.into_iter().map(payment).collect::<Result<_, _>>()?,
            about: shape.about.unwrap_or_default().into_domain(currency)?,
        };
        let sale = Self::checked(parts).map_err(broken)?;
        if sale.totals().gross.minor() != shape.total {
            return Err(broken("the lines do not sum to the sale's total"));
        }
        Ok(sale)
    }
}

impl TryFrom<DepositV1> for DepositTaken {
    type Error = ShapeError;

    fn try_from(shape: DepositV1) -> Result<Self, ShapeError> {
        let currency: Currency = shape.currency.parse().map_err(broken)?;
        Ok(Self {
            order: OrderId::new(shape.order),
            terminal: TerminalId::new(&shape.terminal).map_err(broken)?,
            payment: shape.payment.into_domain(currency)?,
            at: StoreTime::from_millis(shape.at),
        })
    }
}

impl From<&DepositTaken> for DepositV1 {
    fn from(deposit: &DepositTaken) -> Self {
        Self {
            order: deposit.order.uuid(),
            terminal: deposit.terminal.to_string(),
            currency: deposit.payment.amount.currency().to_string(),
            payment: PaymentV1::from(&deposit.payment),
            at: deposit.at.as_millis(),
        }
    }
}

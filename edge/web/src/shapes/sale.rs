//! Sales, and paper.

use super::{Adjustment, Money, TaxAmount, time};
use edge_domain::Money as Amount;
use edge_ledger::print::{JobKind, JobRow};
use edge_ledger::sales::SaleRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A line of a sale.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SaleLine {
    /// Its id: returns name it.
    pub id: String,
    /// What.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// How much.
    pub quantity: String,
    /// `each` or `kg`.
    pub unit: String,
    /// The price of one unit.
    pub unit_price: Money,
    /// What it cost.
    pub total: Money,
    /// What made it cheaper or dearer, with each cause.
    pub adjustments: Vec<Adjustment>,
    /// The pieces' serial numbers.
    pub serials: Vec<String>,
    /// The sale that goods came back from.
    pub returned_from: Option<String>,
}

/// A payment.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Payment {
    /// Its id: of one by card, `GET /cards/{id}` tells what the terminal said. Answers of releases
    /// before have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `cash`, `card`, `voucher`, `gift_card`, `account` or `points`.
    pub method: String,
    /// What of it paid.
    pub amount: Money,
    /// What was handed over.
    pub tendered: Money,
    /// What of it is for the staff.
    pub tip: Money,
    /// What cash rounding added to what was due.
    pub rounding: Money,
    /// Whose account, which voucher or card, which approval.
    pub reference: Option<String>,
}

/// A sale.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Sale {
    /// Its id.
    pub id: String,
    /// As in `T1-000123`: per terminal, without a gap.
    pub receipt_number: String,
    /// Where it was sold.
    pub terminal: String,
    /// What it cost.
    pub total: Money,
    /// What went back.
    pub change: Money,
    /// Points that it earned the customer, or took back, at their worth.
    pub points_earned: Option<Money>,
    /// By rate.
    pub taxes: Vec<TaxAmount>,
    /// What was sold.
    pub lines: Vec<SaleLine>,
    /// What was paid.
    pub payments: Vec<Payment>,
    /// When.
    pub at: String,
    /// Its place in the journal.
    pub ledger_seq: u64,
}

/// A print job.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PrintJob {
    /// Its id.
    pub id: String,
    /// The printer, or the place that it belongs to while none has it.
    pub device: String,
    /// `receipt`, `kitchen`, `test`, `shift` or `drawer`.
    pub kind: String,
    /// `queued`, `probing`, `sending`, `await_marker`, `printed`, `failed`, `indeterminate` or
    /// `dismissed`.
    pub state: String,
    /// Why it is not printed.
    pub reason: Option<String>,
    /// The sale of a receipt.
    pub sale_id: Option<String>,
    /// When it was asked for.
    pub at: String,
}

impl From<&SaleRow> for Sale {
    fn from(row: &SaleRow) -> Self {
        let parts = row.sale.parts();
        let zero = Amount::zero(parts.currency);
        let line = |line: &edge_domain::order::Line| SaleLine {
            id: line.id.to_string(),
            sku: line.sku.to_string(),
            name: line.name.clone(),
            quantity: line.quantity.to_string(),
            unit: line.unit.as_str().to_owned(),
            unit_price: line.unit_price.into(),
            total: line.total().unwrap_or(zero).into(),
            adjustments: line.more.adjustments.iter().map(Adjustment::from).collect(),
            serials: line.more.serials.clone(),
            returned_from: (line.more.returned.as_ref())
                .and_then(|from| from.sale.map(|sale| sale.to_string())),
        };
        let payment = |payment: &edge_domain::payment::Payment| Payment {
            id: Some(payment.id.to_string()),
            method: payment.tender.method().to_owned(),
            amount: payment.amount.into(),
            tendered: payment.tender.tendered().into(),
            tip: payment.tip.into(),
            rounding: payment.rounding.into(),
            reference: payment.reference.clone(),
        };
        Self {
            id: parts.id.to_string(),
            receipt_number: parts.receipt.to_string(),
            terminal: parts.receipt.terminal.to_string(),
            total: row.sale.totals().gross.into(),
            change: row.sale.change().unwrap_or(zero).into(),
            points_earned: parts.about.earned.map(Money::from),
            taxes: row.sale.totals().taxes.iter().map(TaxAmount::from).collect(),
            lines: parts.lines.iter().map(line).collect(),
            payments: parts.payments.iter().map(payment).collect(),
            at: time(parts.at),
            ledger_seq: row.seq,
        }
    }
}

impl From<&JobRow> for PrintJob {
    fn from(row: &JobRow) -> Self {
        let sale = row.subject.filter(|_| row.kind == JobKind::Receipt);
        Self {
            id: row.id.to_string(),
            device: row.device.clone().unwrap_or_else(|| row.target.clone()),
            kind: row.kind.as_str().to_owned(),
            state: row.state.as_str().to_owned(),
            reason: row.reason.clone(),
            sale_id: sale.map(|sale| sale.to_string()),
            at: time(row.at),
        }
    }
}

//! The API's shapes: what goes over HTTP, and how it follows from the shop's own types.
//! Frozen per API version; fields are only ever added.

mod card;
mod gate;
mod item;
mod order;
mod sale;
mod shift;
mod staff;
mod state;
mod stock;

pub use card::{CardCharge, CardSlip, Settlement};
pub use gate::GateEvent;
pub use item::{Asked, Category, Conflict, ConflictValue, Item, ModifierGroup, ModifierOption};
pub use order::{Adjustment, ChosenModifier, Line, Order, OrderDiscount, TaxAmount};
pub use sale::{Payment, PrintJob, Sale, SaleLine};
pub use shift::{Shift, ShiftCount, ShiftReport, ShiftSales, TaxTotal, TenderTotal};
pub use staff::{AuditEntry, Role, Staff};
pub use state::{Device, Store, SyncStatus, Ticket, TicketLine};
pub use stock::{
    Amount, Count, CountLine, CountSummary, Location, Lot, PlaceLevel, Reservation, StockLevel,
    Transfer, TransferEnd, TransferLine,
};

use crate::problem::Problem;
use edge_domain::StoreTime;
use edge_domain::money::Currency;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An amount: minor units (ISO 4217) of a currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Money {
    /// Minor units, as in 1250 for 12.50 EUR.
    #[schema(example = 1250)]
    pub amount: i64,
    /// ISO 4217.
    #[schema(example = "EUR")]
    pub currency: String,
}

impl From<edge_domain::Money> for Money {
    fn from(money: edge_domain::Money) -> Self {
        Self { amount: money.minor(), currency: money.currency().to_string() }
    }
}

impl Money {
    /// The domain's amount.
    ///
    /// # Errors
    /// `invalid_amount` for what is none.
    pub fn read(&self) -> Result<edge_domain::Money, Problem> {
        let currency: Currency =
            self.currency.parse().map_err(edge_app::ShopError::from).map_err(Problem::from)?;
        edge_domain::Money::new(self.amount, currency)
            .map_err(|error| Problem::from(edge_app::ShopError::from(error)))
    }
}

/// A moment as RFC 3339 in UTC.
#[must_use]
pub fn time(at: StoreTime) -> String {
    jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default().to_string()
}

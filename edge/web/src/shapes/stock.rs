//! Stock as the API shows it.

use super::{Money, time};
use edge_app::ShopError;
use edge_domain::item::Sku;
use edge_domain::money::{Currency, Money as Amounted};
use edge_domain::quantity::Quantity;
use edge_domain::stock::{End, Lot as DomainLot};
use edge_ledger::stock::counts::{CountLine as CountLineRow, CountRow};
use edge_ledger::stock::reservations::ReservationRow;
use edge_ledger::stock::transfers::TransferRow;
use edge_ledger::stock::{LotRow, PlaceRow, StockRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An item and how much of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Amount {
    /// The item.
    pub sku: String,
    /// How much, as a decimal.
    #[schema(example = "3")]
    pub quantity: String,
}

/// How much of an item lies in one place.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlaceLevel {
    /// Where.
    pub location: String,
    /// How much; below nothing where more was sold than was known.
    pub quantity: String,
}

/// Some of a lot.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Lot {
    /// The item.
    pub sku: String,
    /// Where.
    pub location: String,
    /// The code on the box.
    pub lot: String,
    /// The last day on which it may be sold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// How much.
    pub quantity: String,
}

/// What is known of an item's stock.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StockLevel {
    /// The item.
    pub sku: String,
    /// How much lies on the shelves; below nothing where more was sold than was known.
    pub quantity: String,
    /// How much lies in all places of the store.
    pub on_hand: String,
    /// How much is promised.
    pub reserved: String,
    /// How much may still be promised; below nothing where the till sold into promises.
    pub available: String,
    /// How much is on its way.
    pub in_transit: String,
    /// What all of it is worth at the moving average of its costs, where they are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Money>,
    /// Place by place.
    pub locations: Vec<PlaceLevel>,
    /// Its lots, as they leave; only where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lots: Option<Vec<Lot>>,
}

/// A place of the store.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Location {
    /// Its name in requests.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Whether what lies there may be promised to customers.
    pub sellable: bool,
}

/// A promise.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Reservation {
    /// Its id.
    pub id: String,
    /// `held`, `committed`, `released` or `expired`.
    pub state: String,
    /// What was promised.
    pub lines: Vec<Amount>,
    /// When.
    pub made_at: String,
    /// Until when.
    pub expires_at: String,
    /// For which order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// What whoever asked calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The sale that it was kept with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<String>,
}

/// Where a transfer begins or ends: a place of this store, or another store.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TransferEnd {
    /// A place of this store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Another store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<String>,
}

/// One item of a transfer, of one lot.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TransferLine {
    /// The item.
    pub sku: String,
    /// The lot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<String>,
    /// How much left.
    pub sent: String,
    /// How much arrived.
    pub received: String,
    /// How much was given up.
    pub settled: String,
    /// How much is still on its way.
    pub missing: String,
}

/// A transfer.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Transfer {
    /// Its id.
    pub id: String,
    /// `in_transit`, `short` where some arrived and the rest did not, or `received`.
    pub state: String,
    /// From here.
    pub from: TransferEnd,
    /// To here.
    pub to: TransferEnd,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// When it left.
    pub sent_at: String,
    /// When something arrived last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<String>,
    /// What.
    pub lines: Vec<TransferLine>,
}

/// One item of a count.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CountLine {
    /// The item.
    pub sku: String,
    /// What the books said when it was counted, or before that, when the count began. Not told
    /// while a blind count is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What was counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<String>,
    /// By how much that differs. Not told while a blind count is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variance: Option<String>,
    /// When it was counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted_at: Option<String>,
}

/// A count without its lines.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CountSummary {
    /// Its id.
    pub id: String,
    /// `open` or `closed`.
    pub state: String,
    /// What is counted.
    pub location: String,
    /// Whether the counters are not told what is expected.
    pub blind: bool,
    /// The entry of the ledger at which its snapshot was taken.
    pub snapshot_seq: u64,
    /// When it began.
    pub opened_at: String,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<String>,
}

/// A count.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Count {
    /// What it is.
    #[serde(flatten)]
    pub summary: CountSummary,
    /// What there is to count, and what was.
    pub lines: Vec<CountLine>,
}

impl From<&(Sku, Quantity)> for Amount {
    fn from((sku, quantity): &(Sku, Quantity)) -> Self {
        Self { sku: sku.to_string(), quantity: quantity.to_string() }
    }
}

impl Amount {
    /// The domain's item and quantity.
    ///
    /// # Errors
    /// `invalid_name`, `invalid_quantity`.
    pub fn read(&self) -> Result<(Sku, Quantity), ShopError> {
        Ok((Sku::new(&self.sku)?, self.quantity.parse().map_err(ShopError::from)?))
    }
}

impl From<LotRow> for Lot {
    fn from(row: LotRow) -> Self {
        Self {
            sku: row.sku.to_string(),
            location: row.place,
            lot: row.lot.code().to_owned(),
            expires: row.lot.expires().map(|day| day.to_string()),
            quantity: row.quantity.to_string(),
        }
    }
}

impl StockLevel {
    /// Of the ledger's row.
    ///
    /// # Errors
    /// A sum beyond the bounds of a quantity or an amount.
    pub fn of(row: &StockRow, currency: Currency) -> Result<Self, ShopError> {
        let worth = |minor| Amounted::new(minor, currency).map(Money::from);
        let shelves = row.places.iter().find(|(place, _)| place.as_str() == "store");
        let level = |(place, quantity): &(edge_domain::stock::Place, Quantity)| PlaceLevel {
            location: place.to_string(),
            quantity: quantity.to_string(),
        };
        Ok(Self {
            sku: row.sku.to_string(),
            quantity: shelves.map_or(Quantity::ZERO, |(_, level)| *level).to_string(),
            on_hand: row.on_hand()?.to_string(),
            reserved: row.reserved.to_string(),
            available: row.available()?.to_string(),
            in_transit: row.in_transit.to_string(),
            value: row.cost.map(|cost| worth(cost.minor())).transpose()?,
            locations: row.places.iter().map(level).collect(),
            lots: None,
        })
    }
}

impl From<PlaceRow> for Location {
    fn from(row: PlaceRow) -> Self {
        Self { name: row.place.to_string(), title: row.title, sellable: row.sellable }
    }
}

impl From<&ReservationRow> for Reservation {
    fn from(row: &ReservationRow) -> Self {
        Self {
            id: row.id.to_string(),
            state: row.state.as_str().to_owned(),
            lines: row.lines.iter().map(Amount::from).collect(),
            made_at: time(row.made_at),
            expires_at: time(row.expires_at),
            order: row.order.map(|order| order.to_string()),
            reference: row.reference.clone(),
            sale: row.sale.map(|sale| sale.to_string()),
        }
    }
}

impl From<&End> for TransferEnd {
    fn from(end: &End) -> Self {
        match end {
            End::Here(place) => Self { location: Some(place.to_string()), store: None },
            End::Elsewhere(store) => Self { location: None, store: Some(store.clone()) },
        }
    }
}

impl Transfer {
    /// Of the ledger's row.
    ///
    /// # Errors
    /// A sum beyond the bounds of a quantity.
    pub fn of(row: &TransferRow) -> Result<Self, ShopError> {
        let line = |line: &edge_ledger::stock::transfers::TransferLine| {
            Ok(TransferLine {
                sku: line.sku.to_string(),
                lot: line.lot.as_ref().map(|lot: &DomainLot| lot.code().to_owned()),
                sent: line.sent.to_string(),
                received: line.arrived.to_string(),
                settled: line.settled.to_string(),
                missing: line.missing()?.to_string(),
            })
        };
        Ok(Self {
            id: row.id.to_string(),
            state: row.state().to_owned(),
            from: (&row.from).into(),
            to: (&row.to).into(),
            reference: row.reference.clone(),
            sent_at: time(row.sent_at),
            received_at: row.arrived_at.map(time),
            lines: row.lines.iter().map(line).collect::<Result<_, ShopError>>()?,
        })
    }
}

impl From<&CountRow> for CountSummary {
    fn from(row: &CountRow) -> Self {
        Self {
            id: row.id.to_string(),
            state: if row.closed_at.is_some() { "closed" } else { "open" }.to_owned(),
            location: row.place.to_string(),
            blind: row.blind,
            snapshot_seq: row.snapshot,
            opened_at: time(row.opened_at),
            closed_at: row.closed_at.map(time),
        }
    }
}

impl Count {
    /// Of the ledger's rows. While a blind count is open, what is expected is not told.
    ///
    /// # Errors
    /// A difference beyond the bounds of a quantity.
    pub fn of(row: &CountRow, lines: &[CountLineRow]) -> Result<Self, ShopError> {
        let told = !row.blind || row.closed_at.is_some();
        let line = |line: &CountLineRow| {
            let expected = line.counted.map_or(line.at_opening, |(_, then, _)| then);
            let variance = line.variance()?;
            Ok(CountLine {
                sku: line.sku.to_string(),
                expected: told.then(|| expected.to_string()),
                counted: line.counted.map(|(counted, ..)| counted.to_string()),
                variance: variance.filter(|_| told).map(|by| by.to_string()),
                counted_at: line.counted.map(|(.., at)| time(at)),
            })
        };
        let lines = lines.iter().map(line).collect::<Result<_, ShopError>>()?;
        Ok(Self { summary: row.into(), lines })
    }
}

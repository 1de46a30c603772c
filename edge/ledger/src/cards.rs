//! Card charges on their way. A charge that nobody knows the end of stays here until somebody
//! does; it is never charged again.

use crate::core::{Tx, View};
use crate::error::{LedgerError, unreadable};
use crate::feed::{Topic, Type};
use edge_domain::item::TerminalId;
use edge_domain::money::{Currency, Money};
use edge_domain::{OrderId, PaymentId, SaleId, StoreTime};
use rusqlite::{OptionalExtension, Row, params};
use uuid::Uuid;

/// Where a charge stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CardState {
    /// The terminal has not been asked.
    Created,
    /// The terminal waits for the card.
    Collecting,
    /// The bank is asked.
    Confirming,
    /// Nobody knows: the terminal is asked until it says.
    Unknown,
    /// It is a payment.
    Booked,
    /// The card or its bank said no.
    Declined,
    /// Somebody gave up; nothing was charged.
    Cancelled,
    /// It was charged, and the order could not take it: a person gives it back.
    Unbooked,
    /// A refund that the terminal did not give: a person asks again, or gives it in another way.
    Owed,
}

/// What a card is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardOf {
    /// An order is paid.
    Order(OrderId),
    /// A return gives money back: it is booked already, and the amount is below nothing.
    Return(SaleId),
}

/// A charge, or a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardRow {
    /// The intent, and the payment's id.
    pub id: PaymentId,
    /// What it is for.
    pub of: CardOf,
    /// The till that waits for it.
    pub terminal: TerminalId,
    /// What is charged, with the tip; below nothing for a refund.
    pub amount: Money,
    /// What of it is for the staff.
    pub tip: Money,
    /// Where it stands.
    pub state: CardState,
    /// The approval's number.
    pub approval: Option<String>,
    /// How its terminal finds it again to take it back.
    pub reference: Option<String>,
    /// Of a refund: the reference of the payment that it gives back whole.
    pub reverses: Option<String>,
    /// Why it is not booked.
    pub reason: Option<String>,
    /// Whether the terminal may approve by itself.
    pub allow_offline: bool,
    /// Whether it is approved, and no bank has seen it.
    pub offline: bool,
    /// Whether somebody gave up.
    pub cancel: bool,
    /// When it was asked for.
    pub at: StoreTime,
}

const COLUMNS: &str = "id, order_id, terminal, amount, tip, state, approval, reason, \
                       allow_offline, offline, cancel, at, sale_id, reference, reverses";

/// As the index of those that wait has it.
const WAITING: &str = "state IN ('created', 'collecting', 'confirming', 'unknown', 'unbooked', \
                       'owed')";

impl CardState {
    /// Every state with its name on the wire.
    pub const NAMES: [(Self, &'static str); 9] = [
        (Self::Created, "created"),
        (Self::Collecting, "collecting"),
        (Self::Confirming, "confirming"),
        (Self::Unknown, "unknown"),
        (Self::Booked, "booked"),
        (Self::Declined, "declined"),
        (Self::Cancelled, "cancelled"),
        (Self::Unbooked, "unbooked"),
        (Self::Owed, "owed"),
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(state, _)| *state == self).map_or("unknown", |(_, name)| name)
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(state, _)| *state)
    }

    /// Whether its end is not known yet.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Created | Self::Collecting | Self::Confirming | Self::Unknown)
    }
}

impl Tx<'_> {
    /// Writes a charge, as it stands now, and tells the tills.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn put_card(&mut self, row: &CardRow) -> Result<(), LedgerError> {
        let sql = format!(
            "INSERT OR REPLACE INTO card_charge ({COLUMNS})
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
             ?15)"
        );
        let (order, sale) = match row.of {
            CardOf::Order(order) => (order.uuid(), None),
            CardOf::Return(sale) => (sale.uuid(), Some(sale.uuid())),
        };
        let id = row.id.uuid();
        self.conn.prepare_cached(&sql)?.execute(params![
            id.as_bytes().as_slice(),
            order.as_bytes().as_slice(),
            row.terminal.as_str(),
            row.amount.minor(),
            row.tip.minor(),
            row.state.as_str(),
            row.approval,
            row.reason,
            row.allow_offline,
            row.offline,
            row.cancel,
            row.at.as_millis(),
            sale.as_ref().map(|sale| sale.as_bytes().as_slice()),
            row.reference,
            row.reverses,
        ])?;
        self.tell(Topic::Orders, Type::CardChanged, Some(id))
    }

    /// Moves a charge on, if it is in one of the states `from`. Answers whether it was.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn move_card(
        &mut self,
        id: PaymentId,
        from: &[CardState],
        to: CardState,
        reason: Option<&str>,
    ) -> Result<bool, LedgerError> {
        let known = self.view().card(id)?.filter(|row| from.contains(&row.state));
        let Some(row) = known else { return Ok(false) };
        let reason = reason.map(str::to_owned);
        self.put_card(&CardRow { state: to, reason, ..row })?;
        Ok(true)
    }
}

impl View<'_> {
    /// One charge.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn card(&self, id: PaymentId) -> Result<Option<CardRow>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM card_charge WHERE id = ?1");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([id.uuid().as_bytes().as_slice()])?;
        rows.next()?.map(|row| card_of(row, self.currency)).transpose()
    }

    /// Those whose end is not known, and those that a person must settle: charges to give back,
    /// refunds that were not given. Oldest first.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn open_cards(&self) -> Result<Vec<CardRow>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM card_charge WHERE {WAITING} ORDER BY at, id");
        self.cards(&sql)
    }

    /// Charges that were approved, and that no bank has seen: oldest first.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn exposed_cards(&self) -> Result<Vec<CardRow>, LedgerError> {
        self.cards(&format!("SELECT {COLUMNS} FROM card_charge WHERE offline = 1 ORDER BY at, id"))
    }

    fn cards(&self, sql: &str) -> Result<Vec<CardRow>, LedgerError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut cards = Vec::new();
        while let Some(row) = rows.next()? {
            cards.push(card_of(row, self.currency)?);
        }
        Ok(cards)
    }

    /// How much the shop may lose because no bank has seen it.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn card_exposure(&self) -> Result<Money, LedgerError> {
        let mut statement =
            self.conn.prepare_cached("SELECT sum(amount) FROM card_charge WHERE offline = 1")?;
        let sum: Option<i64> = statement.query_row([], |row| row.get(0)).optional()?.flatten();
        Money::new(sum.unwrap_or_default(), self.currency).map_err(unreadable)
    }
}

fn card_of(row: &Row<'_>, currency: Currency) -> Result<CardRow, LedgerError> {
    let uuid = |bytes: Vec<u8>| Uuid::from_slice(&bytes).map_err(unreadable);
    let money = |minor: i64| Money::new(minor, currency).map_err(unreadable);
    let state: String = row.get(5)?;
    let sale: Option<Vec<u8>> = row.get(12)?;
    let of = match sale {
        Some(sale) => CardOf::Return(SaleId::new(uuid(sale)?)),
        None => CardOf::Order(OrderId::new(uuid(row.get(1)?)?)),
    };
    Ok(CardRow {
        id: PaymentId::new(uuid(row.get(0)?)?),
        of,
        terminal: TerminalId::new(&row.get::<_, String>(2)?).map_err(unreadable)?,
        amount: money(row.get(3)?)?,
        tip: money(row.get(4)?)?,
        state: CardState::from_name(&state).ok_or_else(|| unreadable(state))?,
        approval: row.get(6)?,
        reference: row.get(13)?,
        reverses: row.get(14)?,
        reason: row.get(7)?,
        allow_offline: row.get(8)?,
        offline: row.get(9)?,
        cancel: row.get(10)?,
        at: StoreTime::from_millis(row.get(11)?),
    })
}

//! The shop, and the desk at which one command is served.

use crate::actor::{Actor, Caller};
use crate::error::ShopError;
use crate::promote::awards;
use crate::ring_up::Buyer;
use crate::rules::Rules;
use crate::settle_terminal::CardTerminalAt;
use cloud_sync_documents::catalogue::Author;
use cloud_sync_documents::order as order_doc;
use edge_domain::audit::{Action, Audit};
use edge_domain::fact::Fact;
use edge_domain::hlc::Hlc;
use edge_domain::item::Item;
use edge_domain::money::{Currency, Money};
use edge_domain::order::{Line, Order, OrderError, Status};
use edge_domain::pricing::{self, Terms};
use edge_domain::quantity::Quantity;
use edge_domain::receipt::Seller;
use edge_domain::tax::TaxPolicy;
use edge_domain::{OrderId, StoreTime};
use edge_ledger::feed::{Topic, Type};
use edge_ledger::orders::OrderRow;
use edge_ledger::{Command, Ledger, Pending, Tx, View};
use edge_replica::{Incoming, Replica};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// How many changed items are told by name: more, and a till asks for what it shows anyway.
const SKUS_TOLD_MAX: usize = 200;

/// Which places have a printer: no paper is asked for where none can come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printers {
    /// Terminals with a receipt printer of their own.
    pub receipts: BTreeSet<String>,
    /// Whether a receipt printer serves every terminal.
    pub receipts_anywhere: bool,
    /// Kitchen stations with a printer.
    pub kitchens: BTreeSet<String>,
}

/// What a shop is, by its configuration.
#[derive(Clone, Debug)]
pub struct ShopConfig {
    /// Its name, on receipts and as the author of its edits.
    pub seller: Seller,
    /// Its currency.
    pub currency: Currency,
    /// How its prices are taxed.
    pub policy: TaxPolicy,
    /// Where paper can come from.
    pub printers: Printers,
    /// The card terminals.
    pub card_terminals: Vec<CardTerminalAt>,
    /// Rules of the counter that most shops leave as they are.
    pub rules: Rules,
}

/// A shop at work: its ledger, its documents, its rules. Cheap to clone.
#[derive(Clone)]
pub struct Shop {
    ledger: Ledger,
    replica: Arc<Mutex<Replica>>,
    config: Arc<ShopConfig>,
}

/// Where one command is served: inside one transaction of the ledger.
pub struct Desk<'a, 't> {
    /// The ledger's transaction.
    pub tx: &'a mut Tx<'t>,
    /// The documents.
    pub docs: &'a mut Replica,
    /// The shop's rules.
    pub shop: &'a ShopConfig,
    /// Who stands at it.
    pub actor: Actor,
}

impl Shop {
    /// A shop over its ledger and documents.
    #[must_use]
    pub fn new(ledger: Ledger, replica: Arc<Mutex<Replica>>, config: Arc<ShopConfig>) -> Self {
        Self { ledger, replica, config }
    }

    /// The ledger, for reading.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The documents.
    #[must_use]
    pub const fn replica(&self) -> &Arc<Mutex<Replica>> {
        &self.replica
    }

    /// The shop's rules.
    #[must_use]
    pub fn config(&self) -> &ShopConfig {
        &self.config
    }

    /// Serves a command of the appliance itself, once for each identity.
    pub fn run<T>(
        &self,
        identity: Option<Command>,
        verb: impl FnOnce(&mut Desk<'_, '_>) -> Result<T, ShopError> + Send + 'static,
    ) -> Pending<T, ShopError>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        self.run_for(Caller::House, identity, verb)
    }

    /// Serves a command of somebody at a desk, once for each identity.
    pub fn run_for<T>(
        &self,
        caller: Caller,
        identity: Option<Command>,
        verb: impl FnOnce(&mut Desk<'_, '_>) -> Result<T, ShopError> + Send + 'static,
    ) -> Pending<T, ShopError>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        let (replica, config) = (self.replica.clone(), self.config.clone());
        self.ledger.submit(identity, move |tx| {
            let mut docs = replica.lock().unwrap_or_else(PoisonError::into_inner);
            Desk::serve_for(tx, &mut docs, &config, &caller, verb)
        })
    }

    /// Merges what a document's message brought, and tells the tills what changed.
    #[must_use]
    pub fn merge_document(&self, incoming: Incoming) -> Pending<(), ShopError> {
        self.run(None, move |desk| {
            let skus = desk.docs.merge(desk.tx, incoming)?;
            crate::rights::answer_rights(desk)?;
            desk.tell_items(&skus)
        })
    }

    /// Reads. Blocks: call it where blocking is allowed.
    ///
    /// # Errors
    /// What the reading says, or the ledger.
    pub fn read<T>(
        &self,
        reading: impl FnOnce(View<'_>) -> Result<T, ShopError>,
    ) -> Result<T, ShopError> {
        self.ledger.read(reading)
    }
}

impl<'a, 't> Desk<'a, 't> {
    /// Serves one verb of the appliance itself.
    ///
    /// # Errors
    /// What the verb says.
    pub fn serve<T>(
        tx: &'a mut Tx<'t>,
        docs: &'a mut Replica,
        shop: &'a ShopConfig,
        verb: impl FnOnce(&mut Desk<'_, 't>) -> Result<T, ShopError>,
    ) -> Result<T, ShopError> {
        Self::serve_for(tx, docs, shop, &Caller::House, verb)
    }

    /// Serves one verb: documents that it touched are kept only if it succeeds.
    ///
    /// # Errors
    /// What the verb says.
    pub fn serve_for<T>(
        tx: &'a mut Tx<'t>,
        docs: &'a mut Replica,
        shop: &'a ShopConfig,
        caller: &Caller,
        verb: impl FnOnce(&mut Desk<'_, 't>) -> Result<T, ShopError>,
    ) -> Result<T, ShopError> {
        let actor = Actor::resolve(tx.view(), caller, tx.now(), shop.rules.session_ms)?;
        let mut desk = Desk { tx, docs: &mut *docs, shop, actor };
        let served = desk.note_presence(caller).and_then(|()| verb(&mut desk));
        let served = served.and_then(|value| desk.note_approval().map(|()| value));
        match served {
            Ok(_) => docs.keep(),
            Err(_) => docs.forget(),
        }
        served
    }

    /// What can be read, with what this command did so far.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        self.tx.view()
    }

    /// The wall clock.
    #[must_use]
    pub fn now(&self) -> StoreTime {
        self.tx.now()
    }

    /// Whose edits these are.
    pub(crate) fn author(&self) -> Author {
        Author::Store(self.shop.seller.name.clone())
    }

    /// The moment of an edit.
    pub(crate) fn moment(&self) -> Hlc {
        Hlc::default().next(self.now())
    }

    /// Tells the tills which items changed; where they are many, that all may have.
    pub(crate) fn tell_items(&mut self, skus: &[String]) -> Result<(), ShopError> {
        if skus.is_empty() {
            return Ok(());
        }
        let named = if skus.len() > SKUS_TOLD_MAX { &[] } else { skus };
        let data = serde_json::json!({ "skus": named }).to_string();
        Ok(self.tx.tell_all(Topic::Catalogue, Type::ItemsChanged, &data)?)
    }

    /// An order that lives.
    pub(crate) fn live_order(&self, id: OrderId) -> Result<OrderRow, ShopError> {
        self.selling()?;
        let order = self.view().order(id)?.ok_or(ShopError::UnknownOrder)?;
        if !order.status.is_live() {
            return Err(ShopError::OrderNotOpen(order.status.as_str()));
        }
        Ok(order)
    }

    /// The price of one unit that holds now for a buyer of so many.
    pub(crate) fn price_of(&self, item: &Item, quantity: Quantity, buyer: &Buyer) -> Money {
        self.shop.rules.price_of(item, quantity, buyer, self.now())
    }

    /// Prices an order's lines as things stand now.
    pub(crate) fn price(&self, row: &mut OrderRow) -> Result<(), ShopError> {
        let head = row.head.clone();
        let refused = std::cell::RefCell::new(None);
        let promote = |lines: &[Line]| match awards(self, &head, lines) {
            Ok(awards) => Ok(awards),
            Err(ShopError::Order(OrderError::Money(error))) => Err(error),
            Err(error) => {
                refused.replace(Some(error));
                Ok(vec![])
            }
        };
        let terms = Terms {
            promote: &promote,
            service_rate: self.shop.rules.service_rate,
            service_name: "Service",
        };
        pricing::price(&row.head, &mut row.lines, &terms)?;
        refused.into_inner().map_or(Ok(()), Err)
    }

    /// Writes what an order's head says now, as a table, a customer, a coupon, and what follows.
    pub(crate) fn save_head(&mut self, row: &mut OrderRow) -> Result<(), ShopError> {
        let before = row.lines.clone();
        self.save_lines_and_head(&before, row)
    }

    /// Writes an order whose head and lines may both have changed.
    pub(crate) fn save_lines_and_head(
        &mut self,
        before: &[Line],
        row: &mut OrderRow,
    ) -> Result<(), ShopError> {
        let name = order_doc::name_of(row.head.id);
        self.docs.edit(self.tx, &name, |document| order_doc::open(document, &row.head))?;
        self.price(row)?;
        self.save_order(before, row)
    }

    /// Writes down what the owner wants to know of.
    pub(crate) fn audit(
        &mut self,
        action: Action,
        subject: Uuid,
        text: String,
        amount: Option<Money>,
        reason: String,
    ) -> Result<(), ShopError> {
        let (by, at) = (self.staff(), self.now());
        let (approved_by, why) = self.approved_by().unzip();
        let parts = [Some(reason), why].into_iter().flatten().filter(|part| !part.is_empty());
        let reason = parts.collect::<Vec<_>>().join("; ");
        let audit = Audit { action, subject, text, amount, reason, by, approved_by, at };
        self.tx.append(&Fact::Audited(audit))?;
        Ok(())
    }

    /// Writes an order's new lines and state into its document, its row, and the feed.
    pub(crate) fn save_order(&mut self, before: &[Line], row: &OrderRow) -> Result<(), ShopError> {
        let name = order_doc::name_of(row.head.id);
        let now = self.now();
        self.docs.edit(self.tx, &name, |document| {
            order_doc::write_lines(document, before, &row.lines)?;
            if row.status == Status::Closed {
                order_doc::mark(document, Status::Paid, now)?;
            }
            order_doc::mark(document, row.status, now)
        })?;
        self.tx.put_order(row)?;
        self.tx.tell(Topic::Orders, Type::OrderChanged, Some(row.head.id.uuid()))?;
        Ok(())
    }

    /// Edits the lines of an order that lives. Answers with it.
    pub(crate) fn edit_order<T>(
        &mut self,
        id: OrderId,
        edit: impl FnOnce(&mut Order<edge_domain::order::Open>) -> Result<T, ShopError>,
    ) -> Result<(OrderRow, T), ShopError> {
        let mut row = self.live_order(id)?;
        let mut order = Order::open(row.head.clone(), row.lines.clone());
        let value = edit(&mut order)?;
        let before = std::mem::replace(&mut row.lines, order.lines().to_vec());
        self.price(&mut row)?;
        self.save_order(&before, &row)?;
        Ok((row, value))
    }
}

impl Printers {
    /// Whether a receipt can come out at a terminal.
    #[must_use]
    pub fn at_terminal(&self, terminal: &str) -> bool {
        self.receipts_anywhere || self.receipts.contains(terminal)
    }

    /// Whether a ticket can come out at a station.
    #[must_use]
    pub fn at_station(&self, station: &str) -> bool {
        self.kitchens.contains(station)
    }
}

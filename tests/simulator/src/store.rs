//! A store: its real ledger, verbs, documents and session, driven as `edge/link` does.

use crate::chance::{DriftingClock, SeededEntropy};
use crate::goods;
use crate::plan::Sabotage;
use anyhow::{Context as _, Result, anyhow};
use cloud_sync_documents::{Scope, order, scope_of};
use cloud_sync_protocol::entry::ChainHead;
use cloud_sync_protocol::message::{ToHq, ToStore};
use cloud_sync_protocol::session::store::{CloseReason, Effect, Identity, Input, Session};
use edge_app::{Actor, Desk, Printers, Rules, ShopConfig, ShopError, answer_rights, set_price};
use edge_domain::ids::StoreId;
use edge_domain::item::Sku;
use edge_domain::receipt::Seller;
use edge_domain::tax::{PriceMode, TaxPolicy, TaxRounding};
use edge_domain::time::Clock;
use edge_ledger::feed::{Topic, Type};
use edge_ledger::{Command, Core, Outcome, Settings};
use edge_replica::{Conversation, Replica, ReplicaError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// How often a store compares all its documents, as `edge/link` does.
const RECONCILE_MS: i64 = 60_000;

/// A store's end of a connection, with what only the connection needs.
pub(crate) struct Line {
    pub(crate) connection: u64,
    pub(crate) welcomed: bool,
    session: Session,
    talk: Conversation,
    reconciled_ms: i64,
}

/// One store.
pub(crate) struct Store {
    pub(crate) id: StoreId,
    pub(crate) name: String,
    pub(crate) core: Core,
    pub(crate) replica: Mutex<Replica>,
    pub(crate) clock: Arc<DriftingClock>,
    pub(crate) line: Option<Line>,
    /// What headquarters acknowledged, by its word.
    pub(crate) acked: ChainHead,
    /// Why it hung up last.
    pub(crate) hung_up: Option<CloseReason>,
    /// A price that is set between the hearing of a document's message and its merge.
    pub(crate) meanwhile: Option<(Sku, i64)>,
    config: ShopConfig,
    entropy: Arc<SeededEntropy>,
    sabotage: Option<Sabotage>,
}

impl Store {
    pub(crate) fn new(
        number: usize,
        seed: u64,
        clock: Arc<DriftingClock>,
        sabotage: Option<Sabotage>,
    ) -> Result<Self> {
        let id = StoreId::new(uuid::Uuid::from_u128(0x0a00 + number as u128));
        let entropy = SeededEntropy::new(seed);
        let currency = goods::euro()?;
        let settings =
            Settings { store: id, currency, clock: clock.clone(), entropy: entropy.clone() };
        let name = format!("Shop {number}");
        let seller = Seller { name: name.clone(), lines: vec![] };
        let policy = TaxPolicy::new(PriceMode::Inclusive, TaxRounding::PerLine);
        let printers = Printers { receipts_anywhere: true, ..Printers::default() };
        Ok(Self {
            id,
            name,
            core: Core::in_memory(settings)?,
            replica: Mutex::new(Replica::new(&*entropy)),
            clock,
            line: None,
            acked: ChainHead::default(),
            hung_up: None,
            meanwhile: None,
            config: ShopConfig {
                seller,
                currency,
                policy,
                printers,
                card_terminals: vec![],
                rules: Rules::default(),
            },
            entropy,
            sabotage,
        })
    }

    /// Serves a command at a desk, as the shop does.
    pub(crate) fn serve<T: Serialize + DeserializeOwned>(
        &mut self,
        identity: Option<&Command>,
        verb: impl FnOnce(&mut Desk<'_, '_>) -> Result<T, ShopError>,
    ) -> Result<Outcome<T>, ShopError> {
        let mut docs = self.replica.lock().unwrap_or_else(PoisonError::into_inner);
        let config = &self.config;
        if self.sabotage == Some(Sabotage::FailureRemembered) {
            return self.core.execute(identity, |tx| {
                let served =
                    verb(&mut Desk { tx, docs: &mut docs, shop: config, actor: Actor::house() });
                docs.keep();
                served
            });
        }
        self.core.execute(identity, |tx| Desk::serve(tx, &mut docs, config, verb))
    }

    /// The power goes and comes back: what was in memory is gone, what was committed stays, and
    /// the replica begins with a new actor.
    pub(crate) fn crash(&mut self) -> Result<()> {
        self.line = None;
        self.meanwhile = None;
        let mut replica = Replica::new(&*self.entropy);
        let names = self.core.view().doc_names()?;
        let made = self.core.transact(|tx| {
            names.iter().try_fold(replica.restore(tx, &self.name)?, |made, name| {
                Ok::<_, ReplicaError>(made + replica.mend(tx, name, &self.name)?)
            })
        })?;
        anyhow::ensure!(made == 0, "{made} documents were lost in a crash of {}", self.name);
        replica.keep();
        self.replica = Mutex::new(replica);
        Ok(())
    }

    /// The clock that drives the session.
    fn session_ms(&self) -> i64 {
        match self.sabotage {
            Some(Sabotage::WallClockSessions) => self.clock.now().as_millis(),
            _ => self.clock.steady_ms(),
        }
    }

    /// Dials: the first words.
    pub(crate) fn connect(&mut self, connection: u64) -> Result<Vec<ToHq>> {
        let release = "simulated".to_owned();
        let identity = Identity { store: self.id, epoch: self.core.epoch(), release };
        let now = self.session_ms();
        let (session, effects) = Session::open(identity, self.core.head(), now);
        let talk = Conversation::default();
        let (welcomed, reconciled_ms) = (false, now);
        let line = Line { connection, welcomed, session, talk, reconciled_ms };
        (self.line, self.hung_up) = (Some(line), None);
        self.perform(effects)
    }

    /// A frame came.
    pub(crate) fn hear(&mut self, frame: &[u8]) -> Result<Vec<ToHq>> {
        match ToStore::decode(frame)? {
            Some(message) => self.input(Input::Message(message)),
            None => Ok(vec![]),
        }
    }

    /// Tells the line what commands did.
    pub(crate) fn appended(&mut self) -> Result<Vec<ToHq>> {
        let mut letters = self.input(Input::Appended(self.core.head()))?;
        if self.is_welcome() {
            let edited = self.replica.lock().unwrap_or_else(PoisonError::into_inner).take_edited();
            letters.extend(self.say(edited)?);
        }
        Ok(letters)
    }

    /// Time passed; whoever waits for the ledger's progress wakes, too.
    pub(crate) fn tick(&mut self) -> Result<Vec<ToHq>> {
        let mut letters = self.appended()?;
        letters.extend(self.input(Input::Tick)?);
        let now = self.session_ms();
        let Some(line) = &mut self.line else { return Ok(letters) };
        letters.extend(line.session.presence_due(now).map(ToHq::Presence));
        if now - line.reconciled_ms >= RECONCILE_MS {
            line.reconciled_ms = now;
            letters.extend(self.reconcile()?);
        }
        Ok(letters)
    }

    pub(crate) fn is_welcome(&self) -> bool {
        self.line.as_ref().is_some_and(|line| line.welcomed)
    }

    /// How its line is, for whoever reads of a world that did not become quiet.
    pub(crate) fn state(&self) -> String {
        let (acked, head) = (self.acked.seq, self.core.head().seq);
        let session = self.line.as_ref().map(|line| &line.session);
        let welcome = self.is_welcome();
        format!("{}: {acked} of {head} acknowledged, {welcome}, {session:?}", self.name)
    }

    fn input(&mut self, input: Input) -> Result<Vec<ToHq>> {
        let now = self.session_ms();
        let Some(line) = &mut self.line else { return Ok(vec![]) };
        let effects = line.session.handle(input, now);
        self.perform(effects)
    }

    fn perform(&mut self, effects: Vec<Effect>) -> Result<Vec<ToHq>> {
        let (mut effects, mut letters) = (VecDeque::from(effects), Vec::new());
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Send(message) => letters.push(message),
                Effect::ReadEntries { after, limit } => {
                    let input = Input::Entries(self.core.view().entries(after, limit)?);
                    let now = self.session_ms();
                    let Some(line) = &mut self.line else { return Ok(letters) };
                    effects.extend(line.session.handle(input, now));
                }
                Effect::Acked(head) => {
                    if head.seq >= self.acked.seq {
                        self.acked = head;
                    }
                }
                Effect::Welcomed { .. } => {
                    if let Some(line) = &mut self.line {
                        line.welcomed = true;
                    }
                    letters.extend(self.reconcile()?);
                }
                Effect::Reconcile => letters.extend(self.reconcile()?),
                Effect::ApplyDoc { doc, bytes } => letters.extend(self.apply(&doc, &bytes)?),
                Effect::Close(reason) => {
                    (self.line, self.hung_up) = (None, Some(reason));
                    return Ok(letters);
                }
            }
        }
        Ok(letters)
    }

    /// The catalogue, and the orders that live.
    fn reconcile(&mut self) -> Result<Vec<ToHq>> {
        if !self.is_welcome() {
            return Ok(vec![]);
        }
        let view = self.core.view();
        let live: Vec<String> =
            view.live_orders(1_000)?.iter().map(|row| order::name_of(row.head.id)).collect();
        let shared = |name: &String| scope_of(name) == Some(Scope::Tenant);
        let matters = |name: &String| shared(name) || live.contains(name);
        let names = view.doc_names()?.into_iter().filter(matters).collect();
        self.say(names)
    }

    fn say(&mut self, names: Vec<String>) -> Result<Vec<ToHq>> {
        let now = self.session_ms();
        let mut letters = Vec::new();
        for doc in names {
            let Some(line) = &mut self.line else { return Ok(letters) };
            let Some(bytes) = line.talk.say(&self.replica, &self.core.view(), &doc)? else {
                continue;
            };
            let effects = line.session.handle(Input::Doc { doc, bytes }, now);
            letters.extend(effects.into_iter().filter_map(|effect| match effect {
                Effect::Send(message) => Some(message),
                _ => None,
            }));
        }
        Ok(letters)
    }

    /// Takes a document's message. A till may edit between the hearing and the merge.
    fn apply(&mut self, doc: &str, bytes: &[u8]) -> Result<Vec<ToHq>> {
        let line = self.line.as_mut().context("a message came without a line")?;
        let heard = line.talk.hear(&self.replica, &self.core.view(), doc, bytes)?;
        if let Some((sku, minor)) = self.meanwhile.take() {
            let price = goods::money(minor)?;
            let set = self.serve(None, |desk| set_price(desk, &sku, price).map(|_| ()));
            anyhow::ensure!(
                matches!(set, Ok(_) | Err(ShopError::UnknownItem(_))),
                "a price between hearing and merge: {set:?}"
            );
        }
        if let Some(incoming) = heard {
            let merged = self.serve(None, |desk| {
                let skus = desk.docs.merge(desk.tx, incoming)?;
                answer_rights(desk)?;
                if !skus.is_empty() {
                    let data = serde_json::json!({ "skus": skus }).to_string();
                    desk.tx.tell_all(Topic::Catalogue, Type::ItemsChanged, &data)?;
                }
                Ok(())
            });
            merged.map_err(|error| anyhow!("{doc} could not be merged: {error}"))?;
        }
        self.say(vec![doc.to_owned()])
    }
}

//! One world: its nodes, its network, and the steps that it takes.

use crate::book::Book;
use crate::chance::{DriftingClock, Truth};
use crate::checks::{self, Walked};
use crate::goods;
use crate::hq::{Headquarters, Letters};
use crate::network::{End, Network, Weather};
use crate::plan::{Plan, Report};
use crate::rights::Promises;
use crate::store::Store;
use crate::trace::Trace;
use anyhow::{Context as _, Result, bail, ensure};
use cloud_sync_documents::catalogue;
use cloud_sync_protocol::message::{ToHq, ToStore};
use cloud_sync_protocol::session::store::CloseReason;
use cloud_sync_store::{NewStore, Store as _};
use std::collections::BTreeSet;

/// How many steps of a second the world gets to become quiet.
const HEALING_STEPS_MAX: u64 = 600;
/// Longer than the period in which stores compare all documents.
const HEALING_STEPS_MIN: u64 = 65;

/// A fleet, its network and what the tills remember.
pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) chance: fastrand::Rng,
    pub(crate) stores: Vec<Store>,
    pub(crate) hq: Headquarters,
    pub(crate) book: Book,
    pub(crate) promises: Promises,
    pub(crate) network: Network,
    pub(crate) weather: Weather,
    pub(crate) trace: Trace,
    pub(crate) report: Report,
    /// The shards that are talked about. Half of a world's time would go into the 64 empty
    /// ones that every connection begins with: only every tenth world speaks of all.
    shards: Option<BTreeSet<String>>,
    truth: Truth,
    dial_ms: Vec<i64>,
    walked: Vec<Walked>,
}

impl World {
    pub(crate) fn new(seed: u64, plan: Plan) -> Result<Self> {
        let mut chance = fastrand::Rng::with_seed(seed);
        let truth = Truth::new();
        let clock = DriftingClock::new(&truth, chance.i64(-200..200));
        let mut hq = Headquarters::new(clock, chance.u64(..), plan.sabotage)?;
        hq.busy_pct = chance.u8(0..15);
        let mut stores = Vec::new();
        for number in 0..chance.choice([2, 2, 2, 3, 3, 4]).unwrap_or(2) {
            let clock = DriftingClock::new(&truth, chance.i64(-500..500));
            let store = Store::new(number, chance.u64(..), clock, plan.sabotage)?;
            let new = NewStore { id: store.id, name: store.name.clone(), currency: goods::euro()? };
            hq.tables.add_store(&new, hq.now())?;
            stores.push(store);
        }
        hq.put_items(&goods::beginning()?)?;
        let weather = Weather::foul(&mut chance);
        let dial_ms = stores.iter().map(|_| truth.now_ms() + chance.i64(0..3_000)).collect();
        let walked = stores.iter().map(|_| Walked::default()).collect();
        let (network, book, report) = (Network::default(), Book::default(), Report::default());
        let trace = Trace::new(plan.print);
        let used = goods::skus()?.iter().map(catalogue::shard_of).collect();
        let shards = (!seed.is_multiple_of(10)).then_some(used);
        Ok(Self {
            plan,
            chance,
            stores,
            hq,
            book,
            promises: Promises::default(),
            network,
            weather,
            trace,
            report,
            shards,
            truth,
            dial_ms,
            walked,
        })
    }

    /// Bad times, then healing, then every check.
    pub(crate) fn run(&mut self) -> Result<Report> {
        for _ in 0..self.plan.steps {
            let ms = self.chance.i64(20..2_500);
            self.truth.pass(ms);
            self.act()?;
            if self.chance.u8(0..3) == 0 {
                let number = self.chance.usize(0..self.stores.len());
                self.act_on_rights(number)?;
                self.nobody_oversells()?;
            }
            self.settle()?;
            self.check_step()?;
        }
        self.heal()?;
        self.check_all()?;
        self.report.trace = self.trace.hash();
        Ok(self.report)
    }

    /// What holds at every step.
    fn check_step(&mut self) -> Result<()> {
        for (store, walked) in self.stores.iter().zip(&mut self.walked) {
            checks::books_balance(store, walked)?;
            checks::nothing_is_edited(store, &self.hq, walked)?;
        }
        Ok(())
    }

    /// What holds once everything is quiet.
    fn check_all(&mut self) -> Result<()> {
        self.check_step()?;
        for (number, store) in self.stores.iter().enumerate() {
            checks::acknowledged_is_durable(store, number, &self.book)?;
            checks::memory_is_as_stored(store)?;
            self.report.entries += store.core.head().seq;
            self.report.sales += self.book.sales(number).count() as u64;
            self.trace.note(format_args!("{} ends at {:?}", store.name, store.core.head()));
        }
        checks::everything_arrived(&self.stores, &self.hq, &self.book)?;
        self.report.conflicts = checks::catalogues_agree(&self.stores, &self.hq)?;
        checks::orders_agree(&self.stores, &self.hq)?;
        self.rights_agree()
    }

    /// The weather clears and nobody does anything any more, until all is quiet.
    fn heal(&mut self) -> Result<()> {
        self.trace.note(format_args!("the weather clears"));
        self.weather = Weather::FAIR;
        self.hq.busy_pct = 0;
        for steps in 0..HEALING_STEPS_MAX {
            self.truth.pass(1_000);
            self.settle()?;
            self.check_step()?;
            if steps % 10 == 0 {
                self.nobody_oversells()?;
            }
            if steps >= HEALING_STEPS_MIN && self.is_quiet()? {
                self.report.steps += steps;
                return Ok(());
            }
        }
        let states: Vec<String> = self.stores.iter().map(Store::state).collect();
        let states = states.join("; ");
        self.trace.aside(|| format!("{:#?}", self.network));
        bail!("not quiet after {HEALING_STEPS_MAX} seconds of fair weather: {states}")
    }

    fn is_quiet(&self) -> Result<bool> {
        let whole = |store: &Store| store.is_welcome() && store.acked == store.core.head();
        Ok(self.network.is_quiet() && self.stores.iter().all(whole))
    }

    /// Everything that is due happens: what arrives, who notices, who dials, who ticks.
    pub(crate) fn settle(&mut self) -> Result<()> {
        self.hq.write_late();
        while let Some((connection, up, frame)) = self.network.arrive(self.now()) {
            self.report.frames += 1;
            self.trace.bytes(&frame);
            self.trace.aside(|| format!("{connection} {}", Network::describe(up, &frame)));
            if up {
                self.at_hq(connection, &frame)?
            } else {
                self.at_store(connection, &frame)?
            }
            self.ends();
        }
        for number in 0..self.stores.len() {
            let letters = self.stores[number].tick()?;
            self.post_up(number, letters)?;
        }
        self.ends();
        self.dial()?;
        self.report.steps += 1;
        Ok(())
    }

    fn at_hq(&mut self, connection: u64, frame: &[u8]) -> Result<()> {
        if self.hq.holds(connection) {
            let letters = self.hq.hear(connection, frame)?;
            self.post_down(letters);
        }
        Ok(())
    }

    fn at_store(&mut self, connection: u64, frame: &[u8]) -> Result<()> {
        let Some(line) = self.network.connections.get(&connection) else { return Ok(()) };
        let number = line.store;
        if self.connection_of(number) != Some(connection) {
            return Ok(());
        }
        let letters = self.stores[number].hear(frame)?;
        self.post_up(number, letters)
    }

    /// Sends what headquarters says.
    pub(crate) fn post_down(&mut self, letters: Letters) {
        for (connection, message) in letters {
            if let (Some(used), ToStore::Doc { doc, .. }) = (&self.shards, &message)
                && doc.starts_with("catalogue/")
                && !used.contains(doc)
            {
                continue;
            }
            let now = (self.now(), self.weather);
            self.network.send_down(connection, &message, now, &mut self.chance);
        }
    }

    /// Sends what a store says.
    pub(crate) fn post_up(&mut self, number: usize, letters: Vec<ToHq>) -> Result<()> {
        if let Some(CloseReason::Refused { code, message }) = &self.stores[number].hung_up {
            bail!("{} was refused: {code}: {message}", self.stores[number].name);
        }
        let Some(connection) = self.connection_of(number) else { return Ok(()) };
        for message in letters {
            let now = (self.now(), self.weather);
            self.network.send_up(connection, &message, now, &mut self.chance);
        }
        Ok(())
    }

    /// Tells a store's line what its commands did.
    pub(crate) fn appended(&mut self, number: usize) -> Result<()> {
        let letters = self.stores[number].appended()?;
        self.post_up(number, letters)
    }

    fn connection_of(&self, number: usize) -> Option<u64> {
        self.stores[number].line.as_ref().map(|line| line.connection)
    }

    /// Ends notice that the other is gone, in their time.
    fn ends(&mut self) {
        let now = self.now();
        for (id, line) in &mut self.network.connections {
            let mine = |store: &Store| store.line.as_ref().map(|line| line.connection) == Some(*id);
            let store = &mut self.stores[line.store];
            if line.store_end != End::Closed && !mine(store) {
                line.store_end = End::Closed;
            }
            if line.hq_end != End::Closed && !self.hq.holds(*id) {
                line.hq_end = End::Closed;
            }
            if line.store_end == End::Closed || line.hq_end == End::Closed {
                line.cut(now, &mut self.chance);
            }
            if matches!(line.store_end, End::Doomed(at) if at <= now) {
                line.store_end = End::Closed;
                store.line = None;
            }
            if matches!(line.hq_end, End::Doomed(at) if at <= now) {
                line.hq_end = End::Closed;
                self.hq.hang_up(*id);
            }
        }
        self.network
            .connections
            .retain(|_, line| line.store_end != End::Closed || line.hq_end != End::Closed);
    }

    fn dial(&mut self) -> Result<()> {
        let now = self.now();
        for number in 0..self.stores.len() {
            if self.stores[number].line.is_some() {
                self.dial_ms[number] = now + self.chance.i64(500..10_000);
            } else if self.dial_ms[number] <= now {
                let connection = self.network.open(number);
                self.report.connections += 1;
                self.trace.note(format_args!("store {number} dials, line {connection}"));
                self.hq.open(connection, self.stores[number].id);
                let letters = self.stores[number].connect(connection)?;
                self.post_up(number, letters)?;
            }
        }
        Ok(())
    }

    pub(crate) fn now(&self) -> i64 {
        self.truth.now_ms()
    }

    /// A crash of a store, and what it finds afterwards.
    pub(crate) fn crash_store(&mut self, number: usize) -> Result<()> {
        self.trace.note(format_args!("store {number} crashes"));
        self.report.crashes += 1;
        let before = self.stores[number].core.head();
        self.stores[number].crash()?;
        let store = &self.stores[number];
        ensure!(store.core.head() == before, "{} lost entries in a crash", store.name);
        checks::acknowledged_is_durable(store, number, &self.book)
            .with_context(|| format!("after a crash of {}", store.name))
    }

    /// A crash of headquarters.
    pub(crate) fn crash_hq(&mut self) {
        self.trace.note(format_args!("headquarters crashes"));
        self.report.crashes += 1;
        self.hq.crash();
    }
}

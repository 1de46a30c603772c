//! Rights in the fleet: made, spread, asked for, promised; and invariant 5, as somebody sees it
//! who looks into every place at once.

use crate::hq::Headquarters;
use crate::plan::Sabotage;
use crate::store::Store;
use crate::world::World;
use anyhow::{Context as _, Result, bail, ensure};
use cloud_sync_documents::rights as document;
use edge_app::{Desk, ShopError, ValueError, ask_rights, give_back, spend};
use edge_domain::rights::{Holder, Resource, ResourceKind, Rights, RightsError};
use edge_ledger::LedgerError;
use std::collections::BTreeMap;
use std::sync::PoisonError;

/// Goods and cards that more than one place may use. Tills sell the goods, too, as they sell
/// everything: what is in a customer's hand is never refused.
const RESOURCES: [&str; 4] = ["item/TSHIRT-M", "item/SOAP", "gift_card/6001", "gift_card/6002"];

/// What was made and promised of each resource, by the answers that were given.
#[derive(Debug, Default)]
pub(crate) struct Promises {
    made: BTreeMap<Resource, u64>,
    promised: BTreeMap<Resource, u64>,
}

impl World {
    /// One thing happens to rights.
    pub(crate) fn act_on_rights(&mut self, number: usize) -> Result<()> {
        let name = self.chance.choice(&RESOURCES).copied().unwrap_or(RESOURCES[0]);
        let resource: Resource = name.parse()?;
        let amount = self.chance.u64(1..4) * 1_000;
        match self.chance.u8(0..10) {
            0 | 1 => self.rights_are_made(number, &resource, amount),
            2 | 3 => self.rights_are_asked_for(number, &resource, amount),
            4 => {
                let letters = self.hq.rebalance()?;
                self.post_down(letters);
                Ok(())
            }
            _ => self.rights_are_promised(number, &resource, amount),
        }
    }

    fn rights_are_made(&mut self, number: usize, resource: &Resource, amount: u64) -> Result<()> {
        let card = matches!(resource.kind(), ResourceKind::Stored(_));
        if card {
            self.stores[number].serve(None, |desk| give_back(desk, resource, amount))?;
            self.appended(number)?;
        } else if self.chance.bool() {
            let letters = self.hq.mint_rights(resource, amount)?;
            self.post_down(letters);
        } else {
            let to = self.stores[number].id;
            let letters = self.hq.give_rights(resource, to, amount)?;
            self.post_down(letters);
        }
        self.trace.note(format_args!("{amount} of {resource} are made, store {number}"));
        Ok(())
    }

    fn rights_are_asked_for(
        &mut self,
        number: usize,
        resource: &Resource,
        amount: u64,
    ) -> Result<()> {
        self.trace.note(format_args!("store {number} asks for {amount} of {resource}"));
        self.stores[number].serve(None, |desk| ask_rights(desk, resource, amount))?;
        self.appended(number)
    }

    /// A promise is kept only if the rights are there. Some fail halfway, and leave nothing.
    fn rights_are_promised(
        &mut self,
        number: usize,
        resource: &Resource,
        amount: u64,
    ) -> Result<()> {
        let here = Holder::Store(self.stores[number].id);
        let truth = everywhere(&self.stores, &mut self.hq, resource)?.usable(here);
        let (fails, reckless) =
            (self.chance.u8(0..6) == 0, self.plan.sabotage == Some(Sabotage::PromiseWithoutRights));
        let promised = self.stores[number].serve(None, |desk| {
            if reckless {
                overdraw(desk, resource, amount)
            } else {
                spend(desk, resource, amount)
            }?;
            if fails { Err(LedgerError::DiskFull.into()) } else { Ok(()) }
        });
        self.trace.note(format_args!("store {number}, {amount} of {resource}: {promised:?}"));
        match promised {
            Ok(_) => {
                ensure!(amount <= truth, "invariant 5: {amount} of {resource} beyond {truth}");
                *self.promises.promised.entry(resource.clone()).or_default() += amount;
            }
            Err(ShopError::Ledger(LedgerError::DiskFull)) => {}
            Err(ShopError::Value(ValueError::Rights(RightsError::NotHeld { held }))) => {
                ensure!(held <= truth, "{held} of {resource} are seen, {truth} are there");
                self.report.refusals += 1;
            }
            Err(error) => bail!("a promise of {resource}: {error}"),
        }
        self.appended(number)
    }

    /// Invariant 5, no oversell: looking into every place at once, nothing was promised that was
    /// not made, nobody holds what another holds, and cards are never overdrawn. What tills sold
    /// beyond the rights is an overdraft of theirs, and nothing else.
    pub(crate) fn nobody_oversells(&mut self) -> Result<()> {
        for name in RESOURCES {
            let resource: Resource = name.parse()?;
            let all = everywhere(&self.stores, &mut self.hq, &resource)?;
            let made = self.promises.made.entry(resource.clone()).or_default();
            ensure!(all.minted() >= *made, "invariant 5: rights in {name} vanished");
            *made = all.minted();
            let promised = self.promises.promised.get(&resource).copied().unwrap_or(0);
            ensure!(promised <= all.spent(), "{promised} of {name} promised, {} used", all.spent());
            let card = matches!(resource.kind(), ResourceKind::Stored(_));
            let over: u64 = all.places().into_iter().map(|place| all.overdrawn(place)).sum();
            ensure!(!card || over == 0, "invariant 5: {name} is overdrawn by {over}");
            ensure!(
                all.spent() <= all.minted() + over,
                "invariant 5: {} of {name} used, {} made, {over} shown",
                all.spent(),
                all.minted()
            );
            for store in &self.stores {
                owner_knows_best(store, &resource, &all)?;
            }
        }
        Ok(())
    }

    /// Invariants 5 and 6, once all is quiet: every place knows the same rights, tills look up
    /// what the documents say, and the journal says what the store's own cells say.
    pub(crate) fn rights_agree(&mut self) -> Result<()> {
        self.nobody_oversells()?;
        for name in RESOURCES {
            let resource: Resource = name.parse()?;
            let central = self.hq.rights(&resource)?;
            for store in &self.stores {
                let local = rights_at(store, &resource)?;
                ensure!(local == central, "{name} at {}: {local:?}, not {central:?}", store.name);
                let row = store.core.view().rights(&resource)?;
                let held = local.held(Holder::Store(store.id));
                let shown = row.as_ref().map_or(0, |row| row.held);
                ensure!(shown == held, "{} shows {shown} of {name}, not {held}", store.name);
                let due = local.due_from(Holder::Store(store.id)).len();
                ensure!(due == 0 || held <= 0, "{} keeps {held} of {name} back", store.name);
            }
        }
        for store in &self.stores {
            journal_is_as_cells(store)?;
        }
        Ok(())
    }
}

fn overdraw(desk: &mut Desk<'_, '_>, resource: &Resource, amount: u64) -> Result<(), ShopError> {
    desk.docs.edit_rights(desk.tx, resource, |here, rights| {
        Ok::<_, ShopError>(vec![rights.overdraw(here, amount).map_err(ValueError::from)?])
    })?;
    Ok(())
}

fn rights_at(store: &Store, resource: &Resource) -> Result<Rights> {
    let mut docs = store.replica.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(docs.rights(&store.core.view(), resource)?)
}

fn everywhere(stores: &[Store], hq: &mut Headquarters, resource: &Resource) -> Result<Rights> {
    let mut all = hq.rights(resource)?;
    for store in stores {
        all.merge(&rights_at(store, resource)?);
    }
    Ok(all)
}

/// What a store wrote, nobody knows better.
fn owner_knows_best(store: &Store, resource: &Resource, all: &Rights) -> Result<()> {
    let (here, local) = (Holder::Store(store.id), rights_at(store, resource)?);
    let own = all.cells().find(|(cell, value)| cell.writer() == here && local.get(*cell) != *value);
    ensure!(own.is_none(), "{}: {own:?} of {resource}, not {local:?}", store.name);
    ensure!(local.held(here) <= all.held(here), "{} believes in too much", store.name);
    Ok(())
}

fn journal_is_as_cells(store: &Store) -> Result<()> {
    let mut docs = store.replica.lock().unwrap_or_else(PoisonError::into_inner);
    for (resource, cell, amount) in store.core.view().own_rights()? {
        let name = document::shard_of(&resource);
        let rights = docs.read(&store.core.view(), &name, |d| document::read(d, &resource));
        let says = rights.with_context(|| name.clone())?.get(cell);
        ensure!(says == amount, "{cell} of {resource}: journal {amount}, document {says}");
    }
    Ok(())
}

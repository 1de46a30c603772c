//! What happens to a world: one thing at every step.

use crate::checks;
use crate::goods;
use crate::network::Weather;
use crate::plan::Sabotage;
use crate::till::{Answer, Ask};
use crate::world::World;
use anyhow::{Result, bail, ensure};
use edge_app::ShopError;
use edge_ledger::{Command, LedgerError};
use serde::{Deserialize, Serialize, Serializer};

/// An answer that cannot be written down.
#[derive(Debug, Deserialize)]
struct Unsayable;

impl Serialize for Unsayable {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("this answer cannot be stored"))
    }
}

impl World {
    /// One thing happens.
    pub(crate) fn act(&mut self) -> Result<()> {
        let number = self.chance.usize(0..self.stores.len());
        match self.chance.u8(0..100) {
            0..60 => self.somebody_asks(number),
            60..72 => self.somebody_asks_again(false),
            72..76 => self.somebody_asks_again(true),
            76..78 => self.somebody_uses_a_key_again(),
            78..84 => self.headquarters_sets_a_price(),
            84..85 => {
                let price = goods::money(self.chance.i64(1..5_000))?;
                let letters = self.hq.resolve_one(price)?;
                self.post_down(letters);
                Ok(())
            }
            85..88 => self.a_command_fails_halfway(number),
            88 => self.crash_store(number),
            89 => {
                self.crash_hq();
                Ok(())
            }
            90 => {
                self.a_line_is_cut();
                Ok(())
            }
            91..93 => {
                self.a_clock_jumps(number);
                Ok(())
            }
            93..95 => {
                self.weather = Weather::foul(&mut self.chance);
                Ok(())
            }
            _ => self.a_price_is_set_during_a_merge(number),
        }
    }

    fn somebody_asks(&mut self, number: usize) -> Result<()> {
        let ask = Ask::any(&mut self.chance, &self.stores[number].core.view())?;
        let intent = self.book.intend(number, ask);
        self.ask(intent)
    }

    /// A till that heard no answer asks again; one that heard it, too, by mistake.
    fn somebody_asks_again(&mut self, heard: bool) -> Result<()> {
        let numbers = self.book.numbers(heard);
        match self.chance.choice(&numbers) {
            Some(intent) => self.ask(*intent),
            None => Ok(()),
        }
    }

    /// Sends a command with its key. The request or the answer may be lost on the way.
    fn ask(&mut self, number: u64) -> Result<()> {
        let Some(intent) = self.book.intents.get_mut(&number) else { return Ok(()) };
        let again = std::mem::replace(&mut intent.asked, true);
        let intent = intent.clone();
        self.report.commands += 1;
        if self.chance.u8(0..10) == 0 {
            self.trace.note(format_args!("{number} is lost on its way"));
            return Ok(());
        }
        let key = match self.plan.sabotage {
            Some(Sabotage::NewKeyOnRetry) if again => format!("key-again-{}", self.report.commands),
            _ => intent.key,
        };
        let command = Command::new(&key, &[format!("{:?}", intent.ask).as_bytes()]);
        let store = &mut self.stores[intent.store];
        let before = store.core.head();
        let outcome = store.serve(Some(&command), |desk| intent.ask.perform(desk));
        let heads = (before, store.core.head());
        let word = intent.ask.word();
        match outcome {
            Ok(outcome) => {
                checks::once(self.book.effects.get(&number), &outcome, heads)?;
                let text = &outcome.answer.text;
                self.trace.note(format_args!("{number} {word} at {}: {text}", intent.store));
                self.report.replays += u64::from(outcome.replayed);
                self.book.effects.entry(number).or_insert_with(|| outcome.answer.clone());
                let lost = self.chance.u8(0..10) < 3;
                let known = self.book.intents.get_mut(&number).filter(|_| !lost);
                if let Some(intent) = known {
                    intent.heard = Some(outcome.answer);
                }
            }
            Err(ShopError::Ledger(error)) => bail!("{word} at {}: {error}", intent.store),
            Err(error) => {
                self.trace.note(format_args!("{number} {word} at {}: {error}", intent.store));
                ensure!(heads.0 == heads.1, "{word} was refused and wrote: {error}");
                let done = self.book.effects.get(&number);
                ensure!(done.is_none(), "{word} took effect, then was refused: {error}");
                self.report.refusals += 1;
                self.book.intents.remove(&number);
            }
        }
        self.appended(intent.store)
    }

    /// The same key with another body is refused, and nothing changes.
    fn somebody_uses_a_key_again(&mut self) -> Result<()> {
        let taken: Vec<u64> = self.book.effects.keys().copied().collect();
        let Some(number) = self.chance.choice(&taken) else { return Ok(()) };
        let Some(intent) = self.book.intents.get(number).cloned() else { return Ok(()) };
        let store = &mut self.stores[intent.store];
        let before = checks::picture(store)?;
        let other = Command::new(&intent.key, &[b"another body"]);
        let outcome = store.serve(Some(&other), |desk| intent.ask.perform(desk));
        let reused = matches!(outcome, Err(ShopError::Ledger(LedgerError::KeyReused)));
        ensure!(reused, "invariant 2: {} with another body: {outcome:?}", intent.key);
        ensure!(before == checks::picture(store)?, "invariant 2: a refused key changed something");
        self.trace.note(format_args!("{number} with another body is refused"));
        Ok(())
    }

    fn headquarters_sets_a_price(&mut self) -> Result<()> {
        let skus = goods::skus()?;
        let Some(sku) = self.chance.choice(&skus) else { return Ok(()) };
        let price = goods::money(self.chance.i64(1..5_000))?;
        match self.hq.set_price(sku.as_str(), price) {
            Ok(letters) => {
                self.trace.note(format_args!("headquarters sets {sku} to {price}"));
                self.post_down(letters);
                Ok(())
            }
            Err(error) if sku.as_str().starts_with("NEW-") => {
                self.trace.note(format_args!("headquarters: {error}"));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// A command does half of its work, or all, and fails then: nothing of it may stay, on disk
    /// or in memory. Now and then the store crashes of it.
    fn a_command_fails_halfway(&mut self, number: usize) -> Result<()> {
        let ask = Ask::any(&mut self.chance, &self.stores[number].core.view())?;
        let store = &mut self.stores[number];
        let before = checks::picture(store)?;
        let failed = match self.plan.sabotage {
            Some(Sabotage::AnswerUnsayable) => {
                let key = Command::new("unsayable", &[]);
                let verb = |desk: &mut edge_app::Desk<'_, '_>| ask.perform(desk).map(|_| Unsayable);
                store.serve(Some(&key), verb).map(drop)
            }
            _ => {
                let fails = |desk: &mut edge_app::Desk<'_, '_>| -> Result<Answer, ShopError> {
                    let _ = ask.perform(desk);
                    Err(LedgerError::DiskFull.into())
                };
                store.serve(None, fails).map(drop)
            }
        };
        ensure!(failed.is_err(), "a command was to fail");
        self.trace.note(format_args!("{} fails halfway at {number}", ask.word()));
        if self.chance.u8(0..4) == 0 {
            self.crash_store(number)?;
        }
        let store = &self.stores[number];
        ensure!(before == checks::picture(store)?, "a command failed and left something");
        checks::memory_is_as_stored(store)
    }

    fn a_line_is_cut(&mut self) {
        let (now, ids) = (self.now(), self.network.connections.keys().copied());
        let ids: Vec<u64> = ids.collect();
        let Some(id) = self.chance.choice(&ids).copied() else { return };
        self.trace.note(format_args!("line {id} is cut"));
        if let Some(line) = self.network.connections.get_mut(&id) {
            line.cut(now, &mut self.chance);
        }
    }

    fn a_clock_jumps(&mut self, number: usize) {
        let ms = self.chance.i64(-10_800_000..10_800_000);
        let at_hq = self.chance.u8(0..4) == 0;
        self.trace.note(format_args!("the clock of {number} jumps by {ms} ms ({at_hq})"));
        let clock = if at_hq { &self.hq.clock } else { &self.stores[number].clock };
        clock.jump(ms);
    }

    /// The next document's message of this store meets an edit between hearing and merge.
    fn a_price_is_set_during_a_merge(&mut self, number: usize) -> Result<()> {
        let skus = goods::skus()?;
        let sku = self.chance.choice(&skus).cloned();
        self.stores[number].meanwhile = sku.map(|sku| (sku, self.chance.i64(1..5_000)));
        Ok(())
    }
}

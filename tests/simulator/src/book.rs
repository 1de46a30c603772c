//! What the tills asked and heard: the outsiders' memory, against which the shop is held.

use crate::till::{Answer, Ask, Sold};
use std::collections::BTreeMap;

/// One thing that somebody at a till wants, however often it takes.
#[derive(Clone, Debug)]
pub(crate) struct Intent {
    pub(crate) store: usize,
    pub(crate) key: String,
    pub(crate) ask: Ask,
    /// Whether it was asked before.
    pub(crate) asked: bool,
    /// What the till heard. None: it has to ask again.
    pub(crate) heard: Option<Answer>,
}

/// Everything that was asked.
#[derive(Debug, Default)]
pub(crate) struct Book {
    /// Intents that are not refused, by number.
    pub(crate) intents: BTreeMap<u64, Intent>,
    /// What the shop answered to an intent when it first took effect, heard or not.
    pub(crate) effects: BTreeMap<u64, Answer>,
    numbers: u64,
}

impl Book {
    pub(crate) fn intend(&mut self, store: usize, ask: Ask) -> u64 {
        self.numbers += 1;
        let key = format!("key-{}", self.numbers);
        self.intents.insert(self.numbers, Intent { store, key, ask, asked: false, heard: None });
        self.numbers
    }

    /// Intents whose answer was heard, or was not.
    pub(crate) fn numbers(&self, heard: bool) -> Vec<u64> {
        let known = self.intents.iter().filter(|(_, intent)| intent.heard.is_some() == heard);
        known.map(|(number, _)| *number).collect()
    }

    /// The sales that took effect at a store.
    pub(crate) fn sales(&self, store: usize) -> impl Iterator<Item = &Sold> {
        let of_store = move |(number, answer): (&u64, &'_ Answer)| {
            self.intents.get(number).is_some_and(|intent| intent.store == store)
                && answer.sold.is_some()
        };
        self.effects
            .iter()
            .filter(move |(number, answer)| of_store((number, answer)))
            .filter_map(|(_, answer)| answer.sold.as_ref())
    }
}

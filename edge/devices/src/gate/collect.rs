//! Tags that readers collect for a count: each once, until somebody takes them.

use super::tracker::EpcKey;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The most tags that one reader collects: a stock room, and 7 MB.
const COLLECTED_MAX: usize = 100_000;

/// What readers collect, by their ids.
#[derive(Default)]
pub struct Collections {
    /// Whether anybody collects: reads look here first.
    active: AtomicBool,
    tags: Mutex<HashMap<String, HashSet<EpcKey>>>,
}

impl Collections {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, HashSet<EpcKey>>> {
        self.tags.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins anew for a reader.
    pub fn begin(&self, reader: &str) {
        self.lock().insert(reader.to_owned(), HashSet::new());
        self.active.store(true, Ordering::Release);
    }

    /// Takes a read.
    pub(crate) fn read(&self, reader: &str, epc: &[u8]) {
        if !self.active.load(Ordering::Acquire) {
            return;
        }
        if let Some(tags) = self.lock().get_mut(reader)
            && tags.len() < COLLECTED_MAX
        {
            tags.insert(EpcKey::new(epc));
        }
    }

    /// What a reader collected so far, hexadecimal; `None` where it does not collect.
    #[must_use]
    pub fn of(&self, reader: &str) -> Option<Vec<String>> {
        let tags = self.lock();
        Some(tags.get(reader)?.iter().map(|key| format!("{key:?}")).collect())
    }

    /// Ends a reader's collection.
    pub fn end(&self, reader: &str) {
        let mut tags = self.lock();
        tags.remove(reader);
        self.active.store(!tags.is_empty(), Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tag_once_and_only_while_asked_for() {
        let collections = Collections::default();
        collections.read("r1", &[1]);
        assert_eq!(collections.of("r1"), None);
        collections.begin("r1");
        for epc in [[0xA1], [0xA1], [0xB2]] {
            collections.read("r1", &epc);
            collections.read("r2", &epc);
        }
        let mut seen = collections.of("r1").unwrap();
        seen.sort();
        assert_eq!(seen, ["A1", "B2"]);
        collections.end("r1");
        assert_eq!((collections.of("r1"), collections.of("r2")), (None, None));
    }
}

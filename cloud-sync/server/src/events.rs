//! Pokes for the dashboard: what changed, not what it is now. Gathered for a moment, so that a
//! hundred stores that speak at once make one poke.

use edge_domain::time::StoreTime;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast;

/// How long pokes are gathered.
pub const GATHER: Duration = Duration::from_millis(200);
/// How many frames are kept for those who come back.
const KEPT_MAX: usize = 256;
/// How many names a poke holds; more: none, which means many.
const NAMES_MAX: usize = 200;

/// What a poke is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// A store came, went, fell behind or caught up.
    Stores,
    /// Sales arrived.
    Sales,
    /// A conflict came or was settled.
    Conflicts,
    /// Items changed.
    Catalogue,
}

impl Topic {
    const fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Stores => ("stores", "stores_changed", "stores"),
            Self::Sales => ("sales", "sales_changed", "stores"),
            Self::Conflicts => ("conflicts", "conflicts_changed", "skus"),
            Self::Catalogue => ("catalogue", "items_changed", "skus"),
        }
    }
}

#[derive(Debug)]
struct Feed {
    seq: u64,
    pending: BTreeMap<Topic, BTreeSet<String>>,
    kept: VecDeque<(u64, Arc<str>)>,
}

/// The feed.
#[derive(Debug)]
pub struct Events {
    feed: Mutex<Feed>,
    live: broadcast::Sender<(u64, Arc<str>)>,
}

/// What a newcomer gets.
pub struct Joined {
    /// The last sequence.
    pub seq: u64,
    /// Whether frames after `after` are lost.
    pub reset: bool,
    /// The frames after `after`.
    pub missed: Vec<(u64, Arc<str>)>,
    /// What comes from now on.
    pub live: broadcast::Receiver<(u64, Arc<str>)>,
}

impl Events {
    /// A feed whose sequence begins at the moment, in milliseconds: a sequence of an earlier run
    /// is known to be one.
    #[must_use]
    pub fn starting_at(now: StoreTime) -> Self {
        let seq = u64::try_from(now.as_millis()).unwrap_or(0);
        let feed = Feed { seq, pending: BTreeMap::new(), kept: VecDeque::new() };
        Self { feed: Mutex::new(feed), live: broadcast::Sender::new(KEPT_MAX) }
    }

    fn feed(&self) -> MutexGuard<'_, Feed> {
        self.feed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something changed; `names` say what, as far as it is known.
    pub fn poke(&self, topic: Topic, names: impl IntoIterator<Item = String>) {
        self.feed().pending.entry(topic).or_default().extend(names);
    }

    /// Sends what was gathered.
    pub fn flush(&self, now: StoreTime) {
        let mut feed = self.feed();
        for (topic, names) in std::mem::take(&mut feed.pending) {
            feed.seq += 1;
            let (seq, (topic, kind, key)) = (feed.seq, topic.names());
            let names = if names.len() > NAMES_MAX { BTreeSet::new() } else { names };
            let data = Value::Object([(key.to_owned(), json!(names))].into_iter().collect());
            let at = crate::http::shapes::rfc3339(now);
            let frame = json!({"seq": seq, "topic": topic, "type": kind, "at": at, "data": data});
            let frame: Arc<str> = frame.to_string().into();
            feed.kept.push_back((seq, frame.clone()));
            if feed.kept.len() > KEPT_MAX {
                feed.kept.pop_front();
            }
            // Nobody listens: nobody misses it.
            let _ = self.live.send((seq, frame));
        }
    }

    /// Joins the feed, after a sequence that was handled already.
    #[must_use]
    pub fn join(&self, after: Option<u64>) -> Joined {
        let feed = self.feed();
        let (seq, live) = (feed.seq, self.live.subscribe());
        let first = feed.kept.front().map_or(seq + 1, |(seq, _)| *seq);
        let known = |after: u64| after <= seq && after + 1 >= first;
        let reset = after.is_some_and(|after| !known(after));
        let after = after.filter(|after| known(*after)).unwrap_or(seq);
        let missed = feed.kept.iter().filter(|(seq, _)| *seq > after).cloned().collect();
        Joined { seq, reset, missed, live }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_back_gets_what_was_missed_or_is_told() {
        let events = Events::starting_at(StoreTime::from_millis(1_000));
        for n in 0..300 {
            events.poke(Topic::Stores, [format!("{n}")]);
            events.flush(StoreTime::from_millis(2_000));
        }
        let joined = events.join(Some(1_298));
        assert_eq!((joined.seq, joined.reset, joined.missed.len()), (1_300, false, 2));
        assert!(joined.missed[1].1.contains(r#""data":{"stores":["299"]}"#));
        for lost in [1_003, 7, 1_301] {
            assert!(events.join(Some(lost)).reset, "{lost}");
        }
        assert!(!events.join(None).reset && events.join(None).missed.is_empty());
    }
}

use super::{hq, store};
use crate::entry::{ChainHead, Entry};
use crate::message::{ToHq, ToStore};
use edge_domain::hlc::Hlc;
use edge_domain::ids::{EntryId, StoreId};
use uuid::Uuid;

fn journal(count: u64) -> Vec<Entry> {
    let mut head = ChainHead::default();
    let mut next = |n: u64| {
        let id = EntryId::new(Uuid::from_u128(u128::from(n)));
        let store = StoreId::new(Uuid::from_u128(7));
        let entry = Entry::sealed(head, id, store, 1, Hlc::from_bits(n), "note", 1, vec![1]);
        head = entry.head();
        entry
    };
    (1..=count).map(&mut next).collect()
}

fn identity() -> store::Identity {
    let store = StoreId::new(Uuid::from_u128(7));
    store::Identity { store, epoch: 1, release: "test".into() }
}

/// A world of one store and headquarters, in which chance loses one message in n to headquarters.
struct World {
    journal: Vec<Entry>,
    accepted: Vec<Entry>,
    store: store::Session,
    hq: hq::Session,
    lose_one_in: u64,
    chance: u64,
    acked: u64,
    now_ms: i64,
}

impl World {
    fn run(&mut self, mut effects: Vec<store::Effect>) {
        while let Some(effect) = (!effects.is_empty()).then(|| effects.remove(0)) {
            match effect {
                store::Effect::Send(message) => effects.extend(self.carry(message)),
                store::Effect::ReadEntries { after, limit } => {
                    let read = self.journal.iter().filter(|entry| entry.seq > after);
                    let read = read.take(limit.min(3)).cloned().collect();
                    effects.extend(self.store.handle(store::Input::Entries(read), self.now_ms));
                }
                store::Effect::Acked(head) => self.acked = head.seq,
                _ => {}
            }
        }
    }

    fn carry(&mut self, message: ToHq) -> Vec<store::Effect> {
        // Chance, not a period: a period that always hits the same batch never ends.
        self.chance = self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let hello = matches!(message, ToHq::Hello(_)); // a lost hello is the driver's time-out
        if !hello && self.lose_one_in > 0 && (self.chance >> 33).is_multiple_of(self.lose_one_in) {
            return vec![];
        }
        let mut todo = self.hq.handle(hq::Input::Message(message), 0);
        let mut answers = Vec::new();
        while let Some(effect) = (!todo.is_empty()).then(|| todo.remove(0)) {
            match effect {
                hq::Effect::Admit(_) => {
                    let head = self.accepted.last().map(Entry::head).unwrap_or_default();
                    todo.extend(self.hq.handle(hq::Input::Admitted(Ok(head)), 0));
                }
                hq::Effect::Accept(entries) => {
                    let outcome = self.accept(entries);
                    todo.extend(self.hq.handle(hq::Input::Accepted(outcome), 0));
                }
                hq::Effect::Send(message) => {
                    answers.extend(self.store.handle(store::Input::Message(message), self.now_ms));
                }
                _ => {}
            }
        }
        answers
    }

    fn accept(&mut self, entries: Vec<Entry>) -> Result<ChainHead, hq::AcceptError> {
        let mut head = self.accepted.last().map(Entry::head).unwrap_or_default();
        let known = head.seq;
        for entry in entries.into_iter().filter(|entry| entry.seq > known) {
            head = entry.follows(head).map_err(|_| hq::AcceptError::Gap(head.seq + 1))?;
            self.accepted.push(entry);
        }
        Ok(head)
    }
}

fn catch_up(count: u64, lose_one_in: u64) -> World {
    let journal = journal(count);
    let head = journal.last().map(Entry::head).unwrap_or_default();
    let (store, effects) = store::Session::open(identity(), head, 0);
    let mut world = World {
        journal,
        accepted: vec![],
        store,
        hq: hq::Session::default(),
        lose_one_in,
        chance: 1,
        acked: 0,
        now_ms: 0,
    };
    world.run(effects);
    for _ in 0..200 {
        world.now_ms += store::ACK_TIMEOUT_MS;
        let effects = world.store.handle(store::Input::Tick, world.now_ms);
        world.run(effects);
    }
    world
}

#[test]
fn everything_arrives_once_and_in_order() {
    let world = catch_up(100, 0);
    assert_eq!(world.accepted.len(), world.journal.len());
    assert!(world.accepted == world.journal);
    assert_eq!((world.acked, world.store.behind()), (100, 0));
}

#[test]
fn lost_messages_are_sent_again_and_count_once() {
    for one_in in [2, 3, 5] {
        let world = catch_up(100, one_in);
        assert!(world.accepted == world.journal, "losing one in {one_in}");
        assert_eq!(world.acked, 100);
    }
}

#[test]
fn nobody_speaks_before_the_welcome() {
    let mut hq = hq::Session::default();
    let early = ToHq::Doc { doc: "x".into(), bytes: vec![] };
    assert_eq!(hq.handle(hq::Input::Message(early), 0), vec![]);
    let head = journal(3)[2].head();
    let (mut session, _) = store::Session::open(identity(), head, 0);
    assert_eq!(session.handle(store::Input::Message(ToStore::Ack(head)), 1), vec![]);
    let silent = session.handle(store::Input::Tick, store::WELCOME_TIMEOUT_MS);
    assert_eq!(silent, vec![store::Effect::Close(store::CloseReason::Silent)]);
}

#[test]
fn a_refusal_closes_the_line_with_its_reason() {
    let (mut session, _) = store::Session::open(identity(), ChainHead::default(), 0);
    let refused = ToStore::Refused { code: "old_epoch".into(), message: "Enrol again.".into() };
    let effects = session.handle(store::Input::Message(refused), 1);
    let reason =
        store::CloseReason::Refused { code: "old_epoch".into(), message: "Enrol again.".into() };
    assert_eq!(effects, vec![store::Effect::Close(reason)]);
}

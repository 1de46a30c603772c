//! The tracker in a world: what it said against what happened.

use drivers_rfid::sim::world::{Actor, Heading, Kind, Scenario, Seen, World, scenario};
use edge_devices::gate::track::{Sample, Side};
use edge_devices::gate::tracker::{Direction, Passage, Tracker};

/// What came of some scenarios, in tags.
#[derive(Default, Debug)]
pub(crate) struct Score {
    /// Tags that left.
    pub(crate) exits: u64,
    /// Of them, those that the gate said so of.
    pub(crate) seen: u64,
    /// Of those, decided while they were still read.
    pub(crate) early: u64,
    /// Tags that passed and of which the gate said anything.
    pub(crate) decided: u64,
    /// Of them, those of which it said the right direction.
    pub(crate) right: u64,
    /// Tags that stayed or came, and were said to leave.
    pub(crate) wrong: u64,
}

impl Score {
    #[allow(dead_code, reason = "each user needs a part")]
    pub(crate) fn add(&mut self, other: &Self) {
        self.exits += other.exits;
        self.seen += other.seen;
        self.early += other.early;
        self.decided += other.decided;
        self.right += other.right;
        self.wrong += other.wrong;
    }
}

/// How well a reader hears.
#[derive(Clone, Copy)]
pub(crate) struct Hears {
    /// Whether it tells phase.
    pub(crate) phase: bool,
    /// What every tag loses more than the world's own, as in damp wool or beside metal.
    pub(crate) loss_db: f64,
}

impl Hears {
    /// As the world has it.
    #[allow(dead_code, reason = "each user needs a part")]
    pub(crate) const WELL: Self = Self { phase: true, loss_db: 0.0 };

    #[allow(clippy::float_arithmetic, reason = "physics, never money")]
    fn of(self, mut actors: Vec<Actor>) -> Vec<Actor> {
        actors.iter_mut().for_each(|actor| actor.loss_db += self.loss_db);
        actors
    }
}

fn sample(seen: &Seen, phase: bool) -> Sample {
    let sighting = &seen.sighting;
    Sample {
        at_ms: 1_000 + seen.at_us / 1_000,
        side: if sighting.antenna <= 2 { Side::Inner } else { Side::Outer },
        antenna: sighting.antenna,
        cdbm: sighting.rssi_cdbm,
        phase: phase.then_some((sighting.phase, sighting.channel)),
    }
}

fn watch(world: &mut World, seconds: f64, phase: bool, passed: &mut impl FnMut(Passage)) {
    let mut tracker = Tracker::default();
    let mut seen = Vec::new();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds")]
    let end_us = seconds as u64 * 1_000_000;
    while world.now_us() < end_us {
        world.step(&mut seen);
        for read in seen.drain(..) {
            if let Some(passage) = tracker.read(&read.sighting.epc, &sample(&read, phase)) {
                passed(passage);
            }
        }
        tracker.tick(1_000 + world.now_us() / 1_000, passed);
    }
}

/// One scenario of a kind, by a reader that hears so well.
pub(crate) fn of_kind(kind: Kind, seed: u64, hears: Hears, score: &mut Score) {
    let story = Scenario::new(kind, seed);
    let mut passages: Vec<Passage> = Vec::new();
    let gates: &[f64] =
        if kind == Kind::TwoGates { &[0.0, scenario::SECOND_GATE_X] } else { &[0.0] };
    for (n, gate_x) in (0_u64..).zip(gates) {
        let mut world = World::new(seed + n * 77, *gate_x, hears.of(story.actors.clone()));
        watch(&mut world, story.seconds, hears.phase, &mut |passage| passages.push(passage));
    }
    for actor in &story.actors {
        judge(actor, &passages, score);
    }
}

fn judge(actor: &Actor, passages: &[Passage], score: &mut Score) {
    let mine = || passages.iter().filter(|passage| passage.epc.bytes() == actor.epc);
    let left = mine().find(|passage| passage.direction == Direction::Out);
    score.exits += u64::from(actor.heading == Heading::Out);
    score.seen += u64::from(actor.heading == Heading::Out && left.is_some());
    score.wrong += u64::from(actor.heading != Heading::Out && left.is_some());
    let early = left.filter(|passage| passage.evidence.while_read);
    score.early += u64::from(actor.heading == Heading::Out && early.is_some());
    let first = mine().next().filter(|_| actor.heading != Heading::Stayed);
    if let Some(first) = first {
        score.decided += 1;
        let truth = if actor.heading == Heading::Out { Direction::Out } else { Direction::In };
        score.right += u64::from(first.direction == truth);
    }
}

/// Shelves alone: tag-minutes, and how often one was said to leave.
#[allow(dead_code, reason = "each user needs a part")]
pub(crate) fn shelves(seed: u64, hours: u64, tags: u32, hears: Hears) -> (u64, u64) {
    let mut alarms = 0;
    for hour in 0..hours {
        let mut world =
            World::new(seed + hour, 0.0, hears.of(Scenario::shelves(seed + hour, tags)));
        watch(&mut world, 3_600.0, hears.phase, &mut |passage| {
            alarms += u64::from(passage.direction == Direction::Out);
        });
    }
    (hours * 60 * u64::from(tags), alarms)
}

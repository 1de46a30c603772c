//! The gate in the simulator's worlds: a few seeds of the table in `gate.rs`, in virtual time, and
//! stories that pin single rules.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod trial;

use drivers_rfid::sim::world::Kind;
use edge_devices::gate::track::{Sample, Side};
use edge_devices::gate::tracker::{Direction, Passage, Tracker};
use edge_devices::gate::tune::TRACKS_MAX;
use trial::{Hears, Score, of_kind, shelves};

/// The same code and seeds give the same result on every machine: these are not the table's, and
/// were not tuned on.
#[test]
fn a_few_worlds_of_each_kind() {
    let mut all = Score::default();
    for (n, (kind, name)) in (0..).zip(Kind::ALL) {
        let mut score = Score::default();
        let runs = if kind == Kind::Cart { 1 } else { 5 };
        for run in 0..runs {
            of_kind(kind, 7_000_000 + run * 7 + n, Hears::WELL, &mut score);
        }
        assert!(score.seen * 100 >= score.exits * 98, "{name}: {score:?}");
        assert!(score.right * 100 >= score.decided * 95, "{name}: {score:?}");
        all.add(&score);
    }
    assert!(all.exits > 70 && all.seen * 100 >= all.exits * 99, "{all:?}");
    assert!(all.right * 100 >= all.decided * 97 && all.wrong <= 1, "{all:?}");
    let (minutes, alarms) = shelves(7_000_000, 1, 4, Hears::WELL);
    assert_eq!((minutes, alarms), (240, 0));
}

/// A tag that goes by: strength rises and falls on each side in turn.
fn pass(
    tracker: &mut Tracker,
    epc: &[u8],
    from_ms: u64,
    out: bool,
    lies_still: bool,
) -> Vec<Passage> {
    let mut passages = Vec::new();
    for step in 0..80_i32 {
        let at_ms = from_ms + u64::try_from(step).unwrap() * 25;
        let (first, second) = (28, 52);
        let (inner, outer) = if out { (first, second) } else { (second, first) };
        let (side, middle, antenna) =
            if step % 2 == 0 { (Side::Inner, inner, 1) } else { (Side::Outer, outer, 3) };
        let cdbm = i16::try_from(-3_200 - (step - middle).abs() * 120).unwrap();
        let turn = if lies_still { 7 } else { u16::try_from(step * 611 % 4_096).unwrap() };
        let sample = Sample { at_ms, side, antenna, cdbm, phase: Some((turn, 1)) };
        passages.extend(tracker.read(epc, &sample));
    }
    tracker.tick(from_ms + 2_800, &mut |passage| passages.push(passage));
    passages
}

#[test]
fn out_is_out_in_is_in_and_each_once() {
    let mut tracker = Tracker::default();
    for (n, out) in [(1_u8, true), (2, false)] {
        let passages = pass(&mut tracker, &[n], 20_000, out, false);
        let directions: Vec<_> = passages.iter().map(|passage| passage.direction).collect();
        let expected = if out { Direction::Out } else { Direction::In };
        assert_eq!(directions, [expected]);
        assert!(passages[0].evidence.while_read, "the lamp comes on while he is in the gate");
    }
    // Back and out again is a passage each time.
    let back = pass(&mut tracker, &[1], 23_500, false, false);
    let again = pass(&mut tracker, &[1], 29_000, true, false);
    assert_eq!((back[0].direction, again[0].direction), (Direction::In, Direction::Out));
}

/// Strength alone may swing as if something passed: what lies still by its phase does not pass.
#[test]
fn what_lies_still_does_not_pass() {
    assert_eq!(pass(&mut Tracker::default(), &[1], 20_000, true, true).len(), 0);
}

#[test]
fn what_is_followed_is_bounded_and_forgotten() {
    let mut tracker = Tracker::default();
    for n in 0..TRACKS_MAX as u64 + 500 {
        let sample = Sample {
            at_ms: 10_000 + n / 16,
            side: Side::Inner,
            antenna: 1,
            cdbm: -5_000,
            phase: None,
        };
        tracker.read(&n.to_be_bytes(), &sample);
    }
    assert_eq!(tracker.len(), TRACKS_MAX);
    tracker.tick(60_000, &mut |_| {});
    assert!(tracker.is_empty());
}

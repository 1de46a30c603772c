//! Who passes: from reads to passages, without I/O and without floats.
//!
//! A tag is followed in a window of 3.2 s. It passes outwards when the inner antennas heard it
//! first and the outer ones after (the middles of their strengths lie apart), the outer side is now
//! clearly stronger, both were near once, it moves (its phase changes from look to look, where the
//! reader tells phase), and it is stronger than it is used to be there. What is not sure while it is
//! read is decided when it is gone.

use super::track::{Profile, Sample, Side, Track};
use super::tune::{
    ABOVE_USUAL_CDB, APART_MS, CAME_CDB, CHATTER_MS, FORGET_MS, GONE_MS, LEAN_CDB, MOTION_LEAST,
    NEAR_CDBM, TRACKS_MAX,
};
use drivers_contract::rfid::EPC_BYTES_MAX;
use std::collections::HashMap;

/// An EPC's bytes, inline: following a tag allocates nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct EpcKey {
    length: u8,
    bytes: [u8; EPC_BYTES_MAX],
}

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// To the street.
    Out,
    /// Into the shop.
    In,
}

/// What a passage was decided by: kept with an alarm.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What the antennas that look into the shop heard in the window.
    pub inner: Profile,
    /// What those that look to the street heard.
    pub outer: Profile,
    /// Phase changes: see [`Track::motion`].
    pub motion: Option<u16>,
    /// First read of the stay.
    pub first_ms: u64,
    /// Reads of the stay.
    pub reads: u32,
    /// Whether it was decided while the tag was still read.
    pub while_read: bool,
    /// Whether the tag had stayed so long that it was muted, and passed nevertheless.
    pub was_chatter: bool,
}

/// A tag passed.
#[derive(Clone, Debug)]
pub struct Passage {
    /// Which.
    pub epc: EpcKey,
    /// Which way.
    pub direction: Direction,
    /// When.
    pub at_ms: u64,
    /// By what.
    pub evidence: Evidence,
}

struct Followed {
    track: Track,
    /// The last decision of this stay.
    decided: Option<Direction>,
    /// Whether its going was looked at.
    looked: bool,
}

/// Follows every tag at one gate.
#[derive(Default)]
pub struct Tracker {
    tags: HashMap<EpcKey, Followed>,
    /// When the tags that are gone are looked for next.
    sweep_ms: u64,
}

impl EpcKey {
    /// The key of some bytes; longer ones than a tag can hold are cut.
    #[must_use]
    pub fn new(epc: &[u8]) -> Self {
        let length = epc.len().min(EPC_BYTES_MAX);
        let mut bytes = [0; EPC_BYTES_MAX];
        bytes[..length].copy_from_slice(&epc[..length]);
        Self { length: u8::try_from(length).unwrap_or_default(), bytes }
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }
}

impl std::fmt::Debug for EpcKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.bytes().iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl Direction {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::In => "in",
        }
    }
}

impl Tracker {
    /// Takes a read; answers with a passage if this was the deciding one.
    pub fn read(&mut self, epc: &[u8], sample: &Sample) -> Option<Passage> {
        let key = EpcKey::new(epc);
        if self.tags.len() >= TRACKS_MAX && !self.tags.contains_key(&key) {
            self.make_room();
        }
        let followed = self.tags.entry(key).or_insert_with(|| Followed {
            track: Track::new(sample.at_ms),
            decided: None,
            looked: false,
        });
        followed.track.push(sample);
        followed.looked = false;
        // Only the side that it would leave by can decide now.
        let direction = match sample.side {
            Side::Outer => Direction::Out,
            Side::Inner => Direction::In,
        };
        followed.decide(key, direction, sample.at_ms, true)
    }

    /// Looks at the clock: tags that are gone are decided or forgotten.
    pub fn tick(&mut self, now_ms: u64, passed: &mut impl FnMut(Passage)) {
        if now_ms < self.sweep_ms {
            return;
        }
        self.sweep_ms = now_ms + 50;
        self.tags.retain(|key, followed| {
            let gone = now_ms.saturating_sub(followed.track.last_ms);
            if gone >= GONE_MS && !followed.looked {
                followed.looked = true;
                let decided = followed
                    .decide(*key, Direction::Out, now_ms, false)
                    .or_else(|| followed.decide(*key, Direction::In, now_ms, false));
                if let Some(passage) = decided {
                    passed(passage);
                }
            }
            gone < FORGET_MS
        });
    }

    /// How many tags are followed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tags.len()
    }

    /// Whether nothing is followed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    /// The tag that was read longest ago goes: at this bound the gate is jammed anyway.
    fn make_room(&mut self) {
        let oldest = self.tags.iter().min_by_key(|(_, followed)| followed.track.last_ms);
        if let Some(key) = oldest.map(|(key, _)| *key) {
            self.tags.remove(&key);
        }
    }
}

impl Followed {
    fn decide(
        &mut self,
        epc: EpcKey,
        direction: Direction,
        now_ms: u64,
        while_read: bool,
    ) -> Option<Passage> {
        if self.decided == Some(direction) {
            return None;
        }
        let track = &self.track;
        // The window ends with the last read: silence after it says nothing of the passage.
        let at = if while_read { now_ms } else { track.last_ms };
        let [inner, outer] = track.profiles(at);
        let (from, to, usual) = match direction {
            Direction::Out => (&inner, &outer, track.usual[1]),
            Direction::In => (&outer, &inner, track.usual[0]),
        };
        let chatter = track.last_ms.saturating_sub(track.first_ms) >= CHATTER_MS;
        let more = i16::from(chatter);
        let apart = to.centre_ms.saturating_sub(from.centre_ms);
        let lean = i32::from(to.recent_cdbm) - i32::from(from.recent_cdbm);
        let far_apart = APART_MS * if while_read { 1 } else { 2 };
        // Who comes in was as strong on the street's side; who stands at the gate was not.
        let came_from = direction == Direction::Out || from.peak_cdbm >= to.peak_cdbm - CAME_CDB;
        let passes = came_from
            && from.count >= 2
            && to.count >= 2
            && to.recent_count >= 2
            && from.peak_cdbm >= NEAR_CDBM - 300
            && to.peak_cdbm >= NEAR_CDBM + 300 * more
            && apart >= far_apart
            && lean >= i32::from(LEAN_CDB) * i32::from(1 + more) / if while_read { 1 } else { 3 }
            && track.motion().is_none_or(|motion| motion >= MOTION_LEAST)
            && i32::from(to.peak_cdbm) >= usual.saturating_add(ABOVE_USUAL_CDB);
        if !passes {
            return None;
        }
        self.decided = Some(direction);
        let evidence = Evidence {
            inner,
            outer,
            motion: track.motion(),
            first_ms: track.first_ms,
            reads: track.reads,
            while_read,
            was_chatter: chatter,
        };
        Some(Passage { epc, direction, at_ms: now_ms, evidence })
    }
}

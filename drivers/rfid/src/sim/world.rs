//! What passes in front of a reader's antennas: people with goods, carts, shelves that stand too
//! near, and the air between, one world a seed.
//!
//! Strength follows the two-way link budget of a backscatter tag (free space, antenna patterns,
//! body and basket loss, multipath that changes over centimetres, people who walk by); phase is
//! 4πd/λ and an offset of each tag, antenna and channel; all tags in the field share the reader's
//! slots (slotted ALOHA). Figures are those of a European portal at 30 dBm EIRP. It is a model: no
//! shop was measured.
#![expect(clippy::float_arithmetic, reason = "physics, never money")]
#![expect(clippy::cast_possible_truncation, reason = "decibels and parts of turns fit")]

pub mod air;
pub mod floor;
pub mod scenario;

use air::{Air, Antenna, LAMBDA_M, portal};
use drivers_contract::twin::Sighting;
use fastrand::Rng;

pub use scenario::{Actor, Heading, Kind, Scenario};

/// A place in metres: x across the gate, y from the shop (below nothing) to the street, z up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Across.
    pub x: f64,
    /// Outwards.
    pub y: f64,
    /// Up.
    pub z: f64,
}

impl Place {
    /// How far another place is.
    #[must_use]
    pub fn to(self, other: Self) -> f64 {
        let (x, y, z) = (self.x - other.x, self.y - other.y, self.z - other.z);
        (x * x + y * y + z * z).sqrt()
    }
}

/// What a reader saw, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Microseconds since the world began.
    pub at_us: u64,
    /// What was seen.
    pub sighting: Sighting,
}

/// One reader of four antennas at a gate, and the tags around it.
pub struct World {
    rng: Rng,
    antennas: Vec<Antenna>,
    actors: Vec<Actor>,
    air: Vec<Air>,
    now_us: u64,
    turn: usize,
    channel: u16,
    hop_at_us: u64,
}

/// The antennas take turns: inner, outer, inner, outer.
const ORDER: [usize; 4] = [0, 2, 1, 3];
/// The least time that an antenna listens.
const DWELL_US: u64 = 25_000;
/// A round costs this much, and this much for each tag: 1,100 reads a second at the best.
const ROUND_US: u64 = 2_500;
const TAG_US: u64 = 900;
/// A reader stays on a channel this long (at most 4 s in Europe).
const HOP_US: u64 = 2_000_000;
/// Of the tags that hear a round, so many are read: the others collided.
const READ_SHARE: f64 = 0.9;
/// A tag wakes at so many dBm.
const TAG_SENSITIVITY_DBM: f64 = -18.0;
/// What the portal sends, with its antenna's gain.
const EIRP_DBM: f64 = 30.0;
/// Free space over the first metre at 866 MHz.
const FIRST_METRE_DB: f64 = 31.2;
/// What a tag gives back of what it takes.
const BACKSCATTER_DB: f64 = -7.0;
const ANTENNA_GAIN_DB: f64 = 6.0;
/// The receiver hears no less than this.
const READER_SENSITIVITY_DBM: f64 = -80.0;

impl World {
    /// A gate whose middle is `gate_x` metres across, with these actors around it.
    #[must_use]
    pub fn new(seed: u64, gate_x: f64, actors: Vec<Actor>) -> Self {
        let mut rng = Rng::with_seed(seed ^ 0x6A7E_5EED);
        let air = actors.iter().map(|_| Air::new(&mut rng)).collect();
        Self {
            rng,
            antennas: portal(gate_x),
            actors,
            air,
            now_us: 0,
            turn: 0,
            channel: 1,
            hop_at_us: 0,
        }
    }

    /// Puts one more tag into it; its way is in seconds of this world.
    pub fn add(&mut self, actor: Actor) {
        self.air.push(Air::new(&mut self.rng));
        self.actors.push(actor);
    }

    /// Takes out what is not to stay.
    pub fn retain(&mut self, stays: impl Fn(&Actor) -> bool) {
        let mut kept = self.actors.iter().map(&stays);
        self.air.retain(|_| kept.next().unwrap_or(true));
        self.actors.retain(stays);
    }

    /// How many tags are in it.
    #[must_use]
    pub fn tags(&self) -> usize {
        self.actors.len()
    }

    /// When it is, in microseconds.
    #[must_use]
    pub const fn now_us(&self) -> u64 {
        self.now_us
    }

    /// The next antenna's turn: whatever it reads, in order.
    pub fn step(&mut self, out: &mut Vec<Seen>) {
        if self.now_us >= self.hop_at_us {
            self.channel = self.rng.u16(1..=4);
            self.hop_at_us = self.now_us + HOP_US;
        }
        let antenna = ORDER[self.turn % ORDER.len()];
        self.turn += 1;
        let end = self.now_us + DWELL_US;
        let mut heard: Vec<(usize, f64, f64)> = Vec::new();
        while self.now_us < end {
            heard.clear();
            let seconds = self.now_us as f64 / 1e6;
            for tag in 0..self.actors.len() {
                if let Some((rssi, phase)) = self.link(tag, antenna, seconds) {
                    heard.push((tag, rssi, phase));
                }
            }
            self.rng.shuffle(&mut heard);
            self.now_us += ROUND_US;
            for (tag, rssi, phase) in &heard {
                self.now_us += TAG_US;
                if self.rng.f64() < READ_SHARE {
                    out.push(self.seen(*tag, antenna, *rssi, *phase));
                }
            }
        }
    }

    /// Strength and phase with which an antenna hears a tag now; `None` where it does not.
    fn link(&mut self, tag: usize, antenna: usize, seconds: f64) -> Option<(f64, f64)> {
        let actor = &self.actors[tag];
        let (place, heading) = actor.at(seconds)?;
        let antenna_at = &self.antennas[antenna];
        let distance = place.to(antenna_at.place).max(0.15);
        let pattern = antenna_at.pattern_db(place);
        let body = actor.body_db * antenna_at.behind(place, heading);
        let air = &mut self.air[tag];
        let (fade_db, turn) = air.fade(&mut self.rng, place, antenna, self.channel, seconds);
        let shadow = air.shadow_db(&mut self.rng, seconds, actor.is_still());
        let one_way = EIRP_DBM - FIRST_METRE_DB - 20.0 * distance.log10() + pattern
            - body
            - shadow
            - actor.loss_db
            + fade_db;
        if one_way < TAG_SENSITIVITY_DBM {
            return None;
        }
        let back = BACKSCATTER_DB + ANTENNA_GAIN_DB + pattern
            - FIRST_METRE_DB
            - 20.0 * distance.log10()
            - body
            - shadow
            - actor.loss_db
            + fade_db;
        let rssi = one_way + back + 0.7 * air::normal(&mut self.rng);
        if rssi < READER_SENSITIVITY_DBM {
            return None;
        }
        let way = 4.0 * std::f64::consts::PI * distance / LAMBDA_M;
        let phase =
            way + air.offset(antenna, self.channel) + 2.0 * turn + 0.1 * air::normal(&mut self.rng);
        Some((rssi, phase))
    }

    fn seen(&self, tag: usize, antenna: usize, rssi: f64, phase: f64) -> Seen {
        let turns = (phase / std::f64::consts::TAU).rem_euclid(1.0);
        // Readers tell strength in half decibels.
        let rssi_cdbm = ((rssi * 2.0).round() * 50.0) as i16;
        Seen {
            at_us: self.now_us,
            sighting: Sighting {
                epc: self.actors[tag].epc.to_vec(),
                antenna: antenna as u16 + 1,
                rssi_cdbm,
                phase: ((turns * 4_096.0) as i32).rem_euclid(4_096) as u16,
                channel: self.channel,
            },
        }
    }
}

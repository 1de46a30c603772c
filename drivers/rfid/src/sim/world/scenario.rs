//! Stories at a gate: who walks where with which tags, and what would be right to say of them.

use super::Place;
use fastrand::Rng;

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Out through the gate.
    Exit,
    /// In through the gate.
    Enter,
    /// Along the gate inside the shop.
    PassBy,
    /// Up to the gate and back.
    TurnRound,
    /// A while at the gate, then back or out.
    Linger,
    /// A cart of 60 pieces out.
    Cart,
    /// Out through one of two gates that stand side by side.
    TwoGates,
}

/// Which way a tag went in truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Heading {
    /// From the shop to the street.
    Out,
    /// From the street into the shop.
    In,
    /// Neither.
    Stayed,
}

/// A tag and its way.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Its EPC.
    pub epc: [u8; 12],
    /// Which way it went.
    pub heading: Heading,
    /// Corners of its way: seconds and place. One corner stands still for ever.
    pub way: Vec<(f64, Place)>,
    /// What the carrier's body takes when it is between, in decibels, once.
    pub body_db: f64,
    /// What its goods and its turn take always, in decibels, once.
    pub loss_db: f64,
}

impl Actor {
    /// Where it is, and where its carrier faces; `None` before and after its way.
    #[must_use]
    pub fn at(&self, seconds: f64) -> Option<(Place, (f64, f64))> {
        let (first, place) = *self.way.first()?;
        if self.way.len() == 1 {
            return Some((place, (0.0, 0.0)));
        }
        let after = self.way.iter().position(|(at, _)| *at > seconds)?;
        if after == 0 || seconds < first {
            return None;
        }
        let ((t0, a), (t1, b)) = (self.way[after - 1], self.way[after]);
        let share = (seconds - t0) / (t1 - t0);
        let mix = |from: f64, to: f64| from + (to - from) * share;
        let place = Place { x: mix(a.x, b.x), y: mix(a.y, b.y), z: mix(a.z, b.z) };
        let (x, y) = (b.x - a.x, b.y - a.y);
        let length = (x * x + y * y).sqrt();
        let heading = if length < 1e-6 { (0.0, 0.0) } else { (x / length, y / length) };
        Some((place, heading))
    }

    /// Whether it lies on a shelf.
    #[must_use]
    pub fn is_still(&self) -> bool {
        self.way.len() == 1
    }
}

/// A story.
pub struct Scenario {
    /// What happens.
    pub kind: Kind,
    /// Everything with a tag.
    pub actors: Vec<Actor>,
    /// When it is over.
    pub seconds: f64,
}

impl Kind {
    /// Every kind with its name.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Exit, "exit"),
        (Self::Enter, "enter"),
        (Self::PassBy, "pass by"),
        (Self::TurnRound, "turn round"),
        (Self::Linger, "linger"),
        (Self::Cart, "cart of 60"),
        (Self::TwoGates, "two gates"),
    ];
}

/// The second gate's middle.
pub const SECOND_GATE_X: f64 = 2.6;

/// An SGTIN-96 of the demo's company, filter 1, with this serial number (TDS 14.6.1).
#[must_use]
pub fn epc(reference: u32, serial: u64) -> [u8; 12] {
    // Header 0x30, filter 1, partition 5 (company of seven digits), 4006381, item, serial.
    let head: u128 = 0x30 << 6 | 1 << 3 | 5;
    let key = (head << 24 | 4_006_381) << 20 | u128::from(reference);
    let bits = key << 38 | u128::from(serial & ((1 << 38) - 1));
    let bytes = bits.to_be_bytes();
    std::array::from_fn(|at| bytes[at + 4])
}

impl Scenario {
    /// The story of a seed.
    #[must_use]
    pub fn new(kind: Kind, seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut actors: Vec<Actor> = (0..rng.u32(0..=30)).map(|n| stray(&mut rng, n)).collect();
        let speed = 0.6 + rng.f64() * 1.4;
        let start = 0.5 + rng.f64();
        let x = rng.f64() * 0.9 - 0.45;
        let (way, heading) = match kind {
            Kind::Exit | Kind::Cart | Kind::TwoGates => {
                (walk(&mut rng, start, speed, &[(x, -4.5), (x, 0.0), (x, 4.5)]), Heading::Out)
            }
            Kind::Enter => {
                (walk(&mut rng, start, speed, &[(x, 4.5), (x, 0.0), (x, -4.5)]), Heading::In)
            }
            Kind::PassBy => {
                let y = -0.9 - rng.f64() * 1.5;
                (walk(&mut rng, start, speed, &[(-4.0, y), (0.0, y), (4.0, y)]), Heading::Stayed)
            }
            Kind::TurnRound => {
                let y = -0.25 - rng.f64() * 0.8;
                let mut way = walk(&mut rng, start, speed, &[(x, -4.5), (x, y)]);
                wait(&mut rng, &mut way, 2.5);
                append(&mut way, &mut rng, speed, &[(x, -4.5)]);
                (way, Heading::Stayed)
            }
            Kind::Linger => linger(&mut rng, start, speed, x),
        };
        let count = match kind {
            Kind::Cart => 60,
            _ => rng.u32(1..=4),
        };
        let body = rng.f64() * 10.0;
        for n in 0..count {
            let spread = if kind == Kind::Cart { 0.35 } else { 0.15 };
            let mut off = || (rng.f64() * 2.0 - 1.0) * spread;
            let (dx, dy, dz) = (off(), off(), off());
            let moved =
                |(at, p): &(f64, Place)| (*at, Place { x: p.x + dx, y: p.y + dy, z: p.z + dz });
            actors.push(Actor {
                epc: epc(100 + n, seed << 8 & 0x3F_FFFF_FF00 | u64::from(n)),
                heading,
                way: way.iter().map(moved).collect(),
                body_db: body,
                loss_db: if kind == Kind::Cart { rng.f64() * 7.0 } else { rng.f64() * 5.0 },
            });
        }
        let end = way.last().map_or(0.0, |(at, _)| *at);
        Self { kind, actors, seconds: end + 2.5 }
    }

    /// Only shelves near the gate, and people who walk by.
    #[must_use]
    pub fn shelves(seed: u64, count: u32) -> Vec<Actor> {
        let mut rng = Rng::with_seed(seed);
        (0..count).map(|n| stray(&mut rng, n)).collect()
    }
}

/// A piece on a shelf 1.5 to 4.5 m inside the shop, or at the side of the gate.
fn stray(rng: &mut Rng, n: u32) -> Actor {
    let place = Place {
        x: (rng.f64() * 2.0 - 1.0) * 3.5,
        y: -1.5 - rng.f64() * 3.0,
        z: 0.3 + rng.f64() * 1.5,
    };
    Actor {
        epc: epc(9_000 + n, u64::from(rng.u32(..))),
        heading: Heading::Stayed,
        way: vec![(0.0, place)],
        body_db: 0.0,
        loss_db: rng.f64() * 6.0,
    }
}

type Way = Vec<(f64, Place)>;

fn walk(rng: &mut Rng, start: f64, speed: f64, corners: &[(f64, f64)]) -> Way {
    let z = 0.6 + rng.f64() * 0.8;
    let (x, y) = corners[0];
    let mut way = vec![(start, Place { x, y, z })];
    append(&mut way, rng, speed, &corners[1..]);
    way
}

/// Goes on in steps of some 30 cm, swaying and changing pace a little.
fn append(way: &mut Way, rng: &mut Rng, speed: f64, corners: &[(f64, f64)]) {
    for (x, y) in corners {
        let Some((mut at, from)) = way.last().copied() else { return };
        let length = ((x - from.x).powi(2) + (y - from.y).powi(2)).sqrt();
        let steps = (length / 0.3).ceil().max(1.0);
        let mut step = 1.0;
        while step <= steps {
            let share = step / steps;
            at += length / steps / (speed * (0.85 + rng.f64() * 0.3));
            let sway = |rng: &mut Rng| (rng.f64() - 0.5) * 0.08;
            let place = Place {
                x: from.x + (x - from.x) * share + sway(rng),
                y: from.y + (y - from.y) * share,
                z: from.z + sway(rng),
            };
            way.push((at, place));
            step += 1.0;
        }
    }
}

/// Stands for up to so many seconds, as people do: not quite still.
fn wait(rng: &mut Rng, way: &mut Way, seconds: f64) {
    let Some((mut at, place)) = way.last().copied() else { return };
    let end = at + rng.f64() * seconds;
    while at < end {
        at += 0.3 + rng.f64() * 0.5;
        let mut sway = || (rng.f64() - 0.5) * 0.15;
        way.push((at, Place { x: place.x + sway(), y: place.y + sway(), z: place.z }));
    }
}

fn linger(rng: &mut Rng, start: f64, speed: f64, x: f64) -> (Way, Heading) {
    let y = -0.7 - rng.f64() * 0.9;
    let mut way = walk(rng, start, speed, &[(x, -4.5), (x, y)]);
    for _ in 0..rng.u32(1..=3) {
        wait(rng, &mut way, 8.0);
        let (dx, dy) = ((rng.f64() - 0.5) * 1.2, (rng.f64() - 0.5) * 0.3);
        append(&mut way, rng, 0.5, &[(x + dx, y + dy)]);
    }
    let leaves = rng.bool();
    let end = if leaves { 4.5 } else { -4.5 };
    append(&mut way, rng, speed, &[(x, end)]);
    (way, if leaves { Heading::Out } else { Heading::Stayed })
}

//! The line between a store and headquarters, at its worst.
//!
//! Facts' messages (batches, acknowledgements, gaps, presence) are lost, doubled, reordered and
//! delayed one by one. Automerge's messages need their order within one connection, as the first
//! words do: those are delayed and doubled, and a lost one is a connection that breaks.

use cloud_sync_protocol::message::{ToHq, ToStore};
use std::collections::BTreeMap;

/// How long an end may not notice that the other is gone.
const UNNOTICED_MS_MAX: i64 = 25_000;

/// How bad the network is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weather {
    /// Messages lost, in a hundred.
    pub(crate) lost_pct: u8,
    /// Messages that come twice, in a hundred.
    pub(crate) doubled_pct: u8,
    /// The longest delay.
    pub(crate) delay_ms_max: i64,
}

impl Weather {
    /// Nothing is lost, and little is late.
    pub(crate) const FAIR: Self = Self { lost_pct: 0, doubled_pct: 0, delay_ms_max: 40 };

    /// Bad weather of a seed's own kind.
    pub(crate) fn foul(chance: &mut fastrand::Rng) -> Self {
        Self {
            lost_pct: chance.u8(0..20),
            doubled_pct: chance.u8(0..30),
            delay_ms_max: chance.i64(10..8_000),
        }
    }
}

/// How a message may be treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Care {
    /// In order or not at all, and once: the first words.
    First,
    /// In order or not at all.
    Ordered,
    /// Any way.
    Loose,
    /// Any way, and nobody waits for it.
    Idle,
}

#[derive(Debug)]
struct Flight {
    due: i64,
    number: u64,
    care: Care,
    bytes: Vec<u8>,
}

#[derive(Debug, Default)]
struct Pipe {
    flights: Vec<Flight>,
    ordered_until: i64,
}

/// One of the two ends of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It believes that the line is up.
    Open,
    /// The line is down, which it notices at this time.
    Doomed(i64),
    /// It hung up.
    Closed,
}

/// One connection.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) store: usize,
    pub(crate) store_end: End,
    pub(crate) hq_end: End,
    up: Pipe,
    down: Pipe,
}

/// All connections of the fleet.
#[derive(Debug, Default)]
pub(crate) struct Network {
    pub(crate) connections: BTreeMap<u64, Connection>,
    numbers: u64,
}

impl Care {
    const fn is_ordered(self) -> bool {
        matches!(self, Self::First | Self::Ordered)
    }
}

impl Pipe {
    /// Returns whether the connection survives.
    fn send(&mut self, sent: Flight, weather: Weather, chance: &mut fastrand::Rng) -> bool {
        let Flight { due: now, number, care, bytes } = sent;
        if chance.u8(0..100) < weather.lost_pct {
            if !care.is_ordered() {
                return true;
            }
            // Nearly all of these the transport sends again: they are only late.
            self.push(now + 2 * weather.delay_ms_max, number, care, bytes);
            return chance.u16(0..1_000) > 0;
        }
        let late = |chance: &mut fastrand::Rng| now + chance.i64(1..=weather.delay_ms_max);
        if care != Care::First && chance.u8(0..100) < weather.doubled_pct {
            self.push(late(chance), number, care, bytes.clone());
        }
        self.push(late(chance), number, care, bytes);
        true
    }

    fn push(&mut self, mut due: i64, number: u64, care: Care, bytes: Vec<u8>) {
        if care.is_ordered() {
            due = due.max(self.ordered_until);
            self.ordered_until = due;
        }
        self.flights.push(Flight { due, number, care, bytes });
    }

    /// The next message that is due, if one is.
    fn pop(&mut self, now: i64) -> Option<Flight> {
        let due = self.flights.iter().enumerate().filter(|(_, flight)| flight.due <= now);
        let (first, _) = due.min_by_key(|(place, flight)| (flight.due, flight.number, *place))?;
        Some(self.flights.remove(first))
    }
}

impl Connection {
    /// The line is cut. Whatever is on its way may still arrive; the ends notice in their time.
    pub(crate) fn cut(&mut self, now: i64, chance: &mut fastrand::Rng) {
        for end in [&mut self.store_end, &mut self.hq_end] {
            let after = chance.i64(0..UNNOTICED_MS_MAX);
            if *end == End::Open {
                *end = End::Doomed(now + after);
            }
        }
    }

    /// Whether messages that are sent now can arrive.
    pub(crate) fn is_whole(&self) -> bool {
        self.store_end == End::Open && self.hq_end == End::Open
    }
}

impl Network {
    pub(crate) fn open(&mut self, store: usize) -> u64 {
        self.numbers += 1;
        let (up, down) = (Pipe::default(), Pipe::default());
        let (store_end, hq_end) = (End::Open, End::Open);
        self.connections.insert(self.numbers, Connection { store, store_end, hq_end, up, down });
        self.numbers
    }

    pub(crate) fn send_up(
        &mut self,
        connection: u64,
        message: &ToHq,
        (now, weather): (i64, Weather),
        chance: &mut fastrand::Rng,
    ) {
        let care = match message {
            ToHq::Hello(_) => Care::First,
            ToHq::Doc { .. } => Care::Ordered,
            ToHq::Batch(_) => Care::Loose,
            ToHq::Presence(_) => Care::Idle,
        };
        let (care, bytes) = (care, message.encode());
        self.send(connection, care, bytes, (now, weather), chance, |line| &mut line.up);
    }

    pub(crate) fn send_down(
        &mut self,
        connection: u64,
        message: &ToStore,
        (now, weather): (i64, Weather),
        chance: &mut fastrand::Rng,
    ) {
        let care = match message {
            ToStore::Welcome { .. } | ToStore::Refused { .. } => Care::First,
            ToStore::Doc { .. } => Care::Ordered,
            ToStore::Ack(_) | ToStore::Gap(_) | ToStore::Poke(_) => Care::Loose,
        };
        let (care, bytes) = (care, message.encode());
        self.send(connection, care, bytes, (now, weather), chance, |line| &mut line.down);
    }

    fn send(
        &mut self,
        connection: u64,
        care: Care,
        bytes: Vec<u8>,
        (now, weather): (i64, Weather),
        chance: &mut fastrand::Rng,
        pipe: impl FnOnce(&mut Connection) -> &mut Pipe,
    ) {
        self.numbers += 1;
        let number = self.numbers;
        let Some(line) = self.connections.get_mut(&connection) else { return };
        if !line.is_whole() {
            return;
        }
        if !pipe(line).send(Flight { due: now, number, care, bytes }, weather, chance) {
            line.cut(now, chance);
        }
    }

    /// The next message that arrives by `now` anywhere: its connection, whether it goes up, and
    /// its bytes.
    pub(crate) fn arrive(&mut self, now: i64) -> Option<(u64, bool, Vec<u8>)> {
        let next = self.connections.iter().flat_map(|(id, line)| {
            let of = |up: bool, pipe: &Pipe| {
                pipe.flights.iter().map(move |f| (f.due, f.number, *id, up)).min()
            };
            [of(true, &line.up), of(false, &line.down)]
        });
        let (due, _, id, up) = next.flatten().min()?;
        let line = self.connections.get_mut(&id).filter(|_| due <= now)?;
        let pipe = if up { &mut line.up } else { &mut line.down };
        pipe.pop(now).map(|flight| (id, up, flight.bytes))
    }

    /// What a frame says, for a reader of the trace.
    pub(crate) fn describe(up: bool, frame: &[u8]) -> String {
        let text = match up {
            true => format!("{:?}", ToHq::decode(frame)),
            false => format!("{:?}", ToStore::decode(frame)),
        };
        text.chars().take(140).collect()
    }

    /// Whether nothing is on its way that anybody waits for.
    pub(crate) fn is_quiet(&self) -> bool {
        let waited = |pipe: &Pipe| pipe.flights.iter().any(|flight| flight.care != Care::Idle);
        !self.connections.values().any(|line| waited(&line.up) || waited(&line.down))
    }
}

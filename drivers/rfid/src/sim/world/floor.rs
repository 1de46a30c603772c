//! The floor before a simulated reader, as somebody's hands move it: tags are carried out and in,
//! along the gate, or laid on a shelf too near, each at the pace of life.

use super::{Actor, Heading, Place, World};
use drivers_contract::twin::Sighting;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};

/// What somebody does with a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Carries it out to the street.
    Exit,
    /// Carries it in from the street.
    Enter,
    /// Carries it along the gate, inside the shop.
    Pass,
    /// Lays it on a shelf that the gate still sees; it stays.
    Shelf,
    /// Takes it away.
    Away,
}

/// How many tags may be on the floor: as many as a full cart and its shelves.
pub const TAGS_MAX: usize = 200;
/// How many steps may wait for the floor's thread.
const STEPS_MAX: usize = 64;
/// Where shelves stand across the gate, in metres, the best seen first.
const SHELVES_X: [f64; 9] = [0.0, 0.5, -0.5, 1.0, -1.0, 1.5, -1.5, 2.0, -2.0];

/// A floor; it ends when it is dropped.
pub struct Floor {
    steps: SyncSender<([u8; 12], Step)>,
}

impl Floor {
    /// A floor that nobody is on. `see` is handed what the antennas see, and must not block for
    /// long; what it does not take is not seen.
    ///
    /// # Errors
    /// If its thread cannot be made.
    pub fn new(see: impl FnMut(&[Sighting]) + Send + 'static) -> io::Result<Self> {
        let (steps, wanted) = sync_channel(STEPS_MAX);
        std::thread::Builder::new().name("sim-floor".into()).spawn(move || live(&wanted, see))?;
        Ok(Self { steps })
    }

    /// Lets somebody do this with a tag, from now on. A tag is in one place: what it did before
    /// ends.
    ///
    /// # Errors
    /// `WouldBlock` if too many steps wait already.
    pub fn step(&self, epc: [u8; 12], step: Step) -> io::Result<()> {
        self.steps.try_send((epc, step)).map_err(|error| match error {
            TrySendError::Full(_) => io::ErrorKind::WouldBlock.into(),
            TrySendError::Disconnected(_) => io::ErrorKind::BrokenPipe.into(),
        })
    }
}

fn live(wanted: &Receiver<([u8; 12], Step)>, mut see: impl FnMut(&[Sighting])) {
    let mut world = World::new(fastrand::u64(..), 0.0, Vec::new());
    let (mut seen, mut shelved) = (Vec::new(), 0);
    let mut begun = Instant::now();
    loop {
        // An empty floor costs nothing, and its time stands still.
        if world.tags() == 0 {
            let Ok((epc, step)) = wanted.recv() else { return };
            begin(&mut world, epc, step, &mut shelved);
            begun = Instant::now() - Duration::from_micros(world.now_us());
        }
        let due = begun + Duration::from_micros(world.now_us());
        match wanted.recv_timeout(due.saturating_duration_since(Instant::now())) {
            Ok((epc, step)) => {
                begin(&mut world, epc, step, &mut shelved);
                continue;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        world.step(&mut seen);
        let sightings: Vec<_> = seen.drain(..).map(|seen| seen.sighting).collect();
        if !sightings.is_empty() {
            see(&sightings);
        }
        let now = seconds(&world);
        world.retain(|actor| actor.is_still() || actor.way.last().is_some_and(|(at, _)| *at > now));
    }
}

fn seconds(world: &World) -> f64 {
    // Years in microseconds are exact in 52 bits.
    world.now_us() as f64 / 1e6
}

fn begin(world: &mut World, epc: [u8; 12], step: Step, shelved: &mut usize) {
    world.retain(|actor| actor.epc != epc);
    if world.tags() >= TAGS_MAX {
        return;
    }
    let now = seconds(world);
    let corner = |after: f64, x: f64, y: f64| (now + after, Place { x, y, z: 1.0 });
    let (heading, way) = match step {
        Step::Exit => (Heading::Out, vec![corner(0.1, 0.1, -2.2), corner(3.1, 0.1, 2.2)]),
        Step::Enter => (Heading::In, vec![corner(0.1, 0.1, 2.2), corner(3.1, 0.1, -2.2)]),
        Step::Pass => (Heading::Stayed, vec![corner(0.1, -4.0, -1.6), corner(6.1, 4.0, -1.6)]),
        Step::Shelf => {
            let x = SHELVES_X[*shelved % SHELVES_X.len()];
            *shelved += 1;
            // Near enough to be read in any air, and within the shop.
            (Heading::Stayed, vec![corner(0.0, x, -1.5)])
        }
        Step::Away => return,
    };
    world.add(Actor { epc, heading, way, body_db: 4.0, loss_db: 2.0 });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::world::scenario::epc;
    use std::sync::{Arc, Mutex};

    /// Antennas 1 and 2 look into the shop, 3 and 4 to the street.
    #[test]
    fn who_goes_out_is_seen_within_and_then_without() {
        let seen: Arc<Mutex<Vec<Sighting>>> = Arc::default();
        let eyes = seen.clone();
        let floor = Floor::new(move |sightings| eyes.lock().unwrap().extend_from_slice(sightings));
        let floor = floor.unwrap();
        floor.step(epc(1, 1), Step::Shelf).unwrap();
        floor.step(epc(1, 2), Step::Exit).unwrap();
        std::thread::sleep(Duration::from_millis(3_800));
        floor.step(epc(1, 1), Step::Away).unwrap();
        std::thread::sleep(Duration::from_millis(300));
        let before = seen.lock().unwrap().len();
        std::thread::sleep(Duration::from_millis(300));
        let seen = seen.lock().unwrap();
        assert_eq!(seen.len(), before, "the floor is empty again");
        let walker: Vec<_> = seen.iter().filter(|s| s.epc == epc(1, 2)).collect();
        let strongest = |wanted: [u16; 2]| {
            let reads = walker.iter().enumerate().filter(|(_, s)| wanted.contains(&s.antenna));
            reads.max_by_key(|(_, s)| s.rssi_cdbm).map(|(at, _)| at)
        };
        let (inner, outer) = (strongest([1, 2]).unwrap(), strongest([3, 4]).unwrap());
        assert!(inner < outer, "{inner} {outer} of {}", walker.len());
        assert!(seen.iter().any(|s| s.epc == epc(1, 1)), "the shelf is seen too");
    }
}

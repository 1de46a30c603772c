//! A world played in front of a simulated reader, at the pace of life.

use super::SimReader;
use super::world::World;
use drivers_contract::twin::RfidTwin;
use std::io;
use std::time::{Duration, Instant};

/// Plays so many seconds of a world.
///
/// # Errors
/// If nobody reads.
pub fn play(reader: &SimReader, world: &mut World, seconds: u64) -> io::Result<()> {
    reader.wait_reading()?;
    let (begun, from_us) = (Instant::now(), world.now_us());
    let mut seen = Vec::new();
    while world.now_us() < from_us + seconds * 1_000_000 {
        world.step(&mut seen);
        let due = begun + Duration::from_micros(world.now_us() - from_us);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let sightings: Vec<_> = seen.drain(..).map(|seen| seen.sighting).collect();
        if !sightings.is_empty() {
            reader.sight(&sightings)?;
        }
    }
    Ok(())
}

//! What an RFID reader sees: each tag once, with the antennas that saw it and how strong.

use drivers_contract::{DeviceUri, ReaderEvent, Stop, TagRead, TagSink};
use edge_domain::codes::epc::Epc;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How many tags are told apart; a full store room has fewer before one reader.
const TAGS_MAX: usize = 10_000;

/// A tag on an antenna.
#[derive(Clone, Copy)]
struct Sight {
    reads: u64,
    /// The strongest, in hundredths of dBm, where the reader tells.
    best_cdbm: Option<i16>,
}

/// Everything that was seen.
#[derive(Default)]
struct Seen {
    tags: BTreeMap<Vec<u8>, BTreeMap<u16, Sight>>,
    /// Reads of tags beyond the bound.
    beyond: u64,
}

/// Counts what a reader sees.
#[derive(Default)]
struct Counting(Mutex<Seen>);

impl Counting {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TagSink for Counting {
    fn read(&self, read: &TagRead<'_>) {
        let mut seen = self.seen();
        if seen.tags.len() >= TAGS_MAX && !seen.tags.contains_key(read.epc) {
            seen.beyond += 1;
            return;
        }
        let antennas = seen.tags.entry(read.epc.to_vec()).or_default();
        let sight = antennas.entry(read.antenna).or_insert(Sight { reads: 0, best_cdbm: None });
        sight.reads += u64::from(read.count);
        sight.best_cdbm = sight.best_cdbm.max(read.rssi_cdbm);
    }

    fn event(&self, event: &ReaderEvent) {
        match event {
            ReaderEvent::Online(info) => {
                let firmware = if info.firmware.is_empty() { "" } else { ", firmware " };
                println!("It reads ({}{firmware}{}).", info.protocol, info.firmware);
            }
            other => println!("The reader reports: {other:?}"),
        }
    }

    fn tick(&self, _now: Instant) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Lists the tags that a reader sees until told to stop.
pub(super) fn list(uri: &DeviceUri, time: Duration, stop: &Stop) -> anyhow::Result<()> {
    println!("Tags, for {} s:", time.as_secs());
    let counting = Counting::default();
    drivers_rfid::open(uri)?
        .run(&counting, stop)
        .map_err(|fault| anyhow::anyhow!("{fault}. {}", fault.advice()))?;
    let seen = counting.seen();
    lines(&seen).iter().for_each(|line| println!("{line}"));
    Ok(())
}

/// A line a tag: its EPC, what that means, and each antenna with its strongest read.
fn lines(seen: &Seen) -> Vec<String> {
    if seen.tags.is_empty() {
        return vec!["No tag was seen. Hold one before an antenna.".into()];
    }
    let mut lines: Vec<String> = seen.tags.iter().map(|(epc, at)| line(epc, at)).collect();
    lines.push(format!("{} tags", seen.tags.len()));
    if seen.beyond > 0 {
        lines.push(format!("and {} reads of further tags", seen.beyond));
    }
    lines
}

fn line(epc: &[u8], antennas: &BTreeMap<u16, Sight>) -> String {
    let hex: String = epc.iter().map(|byte| format!("{byte:02X}")).collect();
    let meaning = Epc::from_bytes(epc).map(|epc| format!(" {}", epc.identity_uri()));
    let sights = antennas.iter().map(|(antenna, sight)| {
        let strength = sight.best_cdbm.map_or_else(String::new, |cdbm| {
            format!(
                " {}{}.{} dBm",
                if cdbm < 0 { "-" } else { "" },
                cdbm.abs() / 100,
                cdbm.abs() % 100 / 10
            )
        });
        format!("antenna {antenna}{strength} ({} reads)", sight.reads)
    });
    let sights: Vec<String> = sights.collect();
    format!("{hex}{}: {}", meaning.unwrap_or_default(), sights.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_listed_once_with_its_strongest_reads() {
        let counting = Counting::default();
        let epc = [0x30, 0x34, 0x25, 0x7B, 0xF4, 0x68, 0xD4, 0x80, 0, 0, 0, 1];
        for (antenna, rssi_cdbm) in [(1, Some(-6_100)), (1, Some(-5_450)), (3, None)] {
            counting.read(&TagRead {
                epc: &epc,
                antenna,
                rssi_cdbm,
                phase: None,
                channel: None,
                reader_us: None,
                count: 1,
                at: Instant::now(),
            });
        }
        let said = lines(&counting.seen());
        assert!(said[0].starts_with("3034257BF468D48000000001 urn:epc:id:sgtin:"), "{said:?}");
        assert!(
            said[0].ends_with(": antenna 1 -54.5 dBm (2 reads), antenna 3 (1 reads)"),
            "{said:?}"
        );
        assert_eq!(said[1], "1 tags");
        assert!(lines(&Seen::default())[0].starts_with("No tag was seen"));
    }
}

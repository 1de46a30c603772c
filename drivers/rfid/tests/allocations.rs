//! A read costs no allocation: neither its message's way out of the stream nor its decoding.

use drivers_contract::twin::Sighting;
use drivers_rfid::llrp::{Frames, report};
use drivers_rfid::sim::{llrp, world::scenario::epc};
use std::time::Instant;

#[test]
fn a_read_allocates_nothing() {
    let sighting = |n: u16| Sighting {
        epc: epc(33_393, n.into()).to_vec(),
        antenna: 1 + n % 4,
        rssi_cdbm: -5_250,
        phase: n,
        channel: 1,
    };
    let stream: Vec<u8> = (0..200).flat_map(|n| llrp::report(&sighting(n))).collect();
    let (mut frames, now) = (Frames::default(), Instant::now());
    let mut round = || {
        let mut seen = 0;
        frames.push(&stream);
        while let Ok(Some(message)) = frames.pop() {
            report::read(message.body, now, &mut |read| seen += read.epc.len());
        }
        seen
    };
    assert_eq!(round(), 200 * 12, "the buffer is as large as it gets");
    let mut seen = 0;
    let counted = allocation_counter::measure(|| seen = round());
    assert_eq!((seen, counted.count_total), (200 * 12, 0));
}

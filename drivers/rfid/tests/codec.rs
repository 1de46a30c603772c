//! The codec against hostile bytes: whatever comes, it neither panics nor keeps more than it may.
//! `OUTPOST_CASES=10000000 cargo test --release -p drivers-rfid --test codec` tries as many.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

use drivers_contract::twin::Sighting;
use drivers_contract::{Fault, FaultCode, ReaderEvent, TagRead, TagSink};
use drivers_rfid::llrp::encode::Writer;
use drivers_rfid::llrp::frame::{Frames, MESSAGE_BYTES_MAX, peek};
use drivers_rfid::llrp::number::{message as m, parameter as p};
use drivers_rfid::llrp::{event, report, status};
use drivers_rfid::session::Session;
use drivers_rfid::sim::{cases, llrp};
use proptest::collection::vec;
use proptest::prelude::*;
use std::cell::RefCell;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

#[derive(Default)]
struct Sink {
    reads: RefCell<Vec<Sighting>>,
    events: RefCell<Vec<ReaderEvent>>,
}

impl TagSink for Sink {
    fn read(&self, read: &TagRead<'_>) {
        self.reads.borrow_mut().push(Sighting {
            epc: read.epc.to_vec(),
            antenna: read.antenna,
            rssi_cdbm: read.rssi_cdbm.unwrap_or_default(),
            phase: read.phase.unwrap_or_default(),
            channel: read.channel.unwrap_or_default(),
        });
    }

    fn event(&self, event: &ReaderEvent) {
        self.events.borrow_mut().push(event.clone());
    }

    fn tick(&self, _: Instant) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

fn sighting() -> impl Strategy<Value = Sighting> {
    let epc = prop_oneof![vec(any::<u8>(), 12), vec(any::<u8>(), 1..=62)];
    (epc, any::<u16>(), any::<i16>(), 0..4_096_u16, any::<u16>()).prop_map(
        |(epc, antenna, rssi_cdbm, phase, channel)| Sighting {
            epc,
            antenna,
            rssi_cdbm,
            phase,
            channel,
        },
    )
}

/// Custom parameters of nobody's, to be passed over by their length.
fn with_strangers(body: &[u8], stranger: &[u8]) -> Vec<u8> {
    let mut out = Writer::default();
    out.message(1, m::RO_ACCESS_REPORT, 1, |w| {
        let custom = |w: &mut Writer| {
            w.tlv(p::CUSTOM, |w| {
                w.u32(25_882);
                w.u32(9_999);
                w.raw(stranger);
            });
        };
        custom(w);
        w.tlv(p::TAG_REPORT_DATA, |w| {
            custom(w);
            w.raw(&body[4..]);
            custom(w);
        });
        w.tlv(500, |w| w.raw(stranger));
    });
    out.take()
}

fn all(bytes: &[u8]) -> Vec<Sighting> {
    let sink = Sink::default();
    let mut session = Session::new(true, Instant::now());
    session.on_bytes(bytes, Instant::now(), &sink).unwrap();
    assert_eq!(session.broken(), 0);
    sink.reads.into_inner()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn any_bytes_are_survived(bytes in vec(any::<u8>(), 0..400)) {
        let now = Instant::now();
        let mut tag = |read: &TagRead<'_>| assert!(read.epc.len() <= 62);
        report::read(&bytes, now, &mut tag);
        event::read(&bytes, &mut |_| {});
        let _ = status::check(&bytes);
        let info = status::capabilities(&bytes);
        prop_assert!(info.firmware.len() <= 240);
        let _ = Session::new(true, now).on_bytes(&bytes, now, &Sink::default());
    }

    #[test]
    fn any_change_of_a_good_stream_is_survived(
        sightings in vec(sighting(), 1..5),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes: Vec<u8> = sightings.iter().flat_map(llrp::report).collect();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let (now, sink) = (Instant::now(), Sink::default());
        let mut session = Session::new(false, now);
        if let Err(Fault { code, .. }) = session.on_bytes(&bytes, now, &sink) {
            prop_assert!(matches!(code, FaultCode::Protocol | FaultCode::Offline
                | FaultCode::Claimed | FaultCode::Failure));
        }
    }

    #[test]
    fn pieces_do_not_matter(
        sightings in vec(sighting(), 0..6),
        cuts in vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let bytes: Vec<u8> = sightings.iter().flat_map(llrp::report).collect();
        let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        at.extend([0, bytes.len()]);
        at.sort_unstable();
        let (now, sink) = (Instant::now(), Sink::default());
        let mut session = Session::new(true, now);
        for pair in at.windows(2) {
            session.on_bytes(&bytes[pair[0]..pair[1]], now, &sink).unwrap();
        }
        prop_assert_eq!(sink.reads.into_inner(), sightings);
    }

    #[test]
    fn strangers_are_passed_over_by_their_length(
        sighting in sighting(),
        stranger in vec(any::<u8>(), 0..40),
    ) {
        let whole = llrp::report(&sighting);
        prop_assert_eq!(all(&with_strangers(&whole[10..], &stranger)), vec![sighting]);
    }

    #[test]
    fn what_waits_is_bounded(pieces in vec(vec(any::<u8>(), 0..2_000), 0..12)) {
        let mut frames = Frames::default();
        for piece in &pieces {
            frames.push(piece);
            loop {
                match frames.pop() {
                    Ok(Some(_)) => {}
                    Ok(None) => break,
                    Err(_) => return Ok(()),
                }
            }
            prop_assert!(frames.waiting() < MESSAGE_BYTES_MAX);
        }
    }
}

#[test]
fn an_empty_report_is_legal_and_a_giant_is_not() {
    let mut out = Writer::default();
    out.message(1, m::RO_ACCESS_REPORT, 1, |_| {});
    assert_eq!(all(&out.take()), []);
    let mut giant = [4, 61, 0, 0, 0, 0, 0, 0, 0, 1];
    giant[2..6].copy_from_slice(&u32::MAX.to_be_bytes());
    assert!(peek(&giant).is_err(), "it would wait for four gigabytes");
    giant[2..6].copy_from_slice(&9_u32.to_be_bytes());
    assert!(peek(&giant).is_err(), "shorter than its own header");
}

/// A pulse is bounded in time, whatever is asked for, and a longer one is not cut short.
#[test]
fn a_pulse_is_bounded_in_virtual_time() {
    let sink = Sink::default();
    let mut now = Instant::now();
    let twin = drivers_rfid::sim::SimConfig { impinj: false, ..Default::default() };
    let mut talk = drivers_rfid::sim::llrp::Wire::new(twin, now);
    let mut session = Session::new(true, now);
    assert!(session.pulse(1, Duration::from_secs(1), now).is_err(), "not before it reads");
    while !session.is_reading() {
        now += Duration::from_millis(1);
        session.on_bytes(&talk.to_client(now), now, &sink).unwrap();
        talk.to_reader(&session.take_tx(), now);
    }
    assert!(session.pulse(9, Duration::from_secs(1), now).is_err(), "there is no ninth output");
    session.pulse(1, Duration::from_secs(3_600), now).unwrap();
    session.pulse(1, Duration::from_secs(1), now).unwrap();
    let begun = now;
    while now < begun + Duration::from_secs(20) {
        now += Duration::from_millis(100);
        session.on_bytes(&talk.to_client(now), now, &sink).unwrap();
        session.on_tick(now).unwrap();
        talk.to_reader(&session.take_tx(), now);
    }
    let changes = talk.outputs();
    assert_eq!(
        changes.iter().map(|(port, on, _)| (*port, *on)).collect::<Vec<_>>(),
        [(1, true), (1, false)]
    );
    let lit = changes[1].2 - changes[0].2;
    let most = drivers_contract::output::PULSE_MAX;
    assert!(lit <= most && lit + Duration::from_millis(300) > most, "{lit:?}");
}

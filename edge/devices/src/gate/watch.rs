//! A gate at work: one thread a reader, its reads followed, its decisions acted on at once and
//! written down after.

use super::figures::Verdict;
use super::lamps::Lamps;
use super::sold::Leave;
use super::track::{Sample, Side};
use super::tracker::{Direction, Passage, Tracker};
use crate::board::Board;
use crate::scanning::{BACKOFF, jittered, next};
use crate::{DeviceConfig, House};
use drivers_contract::{
    DeviceUri, Fault, GateSides, ReaderEvent, RfidReader, Stop, TagRead, TagSink,
};
use edge_domain::codes::epc::Epc;
use edge_domain::codes::piece::Piece;
use edge_ledger::LedgerError;
use edge_ledger::gate::{GateEvent, GateTag};
use serde_json::json;
use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

/// A reader's strength where it tells none: near enough, so that order alone decides.
const UNTOLD_CDBM: i16 = -5_500;
/// Sightings that are kept in the scratch store before it is emptied.
const SIGHTINGS_MAX: usize = 20_000;

/// What a gate's thread has at hand.
pub(crate) struct Watch<'a> {
    pub(crate) config: &'a DeviceConfig,
    pub(crate) index: usize,
    pub(crate) board: &'a Board,
    pub(crate) house: &'a House,
    pub(crate) lamps: &'a Arc<Lamps>,
}

struct Sink<'a> {
    watch: &'a Watch<'a>,
    sides: GateSides,
    tracker: RefCell<Tracker>,
    begun: Instant,
    down: &'a Cell<bool>,
    /// What is written down once the lamp's command is on its way.
    after: RefCell<Vec<Decided>>,
}

/// A passage, and the piece that alarmed.
type Decided = (Passage, Option<GateTag>);

/// Runs a reader until told to stop, again with patience whenever it ends.
pub(crate) fn run(mut reader: Box<dyn RfidReader>, watch: &Watch<'_>, stop: &Stop) {
    let sides = match &watch.config.uri {
        DeviceUri::ReaderLlrp { sides, .. } | DeviceUri::ReaderMqtt { sides, .. } => sides.clone(),
        _ => GateSides::default(),
    };
    let mut backoff = BACKOFF.0;
    let down = Cell::new(false);
    while !stop.is_stopped() {
        let opened = Instant::now();
        let sink = Sink {
            watch,
            sides: sides.clone(),
            tracker: RefCell::default(),
            begun: opened,
            down: &down,
            after: RefCell::default(),
        };
        let ended = reader.run(&sink, stop);
        sink.write_down();
        if let Err(fault) = ended {
            watch.silent(&fault, &down);
            watch.board.fault(watch.index, fault);
        }
        backoff = next(backoff, opened.elapsed());
        let _ = stop.wait(jittered(backoff));
    }
}

impl TagSink for Sink<'_> {
    fn read(&self, read: &TagRead<'_>) {
        let gate = &self.watch.house.gate;
        gate.figures.read(read.count);
        gate.collections.read(&self.watch.config.id, read.epc);
        let side = if self.sides.inner.contains(&read.antenna) {
            Side::Inner
        } else if self.sides.outer.contains(&read.antenna) {
            Side::Outer
        } else {
            return; // an antenna elsewhere, as over the till
        };
        let sample = Sample {
            at_ms: self.ms(read.at),
            side,
            antenna: read.antenna,
            cdbm: read.rssi_cdbm.unwrap_or(UNTOLD_CDBM),
            phase: read.phase.zip(read.channel),
        };
        if let Some(passage) = self.tracker.borrow_mut().read(read.epc, &sample) {
            self.passed(passage);
        }
    }

    fn event(&self, event: &ReaderEvent) {
        let device = &self.watch.config.id;
        match event {
            ReaderEvent::Online(info) => {
                tracing::info!(device, protocol = %info.protocol, firmware = %info.firmware,
                    antennas = info.antennas, "the reader reads");
                self.watch.board.online(self.watch.index);
                if self.down.replace(false) {
                    self.watch.note("reader_back", None, None);
                }
            }
            ReaderEvent::BufferOverflow => {
                self.watch.house.gate.figures.lost();
                tracing::warn!(device, "the reader's buffer ran over: reads were lost");
            }
            other => tracing::warn!(device, event = ?other, "the reader reports"),
        }
    }

    fn tick(&self, now: Instant) -> ControlFlow<()> {
        self.write_down();
        let now_ms = self.ms(now);
        self.tracker.borrow_mut().tick(now_ms, &mut |passage| self.passed(passage));
        ControlFlow::Continue(())
    }
}

impl Sink<'_> {
    fn passed(&self, passage: Passage) {
        let tag = self.watch.passed(&passage);
        self.after.borrow_mut().push((passage, tag));
    }

    /// The driver calls [`TagSink::tick`] when what the reads decided has gone out to the lamps.
    fn write_down(&self) {
        for (passage, tag) in self.after.take() {
            self.watch.write_down(&passage, tag);
        }
    }

    /// The tracker's clock: never below the window's length, so that nothing lies before it.
    fn ms(&self, at: Instant) -> u64 {
        let since = at.saturating_duration_since(self.begun).as_millis();
        10_000 + u64::try_from(since).unwrap_or(u64::MAX / 2)
    }
}

impl Watch<'_> {
    fn gate(&self) -> &str {
        self.config.station.as_deref().unwrap_or(&self.config.id)
    }

    /// A tag passed. What has to be lit is lit before anything is written; the piece that alarmed
    /// comes back.
    fn passed(&self, passage: &Passage) -> Option<GateTag> {
        if passage.direction != Direction::Out {
            return None;
        }
        let (verdict, tag) = self.judge(passage);
        self.house.gate.figures.verdict(verdict);
        let alarmed = tag.filter(|_| verdict == Verdict::Alarm);
        if alarmed.is_some() {
            self.lamps.light(self.gate(), self.house.gate.pulse, self.board);
        }
        alarmed
    }

    fn write_down(&self, passage: &Passage, alarmed: Option<GateTag>) {
        self.sighted(passage);
        if let Some(tag) = alarmed {
            tracing::warn!(gate = self.gate(), epc = %tag.epc_uri, sku = %tag.sku,
                "something leaves that was not paid for");
            self.note("alarm", Some(tag), Some(evidence(passage)));
        }
    }

    fn judge(&self, passage: &Passage) -> (Verdict, Option<GateTag>) {
        let foreign = (Verdict::Foreign, None);
        let Ok(epc) = Epc::from_bytes(passage.epc.bytes()) else { return foreign };
        let Some(piece) = Piece::of_epc(&epc) else { return foreign };
        let gate = &self.house.gate;
        match gate.may_leave.why(&piece) {
            Some(Leave::Paid) => return (Verdict::Paid, None),
            Some(Leave::Exempt) => return (Verdict::Exempt, None),
            None => {}
        }
        let item = self.house.ledger.read::<_, LedgerError>(|view| view.item_by_gtin(piece.gtin));
        let item = match item {
            Ok(Some(row)) if row.item.details.serialised => row.item,
            // Not of this shop, or an item whose pieces nobody tells apart.
            Ok(_) => return foreign,
            Err(error) => {
                tracing::error!(%error, "the gate cannot ask whose tag this is");
                return foreign;
            }
        };
        if !gate.first_alarm(&passage.epc, Instant::now()) {
            return (Verdict::Repeated, None);
        }
        let tag = GateTag {
            epc: epc.to_hex(),
            epc_uri: epc.identity_uri(),
            gtin: piece.gtin,
            serial: piece.serial,
            sku: item.sku.to_string(),
            name: item.name,
        };
        (Verdict::Alarm, Some(tag))
    }

    /// The reader is gone or says nothing: while it is, whatever leaves is not seen.
    fn silent(&self, fault: &Fault, down: &Cell<bool>) {
        if !down.replace(true) {
            let why = json!({ "code": fault.code.as_str(), "detail": fault.detail });
            self.note("reader_silent", None, Some(why.to_string()));
        }
    }

    fn note(&self, kind: &str, tag: Option<GateTag>, evidence: Option<String>) {
        let (gate, device) = (self.gate().to_owned(), self.config.id.clone());
        let (kind, keep_ms) = (kind.to_owned(), self.house.gate.keep_ms);
        // Nobody waits for it: the lamp is lit already.
        drop(self.house.ledger.submit::<(), LedgerError>(None, move |tx| {
            let (id, at) = (tx.mint(), tx.now());
            tx.note_gate(&GateEvent { id, seq: 0, gate, kind, at, device, tag, evidence }, keep_ms)
        }));
    }

    /// The last passage of each tag, in the scratch store: may be lost, and is bounded.
    fn sighted(&self, passage: &Passage) {
        let Some(scratch) = &self.house.scratch else { return };
        let Ok(sightings) = scratch.open_tree("sightings") else { return };
        if self.house.gate.count_sighting().is_multiple_of(SIGHTINGS_MAX) {
            let _ = sightings.clear();
        }
        let now = self.house.ledger.settings().clock.now().as_millis();
        let seen =
            json!({ "gate": self.gate(), "direction": passage.direction.as_str(), "at": now });
        let _ = sightings.insert(passage.epc.bytes(), seen.to_string().as_bytes());
    }
}

/// What a passage was decided by, in sums.
fn evidence(passage: &Passage) -> String {
    let evidence = &passage.evidence;
    let side = |profile: &super::track::Profile| {
        json!({
            "reads": profile.count,
            "peak_cdbm": profile.peak_cdbm,
            "peak_ms": profile.peak_ms.saturating_sub(evidence.first_ms),
            "centre_ms": profile.centre_ms.saturating_sub(evidence.first_ms),
            "recent_cdbm": profile.recent_cdbm,
        })
    };
    json!({
        "direction": passage.direction.as_str(),
        "inner": side(&evidence.inner),
        "outer": side(&evidence.outer),
        "phase_motion": evidence.motion,
        "dwell_ms": passage.at_ms.saturating_sub(evidence.first_ms),
        "reads": evidence.reads,
        "while_read": evidence.while_read,
        "was_chatter": evidence.was_chatter,
    })
    .to_string()
}

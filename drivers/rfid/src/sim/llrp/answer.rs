//! What the simulated reader answers, without I/O.

use std::time::{Duration, Instant};

use drivers_contract::twin::Sighting;

use super::SimConfig;
use crate::llrp::encode::Writer;
use crate::llrp::number::{VERSION_1_0_1, impinj, message as m, parameter as p, status};
use crate::llrp::param::{Params, custom, u16_at, u32_at};
use crate::llrp::{Frames, Header};

/// How many of its client's messages it remembers: a test's, not a week of life signs.
const ASKED_KEPT: usize = 10_000;

/// The reader's memory and voice.
pub(super) struct Engine {
    config: SimConfig,
    frames: Frames,
    out: Writer,
    version: u8,
    extended: bool,
    /// Our client's specification: whether it is enabled, and whether it reads.
    rospec: Option<(u32, bool, bool)>,
    /// Whether its report wants Impinj's fields.
    rich: bool,
    keepalive: Option<(Duration, Instant)>,
    /// Outputs: on, and when a pulse of the reader's own ends.
    levels: Vec<(bool, Option<Instant>)>,
    /// Pulse lengths of outputs in pulsed mode.
    pulses: Vec<Option<Duration>>,
    id: u32,
    uptime_us: u64,
    pub(super) changes: Vec<(u16, bool, Instant)>,
    pub(super) asked: Vec<u16>,
}

impl Engine {
    pub(super) fn new(config: SimConfig) -> Self {
        let outputs = usize::from(config.outputs);
        Self {
            config,
            frames: Frames::default(),
            out: Writer::default(),
            version: VERSION_1_0_1,
            extended: false,
            rospec: None,
            rich: false,
            keepalive: None,
            levels: vec![(false, None); outputs],
            pulses: vec![None; outputs],
            id: 0,
            uptime_us: 0,
            changes: Vec::new(),
            asked: Vec::new(),
        }
    }

    /// What a second client hears before it is hung up on.
    pub(super) fn taken() -> Vec<u8> {
        let mut out = Writer::default();
        connection_attempt(&mut out, 2);
        out.take()
    }

    pub(super) fn connected(&mut self, now: Instant) {
        self.frames = Frames::default();
        self.version = VERSION_1_0_1;
        self.extended = false;
        self.keepalive = self.keepalive.map(|(period, _)| (period, now + period));
        let _ = self.out.take();
        connection_attempt(&mut self.out, 0);
    }

    /// The specification stays, and so do the outputs; it reads no further.
    pub(super) fn disconnected(&mut self) {
        if let Some((_, _, reads)) = &mut self.rospec {
            *reads = false;
        }
        let _ = self.out.take();
    }

    pub(super) fn is_reading(&self) -> bool {
        self.rospec.is_some_and(|(_, _, reads)| reads)
    }

    pub(super) fn end_reading(&mut self) {
        if let Some((id, _, reads)) = &mut self.rospec {
            *reads = false;
            let id = *id;
            self.notify(|w| {
                w.tlv(p::ROSPEC_EVENT, |w| {
                    w.u8(1);
                    w.u32(id);
                    w.u32(0);
                });
            });
        }
    }

    pub(super) fn overflow(&mut self) {
        self.notify(|w| w.tlv(p::REPORT_BUFFER_LEVEL_WARNING, |w| w.u8(95)));
        self.notify(|w| w.tlv(p::REPORT_BUFFER_OVERFLOW, |_| {}));
    }

    pub(super) fn take_tx(&mut self) -> Vec<u8> {
        self.out.take()
    }

    pub(super) fn tick(&mut self, now: Instant) {
        for port in 1..=self.config.outputs {
            let (on, until) = self.levels[usize::from(port) - 1];
            if on && until.is_some_and(|until| until <= now) {
                self.set(port, false, now);
            }
        }
        if let Some((period, due)) = self.keepalive
            && due <= now
        {
            self.keepalive = Some((period, now + period));
            let id = self.next_id();
            self.out.message(self.version, m::KEEPALIVE, id, |_| {});
        }
    }

    pub(super) fn force_output(&mut self, port: u16, on: bool) {
        self.set(port, on, Instant::now());
    }

    fn set(&mut self, port: u16, on: bool, now: Instant) {
        let Some(level) = self.levels.get_mut(usize::from(port.saturating_sub(1))) else { return };
        let pulse = self.pulses[usize::from(port) - 1];
        let until = pulse.filter(|_| on).map(|time| now + time);
        if level.0 != on {
            self.changes.push((port, on, now));
        }
        *level = (on, until);
    }

    pub(super) fn sight(&mut self, sightings: &[Sighting]) {
        for sighting in sightings {
            self.uptime_us += 900;
            let (id, uptime, rich) = (self.next_id(), self.uptime_us, self.rich);
            self.out.message(self.version, m::RO_ACCESS_REPORT, id, |w| {
                w.tlv(p::TAG_REPORT_DATA, |w| tag(w, sighting, uptime, rich));
            });
        }
    }

    /// Answers what came. False where the connection ends.
    pub(super) fn on_bytes(&mut self, bytes: &[u8], now: Instant) -> bool {
        let mut frames = std::mem::take(&mut self.frames);
        frames.push(bytes);
        let goes_on = loop {
            match frames.pop() {
                Ok(None) => break true,
                Ok(Some(message)) => {
                    if self.asked.len() < ASKED_KEPT {
                        self.asked.push(message.header.kind);
                    }
                    if !self.answer(message.header, message.body, now) {
                        break false;
                    }
                }
                Err(_) => break false,
            }
        };
        self.frames = frames;
        goes_on
    }

    fn answer(&mut self, header: Header, body: &[u8], now: Instant) -> bool {
        let Header { kind, id, .. } = header;
        if header.version > self.config.version {
            self.reply(m::ERROR_MESSAGE, id, status::UNSUPPORTED_VERSION, |_| {});
            return true;
        }
        let rospec = u32_at(body, 0).unwrap_or_default();
        match kind {
            m::KEEPALIVE_ACK => {}
            m::GET_SUPPORTED_VERSION => {
                let (current, most) = (self.version, self.config.version);
                self.out.message(2, m::GET_SUPPORTED_VERSION_RESPONSE, id, |w| {
                    w.u8(current);
                    w.u8(most);
                    success(w, status::SUCCESS);
                });
            }
            m::SET_PROTOCOL_VERSION => {
                self.version = body.first().copied().unwrap_or(VERSION_1_0_1);
                self.reply(m::SET_PROTOCOL_VERSION_RESPONSE, id, status::SUCCESS, |_| {});
            }
            m::GET_READER_CAPABILITIES => self.capabilities(id),
            m::CUSTOM_MESSAGE if self.config.impinj => {
                self.extended = true;
                self.out.message(self.version, m::CUSTOM_MESSAGE, id, |w| {
                    w.u32(impinj::VENDOR);
                    w.u8(impinj::ENABLE_EXTENSIONS_RESPONSE);
                    success(w, status::SUCCESS);
                });
            }
            m::DELETE_ROSPEC => {
                self.rospec = None;
                self.reply(m::DELETE_ROSPEC_RESPONSE, id, status::SUCCESS, |_| {});
            }
            m::SET_READER_CONFIG => self.configure(id, body, now),
            m::ADD_ROSPEC => self.add(id, body),
            m::ENABLE_ROSPEC => {
                let known = self.rospec.as_mut().filter(|(known, ..)| *known == rospec);
                let code = known.map_or(status::FIELD_ERROR, |spec| {
                    spec.1 = true;
                    status::SUCCESS
                });
                self.reply(m::ENABLE_ROSPEC_RESPONSE, id, code, |_| {});
            }
            m::START_ROSPEC => {
                let known = self.rospec.as_mut().filter(|(known, on, _)| *known == rospec && *on);
                let code = known.map_or(status::FIELD_ERROR, |spec| {
                    spec.2 = true;
                    status::SUCCESS
                });
                self.reply(m::START_ROSPEC_RESPONSE, id, code, |_| {});
            }
            m::CLOSE_CONNECTION => {
                self.reply(m::CLOSE_CONNECTION_RESPONSE, id, status::SUCCESS, |_| {});
                return false;
            }
            _ => self.reply(m::ERROR_MESSAGE, id, status::UNSUPPORTED_MESSAGE, |_| {}),
        }
        true
    }

    /// A specification lies in a slot that must be free, as in a reader that keeps it.
    fn add(&mut self, id: u32, body: &[u8]) {
        let spec = Params::of(body).find(p::ROSPEC).map(|spec| spec.value).unwrap_or_default();
        let set_air = contains(spec, p::ANTENNA_CONFIGURATION);
        let asks_rich = body.windows(4).any(|four| four == impinj::VENDOR.to_be_bytes());
        let refused = self.rospec.is_some()
            || (set_air && !self.config.gen2)
            || (asks_rich && !self.extended);
        let code = if refused { status::FIELD_ERROR } else { status::SUCCESS };
        if !refused {
            self.rospec = u32_at(spec, 0).map(|id| (id, false, false));
            self.rich = asks_rich;
        }
        self.reply(m::ADD_ROSPEC_RESPONSE, id, code, |_| {});
    }

    fn configure(&mut self, id: u32, body: &[u8], now: Instant) {
        let params = body.get(1..).unwrap_or_default();
        let mut code = status::SUCCESS;
        for param in Params::of(params) {
            if let Some((impinj::VENDOR, impinj::ADVANCED_GPO_CONFIGURATION, value)) =
                custom(&param)
            {
                let port = usize::from(u16_at(value, 0).unwrap_or_default());
                let pulsed = u16_at(value, 2) == Some(impinj::GPO_MODE_PULSED);
                let time = u32_at(value, 4).filter(|_| pulsed && self.extended);
                if let Some(pulse) = port.checked_sub(1).and_then(|at| self.pulses.get_mut(at)) {
                    *pulse = time.map(|ms| Duration::from_millis(ms.into()));
                }
            }
        }
        for param in Params::of(params) {
            match param.kind {
                p::KEEPALIVE_SPEC => {
                    let period = u32_at(param.value, 1).filter(|_| param.value[0] == 1);
                    let period = period.map(|ms| Duration::from_millis(ms.into()));
                    self.keepalive = period.map(|period| (period, now + period));
                }
                p::GPO_WRITE_DATA => {
                    let port = u16_at(param.value, 0).unwrap_or_default();
                    if port == 0 || port > self.config.outputs {
                        code = status::FIELD_ERROR;
                    } else {
                        let on = param.value.get(2).is_some_and(|bits| bits & 0x80 != 0);
                        self.set(port, on, now);
                    }
                }
                _ => {}
            }
        }
        self.reply(m::SET_READER_CONFIG_RESPONSE, id, code, |_| {});
    }

    fn capabilities(&mut self, id: u32) {
        let (impinj, outputs) = (self.config.impinj, self.config.outputs);
        self.reply(m::GET_READER_CAPABILITIES_RESPONSE, id, status::SUCCESS, |w| {
            w.tlv(p::GENERAL_DEVICE_CAPABILITIES, |w| {
                w.u16(4);
                w.u16(0x4000); // it has a clock
                w.u32(if impinj { impinj::VENDOR } else { 10_642 });
                w.u32(2_001_002);
                let firmware = "7.6.1.240";
                w.u16(u16::try_from(firmware.len()).unwrap_or_default());
                w.raw(firmware.as_bytes());
                w.tlv(139, |w| w.u32(0x0001_0000)); // a sensitivity table of one
                w.tlv(p::GPIO_CAPABILITIES, |w| {
                    w.u16(4);
                    w.u16(outputs);
                });
            });
        });
    }

    fn notify(&mut self, event: impl FnOnce(&mut Writer)) {
        let (id, uptime, version) = (self.next_id(), self.uptime_us, self.version);
        notification(&mut self.out, version, id, uptime, event);
    }

    fn reply(&mut self, kind: u16, id: u32, code: u16, more: impl FnOnce(&mut Writer)) {
        self.out.message(self.version, kind, id, |w| {
            success(w, code);
            more(w);
        });
    }

    fn next_id(&mut self) -> u32 {
        self.id = self.id.wrapping_add(1);
        self.id
    }
}

/// Whether a parameter of this type lies in some bytes, at any depth that a reader looks at.
fn contains(spec: &[u8], kind: u16) -> bool {
    let head = kind.to_be_bytes();
    spec.windows(4).any(|four| four[..2] == head && four[2] == 0 && four[3] >= 4)
}

fn connection_attempt(out: &mut Writer, code: u16) {
    notification(out, VERSION_1_0_1, 0, 0, |w| w.tlv(p::CONNECTION_ATTEMPT_EVENT, |w| w.u16(code)));
}

fn notification(
    out: &mut Writer,
    version: u8,
    id: u32,
    uptime: u64,
    event: impl FnOnce(&mut Writer),
) {
    out.message(version, m::READER_EVENT_NOTIFICATION, id, |w| {
        w.tlv(p::READER_EVENT_NOTIFICATION_DATA, |w| {
            w.tlv(p::UTC_TIMESTAMP, |w| w.u64(uptime));
            event(w);
        });
    });
}

fn success(w: &mut Writer, code: u16) {
    w.tlv(p::LLRP_STATUS, |w| {
        w.u16(code);
        w.u16(0);
    });
}

/// One `TagReportData`, with the fields that the client selects.
pub(crate) fn tag(w: &mut Writer, sighting: &Sighting, uptime_us: u64, rich: bool) {
    match <&[u8; 12]>::try_from(sighting.epc.as_slice()) {
        Ok(epc) => {
            w.tv(p::EPC_96);
            w.raw(epc);
        }
        Err(_) => w.tlv(p::EPC_DATA, |w| {
            w.u16(u16::try_from(sighting.epc.len() * 8).unwrap_or(u16::MAX));
            w.raw(&sighting.epc);
        }),
    }
    w.tv(p::ANTENNA_ID);
    w.u16(sighting.antenna);
    w.tv(p::PEAK_RSSI);
    w.u8(i8::try_from(sighting.rssi_cdbm / 100).unwrap_or(i8::MIN).cast_unsigned());
    w.tv(p::CHANNEL_INDEX);
    w.u16(sighting.channel);
    w.tv(p::LAST_SEEN_UTC);
    w.u64(uptime_us);
    w.tv(p::TAG_SEEN_COUNT);
    w.u16(1);
    if rich {
        w.impinj(impinj::RF_PHASE_ANGLE, |w| w.u16(sighting.phase));
        w.impinj(impinj::PEAK_RSSI, |w| w.u16(sighting.rssi_cdbm.cast_unsigned()));
    }
}

/// A report of one tag as an Impinj reader sends it: for benches and tests.
#[must_use]
pub fn report(sighting: &Sighting) -> Vec<u8> {
    let mut out = Writer::default();
    out.message(VERSION_1_0_1, m::RO_ACCESS_REPORT, 7, |w| {
        w.tlv(p::TAG_REPORT_DATA, |w| tag(w, sighting, 1_700_000_000_000_000, true));
    });
    out.take()
}

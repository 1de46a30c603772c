//! Messages to a reader, and the twin's to its client.

use super::number::{impinj, message as m, parameter as p};
use std::time::Duration;

/// Our one `ROSpec`.
pub const ROSPEC: u32 = 1;

/// Writes messages one behind the other.
#[derive(Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// What was written; the writer is empty then.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    /// Whether nothing was written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// A message with a body.
    pub fn message(&mut self, version: u8, kind: u16, id: u32, body: impl FnOnce(&mut Self)) {
        let from = self.bytes.len();
        self.u16(u16::from(version) << 10 | kind);
        self.u32(0);
        self.u32(id);
        body(self);
        let length = u32::try_from(self.bytes.len() - from).unwrap_or(u32::MAX);
        self.bytes[from + 2..from + 6].copy_from_slice(&length.to_be_bytes());
    }

    /// A parameter with its length.
    pub fn tlv(&mut self, kind: u16, value: impl FnOnce(&mut Self)) {
        let from = self.bytes.len();
        self.u16(kind);
        self.u16(0);
        value(self);
        let length = u16::try_from(self.bytes.len() - from).unwrap_or(u16::MAX);
        self.bytes[from + 2..from + 4].copy_from_slice(&length.to_be_bytes());
    }

    /// The front of a parameter without a length.
    pub fn tv(&mut self, kind: u16) {
        self.u8(0x80 | u8::try_from(kind).unwrap_or(0x7f));
    }

    /// A custom parameter of Impinj's.
    pub fn impinj(&mut self, subtype: u32, value: impl FnOnce(&mut Self)) {
        self.tlv(p::CUSTOM, |w| {
            w.u32(impinj::VENDOR);
            w.u32(subtype);
            value(w);
        });
    }

    /// A byte.
    pub fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    /// Two bytes.
    pub fn u16(&mut self, value: u16) {
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    /// Four bytes.
    pub fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    /// Eight bytes.
    pub fn u64(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    /// Bytes as they are.
    pub fn raw(&mut self, value: &[u8]) {
        self.bytes.extend_from_slice(value);
    }
}

/// `SET_READER_CONFIG` at the beginning: keepalive, the events that we count, nothing held back,
/// and every output off: a lamp that a crash left on goes out with this.
pub fn configure(w: &mut Writer, version: u8, id: u32, keepalive: Duration, outputs: u16) {
    w.message(version, m::SET_READER_CONFIG, id, |w| {
        w.u8(0);
        w.tlv(p::READER_EVENT_NOTIFICATION_SPEC, |w| {
            // ROSpec, buffer warning, exception, antenna (section 13.2.5).
            for event in [2, 3, 4, 8] {
                w.tlv(p::EVENT_NOTIFICATION_STATE, |w| {
                    w.u16(event);
                    w.u8(0x80);
                });
            }
        });
        w.tlv(p::KEEPALIVE_SPEC, |w| {
            w.u8(1);
            w.u32(u32::try_from(keepalive.as_millis()).unwrap_or(u32::MAX));
        });
        for port in 1..=outputs {
            output_level(w, port, false);
        }
        w.tlv(p::EVENTS_AND_REPORTS, |w| w.u8(0));
    });
}

/// `SET_READER_CONFIG` that sets one output.
pub fn set_output(w: &mut Writer, version: u8, id: u32, port: u16, on: bool) {
    w.message(version, m::SET_READER_CONFIG, id, |w| {
        w.u8(0);
        output_level(w, port, on);
    });
}

/// `SET_READER_CONFIG` that lets an Impinj reader itself end the pulse that it begins.
pub fn pulse_output(w: &mut Writer, version: u8, id: u32, port: u16, time: Duration) {
    w.message(version, m::SET_READER_CONFIG, id, |w| {
        w.u8(0);
        output_level(w, port, true);
        w.impinj(impinj::ADVANCED_GPO_CONFIGURATION, |w| {
            w.u16(port);
            w.u16(impinj::GPO_MODE_PULSED);
            w.u32(u32::try_from(time.as_millis()).unwrap_or(u32::MAX));
        });
    });
}

fn output_level(w: &mut Writer, port: u16, on: bool) {
    w.tlv(p::GPO_WRITE_DATA, |w| {
        w.u16(port);
        w.u8(u8::from(on) << 7);
    });
}

/// `ADD_ROSPEC`: every antenna, for ever, a report for each tag. `gen2` asks for session 0, so
/// that a tag answers again and again while it is seen; `extended` for Impinj's phase and finer
/// strength.
pub fn add_rospec(w: &mut Writer, version: u8, id: u32, gen2: bool, extended: bool) {
    w.message(version, m::ADD_ROSPEC, id, |w| {
        w.tlv(p::ROSPEC, |w| {
            w.u32(ROSPEC);
            w.u8(0); // priority
            w.u8(0); // disabled, as it has to be
            w.tlv(p::RO_BOUNDARY_SPEC, |w| {
                w.tlv(p::ROSPEC_START_TRIGGER, |w| w.u8(0));
                w.tlv(p::ROSPEC_STOP_TRIGGER, |w| {
                    w.u8(0);
                    w.u32(0);
                });
            });
            w.tlv(p::AI_SPEC, |w| {
                w.u16(1);
                w.u16(0); // all antennas
                w.tlv(p::AI_SPEC_STOP_TRIGGER, |w| {
                    w.u8(0);
                    w.u32(0);
                });
                w.tlv(p::INVENTORY_PARAMETER_SPEC, |w| {
                    w.u16(1);
                    w.u8(1); // Gen2
                    if gen2 {
                        singulation(w);
                    }
                });
            });
            w.tlv(p::RO_REPORT_SPEC, |w| report_spec(w, extended));
        });
    });
}

fn singulation(w: &mut Writer) {
    w.tlv(p::ANTENNA_CONFIGURATION, |w| {
        w.u16(0);
        w.tlv(p::C1G2_INVENTORY_COMMAND, |w| {
            w.u8(0);
            w.tlv(p::C1G2_SINGULATION_CONTROL, |w| {
                w.u8(0); // session 0
                w.u16(32);
                w.u32(0);
            });
        });
    });
}

fn report_spec(w: &mut Writer, extended: bool) {
    w.u8(1); // upon N tags or the end of the AISpec
    w.u16(1);
    w.tlv(p::TAG_REPORT_CONTENT_SELECTOR, |w| {
        // Antenna, channel, peak RSSI, last seen, count.
        w.u16(0b0001_1101_1000_0000);
    });
    if extended {
        w.impinj(impinj::TAG_REPORT_CONTENT_SELECTOR, |w| {
            w.impinj(impinj::ENABLE_RF_PHASE_ANGLE, |w| w.u16(1));
            w.impinj(impinj::ENABLE_PEAK_RSSI, |w| w.u16(1));
        });
    }
}

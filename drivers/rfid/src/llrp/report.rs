//! Reports of tags, read in place: no byte is copied and nothing is allocated.

use super::number::{impinj, parameter as p};
use super::param::{Param, Params, custom, u16_at, u64_at};
use drivers_contract::TagRead;
use std::time::Instant;

/// Reads every tag of an `RO_ACCESS_REPORT`; an empty report is one of none. Answers how many
/// tags could not be read.
pub fn read(body: &[u8], at: Instant, tag: &mut impl FnMut(&TagRead<'_>)) -> u32 {
    let mut params = Params::of(body);
    let mut broken = 0;
    for param in params.by_ref() {
        if param.kind != p::TAG_REPORT_DATA {
            continue; // access results, surveys, what a vendor adds
        }
        match data(param.value, at) {
            Some(read) => tag(&read),
            None => broken += 1,
        }
    }
    broken + u32::from(params.is_broken())
}

/// One `TagReportData`. Fields that are not known are passed over by their length.
#[inline]
fn data(value: &[u8], at: Instant) -> Option<TagRead<'_>> {
    let mut params = Params::of(value);
    let mut read = TagRead {
        epc: &[],
        antenna: 0,
        rssi_cdbm: None,
        phase: None,
        channel: None,
        reader_us: None,
        count: 1,
        at,
    };
    let mut precise = false;
    for param in params.by_ref() {
        match param.kind {
            p::EPC_96 => read.epc = param.value,
            p::EPC_DATA => read.epc = epc(param.value)?,
            p::ANTENNA_ID => read.antenna = u16_at(param.value, 0)?,
            p::PEAK_RSSI if !precise => {
                let dbm = i16::from(param.value.first()?.cast_signed());
                read.rssi_cdbm = Some(dbm * 100);
            }
            p::CHANNEL_INDEX => read.channel = u16_at(param.value, 0),
            p::TAG_SEEN_COUNT => read.count = u16_at(param.value, 0)?,
            p::LAST_SEEN_UTC | p::LAST_SEEN_UPTIME => read.reader_us = u64_at(param.value, 0),
            p::FIRST_SEEN_UTC | p::FIRST_SEEN_UPTIME if read.reader_us.is_none() => {
                read.reader_us = u64_at(param.value, 0);
            }
            p::CUSTOM => extended(&param, &mut read, &mut precise),
            _ => {}
        }
    }
    (!read.epc.is_empty() && !params.is_broken()).then_some(read)
}

#[inline]
fn extended(param: &Param<'_>, read: &mut TagRead<'_>, precise: &mut bool) {
    match custom(param) {
        Some((impinj::VENDOR, impinj::RF_PHASE_ANGLE, value)) => read.phase = u16_at(value, 0),
        Some((impinj::VENDOR, impinj::PEAK_RSSI, value)) => {
            if let Some(cdbm) = u16_at(value, 0) {
                read.rssi_cdbm = Some(cdbm.cast_signed());
                *precise = true;
            }
        }
        _ => {}
    }
}

/// `EPCData`: its length in bits, and as many bytes as they need.
#[inline]
fn epc(value: &[u8]) -> Option<&[u8]> {
    let bits = usize::from(u16_at(value, 0)?);
    let epc = value.get(2..2 + bits.div_ceil(8))?;
    (epc.len() <= drivers_contract::rfid::EPC_BYTES_MAX).then_some(epc)
}

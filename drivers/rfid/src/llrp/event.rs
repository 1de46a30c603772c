//! Events: what a reader says without being asked.

use super::number::parameter as p;
use super::param::{Params, text_at, u16_at, u32_at};
use drivers_contract::ReaderEvent;

/// What an event means to the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The reader took the connection.
    Welcome,
    /// Another client has the reader (`ConnectionAttemptEvent` 1 and 2).
    Taken,
    /// The reader refuses for a reason of its own.
    Refused(u16),
    /// Somebody else knocked while we hold the reader.
    Knocked,
    /// The reader ends the connection.
    Closing,
    /// Our reading ended without our asking: it is started again.
    Ended(u32),
    /// Something for the owner.
    Tell(ReaderEvent),
}

/// Reads every notice of a `READER_EVENT_NOTIFICATION`.
pub fn read(body: &[u8], notice: &mut impl FnMut(Notice)) {
    let data = Params::of(body).find(p::READER_EVENT_NOTIFICATION_DATA);
    for param in Params::of(data.map_or(&[][..], |data| data.value)) {
        let value = param.value;
        let found = match param.kind {
            p::CONNECTION_ATTEMPT_EVENT => match u16_at(value, 0) {
                Some(0) => Some(Notice::Welcome),
                Some(1 | 2) => Some(Notice::Taken),
                Some(4) => Some(Notice::Knocked),
                other => Some(Notice::Refused(other.unwrap_or_default())),
            },
            p::CONNECTION_CLOSE_EVENT => Some(Notice::Closing),
            p::ROSPEC_EVENT => {
                let ended = matches!(value.first(), Some(1 | 2));
                u32_at(value, 1).filter(|_| ended).map(Notice::Ended)
            }
            p::REPORT_BUFFER_LEVEL_WARNING => {
                value.first().map(|level| Notice::Tell(ReaderEvent::BufferFilling(*level)))
            }
            p::REPORT_BUFFER_OVERFLOW => Some(Notice::Tell(ReaderEvent::BufferOverflow)),
            p::READER_EXCEPTION => {
                let words = text_at(value, 0).unwrap_or_default();
                let words = words.chars().filter(|c| !c.is_control()).take(200).collect();
                Some(Notice::Tell(ReaderEvent::Exception(words)))
            }
            p::ANTENNA_EVENT => match (value.first(), u16_at(value, 1)) {
                (Some(0), Some(antenna)) => Some(Notice::Tell(ReaderEvent::AntennaDown(antenna))),
                (Some(1), Some(antenna)) => Some(Notice::Tell(ReaderEvent::AntennaUp(antenna))),
                _ => None,
            },
            _ => None,
        };
        if let Some(found) = found {
            notice(found);
        }
    }
}

//! Every identifier of the house, in one file: UUIDv7 (RFC 9562, section 5.7) behind typed names.

use crate::time::{Clock, Entropy, StoreTime};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// Why a text is not an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a UUID")]
pub struct IdError;

/// A UUIDv7 of the given moment; `random` fills the 74 free bits.
#[must_use]
pub fn uuid_v7(now: StoreTime, random: [u8; 10]) -> Uuid {
    let ms = u64::try_from(now.as_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid()
}

/// A UUIDv7 from a clock and a source of chance.
#[must_use]
pub fn mint(clock: &dyn Clock, entropy: &dyn Entropy) -> Uuid {
    let mut random = [0; 10];
    entropy.fill(&mut random);
    uuid_v7(clock.now(), random)
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that is known to name this kind of thing.
            #[must_use]
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID itself.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| IdError)
            }
        }
    };
}

id!(
    /// A store: one appliance and its tills.
    StoreId
);
id!(
    /// An order while it lives, from the first line to the receipt.
    OrderId
);
id!(
    /// A line on an order.
    LineId
);
id!(
    /// A completed sale.
    SaleId
);
id!(
    /// A payment taken on an order.
    PaymentId
);
id!(
    /// A kitchen ticket.
    TicketId
);
id!(
    /// A promise of goods.
    ReservationId
);
id!(
    /// Goods on their way from one place to another.
    TransferId
);
id!(
    /// A count of what lies in a place.
    CountId
);
id!(
    /// An entry of the journal.
    EntryId
);
id!(
    /// A print job.
    JobId
);
id!(
    /// Somebody who works here.
    StaffId
);
id!(
    /// A shift at a drawer, from the float to the count.
    ShiftId
);
id!(
    /// The end of a card terminal's day.
    SettlementId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_survive_text() {
        let early = OrderId::new(uuid_v7(StoreTime::from_millis(1_000), [255; 10]));
        let late = OrderId::new(uuid_v7(StoreTime::from_millis(2_000), [0; 10]));
        assert!(early < late);
        assert_eq!(early.to_string().parse(), Ok(early));
        assert_eq!("T1".parse::<OrderId>(), Err(IdError));
        assert_eq!(early.uuid().get_version_num(), 7);
    }
}

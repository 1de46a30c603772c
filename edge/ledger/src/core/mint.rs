//! New ids.

use super::Tx;
use edge_domain::ids::mint;
use uuid::Uuid;

impl Tx<'_> {
    /// A new UUIDv7; those of one millisecond sort as they were minted (RFC 9562, section 6.2,
    /// method 2), so that what was asked for first is printed first.
    #[must_use]
    pub fn mint(&self) -> Uuid {
        let fresh = mint(&*self.settings.clock, &*self.settings.entropy).as_u128();
        let last = self.last_id.get();
        let late = fresh >> 80 == last >> 80 && fresh <= last;
        let id = if late { last + 1 } else { fresh };
        self.last_id.set(id);
        Uuid::from_u128(id)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Core, LedgerError, Settings};
    use edge_domain::StoreTime;
    use edge_domain::ids::StoreId;
    use edge_domain::time::{Clock, Entropy};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU8, Ordering};
    use uuid::Uuid;

    struct Falling(AtomicU8);

    impl Clock for Falling {
        fn now(&self) -> StoreTime {
            StoreTime::from_millis(1_700_000_000_000)
        }
    }

    impl Entropy for Falling {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0.fetch_sub(1, Ordering::Relaxed));
        }
    }

    #[test]
    fn ids_of_one_millisecond_sort_as_they_were_minted() {
        let hands = Arc::new(Falling(AtomicU8::new(250)));
        let settings = Settings {
            store: StoreId::new(Uuid::from_u128(7)),
            currency: "EUR".parse().unwrap(),
            clock: hands.clone(),
            entropy: hands,
        };
        let mut core = Core::in_memory(settings).unwrap();
        let mint = |tx: &mut crate::Tx<'_>| Ok::<_, LedgerError>([tx.mint(), tx.mint()]);
        let ids: Vec<Uuid> = (0..20).flat_map(|_| core.transact(mint).unwrap()).collect();
        assert!(ids.is_sorted() && ids.iter().all(|id| id.get_version_num() == 7));
        assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), 40);
    }
}

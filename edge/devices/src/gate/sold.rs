//! Which pieces may leave: those that were paid for, and those that are exempt. In memory, for the
//! decision may not wait for a disk; rebuilt from the ledger at every start.

use edge_domain::codes::gtin::Gtin;
use edge_domain::codes::piece::Piece;
use edge_ledger::gate::PieceMoved;
use edge_ledger::{Ledger, LedgerError};
use std::collections::HashSet;
use std::sync::{Arc, RwLock};

/// The pieces that may leave.
#[derive(Default)]
pub struct MayLeave {
    /// Fingerprints of pieces that are the customers': 16 bytes each.
    sold: RwLock<HashSet<u64>>,
    exempt: Exempt,
}

/// What never alarms, by configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exempt {
    /// Whole items, as bags and leaflets with tags in them.
    pub items: HashSet<Gtin>,
    /// Single pieces, as the shop's own tools.
    pub pieces: HashSet<Piece>,
}

/// Why a piece may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// It was paid for.
    Paid,
    /// It never alarms.
    Exempt,
}

impl Exempt {
    /// Adds an entry of the configuration: a trade item number, or a piece in any dress.
    ///
    /// # Errors
    /// The sentence that says what would do.
    pub fn add(&mut self, text: &str) -> Result<(), String> {
        if let Some(piece) = Piece::of_text(text) {
            self.pieces.insert(piece);
        } else if let Ok(gtin) = Gtin::parse(text) {
            self.items.insert(gtin);
        } else {
            return Err(format!("{text:?} is neither a trade item number nor a piece's EPC"));
        }
        Ok(())
    }
}

impl MayLeave {
    /// Fills the set from the ledger and keeps it up to date from now on: a sale's pieces are in it
    /// before the sale is durable, and so before its receipt prints.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn follow(ledger: &Ledger, exempt: Exempt) -> Result<Arc<Self>, LedgerError> {
        let own = Arc::new(Self { sold: RwLock::default(), exempt });
        let hearing = own.clone();
        ledger.listen_pieces(Box::new(move |moved| hearing.moved(moved)));
        ledger.read(|view| {
            view.sold_pieces(|piece| {
                own.write(|sold| sold.insert(piece.fingerprint()));
            })
        })?;
        Ok(own)
    }

    /// Takes what a sale moved.
    pub fn moved(&self, moved: &[PieceMoved]) {
        self.write(|sold| {
            for PieceMoved { piece, sold: gone } in moved {
                if *gone {
                    sold.insert(piece.fingerprint());
                } else {
                    sold.remove(&piece.fingerprint());
                }
            }
        });
    }

    /// Why a piece may leave, if it may.
    #[must_use]
    pub fn why(&self, piece: &Piece) -> Option<Leave> {
        if self.exempt.items.contains(&piece.gtin) || self.exempt.pieces.contains(piece) {
            return Some(Leave::Exempt);
        }
        let sold = self.sold.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        sold.contains(&piece.fingerprint()).then_some(Leave::Paid)
    }

    fn write<T>(&self, change: impl FnOnce(&mut HashSet<u64>) -> T) -> T {
        change(&mut self.sold.write().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(serial: u32) -> Piece {
        Piece::of_text(&format!("(01)80614141123458(21){serial}")).unwrap()
    }

    #[test]
    fn sold_leaves_returned_stays_and_exempt_always_leaves() {
        let mut exempt = Exempt::default();
        exempt.add("4006381333931").unwrap();
        exempt.add("urn:epc:id:sgtin:0614141.812345.9").unwrap();
        assert!(exempt.add("a bag").is_err());
        let may = MayLeave { sold: RwLock::default(), exempt };
        let moved = |sold| [PieceMoved { piece: piece(7), sold }];
        assert_eq!(may.why(&piece(7)), None);
        may.moved(&moved(true));
        assert_eq!(may.why(&piece(7)), Some(Leave::Paid));
        assert_eq!(may.why(&piece(8)), None);
        may.moved(&moved(false));
        assert_eq!(may.why(&piece(7)), None);
        assert_eq!(may.why(&piece(9)), Some(Leave::Exempt));
    }
}

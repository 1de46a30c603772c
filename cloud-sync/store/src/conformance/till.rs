//! A till that writes a journal of real sales, the same at every run.

use super::NOW;
use cloud_sync_protocol::entry::{ChainHead, Entry};
use cloud_sync_protocol::v1::fact;
use edge_domain::cash::CashRounding;
use edge_domain::fact::Fact;
use edge_domain::hlc::Hlc;
use edge_domain::ids::{EntryId, ShiftId, StoreId, uuid_v7};
use edge_domain::item::{Item, Sku, TerminalId};
use edge_domain::money::Money;
use edge_domain::order::Line;
use edge_domain::payment::Tender;
use edge_domain::quantity::{Quantity, Unit};
use edge_domain::refund::RefundMoved;
use edge_domain::sale::{ReceiptNumber, Sale, SaleParts};
use edge_domain::shift::{Counted, ShiftClosed, ShiftFact, ShiftOpened, ShiftTotals};
use edge_domain::stock::{StockFact, StockReceived};
use edge_domain::tax::{PriceMode, TaxPolicy, TaxRounding};
use edge_domain::time::StoreTime;
use edge_domain::{LineId, PaymentId, SaleId};
use uuid::Uuid;

/// A store's journal in the making.
#[derive(Clone, Debug)]
pub struct Till {
    /// Whose.
    pub store: StoreId,
    /// Which life of its box.
    pub epoch: u32,
    /// Its last entry.
    pub head: ChainHead,
    /// The last receipt of terminal T1.
    pub receipt: u32,
    /// When the next sale is.
    pub now: StoreTime,
}

impl Till {
    /// An empty journal.
    #[must_use]
    pub fn new(store: StoreId) -> Self {
        Self { store, epoch: 1, head: ChainHead::default(), receipt: 0, now: NOW }
    }

    /// So many sales, a second apart: two milks at 1.29 and, in every second one, a cheese.
    #[must_use]
    pub fn sales(&mut self, count: u32) -> Vec<Entry> {
        (0..count).map(|_| self.sale()).collect()
    }

    /// The next sale.
    ///
    /// # Panics
    /// Never: the sale is sound.
    pub fn sale(&mut self) -> Entry {
        self.receipt += 1;
        self.now = StoreTime::from_millis(self.now.as_millis() + 1_000);
        let fact = Fact::SaleCompleted(Box::new(self.sold()));
        self.write(&fact)
    }

    /// A delivery of milk.
    ///
    /// # Panics
    /// Never: the delivery is sound.
    pub fn delivery(&mut self) -> Entry {
        let lines = vec![(Sku::new("MILK").unwrap(), Quantity::ONE)];
        self.write(&Fact::Stock(StockFact::Received(StockReceived::of(lines, None, self.now))))
    }

    /// Opens a shift at T1 with 100.00, at this entry.
    ///
    /// # Panics
    /// Never: the shift is sound.
    pub fn open_drawer(&mut self) -> (Entry, (ShiftId, u64)) {
        let (id, at) = (ShiftId::new(self.id(5)), self.now);
        let terminal = TerminalId::new("T1").unwrap();
        let opened = ShiftOpened { id, terminal, float: eur(10_000), by: None, at };
        let entry = self.write(&Fact::Shift(ShiftFact::Opened(opened)));
        let seq = entry.seq;
        (entry, (id, seq))
    }

    /// Counts the drawer of T1 after sales for so much cash in all, to the cent.
    ///
    /// # Panics
    /// Where the cash is no sum of sales at 7 %.
    pub fn count_drawer(&mut self, shift: &(ShiftId, u64), number: u32, cash: Money) -> Entry {
        let mut totals = ShiftTotals::new(eur(10_000));
        let mut sold = Self { receipt: 0, head: ChainHead::default(), ..self.clone() };
        let terminal = TerminalId::new("T1").unwrap();
        while totals.gross.minor() < cash.minor() {
            sold.receipt += 1;
            let sale = Fact::SaleCompleted(Box::new(sold.sold()));
            totals.take(&terminal, &sale).unwrap();
        }
        self.count(shift, number, totals)
    }

    /// A refund of 5.00 that went from a card to the drawer of T1.
    ///
    /// # Panics
    /// Never: the refund is sound.
    pub fn refund_moved(&mut self) -> (Entry, Fact) {
        let about = (SaleId::new(self.id(6)), TerminalId::new("T1").unwrap(), self.now);
        let ids = [PaymentId::new(self.id(7)), PaymentId::new(self.id(8))];
        let cash = ("cash", None);
        let moved = RefundMoved::to_tender(about, eur(-500), ids, cash, CashRounding::NONE);
        let fact = Fact::RefundMoved(Box::new(moved.unwrap()));
        (self.write(&fact), fact)
    }

    /// Counts the drawer of T1 for what a Z report claims, to the cent.
    ///
    /// # Panics
    /// Never: the sums are small.
    pub fn count(&mut self, shift: &(ShiftId, u64), number: u32, totals: ShiftTotals) -> Entry {
        let closed = ShiftClosed {
            id: shift.0,
            terminal: TerminalId::new("T1").unwrap(),
            number,
            from: shift.1,
            to: self.head.seq,
            counted: Counted { cash: totals.cash_expected().unwrap(), pieces: vec![], card: None },
            totals,
            by: None,
            at: self.now,
        };
        self.write(&Fact::Shift(ShiftFact::Closed(Box::new(closed))))
    }

    /// The next entry with any content.
    pub fn seal(&mut self, kind: &str, version: u16, body: Vec<u8>) -> Entry {
        let (epoch, hlc) = (self.epoch, Hlc::default().next(self.now));
        let id = EntryId::new(self.id(0));
        let entry = Entry::sealed(self.head, id, self.store, epoch, hlc, kind, version, body);
        self.head = entry.head();
        entry
    }

    /// The next entry with a fact.
    ///
    /// # Panics
    /// Never: facts serialise.
    pub fn write(&mut self, fact: &Fact) -> Entry {
        self.seal(fact.kind(), fact::VERSION, fact::write(fact).unwrap())
    }

    fn id(&self, n: u8) -> Uuid {
        let mut random = [n; 10];
        random[2..].copy_from_slice(&(self.head.seq + 1).to_be_bytes());
        uuid_v7(self.now, random)
    }

    fn sold(&self) -> Sale {
        let milk = self.line(1, "MILK", 129, Unit::Each, 2_000);
        let cheese = self.line(2, "CHEESE", 1_999, Unit::Kilogram, 345);
        let lines = if self.receipt.is_multiple_of(2) { vec![milk, cheese] } else { vec![milk] };
        let terminal = TerminalId::new("T1").unwrap();
        let parts = SaleParts {
            id: SaleId::new(self.id(3)),
            order: None,
            receipt: ReceiptNumber { terminal, number: self.receipt },
            at: self.now,
            currency: "EUR".parse().unwrap(),
            policy: TaxPolicy::new(PriceMode::Inclusive, TaxRounding::PerLine),
            lines,
            payments: vec![],
            about: edge_domain::sale::About::default(),
        };
        let cash = Tender::Cash { tendered: eur(2_000) }.into();
        Sale::of_tenders(parts, vec![(PaymentId::new(self.id(4)), cash)]).unwrap()
    }

    fn line(&self, n: u8, sku: &str, minor: i64, unit: Unit, thousandths: i64) -> Line {
        let item = Item {
            sku: Sku::new(sku).unwrap(),
            gtin: None,
            name: sku.to_lowercase(),
            unit,
            price: eur(minor),
            tax_rate: "7".parse().unwrap(),
            category: None,
            station: None,
            modifiers: vec![],
            details: edge_domain::item::Details::default(),
        };
        let quantity = Quantity::from_thousandths(thousandths).unwrap();
        Line::of(LineId::new(self.id(n)), &item, quantity, vec![], None).unwrap()
    }
}

fn eur(minor: i64) -> Money {
    Money::new(minor, "EUR".parse().unwrap()).unwrap()
}

//! A shop in memory, and the people in it.

use edge_app::{
    Caller, CardTerminalAt, Desk, NewStaff, OpenOrder, Printers, RingUp, Rules, ShopConfig,
    ShopError, Tried, Try, add_staff, approve_once, hash_to_try, import_rows, open_order, read_csv,
    ring_up, sign_in,
};
use edge_domain::OrderId;
use edge_domain::audit::{Action, Audit};
use edge_domain::ids::{StaffId, StoreId};
use edge_domain::item::TerminalId;
use edge_domain::money::Money;
use edge_domain::order::{OrderKind, Tab};
use edge_domain::receipt::Seller;
use edge_domain::staff::{Permission, Role};
use edge_domain::tax::{PriceMode, TaxPolicy, TaxRounding};
use edge_domain::time::{Clock, Entropy, StoreTime};
use edge_ledger::{Core, Settings};
use edge_replica::Replica;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use uuid::Uuid;

pub(crate) struct Wall(AtomicI64);
struct Counting(AtomicU64);

impl Clock for Wall {
    fn now(&self) -> StoreTime {
        StoreTime::from_millis(self.0.load(Ordering::Relaxed))
    }
}

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let next = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        bytes.iter_mut().zip(next.iter().cycle()).for_each(|(to, from)| *to = *from);
    }
}

/// A shop whose PIN hashes are plain words, so that tries cost nothing.
pub(crate) struct Shop {
    pub(crate) core: Core,
    docs: Replica,
    pub(crate) config: ShopConfig,
    pub(crate) clock: Arc<Wall>,
}

pub(crate) fn eur(minor: i64) -> Money {
    Money::new(minor, "EUR".parse().unwrap()).unwrap()
}

pub(crate) fn t1() -> TerminalId {
    TerminalId::new("T1").unwrap()
}

pub(crate) fn code(error: &ShopError) -> &'static str {
    error.code().0
}

impl Shop {
    pub(crate) fn open(folder: Option<&Path>, now_ms: i64) -> Self {
        let clock = Arc::new(Wall(AtomicI64::new(now_ms)));
        let entropy = Arc::new(Counting(AtomicU64::new(now_ms.unsigned_abs())));
        let settings = Settings {
            store: StoreId::new(Uuid::from_u128(7)),
            currency: "EUR".parse().unwrap(),
            clock: clock.clone(),
            entropy: entropy.clone(),
        };
        let core = match folder {
            Some(folder) => Core::open(folder, settings).unwrap(),
            None => Core::in_memory(settings).unwrap(),
        };
        let config = ShopConfig {
            seller: Seller { name: "Corner shop".into(), lines: vec![] },
            currency: "EUR".parse().unwrap(),
            policy: TaxPolicy::new(PriceMode::Inclusive, TaxRounding::PerLine),
            printers: Printers::default(),
            card_terminals: vec![CardTerminalAt {
                device: "card-1".into(),
                station: Some(t1()),
                till: t1(),
            }],
            rules: Rules::default(),
        };
        Self { core, docs: Replica::new(&*entropy), config, clock }
    }

    pub(crate) fn wait(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::Relaxed);
    }

    pub(crate) fn run<T>(
        &mut self,
        caller: &Caller,
        verb: impl FnOnce(&mut Desk<'_, '_>) -> Result<T, ShopError>,
    ) -> Result<T, ShopError> {
        let (docs, config) = (&mut self.docs, &self.config);
        self.core.transact(|tx| Desk::serve_for(tx, docs, config, caller, verb))
    }

    pub(crate) fn hire(
        &mut self,
        by: &Caller,
        name: &str,
        role: Role,
    ) -> Result<StaffId, ShopError> {
        let new =
            NewStaff { name: name.into(), role, pin: format!("hash of {name}"), locale: None };
        self.run(by, |desk| Ok(add_staff(desk, new)?.id))
    }

    pub(crate) fn tried(&self, staff: StaffId, matched: bool) -> Result<Try, ShopError> {
        let hash = hash_to_try(self.core.view(), staff, self.clock.now())?;
        Ok(Try { staff, hash, matched })
    }

    pub(crate) fn try_pin(&mut self, staff: StaffId, matched: bool) -> Result<Tried, ShopError> {
        let tried = self.tried(staff, matched)?;
        self.run(&person(None, None), |desk| sign_in(desk, &tried, &t1()))
    }

    pub(crate) fn signed_in(&mut self, staff: StaffId) -> Caller {
        person(Some(self.try_pin(staff, true).unwrap().token().unwrap()), None)
    }

    pub(crate) fn approved(&mut self, by: StaffId, asks: &Caller, what: Permission) -> Caller {
        let tried = self.tried(by, true).unwrap();
        let said = self.run(asks, |desk| approve_once(desk, &tried, what, "the customer waited"));
        let Caller::Person { token, .. } = asks else { panic!("people ask") };
        person(token.clone(), Some(said.unwrap().token().unwrap()))
    }

    pub(crate) fn audits(&self, action: Action) -> Vec<Audit> {
        let all = self.core.view().audits(Some(action), None, 100).unwrap();
        all.into_iter().map(|(_, audit)| audit).collect()
    }

    pub(crate) fn catalogue(&mut self, by: &Caller) {
        let csv = "sku,gtin,name,price,unit,tax_rate,station\nSOUP,,Soup,10.00,each,19,kitchen\n";
        let import = read_csv(csv.as_bytes(), "EUR".parse().unwrap()).unwrap();
        let shard = cloud_sync_documents::catalogue::shard_of(&import.items[0].item.sku);
        self.run(by, |desk| import_rows(desk, &shard, &import.items)).unwrap();
    }

    pub(crate) fn order(&mut self, by: &Caller) -> Result<OrderId, ShopError> {
        let kind = OrderKind::Retail;
        let open = OpenOrder { kind, terminal: t1(), table: None, tab: Tab::default() };
        self.run(by, |desk| {
            let id = open_order(desk, open)?.head.id;
            let ring = RingUp { sku: Some("SOUP".into()), ..RingUp::default() };
            ring_up(desk, id, ring)?;
            Ok(id)
        })
    }
}

pub(crate) fn person(token: Option<String>, approval: Option<String>) -> Caller {
    Caller::Person { token, approval }
}

pub(crate) const NOON: i64 = 1_790_000_000_000;

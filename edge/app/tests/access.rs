//! Who may what at the counter: sign-in, lock-out, approvals, and every verb that asks.

use edge_app::{
    Actor, Caller, Change, Desk, Kind, NewStaff, OpenOrder, Printers, Proof, ReturnGoods, RingUp,
    Rules, ShopConfig, ShopError, StaffChange, Tried, Try, add_staff, approve_once, change_order,
    change_staff, close_shift, fire_ticket, give_discount, hash_to_try, import_rows, move_cash,
    open_drawer, open_order, open_shift, read_csv, receive_goods, return_goods, ring_up, set_price,
    sign_in, take_payment, unlock_staff, void_line,
};
use edge_domain::OrderId;
use edge_domain::audit::{Action, Audit};
use edge_domain::ids::{StaffId, StoreId};
use edge_domain::item::{Sku, TerminalId};
use edge_domain::money::Money;
use edge_domain::order::{Off, OrderKind, Tab};
use edge_domain::payment::Tender;
use edge_domain::receipt::Seller;
use edge_domain::shift::{Counted, Direction};
use edge_domain::staff::{Permission, Role};
use edge_domain::tax::{PriceMode, TaxPolicy, TaxRounding};
use edge_domain::time::{Clock, Entropy, StoreTime};
use edge_ledger::{Core, Settings};
use edge_replica::Replica;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use uuid::Uuid;

struct Wall(AtomicI64);
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
struct Shop {
    core: Core,
    docs: Replica,
    config: ShopConfig,
    clock: Arc<Wall>,
}

fn eur(minor: i64) -> Money {
    Money::new(minor, "EUR".parse().unwrap()).unwrap()
}

fn t1() -> TerminalId {
    TerminalId::new("T1").unwrap()
}

fn code(error: &ShopError) -> &'static str {
    error.code().0
}

impl Shop {
    fn open(folder: Option<&Path>, now_ms: i64) -> Self {
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
            rules: Rules::default(),
        };
        Self { core, docs: Replica::new(&*entropy), config, clock }
    }

    fn wait(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::Relaxed);
    }

    fn run<T>(
        &mut self,
        caller: &Caller,
        verb: impl FnOnce(&mut Desk<'_, '_>) -> Result<T, ShopError>,
    ) -> Result<T, ShopError> {
        let (docs, config) = (&mut self.docs, &self.config);
        self.core.transact(|tx| Desk::serve_for(tx, docs, config, caller, verb))
    }

    fn hire(&mut self, by: &Caller, name: &str, role: Role) -> Result<StaffId, ShopError> {
        let new =
            NewStaff { name: name.into(), role, pin: format!("hash of {name}"), locale: None };
        self.run(by, |desk| Ok(add_staff(desk, new)?.id))
    }

    fn tried(&self, staff: StaffId, matched: bool) -> Result<Try, ShopError> {
        let hash = hash_to_try(self.core.view(), staff, self.clock.now())?;
        Ok(Try { staff, hash, matched })
    }

    fn try_pin(&mut self, staff: StaffId, matched: bool) -> Result<Tried, ShopError> {
        let tried = self.tried(staff, matched)?;
        self.run(&person(None, None), |desk| sign_in(desk, &tried, &t1()))
    }

    fn signed_in(&mut self, staff: StaffId) -> Caller {
        person(Some(self.try_pin(staff, true).unwrap().token().unwrap()), None)
    }

    fn approved(&mut self, by: StaffId, asks: &Caller, what: Permission) -> Caller {
        let tried = self.tried(by, true).unwrap();
        let said = self.run(asks, |desk| approve_once(desk, &tried, what, "the customer waited"));
        let Caller::Person { token, .. } = asks else { panic!("people ask") };
        person(token.clone(), Some(said.unwrap().token().unwrap()))
    }

    fn audits(&self, action: Action) -> Vec<Audit> {
        let all = self.core.view().audits(Some(action), None, 100).unwrap();
        all.into_iter().map(|(_, audit)| audit).collect()
    }

    fn catalogue(&mut self, by: &Caller) {
        let csv = "sku,gtin,name,price,unit,tax_rate,station\nSOUP,,Soup,10.00,each,19,kitchen\n";
        let import = read_csv(csv.as_bytes(), "EUR".parse().unwrap()).unwrap();
        let shard = cloud_sync_documents::catalogue::shard_of(&import.items[0].0.sku);
        self.run(by, |desk| import_rows(desk, &shard, &import.items)).unwrap();
    }

    fn order(&mut self, by: &Caller) -> Result<OrderId, ShopError> {
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

fn person(token: Option<String>, approval: Option<String>) -> Caller {
    Caller::Person { token, approval }
}

const NOON: i64 = 1_790_000_000_000;

/// A store without staff is open; the first who works there leads.
#[test]
fn a_shop_without_staff_is_open() {
    let mut shop = Shop::open(None, NOON);
    let anybody = person(None, None);
    shop.catalogue(&anybody);
    shop.order(&anybody).unwrap();
    let refused = shop.hire(&anybody, "Carl", Role::Cashier).unwrap_err();
    assert_eq!(code(&refused), "first_staff_leads");
    let mia = shop.hire(&anybody, "Mia", Role::Manager).unwrap();
    assert_eq!(code(&shop.order(&anybody).unwrap_err()), "sign_in_needed");
    let mia_here = shop.signed_in(mia);
    shop.order(&mia_here).unwrap();
    let above = shop.hire(&mia_here, "Olga", Role::Owner).unwrap_err();
    assert_eq!(code(&above), "above_you");
    let again = shop.hire(&mia_here, "mia", Role::Cashier).unwrap_err();
    assert_eq!(code(&again), "name_taken");
    let alone = StaffChange { active: Some(false), ..StaffChange::default() };
    let alone = shop.run(&mia_here, |desk| change_staff(desk, mia, alone)).unwrap_err();
    assert_eq!(code(&alone), "last_manager");
}

/// Five wrong PINs lock; the waits grow; neither the right PIN nor a restart gets around it.
#[test]
fn a_lock_out_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut shop = Shop::open(Some(folder.path()), NOON);
    let mia = shop.hire(&Caller::House, "Mia", Role::Manager).unwrap();
    let carl = shop.hire(&Caller::House, "Carl", Role::Cashier);
    // Once somebody works here the house still may: it is the appliance itself.
    let carl = carl.unwrap();
    for _ in 0..4 {
        assert_eq!(shop.try_pin(carl, false).unwrap(), Tried::Wrong);
    }
    let held = shop.tried(carl, true).unwrap(); // a try at the same moment, checked already
    assert_eq!(shop.try_pin(carl, false).unwrap(), Tried::Locked(60_000));
    let at_once = shop.run(&person(None, None), |desk| sign_in(desk, &held, &t1())).unwrap();
    assert!(matches!(at_once, Tried::Locked(_)), "{at_once:?}");
    let refused = shop.try_pin(carl, true).unwrap_err();
    assert_eq!((code(&refused), refused.code().1), ("locked_out", Kind::Wait));
    drop(shop);
    let mut shop = Shop::open(Some(folder.path()), NOON + 30_000);
    assert_eq!(code(&shop.try_pin(carl, true).unwrap_err()), "locked_out");
    shop.wait(31_000);
    assert_eq!(shop.try_pin(carl, false).unwrap(), Tried::Locked(5 * 60_000));
    let mia_here = shop.signed_in(mia);
    shop.run(&mia_here, |desk| unlock_staff(desk, carl)).unwrap();
    assert!(matches!(shop.try_pin(carl, true).unwrap(), Tried::Token(_)));
    let audits = shop.audits(Action::Access);
    assert_eq!(audits.iter().filter(|audit| audit.text.contains("wrong PINs")).count(), 2);
    assert!(audits.iter().any(|audit| audit.by.as_deref() == Some("Mia")));
}

#[test]
fn a_session_ends_by_itself_and_with_the_job() {
    let mut shop = Shop::open(None, NOON);
    let mia = shop.hire(&Caller::House, "Mia", Role::Manager).unwrap();
    let carl = shop.hire(&Caller::House, "Carl", Role::Cashier).unwrap();
    shop.catalogue(&Caller::House);
    let here = shop.signed_in(carl);
    for _ in 0..3 {
        shop.wait(shop.config.rules.session_ms - 1);
        shop.order(&here).unwrap(); // whoever works stays signed in
    }
    shop.wait(shop.config.rules.session_ms + 60_001);
    assert_eq!(code(&shop.order(&here).unwrap_err()), "sign_in_needed");
    let (here, mia_here) = (shop.signed_in(carl), shop.signed_in(mia));
    let elsewhere = TerminalId::new("T2").unwrap();
    let float = eur(0);
    let other = shop.run(&here, |desk| open_shift(desk, &elsewhere, float)).unwrap_err();
    assert_eq!(code(&other), "sign_in_needed", "a session is of its terminal");
    let leaves = StaffChange { active: Some(false), ..StaffChange::default() };
    shop.run(&mia_here, |desk| change_staff(desk, carl, leaves)).unwrap();
    assert_eq!(code(&shop.order(&here).unwrap_err()), "sign_in_needed");
    assert_eq!(code(&shop.try_pin(carl, true).unwrap_err()), "staff_not_active");
}

/// A scan of a till's scanner is of whoever is there.
#[test]
fn a_scanner_is_in_the_hands_of_whoever_was_there_last() {
    let mut shop = Shop::open(None, NOON);
    let mia = shop.hire(&Caller::House, "Mia", Role::Manager).unwrap();
    let scanner = Caller::Terminal(t1());
    let who = |shop: &Shop| {
        let rules = &shop.config.rules;
        let now = shop.clock.now();
        let actor = Actor::resolve(shop.core.view(), &scanner, now, rules.session_ms).unwrap();
        actor.staff().map(|staff| staff.name.clone())
    };
    assert_eq!(who(&shop), None);
    let carl = shop.hire(&Caller::House, "Carl", Role::Cashier).unwrap();
    let (mia_here, _) = (shop.signed_in(mia), shop.signed_in(carl));
    shop.catalogue(&Caller::House);
    shop.wait(10);
    shop.order(&mia_here).unwrap();
    assert_eq!(who(&shop).as_deref(), Some("Mia"));
}

/// Once, for a minute, for that and for whoever asked.
#[test]
fn an_approval_is_good_once() {
    let mut shop = Shop::open(None, NOON);
    let mia = shop.hire(&Caller::House, "Mia", Role::Manager).unwrap();
    let carl = shop.hire(&Caller::House, "Carl", Role::Cashier).unwrap();
    let cora = shop.hire(&Caller::House, "Cora", Role::Cashier).unwrap();
    let (carl, cora) = (shop.signed_in(carl), shop.signed_in(cora));
    let drawer = |desk: &mut Desk<'_, '_>| open_drawer(desk, &t1(), "change");
    let refused = shop.run(&carl, drawer).unwrap_err();
    assert_eq!(code(&refused), "not_permitted");
    assert!(refused.to_string().contains("open_drawer") && refused.to_string().contains("Mia"));
    let approved = shop.approved(mia, &carl, Permission::OpenDrawer);
    let failed = shop.run(&approved, |desk| open_drawer(desk, &t1(), " ")).unwrap_err();
    assert_eq!(code(&failed), "invalid_request", "what failed did not use it up");
    shop.run(&approved, drawer).unwrap();
    assert_eq!(code(&shop.run(&approved, drawer).unwrap_err()), "not_approved");
    let late = shop.approved(mia, &carl, Permission::OpenDrawer);
    shop.wait(60_001);
    assert_eq!(code(&shop.run(&late, drawer).unwrap_err()), "not_approved");
    let other = shop.approved(mia, &carl, Permission::PriceOverride);
    assert_eq!(code(&shop.run(&other, drawer).unwrap_err()), "not_approved");
    let carls = shop.approved(mia, &carl, Permission::OpenDrawer);
    let (Caller::Person { token, .. }, Caller::Person { approval, .. }) = (&cora, &carls) else {
        panic!("people ask")
    };
    let stolen = person(token.clone(), approval.clone());
    assert_eq!(code(&shop.run(&stolen, drawer).unwrap_err()), "not_approved");
    let audits = shop.audits(Action::NoSale);
    assert_eq!(audits.len(), 1);
    let (by, approved_by) = (audits[0].by.as_deref(), audits[0].approved_by.as_deref());
    assert_eq!((by, approved_by), (Some("Carl"), Some("Mia")));
    assert_eq!(audits[0].reason, "change; the customer waited");
}

type Verb = fn(&mut Desk<'_, '_>, OrderId) -> Result<(), ShopError>;

fn off(desk: &mut Desk<'_, '_>, order: OrderId, off: Off) -> Result<(), ShopError> {
    let line = desk.view().order(order)?.unwrap().lines[0].id;
    give_discount(desk, order, Some(line), off, "good customer").map(drop)
}

fn paid(desk: &mut Desk<'_, '_>, order: OrderId) -> edge_domain::SaleId {
    let cash = Tender::Cash { tendered: eur(5_000) };
    take_payment(desk, order, cash.into()).unwrap().sale.unwrap().sale.parts().id
}

fn back(desk: &mut Desk<'_, '_>, proof: Proof) -> Result<(), ShopError> {
    let lines = match proof {
        Proof::None => vec![edge_app::BackLine {
            line: None,
            sku: Some("SOUP".into()),
            quantity: None,
            serials: vec![],
        }],
        _ => vec![],
    };
    let (reason, exchange, payments) = ("cold".into(), vec![], vec![]);
    let back = ReturnGoods { terminal: t1(), proof, lines, reason, exchange, payments };
    return_goods(desk, back).map(drop)
}

/// Each verb that asks, and who may: Kitchen, Cashier, Supervisor, Manager, Owner.
const VERBS: [(&str, &str, Verb); 13] = [
    ("10 % off", "-CSMO", |desk, order| off(desk, order, Off::Percent(10_000))),
    ("25 % off", "--SMO", |desk, order| off(desk, order, Off::Percent(25_000))),
    ("twice 10 % off", "--SMO", |desk, order| {
        off(desk, order, Off::Percent(10_000))?;
        off(desk, order, Off::Percent(10_000))
    }),
    ("half the price off", "---MO", |desk, order| off(desk, order, Off::Amount(eur(500)))),
    ("another price", "--SMO", |desk, order| off(desk, order, Off::Price(eur(100)))),
    ("a void of what the kitchen has", "--SMO", |desk, order| {
        fire_ticket(desk, order, None)?;
        let line = desk.view().order(order)?.unwrap().lines[0].id;
        void_line(desk, order, line, "cold").map(drop)
    }),
    ("a return with its receipt", "-CSMO", |desk, order| {
        let sale = paid(desk, order);
        back(desk, Proof::Sale(sale))
    }),
    ("a return without one", "--SMO", |desk, _| back(desk, Proof::None)),
    ("no tax", "--SMO", |desk, order| {
        let exempt = Some(Some("diplomat".into()));
        change_order(desk, order, Change { exempt, ..Change::default() }).map(drop)
    }),
    ("the drawer", "--SMO", |desk, _| open_drawer(desk, &t1(), "change").map(drop)),
    ("cash out", "--SMO", |desk, _| {
        let shift = open_shift(desk, &t1(), eur(10_000))?.opened.id;
        move_cash(desk, shift, Direction::Out, eur(100), "milk").map(drop)
    }),
    ("goods in", "--SMO", |desk, _| {
        let lines = vec![(Sku::new("SOUP").unwrap(), edge_domain::Quantity::ONE)];
        receive_goods(desk, lines, None).map(drop)
    }),
    ("a new price for all", "---MO", |desk, _| {
        set_price(desk, &Sku::new("SOUP").unwrap(), eur(900)).map(drop)
    }),
];

#[test]
fn every_verb_asks() {
    for (what, who, verb) in VERBS {
        for ((role, name), mark) in Role::NAMES.iter().zip(who.chars()) {
            let mut shop = Shop::open(None, NOON);
            shop.catalogue(&Caller::House);
            shop.hire(&Caller::House, "Olga", Role::Owner).unwrap();
            let staff = shop.hire(&Caller::House, "Sam", *role).unwrap();
            let order = shop.order(&Caller::House).unwrap();
            let here = shop.signed_in(staff);
            let done = shop.run(&here, |desk| match mark {
                // Whoever may not sell at all cannot get as far as paying.
                '-' if *role == Role::Kitchen && what.contains("receipt") => {
                    back(desk, Proof::None)
                }
                _ => verb(desk, order),
            });
            match mark {
                '-' => assert_eq!(code(&done.unwrap_err()), "not_permitted", "{what}: {name}"),
                _ => assert_eq!(done, Ok(()), "{what}: {name}"),
            }
            shop.core.verify().unwrap();
        }
    }
}

/// Where the shop wants it, money changes hands only in a shift; a count ends it.
#[test]
fn no_shift_no_money() {
    let mut shop = Shop::open(None, NOON);
    shop.config.rules.shift_required = true;
    shop.catalogue(&Caller::House);
    let order = shop.order(&Caller::House).unwrap();
    let pay = |desk: &mut Desk<'_, '_>| {
        take_payment(desk, order, Tender::Cash { tendered: eur(1_000) }.into()).map(drop)
    };
    assert_eq!(code(&shop.run(&Caller::House, pay).unwrap_err()), "shift_needed");
    let open = |desk: &mut Desk<'_, '_>| open_shift(desk, &t1(), eur(10_000));
    let shift = shop.run(&Caller::House, open).unwrap().opened.id;
    assert_eq!(code(&shop.run(&Caller::House, open).unwrap_err()), "shift_open");
    shop.run(&Caller::House, pay).unwrap();
    let count = |desk: &mut Desk<'_, '_>| {
        close_shift(desk, shift, Counted { cash: eur(11_000), pieces: vec![], card: None })
    };
    let closed = shop.run(&Caller::House, count).unwrap().closed.unwrap();
    assert_eq!((closed.number, closed.over_short().unwrap()), (1, eur(0)));
    assert_eq!(code(&shop.run(&Caller::House, count).unwrap_err()), "shift_closed");
    shop.core.verify().unwrap();
}

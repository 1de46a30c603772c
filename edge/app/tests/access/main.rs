//! Who may what at the counter: sign-in, lock-out, approvals, and every verb that asks.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod refunds;
mod verbs;
mod world;

use edge_app::{
    Actor, Caller, Desk, Kind, StaffChange, Tried, change_staff, close_shift, open_drawer,
    open_shift, sign_in, take_payment, unlock_staff,
};
use edge_domain::audit::Action;
use edge_domain::item::TerminalId;
use edge_domain::payment::Tender;
use edge_domain::shift::Counted;
use edge_domain::staff::{Permission, Role};
use edge_domain::time::Clock;

use world::{NOON, Shop, code, eur, person, t1};

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

/// Where the shop wants it, money changes hands only in a shift; a count ends it.
#[test]
fn no_shift_no_money() {
    let mut shop = Shop::open(None, NOON);
    shop.config.rules.shift_required = true;
    shop.catalogue(&Caller::House);
    let order = shop.order(&Caller::House).unwrap();
    let pay = |desk: &mut Desk<'_, '_>| {
        take_payment(desk, order, Tender::Cash { tendered: eur(1_000) }.into(), &[]).map(drop)
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

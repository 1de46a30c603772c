//! The drivers against their twins.

use std::net::Ipv4Addr;

use drivers_contract::conformance::terminal::Rig;
use drivers_contract::print::Align;
use drivers_contract::twin::{Card, TerminalTwin};
use drivers_contract::uri::ZvtPassword;
use drivers_contract::{
    CardTerminal, Charge, DeviceUri, Stop, TcpAddress, Verdict, terminal_conformance,
};
use drivers_terminal::sim::SimTerminal;
use drivers_terminal::zvt::driver::ZvtTerminal;
use drivers_terminal::zvt::sim::SimZvt;

fn open(uri: &DeviceUri) -> Box<dyn CardTerminal> {
    drivers_terminal::open(uri).expect("a card terminal's URI")
}

fn zvt() -> Rig<SimZvt> {
    let twin = SimZvt::listen((Ipv4Addr::LOCALHOST, 0).into()).expect("a free port");
    Rig { open, twin, guard: Box::new(()) }
}

fn line() -> Rig<SimTerminal> {
    let twin = SimTerminal::listen((Ipv4Addr::LOCALHOST, 0).into()).expect("a free port");
    Rig { open, twin, guard: Box::new(()) }
}

terminal_conformance!(by_zvt, zvt);
terminal_conformance!(simulated, line);

fn charge(terminal: &mut dyn CardTerminal, intent: &str, amount_minor: i64) -> Verdict {
    refund(terminal, intent, amount_minor, None)
}

fn refund(
    terminal: &mut dyn CardTerminal,
    intent: &str,
    amount_minor: i64,
    of: Option<&str>,
) -> Verdict {
    let (intent, currency) = (intent.to_owned(), "EUR".to_owned());
    let of = of.map(str::to_owned);
    let charge = Charge { intent, amount_minor, currency, allow_offline: false, of };
    terminal.charge(&charge, &mut |_| {}, &Stop::new())
}

fn address(twin: &SimZvt) -> TcpAddress {
    match twin.uri() {
        DeviceUri::TerminalZvt { address, .. } => address,
        other => panic!("{other}"),
    }
}

/// The appliance loses power in the middle of a payment, and a new life asks what became of it.
#[test]
fn a_payment_is_found_after_a_restart_and_never_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let memory = Some(folder.path().join("mark"));
    let twin = SimZvt::listen((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let life = || ZvtTerminal::new(address(&twin), ZvtPassword::default(), memory.clone());
    twin.plan(&[Card::Approve, Card::ApproveSilently, Card::HangUp]);
    assert!(matches!(charge(&mut life(), "a", 500), Verdict::Approved { .. }));
    assert!(matches!(charge(&mut life(), "b", 500), Verdict::Unknown(_)));
    let mut next = life();
    assert!(matches!(charge(&mut next, "b", 500), Verdict::Approved { .. }), "found, not repeated");
    assert_eq!(twin.charges(), 2);
    assert!(matches!(charge(&mut life(), "c", 500), Verdict::Unknown(_)));
    assert_eq!(life().query("c"), Verdict::Unheard);
    assert_eq!(life().query("never"), Verdict::Unheard, "it was never noted");
    assert_eq!((twin.charges(), twin.charged()), (2, 1_000));
}

#[test]
fn what_cannot_be_known_is_left_to_a_person() {
    let twin = SimZvt::listen((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let life = || ZvtTerminal::new(address(&twin), ZvtPassword::default(), None);
    twin.plan(&[Card::ApproveSilently]);
    let mut till = life();
    assert!(matches!(charge(&mut till, "a", 500), Verdict::Unknown(_)));
    // Somebody uses the terminal meanwhile, for another amount.
    assert!(matches!(charge(&mut life(), "theirs", 900), Verdict::Approved { .. }));
    assert!(matches!(till.query("a"), Verdict::Unknown(_)), "the last payment is not ours");
    assert!(matches!(life().query("a"), Verdict::Unknown(_)), "another life knows nothing");
    assert_eq!(twin.charges(), 2);
}

fn reference(verdict: &Verdict) -> Option<&str> {
    match verdict {
        Verdict::Approved { reference, .. } => reference.as_deref(),
        other => panic!("an approval was due, not {other:?}"),
    }
}

/// The appliance loses power while money goes back: another life finds what the terminal did.
#[test]
fn a_reversal_is_found_after_a_restart_and_never_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let memory = Some(folder.path().join("mark"));
    let twin = SimZvt::listen((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let life = || ZvtTerminal::new(address(&twin), ZvtPassword::default(), memory.clone());
    let paid = charge(&mut life(), "a", 500);
    let of = reference(&paid);
    assert_eq!(of, Some("52523535:0001"), "the terminal's number and the receipt's");
    twin.plan(&[Card::HangUp, Card::ApproveSilently]);
    assert!(matches!(refund(&mut life(), "dead", -500, of), Verdict::Unknown(_)));
    assert_eq!(life().query("dead"), Verdict::Unheard);
    assert!(matches!(refund(&mut life(), "back", -500, of), Verdict::Unknown(_)));
    assert!(matches!(refund(&mut life(), "back", -500, of), Verdict::Approved { .. }));
    assert_eq!((twin.charged(), twin.charges(), twin.taken_back()), (0, 1, 1));
}

/// What was taken back cannot go back once more, not even as a refund; what belongs to another
/// terminal is never taken back by this one, though it has a receipt of that number.
#[test]
fn nothing_goes_back_twice_and_nothing_of_somebody_else() {
    let twin = SimZvt::listen((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let mut till = ZvtTerminal::new(address(&twin), ZvtPassword::default(), None);
    let (first, _) = (charge(&mut till, "a", 500), charge(&mut till, "b", 300));
    let of = reference(&first);
    assert!(matches!(refund(&mut till, "back", -500, of), Verdict::Approved { .. }));
    let again = refund(&mut till, "again", -500, of);
    assert_eq!(again, Verdict::declined("That was taken back already."));
    assert_eq!((twin.charged(), twin.charges()), (300, 2));
    let theirs = refund(&mut till, "theirs", -300, Some("11112222:0002"));
    assert!(matches!(theirs, Verdict::Approved { .. }));
    assert_eq!((twin.charged(), twin.charges(), twin.taken_back()), (0, 3, 1), "a refund");
    let damaged = refund(&mut till, "damaged", -100, Some("?"));
    assert!(matches!(damaged, Verdict::Approved { .. }));
    assert_eq!((twin.charges(), twin.taken_back()), (4, 1));
}

/// The terminal refused to take it back, and the line dies in the refund that follows.
#[test]
fn a_refund_in_place_of_a_reversal_is_found_too() {
    let folder = tempfile::tempdir().unwrap();
    let memory = Some(folder.path().join("mark"));
    let twin = SimZvt::listen((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let life = || ZvtTerminal::new(address(&twin), ZvtPassword::default(), memory.clone());
    let paid = charge(&mut life(), "a", 500);
    life().settle().unwrap();
    twin.plan(&[Card::ApproveSilently]);
    assert!(matches!(refund(&mut life(), "back", -500, reference(&paid)), Verdict::Unknown(_)));
    assert!(matches!(life().query("back"), Verdict::Approved { .. }));
    assert_eq!((twin.charged(), twin.charges(), twin.taken_back()), (0, 2, 0));
}

/// The slip of a payment is its own: the last one's, which is looked up before, is not.
#[test]
fn a_slip_is_of_its_payment_and_looks_as_the_terminal_wants() {
    let twin = SimZvt::listen((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let mut till = ZvtTerminal::new(address(&twin), ZvtPassword::default(), None);
    let _ = charge(&mut till, "a", 500);
    twin.plan(&[Card::TimeOut, Card::Decline]);
    assert_eq!(charge(&mut till, "late", 700).slips(), []);
    let refused = charge(&mut till, "refused", 900);
    let [customer] = refused.slips() else { panic!("{refused:?}") };
    let texts: Vec<_> = customer.lines().iter().map(|line| line.text()).collect();
    assert_eq!(
        texts,
        [
            "K-U-N-D-E-N-B-E-L-E-G",
            "Terminal-ID:    52523535",
            "TA-Nr. 000002  BNr. 0002",
            "Kartenzahlung",
            "VISA **** **** **** 9013",
            "EUR 9,00",
            "*** Zahlung nicht möglich ***",
        ]
    );
    let amount = customer.lines()[5].style();
    assert!(amount.double_width && !amount.double_height && amount.align == Align::Centre);
}

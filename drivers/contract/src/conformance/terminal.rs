//! What every card terminal promises: above all, that nothing is charged twice.

use std::any::Any;
use std::time::{Duration, Instant};

use crate::event::Stop;
use crate::slip::{Slip, SlipKind};
use crate::terminal::{CardTerminal, Charge, ChargeStep, Verdict};
use crate::twin::{Card, TerminalTwin};
use crate::uri::DeviceUri;

/// A driver and the twin that it is tried on.
pub struct Rig<T: TerminalTwin> {
    /// Makes the driver.
    pub open: fn(&DeviceUri) -> Box<dyn CardTerminal>,
    /// The twin, listening.
    pub twin: T,
    /// Whatever must outlive the twin.
    pub guard: Box<dyn Any>,
}

fn charge_of(intent: &str, amount_minor: i64) -> Charge {
    let (intent, currency) = (intent.to_owned(), "EUR".to_owned());
    Charge { intent, amount_minor, currency, allow_offline: false, of: None }
}

fn run(terminal: &mut dyn CardTerminal, intent: &str, amount: i64) -> Verdict {
    terminal.charge(&charge_of(intent, amount), &mut |_| {}, &Stop::new())
}

/// Gives a payment back, whole.
fn give_back(
    terminal: &mut dyn CardTerminal,
    intent: &str,
    amount: i64,
    paid: &Verdict,
) -> Verdict {
    let Verdict::Approved { reference, .. } = paid else { panic!("not paid: {paid:?}") };
    assert!(reference.is_some(), "it can be found again");
    let refund = Charge { of: reference.clone(), ..charge_of(intent, -amount) };
    terminal.charge(&refund, &mut |_| {}, &Stop::new())
}

fn approved(verdict: &Verdict) -> &str {
    match verdict {
        Verdict::Approved { approval, .. } => approval,
        other => panic!("an approval was due, not {other:?}"),
    }
}

/// Asks until somebody knows, as the store does.
fn ask(terminal: &mut dyn CardTerminal, intent: &str) -> Verdict {
    let begun = Instant::now();
    loop {
        match terminal.query(intent) {
            Verdict::Unknown(fault) => {
                assert!(begun.elapsed() < Duration::from_secs(20), "still unknown: {fault}");
                std::thread::sleep(Duration::from_millis(20));
            }
            verdict => return verdict,
        }
    }
}

/// Approved is the money, declined is none, and what is known can be asked.
pub fn a_card_is_approved_or_declined_and_charged_once<T: TerminalTwin>(rig: &Rig<T>) {
    rig.twin.plan(&[Card::Approve, Card::Decline]);
    let mut terminal = (rig.open)(&rig.twin.uri());
    terminal.status().expect("it is there");
    let mut steps = Vec::new();
    let charge = charge_of("a", 1_250);
    let first = terminal.charge(&charge, &mut |step| steps.push(step), &Stop::new());
    assert!(!approved(&first).is_empty());
    assert_eq!(steps, [ChargeStep::Collecting, ChargeStep::Confirming]);
    assert_eq!(approved(&terminal.query("a")), approved(&first));
    assert_eq!(approved(&run(&mut *terminal, "a", 1_250)), approved(&first), "charged once");
    assert!(matches!(run(&mut *terminal, "b", 700), Verdict::Declined { .. }));
    assert!(matches!(terminal.query("b"), Verdict::Declined { .. }));
    assert_eq!((rig.twin.charged(), rig.twin.charges()), (1_250, 1));
    approved(&run(&mut *terminal, "back", -250));
    assert_eq!((rig.twin.charged(), rig.twin.charges()), (1_000, 2));
}

/// The bank said yes, the line died: it is found, also when the amounts are the same as before.
pub fn an_approval_that_nobody_heard_is_found<T: TerminalTwin>(rig: &Rig<T>) {
    rig.twin.plan(&[Card::Approve, Card::ApproveSilently]);
    let mut terminal = (rig.open)(&rig.twin.uri());
    let first = run(&mut *terminal, "a", 500);
    assert!(matches!(run(&mut *terminal, "b", 500), Verdict::Unknown(_)));
    let second = ask(&mut *terminal, "b");
    assert_ne!(approved(&first), approved(&second));
    assert_eq!((rig.twin.charged(), rig.twin.charges()), (1_000, 2));
}

/// The line died before the bank was asked: nothing was charged, and nothing is charged later.
pub fn a_line_that_died_before_the_charge_is_never_charged<T: TerminalTwin>(rig: &Rig<T>) {
    rig.twin.plan(&[Card::Approve, Card::HangUp]);
    let mut terminal = (rig.open)(&rig.twin.uri());
    approved(&run(&mut *terminal, "a", 500));
    assert!(matches!(run(&mut *terminal, "b", 500), Verdict::Unknown(_)));
    let verdict = ask(&mut *terminal, "b");
    assert!(matches!(verdict, Verdict::Unheard | Verdict::Cancelled), "{verdict:?}");
    assert_eq!((rig.twin.charged(), rig.twin.charges()), (500, 1));
    approved(&run(&mut *terminal, "c", 300));
    assert_eq!((rig.twin.charged(), rig.twin.charges()), (800, 2));
}

/// While the terminal is still at it nobody knows; then everybody does.
pub fn an_approval_that_comes_late_is_found<T: TerminalTwin>(rig: &Rig<T>) {
    rig.twin.plan(&[Card::ApproveLate(Duration::from_millis(400))]);
    let mut terminal = (rig.open)(&rig.twin.uri());
    assert!(matches!(run(&mut *terminal, "a", 900), Verdict::Unknown(_)));
    assert!(matches!(terminal.query("a"), Verdict::Unknown(_)), "it is still at it");
    approved(&ask(&mut *terminal, "a"));
    assert_eq!((rig.twin.charged(), rig.twin.charges()), (900, 1));
}

/// Giving up before a card is shown charges nothing.
pub fn a_cashier_may_give_up<T: TerminalTwin>(rig: &Rig<T>) {
    rig.twin.plan(&[Card::Dawdle]);
    let mut terminal = (rig.open)(&rig.twin.uri());
    let cancel = Stop::new();
    let flag = cancel.clone();
    let verdict = terminal.charge(&charge_of("a", 500), &mut |_| flag.stop(), &cancel);
    assert_eq!(verdict, Verdict::Cancelled);
    assert_eq!((rig.twin.charged(), rig.twin.charges()), (0, 0));
}

/// A terminal that waited in vain says so, and nothing is charged.
pub fn a_terminal_may_give_up<T: TerminalTwin>(rig: &Rig<T>) {
    rig.twin.plan(&[Card::TimeOut, Card::Approve]);
    let mut terminal = (rig.open)(&rig.twin.uri());
    assert_eq!(run(&mut *terminal, "a", 500), Verdict::Cancelled);
    assert_eq!(terminal.query("a"), Verdict::Cancelled);
    approved(&run(&mut *terminal, "b", 500));
    assert_eq!((rig.twin.charged(), rig.twin.charges()), (500, 1));
}

/// Nobody listens: a fault, and what becomes of an intent stays unknown.
pub fn a_terminal_that_is_away_is_a_fault<T: TerminalTwin>(rig: &Rig<T>) {
    let mut terminal = (rig.open)(&rig.twin.uri());
    terminal.status().expect("it is there");
    rig.twin.leave();
    let begun = Instant::now();
    while terminal.status().is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(10), "it is still there");
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(matches!(terminal.query("a"), Verdict::Unknown(_)));
}

fn text(slips: &[Slip], kind: SlipKind) -> String {
    let of_kind = slips.iter().filter(|slip| slip.kind() == kind);
    of_kind.flat_map(Slip::lines).fold(String::new(), |text, line| text + line.text() + "\n")
}

/// An approval comes with the customer's slip and the merchant's, a refusal with the customer's;
/// also when the answer was lost and had to be asked for. None has a card's number.
pub fn slips_come_with_the_verdict<T: TerminalTwin>(rig: &Rig<T>) {
    rig.twin.plan(&[Card::Approve, Card::Decline, Card::ApproveSilently]);
    let mut terminal = (rig.open)(&rig.twin.uri());
    let first = run(&mut *terminal, "a", 1_250);
    for kind in [SlipKind::Customer, SlipKind::Merchant] {
        let slip = text(first.slips(), kind);
        assert!(slip.contains("12,50"), "{slip}");
    }
    assert_eq!(terminal.query("a").slips(), first.slips(), "asked again: the same paper");
    let refused = run(&mut *terminal, "b", 700);
    assert!(text(refused.slips(), SlipKind::Customer).contains("7,00"), "{refused:?}");
    assert!(matches!(run(&mut *terminal, "c", 300), Verdict::Unknown(_)));
    let found = ask(&mut *terminal, "c");
    assert!(text(found.slips(), SlipKind::Customer).contains("3,00"), "{found:?}");
    for verdict in [&first, &refused, &found] {
        let said = text(verdict.slips(), SlipKind::Customer);
        assert!(said.contains("9013") && !said.contains("5678"), "the last four digits: {said}");
        assert!(!format!("{verdict:?}").contains("9013"), "no card data in logs: {verdict:?}");
    }
}

/// The day is ended, and the terminal says on paper what it charged; the next one is empty.
pub fn a_day_is_ended_on_paper<T: TerminalTwin>(rig: &Rig<T>) {
    let mut terminal = (rig.open)(&rig.twin.uri());
    approved(&run(&mut *terminal, "a", 1_250));
    approved(&run(&mut *terminal, "back", -250));
    let slips = terminal.settle().expect("it ends its day");
    let slip = text(&slips, SlipKind::Administration);
    assert!(slip.contains("10,00"), "{slip}");
    let again = text(&terminal.settle().expect("an empty day"), SlipKind::Administration);
    assert!(again.contains("0,00") && !again.contains("10,00"), "{again}");
    approved(&run(&mut *terminal, "b", 300));
    assert_eq!((rig.twin.charged(), rig.twin.charges()), (1_300, 3));
}

/// What was paid today is taken back, once; after the day's end, or where only a part goes back, the
/// money is given back instead. Each with its slip, and asked again with the same answer.
pub fn a_payment_of_today_is_taken_back_and_of_yesterday_refunded<T: TerminalTwin>(rig: &Rig<T>) {
    let mut terminal = (rig.open)(&rig.twin.uri());
    let (first, second) = (run(&mut *terminal, "a", 500), run(&mut *terminal, "b", 300));
    let back = give_back(&mut *terminal, "back-a", 500, &first);
    assert!(text(back.slips(), SlipKind::Customer).contains("5,00"), "{back:?}");
    assert_eq!(approved(&terminal.query("back-a")), approved(&back));
    assert_eq!((rig.twin.charged(), rig.twin.charges(), rig.twin.taken_back()), (300, 2, 1));
    terminal.settle().expect("it ends its day");
    let back = give_back(&mut *terminal, "back-b", 300, &second);
    assert!(text(back.slips(), SlipKind::Customer).contains("3,00"), "{back:?}");
    assert_eq!((rig.twin.charged(), rig.twin.charges(), rig.twin.taken_back()), (0, 3, 1));
    rig.twin.plan(&[Card::Approve, Card::Decline]);
    let third = run(&mut *terminal, "c", 900);
    let refused = give_back(&mut *terminal, "back-c", 900, &third);
    assert!(matches!(refused, Verdict::Declined { .. }), "{refused:?}");
    assert_eq!((rig.twin.charged(), rig.twin.charges(), rig.twin.taken_back()), (900, 4, 1));
}

/// The money went back, or did not, and the line died: that is found, and nothing goes back twice.
pub fn a_refund_whose_answer_is_lost_is_found<T: TerminalTwin>(rig: &Rig<T>) {
    let late = Card::ApproveLate(Duration::from_millis(300));
    rig.twin.plan(&[Card::Approve, Card::Approve, Card::ApproveSilently, Card::HangUp, late]);
    let mut terminal = (rig.open)(&rig.twin.uri());
    let (first, second) = (run(&mut *terminal, "a", 500), run(&mut *terminal, "b", 300));
    assert!(matches!(give_back(&mut *terminal, "back-a", 500, &first), Verdict::Unknown(_)));
    approved(&ask(&mut *terminal, "back-a"));
    let repeated = give_back(&mut *terminal, "back-a", 500, &first);
    approved(&repeated);
    assert_eq!((rig.twin.charged(), rig.twin.taken_back()), (300, 1));
    assert!(matches!(give_back(&mut *terminal, "dead", 300, &second), Verdict::Unknown(_)));
    let dead = ask(&mut *terminal, "dead");
    assert!(matches!(dead, Verdict::Unheard | Verdict::Cancelled), "{dead:?}");
    assert_eq!((rig.twin.charged(), rig.twin.taken_back()), (300, 1));
    assert!(matches!(give_back(&mut *terminal, "slow", 300, &second), Verdict::Unknown(_)));
    approved(&ask(&mut *terminal, "slow"));
    assert_eq!((rig.twin.charged(), rig.twin.charges(), rig.twin.taken_back()), (0, 2, 2));
}

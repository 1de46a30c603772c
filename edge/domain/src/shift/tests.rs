use super::*;
use crate::fact::Fact;
use crate::ids::uuid_v7;
use uuid::Uuid;

fn eur(minor: i64) -> Money {
    Money::new(minor, "EUR".parse().unwrap()).unwrap()
}

fn terminal() -> TerminalId {
    TerminalId::new("T1").unwrap()
}

fn closed(cash: i64) -> ShiftClosed {
    ShiftClosed {
        id: ShiftId::new(uuid_v7(StoreTime::from_millis(1), [7; 10])),
        terminal: terminal(),
        number: 1,
        from: 1,
        to: 1,
        totals: ShiftTotals::new(eur(10_000)),
        counted: Counted { cash: eur(cash), pieces: vec![], card: None },
        by: None,
        at: StoreTime::from_millis(2),
    }
}

fn posted(fact: &ShiftFact) -> Vec<(String, i64)> {
    let postings = fact.postings().unwrap();
    postings.money().iter().map(|p| (p.account.to_string(), p.amount.minor())).collect()
}

#[test]
fn what_is_short_has_its_own_account() {
    let short = ShiftFact::Closed(Box::new(closed(9_900)));
    let lines = [("cash:T1", -10_000), ("safe", 9_900), ("over_short", 100)];
    assert_eq!(posted(&short), lines.map(|(account, minor)| (account.to_owned(), minor)));
    let exact = ShiftFact::Closed(Box::new(closed(10_000)));
    assert_eq!(posted(&exact).len(), 2, "nothing is over or short");
}

#[test]
fn drops_leave_the_drawer() {
    let moved = CashMoved {
        shift: ShiftId::new(Uuid::nil()),
        terminal: terminal(),
        direction: Direction::Out,
        amount: eur(5_000),
        reason: "safe drop".into(),
        by: None,
        at: StoreTime::from_millis(1),
    };
    let lines = [("cash:T1", -5_000), ("safe", 5_000)];
    let lines = lines.map(|(account, minor)| (account.to_owned(), minor));
    assert_eq!(posted(&ShiftFact::Cash(moved)), lines);
}

#[test]
fn pieces_are_what_they_are_worth() {
    let counted = Counted::of_pieces(vec![(5_000, 2), (200, 3)], None, eur(0)).unwrap();
    assert_eq!(counted.cash, eur(10_600));
    assert!(Counted::of_pieces(vec![(-100, 1)], None, eur(0)).is_err());
    assert!(Counted::of_pieces(vec![(i64::MAX, 2)], None, eur(0)).is_err());
}

fn opened(id: ShiftId) -> Fact {
    let (by, at) = (None, StoreTime::from_millis(1));
    let float = eur(10_000);
    Fact::Shift(ShiftFact::Opened(ShiftOpened { id, terminal: terminal(), float, by, at }))
}

#[test]
fn a_book_refuses_gaps_and_wrong_sums() {
    let z = closed(10_000);
    let close = |z: ShiftClosed| Fact::Shift(ShiftFact::Closed(Box::new(z)));
    let mut book = Book::default();
    book.take(1, &opened(z.id)).unwrap();
    assert!(matches!(book.clone().take(2, &opened(z.id)), Err(ShiftRule::Open(_))));
    let gap = ShiftClosed { number: 2, ..z.clone() };
    assert!(matches!(book.clone().take(2, &close(gap)), Err(ShiftRule::Number { .. })));
    assert!(matches!(book.clone().take(9, &close(z.clone())), Err(ShiftRule::Range(_))));
    let totals = ShiftTotals::new(eur(9_999));
    let wrong = ShiftClosed { totals, ..z.clone() };
    assert!(matches!(book.clone().take(2, &close(wrong)), Err(ShiftRule::Totals(_))));
    book.take(2, &close(z.clone())).unwrap();
    assert!(matches!(book.take(3, &close(z)), Err(ShiftRule::NotOpen(_))));
}

use super::*;
use crate::ids::uuid_v7;
use proptest::prelude::*;

fn eur(minor: i64) -> Money {
    Money::new(minor, "EUR".parse().unwrap()).unwrap()
}

fn words(words: &[&str]) -> BTreeSet<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn of(skus: &[&str]) -> Selector {
    Selector { skus: words(skus), ..Selector::default() }
}

fn everything() -> Selector {
    Selector { all: true, ..Selector::default() }
}

fn promotion(id: &str, effect: Effect) -> Promotion {
    Promotion {
        id: id.into(),
        label: format!("Offer {id}"),
        when: Conditions::default(),
        effect,
        priority: 0,
        stacks: false,
        group: None,
        per_order: None,
        per_customer: None,
        in_total: None,
    }
}

/// SKU, pieces, price of one.
type Bought<'a> = (&'a str, i64, i64);

fn basket<'a>(bought: &[Bought<'a>]) -> Vec<BasketLine<'a>> {
    let line = |(place, &(sku, pieces, price)): (usize, &Bought<'a>)| BasketLine {
        line: LineId::new(uuid_v7(StoreTime::from_millis(i64::try_from(place).unwrap()), [7; 10])),
        sku,
        category: Some("goods"),
        tags: &[],
        quantity: Quantity::from_thousandths(pieces * 1000).unwrap(),
        unit: Unit::Each,
        total: eur(pieces * price),
    };
    bought.iter().enumerate().map(line).collect()
}

fn noon() -> Occasion<'static> {
    Occasion {
        at: StoreTime::from_millis(1_000),
        day_time: DayTime { weekday: 2, minute: 720 },
        kind: OrderKind::Retail,
        groups: &[],
        coupons: &[],
    }
}

fn awards(promotions: &[Promotion], bought: &[Bought<'_>]) -> Vec<(String, i64)> {
    given(promotions, &basket(bought), &noon())
}

fn given(
    promotions: &[Promotion],
    basket: &[BasketLine<'_>],
    on: &Occasion<'_>,
) -> Vec<(String, i64)> {
    let book = Book::new(promotions.to_vec());
    let given = book.evaluate("EUR".parse().unwrap(), basket, on, &|_| true).unwrap();
    given.into_iter().map(|award| (award.promotion, award.off.minor())).collect()
}

fn saved(promotions: &[Promotion], bought: &[Bought<'_>]) -> i64 {
    awards(promotions, bought).iter().map(|(_, off)| off).sum()
}

fn percent(id: &str, on: Selector, percent: u32) -> Promotion {
    promotion(id, Effect::Each { on, off: Off::Percent(percent * 1000) })
}

#[test]
fn each_piece_cheaper() {
    assert_eq!(saved(&[percent("P", of(&["A"]), 10)], &[("A", 3, 199), ("B", 1, 500)]), 60);
    let amount = promotion("M", Effect::Each { on: of(&["A"]), off: Off::Amount(eur(50)) });
    assert_eq!(saved(&[amount], &[("A", 2, 199), ("A", 1, 30)]), 130, "never below nothing");
    let fixed = promotion("F", Effect::Each { on: everything(), off: Off::Price(eur(100)) });
    assert_eq!(saved(&[fixed], &[("A", 2, 199), ("B", 1, 80)]), 198, "never dearer");
}

#[test]
fn three_for_two_and_the_cheapest_is_free() {
    let three = promotion("3F2", Effect::CheapestFree { on: everything(), of: 3, free: 1 });
    assert_eq!(saved(std::slice::from_ref(&three), &[("A", 2, 300)]), 0);
    assert_eq!(saved(std::slice::from_ref(&three), &[("A", 2, 300), ("B", 1, 100)]), 100);
    let six = [("A", 3, 300), ("B", 3, 100)];
    assert_eq!(saved(std::slice::from_ref(&three), &six), 400, "sets from the dearest down");
    let once = Promotion { per_order: Some(1), ..three };
    assert_eq!(saved(&[once], &six), 300);
}

#[test]
fn buy_one_get_another_cheaper() {
    let effect = Effect::BuyGet {
        buy: of(&["PAN"]),
        buy_count: 1,
        get: of(&["LID", "SPOON"]),
        get_count: 1,
        percent: 50_000,
    };
    let offer = promotion("BG", effect);
    assert_eq!(saved(std::slice::from_ref(&offer), &[("LID", 1, 1_000)]), 0, "the pan is missing");
    let basket = [("PAN", 1, 4_000), ("LID", 1, 1_000), ("SPOON", 1, 300)];
    assert_eq!(saved(std::slice::from_ref(&offer), &basket), 150, "the cheaper of the two");
    assert_eq!(saved(&[offer], &[("PAN", 2, 4_000), ("LID", 3, 1_000)]), 1_000);
}

#[test]
fn mix_and_match_and_bundles() {
    let any = promotion("ANY", Effect::AnyFor { on: everything(), count: 3, price: eur(500) });
    assert_eq!(saved(&[any], &[("A", 2, 250), ("B", 2, 200)]), 200, "the three dearest");
    let parts = vec![(of(&["BURGER"]), 1), (of(&["FRIES"]), 1), (of(&["COKE", "BEER"]), 1)];
    let menu = promotion("MENU", Effect::Bundle { parts, price: eur(1_000) });
    let meal = [("BURGER", 1, 700), ("FRIES", 1, 300), ("COKE", 2, 250)];
    let given = awards(std::slice::from_ref(&menu), &meal);
    assert_eq!(given.iter().map(|(_, off)| off).sum::<i64>(), 250);
    assert_eq!(given.len(), 3, "each part has its share");
    assert_eq!(saved(&[menu], &[("BURGER", 1, 500), ("FRIES", 1, 200), ("COKE", 1, 200)]), 0);
}

#[test]
fn spend_so_much_and_get_something_off() {
    let effect =
        Effect::Threshold { on: everything(), minimum: eur(5_000), off: Off::Amount(eur(1_000)) };
    let offer = Promotion { stacks: true, ..promotion("T", effect) };
    assert_eq!(saved(std::slice::from_ref(&offer), &[("A", 1, 4_999)]), 0);
    let given = awards(&[offer], &[("A", 1, 3_000), ("B", 1, 3_001)]);
    assert_eq!(given, [("T".into(), 500), ("T".into(), 500)]);
}

#[test]
fn the_customer_gets_the_better_of_two() {
    let three = promotion("3F2", Effect::CheapestFree { on: everything(), of: 3, free: 1 });
    let ten = percent("TEN", everything(), 10);
    assert_eq!(saved(&[three.clone(), ten.clone()], &[("A", 3, 100)]), 100);
    assert_eq!(saved(&[three.clone(), ten.clone()], &[("A", 2, 100)]), 20);
    let mixed = [("A", 3, 100), ("B", 1, 2_000)];
    assert_eq!(saved(&[three.clone(), ten.clone()], &mixed), 230, "ten per cent off all of it");
    let first = Promotion { priority: 1, ..three };
    assert_eq!(saved(&[first, ten], &mixed), 110, "unless the shop says which goes first");
}

#[test]
fn greedy_alone_would_be_wrong() {
    // The strongest single offer takes B, and leaves A with nothing.
    let both = promotion("AB", Effect::AnyFor { on: of(&["A", "B"]), count: 2, price: eur(100) });
    let a = percent("A", of(&["A"]), 60);
    let b = percent("B", of(&["B"]), 60);
    let bought = [("A", 1, 100), ("B", 1, 100)];
    assert_eq!(saved(&[both, a, b], &bought), 120);
}

#[test]
fn stacking_comes_on_top_and_groups_exclude() {
    let ten = percent("TEN", everything(), 10);
    let card = Promotion { stacks: true, ..percent("CARD", everything(), 10) };
    assert_eq!(saved(&[ten.clone(), card.clone()], &[("A", 1, 1_000)]), 190);
    let group =
        |promotion: &Promotion| Promotion { group: Some("one".into()), ..promotion.clone() };
    assert_eq!(saved(&[group(&ten), group(&card)], &[("A", 1, 1_000)]), 100);
}

#[test]
fn occasions_hold_or_do_not() {
    let happy = Window { days: 0b000_0100, from: 700, until: 800 };
    let when = Conditions { windows: vec![happy], ..Conditions::default() };
    let offer = |when: Conditions| Promotion { when, ..percent("P", everything(), 50) };
    let bought = basket(&[("A", 1, 100)]);
    let at = |when, on: &Occasion<'_>| given(&[offer(when)], &bought, on).len();
    assert_eq!(at(when.clone(), &noon()), 1);
    let late = Occasion { day_time: DayTime { weekday: 2, minute: 800 }, ..noon() };
    assert_eq!(at(when, &late), 0);
    let coupon = Conditions { coupon: Some("HELLO".into()), ..Conditions::default() };
    assert_eq!(at(coupon.clone(), &noon()), 0);
    let shown = ["HELLO".to_owned()];
    assert_eq!(at(coupon, &Occasion { coupons: &shown, ..noon() }), 1);
    let staff = Conditions { groups: words(&["staff"]), ..Conditions::default() };
    assert_eq!(at(staff.clone(), &noon()), 0);
    assert_eq!(at(staff, &Occasion { groups: &["gold", "staff"], ..noon() }), 1);
    let over = Conditions { until: Some(StoreTime::from_millis(1_000)), ..Conditions::default() };
    assert_eq!(at(over, &noon()), 0);
    let away = Conditions { kinds: vec![OrderKind::Takeaway], ..Conditions::default() };
    assert_eq!(at(away, &noon()), 0);
}

#[test]
fn a_limit_that_is_used_up_counts_no_more() {
    let book = Book::new(vec![percent("P", everything(), 50)]);
    let basket = basket(&[("A", 1, 100)]);
    let given = book.evaluate("EUR".parse().unwrap(), &basket, &noon(), &|_| false).unwrap();
    assert!(given.is_empty());
}

fn any_effect() -> impl Strategy<Value = Effect> {
    let some = prop::sample::select(vec![of(&["A"]), of(&["B", "C"]), everything()]);
    (some.clone(), some, 0_u8..6, 1_u16..5, 0_u16..4, 1_i64..900).prop_map(
        |(on, other, which, count, few, minor)| match which {
            0 => Effect::Each { on, off: Off::Percent(u32::from(count) * 9_999) },
            1 => Effect::Each { on, off: Off::Price(eur(minor)) },
            2 => Effect::CheapestFree { on, of: count, free: few },
            3 => Effect::AnyFor { on, count, price: eur(minor) },
            4 => Effect::BuyGet {
                buy: on,
                buy_count: count,
                get: other,
                get_count: few,
                percent: 77_777,
            },
            _ => Effect::Threshold { on, minimum: eur(minor), off: Off::Amount(eur(minor)) },
        },
    )
}

proptest! {
    /// No line below nothing, no line touched twice as much as it costs, the same for the same.
    #[test]
    fn never_below_nothing_and_never_twice(
        effects in prop::collection::vec((any_effect(), any::<bool>(), 0_i32..3), 1..8),
        bought in prop::collection::vec((0_usize..3, 1_i64..6, 1_i64..700), 1..8),
    ) {
        let promotions: Vec<Promotion> = effects.into_iter().enumerate().map(
            |(place, (effect, stacks, priority))| Promotion {
                stacks, priority, ..promotion(&format!("P{place}"), effect)
            }
        ).collect();
        let bought: Vec<Bought<'_>> =
            bought.iter().map(|&(sku, n, price)| (["A", "B", "C"][sku], n, price)).collect();
        let lines = basket(&bought);
        let book = Book::new(promotions);
        let given = book.evaluate("EUR".parse().unwrap(), &lines, &noon(), &|_| true).unwrap();
        for line in &lines {
            let off: i64 =
                given.iter().filter(|a| a.line == line.line).map(|a| a.off.minor()).sum();
            prop_assert!(off >= 0 && off <= line.total.minor());
        }
        let again = book.evaluate("EUR".parse().unwrap(), &lines, &noon(), &|_| true).unwrap();
        prop_assert_eq!(given, again);
    }
}

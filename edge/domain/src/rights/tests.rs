use super::*;
use proptest::prelude::*;
use uuid::Uuid;

const HQ: Holder = Holder::Headquarters;

fn store(n: u128) -> Holder {
    Holder::Store(StoreId::new(Uuid::from_u128(n)))
}

fn place(n: u8) -> Holder {
    if n == 0 { HQ } else { store(u128::from(n)) }
}

#[test]
fn a_place_uses_only_what_it_holds() {
    let mut rights = Rights::default();
    rights.mint(HQ, 10).unwrap();
    rights.give(HQ, store(1), 6).unwrap();
    assert_eq!(rights.give(HQ, store(2), 5), Err(RightsError::NotHeld { held: 4 }));
    rights.give(HQ, store(2), 4).unwrap();
    rights.spend(store(2), 4).unwrap();
    assert_eq!(rights.spend(store(2), 1), Err(RightsError::NotHeld { held: 0 }));
    rights.overdraw(store(2), 1).unwrap();
    assert_eq!((rights.held(store(2)), rights.overdrawn(store(2))), (-1, 1));
    assert_eq!((rights.minted(), rights.spent(), rights.usable(store(1))), (10, 5, 6));
    rights.give(store(1), store(2), 2).unwrap();
    assert_eq!((rights.overdrawn(store(2)), rights.usable(store(2))), (0, 1), "it is settled");
    assert_eq!(rights.give(store(1), store(1), 1), Err(RightsError::Nothing));
}

#[test]
fn names_survive_text() {
    for text in ["item/MILK-1L", "gift_card/6001", "points/a/b|c", "promotion/X", "account/7"] {
        assert_eq!(text.parse::<Resource>().unwrap().to_string(), text);
    }
    for text in ["item", "poem/1", "item/", "item/ x", "voucher/\n"] {
        assert!(text.parse::<Resource>().is_err(), "{text}");
    }
    let cells = [
        Cell::Given { from: HQ, to: store(1) },
        Cell::Spent(store(2)),
        Cell::Asked { by: store(1), of: HQ },
    ];
    for cell in cells {
        assert_eq!(cell.to_string().parse(), Ok(cell));
    }
    assert!("given:hq".parse::<Cell>().is_err());
}

#[test]
fn who_asks_is_given_once() {
    let mut rights = Rights::default();
    rights.mint(HQ, 10).unwrap();
    rights.ask(store(1), HQ, 3).unwrap();
    assert_eq!(rights.ask(store(1), HQ, 3), Ok(None), "asking again asks for no more");
    assert_eq!(rights.due_from(HQ), [(store(1), 3)]);
    let quiet = |_| 0;
    assert_eq!(rebalance(&mut rights, &quiet).unwrap().len(), 1);
    assert_eq!(rights.usable(store(1)), 3);
    assert_eq!(rebalance(&mut rights, &quiet).unwrap(), []);
}

#[test]
fn headquarters_calls_in_what_it_lacks() {
    let mut rights = Rights::default();
    rights.mint(store(1), 5_000).unwrap();
    rights.ask(store(2), HQ, 5_000).unwrap();
    rebalance(&mut rights, &|_| 0).unwrap();
    assert_eq!(rights.due_from(store(1)), [(HQ, 5_000)]);
    rights.give(store(1), HQ, 5_000).unwrap();
    rebalance(&mut rights, &|_| 0).unwrap();
    assert_eq!((rights.usable(store(2)), rights.usable(HQ)), (5_000, 0));
}

#[test]
fn idle_rights_go_where_they_are_used() {
    let mut rights = Rights::default();
    rights.mint(HQ, 100).unwrap();
    for n in 1..=3 {
        rights.give(HQ, store(n), 10).unwrap();
    }
    rights.spend(store(1), 9).unwrap();
    rights.spend(store(2), 8).unwrap();
    let spent = rights.clone();
    rebalance(&mut rights, &|place| spent.get(Cell::Spent(place))).unwrap();
    let held = [1, 2, 3].map(|n| rights.usable(store(n)));
    assert_eq!(held, [18, 16, 10], "those that ran low have twice of what they used");
}

/// What happens in a world of four places.
#[derive(Clone, Debug)]
enum Act {
    Mint(u8, u64),
    Give(u8, u8, u64),
    Spend(u8, u64),
    Tell(u8, usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        1 => (0_u8..4, 1_u64..20).prop_map(|(at, n)| Act::Mint(at, n)),
        3 => (0_u8..4, 0_u8..4, 1_u64..10).prop_map(|(at, to, n)| Act::Give(at, to, n)),
        4 => (0_u8..4, 1_u64..10).prop_map(|(at, n)| Act::Spend(at, n)),
        4 => (0_u8..4, any::<usize>()).prop_map(|(to, which)| Act::Tell(to, which)),
    ]
}

fn cells() -> impl Strategy<Value = Rights> {
    let cell = (0_u8..3, 0_u8..4, 0_u8..4).prop_map(|(kind, a, b)| match kind {
        0 => Cell::Given { from: place(a), to: place(b) },
        1 => Cell::Spent(place(a)),
        _ => Cell::Asked { by: place(a), of: place(b) },
    });
    proptest::collection::vec((cell, 0_u64..100), 0..12).prop_map(|all| all.into_iter().collect())
}

fn merged(a: &Rights, b: &Rights) -> Rights {
    let mut both = a.clone();
    both.merge(b);
    both
}

proptest! {
    /// Messages are whole states of some moment; they arrive late, twice, out of order, or never.
    #[test]
    fn nobody_oversells(acts in proptest::collection::vec(act(), 1..120)) {
        let mut worlds: [Rights; 4] = Default::default();
        let mut letters: Vec<Rights> = Vec::new();
        for act in acts {
            match act {
                Act::Mint(at, n) => drop(worlds[usize::from(at)].mint(place(at), n)),
                Act::Give(at, to, n) => drop(worlds[usize::from(at)].give(place(at), place(to), n)),
                Act::Spend(at, n) => drop(worlds[usize::from(at)].spend(place(at), n)),
                Act::Tell(to, which) if !letters.is_empty() => {
                    let letter = letters[which % letters.len()].clone();
                    worlds[usize::from(to)].merge(&letter);
                }
                Act::Tell(..) => {}
            }
            letters.extend(worlds.iter().cloned());
            let mut all = Rights::default();
            worlds.iter().for_each(|world| all.merge(world));
            prop_assert!(all.spent() <= all.minted());
            for n in 0..4 {
                prop_assert!(all.held(place(n)) >= 0, "{:?}", all);
                prop_assert!(worlds[usize::from(n)].held(place(n)) <= all.held(place(n)));
            }
            let held: i64 = (0..4).map(|n| all.held(place(n))).sum();
            prop_assert_eq!(held.cast_unsigned(), all.minted() - all.spent());
        }
    }

    #[test]
    fn merge_is_order_blind(a in cells(), b in cells(), c in cells()) {
        prop_assert_eq!(merged(&a, &b), merged(&b, &a));
        prop_assert_eq!(merged(&merged(&a, &b), &c), merged(&a, &merged(&b, &c)));
        prop_assert_eq!(merged(&a, &a), a);
    }
}

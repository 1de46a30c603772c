//! What somebody does at the counter, at random.

use proptest::prelude::*;

/// What somebody does. Numbers choose among what there is; too large ones, what there is not.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Open(u8),
    Ring { order: u8, item: u8, thousandths: i64 },
    Quantity { order: u8, line: u8, thousandths: i64 },
    Discount { order: u8, line: Option<u8>, percent: u32, amount: i64 },
    Change { order: u8, what: u8 },
    Fire { order: u8, course: Option<u8> },
    Void { order: u8, line: u8 },
    Split { order: u8, line: u8 },
    Merge { order: u8, other: u8 },
    Pay { order: u8, method: u8, minor: i64, tip: i64 },
    Cancel { order: u8, give_back: bool },
    Sell { item: u8, thousandths: i64, minor: i64 },
    Return { sale: u8, line: u8, thousandths: i64 },
    Card { order: u8, end: u8 },
    Reserve { item: u8, units: i64 },
    Keep { reservation: u8, release: bool },
    Receive { item: u8, units: i64 },
    Count { item: u8, units: i64 },
    Price { item: u8, minor: i64 },
    Promotion { id: u8, which: u8 },
    Tick(i64),
}

pub(super) fn act() -> impl Strategy<Value = Act> {
    let n = 0_u8..6;
    let much = prop_oneof![Just(1_000_i64), Just(2_000), Just(12_000), -1_000_i64..5_000];
    let minor = prop_oneof![3 => 1_i64..5_000, 1 => Just(1_000_000), 1 => -100_i64..1];
    prop_oneof![
        3 => (0_u8..4).prop_map(Act::Open),
        9 => (n.clone(), 0_u8..8, much.clone())
            .prop_map(|(order, item, thousandths)| Act::Ring { order, item, thousandths }),
        2 => (n.clone(), 0_u8..9, much.clone())
            .prop_map(|(order, line, thousandths)| Act::Quantity { order, line, thousandths }),
        2 => (n.clone(), prop::option::of(0_u8..9), 0_u32..120_000, -5_i64..2_000).prop_map(
            |(order, line, percent, amount)| Act::Discount { order, line, percent, amount }),
        2 => (n.clone(), 0_u8..9).prop_map(|(order, what)| Act::Change { order, what }),
        1 => (n.clone(), prop::option::of(0_u8..3))
            .prop_map(|(order, course)| Act::Fire { order, course }),
        1 => (n.clone(), 0_u8..9).prop_map(|(order, line)| Act::Void { order, line }),
        1 => (n.clone(), 0_u8..9).prop_map(|(order, line)| Act::Split { order, line }),
        1 => (n.clone(), n.clone()).prop_map(|(order, other)| Act::Merge { order, other }),
        6 => (n.clone(), 0_u8..6, minor.clone(), prop_oneof![4 => Just(0_i64), 1 => 0_i64..300])
            .prop_map(|(order, method, minor, tip)| Act::Pay { order, method, minor, tip }),
        1 => (n.clone(), any::<bool>())
            .prop_map(|(order, give_back)| Act::Cancel { order, give_back }),
        4 => (0_u8..8, much.clone(), minor.clone())
            .prop_map(|(item, thousandths, minor)| Act::Sell { item, thousandths, minor }),
        3 => (n.clone(), 0_u8..4, much)
            .prop_map(|(sale, line, thousandths)| Act::Return { sale, line, thousandths }),
        2 => (n.clone(), 0_u8..5).prop_map(|(order, end)| Act::Card { order, end }),
        2 => (0_u8..8, 0_i64..8).prop_map(|(item, units)| Act::Reserve { item, units }),
        1 => (n.clone(), any::<bool>())
            .prop_map(|(reservation, release)| Act::Keep { reservation, release }),
        1 => (0_u8..8, -1_i64..9).prop_map(|(item, units)| Act::Receive { item, units }),
        1 => (0_u8..8, 0_i64..9).prop_map(|(item, units)| Act::Count { item, units }),
        1 => (0_u8..8, minor).prop_map(|(item, minor)| Act::Price { item, minor }),
        1 => (0_u8..4, 0_u8..5).prop_map(|(id, which)| Act::Promotion { id, which }),
        1 => prop_oneof![1_i64..86_400_000, -3_600_000_i64..0].prop_map(Act::Tick),
    ]
}

//! How headquarters spreads what it holds, by asking and by demand.

use super::{Holder, Raised, Rights, RightsError};

/// Rights that a place is to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// To whom.
    pub to: Holder,
    /// How much.
    pub amount: u64,
}

/// What headquarters does about one resource, given what each store used lately: it answers
/// those who ask, asks the places that hold most where it has too little, and spreads what lies
/// idle over stores that run low, in proportion to what they used. Deterministic: the same rights
/// and the same demand give the same answer. Answers the cells that grew.
///
/// A store runs low when it holds less than it used lately. Half of what is idle is spread at
/// once, so that what a store asks for tomorrow is not all gone today.
///
/// # Errors
/// More than a cell counts.
pub fn rebalance(
    rights: &mut Rights,
    recent: &dyn Fn(Holder) -> u64,
) -> Result<Vec<Raised>, RightsError> {
    const HQ: Holder = Holder::Headquarters;
    let mut raised = Vec::new();
    let mut short = Vec::new();
    for (to, due) in rights.due_from(HQ) {
        let amount = due.min(rights.usable(HQ));
        if amount > 0 {
            raised.push(rights.give(HQ, to, amount)?);
        }
        if due > amount {
            short.push((to, due - amount));
        }
    }
    for (asker, missing) in short {
        raised.extend(call_in(rights, asker, missing)?);
    }
    for Grant { to, amount } in grants(rights, recent) {
        raised.push(rights.give(HQ, to, amount)?);
    }
    Ok(raised)
}

/// Asks those that hold most, the asker excepted, until enough is on its way.
fn call_in(rights: &mut Rights, asker: Holder, missing: u64) -> Result<Vec<Raised>, RightsError> {
    const HQ: Holder = Holder::Headquarters;
    let mut givers: Vec<(u64, Holder)> = (rights.places().into_iter())
        .filter(|place| *place != HQ && *place != asker)
        .map(|place| (rights.usable(place), place))
        .filter(|(held, _)| *held > 0)
        .collect();
    givers.sort_by_key(|(held, place)| (std::cmp::Reverse(*held), *place));
    let (mut raised, mut left) = (Vec::new(), missing);
    for (held, giver) in givers {
        let amount = left.min(held);
        if amount > 0 {
            raised.extend(rights.ask(HQ, giver, amount)?);
            left -= amount;
        }
    }
    Ok(raised)
}

fn grants(rights: &Rights, recent: &dyn Fn(Holder) -> u64) -> Vec<Grant> {
    const HQ: Holder = Holder::Headquarters;
    let idle = rights.usable(HQ) / 2;
    let low = rights.places().into_iter().filter(|place| *place != HQ);
    let low: Vec<(Holder, u64)> = low
        .map(|place| (place, recent(place)))
        .filter(|(place, used)| rights.held(*place) < i64::try_from(*used).unwrap_or(i64::MAX))
        .collect();
    let all: u128 = low.iter().map(|(_, used)| u128::from(*used)).sum();
    let share = |used: u64| (u128::from(idle) * u128::from(used)).checked_div(all).unwrap_or(0);
    low.into_iter()
        .map(|(to, used)| {
            let wanted = u128::from(used) * 2; // up to twice of what it used lately
            let missing = wanted.saturating_sub(u128::from(rights.usable(to)));
            Grant { to, amount: u64::try_from(share(used).min(missing)).unwrap_or(0) }
        })
        .filter(|grant| grant.amount > 0)
        .collect()
}

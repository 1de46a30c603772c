//! What each effect takes off which pieces.

use super::round::{Cuts, Piece};
use super::{BasketLine, Effect, Promotion, Selector};
use crate::money::{Money, MoneyError};
use crate::order::Off;
use crate::pricing::prorate;

impl Effect {
    /// All that it is about.
    pub(super) fn selectors(&self) -> Vec<&Selector> {
        match self {
            Self::Each { on, .. }
            | Self::CheapestFree { on, .. }
            | Self::AnyFor { on, .. }
            | Self::Threshold { on, .. } => vec![on],
            Self::BuyGet { buy, get, .. } => vec![buy, get],
            Self::Bundle { parts, .. } => parts.iter().map(|(part, _)| part).collect(),
        }
    }
}

/// The pieces of a basket that are free for a promotion.
struct Shelf<'a> {
    basket: &'a [BasketLine<'a>],
    pieces: &'a [Piece],
    stacking: bool,
    used: Vec<bool>,
}

impl Shelf<'_> {
    /// Free pieces that a selector holds, dearest first.
    fn free(&self, on: &Selector) -> Vec<usize> {
        let holds: Vec<bool> = self.basket.iter().map(|line| on.holds(line)).collect();
        let free = |&place: &usize| {
            let piece = &self.pieces[place];
            holds[piece.line]
                && !self.used[place]
                && (self.stacking || !piece.taken)
                && piece.price > 0
        };
        let mut free: Vec<usize> = (0..self.pieces.len()).filter(free).collect();
        free.sort_by_key(|&place| (-self.pieces[place].price, place));
        free
    }

    fn price(&self, places: &[usize]) -> i64 {
        places.iter().map(|&place| self.pieces[place].price).sum()
    }

    fn take(&mut self, places: &[usize]) {
        places.iter().for_each(|&place| self.used[place] = true);
    }

    /// An amount off some pieces together, each its share.
    fn spread(&self, places: &[usize], off: i64, money: Money) -> Result<Cuts, MoneyError> {
        let weigh = |&place: &usize| Money::new(self.pieces[place].price, money.currency());
        let weights = places.iter().map(weigh).collect::<Result<Vec<_>, _>>()?;
        let shares = prorate(Money::new(off.max(0), money.currency())?, &weights)?;
        Ok(places.iter().zip(shares).map(|(&place, share)| (place, share.minor())).collect())
    }
}

impl Promotion {
    /// What it would take off now. `stacking` ones reach pieces that others took.
    pub(super) fn cuts(
        &self,
        basket: &[BasketLine<'_>],
        pieces: &[Piece],
        stacking: bool,
    ) -> Result<Cuts, MoneyError> {
        let used = vec![false; pieces.len()];
        let mut shelf = Shelf { basket, pieces, stacking, used };
        let most = self.per_order.map_or(usize::MAX, usize::from);
        match &self.effect {
            Effect::Each { on, off } => each(&shelf, on, *off, most),
            Effect::CheapestFree { on, of, free } => {
                let (of, free) = (usize::from(*of), usize::from(*free));
                Ok(cheapest_free(&shelf, on, of, free, most))
            }
            Effect::AnyFor { on, count, price } => {
                let parts = [(on.clone(), *count)];
                bundles(&mut shelf, &parts, *price, most)
            }
            Effect::Bundle { parts, price } => bundles(&mut shelf, parts, *price, most),
            Effect::BuyGet { buy, buy_count, get, get_count, percent } => {
                let counts = (usize::from(*buy_count), usize::from(*get_count));
                Ok(buy_get(&mut shelf, (buy, get), counts, *percent, most))
            }
            Effect::Threshold { on, minimum, off } => {
                let places = shelf.free(on);
                let sum = shelf.price(&places);
                if sum < minimum.minor() || most == 0 {
                    return Ok(vec![]);
                }
                let off = off.from(Money::new(sum, minimum.currency())?)?;
                shelf.spread(&places, off.minor(), *minimum)
            }
        }
    }
}

fn share(price: i64, percent: u32) -> i64 {
    let exact = i128::from(price) * i128::from(percent);
    i64::try_from((exact + 50_000) / 100_000).unwrap_or(price)
}

fn each(shelf: &Shelf<'_>, on: &Selector, off: Off, most: usize) -> Result<Cuts, MoneyError> {
    let places: Vec<usize> = shelf.free(on).into_iter().take(most).collect();
    let cut = |place: usize| {
        let line = &shelf.basket[shelf.pieces[place].line];
        let price = shelf.pieces[place].price;
        // A piece that is weighed or measured counts as much as it is.
        let whole = line.unit == crate::quantity::Unit::Each;
        let of = |each: Money| if whole { Ok(each) } else { line.quantity.at(each) };
        let off = match off {
            Off::Percent(percent) => share(price, percent),
            Off::Amount(amount) => of(amount)?.minor(),
            Off::Price(each) => price - of(each)?.minor(),
        };
        Ok((place, off.clamp(0, price)))
    };
    places.into_iter().map(cut).collect()
}

fn cheapest_free(shelf: &Shelf<'_>, on: &Selector, of: usize, free: usize, most: usize) -> Cuts {
    if of == 0 || free > of {
        return vec![];
    }
    let places = shelf.free(on);
    let sets = (places.len() / of).min(most);
    // Sets from the dearest down: in each the cheapest are free, which is what is best for the
    // customer among the ways to make sets.
    let mut cuts = Vec::with_capacity(sets * of);
    for set in places.chunks_exact(of).take(sets) {
        let paid = of - free;
        cuts.extend(set[..paid].iter().map(|&place| (place, 0)));
        cuts.extend(set[paid..].iter().map(|&place| (place, shelf.pieces[place].price)));
    }
    cuts
}

/// Sets of parts for a price: while there are pieces and it saves something, dearest first.
fn bundles(
    shelf: &mut Shelf<'_>,
    parts: &[(Selector, u16)],
    price: Money,
    most: usize,
) -> Result<Cuts, MoneyError> {
    let mut cuts = Vec::new();
    for _ in 0..most {
        let mut set: Vec<usize> = Vec::new();
        for (on, count) in parts {
            let mut free = shelf.free(on);
            free.retain(|place| !set.contains(place));
            let count = usize::from(*count);
            if count == 0 || free.len() < count {
                return Ok(cuts);
            }
            set.extend(free.into_iter().take(count));
        }
        let off = shelf.price(&set) - price.minor();
        if set.is_empty() || off <= 0 {
            return Ok(cuts);
        }
        cuts.extend(shelf.spread(&set, off, price)?);
        shelf.take(&set);
    }
    Ok(cuts)
}

fn buy_get(
    shelf: &mut Shelf<'_>,
    (buy, get): (&Selector, &Selector),
    (buy_count, get_count): (usize, usize),
    percent: u32,
    most: usize,
) -> Cuts {
    let mut cuts = Vec::new();
    if get_count == 0 {
        return cuts;
    }
    for _ in 0..most {
        let bought: Vec<usize> = shelf.free(buy).into_iter().take(buy_count).collect();
        if bought.len() < buy_count {
            return cuts;
        }
        let mut free = shelf.free(get);
        free.retain(|place| !bought.contains(place));
        // What is given is the cheapest that there is.
        let given: Vec<usize> = free.into_iter().rev().take(get_count).collect();
        if given.is_empty() {
            return cuts;
        }
        cuts.extend(bought.iter().map(|&place| (place, 0)));
        cuts.extend(given.iter().map(|&place| (place, share(shelf.pieces[place].price, percent))));
        shelf.take(&bought);
        shelf.take(&given);
    }
    cuts
}

//! One try at a basket: which pieces are taken, what comes off, by whom.

use super::{BasketLine, Promotion};
use crate::money::{Currency, Money, MoneyError};
use crate::pricing::{Award, equal_parts};
use crate::quantity::Unit;
use std::collections::{BTreeMap, BTreeSet};

/// How many of the strongest competitors are tried as the first: beyond it, the strongest goes
/// first.
const TRIED_MAX: usize = 6;
/// How many pieces of one line are told apart; more are taken together.
const PIECES_MAX: i64 = 500;

/// One piece: of goods sold by the piece one, of others the whole line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) line: usize,
    pub(super) price: i64,
    pub(super) taken: bool,
}

/// The pieces of a basket, each with its cents: they sum to their lines.
pub(super) fn pieces(basket: &[BasketLine<'_>]) -> Result<Vec<Piece>, MoneyError> {
    let mut pieces = Vec::new();
    for (place, line) in basket.iter().enumerate() {
        let count = line.quantity.thousandths() / 1000;
        let apart = line.unit == Unit::Each && (1..=PIECES_MAX).contains(&count);
        let count = if apart { u16::try_from(count).unwrap_or(1) } else { 1 };
        for price in equal_parts(line.total, count)? {
            pieces.push(Piece { line: place, price: price.minor(), taken: false });
        }
    }
    Ok(pieces)
}

/// What one promotion takes off single pieces.
pub(super) type Cuts = Vec<(usize, i64)>;

/// One try at a basket: which pieces are taken, what comes off, by whom.
#[derive(Clone)]
pub(super) struct Round<'a> {
    basket: &'a [BasketLine<'a>],
    pieces: Vec<Piece>,
    off: BTreeMap<(usize, &'a str), (i64, &'a str)>,
    groups: BTreeSet<&'a str>,
    saved: i64,
}

impl<'a> Round<'a> {
    pub(super) fn new(basket: &'a [BasketLine<'a>], pieces: Vec<Piece>) -> Self {
        Self { basket, pieces, off: BTreeMap::new(), groups: BTreeSet::new(), saved: 0 }
    }

    fn open_to(&self, promotion: &Promotion) -> bool {
        promotion.group.as_deref().is_none_or(|group| !self.groups.contains(group))
    }

    fn take(&mut self, promotion: &'a Promotion, cuts: &Cuts, consume: bool) {
        if cuts.iter().all(|(_, off)| *off == 0) {
            return;
        }
        self.groups.extend(promotion.group.as_deref());
        for &(place, off) in cuts {
            let piece = &mut self.pieces[place];
            let off = off.min(piece.price);
            piece.price -= off;
            piece.taken |= consume;
            self.saved += off;
            let sum = self.off.entry((piece.line, &promotion.id)).or_insert((0, &promotion.label));
            sum.0 += off;
        }
    }

    /// Promotions that compete: by priority, and among equals the order that saves most.
    pub(super) fn compete(&mut self, promotions: &[&'a Promotion]) -> Result<(), MoneyError> {
        let mut levels: BTreeMap<std::cmp::Reverse<i32>, Vec<&'a Promotion>> = BTreeMap::new();
        for promotion in promotions {
            levels.entry(std::cmp::Reverse(promotion.priority)).or_default().push(promotion);
        }
        for level in levels.values() {
            let strongest = self.strongest(level)?;
            let mut best: Option<Self> = None;
            for first in strongest.iter().take(TRIED_MAX) {
                let mut tried = self.clone();
                tried.greedy(Some(first), level)?;
                if best.as_ref().is_none_or(|best| tried.saved > best.saved) {
                    best = Some(tried);
                }
            }
            if let Some(best) = best {
                *self = best;
            }
        }
        Ok(())
    }

    /// Those that save something now, most first.
    fn strongest(&self, level: &[&'a Promotion]) -> Result<Vec<&'a Promotion>, MoneyError> {
        let mut gains = Vec::with_capacity(level.len());
        for promotion in level {
            let cuts = promotion.cuts(self.basket, &self.pieces, false)?;
            let gain: i64 = cuts.iter().map(|(_, off)| off).sum();
            if gain > 0 && self.open_to(promotion) {
                gains.push((std::cmp::Reverse(gain), promotion.id.as_str(), *promotion));
            }
        }
        gains.sort_by_key(|(gain, id, _)| (*gain, *id));
        Ok(gains.into_iter().map(|(_, _, promotion)| promotion).collect())
    }

    fn greedy(
        &mut self,
        first: Option<&'a Promotion>,
        level: &[&'a Promotion],
    ) -> Result<(), MoneyError> {
        let mut next = first;
        let mut left: Vec<&'a Promotion> = level.to_vec();
        while let Some(promotion) = next {
            let cuts = promotion.cuts(self.basket, &self.pieces, false)?;
            self.take(promotion, &cuts, true);
            left.retain(|known| known.id != promotion.id);
            next = self.strongest(&left)?.first().copied();
        }
        Ok(())
    }

    pub(super) fn stack(&mut self, promotion: &'a Promotion) -> Result<(), MoneyError> {
        if self.open_to(promotion) {
            let cuts = promotion.cuts(self.basket, &self.pieces, true)?;
            self.take(promotion, &cuts, false);
        }
        Ok(())
    }

    pub(super) fn awards(self, currency: Currency) -> Result<Vec<Award>, MoneyError> {
        let given = self.off.into_iter().filter(|(_, (off, _))| *off > 0);
        let award = |((line, id), (off, label)): ((usize, &str), (i64, &str))| {
            Ok(Award {
                line: self.basket[line].line,
                promotion: id.to_owned(),
                label: label.to_owned(),
                off: Money::new(off, currency)?,
            })
        };
        given.map(award).collect()
    }
}

//! A count by tags: what a reader saw against what the books expect.

use crate::count_stock::take_count;
use crate::error::ShopError;
use crate::shop::Desk;
use crate::stock_error::StockError;
use edge_domain::codes::piece::Piece;
use edge_domain::ids::CountId;
use edge_domain::item::Sku;
use edge_domain::quantity::Quantity;
use edge_domain::staff::Permission;
use serde::{Deserialize, Serialize};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// The most tags of one take: a stock room in one go.
pub const TAGS_MAX: usize = 100_000;

/// What became of the tags.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagsTaken {
    /// Pieces that were counted.
    pub counted: u64,
    /// Pieces of items that are not in this count.
    pub elsewhere: u64,
    /// Pieces that the books say were sold: they are not counted.
    pub sold: u64,
    /// Tags of none of the shop's items.
    pub foreign: u64,
}

/// Takes the tags that were seen as what is there of each serialised item of a count: an item of
/// which none was seen is not there. Taken again, with more tags or fewer, the latest holds.
///
/// # Errors
/// As [`take_count`]; nothing of the count can be told by tags.
pub fn take_tags(
    desk: &mut Desk<'_, '_>,
    id: CountId,
    tags: &[String],
) -> Result<TagsTaken, ShopError> {
    desk.require(Permission::CountStock)?;
    if tags.len() > TAGS_MAX {
        return Err(ShopError::Invalid(format!("At most {TAGS_MAX} tags at once.")));
    }
    desk.view().count(id)?.ok_or(StockError::UnknownCount)?;
    let mut seen: BTreeMap<Sku, i64> = BTreeMap::new();
    for line in desk.view().count_lines(id)? {
        let item = desk.view().item(&line.sku)?;
        if item.is_some_and(|row| row.item.details.serialised) {
            seen.insert(line.sku, 0);
        }
    }
    if seen.is_empty() {
        let refused = "Nothing of this count has tags: only serialised items are counted by them.";
        return Err(ShopError::Invalid(refused.into()));
    }
    let mut taken = TagsTaken::default();
    let mut items = BTreeMap::new();
    let mut known = BTreeSet::new();
    for tag in tags {
        let Some(piece) = Piece::of_text(tag) else {
            taken.foreign += 1;
            continue;
        };
        if !known.insert((piece.gtin, piece.serial.clone())) {
            continue; // the same piece in another dress
        }
        let sku = match items.entry(piece.gtin) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                new.insert(desk.view().item_by_gtin(piece.gtin)?.map(|row| row.item.sku))
            }
        };
        match sku {
            None => taken.foreign += 1,
            Some(_) if desk.view().is_sold(&piece)? => taken.sold += 1,
            Some(sku) => match seen.get_mut(&*sku) {
                Some(count) => {
                    *count += 1;
                    taken.counted += 1;
                }
                None => taken.elsewhere += 1,
            },
        }
    }
    let line = |(sku, count): (Sku, i64)| Ok((sku, Quantity::from_thousandths(count * 1_000)?));
    let lines = seen.into_iter().map(line).collect::<Result<_, ShopError>>()?;
    take_count(desk, id, lines)?;
    Ok(taken)
}

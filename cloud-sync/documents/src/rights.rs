//! Rights: who may still promise, sell or spend how much of what.
//!
//! Shape, v1: `cells / <bucket> / <resource>|<cell>`, each a whole number, as
//! `item/MILK-1L|given:hq:<store>`. The cells are those of `edge/domain`'s `rights`.
//!
//! **Merge rule.** Each cell is written by one place and only grows; where a box that was
//! restored wrote its cell twice apart, the larger value holds. Cells that this release does not
//! know stay.

use crate::document::{DocError, Document};
use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc};
use edge_domain::rights::{Cell, Raised, Resource, Rights};
use std::collections::BTreeMap;

/// How many shards there are.
pub const SHARDS: u32 = 16;
/// How many buckets a shard has: a change in a flat map costs time in proportion to its keys.
const BUCKETS: u32 = 16;

fn fnv(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The name of the shard that holds the rights in a resource.
#[must_use]
pub fn shard_of(resource: &Resource) -> String {
    format!("rights/{:02}", fnv(&resource.to_string()) % SHARDS)
}

fn bucket_of(resource: &Resource) -> String {
    format!("{:02x}", fnv(&resource.to_string()) / SHARDS % BUCKETS)
}

pub(crate) fn genesis(am: &mut AutoCommit) -> Result<(), DocError> {
    let cells = am.put_object(ROOT, "cells", ObjType::Map)?;
    for bucket in 0..BUCKETS {
        am.put_object(&cells, format!("{bucket:02x}"), ObjType::Map)?;
    }
    Ok(())
}

/// The rights in one resource.
///
/// # Errors
/// [`DocError::Malformed`] for another document.
pub fn read(document: &Document, resource: &Resource) -> Result<Rights, DocError> {
    let am = &document.am;
    let bucket = object(am, &object(am, &ROOT, "cells")?, &bucket_of(resource))?;
    let (from, to) = (format!("{resource}|"), format!("{resource}}}")); // '}' follows '|'
    let mut rights = Rights::default();
    for key in am.map_range(&bucket, from..to).map(|item| item.key.to_string()) {
        if let Some((of, cell)) = parse(&key)
            && of == *resource
        {
            rights.learn(cell, value(am, &bucket, &key)?);
        }
    }
    Ok(rights)
}

/// The rights in every resource of a shard.
///
/// # Errors
/// [`DocError::Malformed`] for another document.
pub fn all(document: &Document) -> Result<BTreeMap<Resource, Rights>, DocError> {
    let am = &document.am;
    let (cells, mut all) = (object(am, &ROOT, "cells")?, BTreeMap::<Resource, Rights>::new());
    for bucket in am.keys(&cells).collect::<Vec<_>>() {
        let bucket = object(am, &cells, &bucket)?;
        for key in am.keys(&bucket) {
            let Some((resource, cell)) = parse(&key) else { continue };
            all.entry(resource).or_default().learn(cell, value(am, &bucket, &key)?);
        }
    }
    Ok(all)
}

/// Writes cells that grew.
///
/// # Errors
/// [`DocError::Malformed`] for another document.
pub fn write(
    document: &mut Document,
    resource: &Resource,
    raised: &[Raised],
) -> Result<(), DocError> {
    let am = &mut document.am;
    let bucket = object(am, &object(am, &ROOT, "cells")?, &bucket_of(resource))?;
    for Raised { cell, to, .. } in raised {
        let key = format!("{resource}|{cell}");
        if value(am, &bucket, &key)? < *to {
            am.put(&bucket, &key, to.cast_signed())?;
        }
    }
    am.commit();
    Ok(())
}

fn parse(key: &str) -> Option<(Resource, Cell)> {
    let (resource, cell) = key.rsplit_once('|')?;
    Some((resource.parse().ok()?, cell.parse().ok()?))
}

/// The largest of the values that were written apart.
fn value(am: &AutoCommit, bucket: &ObjId, key: &str) -> Result<u64, DocError> {
    let values = am.get_all(bucket, key)?;
    let numbers = values.iter().filter_map(|(value, _)| u64::try_from(value.as_i64()?).ok());
    Ok(numbers.max().unwrap_or(0))
}

fn object(am: &AutoCommit, parent: &ObjId, key: &str) -> Result<ObjId, DocError> {
    match am.get(parent, key)? {
        Some((value, object)) if value.is_object() => Ok(object),
        _ => Err(DocError::Malformed(format!("there is no map {key:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Actor;
    use edge_domain::ids::StoreId;
    use edge_domain::rights::Holder;
    use uuid::Uuid;

    const HQ: Holder = Holder::Headquarters;

    fn shop() -> Holder {
        Holder::Store(StoreId::new(Uuid::from_u128(1)))
    }

    fn edit(
        document: &mut Document,
        of: &Resource,
        act: impl FnOnce(&mut Rights) -> Result<Raised, edge_domain::rights::RightsError>,
    ) {
        let mut rights = read(document, of).unwrap();
        let raised = act(&mut rights).unwrap();
        write(document, of, &[raised]).unwrap();
        assert_eq!(read(document, of).unwrap(), rights);
    }

    #[test]
    fn places_apart_lose_nothing() {
        let milk: Resource = "item/MILK|1".parse().unwrap();
        let card: Resource = "item/MILK".parse().unwrap();
        let name = shard_of(&milk);
        let mut one = Document::create(&name, Actor([1; 16])).unwrap();
        let mut two = Document::create(&name, Actor([2; 16])).unwrap();
        edit(&mut one, &milk, |rights| rights.mint(HQ, 10));
        edit(&mut one, &milk, |rights| rights.give(HQ, shop(), 4));
        two.apply(&one.changes_since(&[])).unwrap();
        edit(&mut two, &milk, |rights| rights.spend(shop(), 3));
        edit(&mut one, &milk, |rights| rights.give(HQ, shop(), 1));
        let (from_one, from_two) = (one.save(), two.save());
        one.apply(&from_two).unwrap();
        two.apply(&from_one).unwrap();
        for document in [&one, &two] {
            let all = all(document).unwrap();
            assert_eq!(all.keys().collect::<Vec<_>>(), [&milk]);
            assert_eq!((all[&milk].held(shop()), all[&milk].held(HQ)), (2, 5));
            assert_eq!(read(document, &card).unwrap(), Rights::default());
        }
    }

    #[test]
    fn of_a_cell_that_was_written_twice_the_larger_holds() {
        let milk: Resource = "item/MILK".parse().unwrap();
        let name = shard_of(&milk);
        let mut old = Document::create(&name, Actor([1; 16])).unwrap();
        let mut new = Document::create(&name, Actor([2; 16])).unwrap();
        edit(&mut old, &milk, |rights| rights.overdraw(shop(), 5));
        edit(&mut new, &milk, |rights| rights.overdraw(shop(), 3));
        old.apply(&new.save()).unwrap();
        new.apply(&old.save()).unwrap();
        for document in [&old, &new] {
            assert_eq!(read(document, &milk).unwrap().get(Cell::Spent(shop())), 5);
        }
    }
}

//! The invariants of DESIGN.md, section 1, as an outsider can check them. Each names its number.

use crate::book::Book;
use crate::goods;
use crate::hq::Headquarters;
use crate::store::Store;
use crate::till::Answer;
use anyhow::{Context as _, Result, ensure};
use cloud_sync_documents::catalogue::{self, Entry};
use cloud_sync_documents::{Actor, Document, order};
use cloud_sync_protocol::entry::ChainHead;
use cloud_sync_protocol::v1::fact::{Read, read};
use cloud_sync_store::{DocumentKey, GroupBy, SalesQuery, Store as _};
use edge_domain::SaleId;
use edge_domain::fact::Fact;
use edge_domain::item::Sku;
use edge_domain::posting::Location;
use edge_ledger::Outcome;
use edge_replica::Replica;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;
use uuid::Uuid;

/// What was found of one store's journal so far.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    local: u64,
    central: u64,
    stock: BTreeMap<Sku, i64>,
}

/// Invariant 1, acknowledged is durable: every sale that took effect is in the store's ledger
/// under its id, with the receipt number, the place and the amount that were answered.
pub(crate) fn acknowledged_is_durable(store: &Store, number: usize, book: &Book) -> Result<()> {
    let mut sales = 0;
    for sold in book.sales(number) {
        let row = store.core.view().sale(SaleId::new(sold.id))?;
        let row = row.with_context(|| format!("sale {} was answered and is gone", sold.receipt))?;
        let (parts, totals) = (row.sale.parts(), row.sale.totals());
        let held = (parts.receipt.to_string(), row.seq, totals.gross.minor());
        ensure!(
            held == (sold.receipt.clone(), sold.seq, sold.minor),
            "a sale was answered as {sold:?} and is held as {held:?}"
        );
        sales += 1;
    }
    let report = store.core.verify()?;
    ensure!(report.sales == sales, "{} sales were recorded, {sales} asked for", report.sales);
    Ok(())
}

/// Invariant 1, at headquarters once all is quiet: it holds every entry of every store, and its
/// reports count every sale once and to the cent. Nobody was set aside.
pub(crate) fn everything_arrived(stores: &[Store], hq: &Headquarters, book: &Book) -> Result<()> {
    let query = SalesQuery { from: None, to: None, group_by: GroupBy::Store };
    let report = hq.tables.sales_report(&query)?;
    for (number, store) in stores.iter().enumerate() {
        let row = hq.tables.store(store.id)?.context("headquarters forgot a store")?;
        ensure!(row.quarantine.is_none(), "{} was set aside: {:?}", store.name, row.quarantine);
        ensure!(row.acked == store.core.head(), "{} is not whole at headquarters", store.name);
        let told = report.iter().find(|row| row.key == store.id.to_string());
        let told = told.map_or((0, 0), |row| (row.count, row.total.minor()));
        let count = book.sales(number).count() as u64;
        let total: i64 = book.sales(number).map(|sold| sold.minor).sum();
        ensure!(told == (count, total), "{}: {told:?} reported, {count} {total}", store.name);
    }
    Ok(())
}

/// Invariant 2, once: a command that took effect before answers as it did then and adds nothing;
/// one that did not is no replay.
pub(crate) fn once(
    first: Option<&Answer>,
    outcome: &Outcome<Answer>,
    (before, after): (ChainHead, ChainHead),
) -> Result<()> {
    let Some(first) = first else {
        ensure!(!outcome.replayed, "a new command was answered from memory: {outcome:?}");
        return Ok(());
    };
    ensure!(outcome.replayed, "asked again, it took effect again: {outcome:?}");
    ensure!(outcome.answer == *first, "answered {first:?}, then {:?}", outcome.answer);
    ensure!(before == after, "asked again, it wrote entries {} to {}", before.seq, after.seq);
    Ok(())
}

/// Invariant 3, nothing is edited: what headquarters acknowledged is what the store holds, byte
/// by byte and link by link, and the store was told of no more than headquarters holds. Looks at
/// what is new since the last time.
pub(crate) fn nothing_is_edited(
    store: &Store,
    hq: &Headquarters,
    walked: &mut Walked,
) -> Result<()> {
    let acked = hq.tables.store(store.id)?.context("headquarters forgot a store")?.acked;
    ensure!(acked.seq <= store.core.head().seq, "headquarters holds more than the store");
    ensure!(acked.seq >= walked.central, "headquarters holds less than it did");
    let count = usize::try_from(acked.seq - walked.central)?;
    if count > 0 {
        let limit = u32::try_from(count)?;
        let there = hq.tables.entries(store.id, walked.central, limit)?;
        let mut head = store.core.view().head_at(walked.central)?.unwrap_or_default();
        for entry in &there {
            head = entry.follows(head)?;
        }
        ensure!(head == acked, "headquarters' copy of {} ends otherwise", store.name);
        let here = store.core.view().entries(walked.central, count)?;
        ensure!(here == there, "headquarters holds other entries than {}", store.name);
        walked.central = acked.seq;
    }
    ensure!(
        store.acked.seq <= acked.seq,
        "{} was told that {} entries are safe, headquarters holds {}",
        store.name,
        store.acked.seq,
        acked.seq
    );
    let known = store.core.view().head_at(store.acked.seq)?.unwrap_or_default();
    ensure!(store.acked.seq == 0 || known == store.acked, "another entry was acknowledged");
    Ok(())
}

/// Invariant 4, postings sum to zero: in money for every new entry; goods move from one place to
/// another by construction, and never in no amount.
///
/// Stock, as far as invariant 5 stands on it: the level is the fold of the moves, and no sale
/// comes without moves for exactly its lines. Rights are checked in `rights.rs`.
pub(crate) fn books_balance(store: &Store, walked: &mut Walked) -> Result<()> {
    let count = usize::try_from(store.core.head().seq - walked.local)?;
    let mut touched = Vec::new();
    for entry in store.core.view().entries(walked.local, count)? {
        walked.local = entry.seq;
        let Read::Known(fact) = read(&entry.kind, entry.version, &entry.body)? else {
            anyhow::bail!("entry {} cannot be read", entry.seq)
        };
        let postings = fact.postings()?;
        let sum: i64 = postings.money().iter().map(|posting| posting.amount.minor()).sum();
        ensure!(sum == 0, "entry {} is off by {sum}", entry.seq);
        let mut sold = BTreeMap::<&Sku, i64>::new();
        if let Fact::SaleCompleted(sale) = &fact {
            for line in &sale.parts().lines {
                *sold.entry(&line.sku).or_default() += line.quantity.thousandths();
            }
        }
        for moved in postings.goods() {
            let quantity = moved.quantity.thousandths();
            ensure!(quantity > 0 && moved.from != moved.to, "entry {} moves nothing", entry.seq);
            let sign = if moved.to == Location::Store { 1 } else { -1 };
            *walked.stock.entry(moved.sku.clone()).or_default() += sign * quantity;
            if moved.to == Location::Customer {
                *sold.entry(&moved.sku).or_default() -= quantity;
            }
            touched.push(moved.sku.clone());
        }
        let unmoved = sold.values().any(|rest| *rest != 0);
        ensure!(!unmoved, "entry {}: its moves are not its lines", entry.seq);
    }
    for sku in touched {
        let (level, fold) = (store.core.view().stock(&sku)?.thousandths(), walked.stock[&sku]);
        ensure!(level == fold, "{} of {sku} at {}, the moves make {fold}", level, store.name);
    }
    Ok(())
}

/// What can be seen of a store's state: to compare before and after what must change nothing.
pub(crate) fn picture(store: &Store) -> Result<String> {
    let view = store.core.view();
    let mut picture = format!("{:?} {}\n", store.core.head(), store.core.feed());
    let mut memory = store.replica.lock().unwrap_or_else(PoisonError::into_inner);
    for name in view.doc_names()? {
        let heads = memory.copy(&view, &name)?.heads();
        picture += &format!("{name} {:?} {heads:?}\n", view.doc(&name)?);
    }
    for sku in goods::skus()? {
        picture += &format!("{:?} {}\n", view.item(&sku)?, view.stock(&sku)?);
    }
    picture += &format!("{:?}\n{:?}\n", view.live_orders(1_000)?, view.open_tickets(None)?);
    picture += &format!("{:?}", view.latest_sales(3)?);
    Ok(picture)
}

/// What a replica has in memory is what the ledger holds: a command that failed left nothing.
pub(crate) fn memory_is_as_stored(store: &Store) -> Result<()> {
    let view = store.core.view();
    let mut memory = store.replica.lock().unwrap_or_else(PoisonError::into_inner);
    let mut fresh = Replica::new(&Zeros);
    for name in view.doc_names()? {
        let (held, stored) =
            (memory.copy(&view, &name)?.heads(), fresh.copy(&view, &name)?.heads());
        ensure!(held == stored, "{}: {name} in memory is not what is stored", store.name);
    }
    Ok(())
}

struct Zeros;

impl edge_domain::time::Entropy for Zeros {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}

/// Invariant 6, merge is order-blind: once all is quiet, headquarters and every store hold equal
/// catalogue entries; headquarters' rows and the tills' rows show what the document says.
pub(crate) fn catalogues_agree(stores: &[Store], hq: &Headquarters) -> Result<u64> {
    let mut conflicts = 0;
    let shards: BTreeSet<String> = goods::skus()?.iter().map(catalogue::shard_of).collect();
    for shard in shards {
        let central = match central(hq, Uuid::nil(), &shard)? {
            Some(document) => catalogue::entries(&document)?,
            None => vec![],
        };
        for entry in &central {
            let sku = &entry.item.sku;
            let row = hq.tables.catalogue_item(sku.as_str())?.context("no row at headquarters")?;
            ensure!(row.price == entry.item.price, "headquarters shows {sku} at {}", row.price);
            conflicts += u64::from(entry.prices.len() > 1);
        }
        for store in stores {
            let mut docs = store.replica.lock().unwrap_or_else(PoisonError::into_inner);
            let local = docs.read(&store.core.view(), &shard, catalogue::entries)?;
            ensure!(local == central, "{shard} at {}: {local:?}, not {central:?}", store.name);
            local.iter().try_for_each(|entry| row_is_as_document(store, entry))?;
        }
    }
    Ok(conflicts)
}

fn row_is_as_document(store: &Store, entry: &Entry) -> Result<()> {
    let row = store.core.view().item(&entry.item.sku)?;
    let row = row.with_context(|| format!("{} does not sell {}", store.name, entry.item.sku))?;
    ensure!(row.item == entry.item, "{} shows {:?}, not {entry:?}", store.name, row.item);
    let conflicts = entry.prices.len() > 1;
    ensure!(row.conflict.is_some() == conflicts, "{}: {:?}", store.name, row.conflict);
    Ok(())
}

/// Invariant 6, for orders: whatever headquarters knows of an order is what its store knows.
/// Orders that began and ended while the line was down are told by their facts alone.
pub(crate) fn orders_agree(stores: &[Store], hq: &Headquarters) -> Result<()> {
    for store in stores {
        for name in store.core.view().doc_names()?.into_iter().filter(|n| n.starts_with("order/")) {
            let Some(document) = central(hq, store.id.uuid(), &name)? else { continue };
            let there = order::read(&document)?.with_context(|| format!("{name} is empty"))?;
            let here = store.core.view().order(there.head.id)?;
            let mut here = here.with_context(|| format!("{name} has no row"))?;
            here.lines.sort_by_key(|line| line.id);
            ensure!(here.head == there.head, "{name}: another head");
            ensure!(here.status == there.status, "{name}: {:?}, {:?}", here.status, there.status);
            ensure!(here.lines == there.lines, "{name}: other lines at headquarters");
        }
        for row in store.core.view().live_orders(1_000)? {
            let name = order::name_of(row.head.id);
            ensure!(central(hq, store.id.uuid(), &name)?.is_some(), "{name} did not arrive");
        }
    }
    Ok(())
}

fn central(hq: &Headquarters, owner: Uuid, name: &str) -> Result<Option<Document>> {
    let key = DocumentKey { owner, name: name.to_owned() };
    let Some(stored) = hq.tables.document(&key)? else { return Ok(None) };
    let changes = stored.changes.iter().map(Vec::as_slice);
    Ok(Some(Document::load(&stored.snapshot, changes, Actor([9; 16]))?))
}

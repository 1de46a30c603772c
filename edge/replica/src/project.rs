//! From documents to the tables that tills read, and back where a document was lost.

use crate::{Replica, ReplicaError};
use cloud_sync_documents::catalogue::{self, Author, Entry, PriceMark};
use cloud_sync_documents::{Document, customer, kind_of, order, promotion, rights, staff};
use edge_domain::hlc::Hlc;
use edge_domain::item::{Item, Sku};
use edge_domain::order::Status;
use edge_domain::rights::{CELL_MAX, Holder, Raised, Resource, Rights};
use edge_domain::staff::Role;
use edge_ledger::feed::{Topic, Type};
use edge_ledger::items::ItemRow;
use edge_ledger::orders::OrderRow;
use edge_ledger::rights::RightRow;
use edge_ledger::{LedgerError, Tx};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One of several prices of an item, as the item's row notes it while they conflict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceNote {
    /// Minor units of the store's currency.
    pub amount: i64,
    /// The store's name; none for headquarters.
    pub store: Option<String>,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
}

impl From<&PriceMark> for PriceNote {
    fn from(mark: &PriceMark) -> Self {
        let store = match &mark.by {
            Author::Headquarters => None,
            Author::Store(name) => Some(name.clone()),
        };
        Self { amount: mark.price.minor(), store, at_ms: mark.at.time().as_millis() }
    }
}

/// Writes what a document says into the tables. Answers the SKUs that changed.
pub(crate) fn project(
    tx: &mut Tx<'_>,
    name: &str,
    document: &Document,
) -> Result<Vec<String>, ReplicaError> {
    match kind_of(name) {
        "catalogue" => items(tx, document),
        "order" => {
            if let Some(view) = order::read(document)? {
                project_order(tx, view)?;
            }
            Ok(vec![])
        }
        "rights" => {
            all_rights(tx, name, document)?;
            Ok(vec![])
        }
        "customers" => {
            customers(tx, document)?;
            Ok(vec![])
        }
        "promotions" => {
            promotions(tx, document)?;
            Ok(vec![])
        }
        "staff" => project_staff(tx, &staff::read(document)?),
        _ => Ok(vec![]),
    }
}

fn all_rights(tx: &mut Tx<'_>, name: &str, document: &Document) -> Result<(), ReplicaError> {
    let here = Holder::Store(tx.view().store()?);
    let known = tx.view().rights_of_shard(name)?;
    for (resource, rights) in rights::all(document)? {
        let row = rights_row(here, resource, &rights);
        if !known.contains(&row) {
            tx.put_rights(name, &row)?;
        }
    }
    Ok(())
}

/// The rights in a resource as a store sees them.
pub(crate) fn rights_row(here: Holder, resource: Resource, rights: &Rights) -> RightRow {
    let known = i128::from(rights.minted()) - i128::from(rights.spent());
    let due = rights.due_from(here).into_iter().map(|(_, due)| due);
    RightRow {
        resource,
        held: rights.held(here),
        known: i64::try_from(known).unwrap_or(i64::MAX),
        due: due.fold(0, u64::saturating_add).min(CELL_MAX),
    }
}

/// Writes the promotions that are not over into their table.
pub(crate) fn promotions(tx: &mut Tx<'_>, document: &Document) -> Result<(), ReplicaError> {
    let unreadable = |error: serde_json::Error| LedgerError::Unreadable(error.to_string());
    let mut bodies = Vec::new();
    for shape in promotion::read(document)?.into_iter().filter(|shape| !shape.ended) {
        bodies.push((shape.id.clone(), serde_json::to_string(&shape).map_err(unreadable)?));
    }
    Ok(tx.put_promotions(&bodies)?)
}

/// Writes the customers of a shard that changed into their table.
fn customers(tx: &mut Tx<'_>, document: &Document) -> Result<(), ReplicaError> {
    for shape in customer::read(document)? {
        if tx.view().customer(&shape.id)?.as_ref() != Some(&shape) {
            tx.put_customer(&shape)?;
        }
    }
    Ok(())
}

/// Who was sent away elsewhere, or got another PIN, is signed out here.
fn project_staff(tx: &mut Tx<'_>, view: &staff::View) -> Result<Vec<String>, ReplicaError> {
    for person in &view.people {
        let known = tx.view().staff(person.id)?;
        if known.as_ref() == Some(person) {
            continue;
        }
        if known.is_some_and(|known| known.pin != person.pin || !person.active) {
            tx.end_sessions_of(person.id)?;
        }
        tx.put_staff(person)?;
    }
    for (role, rights) in &view.roles {
        tx.put_role(*role, &staff::rights_to_json(rights)?)?;
    }
    Ok(vec![])
}

fn items(tx: &mut Tx<'_>, document: &Document) -> Result<Vec<String>, ReplicaError> {
    let mut changed = Vec::new();
    for entry in catalogue::entries(document)? {
        changed.extend(item(tx, entry)?);
    }
    Ok(changed)
}

pub(crate) fn some_items(
    tx: &mut Tx<'_>,
    document: &Document,
    skus: &[Sku],
) -> Result<Vec<String>, ReplicaError> {
    let mut changed = Vec::new();
    for sku in skus {
        if let Some(entry) = catalogue::entry(document, sku)? {
            changed.extend(item(tx, entry)?);
        }
    }
    Ok(changed)
}

/// Another country's price stays in the document and is not sold here.
fn item(tx: &mut Tx<'_>, entry: Entry) -> Result<Option<String>, ReplicaError> {
    if entry.item.price.currency() != tx.currency() {
        return Ok(None);
    }
    let notes: Vec<PriceNote> = entry.prices.iter().map(PriceNote::from).collect();
    let unreadable = |error: serde_json::Error| LedgerError::Unreadable(error.to_string());
    let conflict = match notes.len() {
        0 | 1 => None,
        _ => Some(serde_json::to_string(&notes).map_err(unreadable)?),
    };
    let row = ItemRow { item: entry.item, conflict };
    if tx.view().item(&row.item.sku)?.as_ref() == Some(&row) {
        return Ok(None);
    }
    tx.put_item(&row.item, row.conflict.as_deref())?;
    Ok(Some(row.item.sku.to_string()))
}

fn project_order(tx: &mut Tx<'_>, view: order::View) -> Result<(), ReplicaError> {
    let known = tx.view().order(view.head.id)?;
    let sale = known.as_ref().and_then(|known| known.sale);
    let status = known.as_ref().map_or(view.status, |known| known.status.max(view.status));
    let row = OrderRow { head: view.head, lines: view.lines, status, sale };
    if known.as_ref() != Some(&row) {
        let id = row.head.id;
        tx.put_order(&row)?;
        tx.tell(Topic::Orders, Type::OrderChanged, Some(id.uuid()))?;
    }
    Ok(())
}

/// How long an order that ended keeps its document: headquarters hears of its end meanwhile.
const ENDED_KEPT_MS: i64 = 48 * 3_600_000;

/// Whether a document is one of an order that ended long ago.
pub(crate) fn is_over(tx: &Tx<'_>, name: &str) -> Result<bool, ReplicaError> {
    let id = name.strip_prefix("order/").and_then(|id| id.parse().ok());
    let row = id.map(|id| tx.view().order(id)).transpose()?.flatten();
    let age_ms = |row: &OrderRow| tx.now().as_millis() - row.head.opened_at.as_millis();
    Ok(row.is_some_and(|row| !row.status.is_live() && age_ms(&row) > ENDED_KEPT_MS))
}

/// Makes documents from the tables, where there are none.
pub(crate) fn restore(
    replica: &mut Replica,
    tx: &mut Tx<'_>,
    store: &str,
) -> Result<usize, ReplicaError> {
    let names = tx.view().doc_names()?;
    let known = |name: &String| names.binary_search(name).is_ok();
    let author = Author::Store(store.to_owned());
    let mut shards: BTreeMap<String, Vec<Item>> = BTreeMap::new();
    for sku in tx.view().all_skus()? {
        let shard = catalogue::shard_of(&sku);
        if !known(&shard)
            && let Some(row) = tx.view().item(&sku)?
        {
            shards.entry(shard).or_default().push(row.item);
        }
    }
    let mut made = 0;
    for (name, items) in shards {
        // The oldest of all moments: whatever headquarters holds is newer.
        replica.edit(tx, &name, |document| {
            items
                .iter()
                .try_for_each(|item| catalogue::put_item(document, item, &author, Hlc::default()))
        })?;
        made += 1;
    }
    made += restore_staff(replica, tx, known(&staff::NAME.to_owned()))?;
    made += restore_customers(replica, tx, known)?;
    for (resource, cell, to) in tx.view().own_rights()? {
        let name = rights::shard_of(&resource);
        if !known(&name) {
            let raised = [Raised { cell, by: to, to }];
            replica.edit(tx, &name, |document| rights::write(document, &resource, &raised))?;
            replica.project(tx, &name)?;
            made += 1;
        }
    }
    for row in tx.view().live_orders(10_000)? {
        let name = order::name_of(row.head.id);
        if known(&name) {
            continue;
        }
        let opened = row.head.opened_at;
        replica.edit(tx, &name, |document| {
            order::open(document, &row.head)?;
            order::write_lines(document, &[], &row.lines)?;
            order::mark(document, Status::max(row.status, Status::Open), opened)
        })?;
        made += 1;
    }
    Ok(made)
}

fn restore_customers(
    replica: &mut Replica,
    tx: &mut Tx<'_>,
    known: impl Fn(&String) -> bool,
) -> Result<usize, ReplicaError> {
    let mut shards: BTreeMap<String, Vec<customer::CustomerV1>> = BTreeMap::new();
    for row in tx.view().all_customers()? {
        let name = customer::shard_of(&row.id);
        if !known(&name) {
            shards.entry(name).or_default().push(row);
        }
    }
    for (name, rows) in &shards {
        replica.edit(tx, name, |document| {
            rows.iter().try_for_each(|row| customer::put(document, row))
        })?;
    }
    Ok(shards.len())
}

fn restore_staff(
    replica: &mut Replica,
    tx: &mut Tx<'_>,
    known: bool,
) -> Result<usize, ReplicaError> {
    let people = tx.view().all_staff()?;
    if known || people.is_empty() {
        return Ok(0);
    }
    let mut roles = Vec::new();
    for (role, _) in Role::NAMES {
        if let Some(json) = tx.view().role(role)? {
            roles.push((role, staff::rights_from_json(&json)?));
        }
    }
    replica.edit(tx, staff::NAME, |document| {
        people.iter().try_for_each(|person| staff::put(document, person))?;
        roles.iter().try_for_each(|(role, rights)| staff::put_rights(document, *role, rights))
    })?;
    Ok(1)
}

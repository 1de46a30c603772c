//! Rights in three places: the journal, the document, the table that tills read.

use crate::error::ShopError;
use crate::shop::Desk;
use edge_domain::rights::{Cell, Holder, Resource};
use edge_ledger::rights::RightsState;
use std::collections::{BTreeMap, BTreeSet};

/// How many resources are read at once.
const PAGE: u32 = 1_000;

/// One resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReconciledRights {
    /// In what.
    pub resource: Resource,
    /// What the table says that this store holds.
    pub held: i64,
    /// What the document says.
    pub document: i64,
    /// What differs; empty where all agree.
    pub differs: Vec<&'static str>,
}

/// Every resource that this store knows: are the cells that it wrote those of its journal, and
/// does the table say what the document makes? For auditors.
///
/// # Errors
/// What the ledger or a document says.
pub fn reconcile_rights(desk: &mut Desk<'_, '_>) -> Result<Vec<ReconciledRights>, ShopError> {
    let here = Holder::Store(desk.view().store()?);
    let mut journal = BTreeMap::<Resource, BTreeMap<Cell, u64>>::new();
    for (resource, cell, amount) in desk.view().own_rights()? {
        journal.entry(resource).or_default().insert(cell, amount);
    }
    let table = table(desk)?;
    let resources: BTreeSet<&Resource> = journal.keys().chain(table.keys()).collect();
    let mut rows = Vec::with_capacity(resources.len());
    for resource in resources {
        let document = desk.docs.rights(&desk.tx.view(), resource)?;
        let asked = |cell: &Cell| matches!(cell, Cell::Asked { .. }); // a wish is no fact
        let own: BTreeMap<Cell, u64> = (document.cells())
            .filter(|(cell, value)| cell.writer() == here && !asked(cell) && *value > 0)
            .collect();
        let held = table.get(resource).copied().unwrap_or(0);
        let checks = [
            (
                journal.get(resource).unwrap_or(&BTreeMap::new()) != &own,
                "the document is not what the journal wrote",
            ),
            (held != document.held(here), "the table is not what the document says"),
        ];
        let differs = checks.into_iter().filter_map(|(is, what)| is.then_some(what)).collect();
        let (resource, document) = (resource.clone(), document.held(here));
        rows.push(ReconciledRights { resource, held, document, differs });
    }
    Ok(rows)
}

fn table(desk: &Desk<'_, '_>) -> Result<BTreeMap<Resource, i64>, ShopError> {
    let (mut table, mut after) = (BTreeMap::new(), String::new());
    loop {
        let page = desk.view().rights_page(RightsState::Any, &after, PAGE)?;
        let Some(last) = page.last() else { return Ok(table) };
        after = last.resource.to_string();
        table.extend(page.into_iter().map(|row| (row.resource, row.held)));
    }
}

//! Rights at the counter: made, used, given, asked for. What changes is written into the
//! document, the journal and the table of look-ups, in the transaction of what it belongs to.

use crate::error::ShopError;
use crate::shop::Desk;
use crate::value_error::ValueError;
use edge_domain::SaleId;
use edge_domain::fact::Fact;
use edge_domain::item::{Nature, Sku};
use edge_domain::order::Line;
use edge_domain::quantity::Quantity;
use edge_domain::rights::{Cell, Holder, Raised, Resource, ResourceKind, Rights};
use edge_domain::value::{RightMove, RightsMoved};
use edge_ledger::View;
use edge_ledger::rights::RightsState;
use std::collections::BTreeMap;

/// How many requests of others are answered in one transaction.
const ANSWERS_MAX: u32 = 100;

/// What is done with rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Made here: goods that came back, value that was paid for.
    Mint(u64),
    /// Used, if they are held.
    Spend(u64),
    /// Used in any case: the goods are in the customer's hand.
    Overdraw(u64),
    /// Given to another place, if they are held.
    Give(Holder, u64),
}

impl Step {
    pub(crate) fn act(self, here: Holder, rights: &mut Rights) -> Result<Raised, ValueError> {
        Ok(match self {
            Self::Mint(amount) => rights.mint(here, amount),
            Self::Spend(amount) => rights.spend(here, amount),
            Self::Overdraw(amount) => rights.overdraw(here, amount),
            Self::Give(to, amount) => rights.give(here, to, amount),
        }?)
    }
}

/// What this store holds of a resource; below nothing by what it overdrew. None where there are
/// no rights: then what lies in the store is all there is.
///
/// # Errors
/// What the ledger says.
pub fn held(view: View<'_>, resource: &Resource) -> Result<Option<i64>, ShopError> {
    Ok(view.rights(resource)?.map(|row| row.held))
}

/// Uses rights that this store holds.
///
/// # Errors
/// [`RightsError::NotHeld`](edge_domain::rights::RightsError::NotHeld): nothing was used then.
pub fn spend(desk: &mut Desk<'_, '_>, resource: &Resource, amount: u64) -> Result<(), ShopError> {
    move_rights(desk, vec![(resource.clone(), Step::Spend(amount))], None)
}

/// Takes back what was used, wherever that was. The place that takes it back makes new rights:
/// the goods lie there now, and a cell of what was used never shrinks.
///
/// # Errors
/// What the ledger says.
pub fn give_back(
    desk: &mut Desk<'_, '_>,
    resource: &Resource,
    amount: u64,
) -> Result<(), ShopError> {
    move_rights(desk, vec![(resource.clone(), Step::Mint(amount))], None)
}

/// Gives rights to another place, which may use them once it hears of it.
///
/// # Errors
/// As [`spend`].
pub fn give_rights(
    desk: &mut Desk<'_, '_>,
    resource: &Resource,
    to: Holder,
    amount: u64,
) -> Result<(), ShopError> {
    move_rights(desk, vec![(resource.clone(), Step::Give(to, amount))], None)
}

/// Asks headquarters for so much more. It answers when it hears of it, from what it holds or
/// from what other stores can spare.
///
/// # Errors
/// Nothing was asked for, or more than can be counted.
pub fn ask_rights(
    desk: &mut Desk<'_, '_>,
    resource: &Resource,
    amount: u64,
) -> Result<(), ShopError> {
    desk.docs.edit_rights(desk.tx, resource, |here, rights| {
        let raised = rights.ask(here, Holder::Headquarters, amount).map_err(ValueError::from)?;
        Ok::<_, ShopError>(raised.into_iter().collect())
    })?;
    Ok(())
}

/// Gives what others ask of this store, as far as it can spare it: what it promised stays.
/// Answers how many resources it gave of.
///
/// # Errors
/// What the ledger or a document says.
pub fn answer_rights(desk: &mut Desk<'_, '_>) -> Result<usize, ShopError> {
    let mut steps = Vec::new();
    let mut given = 0;
    for row in desk.view().rights_page(RightsState::Due, "", ANSWERS_MAX)? {
        let mut spare = spare(desk, &row.resource, row.held)?;
        let asked = desk.docs.rights(&desk.tx.view(), &row.resource)?;
        let before = steps.len();
        for (to, due) in asked.due_from(Holder::Store(desk.view().store()?)) {
            let amount = due.min(spare);
            spare -= amount;
            if amount > 0 {
                steps.push((row.resource.clone(), Step::Give(to, amount)));
            }
        }
        given += usize::from(steps.len() > before);
    }
    move_rights(desk, steps, None)?;
    Ok(given)
}

fn spare(desk: &Desk<'_, '_>, resource: &Resource, held: i64) -> Result<u64, ShopError> {
    let promised = match resource.kind() {
        ResourceKind::Item => {
            desk.view().reserved(&Sku::new(resource.reference())?, desk.now())?.thousandths()
        }
        _ => 0,
    };
    Ok(u64::try_from(held.saturating_sub(promised)).unwrap_or(0))
}

/// What is done with rights, in this order; all or nothing, and one fact.
pub(crate) fn move_rights(
    desk: &mut Desk<'_, '_>,
    steps: Vec<(Resource, Step)>,
    sale: Option<SaleId>,
) -> Result<(), ShopError> {
    let mut moves = Vec::new();
    for (resource, step) in steps {
        let raised = desk.docs.edit_rights(desk.tx, &resource, |here, rights| {
            Ok::<_, ShopError>(vec![step.act(here, rights)?])
        })?;
        let grown = |Raised { cell, by, .. }: Raised| (resource.clone(), cell, by);
        moves.extend(raised.into_iter().map(grown));
    }
    if moves.is_empty() {
        return Ok(());
    }
    let moved = |(resource, cell, by): (Resource, Cell, u64)| RightMove { resource, cell, by };
    let moves = moves.into_iter().map(moved).collect();
    desk.tx.append(&Fact::RightsMoved(RightsMoved { moves, sale, at: desk.now() }))?;
    Ok(())
}

/// The rights that goods use which leave, or make which come back. An item that nobody ever made
/// rights in needs none.
pub(crate) fn of_goods(
    desk: &Desk<'_, '_>,
    goods: impl IntoIterator<Item = (Sku, Quantity)>,
) -> Result<Vec<(Resource, Step)>, ShopError> {
    let mut sums = BTreeMap::<Sku, i64>::new();
    for (sku, quantity) in goods {
        *sums.entry(sku).or_default() += quantity.thousandths();
    }
    let mut steps = Vec::new();
    for (sku, thousandths) in sums.into_iter().filter(|(_, sum)| *sum != 0) {
        let Some(resource) = under_rights(desk.view(), &sku)? else { continue };
        let amount = thousandths.unsigned_abs();
        let out = thousandths > 0;
        steps.push((resource, if out { Step::Overdraw(amount) } else { Step::Mint(amount) }));
    }
    Ok(steps)
}

/// The goods of a sale's lines, those that came back below nothing.
pub(crate) fn goods_of(lines: &[Line]) -> impl Iterator<Item = (Sku, Quantity)> + '_ {
    let goods = lines.iter().filter(|line| line.more.nature == Nature::Goods && !line.voided);
    goods.map(|line| (line.sku.clone(), line.quantity))
}

/// How much of an item this store's rights still allow; None where there are none.
pub(crate) fn allowed(view: View<'_>, sku: &Sku) -> Result<Option<Quantity>, ShopError> {
    let Some(resource) = item(sku) else { return Ok(None) };
    let Some(held) = held(view, &resource)? else { return Ok(None) };
    let most = edge_domain::quantity::THOUSANDTHS_MAX;
    Ok(Some(Quantity::from_thousandths(held.clamp(-most, most))?))
}

fn under_rights(view: View<'_>, sku: &Sku) -> Result<Option<Resource>, ShopError> {
    let Some(resource) = item(sku) else { return Ok(None) };
    Ok(view.rights(&resource)?.map(|row| row.resource))
}

fn item(sku: &Sku) -> Option<Resource> {
    Resource::new(ResourceKind::Item, sku.as_str()).ok()
}

//! Gift cards, vouchers, points: money that the shop keeps for a customer. What is loaded here
//! may be spent here; what was loaded elsewhere, once the other place gave the right to it.

use crate::error::ShopError;
use crate::keep_customers::within_credit;
use crate::loyalty;
use crate::promote::rights_in;
use crate::rights::{Step, goods_of, move_rights, of_goods};
use crate::ring_up::words;
use crate::shop::Desk;
use crate::value_error::ValueError;
use edge_domain::fact::Fact;
use edge_domain::money::Money;
use edge_domain::order::Line;
use edge_domain::payment::{Payment, Stored, Tender};
use edge_domain::rights::{Resource, ResourceKind, Rights};
use edge_domain::sale::Sale;
use edge_domain::staff::Permission;
use edge_domain::value::ValueIssued;
use edge_ledger::View;
use edge_ledger::promotions::counted;

/// What is known of a card, a voucher or an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueBalance {
    /// What is on it, in all places, as far as is known here.
    pub balance: Money,
    /// What can be spent here now.
    pub available: Money,
}

/// Value that is given without a sale.
#[derive(Clone, Debug)]
pub struct IssueValue {
    /// What kind.
    pub kind: Stored,
    /// Which card, voucher or customer.
    pub reference: String,
    /// How much.
    pub amount: Money,
    /// Why.
    pub reason: String,
}

/// Names a card, a voucher or an account.
///
/// # Errors
/// A reference that is none.
pub fn value_of(kind: Stored, reference: &str) -> Result<Resource, ShopError> {
    Ok(Resource::new(ResourceKind::Stored(kind), reference).map_err(ValueError::from)?)
}

/// What is on a card, a voucher or an account.
///
/// # Errors
/// [`ValueError::Unknown`].
pub fn value_balance(
    view: View<'_>,
    kind: Stored,
    reference: &str,
) -> Result<ValueBalance, ShopError> {
    let (here, row) =
        (view.stored_value(kind, reference)?, view.rights(&value_of(kind, reference)?)?);
    let currency = view.currency();
    let (balance, available) = match (row, here) {
        (Some(row), _) => (row.known, row.held.max(0)),
        (None, Some(here)) => (here, 0),
        (None, None) => return Err(ValueError::Unknown(reference.to_owned()).into()),
    };
    let money = |minor| Money::new(minor, currency);
    Ok(ValueBalance { balance: money(balance)?, available: money(available)? })
}

/// Gives a customer value without a sale, at the shop's own expense.
///
/// # Errors
/// Nothing, another currency, no reason.
pub fn issue_value(desk: &mut Desk<'_, '_>, issue: IssueValue) -> Result<ValueBalance, ShopError> {
    desk.require(Permission::PayInOut)?;
    let reason = words(&issue.reason, "reason")?;
    let reason = reason.ok_or_else(|| ShopError::Invalid("Say why it is given.".into()))?;
    let IssueValue { kind, reference, amount, .. } = issue;
    let resource = value_of(kind, &reference)?;
    amount.minus(Money::zero(desk.shop.currency))?;
    let minor = u64::try_from(amount.minor()).unwrap_or(0);
    let (reference, at) = (resource.reference().to_owned(), desk.now());
    move_rights(desk, vec![(resource, Step::Mint(minor))], None)?;
    let issued = ValueIssued { kind, reference: reference.clone(), amount, reason, at };
    desk.tx.append(&Fact::ValueIssued(issued))?;
    value_balance(desk.view(), kind, &reference)
}

/// Asks for what other places hold of a card, a voucher or an account. It comes when they and
/// headquarters have heard of it.
///
/// # Errors
/// A reference that is none.
pub fn fetch_value(
    desk: &mut Desk<'_, '_>,
    kind: Stored,
    reference: &str,
) -> Result<(), ShopError> {
    let resource = value_of(kind, reference)?;
    let known = desk.view().rights(&resource)?;
    let elsewhere = known.map_or(0, |row| row.known.saturating_sub(row.held.max(0)));
    match u64::try_from(elsewhere) {
        Ok(0) | Err(_) if desk.view().rights(&resource)?.is_none() => {
            Err(ValueError::Unknown(reference.to_owned()).into())
        }
        Ok(0) | Err(_) => Ok(()), // all of it is here
        Ok(amount) => crate::rights::ask_rights(desk, &resource, amount),
    }
}

/// What a sale does to rights and stored value: goods use theirs, cards are loaded, what pays is
/// taken. One call for every sale, before it is recorded.
///
/// # Errors
/// [`ValueError::NotEnough`]; nothing was taken then.
pub(crate) fn settle(desk: &mut Desk<'_, '_>, sale: &Sale) -> Result<(), ShopError> {
    let parts = sale.parts();
    let mut steps = of_goods(desk, goods_of(&parts.lines))?;
    for resource in counted(sale).into_iter().filter_map(rights_in) {
        if desk.view().rights(&resource)?.is_some() {
            steps.push((resource, Step::Overdraw(1))); // the customer was told the price
        }
    }
    for line in &parts.lines {
        steps.extend(load(desk, line)?);
    }
    steps.extend(loyalty::step(sale)?);
    let paid_now = parts.payments.iter().filter(|payment| !payment.deposited);
    within_credit(desk.view(), paid_now)?;
    for payment in parts.payments.iter().filter(|payment| !payment.deposited) {
        steps.extend(take(desk, payment)?);
    }
    enough(desk, &steps)?;
    move_rights(desk, steps, Some(parts.id))
}

/// What a part payment does, before it is recorded.
///
/// # Errors
/// As [`settle`].
pub(crate) fn settle_deposit(desk: &mut Desk<'_, '_>, payment: &Payment) -> Result<(), ShopError> {
    within_credit(desk.view(), [payment])?;
    let steps: Vec<_> = take(desk, payment)?.into_iter().collect();
    enough(desk, &steps)?;
    move_rights(desk, steps, None)
}

fn load(desk: &Desk<'_, '_>, line: &Line) -> Result<Option<(Resource, Step)>, ShopError> {
    let Some(kind) = line.more.nature.loads() else { return Ok(None) };
    let whose = line.more.serials.first().ok_or(ValueError::NoReference)?;
    let minor = line.total()?.minor();
    let resource = value_of(kind, whose)?;
    if kind == Stored::Account && desk.view().rights(&resource)?.is_none() {
        return Ok(None); // an account without rights: what it owes is counted, not shared out
    }
    Ok(step(minor).map(|step| (resource, step)))
}

fn take(desk: &Desk<'_, '_>, payment: &Payment) -> Result<Option<(Resource, Step)>, ShopError> {
    let Tender::Stored { kind, .. } = payment.tender else { return Ok(None) };
    let reference = payment.reference.as_deref().ok_or(ValueError::NoReference)?;
    let resource = value_of(kind, reference)?;
    if kind == Stored::Account && desk.view().rights(&resource)?.is_none() {
        return Ok(None); // an account without a limit: it owes
    }
    Ok(step(payment.amount.minor().saturating_neg()).map(|step| (resource, step)))
}

/// What comes in is made here, what goes out is used here.
fn step(minor: i64) -> Option<Step> {
    match minor {
        0 => None,
        1.. => Some(Step::Mint(minor.unsigned_abs())),
        _ => Some(Step::Spend(minor.unsigned_abs())),
    }
}

/// Asks first, so that the answer names the card and what is on it.
fn enough(desk: &mut Desk<'_, '_>, steps: &[(Resource, Step)]) -> Result<(), ShopError> {
    let here = edge_domain::rights::Holder::Store(desk.view().store()?);
    let mut known: Vec<(Resource, Rights)> = Vec::new();
    for (resource, step) in steps {
        let at = match known.iter().position(|(of, _)| of == resource) {
            Some(at) => at,
            None => {
                let rights = desk.docs.rights(&desk.tx.view(), resource)?;
                known.push((resource.clone(), rights));
                known.len() - 1
            }
        };
        let rights = &mut known[at].1;
        let usable = i64::try_from(rights.usable(here)).unwrap_or(i64::MAX);
        if let (Step::Spend(_), Err(_)) = (step, step.act(here, rights)) {
            let available = Money::new(usable, desk.shop.currency)?;
            let reference = resource.reference().to_owned();
            return Err(ValueError::NotEnough { reference, available }.into());
        }
    }
    Ok(())
}

//! Loyalty at the counter: what a sale earns, what goes back with what comes back, and tiers.

use crate::error::ShopError;
use crate::rights::Step;
use crate::shop::Desk;
use crate::stored_value::value_of;
use cloud_sync_documents::customer as document;
use cloud_sync_protocol::v1::customer::{CustomerV1, ReachedV1};
use edge_domain::item::Nature;
use edge_domain::loyalty::{Programme, TIER_DAYS, Tier, taken_back};
use edge_domain::money::Money;
use edge_domain::order::Line;
use edge_domain::payment::{Stored, Tender};
use edge_domain::rights::Resource;
use edge_domain::sale::Sale;
use edge_domain::{SaleId, StoreTime};
use edge_ledger::View;
use edge_ledger::rights::day_of;
use std::collections::BTreeMap;

/// Where a customer stands in the programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The tier that holds now.
    pub tier: Option<String>,
    /// What was spent in this store in the days that count.
    pub spent: Money,
}

/// Where a customer stands: the highest tier of the one that somebody gave, the one that was
/// reached in another store, and the one that spending in this store reaches.
///
/// # Errors
/// What the ledger says.
pub fn standing(
    view: View<'_>,
    programme: &Programme,
    customer: &CustomerV1,
    now: StoreTime,
) -> Result<Standing, ShopError> {
    let spent = spent(view, &customer.id, now)?;
    let tier = tier_of(programme, customer, spent, now);
    let tier = tier.map(|tier| tier.name.clone());
    Ok(Standing { tier, spent: Money::new(spent, view.currency())? })
}

/// What counts towards a tier.
fn spent(view: View<'_>, customer: &str, now: StoreTime) -> Result<i64, ShopError> {
    Ok(view.spent_since(customer, day_of(now) - TIER_DAYS)?)
}

/// The customer, if the shop knows one who has not left.
fn active(view: View<'_>, customer: &str) -> Result<Option<CustomerV1>, ShopError> {
    Ok(view.customer(customer)?.filter(|known| known.active))
}

fn tier_of<'a>(
    programme: &'a Programme,
    customer: &CustomerV1,
    spent: i64,
    now: StoreTime,
) -> Option<&'a Tier> {
    let reached = customer.reached.as_ref().filter(|reached| reached.until_day >= day_of(now));
    let named = [customer.tier.as_deref(), reached.map(|reached| reached.tier.as_str())];
    let named: Vec<&str> = named.into_iter().flatten().collect();
    programme.tier(spent, &named)
}

/// The tier whose promotions an order's customer gets.
pub(crate) fn tier_for(
    desk: &Desk<'_, '_>,
    customer: Option<&str>,
) -> Result<Option<String>, ShopError> {
    let programme = &desk.shop.rules.loyalty;
    let Some(id) = customer.filter(|_| !programme.tiers.is_empty()) else { return Ok(None) };
    let Some(known) = active(desk.view(), id)? else { return Ok(None) };
    Ok(standing(desk.view(), programme, &known, desk.now())?.tier)
}

/// The sale with what it earns its customer: so much of what new goods cost and was not paid in
/// points, less what came back had earned.
pub(crate) fn earn(desk: &Desk<'_, '_>, sale: Sale) -> Result<Sale, ShopError> {
    let programme = &desk.shop.rules.loyalty;
    let Some(id) = sale.parts().about.customer.clone() else { return Ok(sale) };
    let mut earned = Money::zero(desk.shop.currency).minus(given_back(desk, &sale)?)?;
    if programme.earn > 0
        && let Some(known) = active(desk.view(), &id)?
    {
        let spent = spent(desk.view(), &id, desk.now())?;
        let tier = tier_of(programme, &known, spent, desk.now());
        earned = earned.plus(programme.earned(tier, counting(&sale)?)?)?;
    }
    Ok(sale.with_earned(Some(earned))?)
}

/// What of a sale earns points.
fn counting(sale: &Sale) -> Result<Money, ShopError> {
    let mut sum = Money::zero(sale.parts().currency);
    let new = |line: &&Line| !line.is_return() && line.more.nature.loads().is_none();
    for line in sale.parts().lines.iter().filter(new) {
        sum = sum.plus(line.total()?)?;
    }
    let in_points = |tender: &Tender| matches!(tender, Tender::Stored { kind: Stored::Points, .. });
    for paid in sale.parts().payments.iter().filter(|paid| in_points(&paid.tender)) {
        sum = sum.minus(paid.amount)?;
    }
    Ok(sum)
}

/// What the goods that come back had earned. A receipt of another store says nothing of points.
fn given_back(desk: &Desk<'_, '_>, sale: &Sale) -> Result<Money, ShopError> {
    let mut back = BTreeMap::<SaleId, Money>::new();
    for line in &sale.parts().lines {
        let Some(of) = line.more.returned.as_ref().and_then(|from| from.sale) else { continue };
        let sum = back.entry(of).or_insert(Money::zero(sale.parts().currency));
        *sum = sum.minus(line.total()?)?;
    }
    let mut points = Money::zero(sale.parts().currency);
    for (of, now) in back {
        let Some(row) = desk.view().sale(of)? else { continue };
        let parts = row.sale.parts();
        let Some(earned) = parts.about.earned.filter(|earned| !earned.is_negative()) else {
            continue;
        };
        let (mut sold, mut before) = (Money::zero(parts.currency), Money::zero(parts.currency));
        for line in parts.lines.iter().filter(|line| !line.is_return()) {
            sold = sold.plus(line.total()?)?;
            before = before.plus(desk.view().returned(of, line.id)?.1)?;
        }
        points = points.plus(taken_back(earned, sold, before, now)?)?;
    }
    Ok(points)
}

/// Points that are earned can be spent here; those that go back are taken in any case, even if
/// they were spent: then fewer than none are left until more are earned.
pub(crate) fn step(sale: &Sale) -> Result<Option<(Resource, Step)>, ShopError> {
    let about = &sale.parts().about;
    let (Some(earned), Some(customer)) = (about.earned, &about.customer) else { return Ok(None) };
    let resource = value_of(Stored::Points, customer)?;
    let amount = earned.minor().unsigned_abs();
    let step = if earned.is_negative() { Step::Overdraw(amount) } else { Step::Mint(amount) };
    Ok(Some((resource, step)))
}

/// Writes down a tier that this sale reached, so that it holds in every store. After the sale.
pub(crate) fn reach(desk: &mut Desk<'_, '_>, sale: &Sale) -> Result<(), ShopError> {
    let programme = &desk.shop.rules.loyalty;
    let Some(id) = sale.parts().about.customer.as_deref() else { return Ok(()) };
    if programme.tiers.is_empty() {
        return Ok(());
    }
    let Some(known) = active(desk.view(), id)? else { return Ok(()) };
    let now = desk.now();
    let spent = spent(desk.view(), id, now)?;
    let before = tier_of(programme, &known, 0, now).map_or(-1, |tier| tier.from);
    let Some(tier) = programme.tier(spent, &[]).filter(|tier| tier.from > before) else {
        return Ok(());
    };
    let reached = ReachedV1 { tier: tier.name.clone(), until_day: day_of(now) + TIER_DAYS };
    let known = CustomerV1 { reached: Some(reached), ..known };
    let name = document::shard_of(id);
    desk.docs.edit(desk.tx, &name, |document| document::put(document, &known))?;
    Ok(desk.tx.put_customer(&known)?)
}

/// Whether a line is money that the shop keeps for somebody.
pub(crate) fn names_whose(nature: Nature) -> Option<&'static str> {
    match nature {
        Nature::GiftCard => Some("Scan the gift card that the money goes onto."),
        Nature::AccountPayment => Some("Say whose account is paid: the customer's id."),
        Nature::Goods | Nature::Made | Nature::Service => None,
    }
}

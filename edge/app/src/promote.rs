//! Promotions at the counter: kept ready in memory, counted against their limits.

use crate::error::ShopError;
use crate::loyalty::tier_for;
use crate::rights::held;
use crate::shop::Desk;
use cloud_sync_documents::promotion as document;
use cloud_sync_protocol::v1::promotion::PromotionV1;
use edge_domain::money::MoneyError;
use edge_domain::order::{Head, Line};
use edge_domain::pricing::Award;
use edge_domain::promotion::{BasketLine, Book, Occasion, Promotion};
use edge_domain::rights::{Resource, ResourceKind};
use edge_domain::staff::Permission;
use edge_ledger::View;
use edge_ledger::items::ItemRow;
use std::sync::{Arc, Mutex, PoisonError};

/// The promotions that were read last, and at which count of their changes.
#[derive(Clone, Debug, Default)]
pub struct Promotions(Arc<Mutex<Option<Read>>>);

/// At which count of changes, and what stood there then.
type Read = (u32, Arc<Book>);

impl Promotions {
    /// The promotions as they stand.
    fn book(&self, view: View<'_>) -> Result<Arc<Book>, ShopError> {
        let version = view.promotions_version()?;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, book)) = &*kept
            && *known == version
        {
            return Ok(book.clone());
        }
        let book = Arc::new(Book::new(view.promotions()?));
        *kept = Some((version, book.clone()));
        Ok(book)
    }
}

/// Puts a promotion into the catalogue of them, or changes it.
///
/// # Errors
/// One that makes no sense; the text names the rule.
pub fn put_promotion(desk: &mut Desk<'_, '_>, shape: &PromotionV1) -> Result<(), ShopError> {
    desk.require(Permission::EditCatalogue)?;
    let checked = shape.clone().into_domain(desk.shop.currency);
    checked.map_err(|error| ShopError::Invalid(format!("{error}.")))?;
    desk.docs.edit(desk.tx, document::NAME, |document| document::put(document, shape))?;
    Ok(desk.docs.project(desk.tx, document::NAME)?)
}

/// What the promotions of the moment give to an order's lines.
pub(crate) fn awards(
    desk: &Desk<'_, '_>,
    head: &Head,
    lines: &[Line],
) -> Result<Vec<Award>, ShopError> {
    let book = desk.shop.rules.promotions.book(desk.view())?;
    if book.promotions().is_empty() {
        return Ok(vec![]);
    }
    let sold: Vec<(&Line, Option<ItemRow>)> = (lines.iter())
        .filter(|line| !line.voided && !line.is_return() && line.more.parent.is_none())
        .map(|line| Ok((line, desk.view().item(&line.sku)?)))
        .collect::<Result<_, ShopError>>()?;
    let basket = sold.iter().map(|(line, row)| basket_line(line, row.as_ref()));
    let basket = basket.collect::<Result<Vec<_>, _>>()?;
    let at = desk.now();
    let tier = tier_for(desk, head.tab.customer.as_deref())?;
    let groups: Vec<&str> = head.tab.group.as_deref().into_iter().chain(tier.as_deref()).collect();
    let on = Occasion {
        at,
        day_time: desk.shop.rules.day_time(at),
        kind: head.kind,
        groups: &groups,
        coupons: &head.tab.coupons,
    };
    let counts = |promotion: &Promotion| {
        // A limit that cannot be read does not give anything away.
        within(desk.view(), promotion, head.tab.customer.as_deref()).unwrap_or(false)
    };
    Ok(book.evaluate(head.currency, &basket, &on, &counts)?)
}

fn basket_line<'a>(line: &'a Line, row: Option<&'a ItemRow>) -> Result<BasketLine<'a>, MoneyError> {
    Ok(BasketLine {
        line: line.id,
        sku: line.sku.as_str(),
        category: row.and_then(|row| row.item.category.as_deref()),
        tags: row.map(|row| row.item.details.tags.as_slice()).unwrap_or_default(),
        quantity: line.quantity,
        unit: line.unit,
        total: line.total()?,
    })
}

/// The right to let a promotion count, where its limit is shared by several stores.
pub(crate) fn rights_in(promotion: &str) -> Option<Resource> {
    Resource::new(ResourceKind::Promotion, promotion).ok()
}

/// Whether a promotion may count once more, for this customer and in all. One with a limit for
/// each customer is for customers that the shop knows.
fn within(
    view: View<'_>,
    promotion: &Promotion,
    customer: Option<&str>,
) -> Result<bool, ShopError> {
    if let Some(most) = promotion.per_customer {
        let Some(customer) = customer else { return Ok(false) };
        if view.promotion_sales(&promotion.id, Some(customer))? >= most {
            return Ok(false);
        }
    }
    if let Some(held) = rights_in(&promotion.id).map(|of| held(view, &of)).transpose()?.flatten() {
        return Ok(held > 0); // how often it counts in all is shared out
    }
    match promotion.in_total {
        Some(most) => Ok(view.promotion_sales(&promotion.id, None)? < most),
        None => Ok(true),
    }
}

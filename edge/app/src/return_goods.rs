//! Goods come back, and others may go out in exchange: one receipt, one sum.

use crate::adjust_stock::{Adjust, AdjustLine, adjust};
use crate::error::ShopError;
use crate::receipt_code::{Claim, SealError, read_receipt_code};
use crate::refund_card::ask_refunds;
use crate::ring_up::{Buyer, lines_for, words};
use crate::sell::SellLine;
use crate::shop::Desk;
use crate::stock_line::LotName;
use crate::take_payment::record;
use edge_domain::audit::Action;
use edge_domain::item::{Nature, Sku, TerminalId};
use edge_domain::money::{Currency, Money, MoneyError};
use edge_domain::order::{Adjustment, Cause, Line, OrderKind, Returned};
use edge_domain::payment::{Offer, Payment, Tender};
use edge_domain::quantity::Quantity;
use edge_domain::sale::{About, ReceiptNumber, Sale, SaleError, SaleParts};
use edge_domain::staff::Permission;
use edge_domain::stock::{Place, Reason};
use edge_domain::tax::TaxRate;
use edge_domain::{LineId, PaymentId, SaleId};
use edge_ledger::sales::SaleRow;

/// Which receipt the goods are on.
#[derive(Clone, Debug)]
pub enum Proof {
    /// A sale of this store, by its id.
    Sale(SaleId),
    /// A sale of this store, by its receipt's number.
    Receipt(ReceiptNumber),
    /// The code of a receipt, of this store or of one that it trusts.
    Code(String),
    /// None: goods are taken back at today's price.
    None,
}

/// One line that comes back.
#[derive(Clone, Debug)]
pub struct BackLine {
    /// The sold line, where there is a receipt.
    pub line: Option<LineId>,
    /// The item.
    pub sku: Option<String>,
    /// How much; all that is left where nothing is said.
    pub quantity: Option<Quantity>,
    /// The pieces that come back.
    pub serials: Vec<String>,
    /// Whether it cannot be sold again: it goes to shrinkage.
    pub damaged: bool,
}

/// A return or an exchange.
#[derive(Clone, Debug)]
pub struct ReturnGoods {
    /// Where.
    pub terminal: TerminalId,
    /// The receipt.
    pub proof: Proof,
    /// What comes back; all that is left of the sale where empty.
    pub lines: Vec<BackLine>,
    /// Why.
    pub reason: String,
    /// What goes out in exchange.
    pub exchange: Vec<SellLine>,
    /// How money is given back, or paid; as it was paid where empty. Amounts are more than
    /// nothing either way.
    pub payments: Vec<Offer>,
}

/// Takes goods back. It is durable when the command answers.
///
/// # Errors
/// An unknown sale or line, more than is left, no reason, tenders that do not fit.
pub fn return_goods(desk: &mut Desk<'_, '_>, back: ReturnGoods) -> Result<SaleRow, ShopError> {
    let reason = words(&back.reason, "reason")?;
    let reason = reason.ok_or_else(|| ShopError::Invalid("Say why it comes back.".into()))?;
    desk.selling_at(&back.terminal)?;
    desk.require(match &back.proof {
        Proof::None => Permission::ReturnWithoutReceipt,
        Proof::Sale(_) | Proof::Receipt(_) | Proof::Code(_) => Permission::ReturnWithReceipt,
    })?;
    let proof = proof_of(desk, &back.proof)?;
    let mut lines = match &proof {
        Some(sold) => with_receipt(desk, sold, &back.lines, &reason)?,
        None => without_receipt(desk, &back.lines, &reason)?,
    };
    let damaged = lines.iter().zip(&back.lines).filter(|(_, back)| back.damaged);
    let goods = damaged.filter(|(line, _)| line.more.nature == Nature::Goods);
    let broken: Vec<_> = goods.map(|(line, _)| (line.sku.clone(), line.quantity)).collect();
    let about = proof.as_ref().map(|sold| &sold.about);
    let kind = about.and_then(|about| about.kind).unwrap_or(OrderKind::Retail);
    for SellLine { ring, unit_price } in back.exchange {
        let mut rung = lines_for(desk, ring, &Buyer { kind, group: None })?;
        rung[0].unit_price = unit_price.unwrap_or(rung[0].unit_price);
        lines.extend(rung);
    }
    let id = SaleId::new(desk.tx.mint());
    let parts = SaleParts {
        id,
        order: None,
        receipt: desk.tx.next_receipt(&back.terminal)?,
        at: desk.now(),
        currency: desk.shop.currency,
        policy: desk.shop.policy,
        lines,
        payments: vec![],
        about: About {
            customer: about.and_then(|about| about.customer.clone()),
            exempt: about.and_then(|about| about.exempt.clone()),
            kind: about.and_then(|about| about.kind),
            staff: desk.staff(),
            ..About::default()
        },
    };
    let due = Sale::due(&parts)?;
    let offers = match back.payments {
        asked if asked.is_empty() => as_it_was_paid(desk, due, proof.as_ref())?,
        asked => asked.into_iter().map(|offer| turned(offer, due)).collect(),
    };
    let mint = |offer| (PaymentId::new(desk.tx.mint()), offer);
    let sale = Sale::of_tenders(parts, offers.into_iter().map(mint).collect())?;
    let text = match &proof {
        Some(sold) => format!("receipt {}", sold.receipt),
        None => "without a receipt".to_owned(),
    };
    let row = record(desk, sale)?;
    ask_refunds(desk, &row.sale, proof.as_ref())?;
    write_off(desk, broken, &reason)?;
    desk.audit(Action::Return, id.uuid(), text, Some(due), reason)?;
    Ok(row)
}

/// What cannot be sold again leaves the shelf at once: the quantities are below nothing.
fn write_off(
    desk: &mut Desk<'_, '_>,
    broken: Vec<(Sku, Quantity)>,
    reason: &str,
) -> Result<(), ShopError> {
    if broken.is_empty() {
        return Ok(());
    }
    let lot = LotName::default();
    let line = |(sku, by)| AdjustLine { sku, by, place: Place::Store, lot: lot.clone() };
    let lines = broken.into_iter().map(line).collect();
    adjust(desk, Adjust { lines, reason: Reason::Breakage, note: Some(reason.to_owned()) })?;
    Ok(())
}

/// What was sold, as far as goods come back: a sale of this store, or what the code of another
/// store's receipt claims.
fn proof_of(desk: &Desk<'_, '_>, proof: &Proof) -> Result<Option<SaleParts>, ShopError> {
    let row = match proof {
        Proof::Sale(id) => desk.view().sale(*id)?,
        Proof::Receipt(of) => desk.view().sale_of_receipt(of)?,
        Proof::Code(code) => {
            let claim = read_receipt_code(code, &desk.shop.rules.receipt_keys())?;
            if claim.store_id() != desk.view().store()? {
                return claimed(desk, &claim).map(Some);
            }
            desk.view().sale(claim.sale_id())?
        }
        Proof::None => return Ok(None),
    };
    Ok(Some(row.ok_or(ShopError::UnknownSale)?.sale.parts().clone()))
}

/// The sale of another store, as its receipt's code claims: each line at what was paid for it.
fn claimed(desk: &Desk<'_, '_>, claim: &Claim) -> Result<SaleParts, ShopError> {
    let currency: Currency = claim.currency.parse()?;
    if currency != desk.shop.currency {
        return Err(MoneyError::CurrencyMismatch(currency, desk.shop.currency).into());
    }
    let mut lines = Vec::with_capacity(claim.lines.len());
    for (place, line) in claim.lines.iter().enumerate() {
        let sku = Sku::new(&line.sku)?;
        let item = desk.view().item(&sku)?.map(|row| row.item);
        let mut item = item.ok_or_else(|| ShopError::UnknownItem(line.sku.clone()))?;
        let paid = Money::new(line.amount, currency)?;
        item.tax_rate = TaxRate::from_thousandths(line.rate).unwrap_or(item.tax_rate);
        item.price = paid.scaled(1_000, line.quantity.max(1))?;
        let quantity = Quantity::from_thousandths(line.quantity)?;
        let mut sold = Line::of(claim.line_id(place), &item, quantity, vec![], None)?;
        let amount = paid.minus(sold.full()?)?;
        if !amount.is_zero() {
            let (id, label) = (String::new(), claim.receipt.clone());
            sold.more.adjustments.push(Adjustment { cause: Cause::Return, id, label, amount });
        }
        lines.push(sold);
    }
    if lines.is_empty() {
        return Err(ShopError::Invalid(
            "This receipt is too long for its code: say what it was.".into(),
        ));
    }
    Ok(SaleParts {
        id: claim.sale_id(),
        order: None,
        receipt: claim.receipt.parse().map_err(|_| SealError::Code)?,
        at: claim.at(),
        currency,
        policy: desk.shop.policy,
        lines,
        payments: vec![],
        about: About::default(),
    })
}

fn with_receipt(
    desk: &Desk<'_, '_>,
    parts: &SaleParts,
    asked: &[BackLine],
    reason: &str,
) -> Result<Vec<Line>, ShopError> {
    let mut lines: Vec<Line> = Vec::new();
    let whole: Vec<BackLine> = if asked.is_empty() { all_of(parts) } else { asked.to_vec() };
    for back in &whole {
        let sold = parts.lines.iter().find(|line| is_meant(line, back));
        let sold =
            sold.ok_or_else(|| SaleError::MoreThanSold(back.sku.clone().unwrap_or_default()))?;
        let (mut before, _) = desk.view().returned(parts.id, sold.id)?;
        for line in lines.iter().filter(|line| comes_from(line, sold.id)) {
            before = before.plus(line.quantity.negated())?;
        }
        let left = sold.quantity.plus(before.negated())?;
        let quantity = back.quantity.unwrap_or(left);
        if quantity == Quantity::ZERO && asked.is_empty() {
            continue;
        }
        let known = |serial: &String| sold.more.serials.contains(serial);
        if !back.serials.iter().all(known) {
            let refused = "A serial number that comes back is not on this receipt.";
            return Err(ShopError::Invalid(refused.into()));
        }
        let from =
            Returned { sale: Some(parts.id), line: Some(sold.id), reason: reason.to_owned() };
        let id = LineId::new(desk.tx.mint());
        let mut line = Sale::take_back(sold, id, quantity, before, from)?;
        line.more.serials.clone_from(&back.serials);
        lines.push(line);
    }
    Ok(lines)
}

fn all_of(parts: &SaleParts) -> Vec<BackLine> {
    let sold = parts.lines.iter().filter(|line| !line.is_return());
    let back = |line: &Line| BackLine {
        line: Some(line.id),
        sku: None,
        quantity: None,
        serials: line.more.serials.clone(),
        damaged: false,
    };
    sold.map(back).collect()
}

fn is_meant(line: &Line, back: &BackLine) -> bool {
    let by_id = back.line.is_none_or(|id| line.id == id);
    let by_sku = back.sku.as_ref().is_none_or(|sku| line.sku.as_str() == sku);
    by_id && by_sku && (back.line.is_some() || back.sku.is_some()) && !line.is_return()
}

fn comes_from(line: &Line, sold: LineId) -> bool {
    line.more.returned.as_ref().is_some_and(|from| from.line == Some(sold))
}

fn without_receipt(
    desk: &Desk<'_, '_>,
    asked: &[BackLine],
    reason: &str,
) -> Result<Vec<Line>, ShopError> {
    let buyer = Buyer { kind: OrderKind::Retail, group: None };
    let mut lines = Vec::with_capacity(asked.len());
    for back in asked {
        let ring = crate::RingUp {
            sku: back.sku.clone(),
            quantity: back.quantity,
            serials: back.serials.clone(),
            ..crate::RingUp::default()
        };
        let sold = lines_for(desk, ring, &buyer)?.swap_remove(0);
        let from = Returned { sale: None, line: None, reason: reason.to_owned() };
        let id = LineId::new(desk.tx.mint());
        let mut line = Sale::take_back(&sold, id, sold.quantity, Quantity::ZERO, from)?;
        line.more.serials.clone_from(&back.serials);
        lines.push(line);
    }
    Ok(lines)
}

/// An offer in the direction in which the money goes.
fn turned(offer: Offer, due: Money) -> Offer {
    if !due.is_negative() {
        return offer;
    }
    let tender = match offer.tender {
        Tender::Cash { tendered } => Tender::Cash { tendered: tendered.negated() },
        Tender::Card { amount } => Tender::Card { amount: amount.negated() },
        Tender::Stored { kind, amount } => Tender::Stored { kind, amount: amount.negated() },
    };
    Offer { tender, ..offer }
}

/// Money goes back as it came: what cards and vouchers paid first, less what went back to them
/// before, the rest in cash.
fn as_it_was_paid(
    desk: &Desk<'_, '_>,
    due: Money,
    sale: Option<&SaleParts>,
) -> Result<Vec<Offer>, ShopError> {
    let mut left = due;
    let mut before = Money::zero(due.currency());
    if let Some(parts) = sale {
        for line in &parts.lines {
            before = before.plus(desk.view().returned(parts.id, line.id)?.1)?;
        }
    }
    let mut offers = Vec::new();
    let payments = sale.map(|sale| sale.payments.as_slice()).unwrap_or_default();
    let is_cash = |paid: &&Payment| matches!(paid.tender, Tender::Cash { .. });
    for paid in payments.iter().filter(|paid| !is_cash(paid) && !paid.amount.is_negative()) {
        let gone = if before > paid.amount { paid.amount } else { before };
        before = before.minus(gone)?;
        let most = paid.amount.minus(gone)?.negated();
        let amount = if most < left { left } else { most };
        if left.is_negative() && amount.is_negative() {
            let tender = Tender::from_method(paid.tender.method(), amount);
            let tender = tender.unwrap_or(Tender::Card { amount });
            offers.push(Offer { tender, tip: None, reference: paid.reference.clone() });
            left = left.minus(amount)?;
        }
    }
    if left.is_negative() {
        let coins = desk.shop.policy.cash.round(left)?;
        offers.push(Tender::Cash { tendered: coins }.into());
    }
    Ok(offers)
}

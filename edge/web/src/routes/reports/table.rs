//! A report as a table, and whether it agrees with what was posted.

use crate::shapes::Money;
use edge_app::ShopError;
use edge_domain::money::Currency;
use edge_domain::quantity::Quantity;
use edge_domain::tax::TaxRate;
use edge_ledger::View;
use edge_ledger::reports::{ItemSum, QUARTER_MS, Quarters, Sums, TaxSum, TenderSum, Till};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How sales are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Hour,
    Day,
    Item,
    Category,
    Staff,
    Tender,
    Tax,
    Terminal,
}

/// A row. What does not apply to its sort of report is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SalesRow {
    /// The hour with its offset, the day, the SKU, the category, the name, the tender, the rate
    /// or the terminal.
    pub key: String,
    /// What people call it, where that is something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Receipts, lines or payments.
    pub count: i64,
    /// Receipts that give money back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returns: Option<i64>,
    /// How much of an item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    /// What was to pay; for items and categories the sum of their lines, with or without tax as
    /// prices are.
    pub amount: i64,
    /// Without tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub net: Option<i64>,
    /// The tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax: Option<i64>,
    /// What was taken off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discounts: Option<i64>,
    /// What came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned: Option<i64>,
    /// For the staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tips: Option<i64>,
}

/// What was sold. Amounts of rows are minor units of `currency`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SalesReport {
    /// The first day, in the store's zone.
    pub from: String,
    /// The last day.
    pub to: String,
    /// How sales are told apart.
    pub group_by: String,
    /// ISO 4217.
    pub currency: String,
    /// The journal's last entry that it knows.
    pub as_of: u64,
    /// The rows.
    pub rows: Vec<SalesRow>,
    /// Receipts.
    pub sales: i64,
    /// What was to pay.
    pub gross: Money,
    /// Without tax.
    pub net: Money,
    /// The tax.
    pub tax: Money,
    /// Whether the rows sum to the sales, and the sales are what was posted on revenue and tax,
    /// both in the same snapshot of the ledger.
    pub reconciles: bool,
    /// What is between them.
    pub difference: Money,
}

impl Group {
    const NAMES: [(Self, &'static str); 8] = [
        (Self::Hour, "hour"),
        (Self::Day, "day"),
        (Self::Item, "item"),
        (Self::Category, "category"),
        (Self::Staff, "staff"),
        (Self::Tender, "tender"),
        (Self::Tax, "tax"),
        (Self::Terminal, "terminal"),
    ];

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(group, _)| *group)
    }

    fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(group, _)| *group == self).map_or("day", |(_, name)| name)
    }
}

/// Reads a report, and holds it against the postings.
pub(super) fn report(
    view: View<'_>,
    group: Group,
    quarters: Quarters,
    (from, to): (String, String),
    zone: &TimeZone,
) -> Result<SalesReport, ShopError> {
    let tills = view.sold_by(Till::Terminal, quarters)?;
    let all = tills.iter().fold(Sums::default(), |sum, (_, till)| added(sum, till));
    let rows: Vec<SalesRow> = match group {
        Group::Terminal => tills.iter().map(|(key, sums)| till_row(key.clone(), sums)).collect(),
        Group::Staff => by_till(view.sold_by(Till::Staff, quarters)?),
        Group::Hour | Group::Day => {
            by_time(view.sold_by(Till::Quarter, quarters)?, group == Group::Day, zone)
        }
        Group::Item => view.sold_by_item(quarters)?.into_iter().map(item_row).collect(),
        Group::Category => by_category(view.sold_by_item(quarters)?),
        Group::Tender => view.sold_by_tender(quarters)?.into_iter().map(tender_row).collect(),
        Group::Tax => view.sold_by_tax(quarters)?.into_iter().map(tax_row).collect(),
    };
    let (told, held) = match group {
        Group::Item | Group::Category => (sum(&rows, |row| row.amount), all.lines),
        Group::Tax => (sum(&rows, |row| row.tax.unwrap_or(0)), all.gross - all.net),
        _ => (sum(&rows, |row| row.amount), all.gross),
    };
    let posted = all.gross - all.cards - view.posted_income(quarters)?;
    let difference = if told == held { posted } else { told - held };
    let currency = view.currency();
    Ok(SalesReport {
        from,
        to,
        group_by: group.as_str().to_owned(),
        currency: currency.to_string(),
        as_of: view.last_seq()?,
        sales: all.sales,
        gross: money(all.gross, currency),
        net: money(all.net, currency),
        tax: money(all.gross - all.net, currency),
        reconciles: told == held && posted == 0,
        difference: money(difference, currency),
        rows,
    })
}

impl SalesReport {
    /// The rows as CSV (RFC 4180), amounts in minor units.
    pub(super) fn as_csv(&self) -> String {
        let mut text = "key,name,count,returns,quantity,amount,net,tax,discounts,returned,tips,\
             currency\r\n"
            .to_owned();
        let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
        for row in &self.rows {
            let fields = [
                quoted(&row.key),
                quoted(row.name.as_deref().unwrap_or_default()),
                row.count.to_string(),
                number(row.returns),
                row.quantity.clone().unwrap_or_default(),
                row.amount.to_string(),
                number(row.net),
                number(row.tax),
                number(row.discounts),
                number(row.returned),
                number(row.tips),
                self.currency.clone(),
            ];
            text.push_str(&fields.join(","));
            text.push_str("\r\n");
        }
        text
    }
}

/// A field that a spreadsheet reads as a text, and never as a formula.
fn quoted(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

fn sum(rows: &[SalesRow], of: impl Fn(&SalesRow) -> i64) -> i64 {
    rows.iter().map(of).sum()
}

fn money(amount: i64, currency: Currency) -> Money {
    Money { amount, currency: currency.to_string() }
}

fn added(sum: Sums, more: &Sums) -> Sums {
    Sums {
        sales: sum.sales + more.sales,
        returns: sum.returns + more.returns,
        gross: sum.gross + more.gross,
        net: sum.net + more.net,
        cards: sum.cards + more.cards,
        lines: sum.lines + more.lines,
        discounts: sum.discounts + more.discounts,
        returned: sum.returned + more.returned,
        tips: sum.tips + more.tips,
    }
}

fn till_row(key: String, sums: &Sums) -> SalesRow {
    SalesRow {
        key,
        count: sums.sales,
        returns: Some(sums.returns),
        amount: sums.gross,
        net: Some(sums.net),
        tax: Some(sums.gross - sums.net),
        discounts: Some(sums.discounts),
        returned: Some(sums.returned),
        tips: Some(sums.tips),
        ..SalesRow::default()
    }
}

fn by_till(rows: Vec<(String, Sums)>) -> Vec<SalesRow> {
    rows.into_iter().map(|(key, sums)| till_row(key, &sums)).collect()
}

/// By the store's own hours or days. An hour that clocks show twice is two rows.
fn by_time(rows: Vec<(String, Sums)>, days: bool, zone: &TimeZone) -> Vec<SalesRow> {
    let mut sums: BTreeMap<i64, (String, Sums)> = BTreeMap::new();
    for (quarter, more) in rows {
        let ms = quarter.parse::<i64>().unwrap_or(0).saturating_mul(QUARTER_MS);
        let at = jiff::Timestamp::from_millisecond(ms).unwrap_or_default().to_zoned(zone.clone());
        let key = match days {
            true => at.date().to_string(),
            false => at.strftime("%Y-%m-%dT%H:00%:z").to_string(),
        };
        // Rows come in the order of time: the same key is the last one, or new.
        match sums.last_entry().filter(|last| last.get().0 == key) {
            Some(mut last) => {
                let before = std::mem::take(&mut last.get_mut().1);
                last.get_mut().1 = added(before, &more);
            }
            None => {
                sums.insert(ms, (key, more));
            }
        }
    }
    sums.into_values().map(|(key, sums)| till_row(key, &sums)).collect()
}

fn quantity(thousandths: i64) -> Option<String> {
    Quantity::from_thousandths(thousandths).ok().map(|quantity| quantity.to_string())
}

fn item_row(item: ItemSum) -> SalesRow {
    SalesRow {
        key: item.sku,
        name: item.name,
        count: item.lines,
        quantity: quantity(item.quantity),
        amount: item.amount,
        ..SalesRow::default()
    }
}

fn by_category(items: Vec<ItemSum>) -> Vec<SalesRow> {
    let mut sums: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for item in items {
        let sum = sums.entry(item.category.unwrap_or_default()).or_default();
        *sum = (sum.0 + item.lines, sum.1 + item.amount);
    }
    let row = |(key, (count, amount))| SalesRow { key, count, amount, ..SalesRow::default() };
    sums.into_iter().map(row).collect()
}

fn tender_row(tender: TenderSum) -> SalesRow {
    SalesRow {
        key: tender.method,
        count: tender.count,
        amount: tender.settled,
        tips: Some(tender.tips),
        ..SalesRow::default()
    }
}

fn tax_row(tax: TaxSum) -> SalesRow {
    let rate = TaxRate::from_thousandths(tax.rate).map(|rate| rate.to_string());
    SalesRow {
        key: rate.unwrap_or_default(),
        name: Some(tax.code).filter(|code| !code.is_empty()),
        amount: tax.net + tax.tax,
        net: Some(tax.net),
        tax: Some(tax.tax),
        ..SalesRow::default()
    }
}

//! Reports: what was sold, by what one asks for, and the audit journal.

mod stock;
mod table;

pub use stock::{Lost, StockReport, WhichLosses};
pub use table::{SalesReport, SalesRow};

use crate::Api;
use crate::post::Who;
use crate::problem::Problem;
use crate::shapes::AuditEntry;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use edge_domain::audit::Action;
use edge_domain::staff::Permission;
use edge_ledger::reports::{QUARTER_MS, Quarters};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use table::Group;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The most days in one report: a bit more than ten years.
const DAYS_MAX: i32 = 3_700;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(sales_report))
        .routes(routes!(journal))
        .routes(routes!(stock::stock_report))
}

/// Which sales, and how they are told apart.
#[derive(Debug, Deserialize, IntoParams)]
pub struct WhichSales {
    /// The first day, in the store's zone, as in `2026-03-29`; today where nothing is said.
    from: Option<String>,
    /// The last day; the first where nothing is said.
    to: Option<String>,
    /// `hour`, `day`, `item`, `category`, `staff`, `tender`, `tax` or `terminal`; `day` where
    /// nothing is said.
    group_by: Option<String>,
}

/// Which audit entries.
#[derive(Debug, Deserialize, IntoParams)]
pub struct WhichAudits {
    /// As in `discount`; all where nothing is said.
    action: Option<String>,
    /// Only entries before this place in the journal.
    before: Option<u64>,
    /// At most so many; 100 where nothing is said.
    limit: Option<u32>,
}

/// Audit entries.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditJournal {
    /// The latest first.
    pub entries: Vec<AuditEntry>,
}

/// What was sold. `Accept: text/csv` gives the rows as CSV.
#[utoipa::path(get, path = "/reports/sales", params(WhichSales),
    responses((status = 200, body = SalesReport), (status = "4XX", body = Problem)))]
pub(crate) async fn sales_report(
    State(api): State<Api>,
    Query(which): Query<WhichSales>,
    Who(caller): Who,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let zone = api.shop.config().rules.zone.clone();
    let now = jiff::Timestamp::from_millisecond(api.now().as_millis()).unwrap_or_default();
    let today = now.to_zoned(zone.clone()).date();
    let from = which.from.as_deref().map_or(Ok(today), day)?;
    let to = which.to.as_deref().map_or(Ok(from), day)?;
    let group = which.group_by.as_deref().unwrap_or("day");
    let group = Group::from_name(group).ok_or_else(|| {
        Problem::invalid("Group by hour, day, item, category, staff, tender, tax or terminal.")
    })?;
    let quarters = quarters(from, to, &zone)?;
    let days = (from.to_string(), to.to_string());
    let summed = api.shop.run(None, |desk| {
        desk.tx.sum_up();
        Ok(())
    });
    summed.answer().await?;
    let report = api.read_for(caller, Permission::SeeReports, move |view, _| {
        table::report(view, group, quarters, days, &zone)
    });
    let report = report.await?;
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("text/csv")) {
        let kind = [(header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present")];
        return Ok((kind, report.as_csv()).into_response());
    }
    Ok(Json(report).into_response())
}

/// The audit journal: what somebody did that the owner wants to know of.
#[utoipa::path(get, path = "/reports/journal", params(WhichAudits),
    responses((status = 200, body = AuditJournal), (status = "4XX", body = Problem)))]
pub(crate) async fn journal(
    State(api): State<Api>,
    Query(which): Query<WhichAudits>,
    Who(caller): Who,
) -> Result<Json<AuditJournal>, Problem> {
    let action = match which.action.as_deref() {
        None => None,
        Some(name) => {
            let known = Action::from_name(name);
            Some(known.ok_or_else(|| Problem::invalid(format!("There is no act {name}.")))?)
        }
    };
    let limit = which.limit.unwrap_or(100).min(1_000);
    let audits = api.read_for(caller, Permission::SeeReports, move |view, _| {
        Ok(view.audits(action, which.before, limit)?)
    });
    let entry = |(seq, audit): &(u64, edge_domain::audit::Audit)| AuditEntry::of(*seq, audit);
    Ok(Json(AuditJournal { entries: audits.await?.iter().map(entry).collect() }))
}

/// The quarters of an hour of some days in the store's zone; today where nothing is said.
fn span(api: &Api, from: Option<&str>, to: Option<&str>) -> Result<Quarters, Problem> {
    let zone = api.shop.config().rules.zone.clone();
    let now = jiff::Timestamp::from_millisecond(api.now().as_millis()).unwrap_or_default();
    let today = now.to_zoned(zone.clone()).date();
    let from = from.map_or(Ok(today), day)?;
    quarters(from, to.map_or(Ok(from), day)?, &zone)
}

fn day(text: &str) -> Result<Date, Problem> {
    text.parse().map_err(|_| Problem::invalid(format!("{text} is no day, as in 2026-03-29.")))
}

/// The quarters of an hour of whole days in a zone: 92, 96 or 100 a day, as its clocks are set.
fn quarters(from: Date, to: Date, zone: &TimeZone) -> Result<Quarters, Problem> {
    let bad = || Problem::invalid("The last day is before the first, or too long after it.");
    let length = (to - from).get_days();
    if !(0..=DAYS_MAX).contains(&length) {
        return Err(bad());
    }
    let start = |date: Date| -> Result<i64, Problem> {
        let begins = date.to_zoned(zone.clone()).map_err(|_| bad())?;
        Ok(begins.timestamp().as_millisecond().div_euclid(QUARTER_MS))
    };
    Ok((start(from)?, start(to.tomorrow().map_err(|_| bad())?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_as_long_as_its_clocks_say() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let long = |text: &str| {
            let day: Date = text.parse().unwrap();
            let (from, to) = quarters(day, day, &zone).map_err(|p| p.detail).unwrap();
            to - from
        };
        assert_eq!(long("2026-03-28"), 96);
        assert_eq!(long("2026-03-29"), 92, "clocks go forward");
        assert_eq!(long("2026-10-25"), 100, "clocks go back");
        let (a, b) = ("2026-03-30".parse().unwrap(), "2026-03-29".parse().unwrap());
        assert!(quarters(a, b, &zone).is_err());
    }
}

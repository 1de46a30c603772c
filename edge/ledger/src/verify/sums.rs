//! That what reports read is what was posted and sold, as far as it was added up.

use super::Finding;
use crate::core::View;

/// Each pair must give the same: what reports read, and what it should be.
const PAIRS: [(&str, &str, &str); 5] = [
    (
        "reports of sales",
        "SELECT coalesce(sum(gross), 0) FROM sold_till",
        "SELECT coalesce(sum(total), 0) FROM sale WHERE seq <= (SELECT value FROM meta
             WHERE key = 'sums')",
    ),
    (
        "reports of tenders",
        "SELECT coalesce(sum(settled), 0) FROM sold_tender",
        "SELECT coalesce(sum(total), 0) FROM sale WHERE seq <= (SELECT value FROM meta
             WHERE key = 'sums')",
    ),
    (
        "reports of taxes",
        "SELECT coalesce(-sum(tax), 0) FROM sold_tax",
        "SELECT coalesce(sum(amount), 0) FROM posting WHERE account LIKE 'tax:%'
             AND seq <= (SELECT value FROM meta WHERE key = 'sums')",
    ),
    (
        "reports of items",
        "SELECT coalesce(sum(amount), 0) FROM sold_item",
        "SELECT coalesce(sum(lines), 0) FROM sold_till",
    ),
    (
        "reports of items by day",
        "SELECT coalesce(sum(amount), 0) FROM sold_item_day",
        "SELECT coalesce(sum(lines), 0) FROM sold_till",
    ),
];

impl View<'_> {
    pub(super) fn sums(&self) -> Result<(), Finding> {
        for (what, told, held) in PAIRS {
            let one = |sql: &str| self.conn.query_row(sql, [], |row| row.get::<_, i64>(0));
            let (told, held) = (one(told)?, one(held)?);
            if told != held {
                return Err(Finding::Projection(format!("{what} say {told}, it is {held}")));
            }
        }
        let differs: Option<String> = self.conn.query_row(
            "SELECT min(account) FROM (
                 SELECT account, sum(amount) amount FROM (
                     SELECT account, amount FROM sold_posting
                     UNION ALL SELECT p.account, -p.amount FROM posting p
                         JOIN sale s ON s.seq = p.seq
                         WHERE p.seq <= (SELECT value FROM meta WHERE key = 'sums')
                 ) GROUP BY account
             ) WHERE amount <> 0",
            [],
            |row| row.get(0),
        )?;
        match differs {
            Some(account) => Err(Finding::Projection(format!(
                "what reports are held against is not what sales posted on {account}"
            ))),
            None => Ok(()),
        }
    }
}

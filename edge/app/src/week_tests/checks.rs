//! What must hold however the week went.

use super::{Counter, eur};
use edge_domain::Quantity;
use edge_domain::money::Money;
use edge_domain::payment::Stored;
use edge_domain::posting::Account;
use std::collections::BTreeMap;

impl Counter {
    /// What must hold however the week went.
    pub(super) fn checked(&mut self) {
        self.core.verify().unwrap();
        let sales = self.core.view().latest_sales(10_000).unwrap();
        let mut numbers: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        let mut revenue = 0;
        for row in &sales {
            let parts = row.sale.parts();
            let terminal = parts.receipt.terminal.to_string();
            numbers.entry(terminal).or_default().push(parts.receipt.number);
            let sold: i64 = row
                .sale
                .postings()
                .unwrap()
                .money()
                .iter()
                .filter(|post| post.account == Account::Sales)
                .map(|post| post.amount.minor())
                .sum();
            revenue += sold;
            for line in &parts.lines {
                let (back, amount) = self.core.view().returned(parts.id, line.id).unwrap();
                assert!(back <= line.quantity.max(Quantity::ZERO), "more came back than was sold");
                let total = line.total().unwrap();
                assert!(amount <= total.max(eur(0)), "more was given back than was paid");
                if back == line.quantity && back > Quantity::ZERO {
                    assert_eq!(amount, total, "all of it came back: all of it was given back");
                }
            }
        }
        let earned = sales.iter().filter_map(|row| row.sale.parts().about.earned);
        let earned: i64 = earned.map(Money::minor).sum();
        let points = self.core.view().stored_value(Stored::Points, "c1").unwrap().unwrap_or(0);
        assert_eq!(points, earned, "nobody spends points in this week: what was earned is there");
        for (terminal, mut seen) in numbers {
            seen.sort_unstable();
            let last = u32::try_from(seen.len()).unwrap();
            assert_eq!(seen, (1..=last).collect::<Vec<_>>(), "{terminal}: a gap");
        }
        assert_eq!(self.core.view().account("sales").unwrap().minor(), revenue);
        let before = self.core.head();
        self.core.rebuild().unwrap();
        assert_eq!(self.core.head(), before);
        self.core.verify().unwrap();
        assert_eq!(self.core.view().latest_sales(10_000).unwrap(), sales);
    }
}

//! Finding items as somebody types, over HTTP: names of two to four words out of 2,000.

use crate::report::{Budget, Row, percentile};
use edge_domain::codes::gtin::check_digit;
use std::fmt::Write;
use std::time::Instant;
use tests_support::Store;

/// A word of the made-up language of shelves: two or three syllables.
fn word(n: u64) -> String {
    const SYLLABLES: [&str; 20] = [
        "ba", "cho", "di", "fer", "gan", "hu", "jo", "kel", "lim", "mo", "nu", "par", "qui", "ro",
        "sal", "ti", "ul", "ven", "wa", "zo",
    ];
    let pick = |n: u64| SYLLABLES[usize::try_from(n % 20).unwrap_or(0)];
    format!("{}{}{}", pick(n), pick(n / 20), if n.is_multiple_of(3) { pick(n / 7) } else { "" })
}

/// The name of an item.
pub(crate) fn name(n: u64) -> String {
    let mut words: Vec<String> =
        (0..2 + n % 3).map(|place| word((n * 7_919 + place * 104_729) % 2_000)).collect();
    words.push(format!("{} g", 50 * (1 + n % 20)));
    words.join(" ")
}

/// A catalogue with such names.
pub(crate) fn catalogue(items: u64) -> anyhow::Result<String> {
    let mut csv = String::from("sku,gtin,name,price,unit,tax_rate,category,station\n");
    writeln!(csv, "MILK-1L,4006381333931,Milk 1 l,1.29,each,7,Dairy,")?;
    writeln!(csv, "SOUP,,Tomato soup,5.50,each,19,Kitchen,kitchen")?;
    for n in 0..items {
        let body = 410_000_000_000 + n;
        let gtin = body * 10 + check_digit(body);
        writeln!(csv, "SKU-{n},{gtin:013},{},2.49,each,7,Group {},", name(n), n % 40)?;
    }
    Ok(csv)
}

/// What somebody types: each beginning of a word, two words, a code, a word with an error.
fn typed(n: u64) -> Vec<String> {
    let name = name(n * 13);
    let mut words = name.split(' ');
    let (first, second) = (words.next().unwrap_or("ba"), words.next().unwrap_or("cho"));
    let mut texts: Vec<String> = (1..=first.len()).map(|end| first[..end].to_owned()).collect();
    texts.push(format!("{first} {}", &second[..2]));
    texts.push(format!("SKU-{}", n * 13));
    if first.len() > 4 {
        texts.push(format!("{}{}", &first[..2], &first[3..]));
    }
    texts
}

/// Search and look-up over HTTP.
pub(crate) async fn measure(store: &Store, items: u64, rows: &mut Vec<Row>) -> anyhow::Result<()> {
    let (mut searched, mut found) = (Vec::new(), Vec::new());
    for n in 0..120_u64 {
        for text in typed(n % (items / 14)) {
            let begun = Instant::now();
            store.get(&format!("/items?limit=30&q={}", text.replace(' ', "+"))).await?.ok()?;
            searched.push(begun.elapsed().as_secs_f64() * 1_000.0);
        }
        let body = 410_000_000_000 + n * 11;
        let code = format!("{:013}", body * 10 + check_digit(body));
        let begun = Instant::now();
        store.get(&format!("/items?code={code}")).await?.ok()?;
        found.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    let name = |what: &str| format!("{what} over HTTP, {items} items, p99");
    let search = percentile(&mut searched, 0.99);
    // The budget is a shop's; a million is what a distributor has.
    let within = |budget| if items > 50_000 { Budget::None } else { Budget::AtMost(budget) };
    rows.push(Row::new(&name("search as somebody types"), search, "ms", within(10.0)));
    let found = percentile(&mut found, 0.99);
    rows.push(Row::new(&name("look-up of a code"), found, "ms", within(5.0)));
    Ok(())
}

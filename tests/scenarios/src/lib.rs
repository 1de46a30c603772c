//! A shop's days, told with the real binaries over their real protocols: one story a test, in
//! `tests/`. Here is only what the stories share.

pub mod broker;
pub mod cards;

use serde_json::{Value, json};

/// A small shop.
pub const CATALOGUE: &str = "sku,gtin,name,price,unit,tax_rate,category,stock,station,modifiers\n\
    MILK-1L,4006381333931,Milk 1 l,1.29,each,7,Dairy,50,,\n\
    APPLES,,Apples,2.49,kg,7,Fruit,,,\n\
    SOUP,,Tomato soup,5.50,each,19,Kitchen,,kitchen,\n\
    LATTE,,Latte,3.80,each,19,Coffee,,bar,\"Milk[1-1]: Whole, Oat +0.40\"\n";

/// An amount.
#[must_use]
pub fn eur(minor: i64) -> Value {
    json!({ "amount": minor, "currency": "EUR" })
}

/// A whole sale of some pieces of milk for exact cash.
#[must_use]
pub fn milk_sale(pieces: i64) -> Value {
    json!({
        "terminal": "T1",
        "lines": [{ "code": "4006381333931", "quantity": pieces.to_string() }],
        "payments": [{ "method": "cash", "tendered": eur(129 * pieces) }],
    })
}

/// Runs `outpost ledger verify`; answers whether it holds and what it said.
///
/// # Errors
/// When the command does not start.
pub fn verify(data: &std::path::Path) -> anyhow::Result<(bool, String)> {
    let done = std::process::Command::new(tests_support::binary("outpost")?)
        .args(["ledger", "verify", "--data"])
        .arg(data)
        .output()?;
    let said = [done.stdout, done.stderr].concat();
    Ok((done.status.success(), String::from_utf8_lossy(&said).into_owned()))
}

use crate::v1::fact::{Read, read, write};

/// Bodies as they were first written. Frozen: if one fails, its shape was changed instead of
/// being given a new version.
const FROZEN: [(&str, &str); 19] = [
    (
        "stock_received",
        r#"{"lines":[{"sku":"MILK","quantity":3000}],"reference":"DN-17","at":1700000000000}"#,
    ),
    ("stock_received", r#"{"lines":[{"sku":"MILK","quantity":3000}],"at":1700000000000}"#),
    (
        "stock_received",
        r#"{"lines":[{"sku":"MILK","quantity":3000,"lot":"L7","expires":"2026-12-24","cost":89}],"at":1700000000000,"place":"back-room","currency":"EUR"}"#,
    ),
    (
        "place_added",
        r#"{"place":"back-room","title":"Back room","sellable":true,"at":1700000000000}"#,
    ),
    (
        "stock_adjusted",
        r#"{"lines":[{"sku":"MILK","quantity":-1000,"place":"store","lot":"L7","expires":"2026-12-24"}],"reason":"breakage","note":"fell","at":1700000000000}"#,
    ),
    (
        "stock_moved",
        r#"{"transfer":"01900000-0000-7000-8000-000000000001","from":"store","to":"back-room","lines":[{"sku":"MILK","quantity":1000}],"at":1700000000000}"#,
    ),
    (
        "transfer_sent",
        r#"{"transfer":"01900000-0000-7000-8000-000000000001","from":{"place":"store"},"to":{"store":"Harbour"},"lines":[{"sku":"MILK","quantity":1000,"lot":"L7"}],"reference":"T-1","at":1700000000000}"#,
    ),
    (
        "transfer_received",
        r#"{"transfer":"01900000-0000-7000-8000-000000000001","to":{"place":"store"},"lines":[{"sku":"MILK","quantity":1000}],"at":1700000000000}"#,
    ),
    (
        "transfer_settled",
        r#"{"transfer":"01900000-0000-7000-8000-000000000001","lines":[{"sku":"MILK","quantity":1000}],"note":"lost","at":1700000000000}"#,
    ),
    (
        "count_opened",
        r#"{"count":"01900000-0000-7000-8000-000000000001","place":"store","skus":["MILK"],"blind":true,"at":1700000000000}"#,
    ),
    (
        "count_opened",
        r#"{"count":"01900000-0000-7000-8000-000000000001","place":"store","blind":false,"at":1700000000000}"#,
    ),
    (
        "count_taken",
        r#"{"count":"01900000-0000-7000-8000-000000000001","lines":[{"sku":"MILK","quantity":0}],"at":1700000000000}"#,
    ),
    (
        "count_closed",
        r#"{"count":"01900000-0000-7000-8000-000000000001","place":"store","lines":[{"sku":"MILK","quantity":-2000}],"at":1700000000000}"#,
    ),
    (
        "stock_consumed",
        r#"{"sale":"01900000-0000-7000-8000-000000000001","lines":[{"sku":"BEANS","quantity":18}],"at":1700000000000}"#,
    ),
    (
        "reservation_made",
        r#"{"reservation":"01900000-0000-7000-8000-000000000001","lines":[{"sku":"MILK","quantity":1000}],"expires_at":1700000900000,"order":"01900000-0000-7000-8000-000000000002","reference":"web-1","at":1700000000000}"#,
    ),
    (
        "reservation_committed",
        r#"{"reservation":"01900000-0000-7000-8000-000000000001","lines":[{"sku":"MILK","quantity":1000,"place":"store"}],"at":1700000000000}"#,
    ),
    (
        "reservation_committed",
        r#"{"reservation":"01900000-0000-7000-8000-000000000001","sale":"01900000-0000-7000-8000-000000000002","at":1700000000000}"#,
    ),
    (
        "reservation_released",
        r#"{"reservation":"01900000-0000-7000-8000-000000000001","at":1700000000000}"#,
    ),
    (
        "reservation_expired",
        r#"{"reservation":"01900000-0000-7000-8000-000000000001","at":1700000000000}"#,
    ),
];

#[test]
fn the_first_bodies_still_read_and_write() {
    for (kind, body) in FROZEN {
        let Ok(Read::Known(fact)) = read(kind, 1, body.as_bytes()) else {
            panic!("{kind} does not read: {:?}", read(kind, 1, body.as_bytes()))
        };
        assert_eq!(fact.kind(), kind);
        assert_eq!(String::from_utf8(write(&fact).unwrap()).unwrap(), body);
    }
}

#[test]
fn bodies_that_break_a_rule_are_named() {
    let forged = [
        ("stock_received", r#"{"lines":[{"sku":"MILK","quantity":0}],"at":0}"#, "more than 0"),
        (
            "stock_received",
            r#"{"lines":[{"sku":"MILK","quantity":1,"cost":5}],"at":0}"#,
            "currency",
        ),
        ("stock_received", r#"{"lines":[],"at":0,"place":"customer"}"#, "taken"),
        (
            "stock_adjusted",
            r#"{"lines":[{"sku":"MILK","quantity":0,"place":"store"}],"reason":"theft","at":0}"#,
            "not 0",
        ),
        ("stock_adjusted", r#"{"lines":[],"reason":"magic","at":0}"#, "magic"),
        (
            "count_taken",
            r#"{"count":"01900000-0000-7000-8000-000000000001","lines":[{"sku":"M","quantity":-1}],"at":0}"#,
            "less than 0",
        ),
        (
            "reservation_made",
            r#"{"reservation":"01900000-0000-7000-8000-000000000001","lines":[],"expires_at":0,"at":0}"#,
            "each of its items once",
        ),
        (
            "reservation_committed",
            r#"{"reservation":"01900000-0000-7000-8000-000000000001","at":0}"#,
            "leave with a sale",
        ),
        (
            "stock_moved",
            r#"{"transfer":"01900000-0000-7000-8000-000000000001","from":"store","to":"store","lines":[],"at":0}"#,
            "one place to another",
        ),
    ];
    for (kind, body, rule) in forged {
        let error = read(kind, 1, body.as_bytes()).unwrap_err();
        assert!(error.to_string().contains(rule), "{kind}: {error}");
    }
}

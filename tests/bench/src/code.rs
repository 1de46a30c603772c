//! Pure code: encoding a receipt, parsing a code.

use crate::report::{Budget, Row, median};
use drivers_contract::print::{Barcode, Document, Element};
use drivers_printer::escpos::encode::encode;
use edge_domain::codes::Scan;
use std::hint::black_box;
use std::time::Instant;

/// The median time of one call, in nanoseconds.
fn per_call(calls: u32, mut call: impl FnMut()) -> f64 {
    let mut rounds: Vec<f64> = (0..15)
        .map(|_| {
            let begun = Instant::now();
            (0..calls).for_each(|_| call());
            begun.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
        })
        .collect();
    median(&mut rounds)
}

pub(crate) fn measure(rows: &mut Vec<Row>) -> anyhow::Result<()> {
    let receipt = (0..28).fold(Document::new(), |doc, n| {
        doc.row(format!("Item number {n} of the day"), format!("{n}.29"))
    });
    let ean = Element::Barcode { symbology: Barcode::Ean13, data: "4006381333931".into() };
    let receipt = receipt.with(ean).with(Element::Qr { data: "receipt".into() }).with(Element::Cut);
    let profile = drivers_printer::escpos::encode::Profile::default();
    let encoded = per_call(2_000, || {
        black_box(encode(black_box(&receipt), &profile));
    });
    rows.push(Row::new(
        "ESC/POS encode of a 30-line receipt",
        encoded / 1_000.0,
        "µs",
        Budget::AtMost(20.0),
    ));
    let code = "]d20104006381333931310300125017271231";
    let parsed = per_call(20_000, || {
        black_box(Scan::read(black_box(code)).is_ok());
    });
    rows.push(Row::new("GS1 parse (GTIN, weight, expiry)", parsed, "ns", Budget::AtMost(500.0)));
    Ok(())
}

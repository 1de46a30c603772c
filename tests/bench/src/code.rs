//! Pure code: encoding a receipt, parsing a code.

use crate::peer;
use crate::report::{Budget, Row, median};
use drivers_contract::print::{Barcode, Document, Element};
use drivers_printer::escpos::encode::encode;
use edge_domain::codes::Scan;
use edge_domain::codes::epc::Epc;
use std::hint::black_box;
use std::time::Instant;

/// The peer that most shops' own programs are written with.
const ESCPOS: &str = "python-escpos==3.1";

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
    let lines: String =
        (0..28).map(|n| format!("Item number {n} of the day{n:>14}.29\n")).collect();
    let peer = peer::ask(ESCPOS, include_str!("code/escpos_peer.py"), &lines)?;
    rows.push(Row::new("  python-escpos against it", peer / encoded, "x", Budget::None));
    scans(rows)
}

/// What shops scan: each alone, and all together as the day brings them.
fn scans(rows: &mut Vec<Row>) -> anyhow::Result<()> {
    let codes = [
        ("GTIN-13", "4006381333931"),
        ("4 element strings", "]d2010400638133393131030012501727123110L7-42\u{1d}"),
        ("Digital Link", "https://shop.example/01/04006381333931/10/L7-42?3103=001250&17=271231"),
        ("SGTIN-96", "3074257BF7194E4000001A85"),
    ];
    for (name, code) in codes {
        anyhow::ensure!(Scan::read(code).is_ok(), "{name} does not parse");
        let parsed = per_call(20_000, || {
            black_box(Scan::read(black_box(code)).is_ok());
        });
        rows.push(Row::new(&format!("GS1 parse: {name}"), parsed, "ns", Budget::AtMost(500.0)));
    }
    let mixed = per_call(20_000, || {
        for (_, code) in codes {
            black_box(Scan::read(black_box(code)).is_ok());
        }
    });
    rows.push(Row::new("GS1 parse: the four in turn", mixed / 4.0, "ns", Budget::AtMost(500.0)));
    // The SGTIN-96 above, as a reader gives it to the gate.
    let memory: [u8; 12] = 0x3074_257B_F719_4E40_0000_1A85_u128.to_be_bytes()[4..].try_into()?;
    let item = per_call(20_000, || {
        black_box(Epc::from_bytes(black_box(&memory)).ok().and_then(|epc| epc.gtin()));
    });
    rows.push(Row::new("tag to trade item number", item, "ns", Budget::AtMost(100.0)));
    Ok(())
}

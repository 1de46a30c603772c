//! What the encoder writes, pinned by a golden receipt and judged by the twin's interpreter.

use std::path::Path;

use drivers_contract::print::{Align, Barcode, Bitmap, Document, Element, Style};
use drivers_printer::escpos::code_page::CodePage;
use drivers_printer::escpos::encode::{Profile, encode};
use drivers_printer::escpos::raster;
use drivers_printer::sim::interpreter::{Action, Interpreter, Line};
use drivers_printer::sim::paper;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

fn receipt() -> Document {
    let big = Style { bold: true, double_width: true, double_height: true, ..Style::default() };
    let centre = Style { align: Align::Centre, ..Style::default() };
    let total = Style { bold: true, double_height: true, ..Style::default() };
    let mut elements = vec![
        Element::Text {
            text: "Café Žižkov".into(), style: Style { align: Align::Centre, ..big }
        },
        Element::Text { text: "Main Street 1 · till 2".into(), style: centre },
        Element::Rule,
    ];
    for (name, price) in [
        ("2 × Crème brûlée", "9,80 €"),
        ("Pivo Plzeň 0,5 l with a name that is longer than the paper is wide", "3,50 €"),
        ("日本茶", "4,20 €"),
    ] {
        elements.push(Element::Row {
            left: name.into(),
            right: price.into(),
            style: Style::default(),
        });
    }
    elements.extend([
        Element::Rule,
        Element::Row { left: "TOTAL".into(), right: "17,50 €".into(), style: total },
        Element::Feed { lines: 1 },
        Element::Barcode { symbology: Barcode::Ean13, data: "4006381333931".into() },
        Element::Barcode { symbology: Barcode::Code128, data: "R-2/000{17}".into() },
        Element::Qr { data: "https://example.com/r/17".into() },
        Element::Cut,
    ]);
    elements.into_iter().collect()
}

/// Compares with the golden, or writes it if the environment says so.
fn check(name: &str, actual: &[u8]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens").join(name);
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::write(&path, actual).expect("the golden can be written");
    }
    let golden = std::fs::read(&path).expect("the golden is there");
    assert!(golden == actual, "{name} differs; UPDATE_GOLDENS=1 accepts the new one");
}

fn interpret_as(bytes: &[u8], profile: &Profile) -> (Interpreter, Vec<Action>) {
    let mut interpreter = Interpreter::of(profile);
    let mut actions = Vec::new();
    for byte in bytes {
        interpreter.push(*byte, &mut actions);
    }
    (interpreter, actions)
}

fn interpret(bytes: &[u8], columns: usize) -> (Interpreter, Vec<Action>) {
    let mut interpreter = Interpreter::new(columns);
    let mut actions = Vec::new();
    for byte in bytes {
        interpreter.push(*byte, &mut actions);
    }
    (interpreter, actions)
}

fn printed(actions: &[Action]) -> Vec<Line> {
    actions
        .iter()
        .filter_map(|action| match action {
            Action::Print(line) => Some(line.clone()),
            _ => None,
        })
        .collect()
}

#[test]
fn a_receipt_is_encoded_as_it_always_was() {
    let encoded = encode(&receipt(), &Profile::default());
    let hex: String = encoded
        .bytes
        .chunks(32)
        .map(|row| row.iter().map(|b| format!("{b:02x}")).collect::<String>() + "\n")
        .collect();
    check("receipt.hex", hex.as_bytes());
    let (interpreter, actions) = interpret(&encoded.bytes, 42);
    check("receipt.txt", paper::text(&printed(&actions), 42).as_bytes());
    assert_eq!((interpreter.unmapped, interpreter.unknown, interpreter.overlong), (0, 0, 0));
    assert_eq!(actions[actions.len() - 2..], [Action::Cut, Action::Marker]);
}

#[test]
fn a_barcode_that_cannot_be_is_printed_as_text() {
    for (symbology, data) in [
        (Barcode::Ean13, "4006381333932"),
        (Barcode::Ean13, "12"),
        (Barcode::Code128, "a code that is far too long for the paper"),
        (Barcode::Code128, "größe"),
    ] {
        let document = Document::new().with(Element::Barcode { symbology, data: data.into() });
        let (_, actions) = interpret(&encode(&document, &Profile::default()).bytes, 42);
        assert!(paper::text(&printed(&actions), 42).contains(data), "{data}");
    }
}

#[test]
fn an_amount_that_is_wider_than_the_paper_is_wrapped() {
    let profile = Profile { columns: 16, ..Profile::default() };
    for (left, expected) in [("", 2), ("name", 3)] {
        let document = Document::new().row(left, "12345678901234567890");
        let (interpreter, actions) = interpret(&encode(&document, &profile).bytes, 16);
        assert_eq!(interpreter.overlong, 0);
        assert_eq!(paper::text(&printed(&actions), 16).lines().count(), expected, "{left:?}");
    }
}

fn style() -> impl Strategy<Value = Style> {
    (any::<[bool; 4]>(), 0..3_usize).prop_map(
        |([bold, double_width, double_height, invert], align)| {
            let align = [Align::Left, Align::Centre, Align::Right][align];
            Style { bold, double_width, double_height, invert, align }
        },
    )
}

fn element() -> impl Strategy<Value = Element> {
    let text = || prop_oneof![any::<String>(), "[ -~À-ž€■\u{10}\u{4}\u{1}]{0,80}"];
    prop_oneof![
        (text(), style()).prop_map(|(text, style)| Element::Text { text, style }),
        (text(), text(), style()).prop_map(|(left, right, style)| Element::Row {
            left,
            right,
            style
        }),
        Just(Element::Rule),
        any::<u8>().prop_map(|lines| Element::Feed { lines }),
        text().prop_map(|data| Element::Barcode { symbology: Barcode::Code128, data }),
        "[0-9]{0,14}".prop_map(|data| Element::Barcode { symbology: Barcode::Ean13, data }),
        text().prop_map(|data| Element::Qr { data }),
        Just(Element::Cut),
    ]
}

#[test]
fn a_logo_is_printed_dot_for_dot_or_not_at_all() {
    let rows: Vec<u8> = (0..60 * 25).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let logo = Bitmap { width: 200, rows };
    let document = Document::new().with(Element::Image(logo.clone())).line("Thanks");
    let printed_with = |profile: &Profile| {
        let (interpreter, actions) = interpret_as(&encode(&document, profile).bytes, profile);
        assert_eq!(interpreter.unknown + interpreter.overlong, 0);
        let bands = printed(&actions).into_iter().filter_map(|line| match line {
            Line::Raster(band) => Some(band),
            _ => None,
        });
        bands.flat_map(|band| band.rows).collect::<Vec<u8>>()
    };
    let dots = printed_with(&Profile::default());
    assert_eq!(dots.len(), logo.rows.len());
    let differ = dots.iter().zip(&logo.rows).filter(|(printed, meant)| printed != meant);
    assert!(differ.count() <= 12, "but for a dot where a command would have been spelled");
    assert!(printed_with(&Profile { raster: false, ..Profile::default() }).is_empty());
    assert!(printed_with(&Profile { dots: 192, ..Profile::default() }).is_empty());
}

proptest! {
    #[test]
    fn no_unmapped_byte_ever_reaches_the_printer(
        elements in proptest::collection::vec(element(), 0..12),
        pages in proptest::sample::subsequence(Profile::default().code_pages, 0..=4),
        columns in 16_u8..64,
        (raster, qr) in any::<(bool, bool)>(),
    ) {
        let document: Document = elements.into_iter().collect();
        let dots = u16::from(columns) * 12;
        let profile =
            Profile { columns, dots, raster, qr, code_pages: pages, ..Profile::default() };
        let encoded = encode(&document, &profile);
        let (interpreter, actions) = interpret_as(&encoded.bytes, &profile);
        prop_assert_eq!(interpreter.unmapped, 0);
        prop_assert_eq!(interpreter.unknown, 0);
        prop_assert_eq!(interpreter.overlong, 0);
        // The marker is reached: nothing in the document swallowed it.
        prop_assert_eq!(actions.last(), Some(&Action::Marker));
        prop_assert_eq!(actions.iter().filter(|a| **a == Action::Marker).count(), 1);
        // No real-time command hides in a document.
        prop_assert!(!encoded.bytes.windows(2).any(|w| w[0] == 0x10 && matches!(w[1], 4 | 0x14)));
    }

    #[test]
    fn every_character_of_a_page_comes_back(page in proptest::sample::select(CodePage::all().collect::<Vec<_>>())) {
        // Vietnamese pages have marks that combine with the letter before; text comes composed.
        let letters = (0x80..=0xff).filter_map(|b| page.decode(b));
        let text: String = letters.filter(|c| raster::columns_of(*c) > 0).nfc().collect();
        let profile = Profile {
            columns: 96, dots: 1_152, code_pages: vec![(77, page)], ..Profile::default()
        };
        let bytes = encode(&Document::new().line(text.clone()), &profile).bytes;
        let (_, actions) = interpret_as(&bytes, &profile);
        let read: String = printed(&actions)
            .iter()
            .flat_map(|line| match line {
                Line::Text(cells) => cells.iter().map(|(c, _)| *c).collect::<Vec<_>>(),
                _ => Vec::new(),
            })
            .collect();
        prop_assert_eq!(read, text);
    }

    /// Every character of Unicode is printed: as itself, as its spelling, or as dots.
    #[test]
    fn every_character_is_on_the_paper(c in any::<char>()) {
        let drawn = !c.is_control() && !c.is_whitespace() && raster::columns_of(c) > 0;
        let bytes = encode(&Document::new().line(c), &Profile::default()).bytes;
        let (interpreter, actions) = interpret(&bytes, 42);
        prop_assert_eq!(interpreter.unmapped + interpreter.unknown + interpreter.overlong, 0);
        let ink = printed(&actions).iter().any(|line| match line {
            Line::Text(cells) => cells.iter().any(|(c, _)| *c != ' ' && *c != '■'),
            Line::Raster(bitmap) => bitmap.rows.iter().any(|byte| *byte != 0),
            _ => false,
        });
        prop_assert!(ink || !drawn, "{c:?} left no trace");
    }

    #[test]
    fn no_bytes_upset_the_twin(bytes in proptest::collection::vec(any::<u8>(), 0..3000)) {
        interpret(&bytes, 42);
    }
}

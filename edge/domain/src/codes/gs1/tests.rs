use super::*;
use proptest::prelude::*;

#[test]
fn fields_of_variable_length_end_at_the_separator() {
    let read = parse("10ABC\u{1d}0109506000134352").unwrap();
    assert_eq!((read.get("10"), read.get("01")), (Some("ABC"), Some("09506000134352")));
    let read = parse("\u{1d}0109506000134352\u{1d}10ABC\u{1d}\u{1d}").unwrap();
    assert_eq!(read.to_string(), "(01)09506000134352(10)ABC");
    let read = parse_bracketed("(01)09506000134352(10)A(B)C(1").unwrap();
    assert_eq!(read.get("10"), Some("A(B)C(1"));
}

#[test]
fn broken_strings_name_what_is_broken() {
    let cases = [
        ("0109506000134353", Gs1Error::CheckDigit("01".into())),
        ("010950600013435", Gs1Error::BadData("01".into())),
        ("010950600013435A", Gs1Error::BadData("01".into())),
        ("010950600013435é", Gs1Error::BadData("01".into())),
        ("17271331", Gs1Error::BadDate("17".into())),
        ("17270230", Gs1Error::BadDate("17".into())),
        ("10", Gs1Error::BadData("10".into())),
        ("10a b", Gs1Error::BadData("10".into())),
        ("9x", Gs1Error::UnknownAi("9x".into())),
        ("3106000001", Gs1Error::UnknownAi("3106".into())),
        ("10A\u{1d}10B", Gs1Error::Contradiction("10".into())),
        ("422276\u{1d}422999", Gs1Error::BadValue("422".into())),
        ("4220109506000134352", Gs1Error::BadData("422".into())),
        ("", Gs1Error::Empty),
        ("\u{1d}", Gs1Error::Empty),
    ];
    for (text, error) in cases {
        assert_eq!(parse(text), Err(error), "{text:?}");
    }
    let said = parse("10A").map_err(|error| error.to_string());
    let needs = "(10) needs (01), or (02), or (03), or (8006), or (8026) beside it";
    assert_eq!(said, Err(needs.into()));
}

#[test]
fn pairs_are_those_of_the_dictionary() {
    let good = [
        "(01)09506000134352",
        "(01)09506000134352(3103)001250",
        "(01)09506000134352(3103)001250(3922)0499(17)271231(10)A/1",
        "(01)09506000134352(3103)001250(3932)9780499",
        "(00)106141412345678908(02)09506000134352(37)12",
        "(01)09506000134352(21)X(8040)123456789012345",
        "(414)9506000134352(254)A7",
        "(415)9506000134352(8020)REF",
        "(253)9506000134352X1",
        "(255)9506000134352000123(8111)0100",
        "(8003)09506000134352ABC",
        "(8006)095060001343520102",
        "(8008)240229123059(01)09506000134352",
        "(90)own",
    ];
    for text in good {
        assert_eq!(parse_bracketed(text).map(|read| read.to_string()), Ok(text.to_owned()));
    }
    let excluded = |a: &str, b: &str| Gs1Error::Excluded(a.into(), b.into());
    let cases = [
        ("(01)09506000134352(02)09506000134352(37)1", excluded("01", "37")),
        ("(01)09506000134352(3102)000001(3103)000010", excluded("3102", "3103")),
        ("(01)09506000134352(21)A(235)B", excluded("21", "235")),
    ];
    for (text, error) in cases {
        assert_eq!(parse_bracketed(text), Err(error), "{text}");
    }
    for text in ["(10)A", "(3103)000001", "(01)09506000134352(3922)0499", "(02)09506000134352"] {
        let read = parse_bracketed(text);
        assert!(matches!(read, Err(Gs1Error::Required(..))), "{text} {read:?}");
    }
    let part = parse_symbol("10A\u{1d}17271231").unwrap();
    assert_eq!(part.pairs().len(), 2);
    assert!(part.check_pairs().is_err());
}

#[test]
fn weights_are_whole_grams() {
    let grams =
        |text: &str| parse_bracketed(&format!("(01)09506000134352{text}")).unwrap().weight_grams();
    assert_eq!(grams("(3102)000125"), Some(1250));
    assert_eq!(grams("(3103)001250"), Some(1250));
    assert_eq!(grams("(3105)001250"), None);
    assert_eq!(grams("(3105)125000"), Some(1250));
    assert_eq!(grams("(3100)000002"), Some(2000));
}

#[test]
fn prices_are_whole_hundredths() {
    let price = |text: &str| {
        let read = parse_bracketed(&format!("(01)09506000134352(30)1{text}")).unwrap();
        (read.price_minor(), read.price_currency().map(str::to_owned))
    };
    assert_eq!(price("(3922)0499"), (Some(499), None));
    assert_eq!(price("(3920)5"), (Some(500), None));
    assert_eq!(price("(3923)4990"), (Some(499), None));
    assert_eq!(price("(3923)4991"), (None, None));
    assert_eq!(price("(3920)999999999999999").0, Some(99_999_999_999_999_900));
    assert_eq!(price("(3932)9780499"), (Some(499), Some("978".into())));
}

/// Any dressed string reads the same in the other dress.
fn a_batch() -> impl Strategy<Value = String> {
    "[!%&'*+,./:;<=>?A-Z_a-z0-9-]{1,20}"
}

proptest! {
    #[test]
    fn both_dresses_read_the_same(lot in a_batch(), serial in a_batch(), grams in 0_u32..1_000_000) {
        let barcode =
            format!("01095060001343523103{grams:06}10{lot}\u{1d}21{serial}");
        let read = parse(&barcode).unwrap();
        prop_assert_eq!(parse_bracketed(&read.to_string()), Ok(read.clone()));
        prop_assert_eq!(Elements::new(read.pairs()), Ok(read.clone()));
        prop_assert_eq!(read.weight_grams(), Some(i64::from(grams)));
        prop_assert_eq!((read.get("10"), read.get("21")), (Some(&*lot), Some(&*serial)));
    }

    #[test]
    fn never_panics(text in "\\PC{0,40}|[0-9\u{1d}]{0,60}|(\\([0-9]{2,4}\\)[ -~]{0,12}){0,4}") {
        let _ = parse(&text);
        let _ = parse_bracketed(&text);
    }

    #[test]
    fn one_changed_byte_never_panics(at in 0_usize..58, byte in 0_u8..128) {
        let good = "01095060001343523103001250392204991727123110ABC\u{1d}21SN-1/2?42";
        let mut bytes = good.as_bytes().to_vec();
        bytes[at] = byte;
        let text = String::from_utf8(bytes).unwrap();
        if let Ok(read) = parse(&text) {
            prop_assert_eq!(parse_bracketed(&read.to_string()).map(|r| r.to_string()), Ok(read.to_string()));
        }
    }
}

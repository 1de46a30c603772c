use super::*;
use proptest::prelude::*;

fn kind(text: &str) -> String {
    match Scan::read(text) {
        Ok(Scan::Gtin(gtin)) => format!("gtin {gtin}"),
        Ok(Scan::Gs1(elements)) => format!("gs1 {elements}"),
        Ok(Scan::DigitalLink(elements)) => format!("link {elements}"),
        Ok(Scan::Epc(epc)) => format!("epc {}", epc.identity_uri()),
        Ok(Scan::Restricted(number)) => format!("restricted {}", number.gtin),
        Ok(Scan::Coupon(Coupon::Number(gtin))) => format!("coupon {gtin}"),
        Ok(Scan::Coupon(Coupon::Elements(elements))) => format!("coupon {elements}"),
        Ok(Scan::Plain(text)) => format!("plain {text}"),
        Err(error) => format!("error {}", error.code()),
    }
}

#[test]
fn reads_what_shops_scan() {
    let cases = [
        ("4006381333931", "gtin 04006381333931"),
        ("]E04006381333931", "gtin 04006381333931"),
        (" 4006381333931\r\n", "gtin 04006381333931"),
        ("04006381333931", "gtin 04006381333931"),
        ("]I114006381333938", "gtin 14006381333938"),
        ("]E496385074", "gtin 00000096385074"),
        ("]E3400638133393112345", "gtin 04006381333931"),
        ("036000291452", "gtin 00036000291452"),
        ("MILK-1L", "plain MILK-1L"),
        ("]A04006381333932", "plain 4006381333932"),
        ("]C04006381333931", "plain 4006381333931"),
        ("4006381333932", "error check_digit"),
        ("https://example.com/about", "plain https://example.com/about"),
        ("2012345678903", "restricted 02012345678903"),
        ("0412345678903", "restricted 00412345678903"),
        ("212345678909", "restricted 00212345678909"),
        ("20000004", "restricted 00000020000004"),
        ("9912345678909", "coupon 09912345678909"),
        ("(8112)001234561234560123456", "coupon (8112)001234561234560123456"),
        (" \r\n", "error empty"),
        ("a\u{0}b", "error unreadable"),
    ];
    for (text, expected) in cases {
        assert_eq!(kind(text), expected, "{text:?}");
    }
    assert_eq!(kind(&"1".repeat(3_000)), "error too_long");
}

#[test]
fn reads_gs1_in_each_dress() {
    let elements = "(01)04006381333931(3103)001250(17)271231";
    for text in [
        "]d20104006381333931310300125017271231\u{1d}",
        "]C1\u{1d}0104006381333931310300125017271231",
        "\u{1d}0104006381333931310300125017271231",
        elements,
    ] {
        assert_eq!(kind(text), format!("gs1 {elements}"));
        let Ok(Scan::Gs1(read)) = Scan::read(text) else { panic!("{text}") };
        assert_eq!(read.gtin(), Some(Gtin::parse("4006381333931").unwrap()));
        assert_eq!(read.weight_grams(), Some(1250));
    }
    for text in [
        "https://x.de/01/04006381333931?3103=001250&17=271231",
        "]Q1https://x.de/01/04006381333931?3103=001250&17=271231",
    ] {
        assert_eq!(kind(text), format!("link {elements}"));
    }
}

#[test]
fn reads_tags_only_where_they_are_meant() {
    let tag = "epc urn:epc:id:sgtin:0614141.812345.6789";
    assert_eq!(kind("3074257BF7194E4000001A85"), tag);
    assert_eq!(kind("3074257bf7194e4000001a85"), tag);
    assert_eq!(kind("urn:epc:tag:sgtin-96:3.0614141.812345.6789"), tag);
    assert_eq!(kind("E2801160600002054A4F1234"), "plain E2801160600002054A4F1234");
    assert_eq!(kind("307C257BF7194E4000001A85"), "error epc_bad_partition");
    assert_eq!(kind("3074257BF7194E4000001A"), "plain 3074257BF7194E4000001A");
}

/// An eight-digit number may be an EAN-8 or a UPC-E; six and seven digits only under `]E0`.
#[test]
fn short_numbers_expand_where_they_are_upc_e() {
    assert_eq!(kind("04252614"), "gtin 00042100005264");
    assert_eq!(kind("]E004252614"), "gtin 00042100005264");
    assert_eq!(kind("]E0425261"), "gtin 00042100005264");
    assert_eq!(kind("]E00425261"), "gtin 00042100005264");
    assert_eq!(kind("425261"), "plain 425261");
    assert_eq!(kind("04252615"), "error check_digit");
    assert_eq!(kind("96385074"), "gtin 00000096385074");
}

#[test]
fn a_countrys_rules_open_its_numbers() {
    let germany = Rules::of_country("DE").unwrap();
    let Ok(Scan::Restricted(number)) = Scan::read_with("2891456146859", germany) else { panic!() };
    assert!(number.layout.is_some());
    let misread = Scan::read_with("2891457146858", germany);
    assert!(matches!(misread, Err(CodeError::ValueCheckDigit(_))), "{misread:?}");
}

proptest! {
    #[test]
    fn never_panics(text in ".{0,80}") {
        let _ = Scan::read(&text);
    }

    #[test]
    fn never_panics_near_codes(
        text in "\\](d2|C1|E0|E3|E4|I1|Q1|é)[0-9A-F\u{1d}é]{0,60}|(\\([0-9]{2,4}\\)[0-9A-Z]{0,12}){0,4}|[0-9a-fA-F]{24}|3[0136][0-9A-F]{48,62}|[0-9é]{6,14}",
        country in 0_usize..9,
    ) {
        let country = Rules::countries().nth(country).unwrap();
        let _ = Scan::read_with(&text, Rules::of_country(country).unwrap());
    }
}

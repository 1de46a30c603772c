use super::*;
use proptest::prelude::*;

/// Well-known examples, most of them of the Tag Data Standard; the oracle asks for random ones.
const PUBLISHED: [(&str, &str, &str); 5] = [
    (
        "3074257BF7194E4000001A85",
        "urn:epc:tag:sgtin-96:3.0614141.812345.6789",
        "(01)80614141123458(21)6789",
    ),
    (
        "3674257BF6B7A659B2C2BF100000000000000000000000000000",
        "urn:epc:tag:sgtin-198:3.0614141.712345.32a%2Fb",
        "(01)70614141123451(21)32a/b",
    ),
    (
        "3174257BF4499602D2000000",
        "urn:epc:tag:sscc-96:3.0614141.1234567890",
        "(00)106141412345678908",
    ),
    (
        "3374257BF40C0E400000162E",
        "urn:epc:tag:grai-96:3.0614141.12345.5678",
        "(8003)006141411234525678",
    ),
    (
        "30340242201D8840009EFDF7",
        "urn:epc:tag:sgtin-96:1.0037000.030241.10419703",
        "(01)00037000302414(21)10419703",
    ),
];

#[test]
fn published_tags_read_and_write() {
    for (hex, tag, elements) in PUBLISHED {
        let epc = Epc::from_hex(hex).unwrap();
        assert_eq!(epc.tag_uri(), tag);
        assert_eq!(epc.to_hex(), hex);
        assert_eq!(Epc::from_uri(tag), Ok(epc));
        assert_eq!(epc.elements().unwrap().to_string(), elements);
        let read = crate::codes::gs1::parse_bracketed(elements).unwrap();
        assert_eq!(Epc::from_elements(&read, 7, epc.filter()), Ok(epc), "{elements}");
        let identity = Epc::from_uri(&epc.identity_uri()).unwrap();
        assert_eq!(identity.identity_uri(), epc.identity_uri());
        assert_eq!(identity.filter(), 0);
    }
    let epc = Epc::from_hex(PUBLISHED[0].0).unwrap();
    assert_eq!(epc.identity_uri(), "urn:epc:id:sgtin:0614141.812345.6789");
    assert_eq!(epc.gtin().map(|gtin| gtin.to_string()), Some("80614141123458".into()));
    assert_eq!((epc.scheme(), epc.filter()), (Scheme::Sgtin96, 3));
}

#[test]
fn an_asset_may_have_no_type_of_its_own() {
    let uri = "urn:epc:tag:grai-96:0.061414112345..400";
    let epc = Epc::from_uri(uri).unwrap();
    assert_eq!(epc.tag_uri(), uri);
    assert_eq!(epc.elements().unwrap().to_string(), "(8003)00614141123452400");
    assert_eq!(Epc::from_hex(&epc.to_hex()), Ok(epc));
}

#[test]
fn broken_tags_say_what_is_broken() {
    let cases = [
        ("3", EpcError::Hex),
        ("3G74257BF7194E4000001A85", EpcError::Hex),
        ("", EpcError::Length),
        ("E2801160600002054A4F1234", EpcError::Header(0xE2)),
        ("3074257BF7194E4000001A", EpcError::Length),
        ("3074257BF7194E4000001A8500", EpcError::Length),
        ("307C257BF7194E4000001A85", EpcError::Partition),
        // A company prefix of twelve digits that has thirteen.
        ("3063FFFFFFFFFE4000001A85", EpcError::Partition),
        ("3174257BF4499602D2000001", EpcError::Serial),
        ("3674257BF6B7A659B2C2BF1000000000000000000000000000FF", EpcError::Serial),
        ("3674257BF6B7800000000000000000000000000000000000000000", EpcError::Serial),
    ];
    for (text, error) in cases {
        assert_eq!(Epc::from_hex(text), Err(error), "{text}");
    }
    for (uri, error) in [
        ("urn:epc:id:giai:0614141.1", EpcError::Uri),
        ("urn:epc:id:sgtin:0614141.12345.1", EpcError::Uri),
        ("urn:epc:id:sgtin:06141.81234511.1", EpcError::Partition),
        ("urn:epc:id:sgtin:0614141.812345.", EpcError::Serial),
        ("urn:epc:id:sgtin:0614141.812345.a/b", EpcError::Uri),
        ("urn:epc:id:sgtin:0614141.812345.a%2", EpcError::Uri),
        ("urn:epc:id:sgtin:0614141.812345.123456789012345678901", EpcError::Serial),
        ("urn:epc:id:grai:0614141.12345.A", EpcError::Serial),
        ("urn:epc:tag:sgtin-96:8.0614141.812345.1", EpcError::Partition),
        ("urn:epc:tag:sgtin-96:3.0614141.812345.01", EpcError::Serial),
        ("urn:epc:tag:sgtin-96:3.0614141.812345.274877906944", EpcError::Serial),
        ("urn:epc:tag:sgtin-96:3.+614141.812345.1", EpcError::Uri),
    ] {
        assert_eq!(Epc::from_uri(uri), Err(error), "{uri}");
    }
}

proptest! {
    #[test]
    fn items_come_back_from_their_tags(
        body in 0_u64..10_u64.pow(13), digits in 6_u8..=12, filter in 0_u8..8,
        serial in "[0-9]{1,12}|[!-\"%&'()*+,./:;<=>?A-Z_a-z0-9-]{1,20}",
    ) {
        let gtin = Gtin::from_body(body).unwrap();
        let epc = Epc::sgtin(gtin, digits, &serial, filter).unwrap();
        prop_assert_eq!(epc.gtin(), Some(gtin));
        prop_assert_eq!(Epc::from_bytes(&epc.to_bytes()), Ok(epc));
        prop_assert_eq!(Epc::from_hex(&epc.to_hex().to_lowercase()), Ok(epc));
        prop_assert_eq!(Epc::from_uri(&epc.tag_uri()), Ok(epc));
        let elements = epc.elements().unwrap();
        prop_assert_eq!(elements.get("21"), Some(&*serial));
        prop_assert_eq!(Epc::from_elements(&elements, digits, filter), Ok(epc));
    }

    #[test]
    fn units_and_assets_come_back(body in 0_u64..10_u64.pow(17), digits in 6_u8..=12, serial in 0_u64..1 << 38) {
        let sscc = format!("{body:017}{}", check_digit(body));
        let body = body % TEN_12;
        let grai = format!("0{body:012}{}{serial}", check_digit(body));
        for pair in [("00", &*sscc), ("8003", &*grai)] {
            let elements = Elements::new([pair]).unwrap();
            let epc = Epc::from_elements(&elements, digits, 0).unwrap();
            prop_assert_eq!(Epc::from_bytes(&epc.to_bytes()), Ok(epc));
            prop_assert_eq!(epc.elements(), Ok(elements));
            prop_assert_eq!(Epc::from_uri(&epc.identity_uri()), Ok(epc));
        }
    }

    #[test]
    fn bytes_never_panic_and_come_back(bytes in proptest::collection::vec(0_u8.., 0..34), header in 0_usize..6) {
        let mut bytes = bytes;
        if let (Some(first), Some(known)) = (bytes.first_mut(), [0x30, 0x31, 0x33, 0x36].get(header)) {
            *first = *known;
        }
        if let Ok(epc) = Epc::from_bytes(&bytes) {
            let written = epc.to_bytes();
            let shared = written.len().min(bytes.len());
            prop_assert_eq!(&written[..shared], &bytes[..shared]);
            prop_assert!(epc.elements().is_ok());
        }
    }

    #[test]
    fn uris_never_panic(tail in "(id|tag):(sgtin|sgtin-96|sgtin-198|sscc|grai)[:.]\\PC{0,40}|\\PC{0,40}") {
        let _ = Epc::from_uri(&format!("urn:epc:{tail}"));
        let _ = Epc::from_hex(&tail);
    }
}

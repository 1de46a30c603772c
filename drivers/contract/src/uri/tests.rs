//! What is understood, what is refused, and that no text panics.

use super::*;
use proptest::prelude::*;

#[test]
fn what_the_contract_names_is_understood_and_written_back() {
    for uri in [
        "serial:///dev/ttyUSB0?baud=9600",
        "serial:///dev/ttyUSB0?baud=115200&idle_ms=50",
        "tcp://127.0.0.1:4001",
        "escpos+tcp://printer.shop:9100?columns=42&codepage=cp858,cp1252",
        "escpos+tcp://[fe80::1]:9100",
        "escpos+serial:///dev/ttyUSB1?baud=115200&columns=48",
        "escpos+tcp://10.0.0.7:9100?profile=TM-T20II",
        "sim-terminal://127.0.0.1:20008",
    ] {
        assert_eq!(uri.parse::<DeviceUri>().unwrap().to_string(), uri);
    }
}

#[test]
fn a_wrong_uri_is_refused_with_its_reason() {
    let error = |uri: &str| uri.parse::<DeviceUri>().unwrap_err();
    assert_eq!(error("/dev/ttyUSB0"), UriError::Malformed("/dev/ttyUSB0".into()));
    assert_eq!(error("lp0://x"), UriError::UnknownScheme("lp0".into()));
    assert!(matches!(error("serial://ttyUSB0"), UriError::BadAddress { .. }));
    assert!(matches!(error("tcp://host"), UriError::BadAddress { .. }));
    assert!(matches!(error("tcp://host:0"), UriError::BadAddress { .. }));
    assert!(matches!(
        error("serial:///dev/x?baud=fast"),
        UriError::BadOption { name, .. } if name == "baud"
    ));
    assert!(matches!(
        error("tcp://h:1?baud=9600"),
        UriError::UnknownOption { name, .. } if name == "baud"
    ));
    assert!(matches!(error("serial:///dev/x?baud=9600&baud=300"), UriError::BadOption { .. }));
}

proptest! {
    #[test]
    fn no_text_panics_and_what_parses_survives_display(text in ".{0,60}") {
        for text in [text.clone(), format!("escpos+tcp://{text}"), format!("serial:///{text}")] {
            if let Ok(uri) = text.parse::<DeviceUri>() {
                prop_assert_eq!(uri.to_string().parse::<DeviceUri>().unwrap(), uri);
            }
        }
    }
}

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
        "scale+serial://port:1-2?protocol=dialog06&baud=9600&checksums=/etc/outpost/scale",
        "mqtt://broker:1883/gate/+?format=zebra&heartbeat_s=60",
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
    assert!(matches!(
        error("scale+serial:///dev/x?protocol=toledo8217&checksums=/k"),
        UriError::BadOption { name, .. } if name == "checksums"
    ));
}

const SCHEMES: [&str; 17] = [
    "serial",
    "tcp",
    "evdev",
    "hid",
    "bumpbar+evdev",
    "scale+serial",
    "display+serial",
    "escpos+tcp",
    "escpos+serial",
    "escpos+usb",
    "zpl+tcp",
    "llrp",
    "mqtt",
    "gpio",
    "llrp-gpo",
    "zvt",
    "sim-terminal",
];

/// A value of an option as people write it, for any of them.
const VALUE: &str = "[a-z0-9,_.+-]{0,8}|toledo8217|dialog06|cd5220|cp858,cp1252|impinj|zebra|low|\
    rppal|kernel|us|de|7o1|/[a-z/]{0,9}|[0-9]{1,6}";
const OPTION: &str = "baud|idle_ms|columns|codepage|profile|width|height|layout|protocol|framing|\
    checksums|memory|format|active|driver|ca|inner|outer|[a-z_]{1,9}";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::conformance::cases(512)))]
    #[test]
    fn what_parses_means_the_same_once_it_is_written(
        scheme in proptest::sample::select(&SCHEMES[..]),
        place in "/dev/[a-z0-9/]{1,9}|[a-z0-9.]{1,9}(:[0-9]{1,6})?(/[a-z0-9#+]{0,5}){0,2}|\\[[0-9a-f:]{0,9}\\]:[0-9]{1,5}|usb:[0-9a-f]{4}:[0-9a-f]{4}|.{0,9}",
        options in proptest::collection::vec((OPTION, VALUE), 0..4),
    ) {
        let options: Vec<String> =
            options.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        let text = format!("{scheme}://{place}?{}", options.join("&"));
        if let Ok(uri) = text.parse::<DeviceUri>() {
            prop_assert_eq!(uri.to_string().parse::<DeviceUri>(), Ok(uri), "{}", text);
        }
    }

    #[test]
    fn no_text_panics_and_what_parses_survives_display(text in ".{0,60}") {
        for text in [text.clone(), format!("escpos+tcp://{text}"), format!("serial:///{text}")] {
            if let Ok(uri) = text.parse::<DeviceUri>() {
                prop_assert_eq!(uri.to_string().parse::<DeviceUri>().unwrap(), uri);
            }
        }
    }
}

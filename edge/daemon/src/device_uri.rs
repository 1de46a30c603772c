//! What a device's URI in the settings means beyond its driver: what is captured, and what the
//! appliance remembers for the device in its own folder.

use drivers_contract::{DeviceUri, capture};
use edge_devices::DeviceConfig;
use std::path::Path;

/// Reads a URI; `capture=/path`, which any device may have, is noted and taken out.
pub(crate) fn read(text: &str) -> Result<DeviceUri, String> {
    let (text, file) = capture::split(text)?;
    let uri: DeviceUri = text.parse().map_err(|error| format!("{error}"))?;
    if let Some(file) = file {
        let port = uri.port_name().ok_or(
            "this device cannot be captured: a card terminal's line carries card data, and some \
             devices have no line of their own",
        )?;
        capture::record(port, file);
    }
    Ok(uri)
}

/// Gives a card terminal a place to note the payment that is under way, unless it has one.
pub(crate) fn remember(devices: &mut [DeviceConfig], data: &Path) {
    for device in devices {
        if let DeviceUri::TerminalZvt { memory: memory @ None, .. } = &mut device.uri {
            let name: String = device
                .id
                .chars()
                .map(|char| if char.is_ascii_alphanumeric() { char } else { '-' })
                .collect();
            *memory = Some(data.join(format!("card-{name}.mark")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scanner_may_be_captured_and_a_card_terminal_never() {
        let uri = read("tcp://127.0.0.1:4001?capture=/tmp/scanner.capture").unwrap();
        assert_eq!(uri.to_string(), "tcp://127.0.0.1:4001");
        assert_eq!(capture::wanted("127.0.0.1:4001"), Some("/tmp/scanner.capture".into()));
        assert!(read("zvt://h:20007?capture=/tmp/x").unwrap_err().contains("card data"));
        assert!(read("tcp://h:1?capture=x").unwrap_err().contains("absolute"));
    }

    #[test]
    fn a_card_terminal_remembers_in_the_stores_folder() {
        let config = |uri: &str| DeviceConfig {
            id: "card/1".into(),
            uri: uri.parse().unwrap(),
            station: None,
        };
        let mut devices = [config("zvt://h:20007"), config("zvt://h:20007?memory=/elsewhere")];
        remember(&mut devices, Path::new("/data"));
        let uris = devices.map(|device| device.uri.to_string());
        assert_eq!(uris[0], "zvt://h:20007?memory=/data/card-card-1.mark");
        assert_eq!(uris[1], "zvt://h:20007?memory=/elsewhere");
    }
}

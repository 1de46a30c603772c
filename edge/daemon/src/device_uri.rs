//! What the appliance remembers for a device in its own folder.

use drivers_contract::DeviceUri;
use edge_devices::DeviceConfig;
use std::path::Path;

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

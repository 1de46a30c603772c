//! What is configured and what was found, and what is wrong between the two.

use crate::stand_in::{Configured, Source, consequence, is_simulated};
use crate::wiring::DRIVERS;
use drivers_contract::{DeviceUri, Place};
use drivers_plug::book::{NodeKind, Sys};
use drivers_plug::found::{Candidate, candidates};
use drivers_plug::mdns;
use edge_devices::is_reader;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;
use std::time::Duration;

pub(crate) fn run(devices: &[Configured], network: Duration) {
    println!("Configured:");
    if devices.is_empty() {
        println!("  nothing (say --config to see what is)");
    }
    for device in devices {
        let station = device.station.as_deref().map(|at| format!(" at {at}")).unwrap_or_default();
        println!("  {}{station}: {}", device.id, device.source);
        complaints_of(device).iter().for_each(|complaint| println!("    ! {complaint}"));
    }
    println!("On this machine:");
    let found = candidates(&Sys::default());
    if found.is_empty() {
        println!("  nothing was found");
    }
    found.iter().for_each(print);
    if network.is_zero() {
        return;
    }
    println!("In the network:");
    match mdns::printers(network) {
        Ok(printers) if printers.is_empty() => println!("  no printer announced itself"),
        Ok(printers) => {
            for printer in printers {
                let model = printer.model.unwrap_or_default();
                println!("  {} {model}", printer.name);
                println!("    escpos+tcp://{}", printer.address);
                if !printer.raw {
                    println!("    ! It did not announce raw printing: the port is a guess.");
                }
            }
        }
        Err(fault) => println!("  {fault}"),
    }
}

fn print(candidate: &Candidate) {
    let found = &candidate.found;
    let usb = found.usb.as_ref();
    let name = usb.and_then(|usb| usb.name.as_deref()).or(found.name.as_deref()).unwrap_or("");
    println!("  {} {name}", found.node.display());
    if let Some(id) = &found.ieee1284 {
        println!("    {id}");
    }
    candidate.uris.iter().for_each(|uri| println!("    {uri}"));
    candidate.notes.iter().for_each(|note| println!("    ! {note}"));
}

/// What is wrong with the devices, each with what to do; empty where all is well. Nothing is
/// opened that a running store holds.
pub(crate) fn examine(devices: &[Configured]) -> Vec<String> {
    let mut complaints: Vec<String> = Vec::new();
    for device in devices {
        let own = complaints_of(device);
        complaints.extend(own.into_iter().map(|complaint| format!("{}: {complaint}", device.id)));
    }
    for (at, device) in devices.iter().enumerate() {
        let same = |other: &&Configured| {
            other.source == device.source && matches!(device.source, Source::Device(_))
        };
        if let Some(other) = devices[..at].iter().find(same) {
            complaints.push(format!(
                "{} and {} are the same device: one of them will find it taken.",
                other.id, device.id
            ));
        }
    }
    for device in devices {
        let Source::Device(DeviceUri::OutputReader { reader, .. }) = &device.source else {
            continue;
        };
        let named = |other: &Configured| other.id == *reader && is_reader(&other.source.shape());
        if !devices.iter().any(named) {
            complaints.push(format!("{}: no RFID reader here has the id {reader}.", device.id));
        }
    }
    complaints
}

fn kind(uri: &DeviceUri) -> Option<NodeKind> {
    Some(match uri {
        DeviceUri::ScannerSerial { .. }
        | DeviceUri::PrinterSerial { .. }
        | DeviceUri::Scale { .. }
        | DeviceUri::Display { .. } => NodeKind::Serial,
        DeviceUri::ScannerKeys { .. } | DeviceUri::BumpBar { .. } => NodeKind::Keys,
        DeviceUri::ScannerHid { .. } => NodeKind::HidRaw,
        DeviceUri::PrinterUsb { .. } => NodeKind::UsbPrinter,
        _ => return None,
    })
}

fn complaints_of(device: &Configured) -> Vec<String> {
    let uri = match &device.source {
        Source::Device(uri) if is_simulated(uri) => return vec![simulated(uri)],
        Source::Device(uri) => uri,
        Source::Played(played) => {
            let mut complaints = vec![simulated(&played.shape)];
            complaints.extend(played.capture_missing());
            return complaints;
        }
    };
    let mut complaints = Vec::new();
    if let Err(error) = DRIVERS.can_make(uri) {
        complaints.push(format!("{error}: mend its line in the settings."));
    }
    if let Err(fault) = drivers_gpio::look(uri) {
        complaints.push(format!("{}. {}", fault.detail, fault.advice()));
    }
    let (Some(path), Some(kind)) = (uri.local_path(), kind(uri)) else {
        return complaints;
    };
    let sys = Sys::default();
    match sys.resolve(path, kind) {
        Err(fault) => complaints.push(format!("{}. {}", fault.detail, fault.advice())),
        Ok(node) => complaints.extend(complaint_of_node(&node, &sys, kind)),
    }
    if let Some(Place::Node(node)) = Place::of(path)
        && let Some(name) = node.to_str()
        && ["/dev/ttyUSB", "/dev/ttyACM", "/dev/hidraw", "/dev/input/event"]
            .iter()
            .any(|unstable| name.starts_with(unstable))
    {
        complaints.push(format!(
            "{name} is the order of plugging, and another device's after the next start: name it \
             by usb: or port:, as `outpost device list` shows."
        ));
    }
    complaints
}

fn simulated(uri: &DeviceUri) -> String {
    format!("It is simulated and no device: {}. Write the device's own URI.", consequence(uri))
}

fn complaint_of_node(node: &Path, sys: &Sys, kind: NodeKind) -> Option<String> {
    let name = node.display();
    match node.metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Some(format!("{name} is not there: plug the device in, or check its address."))
        }
        Err(error) => Some(format!("{name}: {error}")),
        Ok(meta) if !meta.file_type().is_char_device() => Some(format!(
            "{name} is a file and not a device: delete it; somebody wrote to the name while \
             nothing was plugged in."
        )),
        Ok(_) => {
            let own = node.canonicalize().unwrap_or_else(|_| node.to_owned());
            let found = candidates(sys);
            let found = found.iter().find(|found| found.found.node == own)?;
            (found.found.kind == kind).then(|| found.notes.first().cloned()).flatten()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(id: &str, uri: &str) -> Configured {
        Configured { id: id.into(), source: Source::read(uri).unwrap(), station: None }
    }

    #[test]
    fn the_doctor_says_what_to_do() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let plain = format!("serial://{}", file.path().display());
        let complaints = examine(&[
            device("a", "serial:///dev/ttyUSB97"),
            device("b", "serial://usb:0001:0002:X"),
            device("c", &plain),
            device("d", &plain),
            device("e", "tcp://127.0.0.1:1"),
            device("f", "sim://zvt"),
            device("g", "sim://zvt"),
            device("h", "sim-terminal://127.0.0.1:1"),
            device("i", "replay:///nowhere/capture?as=scale+serial&protocol=dialog06"),
        ]);
        let said = complaints.join("\n");
        for expected in [
            "a: /dev/ttyUSB97 is not there",
            "a: /dev/ttyUSB97 is the order of plugging",
            "b: usb:0001:0002:X is not plugged in. Plug the device in",
            "is a file and not a device",
            "c and d are the same device",
            "f: It is simulated and no device: no card is charged",
            "h: It is simulated and no device: no card is charged",
            "i: It is simulated and no device: nothing is weighed",
            "i: /nowhere/capture cannot be read",
        ] {
            assert!(said.contains(expected), "{expected} is not in:\n{said}");
        }
        assert!(!complaints.iter().any(|complaint| complaint.starts_with("e:")), "{said}");
        assert!(!said.contains("f and g"), "two twins are two devices: {said}");
    }
}

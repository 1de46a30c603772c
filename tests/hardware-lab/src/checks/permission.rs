//! Found, but not permitted: a state with the line that mends it, for whoever is not root.

use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::mpsc;

use drivers_contract::uri::KeyLayout;
use drivers_contract::{DeviceUri, FaultCode, Stop};
use drivers_plug::book::Sys;
use drivers_plug::found::candidates;

use crate::{Bench, open_printer, open_scanner, twin};

/// How this program is started as nobody.
pub(crate) const AS_NOBODY: &str = "--as-nobody";
const NOBODY: u32 = 65_534;

/// What nobody is told of each device: one line for `device list`, one for an attempt to open it.
pub(crate) fn as_nobody() {
    for candidate in candidates(&Sys::default()) {
        for note in candidate.notes {
            println!("{note}");
        }
        let Some(uri) = candidate.uris.iter().find(|uri| uri.contains("usb:1d6b:")) else {
            continue;
        };
        let uri: DeviceUri = uri.parse().expect("what is listed can be written");
        let fault = match uri {
            DeviceUri::PrinterUsb { .. } => open_printer(&uri).status().map(|_| ()),
            _ => open_scanner(&uri).run(&mpsc::channel().0, &Stop::new()),
        };
        println!("{uri} {:?}", fault.map_err(|fault| fault.code));
    }
}

/// Each device names itself in the rule that is advised, and says why it cannot be opened.
pub(super) fn told(bench: &Bench) {
    let _plugged = (bench.cdc(), bench.keys(KeyLayout::Us), bench.hidpos(), bench.printer());
    let own = std::env::current_exe().expect("this program has a place");
    let output = Command::new(own).arg(AS_NOBODY).uid(NOBODY).gid(NOBODY).output();
    let output = output.expect("it starts as nobody");
    let said = String::from_utf8_lossy(&output.stdout);
    let refused = format!("Err({:?})", FaultCode::NotPermitted);
    for model in [&twin::CDC, &twin::KEYS, &twin::HIDPOS, &twin::PRINTER] {
        let named = format!("idProduct}}==\"{}\"", model.product);
        let advised = |line: &str| line.contains("udev rule") && line.contains(&named);
        let opened = |line: &str| line.contains(model.serial) && line.ends_with(&refused);
        assert!(said.lines().any(advised), "no rule for {}: {said}", model.serial);
        assert!(said.lines().any(opened), "no word about {}: {said}", model.serial);
    }
}

//! What the installer is told about devices, in a `/sys` of our own.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use drivers_plug::book::Sys;
use drivers_plug::found::{Candidate, candidates};

/// Plugs a USB serial device in.
fn plug(root: &Path, port: &str, serial: Option<&str>, node: &str) {
    let file = |path: &Path, text: &str| {
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is ours");
        fs::write(path, text).expect("the folder is ours");
    };
    let device = root.join("devices/usb1").join(port);
    file(&device.join("idVendor"), "05f9\n");
    file(&device.join("idProduct"), "2206\n");
    if let Some(serial) = serial {
        file(&device.join("serial"), serial);
    }
    let interface = device.join(format!("{port}:1.0"));
    file(&interface.join("bInterfaceNumber"), "00\n");
    let entry = interface.join("tty").join(node);
    file(&entry.join("dev"), "166:0\n");
    symlink(&interface, entry.join("device")).expect("the folder is ours");
    fs::create_dir_all(root.join("class/tty")).expect("the folder is ours");
    symlink(&entry, root.join("class/tty").join(node)).expect("the folder is ours");
}

fn scanners(devices: &[(&str, Option<&str>, &str)]) -> Vec<Candidate> {
    let folder = tempfile::tempdir().expect("a folder");
    for (port, serial, node) in devices {
        plug(folder.path(), port, *serial, node);
    }
    candidates(&Sys::at(folder.path(), "/nowhere"))
}

#[test]
fn a_scanner_with_a_serial_number_is_named_by_it_wherever_it_is_plugged() {
    let found = scanners(&[("1-1", Some("G1A"), "ttyACM0"), ("1-2", Some("G1B"), "ttyACM1")]);
    assert_eq!(found[0].uris[0], "serial://usb:05f9:2206:G1A?baud=9600");
    assert_eq!(found[1].uris[0], "serial://usb:05f9:2206:G1B?baud=9600");
    assert!(found.iter().all(|scanner| scanner.notes.is_empty()), "{found:?}");
}

#[test]
fn two_equal_scanners_are_named_by_port_and_the_installer_is_told_why() {
    for serial in [None, Some("0000")] {
        let found = scanners(&[("1-1", serial, "ttyACM0"), ("1-2", serial, "ttyACM1")]);
        assert_eq!(found[1].uris[0], "serial://port:1-2?baud=9600");
        assert!(found[1].notes[0].contains("cannot be told apart"), "{:?}", found[1].notes);
        for uri in found.iter().flat_map(|scanner| &scanner.uris) {
            assert!(!uri.contains("usb:05f9"), "{uri} would be either of them");
        }
    }
}

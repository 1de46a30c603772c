//! Identities, in a `/sys` of our own: two equal scanners, a device with two interfaces, a printer.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use drivers_contract::FaultCode;
use drivers_port::sys::{NodeKind, Sys};

struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("the folder is ours") }
    }

    fn sys(&self) -> Sys {
        Sys::at(self.folder.path(), "/dev")
    }

    fn file(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("the folder is ours")).expect("the folder is ours");
        fs::write(path, text).expect("the folder is ours");
    }

    /// Plugs a USB device with one node into a port.
    fn usb(&self, port: &str, id: (&str, &str), serial: Option<&str>, class: &str, node: &str) {
        let device = format!("devices/pci0000:00/usb1/{port}");
        self.file(&format!("{device}/idVendor"), &format!("{}\n", id.0));
        self.file(&format!("{device}/idProduct"), &format!("{}\n", id.1));
        self.file(&format!("{device}/product"), "Scanner\n");
        if let Some(serial) = serial {
            self.file(&format!("{device}/serial"), &format!("{serial}\n"));
        }
        self.interface(port, 0, class, node);
    }

    fn interface(&self, port: &str, number: u8, class: &str, node: &str) {
        let interface = format!("devices/pci0000:00/usb1/{port}/{port}:1.{number}");
        self.file(&format!("{interface}/bInterfaceNumber"), &format!("{number:02x}\n"));
        self.file(&format!("{interface}/{class}/{node}/dev"), "188:0\n");
        let entry = self.folder.path().join(&interface).join(class).join(node);
        symlink(self.folder.path().join(&interface), entry.join("device"))
            .expect("the folder is ours");
        let list = self.folder.path().join("class").join(class);
        fs::create_dir_all(&list).expect("the folder is ours");
        symlink(&entry, list.join(node)).expect("the folder is ours");
    }

    fn resolve(&self, place: &str) -> Result<String, FaultCode> {
        let node = self.sys().resolve(Path::new(place), NodeKind::Serial);
        node.map(|node| node.display().to_string()).map_err(|fault| fault.code)
    }
}

#[test]
fn a_device_keeps_its_identity_when_its_name_changes() {
    let machine = Machine::new();
    machine.usb("1-1", ("0403", "6001"), Some("FT99"), "tty", "ttyUSB1");
    machine.usb("1-2.3", ("0c2e", "0b6a"), Some("18A3"), "tty", "ttyACM0");
    assert_eq!(machine.resolve("usb:0403:6001:FT99"), Ok("/dev/ttyUSB1".into()));
    assert_eq!(machine.resolve("usb:0c2e:0b6a"), Ok("/dev/ttyACM0".into()));
    assert_eq!(machine.resolve("port:1-2.3"), Ok("/dev/ttyACM0".into()));
    assert_eq!(machine.resolve("/dev/ttyS0"), Ok("/dev/ttyS0".into()));
    assert_eq!(machine.resolve("usb:0403:6001:FT98"), Err(FaultCode::NoHardware));
    assert_eq!(machine.resolve("port:1-3"), Err(FaultCode::NoHardware));
}

#[test]
fn two_equal_scanners_without_serial_are_told_apart_by_port_alone() {
    let machine = Machine::new();
    machine.usb("1-1", ("05f9", "2206"), None, "tty", "ttyACM0");
    machine.usb("1-2", ("05f9", "2206"), None, "tty", "ttyACM1");
    assert_eq!(machine.resolve("usb:05f9:2206"), Err(FaultCode::Ambiguous));
    assert_eq!(machine.resolve("port:1-2"), Ok("/dev/ttyACM1".into()));
}

#[test]
fn the_first_of_two_interfaces_talks() {
    let machine = Machine::new();
    machine.usb("1-1", ("0403", "6010"), Some("D"), "tty", "ttyUSB10");
    machine.interface("1-1", 1, "tty", "ttyUSB9");
    assert_eq!(machine.resolve("usb:0403:6010"), Ok("/dev/ttyUSB10".into()));
    let nodes: Vec<_> = machine.sys().nodes(NodeKind::Serial).into_iter().map(|f| f.node).collect();
    assert_eq!(nodes, [Path::new("/dev/ttyUSB9"), Path::new("/dev/ttyUSB10")]);
}

#[test]
fn printers_and_scanners_are_found_with_what_they_say_of_themselves() {
    let machine = Machine::new();
    machine.usb("1-4", ("04b8", "0202"), Some("PRN1"), "usbmisc", "lp1");
    let interface = "devices/pci0000:00/usb1/1-4/1-4:1.0";
    machine.file(&format!("{interface}/ieee1284_id"), "MFG:EPSON;MDL:TM-T88V;\n");
    let printer = machine.sys().nodes(NodeKind::UsbPrinter).remove(0);
    assert_eq!(printer.node, Path::new("/dev/usb/lp1"));
    assert_eq!(printer.ieee1284.as_deref(), Some("MFG:EPSON;MDL:TM-T88V;"));
    let usb = printer.usb.unwrap();
    assert_eq!((usb.vendor, usb.product, usb.port.as_str()), (0x04b8, 0x0202, "1-4"));

    machine.usb("1-5", ("0c2e", "0b61"), None, "hidraw", "hidraw0");
    machine.usb("1-6", ("046d", "c31c"), None, "hidraw", "hidraw1");
    for (port, descriptor) in [("1-5", [5, 0x8c, 9, 2]), ("1-6", [5, 1, 9, 6])] {
        let path = format!("devices/pci0000:00/usb1/{port}/{port}:1.0/report_descriptor");
        fs::write(machine.folder.path().join(path), descriptor).unwrap();
    }
    let scanners = machine.sys().nodes(NodeKind::HidRaw);
    assert_eq!(scanners.len(), 1, "an ordinary keyboard is left alone: {scanners:?}");
}

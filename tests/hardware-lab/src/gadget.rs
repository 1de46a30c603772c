//! A USB device made of software: configfs on one of dummy_hcd's controllers (kernel:
//! `gadget_configfs.rst`). The host side, which is the kernel's real one, cannot tell.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use drivers_port::sys::{NodeKind, Sys};

const CONFIGFS: &str = "/sys/kernel/config/usb_gadget";
/// The Linux Foundation's number, which gadgets may use.
const VENDOR: &str = "1d6b";
/// Enumeration took 0.3 to 0.6 s under software emulation; only a broken lab needs more.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a gadget is.
pub(crate) struct Model {
    /// Which of the controllers it hangs on, from 0.
    pub(crate) slot: u8,
    /// Its product number, in hexadecimal.
    pub(crate) product: &'static str,
    /// Its serial number, which names it in configfs too.
    pub(crate) serial: &'static str,
    /// What the kernel calls the function that it has.
    pub(crate) function: &'static str,
    /// How that function is set up.
    pub(crate) attributes: &'static [(&'static str, &'static [u8])],
    /// The node that the host makes of it.
    pub(crate) kind: NodeKind,
}

/// A gadget, unplugged until somebody plugs it in.
pub(crate) struct Gadget {
    root: PathBuf,
    model: &'static Model,
}

impl Gadget {
    /// Makes it, once a run: configfs keeps it until the machine ends.
    pub(crate) fn make(model: &'static Model) -> io::Result<Self> {
        let root = Path::new(CONFIGFS).join(model.serial);
        let function = root.join("functions").join(model.function);
        let (strings, config) = (root.join("strings/0x409"), root.join("configs/c.1"));
        for folder in [&root, &strings, &config, &function] {
            fs::create_dir_all(folder)?;
        }
        fs::write(root.join("idVendor"), format!("0x{VENDOR}"))?;
        fs::write(root.join("idProduct"), format!("0x{}", model.product))?;
        fs::write(strings.join("manufacturer"), "Outpost lab")?;
        fs::write(strings.join("product"), model.function)?;
        fs::write(strings.join("serialnumber"), model.serial)?;
        for (name, value) in model.attributes {
            fs::write(function.join(name), value)?;
        }
        symlink(&function, config.join(model.function))?;
        Ok(Self { root, model })
    }

    /// A file of its function, as `dev`.
    pub(crate) fn attribute(&self, name: &str) -> io::Result<String> {
        let path = self.root.join("functions").join(self.model.function).join(name);
        Ok(fs::read_to_string(path)?.trim().to_owned())
    }

    /// Where a driver finds it, wherever it is plugged.
    pub(crate) fn place(&self) -> PathBuf {
        format!("usb:{VENDOR}:{}:{}", self.model.product, self.model.serial).into()
    }

    /// The host's node, if it is there.
    pub(crate) fn node(&self) -> Option<PathBuf> {
        let node = Sys::default().resolve(&self.place(), self.model.kind).ok()?;
        node.exists().then_some(node)
    }

    /// Puts the cable in, and waits for nothing.
    pub(crate) fn connect(&self) -> io::Result<()> {
        fs::write(self.root.join("UDC"), format!("dummy_udc.{}", self.model.slot))
    }

    /// Pulls the cable, and waits for nothing. A cable that is out already is out.
    pub(crate) fn disconnect(&self) {
        let _ = fs::write(self.root.join("UDC"), "\n");
    }

    /// Puts the cable in and waits for the host's node.
    pub(crate) fn plug(&self) -> io::Result<()> {
        self.connect()?;
        self.wait("appears", || self.node().is_some())
    }

    /// Pulls the cable and waits until the host's node is gone.
    pub(crate) fn unplug(&self) {
        self.disconnect();
        self.wait("goes", || self.node().is_none()).expect("the kernel takes its node away");
    }

    fn wait(&self, what: &str, done: impl Fn() -> bool) -> io::Result<()> {
        let end = Instant::now() + PATIENCE;
        while !done() {
            if Instant::now() >= end {
                let detail = format!("{} never {what} on the host", self.model.serial);
                return Err(io::Error::new(io::ErrorKind::TimedOut, detail));
            }
            thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }
}

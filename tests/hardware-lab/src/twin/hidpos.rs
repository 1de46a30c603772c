//! A scanner that speaks HID-POS (usage page 0x8C), with the report descriptor that several makers
//! have in common.

use std::fs::File;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use drivers_contract::DeviceUri;
use drivers_contract::twin::{ScannerTwin, Twin};
use drivers_port::sys::NodeKind;
use drivers_scanner::hidpos::USUAL_DESCRIPTOR;
use drivers_scanner::sim::CodeReports;

use super::keys::end_of;
use super::{open_end, unplugged, write_all};
use crate::gadget::{Gadget, Model};

/// What it is.
pub(crate) const MODEL: Model = Model {
    slot: 2,
    product: "0a03",
    serial: "LAB-HIDPOS",
    function: "hid.pos",
    attributes: &[
        ("protocol", b"0"),
        ("subclass", b"0"),
        ("report_length", b"64"),
        ("report_desc", &USUAL_DESCRIPTOR),
    ],
    kind: NodeKind::HidRaw,
};

/// The scanner; the last one that is dropped pulls the plug.
pub(crate) struct HidPosScanner {
    gadget: Arc<Gadget>,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    end: Option<File>,
    codes: CodeReports,
}

impl HidPosScanner {
    /// Plugged in.
    pub(crate) fn new(gadget: &Arc<Gadget>) -> io::Result<Self> {
        let twin = Self { gadget: Arc::clone(gadget), inner: Mutex::default() };
        twin.plug()?;
        Ok(twin)
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Twin for HidPosScanner {
    fn uri(&self) -> DeviceUri {
        DeviceUri::ScannerHid { path: self.gadget.place() }
    }

    fn unplug(&self) {
        *self.inner() = Inner::default();
        self.gadget.unplug();
    }

    fn plug(&self) -> io::Result<()> {
        self.gadget.plug()?;
        self.inner().end = Some(open_end(&end_of(&self.gadget)?)?);
        Ok(())
    }
}

impl ScannerTwin for HidPosScanner {
    fn send(&self, bytes: &[u8]) -> io::Result<()> {
        let mut inner = self.inner();
        let reports = inner.codes.take(bytes);
        let end = || inner.end.as_ref().ok_or_else(unplugged);
        reports.iter().try_for_each(|report| write_all(end()?, report))
    }
}

impl Drop for HidPosScanner {
    fn drop(&mut self) {
        self.unplug();
    }
}

//! Lines through the kernel's character device (`/dev/gpiochipN`): any board, no library of its
//! maker. The kernel takes the line back when the process dies.

use std::path::PathBuf;

use drivers_contract::{Fault, FaultCode};
use gpiocdev::Request;
use gpiocdev::line::Value;
use gpiocdev_uapi::Errno;

use crate::pulse::Line;

/// A line of a chip.
pub struct KernelLine {
    chip: String,
    line: u32,
    active_low: bool,
}

impl KernelLine {
    /// A line; the chip is `chip0`, `gpiochip0`, or a label as `pinctrl-bcm2711`. Labels are
    /// better: numbers have changed between kernels.
    #[must_use]
    pub fn new(chip: String, line: u32, active_low: bool) -> Self {
        Self { chip, line, active_low }
    }

    /// Whether it is there and may be used; it stays as it is.
    ///
    /// # Errors
    /// If it is not, or is in other hands.
    pub fn look(&self) -> Result<(), Fault> {
        let chip = gpiocdev::chip::Chip::from_path(self.path()?);
        let info = chip.and_then(|chip| chip.line_info(self.line));
        let info = info.map_err(|error| self.fault(&error))?;
        if info.used {
            let detail = format!("GPIO {}/{}: {} uses it", self.chip, self.line, info.consumer);
            return Err(Fault::new(FaultCode::Claimed, detail));
        }
        Ok(())
    }

    fn path(&self) -> Result<PathBuf, Fault> {
        let digits = self.chip.trim_start_matches("gpio").strip_prefix("chip");
        if let Some(number) = digits.and_then(|digits| digits.parse::<u32>().ok()) {
            return Ok(PathBuf::from(format!("/dev/gpiochip{number}")));
        }
        let chips = gpiocdev::chip::chips().map_err(|error| self.fault(&error))?;
        for path in chips {
            let info = gpiocdev::chip::Chip::from_path(&path).and_then(|chip| chip.info());
            if info.is_ok_and(|info| info.label == self.chip) {
                return Ok(path);
            }
        }
        let detail = format!("no GPIO chip has the label {}", self.chip);
        Err(Fault::new(FaultCode::NoHardware, detail))
    }

    fn fault(&self, error: &gpiocdev::Error) -> Fault {
        let doing = format!("GPIO {}/{}", self.chip, self.line);
        match error {
            gpiocdev::Error::Os(Errno(number))
            | gpiocdev::Error::Uapi(_, gpiocdev_uapi::Error::Os(Errno(number))) => {
                Fault::from_io(&doing, &std::io::Error::from_raw_os_error(*number))
            }
            other => Fault::new(FaultCode::Failure, format!("{doing}: {other}")),
        }
    }
}

/// A line that is on: off again, and given back, when this goes.
pub struct HeldLine {
    request: Request,
    line: u32,
}

impl Drop for HeldLine {
    fn drop(&mut self) {
        // The kernel does as much when the request closes; a board may keep the last level.
        let _ = self.request.set_value(self.line, Value::Inactive);
    }
}

impl Line for KernelLine {
    type Held = HeldLine;

    fn hold(&mut self) -> Result<HeldLine, Fault> {
        let path = self.path()?;
        let mut builder = Request::builder();
        builder.on_chip(path).with_consumer("outpost").with_line(self.line);
        if self.active_low {
            builder.as_active_low();
        }
        builder.as_output(Value::Active);
        let request = builder.request().map_err(|error| self.fault(&error))?;
        Ok(HeldLine { request, line: self.line })
    }
}

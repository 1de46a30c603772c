//! Lamps, buzzers and relays on GPIO lines of the appliance: through the kernel's character
//! device, through rppal on a Raspberry Pi (a cargo feature), or simulated.
//!
//! It only pulses: a line is asked for when a pulse begins and given back when it ends. The kernel
//! takes back the lines of a process that dies, so that nothing stays on after a crash where the
//! board's pull resistors say "off"; with rppal, which writes the chip's registers, it stays on
//! until the program starts again, and is switched off then.
//! It never reads inputs, never leaves a line on, and knows nothing of gates or drawers.
//!
//! **Where to start reading.** [`open`]; [`pulse`] is the timing, each other file one way to a line.

#[cfg(not(feature = "rppal"))]
use drivers_contract::FaultCode;
use drivers_contract::{DeviceUri, Fault, GpioDriver, Output, UriError};
use std::sync::Arc;

pub mod kernel;
pub mod pulse;
#[cfg(feature = "rppal")]
pub mod raspberry;
pub mod sim;

/// Whether a line of the kernel is there and may be used, without switching it on. Of other devices
/// it says nothing.
///
/// # Errors
/// As a pulse of it would have.
pub fn look(uri: &DeviceUri) -> Result<(), Fault> {
    match uri {
        DeviceUri::OutputGpio { chip, line, active_low, driver: GpioDriver::Kernel } => {
            kernel::KernelLine::new(chip.clone(), *line, *active_low).look()
        }
        #[cfg(not(feature = "rppal"))]
        DeviceUri::OutputGpio { driver: GpioDriver::Rppal, .. } => {
            Err(Fault::new(FaultCode::Settings, without_rppal().to_string()))
        }
        _ => Ok(()),
    }
}

#[cfg(not(feature = "rppal"))]
fn without_rppal() -> UriError {
    UriError::BadOption {
        name: "driver".to_owned(),
        value: "rppal".to_owned(),
        reason: "this build is without rppal; leave the option out to use the kernel's lines",
    }
}

/// Makes the driver for an output's URI. Nothing is opened before the first pulse, but that a pin
/// which a dead process left on through rppal is switched off: whoever only looks calls [`look`].
///
/// # Errors
/// If the URI names a device of another class, or a driver that this build does not have.
pub fn open(uri: &DeviceUri) -> Result<Arc<dyn Output>, UriError> {
    let DeviceUri::OutputGpio { chip, line, active_low, driver } = uri else {
        return Err(UriError::WrongClass { uri: uri.to_string(), wanted: "GPIO output" });
    };
    match driver {
        GpioDriver::Kernel => {
            let line = kernel::KernelLine::new(chip.clone(), *line, *active_low);
            Ok(Arc::new(pulse::Pulsed::new(uri.to_string(), line)))
        }
        GpioDriver::Sim => Ok(Arc::new(pulse::Pulsed::new(uri.to_string(), sim::line(*line)))),
        #[cfg(feature = "rppal")]
        GpioDriver::Rppal => {
            let line = raspberry::RaspberryLine::new(*line, *active_low);
            Ok(Arc::new(pulse::Pulsed::new(uri.to_string(), line)))
        }
        #[cfg(not(feature = "rppal"))]
        GpioDriver::Rppal => Err(without_rppal()),
    }
}

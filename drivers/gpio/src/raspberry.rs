//! Lines of a Raspberry Pi through rppal, which is retired upstream: it knows no model after the
//! Pi 5, and wants `/dev/gpiomem`. Prefer [`crate::kernel`].

use drivers_contract::{Fault, FaultCode};
use rppal::gpio::{Error, Gpio, Mode, OutputPin};

use crate::pulse::Line;

/// A pin, by its BCM number.
pub struct RaspberryLine {
    line: u32,
    active_low: bool,
}

impl RaspberryLine {
    /// A pin.
    #[must_use]
    pub const fn new(line: u32, active_low: bool) -> Self {
        Self { line, active_low }
    }
}

/// A pin that is on: off again when this goes. rppal then resets it to an input.
pub struct HeldPin {
    pin: OutputPin,
    active_low: bool,
}

impl Drop for HeldPin {
    fn drop(&mut self) {
        if self.active_low {
            self.pin.set_high();
        } else {
            self.pin.set_low();
        }
    }
}

impl Line for RaspberryLine {
    type Held = HeldPin;

    fn hold(&mut self) -> Result<HeldPin, Fault> {
        let fault = |error: &Error| {
            let doing = format!("Raspberry Pi pin {}", self.line);
            match error {
                Error::Io(error) => Fault::from_io(&doing, error),
                Error::PermissionDenied(_) => Fault::new(FaultCode::NotPermitted, doing),
                Error::PinNotAvailable(_) | Error::PinUsed(_) => {
                    Fault::new(FaultCode::Claimed, format!("{doing}: {error}"))
                }
                Error::UnknownModel => {
                    Fault::new(FaultCode::NoHardware, format!("{doing}: {error}"))
                }
                _ => Fault::new(FaultCode::Failure, format!("{doing}: {error}")),
            }
        };
        let number = u8::try_from(self.line).map_err(|_| {
            Fault::new(FaultCode::NoHardware, format!("there is no pin {}", self.line))
        })?;
        let pin = Gpio::new().and_then(|gpio| gpio.get(number)).map_err(|error| fault(&error))?;
        let pin = if self.active_low { pin.into_output_low() } else { pin.into_output_high() };
        Ok(HeldPin { pin, active_low: self.active_low })
    }

    /// A pin that is still an output was left so: nobody takes registers back from the dead.
    fn quench(&mut self) {
        let Ok(number) = u8::try_from(self.line) else { return };
        let Ok(pin) = Gpio::new().and_then(|gpio| gpio.get(number)) else { return };
        if pin.mode() == Mode::Output {
            let pin = if self.active_low { pin.into_output_high() } else { pin.into_output_low() };
            drop(HeldPin { pin, active_low: self.active_low });
        }
    }
}

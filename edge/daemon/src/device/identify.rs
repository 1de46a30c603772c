//! Which device is this? One that reports is listened to; one that shows or weighs does so.

use anyhow::bail;
use drivers_contract::display::row;
use drivers_contract::{DeviceUri, Event, EventSink, Fault, Stop, Symbology};
use std::ops::ControlFlow;
use std::time::Duration;

/// Prints what a device reports.
struct Printing;

impl EventSink for Printing {
    fn emit(&self, event: Event) -> ControlFlow<()> {
        match event {
            Event::Data(scan) => {
                let kind = match scan.symbology {
                    Symbology::Unknown => String::new(),
                    kind => format!(" ({kind:?})"),
                };
                println!("code: {}{kind}", scan.bytes.escape_ascii());
            }
            Event::Key(key) => println!("key: {key:?}"),
            Event::Error { fault, .. } => println!("not readable: {fault}. {}", fault.advice()),
            Event::Power(power) => println!("power: {power:?}"),
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

pub(crate) fn run(text: &str, time: Duration) -> anyhow::Result<()> {
    let uri = crate::device_uri::read(text).map_err(anyhow::Error::msg)?;
    let advised = |fault: Fault| anyhow::anyhow!("{fault}. {}", fault.advice());
    match &uri {
        DeviceUri::Scale { .. } => {
            let weighing = drivers_scale::open(&uri)?.weigh().map_err(advised)?;
            println!("{:?}, as it said: {}", weighing.weight, weighing.raw.escape_ascii());
        }
        DeviceUri::Display { .. } => {
            let mut display = drivers_display::open(&uri)?;
            let place = uri.local_path().map(|path| path.display().to_string());
            let place = place.unwrap_or_default();
            let end: String = place.chars().rev().take(20).collect();
            let end: String = end.chars().rev().collect();
            display.show(&row("Outpost", "here"), &end).map_err(advised)?;
            println!("It shows where it hangs, if it is switched on.");
        }
        DeviceUri::TerminalSim { .. } | DeviceUri::TerminalZvt { .. } => {
            drivers_terminal::open(&uri)?.status().map_err(advised)?;
            println!("The terminal answers.");
        }
        DeviceUri::OutputGpio { .. } | DeviceUri::OutputReader { .. } => {
            println!("{}", light(&uri)?);
        }
        DeviceUri::BumpBar { .. } => {
            let stop = after(time);
            println!("Press a key.");
            drivers_bumpbar::open(&uri)?.run(&Printing, &stop).map_err(advised)?;
        }
        _ if edge_devices::is_printer(&uri) => {
            bail!("a printer shows where it is by a page: outpost device test")
        }
        _ => {
            let stop = after(time);
            println!("Scan something.");
            drivers_scanner::open(&uri)?.run(&Printing, &stop).map_err(advised)?;
        }
    }
    Ok(())
}

/// Switches an output on for a second.
pub(super) fn light(uri: &DeviceUri) -> anyhow::Result<&'static str> {
    const LIT: Duration = Duration::from_secs(1);
    if let DeviceUri::OutputReader { reader, .. } = uri {
        bail!(
            "it hangs on the reader {reader}, which only a running store reaches: start it, then test it"
        );
    }
    let output = drivers_gpio::open(uri)?;
    let lit = output.pulse(LIT);
    lit.map_err(|fault| anyhow::anyhow!("{fault}. {}", fault.advice()))?;
    // Dropping it switches it off.
    std::thread::sleep(LIT);
    Ok("It was switched on for a second.")
}

/// A flag that is set by itself.
fn after(time: Duration) -> Stop {
    let stop = Stop::new();
    let flag = stop.clone();
    std::thread::spawn(move || {
        std::thread::sleep(time);
        flag.stop();
    });
    stop
}

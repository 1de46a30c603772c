//! Which device is this? One that reports is listened to; one that shows or weighs does so.

use crate::stand_in::{Configured, Source};
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

/// How long a person looks for something to scan.
const WAIT: Duration = Duration::from_secs(15);
/// How long a reader looks round.
const LOOK_ROUND: Duration = Duration::from_secs(5);

pub(crate) fn run(text: &str, time: Option<Duration>) -> anyhow::Result<()> {
    let source = Source::read(text).map_err(anyhow::Error::msg)?;
    let device = Configured { id: "device".into(), source, station: None };
    super::with_device(&device, |config| identify(&config.uri, time)).map(|_| ())
}

/// Lets a device show what it is.
pub(super) fn identify(uri: &DeviceUri, time: Option<Duration>) -> anyhow::Result<()> {
    let usual = if edge_devices::is_reader(uri) { LOOK_ROUND } else { WAIT };
    let time = time.unwrap_or(usual);
    let advised = |fault: Fault| anyhow::anyhow!("{fault}. {}", fault.advice());
    match uri {
        DeviceUri::Scale { .. } => {
            let weighing = drivers_scale::open(uri)?.weigh().map_err(advised)?;
            println!("{:?}, as it said: {}", weighing.weight, weighing.raw.escape_ascii());
        }
        DeviceUri::Display { .. } => {
            let mut display = drivers_display::open(uri)?;
            let place = uri.local_path().map(|path| path.display().to_string());
            let place = place.unwrap_or_default();
            let end: String = place.chars().rev().take(20).collect();
            let end: String = end.chars().rev().collect();
            display.show(&row("Outpost", "here"), &end).map_err(advised)?;
            println!("It shows where it hangs, if it is switched on.");
        }
        DeviceUri::TerminalSim { .. } | DeviceUri::TerminalZvt { .. } => {
            drivers_terminal::open(uri)?.status().map_err(advised)?;
            println!("The terminal answers.");
        }
        DeviceUri::OutputGpio { .. } | DeviceUri::OutputReader { .. } => {
            println!("{}", light(uri)?);
        }
        DeviceUri::BumpBar { .. } => {
            let stop = after(time);
            println!("Press a key.");
            drivers_bumpbar::open(uri)?.run(&Printing, &stop).map_err(advised)?;
        }
        _ if edge_devices::is_printer(uri) => {
            bail!("a printer shows where it is by a page: outpost device test")
        }
        _ if edge_devices::is_reader(uri) => super::tags::list(uri, time, &after(time))?,
        _ => {
            let stop = after(time);
            println!("Scan something.");
            drivers_scanner::open(uri)?.run(&Printing, &stop).map_err(advised)?;
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

//! A device's test: through the running store if there is one, since it holds the device; directly
//! otherwise.

use super::ask::Store;
use crate::config::Config;
use crate::device_uri;
use anyhow::Context;
use drivers_contract::{DeviceUri, Fault, Printer, Stop};
use edge_devices::DeviceConfig;
use std::time::Duration;

pub(crate) fn run(config: &Config, id: &str) -> anyhow::Result<()> {
    let device = config.devices.iter().find(|device| device.id == id);
    let known = || config.devices.iter().map(|d| d.id.as_str()).collect::<Vec<_>>().join(", ");
    let device =
        device.with_context(|| format!("there is no device {id}; there are {}", known()))?;
    let asked = ask_store(config, id)?;
    let tried = match asked {
        Some(said) => Some(said),
        None => super::with_device(device, |own| {
            let mut own = [own.clone()];
            device_uri::remember(&mut own, &config.data);
            directly(&own[0])
        })?,
    };
    println!("{}", tried.as_deref().unwrap_or("It was played."));
    Ok(())
}

/// What the running store says; `None` if none runs.
fn ask_store(config: &Config, id: &str) -> anyhow::Result<Option<String>> {
    let answer = Store::of(config)?.post(&format!("devices/{id}/test"))?;
    let said = |body: serde_json::Value| body["message"].as_str().map(str::to_owned);
    let printing = || "A test page is on its way to the printer.".to_owned();
    Ok(answer.map(|body| said(body).unwrap_or_else(printing)))
}

fn directly(device: &DeviceConfig) -> anyhow::Result<String> {
    let uri = &device.uri;
    let advised = |fault: Fault| anyhow::anyhow!("{fault}. {}", fault.advice());
    match uri {
        DeviceUri::Scale { .. } => {
            let weighing = drivers_scale::open(uri)?.weigh().map_err(advised)?;
            Ok(match weighing.weight.grams() {
                Some(grams) => format!("The scale shows {grams} g."),
                None => format!("The scale says: {}.", weighing.weight.as_str()),
            })
        }
        DeviceUri::Display { .. } => {
            let mut display = drivers_display::open(uri)?;
            display.show("Outpost", &device.id).map_err(advised)?;
            Ok("It shows its name, if it is switched on.".into())
        }
        DeviceUri::OutputGpio { .. } | DeviceUri::OutputReader { .. } => {
            Ok(super::identify::light(uri)?.into())
        }
        DeviceUri::TerminalSim { .. } | DeviceUri::TerminalZvt { .. } => {
            drivers_terminal::open(uri)?.status().map_err(advised)?;
            Ok("The terminal answers.".into())
        }
        _ if edge_devices::is_printer(uri) => {
            let mut printer = drivers_printer::open(uri)?;
            page(&mut *printer, &device.id).map_err(advised)
        }
        _ => {
            // One that only reports: that it can be opened is all that can be said without it.
            super::identify::identify(uri, Some(Duration::from_secs(5)))?;
            Ok("It was listened to.".into())
        }
    }
}

fn page(printer: &mut dyn Printer, id: &str) -> Result<String, Fault> {
    use drivers_contract::JobOutcome;
    use drivers_contract::print::{Document, Element};
    let document = Document::new().row("Outpost".to_owned(), id.to_owned()).with(Element::Cut);
    match printer.print(&document, &mut |_| {}, &Stop::new()) {
        JobOutcome::Printed => Ok("The printer says that it printed.".into()),
        JobOutcome::Failed(fault) | JobOutcome::Indeterminate(fault) => Err(fault),
    }
}

//! Printers that announce themselves in the network (mDNS, RFC 6762; DNS-SD, RFC 6763).

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use drivers_contract::{Fault, FaultCode, TcpAddress};
use mdns_sd::{ServiceDaemon, ServiceEvent};

/// Raw printing on port 9100, and the services that such printers announce beside it.
const SERVICES: [&str; 3] =
    ["_pdl-datastream._tcp.local.", "_printer._tcp.local.", "_ipp._tcp.local."];
/// The port of raw printing, which a printer that announces another service has as a rule.
const RAW_PORT: u16 = 9_100;
/// The most printers that are listed.
const PRINTERS_MAX: usize = 256;

/// A printer in the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkPrinter {
    /// Where it prints raw bytes, or would.
    pub address: TcpAddress,
    /// What it calls itself.
    pub name: String,
    /// Its model, if it says (`ty` or `product`).
    pub model: Option<String>,
    /// Whether it announced raw printing itself.
    pub raw: bool,
}

/// Listens for so long, and lists who answered: by address, so that a printer with three services
/// is one.
///
/// # Errors
/// If this machine has no network to ask.
pub fn printers(time: Duration) -> Result<Vec<NetworkPrinter>, Fault> {
    let fault = |error: mdns_sd::Error| {
        Fault::new(FaultCode::Failure, format!("ask the network for printers: {error}"))
    };
    let daemon = ServiceDaemon::new().map_err(fault)?;
    let mut found: BTreeMap<String, NetworkPrinter> = BTreeMap::new();
    let browsers: Vec<_> = SERVICES
        .iter()
        .map(|service| daemon.browse(service))
        .collect::<Result<_, _>>()
        .map_err(fault)?;
    let end = Instant::now() + time;
    while Instant::now() < end && found.len() < PRINTERS_MAX {
        for (service, events) in SERVICES.iter().zip(&browsers) {
            while let Ok(event) = events.try_recv() {
                if let ServiceEvent::ServiceResolved(printer) = event {
                    note(&mut found, service, &printer);
                }
            }
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = daemon.shutdown();
    Ok(found.into_values().collect())
}

fn note(
    found: &mut BTreeMap<String, NetworkPrinter>,
    service: &str,
    printer: &mdns_sd::ResolvedService,
) {
    let raw = service == SERVICES[0];
    let mut addresses: Vec<String> =
        printer.get_addresses_v4().iter().map(ToString::to_string).collect();
    addresses.sort();
    let Some(host) = addresses.into_iter().next() else { return };
    let port = if raw { printer.get_port() } else { RAW_PORT };
    let name = printer.get_fullname().trim_end_matches(service).trim_end_matches('.').to_owned();
    let word = |key: &str| printer.get_property_val_str(key).map(str::to_owned);
    let model = word("ty").or_else(|| word("product"));
    let new = NetworkPrinter { address: TcpAddress { host: host.clone(), port }, name, model, raw };
    match found.get_mut(&host) {
        Some(known) if !raw || known.raw => known.model = known.model.take().or(new.model),
        _ => {
            found.insert(host, new);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mdns_sd::ServiceInfo;

    fn announced(service: &str, host: &str, port: u16) -> mdns_sd::ResolvedService {
        let words = [("ty", "EPSON TM-m30")];
        ServiceInfo::new(service, "Counter", "printer.local.", host, port, &words[..])
            .unwrap()
            .as_resolved_service()
    }

    #[test]
    fn a_printer_with_three_services_is_one_and_raw_printing_names_the_port() {
        let mut found = BTreeMap::new();
        note(&mut found, SERVICES[2], &announced(SERVICES[2], "192.0.2.7", 631));
        assert_eq!((found["192.0.2.7"].address.port, found["192.0.2.7"].raw), (9_100, false));
        note(&mut found, SERVICES[0], &announced(SERVICES[0], "192.0.2.7", 9_101));
        note(&mut found, SERVICES[1], &announced(SERVICES[1], "192.0.2.7", 515));
        let printer = &found["192.0.2.7"];
        assert_eq!((found.len(), printer.address.port, printer.raw), (1, 9_101, true));
        assert_eq!(
            (printer.name.as_str(), printer.model.as_deref()),
            ("Counter", Some("EPSON TM-m30"))
        );
    }
}

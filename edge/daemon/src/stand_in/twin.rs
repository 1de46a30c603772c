//! How each twin is started, with the options that its driver's URI has.

use super::gate::Gate;
use super::play::{Labelling, Paying, Play, Printing, Scanning, Shining, Showing};
use super::source::Played;
use anyhow::bail;
use drivers_bumpbar::sim::SimBumpBar;
use drivers_contract::DeviceUri;
use drivers_contract::twin::{DisplayTwin, TerminalTwin, Twin};
use drivers_display::sim::SimDisplay;
use drivers_printer::sim::SimPrinter;
use drivers_printer::zpl::sim::SimZpl;
use drivers_rfid::sim::SimReader;
use drivers_rfid::sim::mqtt::SimPublisher;
use drivers_scale::sim::SimScale;
use drivers_scanner::sim::{SimHidScanner, SimScanner, SimWedge};
use drivers_terminal::sim::SimTerminal;
use drivers_terminal::zvt::sim::SimZvt;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

/// The most grams that the simulated scale can weigh.
const CAPACITY: i32 = 15_000;
/// How long a label takes, as on a middling printer.
const LABEL_TIME: Duration = Duration::from_millis(300);
/// How many receipts a simulated printer keeps: those that are not told yet.
const RECEIPTS_KEPT: usize = 64;

/// A twin that is there, and the URI that its driver opens.
pub(crate) struct Started {
    pub(crate) play: Box<dyn Play>,
    pub(crate) uri: DeviceUri,
}

/// Starts a twin behind `link`, at `listen` or on the simulated line `lamp`, whichever is its way.
///
/// # Errors
/// If its line cannot be made or its address not be had.
pub(crate) fn start(
    played: &Played,
    link: &Path,
    listen: SocketAddr,
    lamp: u32,
) -> anyhow::Result<Started> {
    let at = |own: &DeviceUri| played.at(place(&own.to_string()));
    Ok(match &played.shape {
        DeviceUri::ScannerSerial { address, .. } => {
            let twin = SimScanner::pty(link, address.baud)?;
            Started { uri: at(&twin.uri())?, play: Box::new(Scanning(twin)) }
        }
        DeviceUri::ScannerTcp { .. } => {
            let twin = SimScanner::tcp(listen)?;
            Started { uri: at(&twin.uri())?, play: Box::new(Scanning(twin)) }
        }
        DeviceUri::ScannerKeys { keys } => {
            let twin = SimWedge::pty(link, keys.layout)?;
            Started { uri: at(&twin.uri())?, play: Box::new(Scanning(twin)) }
        }
        DeviceUri::ScannerHid { .. } => {
            let twin = SimHidScanner::pty(link)?;
            Started { uri: at(&twin.uri())?, play: Box::new(Scanning(twin)) }
        }
        DeviceUri::Scale { protocol, .. } => {
            let twin = SimScale::pty(link, *protocol, CAPACITY)?;
            Started { uri: at(&twin.uri())?, play: Box::new(twin) }
        }
        DeviceUri::Display { protocol, .. } => {
            let twin = SimDisplay::pty(link, *protocol)?;
            let (uri, last) = (at(&twin.uri())?, twin.lines());
            Started { uri, play: Box::new(Showing { twin, last }) }
        }
        DeviceUri::BumpBar { .. } => {
            let twin = SimBumpBar::pty(link)?;
            Started { uri: at(&twin.uri())?, play: Box::new(twin) }
        }
        DeviceUri::PrinterTcp { options, .. } => {
            let mut config = drivers_printer::sim::SimConfig::default();
            config.columns = options.columns.unwrap_or(config.columns);
            config.receipts_kept = RECEIPTS_KEPT;
            let twin = SimPrinter::tcp(listen, config)?;
            Started { uri: at(&twin.uri())?, play: Box::new(Printing { twin, seen: 0, pulses: 0 }) }
        }
        DeviceUri::PrinterZpl { media, .. } => {
            let twin = SimZpl::tcp(listen, *media, LABEL_TIME)?;
            Started { uri: at(&twin.uri())?, play: Box::new(Labelling { twin, seen: 0 }) }
        }
        DeviceUri::TerminalZvt { .. } => {
            let twin = SimZvt::listen(listen)?;
            Started { uri: at(&TerminalTwin::uri(&twin))?, play: paying(twin) }
        }
        DeviceUri::TerminalSim { .. } => {
            let twin = SimTerminal::listen(listen)?;
            Started { uri: at(&TerminalTwin::uri(&twin))?, play: paying(twin) }
        }
        DeviceUri::ReaderLlrp { .. } => {
            let twin = SimReader::tcp(listen, drivers_rfid::sim::SimConfig::default())?;
            Started { uri: at(&twin.uri())?, play: Box::new(Gate::llrp(twin)?) }
        }
        DeviceUri::ReaderMqtt { address, topic, format, .. } => {
            let twin = SimPublisher::new(address.clone(), topic.clone(), *format)?;
            Started { uri: at(&twin.uri())?, play: Box::new(Gate::mqtt(twin)?) }
        }
        DeviceUri::OutputGpio { line, .. } => {
            let line = if played.has_place() { *line } else { lamp };
            let twin = drivers_gpio::sim::line(line);
            let told = (twin.count(), twin.is_on());
            let uri = played.at(&format!("sim/{line}"))?;
            Started { uri, play: Box::new(Shining { twin, told }) }
        }
        other => bail!("{other} has no twin"),
    })
}

fn paying<T: TerminalTwin + 'static>(twin: T) -> Box<dyn Play> {
    Box::new(Paying { twin, told: (0, 0) })
}

/// What a URI says between its scheme and its options.
fn place(uri: &str) -> &str {
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    rest.split_once('?').map_or(rest, |(place, _)| place)
}

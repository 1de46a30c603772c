//! Devices that are played: twins and captures, each on a line of its own that the real driver
//! opens. Only the settings and this folder know that they are no devices.
//!
//! A twin that does not start is a device that is not there, and nothing that stops the shop.

mod class;
mod gate;
mod hands;
mod play;
mod source;
mod twin;

pub(crate) use class::{Outlet, SimClass};
pub(crate) use hands::{HandsAddress, Stage};
pub(crate) use source::{Configured, Played, Source};
pub(crate) use twin::{Started, start};

use drivers_contract::{DeviceUri, capture};
use drivers_plug::replay::{Outlet as ReplayOutlet, Replay};
use edge_devices::DeviceConfig;
use source::Part;
use std::fs::DirBuilder;
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long a capture waits for its driver: to open the line, and to say what it said then.
const PATIENCE: Duration = Duration::from_secs(3_600);
/// The first line of the simulated chip that `sim://lamp` takes; those below are for `gpio://sim/N`.
const LAMPS_FROM: u32 = 512;

/// Everything that is played. It ends when this is dropped.
#[derive(Default)]
pub(crate) struct StandIns(Vec<StandIn>);

/// A device that is played.
struct StandIn {
    id: String,
    /// As the settings have it.
    text: String,
    /// Why it is no more, or never was.
    over: Arc<Mutex<Option<String>>>,
    /// Of a twin: it lives as long as its stage.
    stage: Option<Staged>,
}

/// A stage, and its door where it has one.
type Staged = (Arc<Stage>, Option<JoinHandle<()>>);

impl StandIns {
    /// Starts what is to be played, in a folder of its own, and answers how every device is opened.
    pub(crate) fn plug_in(devices: &[Configured], folder: &Path) -> (Vec<DeviceConfig>, Self) {
        let mut all = Self::default();
        let mut configs = Vec::new();
        for (place, device) in (0..).zip(devices) {
            let uri = match &device.source {
                Source::Device(uri) => uri.clone(),
                Source::Played(played) => all.add(&device.id, place, played, folder),
            };
            let (id, station) = (device.id.clone(), device.station.clone());
            configs.push(DeviceConfig { id, uri, station });
        }
        (configs, all)
    }

    fn add(&mut self, id: &str, place: u32, played: &Played, folder: &Path) -> DeviceUri {
        let over = Arc::default();
        let (uri, stage) = match plug_in(id, place, played, folder, &over) {
            Ok(plugged) => plugged,
            Err(error) => {
                tracing::error!(device = id, "it cannot be played: {error:#}");
                *lock(&over) = Some(format!("it cannot be played: {error:#}"));
                (played.shape.clone(), None)
            }
        };
        if let (Some(file), Some(port)) = (&played.capture, uri.port_name()) {
            capture::record(port, file);
        }
        self.0.push(StandIn { id: id.to_owned(), text: played.to_string(), over, stage });
        uri
    }

    /// The URI of the settings, where a device is played.
    pub(crate) fn of(&self, id: &str) -> Option<&str> {
        self.find(id).map(|own| own.text.as_str())
    }

    /// Whether a device is none: one that is played, or the simulated card terminal.
    pub(crate) fn is_simulated(&self, config: &DeviceConfig) -> bool {
        self.of(&config.id).is_some() || is_simulated(&config.uri)
    }

    /// Why a device that is played is no more, or never was.
    pub(crate) fn over(&self, id: &str) -> Option<String> {
        self.find(id).and_then(|own| lock(&own.over).clone())
    }

    fn find(&self, id: &str) -> Option<&StandIn> {
        self.0.iter().find(|own| own.id == id)
    }

    /// Says loudly what is no device: nobody may sell for a week on a card terminal that charges
    /// no card.
    pub(crate) fn warn(&self, configs: &[DeviceConfig]) {
        for config in configs.iter().filter(|config| self.is_simulated(config)) {
            let uri = config.uri.to_string();
            let settings = self.of(&config.id).unwrap_or(&uri);
            let what = consequence(&config.uri);
            tracing::warn!(device = %config.id, settings, uri, "SIMULATED, NOT A DEVICE: {what}");
        }
    }
}

impl Drop for StandIns {
    fn drop(&mut self) {
        for (stage, _) in self.0.iter().filter_map(|own| own.stage.as_ref()) {
            stage.close();
        }
        for thread in self.0.drain(..).filter_map(|own| own.stage?.1) {
            let _ = thread.join();
        }
    }
}

/// Whether a device is simulated by its very URI.
pub(crate) const fn is_simulated(uri: &DeviceUri) -> bool {
    matches!(uri, DeviceUri::TerminalSim { .. })
}

/// What it means for the shop that such a device is played.
pub(crate) const fn consequence(uri: &DeviceUri) -> &'static str {
    match uri {
        DeviceUri::TerminalSim { .. } | DeviceUri::TerminalZvt { .. } => {
            "no card is charged, whatever the till says"
        }
        DeviceUri::PrinterTcp { .. }
        | DeviceUri::PrinterSerial { .. }
        | DeviceUri::PrinterUsb { .. }
        | DeviceUri::PrinterZpl { .. } => "nothing comes out on paper",
        DeviceUri::Scale { .. } => "nothing is weighed",
        DeviceUri::ReaderLlrp { .. } | DeviceUri::ReaderMqtt { .. } => "nobody watches the gate",
        DeviceUri::OutputGpio { .. } | DeviceUri::OutputReader { .. } => "nothing is lit",
        DeviceUri::Display { .. } => "no customer sees anything",
        _ => "only what is played is read",
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

type Plugged = (DeviceUri, Option<Staged>);

fn plug_in(
    id: &str,
    place: u32,
    played: &Played,
    folder: &Path,
    over: &Arc<Mutex<Option<String>>>,
) -> anyhow::Result<Plugged> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let clean = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let link = folder.join(format!("{place}-{}", id.chars().map(clean).collect::<String>()));
    let free = SocketAddr::from(([127, 0, 0, 1], 0));
    match &played.part {
        Part::Twin { hands, .. } => {
            let Started { play, uri } = start(played, &link, free, LAMPS_FROM + place % 512)?;
            let usual = || HandsAddress::Unix(link.with_extension("hands"));
            let hands = hands.clone().unwrap_or_else(usual);
            let stage = Stage::new(&uri.to_string(), play);
            // Without hands it is still a device: one that nobody touches.
            let opened = stage.open(&hands).inspect_err(|error| {
                tracing::error!(device = id, %hands, %error, "no hands reach the simulated device");
            });
            Ok((uri, Some((stage, opened.ok()))))
        }
        Part::Capture(file) => {
            let outlet =
                if played.is_local() { ReplayOutlet::Pty(link) } else { ReplayOutlet::Tcp(free) };
            let replay = Replay::open(file, outlet)?;
            let uri = played.at(&replay.place())?;
            let (id, file, over) = (id.to_owned(), file.clone(), over.clone());
            let thread = std::thread::Builder::new().name("sim-replay".into());
            // Not waited for: a capture whose driver does not come would hold up the night.
            thread.spawn(move || replay_once(&id, &file, replay, &over))?;
            Ok((uri, None))
        }
    }
}

/// Plays a capture, says that it is over, and pulls the plug.
fn replay_once(id: &str, file: &Path, mut replay: Replay, over: &Mutex<Option<String>>) {
    let played = replay.play(PATIENCE).and_then(|said| {
        replay.settle(PATIENCE)?;
        Ok(said)
    });
    let name = file.display();
    let end = match played {
        Ok(said) => format!(
            "{name} was played to its end, {said} bytes of the device's; start the store again to \
             play it again"
        ),
        Err(fault) => format!("{name} was not played to its end: {fault}"),
    };
    tracing::warn!(device = id, "{end}");
    *lock(over) = Some(end);
}

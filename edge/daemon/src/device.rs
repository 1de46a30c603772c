//! `outpost device ...`: what an installer does with devices, from a shell.

use crate::config::Config;
use crate::stand_in::{Configured, SimClass, Source, StandIns};
use anyhow::{Context, bail};
use clap::Subcommand;
use std::fs::DirBuilder;
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::time::Duration;

mod ask;
mod hands;
mod identify;
mod list;
mod replay;
mod settle;
mod sim;
mod tags;
mod test;

pub(crate) use list::examine;

#[derive(Subcommand)]
pub(crate) enum DeviceCommand {
    /// What is configured, and what hangs on this machine and in its network
    List {
        /// The configuration file
        #[arg(long)]
        config: Option<PathBuf>,
        /// How long to listen for network printers, in seconds; 0 does not ask the network
        #[arg(long, default_value_t = 2)]
        network: u64,
    },
    /// Let a configured device do something harmless that shows whether it works
    Test {
        /// The configuration file
        #[arg(long)]
        config: PathBuf,
        /// The device's id
        id: String,
    },
    /// Let a card terminal end its day, and wait for what it says. The store must be running; where
    /// staff sign in, OUTPOST_SESSION holds the token of a session
    Settle {
        /// The configuration file
        #[arg(long)]
        config: PathBuf,
        /// The card terminal's id
        id: String,
    },
    /// Say what a device sends, or let it show where it is; nothing is written to one that listens
    Identify {
        /// Its URI, as `outpost device list` writes it
        uri: String,
        /// For how many seconds: 15, or 5 for an RFID reader, which lists its tags
        #[arg(long)]
        seconds: Option<u64>,
    },
    /// Say what is wrong with the devices, and what to do
    Doctor {
        /// The configuration file
        #[arg(long)]
        config: PathBuf,
    },
    /// Be a device: its real bytes on a line of its own
    ///
    /// Prints the URI that a driver opens, and which lines it understands; each line that is typed
    /// is what hands would do. What it shows, prints or lights appears here.
    ///
    /// The same words are device URIs of the settings, which the store then plays itself:
    /// `uri = "sim://scale?protocol=dialog06&hands=/run/outpost/scale"`. The lines that hands type
    /// go to the socket `hands=`, an absolute path or a port of this machine; without it, to
    /// `sim/N-ID.hands` in the store's data folder (N counts the settings' devices from 0).
    /// A capture is played by `replay:///FILE?as=SCHEME`, SCHEME being that of the URI with which
    /// it was captured.
    Sim {
        /// Which
        class: SimClass,
        /// The link behind which a serial device hangs
        #[arg(long)]
        link: Option<PathBuf>,
        /// The address at which a network device listens
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: SocketAddr,
        /// The broker and the topic on which a reader publishes, as 127.0.0.1:1883/gate
        #[arg(long)]
        broker: Option<String>,
        /// Options of its URI, as protocol=dialog06 or width=58&height=40
        #[arg(long, default_value = "")]
        options: String,
        /// A socket for further hands: an absolute path, or 127.0.0.1:PORT
        #[arg(long)]
        hands: Option<String>,
    },
    /// Lay hands on a device that a store plays: lines typed here go there, its answers come back
    Hands {
        /// Its socket: a path, or 127.0.0.1:PORT
        address: String,
    },
    /// Play a capture back as a device
    Replay {
        /// The capture
        file: PathBuf,
        /// The link behind which it hangs, if it is a serial device's
        #[arg(long)]
        link: Option<PathBuf>,
        /// The address at which it listens, if it is a network device's
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: SocketAddr,
    },
}

pub(crate) fn run(command: DeviceCommand) -> anyhow::Result<()> {
    match command {
        DeviceCommand::List { config, network } => {
            let config = config.map(|path| read(&path)).transpose()?;
            let devices = config.map(|config| config.devices).unwrap_or_default();
            list::run(&devices, Duration::from_secs(network));
            Ok(())
        }
        DeviceCommand::Test { config, id } => test::run(&read(&config)?, &id),
        DeviceCommand::Settle { config, id } => settle::run(&read(&config)?, &id),
        DeviceCommand::Identify { uri, seconds } => {
            identify::run(&uri, seconds.map(Duration::from_secs))
        }
        DeviceCommand::Doctor { config } => {
            let complaints = examine(&read(&config)?.devices);
            complaints.iter().for_each(|complaint| println!("{complaint}"));
            match complaints.len() {
                0 => {
                    println!("Every device is as it should be.");
                    Ok(())
                }
                count => bail!("{count} to look after"),
            }
        }
        DeviceCommand::Sim { class, link, listen, broker, options, hands } => {
            sim::run(sim::Wanted { class, link, listen, broker, options, hands })
        }
        DeviceCommand::Hands { address } => hands::run(&address),
        DeviceCommand::Replay { file, link, listen } => replay::run(&file, link, listen),
    }
}

fn read(path: &std::path::Path) -> anyhow::Result<Config> {
    Config::read(path).map_err(|errors| anyhow::anyhow!("{errors}")).context("the configuration")
}

/// Runs something with a device that is played for that alone, where it is one: the driver finds it
/// as it would find the real one.
fn with_device<T>(
    device: &Configured,
    run: impl FnOnce(&edge_devices::DeviceConfig) -> anyhow::Result<T>,
) -> anyhow::Result<Option<T>> {
    let folder = std::env::temp_dir().join(format!("outpost-device-{}", std::process::id()));
    if let Source::Played(_) = device.source {
        // Made, not found: whoever made one of this name could play with what hangs in it.
        let made = DirBuilder::new().mode(0o700).create(&folder);
        made.with_context(|| folder.display().to_string())?;
    }
    let (configs, stand_ins) = StandIns::plug_in(std::slice::from_ref(device), &folder);
    let config = configs.first().context("one device is one device")?;
    let done = run(config);
    let over = stand_ins.over(&device.id);
    drop(stand_ins);
    let _ = std::fs::remove_dir(&folder);
    match over {
        Some(over) => {
            println!("{over}");
            Ok(done.ok())
        }
        None => done.map(Some),
    }
}

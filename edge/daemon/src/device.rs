//! `outpost device ...`: what an installer does with devices, from a shell.

use crate::config::Config;
use anyhow::{Context, bail};
use clap::{Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

mod ask;
mod identify;
mod list;
mod replay;
mod settle;
mod sim;
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
        /// For how many seconds
        #[arg(long, default_value_t = 15)]
        seconds: u64,
    },
    /// Say what is wrong with the devices, and what to do
    Doctor {
        /// The configuration file
        #[arg(long)]
        config: PathBuf,
    },
    /// Be a device: its real bytes on a line of its own
    Sim {
        /// Which
        class: SimClass,
        /// The link behind which a serial device hangs
        #[arg(long)]
        link: Option<PathBuf>,
        /// The address at which a network device listens
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: SocketAddr,
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

/// What can be played here.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum SimClass {
    /// A scanner on a serial line
    Scanner,
    /// A scanner in the network
    ScannerTcp,
    /// A scanner that types
    Wedge,
    /// A scanner that speaks HID-POS
    Hid,
    /// A scale, Toledo 8217
    Scale,
    /// A scale, Dialog 06
    ScaleDialog06,
    /// A customer display, CD5220
    Display,
    /// A bump bar
    Bumpbar,
    /// A receipt printer in the network
    Printer,
    /// A card terminal that speaks ZVT
    Zvt,
    /// The simulated card terminal
    Terminal,
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
            identify::run(&uri, Duration::from_secs(seconds))
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
        DeviceCommand::Sim { class, link, listen } => sim::run(class, link, listen),
        DeviceCommand::Replay { file, link, listen } => replay::run(&file, link, listen),
    }
}

fn read(path: &std::path::Path) -> anyhow::Result<Config> {
    Config::read(path).map_err(|errors| anyhow::anyhow!("{errors}")).context("the configuration")
}

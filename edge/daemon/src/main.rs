//! `outpost`: the store's daemon.
//!
//! **What it is.** The one place that knows everything: it reads the configuration, opens the
//! ledger, names the drivers, wires the rooms together, supervises them, and stops them in order.
//!
//! **What it never does.** No rule of the shop, no protocol, no SQL stands here.
//!
//! **Where to start reading.** [`serve::run`].

mod audit;
mod codes;
mod config;
mod device;
mod device_key;
mod device_uri;
mod doctor;
mod gate;
mod paper;
mod serve;
mod slips;
mod stand_in;
mod sweep;
mod wiring;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Exit code of a configuration that cannot be used (sysexits.h, EX_USAGE).
const EX_CONFIG: u8 = 64;

#[derive(Parser)]
#[command(name = "outpost", version, about = "A store appliance that keeps selling")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the store
    Run {
        /// The configuration file
        #[arg(long)]
        config: PathBuf,
    },
    /// Say everything that is wrong with a configuration
    CheckConfig {
        /// The configuration file
        #[arg(long)]
        config: PathBuf,
    },
    /// Prove or export the ledger
    #[command(subcommand)]
    Ledger(audit::LedgerCommand),
    /// Say what scanned codes mean
    #[command(subcommand)]
    Codes(codes::CodesCommand),
    /// List, try, identify and play devices
    #[command(subcommand)]
    Device(device::DeviceCommand),
    /// Say what stands between this store and its work, and what to do
    Doctor {
        /// The configuration file
        #[arg(long)]
        config: PathBuf,
    },
    /// Print the OpenAPI document of the store's API
    Openapi,
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Run { config } => match config::Config::read(&config) {
            Ok(config) => serve::run(config),
            Err(errors) => return misconfigured(&errors),
        },
        Command::CheckConfig { config } => match config::Config::read(&config) {
            Ok(_) => {
                println!("The configuration is good.");
                Ok(())
            }
            Err(errors) => return misconfigured(&errors),
        },
        Command::Ledger(command) => audit::run(command),
        Command::Codes(command) => codes::run(command),
        Command::Device(command) => device::run(command),
        Command::Doctor { config } => match config::Config::read(&config) {
            Ok(config) => doctor::run(&config),
            Err(errors) => return misconfigured(&errors),
        },
        Command::Openapi => {
            println!("{}", edge_web::openapi().to_pretty_json().unwrap_or_default());
            Ok(())
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("outpost: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn misconfigured(errors: &edge_process::config::ConfigErrors) -> ExitCode {
    eprint!("outpost: {errors}");
    ExitCode::from(EX_CONFIG)
}

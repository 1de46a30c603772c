//! The command line.

mod store;

use crate::config::Config;
use crate::server;
use anyhow::Result;
use clap::{Parser, Subcommand};
use edge_process::logs;
use edge_process::notify::notify;
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};

/// The exit code of a bad configuration (sysexits.h, EX_USAGE).
const BAD_CONFIG: u8 = 64;

/// Headquarters of Outpost: where the stores' journals arrive and prices are set.
#[derive(Debug, Parser)]
#[command(name = "outpost-hq", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs headquarters until SIGTERM or SIGINT.
    Serve(Configured),
    /// Says whether a configuration is good, with everything that is wrong.
    CheckConfig(Configured),
    /// Prints the OpenAPI document of headquarters' API.
    Openapi,
    /// The stores.
    #[command(subcommand)]
    Store(store::Verb),
}

#[derive(Debug, clap::Args)]
struct Configured {
    /// The configuration file.
    #[arg(long, default_value = "hq.toml")]
    config: PathBuf,
}

/// Runs the program: 0, 64 for a bad configuration, 1 for anything else.
#[must_use]
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Where stdout is closed nobody reads it anyway.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
        }
    };
    let path = match &cli.command {
        Command::Serve(configured) | Command::CheckConfig(configured) => &configured.config,
        Command::Store(verb) => verb.config(),
        Command::Openapi => {
            println!("{}", crate::http::openapi().to_pretty_json().unwrap_or_default());
            return ExitCode::SUCCESS;
        }
    };
    let config = match Config::load(path) {
        Ok(config) => config,
        Err(errors) => {
            eprint!("outpost-hq: {errors}");
            return ExitCode::from(BAD_CONFIG);
        }
    };
    let done = match cli.command {
        Command::Serve(_) => serve(&config),
        Command::CheckConfig(_) => {
            println!("{}: good", path.display());
            Ok(())
        }
        Command::Store(verb) => verb.run(&config),
        Command::Openapi => Ok(()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("outpost-hq: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn serve(config: &Config) -> Result<()> {
    logs::start("outpost-hq", &config.log_level);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let (mut term, mut int) =
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let mut running = server::start(config).await?;
        tracing::info!(address = %running.http, sync = %running.sync, "open");
        notify("READY=1");
        let broken = tokio::select! {
            _ = term.recv() => false,
            _ = int.recv() => false,
            () = running.broken() => true,
        };
        notify("STOPPING=1");
        tracing::info!("closing");
        running.stop().await;
        if broken {
            anyhow::bail!("a part of headquarters ended; the log says which")
        } else {
            Ok(())
        }
    })
}

//! `outpost ledger verify` and `export`.

use anyhow::{Context, anyhow, bail};
use clap::{Subcommand, ValueEnum};
use edge_domain::StoreTime;
use edge_ledger::export::Format;
use std::io::{BufRead, BufWriter, Write};
use std::path::{Path, PathBuf};

#[derive(Subcommand)]
pub(crate) enum LedgerCommand {
    /// Walk the hash chain and every invariant; exit 1 and name the first broken entry otherwise
    Verify {
        /// The data folder, as in the configuration's data.dir
        #[arg(long)]
        data: PathBuf,
    },
    /// Print the public key that this store's receipts are signed for
    PublicKey {
        /// The data folder, as in the configuration's data.dir
        #[arg(long)]
        data: PathBuf,
    },
    /// Tell true receipts from forged ones: codes on stdin, one a line; exit 1 if one is forged
    Receipts {
        /// A public key, as `public-key` prints it; again for more stores
        #[arg(long, required = true)]
        key: Vec<String>,
    },
    /// Write the journal to stdout
    Export {
        /// The data folder, as in the configuration's data.dir
        #[arg(long)]
        data: PathBuf,
        /// The first day, as in 2026-01-31 (UTC)
        #[arg(long)]
        from: Option<String>,
        /// The day after the last one
        #[arg(long)]
        to: Option<String>,
        /// How
        #[arg(long, default_value = "jsonl")]
        format: ExportFormat,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum ExportFormat {
    /// One entry a line
    Jsonl,
    /// One posting a line
    Csv,
}

pub(crate) fn run(command: LedgerCommand) -> anyhow::Result<()> {
    match command {
        LedgerCommand::Verify { data } => verify(&data),
        LedgerCommand::PublicKey { data } => {
            println!("{}", crate::device_key::read(&data)?.public_key());
            Ok(())
        }
        LedgerCommand::Receipts { key } => receipts(&key),
        LedgerCommand::Export { data, from, to, format } => {
            let format = match format {
                ExportFormat::Jsonl => Format::JsonLines,
                ExportFormat::Csv => Format::Csv,
            };
            let (from, to) = (day(from.as_deref())?, day(to.as_deref())?);
            let mut out = BufWriter::new(std::io::stdout().lock());
            edge_ledger::audit(&data, |view| view.export(from, to, format, &mut out))?;
            Ok(out.flush()?)
        }
    }
}

fn verify(data: &Path) -> anyhow::Result<()> {
    if !data.join("ledger.sqlite").exists() {
        bail!("there is no ledger in {}", data.display());
    }
    eprintln!("Walking the journal in {}...", data.display());
    let report = edge_ledger::audit(data, |view| view.verify())
        .map_err(|finding| anyhow!("the ledger does not hold: {finding}"))?;
    println!(
        "The ledger holds: {} entries, {} sales, {} of a newer release; head {} {}.",
        report.entries, report.sales, report.unknown, report.head.seq, report.head.hash
    );
    Ok(())
}

fn receipts(keys: &[String]) -> anyhow::Result<()> {
    let mut forged = 0_u32;
    for code in std::io::stdin().lock().lines() {
        match edge_app::read_receipt_code(&code?, keys) {
            Ok(claim) => println!("{}", serde_json::to_string(&claim)?),
            Err(error) => {
                forged += 1;
                println!("{}", serde_json::json!({ "error": error.to_string() }));
            }
        }
    }
    if forged > 0 {
        bail!("{forged} of these codes are not true receipts");
    }
    Ok(())
}

fn day(text: Option<&str>) -> anyhow::Result<Option<StoreTime>> {
    let Some(text) = text else { return Ok(None) };
    let date: jiff::civil::Date =
        text.parse().with_context(|| format!("{text:?} is not a day, as in 2026-01-31"))?;
    let start = date.to_zoned(jiff::tz::TimeZone::UTC)?;
    Ok(Some(StoreTime::from_millis(start.timestamp().as_millisecond())))
}

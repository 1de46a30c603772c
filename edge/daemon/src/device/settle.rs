//! The end of a card terminal's day, through the running store: it holds the terminal, and its
//! ledger keeps what the terminal says.

use super::ask::Store;
use crate::config::Config;
use anyhow::{Context, bail};
use serde_json::Value;
use std::time::{Duration, Instant};

/// How long it may take: the terminal's own ten minutes, and a charge before.
const WAIT: Duration = Duration::from_secs(15 * 60);
const LOOK: Duration = Duration::from_millis(500);

pub(crate) fn run(config: &Config, id: &str) -> anyhow::Result<()> {
    let store = Store::of(config)?;
    let asked = store.post(&format!("devices/{id}/settle"))?;
    let asked =
        asked.context("the store does not run: start it, since it keeps what is printed")?;
    let wanted = asked["id"].as_str().unwrap_or_default();
    println!("The terminal is asked to end its day. That may take minutes.");
    let begun = Instant::now();
    while begun.elapsed() < WAIT {
        let list = store.get(&format!("devices/{id}/settlements"))?;
        let found = list["settlements"].as_array().into_iter().flatten();
        if let Some(row) = found.into_iter().find(|row| row["id"] == wanted)
            && ended(row)?
        {
            return Ok(());
        }
        std::thread::sleep(LOOK);
    }
    bail!("The terminal has not ended its day yet; the store goes on asking it.")
}

/// Whether it came to an end; prints what the terminal said.
fn ended(row: &Value) -> anyhow::Result<bool> {
    let reason = row["reason"].as_str();
    match row["state"].as_str() {
        Some("done") => {
            for slip in row["slips"].as_array().into_iter().flatten() {
                println!("\n{}", slip["text"].as_str().unwrap_or_default());
            }
            reason.into_iter().for_each(|reason| println!("\n{reason}"));
            Ok(true)
        }
        Some("failed") => bail!("{}", reason.unwrap_or("the terminal did not end its day")),
        _ => Ok(false),
    }
}

//! Twins from a shell: each line that is typed is what hands would do.

use super::SimClass;
use anyhow::{Context, bail};
use drivers_bumpbar::sim::SimBumpBar;
use drivers_contract::BumpKey;
use drivers_contract::twin::{
    BumpBarTwin, Card, DisplayTwin, PrinterTwin, ScaleTwin, ScannerTwin, TerminalTwin, Twin,
};
use drivers_contract::uri::{DisplayProtocol, KeyLayout, ScaleProtocol};
use drivers_display::sim::SimDisplay;
use drivers_printer::sim::{SimConfig, SimPrinter};
use drivers_scale::sim::SimScale;
use drivers_scanner::sim::{SimHidScanner, SimScanner, SimWedge};
use drivers_terminal::sim::SimTerminal;
use drivers_terminal::zvt::sim::SimZvt;
use std::io::BufRead;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// The most grams that the simulated scale can weigh.
const CAPACITY: i32 = 15_000;

pub(crate) fn run(
    class: SimClass,
    link: Option<PathBuf>,
    listen: SocketAddr,
) -> anyhow::Result<()> {
    let link = || link.clone().context("say --link PATH: where the device appears");
    match class {
        SimClass::Scanner => scan(&SimScanner::pty(link()?, 9_600)?),
        SimClass::ScannerTcp => scan(&SimScanner::tcp(listen)?),
        SimClass::Wedge => scan(&SimWedge::pty(link()?, KeyLayout::Us)?),
        SimClass::Hid => scan(&SimHidScanner::pty(link()?)?),
        SimClass::Scale => weigh(&SimScale::pty(link()?, ScaleProtocol::Toledo8217, CAPACITY)?),
        SimClass::ScaleDialog06 => {
            weigh(&SimScale::pty(link()?, ScaleProtocol::Dialog06, CAPACITY)?)
        }
        SimClass::Display => show(&SimDisplay::pty(link()?, DisplayProtocol::Cd5220)?),
        SimClass::Bumpbar => bump(&SimBumpBar::pty(link()?)?),
        SimClass::Printer => print(&SimPrinter::tcp(listen, SimConfig::default())?),
        SimClass::Zvt => pay(&SimZvt::listen(listen)?),
        SimClass::Terminal => pay(&SimTerminal::listen(listen)?),
    }
}

/// Hands each line on; when there are no more, the device stays until somebody stops it.
fn hands(mut hand: impl FnMut(&str) -> anyhow::Result<()>) -> anyhow::Result<()> {
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if let Err(error) = hand(line.trim()) {
            eprintln!("{error:#}");
        }
    }
    loop {
        std::thread::park();
    }
}

fn common(twin: &dyn Twin, line: &str) -> anyhow::Result<bool> {
    match line {
        "unplug" => twin.unplug(),
        "plug" => twin.plug()?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn scan(twin: &dyn ScannerTwin) -> anyhow::Result<()> {
    println!("{}\nEach line is scanned; \"unplug\" and \"plug\" are the cable.", twin.uri());
    hands(|line| {
        if !common(twin, line)? {
            twin.send(&[line.as_bytes(), b"\r"].concat())?;
        }
        Ok(())
    })
}

fn weigh(twin: &SimScale) -> anyhow::Result<()> {
    println!(
        "{}\nGrams, or \"moving\", \"still\", \"mute\", \"unmute\", \"unplug\", \"plug\".",
        twin.uri()
    );
    hands(|line| {
        match line {
            "moving" | "still" => twin.set_moving(line == "moving"),
            "mute" | "unmute" => twin.set_mute(line == "mute"),
            line if common(twin, line)? => {}
            grams => twin.put(grams.parse().context("grams are a whole number")?),
        }
        Ok(())
    })
}

fn show(twin: &SimDisplay) -> anyhow::Result<()> {
    println!("{}", twin.uri());
    let mut last = twin.lines();
    loop {
        let lines = twin.lines();
        if lines != last {
            println!("|{:<20}|\n|{:<20}|\n", lines[0], lines[1]);
            last = lines;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn bump(twin: &SimBumpBar) -> anyhow::Result<()> {
    println!("{}\nA place from 1 to 10, or \"recall\", \"unplug\", \"plug\".", twin.uri());
    hands(|line| {
        match line {
            "recall" => twin.press(BumpKey::Recall)?,
            line if common(twin, line)? => {}
            place => twin.press(BumpKey::Bump(place.parse().context("a place is a number")?))?,
        }
        Ok(())
    })
}

fn print(twin: &SimPrinter) -> anyhow::Result<()> {
    println!("{}", twin.uri());
    let mut seen = 0;
    loop {
        let receipts = twin.receipts();
        for receipt in &receipts[seen.min(receipts.len())..] {
            println!("{receipt}\n--- cut ---");
        }
        seen = receipts.len();
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn pay(twin: &dyn TerminalTwin) -> anyhow::Result<()> {
    println!(
        "{}\nWhat the next card does: approve, decline, silent, hangup, late MS, dawdle, timeout; or \
         \"charged\".",
        twin.uri()
    );
    hands(|line| {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let card = match word {
            "charged" => {
                println!("{} in {} payments", twin.charged(), twin.charges());
                return Ok(());
            }
            "approve" => Card::Approve,
            "decline" => Card::Decline,
            "silent" => Card::ApproveSilently,
            "hangup" => Card::HangUp,
            "dawdle" => Card::Dawdle,
            "timeout" => Card::TimeOut,
            "late" => Card::ApproveLate(Duration::from_millis(rest.parse().context("late MS")?)),
            other => bail!("\"{other}\" is nothing that a card does"),
        };
        twin.plan(&[card]);
        Ok(())
    })
}

//! What hands can do to each twin, and what there is to see of it.

use super::gate::Gate;
use anyhow::{Context, bail};
use drivers_bumpbar::sim::SimBumpBar;
use drivers_contract::twin::{
    BumpBarTwin, Card, DisplayTwin, PrinterTwin, ScaleTwin, ScannerTwin, TerminalTwin, Twin,
};
use drivers_contract::{BumpKey, PaperState};
use drivers_display::sim::SimDisplay;
use drivers_gpio::sim::SimLine;
use drivers_printer::sim::SimPrinter;
use drivers_printer::zpl::sim::SimZpl;
use drivers_scale::sim::SimScale;
use std::time::Duration;

/// A twin in somebody's hands.
pub(crate) trait Play: Send {
    /// Which lines it understands, for people.
    fn words(&self) -> &'static str;

    /// Does what a line says; gives what there is to say about that.
    ///
    /// # Errors
    /// If the line is none of its words, or the twin cannot.
    fn hand(&mut self, line: &str) -> anyhow::Result<Option<String>>;

    /// What became visible since the last look.
    fn news(&mut self) -> Vec<String> {
        Vec::new()
    }
}

/// What a hand does that has nothing to say.
const DONE: Option<String> = None;

/// The cable: whether it was the word.
pub(super) fn cable(twin: &dyn Twin, line: &str) -> anyhow::Result<bool> {
    match line {
        "unplug" => twin.unplug(),
        "plug" => twin.plug()?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// A word that switches: which of its two positions is wanted.
fn switch(line: &str, on: &str, off: &str) -> Option<bool> {
    if line == on { Some(true) } else { (line == off).then_some(false) }
}

pub(super) struct Scanning<T>(pub(super) T);

impl<T: ScannerTwin> Play for Scanning<T> {
    fn words(&self) -> &'static str {
        "Each line is scanned; \"unplug\" and \"plug\" are the cable."
    }

    fn hand(&mut self, line: &str) -> anyhow::Result<Option<String>> {
        if !cable(&self.0, line)? {
            self.0.send(&[line.as_bytes(), b"\r"].concat())?;
        }
        Ok(DONE)
    }
}

impl Play for SimScale {
    fn words(&self) -> &'static str {
        "Grams, or \"moving\", \"still\", \"mute\", \"unmute\", \"unplug\", \"plug\"."
    }

    fn hand(&mut self, line: &str) -> anyhow::Result<Option<String>> {
        if let Some(moving) = switch(line, "moving", "still") {
            self.set_moving(moving);
        } else if let Some(mute) = switch(line, "mute", "unmute") {
            self.set_mute(mute);
        } else if !cable(self, line)? {
            self.put(line.parse().context("grams are a whole number")?);
        }
        Ok(DONE)
    }
}

/// A display, and what it showed last.
pub(super) struct Showing {
    pub(super) twin: SimDisplay,
    pub(super) last: [String; 2],
}

impl Play for Showing {
    fn words(&self) -> &'static str {
        "What it shows appears here; \"look\", \"unplug\", \"plug\"."
    }

    fn hand(&mut self, line: &str) -> anyhow::Result<Option<String>> {
        match line {
            "look" => Ok(Some(glass(&self.twin.lines()))),
            line if cable(&self.twin, line)? => Ok(DONE),
            other => bail!("\"{other}\" is nothing to do with a display"),
        }
    }

    fn news(&mut self) -> Vec<String> {
        let lines = self.twin.lines();
        if lines == self.last {
            return Vec::new();
        }
        self.last = lines;
        vec![glass(&self.last)]
    }
}

fn glass(lines: &[String; 2]) -> String {
    format!("|{:<20}|\n|{:<20}|", lines[0], lines[1])
}

impl Play for SimBumpBar {
    fn words(&self) -> &'static str {
        "A place from 1 to 10, or \"recall\", \"unplug\", \"plug\"."
    }

    fn hand(&mut self, line: &str) -> anyhow::Result<Option<String>> {
        if line == "recall" {
            self.press(BumpKey::Recall)?;
        } else if !cable(self, line)? {
            let place = line.parse().ok().filter(|place| (1..=10).contains(place));
            self.press(BumpKey::Bump(place.context("a place is a number from 1 to 10")?))?;
        }
        Ok(DONE)
    }
}

/// A printer, and how much of what it printed was told.
pub(super) struct Printing {
    pub(super) twin: SimPrinter,
    pub(super) seen: usize,
    pub(super) pulses: usize,
}

impl Play for Printing {
    fn words(&self) -> &'static str {
        "Receipts appear here; \"paper in|near|out\", \"cover open|closed\", \"drawer open|closed\", \
         \"stalled\", \"going\", \"look\", \"unplug\", \"plug\"."
    }

    fn hand(&mut self, line: &str) -> anyhow::Result<Option<String>> {
        match line {
            "paper in" => self.twin.set_paper(PaperState::Ok),
            "paper near" => self.twin.set_paper(PaperState::NearEnd),
            "paper out" => self.twin.set_paper(PaperState::Empty),
            "look" => return Ok(Some(self.twin.uncut())),
            line => {
                if let Some(open) = switch(line, "cover open", "cover closed") {
                    self.twin.set_cover_open(open);
                } else if let Some(open) = switch(line, "drawer open", "drawer closed") {
                    self.twin.set_drawer_open(open);
                } else if let Some(stalled) = switch(line, "stalled", "going") {
                    self.twin.set_stalled(stalled);
                } else if !cable(&self.twin, line)? {
                    bail!("\"{line}\" is nothing to do with a printer");
                }
            }
        }
        Ok(DONE)
    }

    fn news(&mut self) -> Vec<String> {
        let receipts = self.twin.receipts_after(self.seen);
        self.seen = receipts.last().map_or(self.seen, |receipt| receipt.number);
        let mut news: Vec<String> = Vec::new();
        news.extend(receipts.into_iter().map(|receipt| receipt.text + "\n--- cut ---"));
        let pulses = self.twin.drawer_pulses();
        news.extend(pulses[self.pulses..].iter().map(|drawer| format!("drawer {drawer} opens")));
        self.pulses = pulses.len();
        news
    }
}

/// A label printer, and how many of its labels were told.
pub(super) struct Labelling {
    pub(super) twin: SimZpl,
    pub(super) seen: usize,
}

impl Play for Labelling {
    fn words(&self) -> &'static str {
        "Labels appear here, a field a line; \"paper in|out\", \"head up|down\", \"stalled\", \
         \"going\", \"unplug\", \"plug\"."
    }

    fn hand(&mut self, line: &str) -> anyhow::Result<Option<String>> {
        if let Some(out) = switch(line, "paper out", "paper in") {
            self.twin.set_paper_out(out);
        } else if let Some(up) = switch(line, "head up", "head down") {
            self.twin.set_head_up(up);
        } else if let Some(stalled) = switch(line, "stalled", "going") {
            self.twin.set_stalled(stalled);
        } else if !cable(&self.twin, line)? {
            bail!("\"{line}\" is nothing to do with a label printer");
        }
        Ok(DONE)
    }

    fn news(&mut self) -> Vec<String> {
        let (seen, labels) = self.twin.labels_after(self.seen);
        self.seen = seen;
        let text = |label: drivers_printer::zpl::sim::Label| {
            let tag = label.epc.map(|epc| format!("tag {epc}"));
            let lines: Vec<String> = label.fields.into_iter().chain(tag).collect();
            lines.join("\n") + "\n--- label ---"
        };
        labels.into_iter().map(text).collect()
    }
}

/// A card terminal, and what it had charged when that was told.
pub(super) struct Paying<T: TerminalTwin> {
    pub(super) twin: T,
    pub(super) told: (i64, usize),
}

impl<T: TerminalTwin> Paying<T> {
    fn charged(&self) -> (i64, usize) {
        (self.twin.charged(), self.twin.charges())
    }
}

fn sum((amount, count): (i64, usize)) -> String {
    format!("{amount} in {count} payments")
}

impl<T: TerminalTwin> Play for Paying<T> {
    fn words(&self) -> &'static str {
        "What the next card does: approve, decline, silent, hangup, late MS, dawdle, timeout; or \
         \"charged\"."
    }

    fn hand(&mut self, line: &str) -> anyhow::Result<Option<String>> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let card = match word {
            "charged" => return Ok(Some(sum(self.charged()))),
            "approve" => Card::Approve,
            "decline" => Card::Decline,
            "silent" => Card::ApproveSilently,
            "hangup" => Card::HangUp,
            "dawdle" => Card::Dawdle,
            "timeout" => Card::TimeOut,
            "late" => Card::ApproveLate(Duration::from_millis(rest.parse().context("late MS")?)),
            other => bail!("\"{other}\" is nothing that a card does"),
        };
        self.twin.plan(&[card]);
        Ok(DONE)
    }

    fn news(&mut self) -> Vec<String> {
        let charged = self.charged();
        if charged == self.told {
            return Vec::new();
        }
        self.told = charged;
        vec![format!("charged: {}", sum(charged))]
    }
}

/// A lamp, and how it was when that was told.
pub(super) struct Shining {
    pub(super) twin: SimLine,
    pub(super) told: (u64, bool),
}

impl Shining {
    fn now(&self) -> (u64, bool) {
        (self.twin.count(), self.twin.is_on())
    }
}

fn lit(on: bool) -> String {
    (if on { "lamp on" } else { "lamp off" }).into()
}

impl Play for Shining {
    fn words(&self) -> &'static str {
        "\"lamp on\" and \"lamp off\" appear here; \"look\", \"unplug\", \"plug\"."
    }

    fn hand(&mut self, line: &str) -> anyhow::Result<Option<String>> {
        match line {
            "look" => return Ok(Some(lit(self.twin.is_on()))),
            "unplug" => self.twin.refuse(Some(drivers_contract::FaultCode::NoHardware)),
            "plug" => self.twin.refuse(None),
            other => bail!("\"{other}\" is nothing to do with a lamp"),
        }
        Ok(DONE)
    }

    /// A pulse between two looks is told as well.
    fn news(&mut self) -> Vec<String> {
        let (before, now) = (self.told, self.now());
        self.told = now;
        let mut news = Vec::new();
        if now.0 != before.0 && before.1 {
            news.push(lit(false));
        }
        if now.0 != before.0 {
            news.push(lit(true));
        }
        if !now.1 && (before.1 || now.0 != before.0) {
            news.push(lit(false));
        }
        news
    }
}

impl Play for Gate {
    fn words(&self) -> &'static str {
        "A hand and an EPC of 24 hexadecimal digits: \"exit EPC\", \"enter EPC\", \"pass EPC\", \
         \"shelf EPC\", \"away EPC\"; or \"silent\", \"awake\", \"unplug\", \"plug\". Its lamps \
         appear here."
    }

    fn hand(&mut self, line: &str) -> anyhow::Result<Option<String>> {
        self.does(line).map(|()| DONE)
    }

    fn news(&mut self) -> Vec<String> {
        self.lamps()
    }
}

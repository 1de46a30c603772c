//! Printers: one thread each. A job's first byte leaves only after the ledger knows that it is
//! being sent; a job whose fate is unknown is `indeterminate` and waits for a person.

use crate::board::Board;
use crate::scanning::{BACKOFF, jittered, next};
use crate::{DeviceConfig, House};
use drivers_contract::print::Document;
use drivers_contract::{DeviceUri, Event, Fault, JobOutcome, JobProgress, Printer, Stop, UriError};
use edge_domain::ids::JobId;
use edge_ledger::print::{JobKind, JobRow, JobState};
use edge_ledger::{Ledger, LedgerError, Progress, View};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// What goes on paper for one job.
#[derive(Clone, Debug)]
pub struct Page {
    /// The paper.
    pub document: Document,
    /// Whether the drawer opens with it.
    pub opens_drawer: bool,
}

/// Finds out what goes on paper; None where it is gone.
pub type Render = dyn Fn(View<'_>, &JobRow) -> Result<Option<Page>, LedgerError> + Send + Sync;

/// How long a job waits for a printer that cannot print, before a person is asked: paper that
/// comes an hour later helps nobody, and a night's backlog harms (seen at others).
const PATIENCE_MS: i64 = 120_000;
/// How often an idle printer is asked how it is.
const POLL: Duration = Duration::from_millis(1_000);

struct Press<'a> {
    config: &'a DeviceConfig,
    index: usize,
    board: &'a Board,
    house: &'a House,
    stop: &'a Stop,
}

pub(crate) fn run(
    config: &DeviceConfig,
    index: usize,
    open: fn(&DeviceUri) -> Result<Box<dyn Printer>, UriError>,
    board: &Board,
    house: &House,
    stop: &Stop,
) {
    let mut printer = match open(&config.uri) {
        Ok(printer) => printer,
        Err(error) => {
            board.unusable(index, &error);
            return;
        }
    };
    let press = Press { config, index, board, house, stop };
    let mut backoff = BACKOFF.0;
    let mut progress = house.ledger.progress();
    while !stop.is_stopped() {
        let seen = board.asking.rings(index);
        let ignore = std::sync::mpsc::channel::<Event>().0;
        match printer.poll(&ignore) {
            Ok(()) => {
                board.online(index);
                backoff = BACKOFF.0;
                if press.print_next(printer.as_mut()) {
                    continue;
                }
                if press.idle(&mut progress, seen).is_break() {
                    return;
                }
            }
            Err(fault) => {
                press.give_up_old(&fault);
                board.fault(index, fault);
                // One that is plugged in again rings.
                board.asking.wait(index, seen, jittered(backoff), stop);
                backoff = next(backoff, Duration::ZERO);
            }
        }
    }
}

impl Press<'_> {
    /// Waits: woken by the ledger, by a plug, or after a while to ask how the printer is. `Break`
    /// where the ledger is closed.
    fn idle(&self, progress: &mut watch::Receiver<Progress>, seen: u64) -> ControlFlow<()> {
        let begun = Instant::now();
        while begun.elapsed() < POLL && self.board.asking.rings(self.index) == seen {
            let moved = async { tokio::time::timeout(Stop::LATENCY, progress.changed()).await };
            match self.house.runtime.block_on(moved) {
                Ok(Ok(())) => break,
                Ok(Err(_)) => return ControlFlow::Break(()),
                Err(_) if self.stop.is_stopped() => break,
                Err(_) => {}
            }
        }
        ControlFlow::Continue(())
    }

    fn takes(&self, job: &JobRow) -> bool {
        match (job.kind, &self.config.station) {
            (JobKind::Test | JobKind::Label, _) => job.target == self.config.id,
            _ if matches!(self.config.uri, DeviceUri::PrinterZpl { .. }) => false,
            (_, Some(station)) => job.target == *station,
            (kind, None) => kind != JobKind::Kitchen,
        }
    }

    fn ledger(&self) -> &Ledger {
        &self.house.ledger
    }

    fn age_ms(&self, job: &JobRow) -> i64 {
        self.ledger().settings().clock.now().as_millis() - job.at.as_millis()
    }

    /// Prints the oldest job that waits. Answers whether there may be another one.
    fn print_next(&self, printer: &mut dyn Printer) -> bool {
        let found = self.ledger().read(|view| -> Result<_, LedgerError> {
            let Some(job) = view.next_job(|job| self.takes(job))? else { return Ok(None) };
            let page = (self.house.render)(view, &job)?;
            Ok(Some((job, page)))
        });
        match found {
            Ok(Some((job, Some(page)))) => self.print(printer, &job, &page),
            Ok(Some((job, None))) => {
                let reason = "What should be printed does not exist any more.";
                self.settle(job.id, JobState::Failed, Some(reason))
            }
            Ok(None) => false,
            Err(error) => {
                tracing::error!(%error, "the print spool cannot be read");
                false
            }
        }
    }

    fn print(&self, printer: &mut dyn Printer, job: &JobRow, page: &Page) -> bool {
        if !self.advance(job.id, &[JobState::Queued], JobState::Probing) {
            return true; // another printer was faster
        }
        if page.opens_drawer
            && job.reason.is_none()
            && let Err(fault) = printer.open_drawer(1)
        {
            tracing::warn!(device = %self.config.id, %fault, "the drawer did not open");
        }
        let begun = Instant::now();
        // The first byte leaves only once the ledger knows: a power cut must find it noted.
        let halt = Stop::new();
        let mut progress = |step: JobProgress| match step {
            JobProgress::Sending { sent: 0, .. } => {
                if !self.advance(job.id, &[JobState::Probing], JobState::Sending) {
                    halt.stop();
                }
            }
            JobProgress::AwaitMarker => {
                let (id, to) = (job.id, JobState::AwaitMarker);
                drop(self.ledger().submit::<bool, LedgerError>(None, move |tx| {
                    tx.move_job(id, &[JobState::Sending], to, None, None)
                }));
            }
            JobProgress::Probing | JobProgress::Sending { .. } => {}
        };
        let outcome = printer.print(&page.document, &mut progress, &halt);
        let duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(device = %self.config.id, job = %job.id, ?outcome, duration_ms, "print job");
        self.outcome(job, outcome)
    }

    fn outcome(&self, job: &JobRow, outcome: JobOutcome) -> bool {
        match outcome {
            JobOutcome::Printed => self.settle(job.id, JobState::Printed, None),
            JobOutcome::Indeterminate(fault) => {
                let reason = format!("{} {}", fault.advice(), fault.detail);
                self.board.fault(self.index, fault);
                self.settle(job.id, JobState::Indeterminate, Some(&reason))
            }
            JobOutcome::Failed(fault) => {
                let reason = fault.advice();
                self.board.fault(self.index, fault);
                let patient = self.age_ms(job) < PATIENCE_MS && !self.stop.is_stopped();
                let state = if patient { JobState::Queued } else { JobState::Failed };
                self.settle(job.id, state, Some(&reason));
                // Not at once: a printer without paper is asked again after a while.
                let _ = self.stop.wait(jittered(BACKOFF.1));
                true
            }
        }
    }

    /// Jobs that waited too long for a printer that cannot print: a person is asked.
    fn give_up_old(&self, fault: &Fault) {
        let reason = fault.advice();
        let old = self.ledger().read(|view| -> Result<_, LedgerError> {
            view.next_job(|job| self.takes(job) && self.age_ms(job) >= PATIENCE_MS)
        });
        if let Ok(Some(job)) = old {
            let id = job.id;
            let moved = self.ledger().submit::<bool, LedgerError>(None, move |tx| {
                tx.move_job(id, &[JobState::Queued], JobState::Failed, None, Some(&reason))
            });
            let _ = moved.wait();
        }
    }

    fn advance(&self, id: JobId, from: &[JobState], to: JobState) -> bool {
        self.moved(id, from, to, None)
    }

    fn settle(&self, id: JobId, to: JobState, reason: Option<&str>) -> bool {
        let from = [JobState::Queued, JobState::Probing, JobState::Sending, JobState::AwaitMarker];
        self.moved(id, &from, to, reason)
    }

    fn moved(&self, id: JobId, from: &[JobState], to: JobState, reason: Option<&str>) -> bool {
        let (from, device) = (from.to_vec(), self.config.id.clone());
        let reason = reason.map(str::to_owned);
        let moved = self.ledger().submit::<bool, LedgerError>(None, move |tx| {
            tx.move_job(id, &from, to, Some(&device), reason.as_deref())
        });
        match moved.wait() {
            Ok(outcome) => outcome.answer,
            Err(error) => {
                tracing::error!(%error, job = %id, "the print spool cannot be written");
                false
            }
        }
    }
}

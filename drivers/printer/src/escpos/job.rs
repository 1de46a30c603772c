//! The life of a job on the line, without I/O: recover, announce, send, await the marker.
//!
//! The owner probes the printer first (see [`super::dialogue`]). From then on bytes, replies and
//! time go in; bytes to write, progress and one outcome come out.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use drivers_contract::{Fault, FaultCode, JobOutcome, JobProgress};
use drivers_port::pace::wire_time;

use super::encode::{CUT, Encoded, MARKER};
use super::status::{Reply, obstacle};

/// The deadlines of a printer. They are computed from bytes, speed and paper: a constant is either
/// too short for a long receipt at 9600 baud or too long for a cashier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// For an answer to a question.
    pub answer: Duration,
    /// For a line of paper; slow mechanics print 10 lines a second.
    pub line: Duration,
    /// On top of what bytes and paper take: warm-up, cutter, network.
    pub slack: Duration,
    /// For a person to load paper or to close the cover in mid-job.
    pub attention: Duration,
    /// For keeping a network printer's only session after a use.
    pub lease: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            answer: Duration::from_millis(1_500),
            line: Duration::from_millis(100),
            slack: Duration::from_secs(10),
            attention: Duration::from_secs(180),
            lease: Duration::from_secs(2),
        }
    }
}

/// What the job before may have left in the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// Nothing: its marker was answered.
    Clean,
    /// This process has not printed yet; whoever did may have died in mid-job.
    Unknown,
    /// A job ended as indeterminate.
    Torn {
        /// Part of it may be missing: flush what waits for its rest, cut off what was printed.
        incomplete: bool,
        /// Markers whose answers may still come.
        markers: usize,
    },
}

/// More than any command of ours can wait for, so that a command that lost its rest is filled up.
const FLUSH_BYTES: usize = 8_192;
/// The printer's own time between a late marker and the barrier's.
const BARRIER_GAP: Duration = Duration::from_millis(250);
/// How many answers may be in doubt; more than jobs that ended badly in a row leave behind.
const UNSURE_MAX: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Recovering,
    Announced,
    Sending,
    AwaitingMarker,
    Done,
}

/// One job.
#[derive(Debug)]
pub struct Job {
    state: State,
    recovery: Recovery,
    preamble: Vec<u8>,
    preamble_sent: usize,
    markers_seen: usize,
    marker_at: Option<Instant>,
    /// Answers to earlier markers that may still come: the barrier was passed by a silence, and
    /// the system's buffers (100 kB were seen behind usblp) may have hidden the printer behind it.
    unsure: usize,
    bytes: Vec<u8>,
    sent: usize,
    budget: Duration,
    deadline: Instant,
    obstacle: Option<Fault>,
    lost: bool,
    progress: VecDeque<JobProgress>,
    outcome: Option<JobOutcome>,
    timing: Timing,
    baud: Option<u32>,
}

impl Job {
    /// A job for a printer that has just said that it is ready.
    #[must_use]
    pub fn new(
        encoded: Encoded,
        recovery: Recovery,
        timing: Timing,
        baud: Option<u32>,
        now: Instant,
    ) -> Self {
        let Encoded { bytes, lines } = encoded;
        let wire = baud.map_or(Duration::ZERO, |baud| wire_time(bytes.len(), baud));
        let budget = wire + timing.line.saturating_mul(lines) + timing.slack;
        let mut job = Self {
            state: State::Announced,
            recovery,
            preamble: Vec::new(),
            preamble_sent: 0,
            markers_seen: 0,
            marker_at: None,
            unsure: 0,
            bytes,
            sent: 0,
            budget,
            deadline: now + budget,
            obstacle: None,
            lost: false,
            progress: VecDeque::new(),
            outcome: None,
            timing,
            baud,
        };
        job.recover(recovery, now);
        job
    }

    /// The next report of progress.
    pub fn next_progress(&mut self) -> Option<JobProgress> {
        self.progress.pop_front()
    }

    /// Lets the bytes go, once the owner has seen that they are about to.
    pub fn release(&mut self, now: Instant) {
        if self.state == State::Announced && self.progress.is_empty() {
            self.state = State::Sending;
            self.deadline = now + self.budget;
        }
    }

    /// Bytes to write now.
    #[must_use]
    pub fn pending(&self) -> &[u8] {
        match self.state {
            State::Recovering => &self.preamble[self.preamble_sent..],
            State::Sending => &self.bytes[self.sent..],
            _ => &[],
        }
    }

    /// The line took so many of the pending bytes.
    pub fn on_written(&mut self, count: usize, _now: Instant) {
        match self.state {
            State::Recovering => self.preamble_sent += count,
            State::Sending if count > 0 => {
                self.sent += count;
                let total = self.bytes.len();
                self.progress.push_back(JobProgress::Sending { sent: self.sent, total });
                if self.sent == total {
                    self.progress.push_back(JobProgress::AwaitMarker);
                    self.state = State::AwaitingMarker;
                }
            }
            _ => {}
        }
    }

    /// The printer said something.
    pub fn on_reply(&mut self, reply: Reply, now: Instant) {
        match reply {
            Reply::Marker(_) => self.on_marker(now),
            Reply::Automatic(status) => {
                let obstacle = obstacle(&status);
                if obstacle.is_some() && self.obstacle.is_none() {
                    self.deadline = now + self.timing.attention;
                } else if obstacle.is_none() && self.obstacle.is_some() {
                    self.deadline = now + self.budget;
                }
                self.obstacle = obstacle;
            }
            Reply::Status(_) => {}
        }
    }

    /// Looks at the clock.
    pub fn on_tick(&mut self, now: Instant) {
        if self.state == State::Recovering && self.is_barrier_passed(now) {
            self.pass_barrier();
        } else if self.state == State::Recovering
            && self.recovery == Recovery::Unknown
            && now >= self.deadline
        {
            // Something waits for the rest of a command, and swallowed the barrier.
            self.recover(Recovery::Torn { incomplete: true, markers: 1 }, now);
        } else if now >= self.deadline {
            let fault = self.obstacle.clone().unwrap_or_else(|| {
                Fault::new(FaultCode::Timeout, "the printer does not come to the end of the job")
            });
            self.end(fault);
        }
    }

    /// The line is gone.
    pub fn on_lost(&mut self, fault: Fault) {
        self.lost = true;
        self.end(fault);
    }

    /// The owner wants its thread back.
    pub fn on_stop(&mut self) {
        self.end(Fault::new(FaultCode::Failure, "printing was stopped"));
    }

    /// The outcome, once there is one.
    #[must_use]
    pub fn outcome(&self) -> Option<&JobOutcome> {
        self.outcome.as_ref()
    }

    /// What the next job must know.
    #[must_use]
    pub fn aftermath(&self) -> Recovery {
        match (&self.outcome, self.recovery) {
            // What is still to come of doubtful answers stood next to the last one that was
            // waited for, and is heard before the next job's first question is answered.
            (Some(JobOutcome::Printed), _) => Recovery::Clean,
            (Some(JobOutcome::Indeterminate(_)), _) => Recovery::Torn {
                // Bytes that only the system took died with the line.
                incomplete: self.lost || self.sent < self.bytes.len(),
                markers: self.outstanding(),
            },
            (_, Recovery::Clean) => Recovery::Clean,
            (_, Recovery::Unknown) => Recovery::Unknown,
            (_, Recovery::Torn { incomplete, markers }) => Recovery::Torn {
                incomplete: incomplete || self.lost,
                markers: (markers + 1).saturating_sub(self.markers_seen),
            },
        }
    }

    fn recover(&mut self, recovery: Recovery, now: Instant) {
        self.recovery = recovery;
        self.preamble.clear();
        self.preamble_sent = 0;
        let patience = match recovery {
            Recovery::Clean => return self.announce(),
            Recovery::Unknown => self.timing.answer,
            Recovery::Torn { incomplete, .. } => {
                self.preamble.resize(FLUSH_BYTES, 0);
                self.preamble.extend_from_slice(b"\x1b@");
                if incomplete {
                    self.preamble.extend_from_slice(CUT);
                }
                self.timing.slack
            }
        };
        self.preamble.extend_from_slice(MARKER);
        self.deadline = now + patience + self.wire(self.preamble.len());
        self.state = State::Recovering;
    }

    fn wire(&self, bytes: usize) -> Duration {
        self.baud.map_or(Duration::ZERO, |baud| wire_time(bytes, baud))
    }

    /// Whether the barrier's marker was answered, and not only that of an earlier job: all that
    /// are owed came, or one came and then nothing for as long as the barrier needs behind it.
    fn is_barrier_passed(&self, now: Instant) -> bool {
        let Some(last) = self.marker_at.filter(|_| self.preamble_sent == self.preamble.len())
        else {
            return false;
        };
        let owed = match self.recovery {
            Recovery::Torn { markers, .. } => markers + 1,
            _ => usize::MAX,
        };
        let gap = BARRIER_GAP + self.wire(self.preamble.len());
        self.markers_seen >= owed || now.saturating_duration_since(last) >= gap
    }

    /// Answers carry no name. As many as may belong to earlier markers are asked for again at the
    /// job's end: one more than those can then only come from behind its last line.
    fn pass_barrier(&mut self) {
        let owed = match self.recovery {
            Recovery::Clean => 0,
            Recovery::Unknown => 2, // a dead process's job, and the barrier
            Recovery::Torn { markers, .. } => markers + 1,
        };
        self.unsure = owed.saturating_sub(self.markers_seen).min(UNSURE_MAX);
        for _ in 0..self.unsure {
            self.bytes.extend_from_slice(MARKER);
        }
        self.markers_seen = 0;
        self.recovery = Recovery::Clean;
        self.announce();
    }

    /// Markers, the job's own among them, whose answers may still come.
    fn outstanding(&self) -> usize {
        let unsent = (self.bytes.len() - self.sent).div_ceil(MARKER.len());
        let sent = (self.unsure + 1).saturating_sub(unsent);
        (self.unsure + sent).saturating_sub(self.markers_seen)
    }

    fn on_marker(&mut self, now: Instant) {
        match self.state {
            State::Recovering => {
                self.markers_seen += 1;
                self.marker_at = Some(now);
            }
            State::AwaitingMarker if self.markers_seen < self.unsure => self.markers_seen += 1,
            State::AwaitingMarker => {
                self.state = State::Done;
                self.outcome = Some(JobOutcome::Printed);
            }
            _ => {}
        }
    }

    fn announce(&mut self) {
        self.state = State::Announced;
        self.obstacle = None;
        self.progress.push_back(JobProgress::Sending { sent: 0, total: self.bytes.len() });
    }

    fn end(&mut self, fault: Fault) {
        if self.outcome.is_none() {
            self.state = State::Done;
            self.outcome = Some(match self.sent {
                0 => JobOutcome::Failed(fault),
                _ => JobOutcome::Indeterminate(fault),
            });
        }
    }
}

#[cfg(test)]
mod tests;

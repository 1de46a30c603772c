//! The one writer: a thread that drains a bounded queue into one transaction per fsync.
//!
//! A command runs in a savepoint of its own, so that a refused one undoes only itself. Answers
//! leave only after the commit. Measured: 64 clients share one fsync and make 5,400 to 8,000
//! sales a second, where a connection each makes 86 to 918 and time-outs.

use crate::checkpoint::Log;
use crate::core::{Core, Settings, Tx, View, reader};
use crate::error::LedgerError;
use crate::gate::{self, OnPieces};
use cloud_sync_protocol::entry::ChainHead;
use rusqlite::Connection;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::{oneshot, watch};

mod once;

use once::once;

/// How many commands may wait: at 5,000 a second, a fifth of a second's worth.
const QUEUE_MAX: usize = 1_024;
/// How many commands share one commit: more only delays the first of them.
const GROUP_MAX: usize = 256;
/// After how much quiet the sums of reports are written.
const SUMS_WAIT: Duration = Duration::from_secs(1);
/// How many idle reading connections are kept.
const READERS_KEPT: usize = 8;

/// A command's identity: its idempotency key, and what was asked under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    key: String,
    fingerprint: [u8; 32],
}

/// What a command answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome<T> {
    /// The answer.
    pub answer: T,
    /// Whether the command had run before: this is the answer of then.
    pub replayed: bool,
}

/// What was committed so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The journal's head.
    pub head: ChainHead,
    /// The feed's last sequence.
    pub feed: u64,
}

/// An answer that is on its way.
pub struct Pending<T, E>(oneshot::Receiver<Result<Outcome<T>, E>>);

/// A handle on the ledger; cheap to clone. The writer stops when the last one is dropped.
#[derive(Clone)]
pub struct Ledger {
    shared: Arc<Shared>,
}

struct Shared {
    queue: Mutex<Option<SyncSender<Box<dyn Step>>>>,
    readers: Mutex<Vec<Connection>>,
    path: PathBuf,
    settings: Settings,
    epoch: u32,
    progress: watch::Receiver<Progress>,
    on_pieces: Arc<OnceLock<Box<OnPieces>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// One queued command.
trait Step: Send {
    /// Runs within the group's transaction.
    fn run(&mut self, core: &mut Core, first: bool);
    /// Answers, once the group's fate is known.
    fn finish(self: Box<Self>, committed: &Result<(), LedgerError>);
}

impl Command {
    /// The identity of a request: `what` is everything that the answer depends on.
    #[must_use]
    pub fn new(key: &str, what: &[&[u8]]) -> Self {
        let mut sha = Sha256::new();
        for part in what {
            sha.update((part.len() as u64).to_be_bytes());
            sha.update(part);
        }
        Self { key: key.to_owned(), fingerprint: sha.finalize().into() }
    }
}

impl<T, E: From<LedgerError>> Pending<T, E> {
    /// Waits for the answer.
    ///
    /// # Errors
    /// The command's own error, or the ledger's.
    pub async fn answer(self) -> Result<Outcome<T>, E> {
        self.0.await.unwrap_or_else(|_| Err(LedgerError::Stopping.into()))
    }

    /// Waits for the answer on a thread that may block.
    ///
    /// # Errors
    /// The command's own error, or the ledger's.
    pub fn wait(self) -> Result<Outcome<T>, E> {
        self.0.blocking_recv().unwrap_or_else(|_| Err(LedgerError::Stopping.into()))
    }
}

impl Ledger {
    /// Opens the ledger in a folder and starts its writer.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn open(folder: &Path, settings: Settings) -> Result<Self, LedgerError> {
        let mut core = Core::open(folder, settings.clone())?;
        let path = core.path().map(Path::to_path_buf).unwrap_or_default();
        let epoch = core.epoch();
        let progress = Progress { head: core.head(), feed: core.feed() };
        let (tell, progress) = watch::channel(progress);
        core.never_checkpoint()?;
        core.let_sums_wait();
        let log = Log::keep(&path, progress.clone())?;
        let (queue, jobs) = sync_channel(QUEUE_MAX);
        let on_pieces: Arc<OnceLock<Box<OnPieces>>> = Arc::default();
        let heard = on_pieces.clone();
        let writer = std::thread::Builder::new()
            .name("ledger-writer".into())
            .spawn(move || write(core, &jobs, (&tell, &heard), &log))
            .map_err(|error| LedgerError::Storage(error.to_string()))?;
        let shared = Shared {
            queue: Mutex::new(Some(queue)),
            readers: Mutex::new(Vec::new()),
            path,
            settings,
            epoch,
            progress,
            on_pieces,
            writer: Mutex::new(Some(writer)),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Queues a command. With a [`Command`], it has one effect for ever: asked again, it gives
    /// the same answer; asked differently, [`LedgerError::KeyReused`].
    pub fn submit<T, E>(
        &self,
        identity: Option<Command>,
        command: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Pending<T, E>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Job { identity, command: Some(command), outcome: None, reply };
        let queue = self.shared.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = match queue.as_ref() {
            Some(queue) => queue.try_send(Box::new(job)),
            None => Err(TrySendError::Disconnected(Box::new(job) as Box<dyn Step>)),
        };
        match sent {
            Ok(()) => {}
            Err(TrySendError::Full(job)) => job.finish(&Err(LedgerError::Busy)),
            Err(TrySendError::Disconnected(job)) => job.finish(&Err(LedgerError::Stopping)),
        }
        Pending(answer)
    }

    /// Reads with a connection of its own. Blocks: call it where blocking is allowed.
    ///
    /// # Errors
    /// What the reading says, or [`LedgerError`] where no connection opens.
    pub fn read<T, E: From<LedgerError>>(
        &self,
        reading: impl FnOnce(View<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let kept = self.readers().pop();
        let conn = match kept {
            Some(conn) => conn,
            None => reader(&self.shared.path).map_err(E::from)?,
        };
        // One snapshot for the whole reading, so that what it says belongs together.
        let begin = conn.execute_batch("BEGIN").map_err(LedgerError::from);
        begin.map_err(E::from)?;
        let read = reading(View { conn: &conn, currency: self.shared.settings.currency });
        if conn.execute_batch("COMMIT").is_ok() {
            let mut readers = self.readers();
            if readers.len() < READERS_KEPT {
                readers.push(conn);
            }
        }
        read
    }

    /// Lets somebody hear of every piece that is sold or comes back, from now on; see [`OnPieces`].
    /// One listener only: a second one is not taken.
    pub fn listen_pieces(&self, on_pieces: Box<OnPieces>) {
        let _ = self.shared.on_pieces.set(on_pieces);
    }

    /// What was committed so far; changes wake whoever waits.
    #[must_use]
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.shared.progress.clone()
    }

    /// What the ledger was opened with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    /// Which life of the box this is.
    #[must_use]
    pub fn epoch(&self) -> u32 {
        self.shared.epoch
    }

    /// Takes no more commands, finishes those that wait, and closes the file.
    pub fn close(&self) {
        self.shared.queue.lock().unwrap_or_else(PoisonError::into_inner).take();
        let writer = self.shared.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            let _ = writer.join();
        }
    }

    fn readers(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.shared.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Job<T, E, F> {
    identity: Option<Command>,
    command: Option<F>,
    outcome: Option<Result<Outcome<T>, E>>,
    reply: oneshot::Sender<Result<Outcome<T>, E>>,
}

impl<T, E, F> Step for Job<T, E, F>
where
    T: Serialize + DeserializeOwned + Send,
    E: From<LedgerError> + Send,
    F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send,
{
    fn run(&mut self, core: &mut Core, first: bool) {
        let Some(command) = self.command.take() else { return };
        let identity = self.identity.take();
        let once = |tx: &mut Tx<'_>| once(tx, identity.as_ref(), command);
        self.outcome = Some(if first { core.first(once) } else { core.step(once) });
    }

    fn finish(self: Box<Self>, committed: &Result<(), LedgerError>) {
        let answer = match (self.outcome, committed) {
            // A refusal changed nothing: it stands whatever became of the group.
            (Some(Err(error)), _) => Err(error),
            (Some(outcome), Ok(())) => outcome,
            (_, Err(error)) => Err(error.clone().into()),
            (None, Ok(())) => Err(LedgerError::Stopping.into()),
        };
        // Nobody listening any more is no error: the key tells the answer later.
        let _ = self.reply.send(answer);
    }
}

/// The writer's life: one group after the other until every handle is gone.
fn write(
    mut core: Core,
    jobs: &Receiver<Box<dyn Step>>,
    (tell, on_pieces): (&watch::Sender<Progress>, &OnceLock<Box<OnPieces>>),
    log: &Log,
) {
    while let Some(first) = next(&mut core, jobs) {
        let mut group = Vec::with_capacity(8);
        let committed = match core.begin() {
            Ok(()) => {
                run_group(&mut core, first, jobs, &mut group);
                let moved = core.take_moved();
                let hear = on_pieces.get().filter(|_| !moved.is_empty()).map(|hear| &**hear);
                gate::commit(&mut core, hear, moved)
            }
            Err(error) => {
                group.push(first);
                Err(error)
            }
        };
        if let Err(error) = &committed {
            recover(&mut core, error);
        }
        // Those who wait first, then those who watch: 20 screens that wake up take their time.
        for job in group {
            job.finish(&committed);
        }
        if committed.is_ok() {
            tell.send_replace(Progress { head: core.head(), feed: core.feed() });
        }
        if log.is_too_long() {
            core.restart_log();
        }
    }
}

/// The next command. Where none comes for a second, the sums that wait are written.
fn next(core: &mut Core, jobs: &Receiver<Box<dyn Step>>) -> Option<Box<dyn Step>> {
    while core.sums_are_waiting() {
        match jobs.recv_timeout(SUMS_WAIT) {
            Ok(job) => return Some(job),
            Err(RecvTimeoutError::Disconnected) => {
                let _ = core.sum_up(); // or at the next start
                return None;
            }
            Err(RecvTimeoutError::Timeout) => {
                if let Err(error) = core.sum_up() {
                    recover(core, &error);
                    break; // a disk that refuses is not asked for every second
                }
            }
        }
    }
    jobs.recv().ok()
}

fn run_group(
    core: &mut Core,
    first: Box<dyn Step>,
    jobs: &Receiver<Box<dyn Step>>,
    group: &mut Vec<Box<dyn Step>>,
) {
    let mut next = Some(first);
    while let Some(mut job) = next {
        job.run(core, group.is_empty());
        group.push(job);
        next = if group.len() < GROUP_MAX { jobs.try_recv().ok() } else { None };
    }
}

/// A failed commit is never retried on the same connection: what the disk holds is read again
/// from the file, and the chain's end is checked.
fn recover(core: &mut Core, error: &LedgerError) {
    tracing::error!(code = error.code(), %error, "commit failed; opening the ledger again");
    core.abandon();
    if let Err(error) = core.reopen() {
        tracing::error!(code = error.code(), %error, "the ledger does not open");
    }
}

#[cfg(test)]
mod tests;

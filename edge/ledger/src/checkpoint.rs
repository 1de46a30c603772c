//! Moves committed pages from the write-ahead log into the file, beside the writer: inside a
//! commit it made every fortieth sale wait for a second disk flush.

use crate::core::prepare;
use crate::error::LedgerError;
use crate::writer::Progress;
use rusqlite::Connection;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::watch;

/// How often it looks.
const PERIOD: Duration = Duration::from_millis(200);
/// SQLite's page.
const PAGE_BYTES: u64 = 4_096;
/// From this many pages on they are moved: SQLite's own default.
const PAGES_MIN: u64 = 1_000;
/// A log of this many pages (12 MiB) is too long: a busy writer kept it from beginning anew, and
/// has to wait once. Longer ones were slower, since every commit made the file grow (64 clients,
/// against the bare loop: 0.81 with 3,000 pages, 0.71 with 16,384, 0.64 within the commits).
const PAGES_MAX: u64 = 3_000;

/// So many entries write about as many pages: a sale of five lines writes twenty.
const ENTRIES_MIN: u64 = 50;
/// What writes no entries, as orders that are changed, is moved after so many looks.
const LOOKS_MAX: u32 = 25;

/// The log's keeper; stops with it.
pub(crate) struct Log {
    too_long: Arc<AtomicBool>,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Log {
    /// Starts to look after the log of a ledger.
    pub(crate) fn keep(
        path: &Path,
        progress: watch::Receiver<Progress>,
    ) -> Result<Self, LedgerError> {
        let conn = Connection::open(path)?;
        prepare(&conn)?;
        let too_long = Arc::new(AtomicBool::new(false));
        let (stop, stopped) = channel();
        let told = too_long.clone();
        let thread = std::thread::Builder::new()
            .name("ledger-log".into())
            .spawn(move || keep(&conn, progress, &stopped, &told))
            .map_err(|error| LedgerError::Storage(error.to_string()))?;
        Ok(Self { too_long, stop: Some(stop), thread: Some(thread) })
    }

    /// Whether the writer has to begin the log anew; asks once.
    pub(crate) fn is_too_long(&self) -> bool {
        self.too_long.load(Ordering::Relaxed) && self.too_long.swap(false, Ordering::Relaxed)
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Looks while the writer lives; an idle shop's log is left alone.
fn keep(
    conn: &Connection,
    mut progress: watch::Receiver<Progress>,
    stopped: &Receiver<()>,
    too_long: &AtomicBool,
) {
    let wal = conn.path().map(|path| format!("{path}-wal")).unwrap_or_default();
    let (mut moved, mut looks) = (progress.borrow().head.seq, 0);
    while stopped.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
        looks += 1;
        let pages = std::fs::metadata(&wal).map_or(0, |file| file.len() / PAGE_BYTES);
        let head = progress.borrow().head.seq;
        let enough = head >= moved + ENTRIES_MIN || looks >= LOOKS_MAX;
        if pages < PAGES_MIN || !enough || !progress.has_changed().unwrap_or(false) {
            continue;
        }
        progress.mark_unchanged();
        (moved, looks) = (head, 0);
        let pages = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1));
        match pages {
            Ok(pages) if i64::cast_unsigned(pages) > PAGES_MAX => {
                too_long.store(true, Ordering::Relaxed);
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the log could not be moved into the file"),
        }
    }
}

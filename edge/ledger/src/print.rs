//! The print spool: Queued → Probing → Sending → AwaitMarker → Printed, Failed or Indeterminate
//! (DESIGN.md, section 6). An indeterminate job is never printed again by itself.

use crate::core::{Tx, View};
use crate::error::{LedgerError, unreadable};
use crate::feed::{Topic, Type};
use edge_domain::StoreTime;
use edge_domain::ids::JobId;
use rusqlite::{Row, params};
use uuid::Uuid;

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// A sale's receipt.
    Receipt,
    /// A kitchen ticket.
    Kitchen,
    /// A printer test.
    Test,
    /// A shift's report.
    Shift,
    /// A slip that says that the drawer was opened, and the pulse that opens it.
    Drawer,
    /// A label.
    Label,
    /// The customer's slips of a card charge.
    CustomerSlip,
    /// The merchant's slips of a card charge.
    MerchantSlip,
    /// What a card terminal says at the end of its day.
    Settlement,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobState {
    /// Nobody touched it.
    Queued,
    /// The printer is asked whether it can.
    Probing,
    /// Bytes are leaving.
    Sending,
    /// All bytes left; the end marker has not come back.
    AwaitMarker,
    /// The printer said that it printed to the end.
    Printed,
    /// Nothing is on paper.
    Failed,
    /// Nobody knows what is on paper: a person has to look.
    Indeterminate,
    /// A person decided that it is not needed.
    Dismissed,
}

impl JobKind {
    const NAMES: [(Self, &'static str); 9] = [
        (Self::Receipt, "receipt"),
        (Self::Kitchen, "kitchen"),
        (Self::Test, "test"),
        (Self::Shift, "shift"),
        (Self::Drawer, "drawer"),
        (Self::Label, "label"),
        (Self::CustomerSlip, "customer_slip"),
        (Self::MerchantSlip, "merchant_slip"),
        (Self::Settlement, "settlement"),
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(kind, _)| *kind == self).map_or("test", |(_, name)| name)
    }
}

impl JobState {
    const NAMES: [(Self, &'static str); 8] = [
        (Self::Queued, "queued"),
        (Self::Probing, "probing"),
        (Self::Sending, "sending"),
        (Self::AwaitMarker, "await_marker"),
        (Self::Printed, "printed"),
        (Self::Failed, "failed"),
        (Self::Indeterminate, "indeterminate"),
        (Self::Dismissed, "dismissed"),
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(state, _)| *state == self).map_or("queued", |(_, name)| name)
    }

    /// The state of a wire name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(state, _)| *state)
    }
}

/// A job as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    /// Its id.
    pub id: JobId,
    /// What is printed.
    pub kind: JobKind,
    /// The printer, once one took it.
    pub device: Option<String>,
    /// The terminal or station that it belongs to.
    pub target: String,
    /// The sale, ticket, shift, card charge or settlement.
    pub subject: Option<Uuid>,
    /// Whether the paper says that it is a repetition.
    pub repeated: bool,
    /// Where it stands.
    pub state: JobState,
    /// Why, where it is not printed.
    pub reason: Option<String>,
    /// When it was asked for.
    pub at: StoreTime,
    /// What stands on it, where there is no subject to look up.
    pub body: Option<String>,
}

const COLUMNS: &str = "id, kind, device, target, subject, repeated, state, reason, at, body";

impl Tx<'_> {
    /// Asks for paper.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn enqueue(
        &mut self,
        kind: JobKind,
        target: &str,
        subject: Option<Uuid>,
        repeated: bool,
    ) -> Result<JobId, LedgerError> {
        let id = self.mint();
        let subject = subject.map(Uuid::into_bytes);
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO print_job (id, kind, target, subject, repeated, state, at)
             VALUES (?1, ?2, ?3, ?4, ?5, 'queued', ?6)",
        )?;
        statement.execute(params![
            id.as_bytes().as_slice(),
            kind.as_str(),
            target,
            subject.as_ref().map(<[u8; 16]>::as_slice),
            repeated,
            self.now().as_millis(),
        ])?;
        self.tell(Topic::Print, Type::PrintJobChanged, Some(id))?;
        Ok(JobId::new(id))
    }

    /// Asks for a label on a printer.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn enqueue_label(&mut self, device: &str, body: &str) -> Result<JobId, LedgerError> {
        let id = self.enqueue(JobKind::Label, device, None, false)?;
        let mut statement =
            self.conn.prepare_cached("UPDATE print_job SET body = ?2 WHERE id = ?1")?;
        statement.execute(params![id.uuid().as_bytes().as_slice(), body])?;
        Ok(id)
    }

    /// Moves a job on. Answers whether it was in one of the states `from`.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn move_job(
        &mut self,
        id: JobId,
        from: &[JobState],
        to: JobState,
        device: Option<&str>,
        reason: Option<&str>,
    ) -> Result<bool, LedgerError> {
        let Some(job) = self.view().job(id)? else { return Ok(false) };
        if !from.contains(&job.state) {
            return Ok(false);
        }
        let mut statement = self.conn.prepare_cached(
            "UPDATE print_job SET state = ?2, device = coalesce(?3, device), reason = ?4
             WHERE id = ?1",
        )?;
        let uuid = id.uuid();
        statement.execute(params![uuid.as_bytes().as_slice(), to.as_str(), device, reason])?;
        self.tell(Topic::Print, Type::PrintJobChanged, Some(uuid))?;
        Ok(true)
    }

    /// After a restart: jobs that were on their way are uncertain, those that had not begun
    /// wait again. Answers how many are uncertain.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn settle_jobs(&mut self, reason: &str) -> Result<usize, LedgerError> {
        self.conn.execute("UPDATE print_job SET state = 'queued' WHERE state = 'probing'", [])?;
        let uncertain = self.conn.execute(
            "UPDATE print_job SET state = 'indeterminate', reason = ?1
             WHERE state IN ('sending', 'await_marker')",
            [reason],
        )?;
        Ok(uncertain)
    }
}

impl View<'_> {
    /// One job.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn job(&self, id: JobId) -> Result<Option<JobRow>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM print_job WHERE id = ?1");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([id.uuid().as_bytes().as_slice()])?;
        rows.next()?.map(job_of).transpose()
    }

    /// The oldest job that waits for one of the targets, however many wait for others.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn next_job(&self, takes: impl Fn(&JobRow) -> bool) -> Result<Option<JobRow>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM print_job WHERE state = 'queued' ORDER BY at, id");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let job = job_of(row)?;
            if takes(&job) {
                return Ok(Some(job));
            }
        }
        Ok(None)
    }

    /// Jobs in a state or in all, newest first; those that were asked for before one.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn jobs(
        &self,
        state: Option<JobState>,
        before: Option<JobId>,
        limit: u32,
    ) -> Result<Vec<JobRow>, LedgerError> {
        // Each written so that the index by state and time serves it.
        let which = if state.is_some() { "state = ?1" } else { "?1 IS NULL" };
        let sql = format!(
            "SELECT {COLUMNS} FROM print_job WHERE {which} AND (?2 IS NULL OR (at, id) <
                 (SELECT at, id FROM print_job WHERE id = ?2))
             ORDER BY at DESC, id DESC LIMIT ?3"
        );
        let before = before.map(|id| id.uuid().into_bytes());
        let before = before.as_ref().map(<[u8; 16]>::as_slice);
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query(params![state.map(JobState::as_str), before, limit])?;
        let mut jobs = Vec::new();
        while let Some(row) = rows.next()? {
            jobs.push(job_of(row)?);
        }
        Ok(jobs)
    }
}

fn job_of(row: &Row<'_>) -> Result<JobRow, LedgerError> {
    let uuid = |bytes: Vec<u8>| Uuid::from_slice(&bytes).map_err(unreadable);
    let kind: String = row.get(1)?;
    let state: String = row.get(6)?;
    let known = JobKind::NAMES.iter().find(|(_, name)| *name == kind);
    Ok(JobRow {
        id: JobId::new(uuid(row.get(0)?)?),
        kind: known.map(|(kind, _)| *kind).ok_or_else(|| unreadable(&kind))?,
        device: row.get(2)?,
        target: row.get(3)?,
        subject: row.get::<_, Option<Vec<u8>>>(4)?.map(uuid).transpose()?,
        repeated: row.get(5)?,
        state: JobState::from_name(&state).ok_or_else(|| unreadable(&state))?,
        reason: row.get(7)?,
        at: StoreTime::from_millis(row.get(8)?),
        body: row.get(9)?,
    })
}

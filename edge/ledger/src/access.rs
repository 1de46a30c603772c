//! Who is signed in, what was approved for once, and who may not try for a while. Tokens are 256
//! random bits; only their SHA-256 is here, so that a copy of the file signs nobody in.

use crate::core::{Tx, View};
use crate::error::{LedgerError, unreadable};
use crate::staff::{id_of, key};
use edge_domain::StoreTime;
use edge_domain::ids::StaffId;
use edge_domain::item::TerminalId;
use edge_domain::staff::Permission;
use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};

/// How long a session that nobody uses is kept at most.
const SESSION_KEPT_MS: i64 = 30 * 86_400_000;
/// How fine the last use of a session is noted: not every scan writes.
const USED_MS: i64 = 60_000;

/// Somebody at a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Who.
    pub staff: StaffId,
    /// Where.
    pub terminal: TerminalId,
    /// When they last did something, to the minute.
    pub used_at: StoreTime,
}

/// What somebody allowed once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalRow {
    /// Who allowed it.
    pub approver: StaffId,
    /// Who asked.
    pub asked_by: Option<StaffId>,
    /// What.
    pub permission: Permission,
    /// Why.
    pub reason: String,
    /// Until when.
    pub expires_at: StoreTime,
}

/// Wrong PINs in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Lock {
    /// How many.
    pub failures: u32,
    /// Nobody may try before, in milliseconds since 1970.
    pub until_ms: i64,
}

impl Tx<'_> {
    fn token(&self) -> String {
        let mut random = [0; 32];
        self.settings.entropy.fill(&mut random);
        random.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Signs somebody in at a terminal. Answers the token.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn open_session(
        &mut self,
        staff: StaffId,
        terminal: &TerminalId,
    ) -> Result<String, LedgerError> {
        let (token, now) = (self.token(), self.now().as_millis());
        let mut old = self.conn.prepare_cached("DELETE FROM staff_session WHERE used_at < ?1")?;
        old.execute([now.saturating_sub(SESSION_KEPT_MS)])?;
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO staff_session (token, staff, terminal, opened_at, used_at)
             VALUES (?1, ?2, ?3, ?4, ?4)",
        )?;
        let (digest, staff) = (digest(&token), key(staff));
        statement.execute(params![digest, staff.as_slice(), terminal.as_str(), now])?;
        Ok(token)
    }

    /// Notes that a session is in use: to the minute, and at once where somebody else was at the
    /// terminal last.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn use_session(&mut self, token: &str) -> Result<(), LedgerError> {
        let now = self.now().as_millis();
        let mut statement = self.conn.prepare_cached(
            "UPDATE staff_session SET used_at = ?2 WHERE token = ?1 AND (abs(?2 - used_at) > ?3
             OR EXISTS (SELECT 1 FROM staff_session o WHERE o.terminal = staff_session.terminal
                AND o.token <> ?1 AND o.used_at >= staff_session.used_at))",
        )?;
        statement.execute(params![digest(token), now, USED_MS])?;
        Ok(())
    }

    /// Signs a token out.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn end_session(&mut self, token: &str) -> Result<bool, LedgerError> {
        let mut statement =
            self.conn.prepare_cached("DELETE FROM staff_session WHERE token = ?1")?;
        Ok(statement.execute([digest(token)])? > 0)
    }

    /// Signs somebody out everywhere, and takes back what they allowed.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn end_sessions_of(&mut self, staff: StaffId) -> Result<(), LedgerError> {
        for sql in [
            "DELETE FROM staff_session WHERE staff = ?1",
            "DELETE FROM staff_approval WHERE approver = ?1",
        ] {
            self.conn.prepare_cached(sql)?.execute([key(staff).as_slice()])?;
        }
        Ok(())
    }

    /// Notes what somebody allows once. Answers the token.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn put_approval(&mut self, row: &ApprovalRow) -> Result<String, LedgerError> {
        let token = self.token();
        let mut old =
            self.conn.prepare_cached("DELETE FROM staff_approval WHERE expires_at < ?1")?;
        old.execute([self.now().as_millis()])?;
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO staff_approval (token, approver, asked_by, permission, reason, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        let asked_by = row.asked_by.map(key);
        statement.execute(params![
            digest(&token),
            key(row.approver).as_slice(),
            asked_by.as_ref().map(<[u8; 16]>::as_slice),
            row.permission.as_str(),
            row.reason,
            row.expires_at.as_millis(),
        ])?;
        Ok(token)
    }

    /// Uses up what was allowed. It comes back if the command fails.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn spend_approval(&mut self, token: &str) -> Result<bool, LedgerError> {
        let mut statement =
            self.conn.prepare_cached("DELETE FROM staff_approval WHERE token = ?1")?;
        Ok(statement.execute([digest(token)])? > 0)
    }

    /// Notes wrong PINs; none takes the lock off.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn set_lock(&mut self, staff: StaffId, lock: Lock) -> Result<(), LedgerError> {
        let staff = key(staff);
        if lock.failures == 0 {
            let mut statement =
                self.conn.prepare_cached("DELETE FROM staff_lock WHERE staff = ?1")?;
            statement.execute([staff.as_slice()])?;
            return Ok(());
        }
        let mut statement = self.conn.prepare_cached(
            "INSERT OR REPLACE INTO staff_lock (staff, failures, until) VALUES (?1, ?2, ?3)",
        )?;
        statement.execute(params![staff.as_slice(), lock.failures, lock.until_ms])?;
        Ok(())
    }
}

impl View<'_> {
    /// Whose token it is.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn session(&self, token: &str) -> Result<Option<SessionRow>, LedgerError> {
        self.one_session(
            "SELECT staff, terminal, used_at FROM staff_session WHERE token = ?1",
            &digest(token),
        )
    }

    /// Who was at a terminal last, and is signed in there: whom a scanner's scans are of.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn session_at(&self, terminal: &TerminalId) -> Result<Option<SessionRow>, LedgerError> {
        self.one_session(
            "SELECT staff, terminal, used_at FROM staff_session WHERE terminal = ?1
             ORDER BY used_at DESC, opened_at DESC LIMIT 1",
            &terminal.as_str(),
        )
    }

    fn one_session(
        &self,
        sql: &str,
        key: &dyn rusqlite::ToSql,
    ) -> Result<Option<SessionRow>, LedgerError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let row = statement.query_row([key], |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, String>(1)?, row.get(2)?))
        });
        let Some((staff, terminal, used_at)) = row.optional()? else { return Ok(None) };
        Ok(Some(SessionRow {
            staff: id_of(&staff)?,
            terminal: TerminalId::new(&terminal).map_err(unreadable)?,
            used_at: StoreTime::from_millis(used_at),
        }))
    }

    /// What a token allows once.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn approval(&self, token: &str) -> Result<Option<ApprovalRow>, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT approver, asked_by, permission, reason, expires_at FROM staff_approval
             WHERE token = ?1",
        )?;
        let mut rows = statement.query([digest(token)])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let asked_by: Option<Vec<u8>> = row.get(1)?;
        let (approver, permission): (Vec<u8>, String) = (row.get(0)?, row.get(2)?);
        Ok(Some(ApprovalRow {
            approver: id_of(&approver)?,
            asked_by: asked_by.as_deref().map(id_of).transpose()?,
            permission: Permission::from_name(&permission)
                .ok_or_else(|| unreadable(&permission))?,
            reason: row.get(3)?,
            expires_at: StoreTime::from_millis(row.get(4)?),
        }))
    }

    /// Wrong PINs of somebody.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn lock(&self, staff: StaffId) -> Result<Lock, LedgerError> {
        let mut statement =
            self.conn.prepare_cached("SELECT failures, until FROM staff_lock WHERE staff = ?1")?;
        let row = statement.query_row([key(staff).as_slice()], |row| {
            Ok(Lock { failures: row.get(0)?, until_ms: row.get(1)? })
        });
        Ok(row.optional()?.unwrap_or_default())
    }
}

fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}

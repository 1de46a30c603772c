//! Who works here, as the staff's document says: what sign-in and permissions read.

use crate::core::{Tx, View};
use crate::error::{LedgerError, unreadable};
use edge_domain::ids::StaffId;
use edge_domain::staff::{Role, Staff};
use rusqlite::{OptionalExtension, Row, params};
use uuid::Uuid;

const COLUMNS: &str = "id, name, role, pin, active, locale";

impl Tx<'_> {
    /// Writes somebody as the document says.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn put_staff(&mut self, staff: &Staff) -> Result<(), LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT OR REPLACE INTO staff (id, name, role, pin, active, locale)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        statement.execute(params![
            key(staff.id).as_slice(),
            staff.name,
            staff.role.as_str(),
            staff.pin,
            staff.active,
            staff.locale,
        ])?;
        Ok(())
    }

    /// Writes a role's rights, as JSON, as the document says.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn put_role(&mut self, role: Role, rights: &str) -> Result<(), LedgerError> {
        let mut statement = self
            .conn
            .prepare_cached("INSERT OR REPLACE INTO staff_role (role, rights) VALUES (?1, ?2)")?;
        statement.execute(params![role.as_str(), rights])?;
        Ok(())
    }
}

impl View<'_> {
    /// Everybody, by name; those who left too.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn all_staff(&self) -> Result<Vec<Staff>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM staff ORDER BY name, id");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(staff_of(row)?);
        }
        Ok(all)
    }

    /// Somebody.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn staff(&self, id: StaffId) -> Result<Option<Staff>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM staff WHERE id = ?1");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([key(id).as_slice()])?;
        rows.next()?.map(staff_of).transpose()
    }

    /// Whether anybody works here at all: before that, the shop is open to everyone.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn has_staff(&self) -> Result<bool, LedgerError> {
        Ok(self.conn.prepare_cached("SELECT 1 FROM staff LIMIT 1")?.exists([])?)
    }

    /// A role's rights as JSON, where somebody edited them.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn role(&self, role: Role) -> Result<Option<String>, LedgerError> {
        let mut statement =
            self.conn.prepare_cached("SELECT rights FROM staff_role WHERE role = ?1")?;
        Ok(statement.query_row([role.as_str()], |row| row.get(0)).optional()?)
    }
}

pub(crate) fn key(id: StaffId) -> [u8; 16] {
    id.uuid().into_bytes()
}

pub(crate) fn id_of(bytes: &[u8]) -> Result<StaffId, LedgerError> {
    Uuid::from_slice(bytes).map(StaffId::new).map_err(unreadable)
}

fn staff_of(row: &Row<'_>) -> Result<Staff, LedgerError> {
    let (id, role): (Vec<u8>, String) = (row.get(0)?, row.get(2)?);
    Ok(Staff {
        id: id_of(&id)?,
        name: row.get(1)?,
        role: Role::from_name(&role).ok_or_else(|| unreadable(&role))?,
        pin: row.get(3)?,
        active: row.get(4)?,
        locale: row.get(5)?,
    })
}

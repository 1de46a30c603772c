//! Once: a command's answer is kept under its key, with its effect, for ever.

use super::{Command, Outcome};
use crate::core::{Core, Tx, View};
use crate::error::{LedgerError, unreadable};
use rusqlite::{OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Runs a command unless its key has an answer already, and remembers the answer.
pub(crate) fn once<T, E>(
    tx: &mut Tx<'_>,
    identity: Option<&Command>,
    command: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
) -> Result<Outcome<T>, E>
where
    T: Serialize + DeserializeOwned,
    E: From<LedgerError>,
{
    let Some(identity) = identity else {
        return command(tx).map(|answer| Outcome { answer, replayed: false });
    };
    if let Some(answer) = tx.view().answer(identity).map_err(E::from)? {
        return Ok(Outcome { answer, replayed: true });
    }
    let answer = command(tx)?;
    let store = || -> Result<(), LedgerError> {
        let bytes = serde_json::to_vec(&answer).map_err(unreadable)?;
        let mut statement = tx.conn.prepare_cached(
            "INSERT INTO idempotency (key, fingerprint, answer) VALUES (?1, ?2, ?3)",
        )?;
        statement.execute(params![identity.key, identity.fingerprint.as_slice(), bytes])?;
        Ok(())
    };
    if let Err(error) = store() {
        // The command thinks that it succeeded, and is undone: no copy of it may stay in memory.
        *tx.generation += 1;
        return Err(error.into());
    }
    Ok(Outcome { answer, replayed: false })
}

impl View<'_> {
    /// The answer that a command was given, if it ran.
    ///
    /// # Errors
    /// [`LedgerError::KeyReused`] where the key was used for another request.
    pub fn answer<T: DeserializeOwned>(
        &self,
        identity: &Command,
    ) -> Result<Option<T>, LedgerError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT fingerprint, answer FROM idempotency WHERE key = ?1")?;
        let known = statement.query_row([&identity.key], |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?))
        });
        let Some((fingerprint, answer)) = known.optional()? else { return Ok(None) };
        if fingerprint != identity.fingerprint {
            return Err(LedgerError::KeyReused);
        }
        serde_json::from_slice(&answer).map(Some).map_err(unreadable)
    }
}

impl Core {
    /// Runs one command with its idempotency key in a transaction of its own.
    ///
    /// # Errors
    /// The command's own error, or the ledger's.
    pub fn execute<T, E>(
        &mut self,
        identity: Option<&Command>,
        command: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<Outcome<T>, E>
    where
        T: Serialize + DeserializeOwned,
        E: From<LedgerError>,
    {
        self.transact(|tx| once(tx, identity, command))
    }
}

//! `outpost ledger export`: the journal for auditors, as JSON lines or CSV (RFC 4180).

use crate::core::View;
use crate::error::{LedgerError, unreadable};
use crate::journal::{entry_of, owner, signed};
use cloud_sync_protocol::entry::Entry;
use edge_domain::StoreTime;
use edge_domain::hlc::Hlc;
use std::io::Write;

/// How the export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line, the fact's body as it was recorded.
    JsonLines,
    /// One line a posting: entry, time, kind, account, amount.
    Csv,
}

impl View<'_> {
    /// Writes the entries of a time range, in order; answers how many.
    ///
    /// # Errors
    /// See [`LedgerError`]; what `out` says counts as storage.
    pub fn export(
        &self,
        from: Option<StoreTime>,
        to: Option<StoreTime>,
        format: Format,
        out: &mut dyn Write,
    ) -> Result<u64, LedgerError> {
        let store = owner(self.conn)?;
        let bits = |at: StoreTime| Hlc::default().next(at).to_bits();
        let (from, to) = (from.map_or(0, bits), to.map_or(u64::MAX >> 1, bits));
        let mut statement = self.conn.prepare(
            "SELECT seq, id, epoch, hlc, kind, version, body, hash FROM journal
             WHERE hlc >= ?1 AND hlc < ?2 ORDER BY seq",
        )?;
        let mut rows = statement.query([signed(from)?, signed(to)?])?;
        if format == Format::Csv {
            line(out, "seq,at,kind,account,amount,currency")?;
        }
        let mut count = 0;
        while let Some(row) = rows.next()? {
            let prev = self.head_at(row.get::<_, i64>(0)?.cast_unsigned().saturating_sub(1))?;
            let entry = entry_of(row, store, prev.unwrap_or_default().hash)?;
            match format {
                Format::JsonLines => line(out, &json(&entry)?)?,
                Format::Csv => self.postings_csv(&entry, out)?,
            }
            count += 1;
        }
        Ok(count)
    }

    fn postings_csv(&self, entry: &Entry, out: &mut dyn Write) -> Result<(), LedgerError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT account, amount FROM posting WHERE seq = ?1 ORDER BY n")?;
        let mut rows = statement.query([signed(entry.seq)?])?;
        while let Some(row) = rows.next()? {
            let (account, amount): (String, i64) = (row.get(0)?, row.get(1)?);
            let (at, currency) = (entry.hlc.time().as_millis(), self.currency);
            let text = format!("{},{at},{},{account},{amount},{currency}", entry.seq, entry.kind);
            line(out, &text)?;
        }
        Ok(())
    }
}

fn json(entry: &Entry) -> Result<String, LedgerError> {
    let body: serde_json::Value = serde_json::from_slice(&entry.body).map_err(unreadable)?;
    let value = serde_json::json!({
        "seq": entry.seq,
        "id": entry.id.to_string(),
        "store": entry.store.to_string(),
        "epoch": entry.epoch,
        "at_ms": entry.hlc.time().as_millis(),
        "kind": entry.kind,
        "version": entry.version,
        "body": body,
        "prev": entry.prev.to_string(),
        "hash": entry.hash.to_string(),
    });
    serde_json::to_string(&value).map_err(unreadable)
}

fn line(out: &mut dyn Write, text: &str) -> Result<(), LedgerError> {
    writeln!(out, "{text}").map_err(|error| LedgerError::Storage(error.to_string()))
}

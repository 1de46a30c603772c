//! Customers as tills read them. What they say is never logged.

use crate::core::{Tx, View};
use crate::error::{LedgerError, unreadable};
use cloud_sync_protocol::v1::customer::CustomerV1;
use rusqlite::{OptionalExtension, params};

/// The most words of a search that count.
const WORDS_MAX: usize = 8;

impl Tx<'_> {
    /// Writes a customer as the document says.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn put_customer(&mut self, customer: &CustomerV1) -> Result<(), LedgerError> {
        let body = serde_json::to_string(customer).map_err(unreadable)?;
        let CustomerV1 { id, name, code, .. } = customer;
        let search = format!("{name} {id} {}", code.as_deref().unwrap_or_default()).to_lowercase();
        let mut statement = self.conn.prepare_cached(
            "INSERT OR REPLACE INTO customer (id, code, search, body) VALUES (?1, ?2, ?3, ?4)",
        )?;
        statement.execute(params![id, code, search, body])?;
        Ok(())
    }
}

impl View<'_> {
    /// A customer, by id.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn customer(&self, id: &str) -> Result<Option<CustomerV1>, LedgerError> {
        let mut statement = self.conn.prepare_cached("SELECT body FROM customer WHERE id = ?1")?;
        let body: Option<String> = statement.query_row([id], |row| row.get(0)).optional()?;
        body.map(|body| serde_json::from_str(&body).map_err(unreadable)).transpose()
    }

    /// Customers with a loyalty number, by id: more than one only where two places gave it apart.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn customers_by_code(&self, code: &str) -> Result<Vec<CustomerV1>, LedgerError> {
        self.customers("SELECT body FROM customer WHERE code = ?1 ORDER BY id", &[&code])
    }

    /// Customers whose name, id or loyalty number hold every word of a text, by name; `limit` at
    /// most.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn find_customers(&self, text: &str, limit: u32) -> Result<Vec<CustomerV1>, LedgerError> {
        let text = text.to_lowercase();
        let mut words: Vec<&str> = text.split_whitespace().take(WORDS_MAX).collect();
        words.resize(WORDS_MAX, ""); // an empty word is in every text
        let holds = |n| format!("instr(search, ?{n}) > 0");
        let all: Vec<String> = (1..=WORDS_MAX).map(holds).collect();
        let sql = format!(
            "SELECT body FROM customer WHERE {} ORDER BY search, id LIMIT ?{}",
            all.join(" AND "),
            WORDS_MAX + 1
        );
        let mut values: Vec<&dyn rusqlite::ToSql> = Vec::with_capacity(WORDS_MAX + 1);
        values.extend(words.iter().map(|word| word as &dyn rusqlite::ToSql));
        values.push(&limit);
        self.customers(&sql, &values)
    }

    /// Every customer, by id: for documents that are made anew.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn all_customers(&self) -> Result<Vec<CustomerV1>, LedgerError> {
        self.customers("SELECT body FROM customer ORDER BY id", &[])
    }

    fn customers(
        &self,
        sql: &str,
        values: &[&dyn rusqlite::ToSql],
    ) -> Result<Vec<CustomerV1>, LedgerError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(values)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let body: String = row.get(0)?;
            all.push(serde_json::from_str(&body).map_err(unreadable)?);
        }
        Ok(all)
    }
}

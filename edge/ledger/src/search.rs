//! Finding items as somebody types: words that begin as what was typed, accents folded, best
//! first; and where nothing does, words that are spelled nearly so.

use crate::core::View;
use crate::error::LedgerError;
use crate::items::{COLUMNS, ItemRow, RESULTS_MAX, collect};
use crate::spelling::{self, Near};
use edge_domain::item::Sku;
use rusqlite::params;
use std::collections::HashSet;

/// The most words of one search that count.
const WORDS_MAX: usize = 8;
/// How many spellings stand in for a word that no item has.
const SPELLINGS_MAX: usize = 4;
/// How many items that hold the words are looked at for the shortest names: ranking (bm25) would
/// look at all of them, however many names a word is in.
const CANDIDATES_MAX: usize = 500;

impl View<'_> {
    /// Items whose names, codes, category or tags have words that begin as those of `text`:
    /// those whose name begins so first, then the shorter names. A word that no item has is read
    /// as the nearest that some have.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<ItemRow>, LedgerError> {
        let words: Vec<String> = (text.split(|c: char| !c.is_alphanumeric()))
            .filter(|word| !word.is_empty())
            .take(WORDS_MAX)
            .map(str::to_owned)
            .collect();
        if words.is_empty() {
            return Ok(vec![]);
        }
        let limit = limit.min(RESULTS_MAX);
        let mut found = self.begun(text.trim(), limit)?;
        let begun = |word: &String| format!("\"{word}\"*");
        if found.len() < limit {
            let typed: Vec<String> = words.iter().map(begun).collect();
            let holding = self.holding(&typed.join(" "), limit)?;
            let known: HashSet<Sku> = found.iter().map(|row| row.item.sku.clone()).collect();
            let new = holding.into_iter().filter(|row| !known.contains(&row.item.sku));
            found.extend(new.take(limit - known.len()));
        }
        if !found.is_empty() {
            return Ok(found);
        }
        let mut spelled = Vec::with_capacity(words.len());
        for word in &words {
            let near = self.spellings(word)?;
            let any: Vec<String> = std::iter::once(word).chain(&near).map(begun).collect();
            spelled.push(format!("({})", any.join(" OR ")));
        }
        self.holding(&spelled.join(" AND "), limit)
    }

    /// Items whose name begins as what was typed.
    fn begun(&self, text: &str, limit: usize) -> Result<Vec<ItemRow>, LedgerError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM item
             WHERE name COLLATE NOCASE >= ?1 AND name COLLATE NOCASE < ?2
             ORDER BY name COLLATE NOCASE LIMIT ?3"
        );
        let until = format!("{text}\u{10ffff}");
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.conn.prepare_cached(&sql)?;
        collect(statement.query(params![text, until, limit])?, self.currency)
    }

    /// Items that hold the words of an FTS5 query.
    fn holding(&self, query: &str, limit: usize) -> Result<Vec<ItemRow>, LedgerError> {
        let columns: Vec<String> = COLUMNS.split(", ").map(|name| format!("item.{name}")).collect();
        let sql = format!(
            "SELECT {} FROM (SELECT sku FROM item_text WHERE item_text MATCH ?1 LIMIT ?3)
             JOIN item USING (sku) ORDER BY length(item.name), item.name LIMIT ?2",
            columns.join(", ")
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let most = i64::try_from(CANDIDATES_MAX).unwrap_or(i64::MAX);
        collect(statement.query(params![query, limit, most])?, self.currency)
    }

    /// The nearest words to one that was mistyped. The first letter is mostly right: words that
    /// share it are looked at first, all others only where none of them is near.
    fn spellings(&self, typed: &str) -> Result<Vec<String>, LedgerError> {
        let folded = spelling::fold(typed);
        let Some(first) = folded.chars().next() else { return Ok(vec![]) };
        let next = char::from_u32(u32::from(first) + 1).unwrap_or(first);
        for (from, until) in
            [(first.to_string(), next.to_string()), ("".into(), "\u{10ffff}".into())]
        {
            let mut near = Near::to(&folded, SPELLINGS_MAX);
            let mut statement = self
                .conn
                .prepare_cached("SELECT word FROM item_word WHERE word >= ?1 AND word < ?2")?;
            let mut rows = statement.query([from, until])?;
            while let Some(row) = rows.next()? {
                near.look_at(row.get_ref(0)?.as_str().unwrap_or_default());
            }
            let found = near.found();
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(vec![])
    }
}

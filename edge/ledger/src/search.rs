//! Finding items as somebody types: words that begin as what was typed, accents folded, best
//! first; and where nothing does, words that are spelled nearly so.

use crate::core::View;
use crate::error::LedgerError;
use crate::items::{COLUMNS, ItemRow, RESULTS_MAX, collect};
use crate::spelling::{self, Near};
use rusqlite::params;

/// The most words of one search that count.
const WORDS_MAX: usize = 8;
/// How many spellings stand in for a word that no item has.
const SPELLINGS_MAX: usize = 4;

impl View<'_> {
    /// Items whose names, codes, category or tags have words that begin as those of `text`,
    /// best first. A word that no item has is read as the nearest that some have.
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
        let begun = |word: &String| format!("\"{word}\"*");
        let typed: Vec<String> = words.iter().map(begun).collect();
        let found = self.matching(&typed.join(" "), limit)?;
        if !found.is_empty() {
            return Ok(found);
        }
        let mut spelled = Vec::with_capacity(words.len());
        for word in &words {
            let near = self.spellings(word)?;
            let any: Vec<String> = std::iter::once(word).chain(&near).map(begun).collect();
            spelled.push(format!("({})", any.join(" OR ")));
        }
        self.matching(&spelled.join(" AND "), limit)
    }

    fn matching(&self, query: &str, limit: usize) -> Result<Vec<ItemRow>, LedgerError> {
        let columns: Vec<String> = COLUMNS.split(", ").map(|name| format!("item.{name}")).collect();
        let sql = format!(
            "SELECT {} FROM item_text JOIN item USING (sku)
             WHERE item_text MATCH ?1 ORDER BY rank LIMIT ?2",
            columns.join(", ")
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let limit = i64::try_from(limit.min(RESULTS_MAX)).unwrap_or(i64::MAX);
        collect(statement.query(params![query, limit])?, self.currency)
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

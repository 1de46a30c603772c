//! The migrations, embedded: every file of `migrations/hq`, in the order of its number.

use crate::error::StoreError;
use refinery::{Migration, Runner};
use rusqlite::Connection;

#[derive(rust_embed::Embed)]
#[folder = "../../migrations/hq"]
struct Files;

/// Brings the schema up to date.
pub(super) fn migrate(conn: &mut Connection) -> Result<(), StoreError> {
    let failed = |error: &dyn std::fmt::Display| StoreError::Storage(error.to_string());
    let mut migrations = Vec::new();
    for path in Files::iter().filter(|path| path.ends_with(".sql")) {
        let file = Files::get(&path).ok_or_else(|| failed(&path))?;
        let sql = std::str::from_utf8(&file.data).map_err(|error| failed(&error))?;
        let (number, name) =
            path.trim_end_matches(".sql").split_once('_').ok_or_else(|| failed(&path))?;
        let number: i32 = number.parse().map_err(|error| failed(&error))?;
        let migration = Migration::unapplied(&format!("V{number}__{name}"), sql);
        migrations.push(migration.map_err(|error| failed(&error))?);
    }
    migrations.sort();
    Runner::new(&migrations).run(conn).map_err(|error| failed(&error))?;
    Ok(())
}

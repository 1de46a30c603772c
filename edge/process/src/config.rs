//! A configuration is one TOML file; every key can be set by an environment variable
//! `OUTPOST_SECTION__KEY`. All errors are said at once; an unknown key is refused with the
//! nearest known name.

use std::fmt;
use std::path::Path;
use std::str::FromStr;
use toml::{Table, Value};

/// Reads keys and collects what is wrong.
#[derive(Debug)]
pub struct Reader {
    table: Table,
    errors: Vec<String>,
}

/// Everything that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigErrors(pub Vec<String>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        writeln!(f, "the configuration has {count} error{}:", if count == 1 { "" } else { "s" })?;
        self.0.iter().try_for_each(|error| writeln!(f, "  - {error}"))
    }
}

impl Reader {
    /// Reads a file and the environment. `known` lists every key, as in `http.listen`; keys of
    /// tables that repeat as in `device[].uri`.
    #[must_use]
    pub fn open(
        path: &Path,
        environment: impl Iterator<Item = (String, String)>,
        known: &[&str],
    ) -> Self {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::read(&text, environment, known),
            Err(error) => {
                let errors = vec![format!("{}: {error}", path.display())];
                Self { table: Table::new(), errors }
            }
        }
    }

    /// Reads a text and the environment.
    #[must_use]
    pub fn read(
        text: &str,
        environment: impl Iterator<Item = (String, String)>,
        known: &[&str],
    ) -> Self {
        let (table, errors) = match text.parse::<Table>() {
            Ok(table) => (table, vec![]),
            Err(error) => (Table::new(), vec![error.to_string().trim().replace('\n', " ")]),
        };
        let mut reader = Self { table, errors };
        for (name, value) in environment {
            reader.set(&name, value);
        }
        let mut found = Vec::new();
        keys("", &reader.table, &mut found);
        for key in found.iter().filter(|key| !known.contains(&key.as_str())) {
            reader.errors.push(unknown(key, known));
        }
        reader
    }

    /// `OUTPOST_HTTP__LISTEN=...` sets `http.listen`; other variables are not ours.
    fn set(&mut self, name: &str, value: String) {
        let path = name.strip_prefix("OUTPOST_").and_then(|path| path.split_once("__"));
        let Some((section, key)) = path else { return };
        let (section, key) = (section.to_lowercase(), key.to_lowercase());
        let value = match format!("value = {value}").parse::<Table>() {
            Ok(mut parsed) => parsed.remove("value").unwrap_or(Value::String(value)),
            Err(_) => Value::String(value),
        };
        let section = self.table.entry(section).or_insert_with(|| Value::Table(Table::new()));
        if let Value::Table(section) = section {
            section.insert(key, value);
        }
    }

    fn get(&self, path: &str) -> Option<&Value> {
        let mut parts = path.split('.');
        let first = self.table.get(parts.next()?)?;
        parts.try_fold(first, |value, part| value.as_table()?.get(part))
    }

    /// A text, if it is there.
    pub fn text(&mut self, path: &str) -> Option<String> {
        match self.get(path) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(other) => {
                let error = format!("{path}: expected a text, found {}", other.type_str());
                self.errors.push(error);
                None
            }
            None => None,
        }
    }

    /// A list of texts, if it is there.
    pub fn texts(&mut self, path: &str) -> Option<Vec<String>> {
        let value = self.get(path)?;
        let texts = value.as_array().and_then(|list| {
            list.iter().map(|text| text.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        if texts.is_none() {
            self.errors.push(format!("{path}: expected a list of texts"));
        }
        texts
    }

    /// A text that has to be there.
    pub fn required(&mut self, path: &str) -> String {
        let there = self.get(path).is_some();
        let text = self.text(path).unwrap_or_default();
        if !there {
            self.errors.push(format!("{path}: missing"));
        } else if text.trim().is_empty() && self.get(path).is_some_and(Value::is_str) {
            self.errors.push(format!("{path}: must not be empty"));
        }
        text
    }

    /// A text, a number or a switch that reads as `T`, or `otherwise` where there is none.
    pub fn parsed<T: FromStr>(&mut self, path: &str, otherwise: T) -> T
    where
        T::Err: fmt::Display,
    {
        let text = match self.get(path) {
            Some(Value::Integer(number)) => Some(number.to_string()),
            Some(Value::Boolean(switch)) => Some(switch.to_string()),
            _ => self.text(path),
        };
        match text.map(|text| text.parse()) {
            Some(Ok(value)) => value,
            Some(Err(error)) => {
                self.errors.push(format!("{path}: {error}"));
                otherwise
            }
            None => otherwise,
        }
    }

    /// One of some names, the first where there is none.
    pub fn one_of<T: Copy>(&mut self, path: &str, names: &[(&str, T)]) -> Option<T> {
        let Some(text) = self.text(path) else { return names.first().map(|(_, value)| *value) };
        let found = names.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<_> = names.iter().map(|(name, _)| *name).collect();
            self.errors.push(format!("{path}: {text:?} is none of {}", names.join(", ")));
        }
        found
    }

    /// The tables of a list, each with its place, as in `device[0]`.
    pub fn tables(&mut self, path: &str) -> Vec<(String, Table)> {
        let list = match self.get(path) {
            None => return vec![],
            Some(Value::Array(list)) => list.clone(),
            Some(_) => {
                self.errors.push(format!("{path}: write [[{path}]] for each"));
                return vec![];
            }
        };
        let place = |(n, value): (usize, Value)| match value {
            Value::Table(table) => Some((format!("{path}[{n}]"), table)),
            _ => None,
        };
        list.into_iter().enumerate().filter_map(place).collect()
    }

    /// Notes an error of the caller's own.
    pub fn fail(&mut self, error: impl Into<String>) {
        self.errors.push(error.into());
    }

    /// Whether all is well.
    ///
    /// # Errors
    /// Everything that is not.
    pub fn finish(self) -> Result<(), ConfigErrors> {
        if self.errors.is_empty() { Ok(()) } else { Err(ConfigErrors(self.errors)) }
    }
}

fn keys(prefix: &str, table: &Table, found: &mut Vec<String>) {
    for (key, value) in table {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            Value::Table(inner) => keys(&path, inner, found),
            Value::Array(list) if list.iter().any(Value::is_table) => {
                for inner in list.iter().filter_map(Value::as_table) {
                    keys(&format!("{path}[]"), inner, found);
                }
            }
            _ => found.push(path),
        }
    }
}

fn unknown(key: &str, known: &[&str]) -> String {
    let nearest = known.iter().min_by_key(|name| strsim::damerau_levenshtein(name, key));
    match nearest {
        Some(nearest) => format!("{key}: unknown key; did you mean {nearest}?"),
        None => format!("{key}: unknown key"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 4] = ["store.name", "http.listen", "device[].id", "log.format"];

    fn read(text: &str, environment: &[(&str, &str)]) -> Reader {
        let environment = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Reader::read(text, environment, &KNOWN)
    }

    #[test]
    fn all_errors_are_said_at_once() {
        let mut reader = read("[store]\nnam = 'x'\n[http]\nlisten = 'nowhere'\n", &[]);
        reader.required("store.name");
        let otherwise: std::net::SocketAddr = ([127, 0, 0, 1], 80).into();
        reader.parsed("http.listen", otherwise);
        reader.one_of("log.format", &[("json", 1)]);
        let errors = reader.finish().unwrap_err().0;
        assert_eq!(errors.len(), 3, "{errors:?}");
        assert_eq!(errors[0], "store.nam: unknown key; did you mean store.name?");
        assert_eq!(errors[1], "store.name: missing");
        assert!(errors[2].starts_with("http.listen: "));
    }

    #[test]
    fn the_environment_wins() {
        let environment = [("OUTPOST_STORE__NAME", "Corner shop"), ("PATH", "/bin")];
        let mut reader = read("[store]\nname = 'x'\n[[device]]\nid = 'a'\n", &environment);
        assert_eq!(reader.required("store.name"), "Corner shop");
        assert_eq!(reader.tables("device").len(), 1);
        assert_eq!(reader.finish(), Ok(()));
    }

    #[test]
    fn no_toml_is_an_error_not_a_crash() {
        assert!(read("[store", &[]).finish().is_err());
        let missing = Reader::open(Path::new("/nowhere/edge.toml"), std::iter::empty(), &KNOWN);
        assert!(missing.finish().unwrap_err().to_string().contains("/nowhere/edge.toml"));
    }
}

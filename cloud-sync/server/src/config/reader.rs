//! Reads a configuration: one TOML file, each key overridden by the environment variable
//! `OUTPOST_SECTION__KEY`. Gathers everything that is wrong before it gives up, and names the
//! nearest key for one that it does not know.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use toml::{Table, Value};

/// The prefix of environment variables. Those without `__` are not keys.
const PREFIX: &str = "OUTPOST_";
/// How alike two names are when one is meant for the other, in thousandths.
const ALIKE_MIN: u64 = 700;

/// A configuration while it is read.
#[derive(Debug)]
pub struct Reader {
    values: BTreeMap<String, Value>,
    env: BTreeMap<String, String>,
    known: BTreeSet<&'static str>,
    wrong: Vec<String>,
}

impl Reader {
    /// Begins with a text and an environment.
    ///
    /// # Errors
    /// A text that is no TOML.
    pub fn new(
        text: &str,
        env: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Vec<String>> {
        let table: Table = text.parse().map_err(|error| vec![format!("{error}")])?;
        let mut values = BTreeMap::new();
        for (section, value) in table {
            match value {
                Value::Table(keys) if !keys.is_empty() => {
                    let keys = keys.into_iter().map(|(k, value)| (format!("{section}.{k}"), value));
                    values.extend(keys);
                }
                other => {
                    values.insert(section, other);
                }
            }
        }
        let key = |(name, value): (String, String)| {
            let (section, key) = name.strip_prefix(PREFIX)?.split_once("__")?;
            Some((format!("{section}.{key}").to_lowercase(), value))
        };
        let env = env.into_iter().filter_map(key).collect();
        Ok(Self { values, env, known: BTreeSet::new(), wrong: vec![] })
    }

    /// A text; None if it is missing or wrong, which [`Reader::finish`] says.
    pub fn text(&mut self, key: &'static str, default: Option<&str>) -> Option<String> {
        match self.value(key) {
            Some(Value::String(text)) => Some(text),
            Some(_) => self.wrong(&format!("{key}: a text in quotes is expected")),
            None if default.is_some() => default.map(str::to_owned),
            None => self.wrong(&format!("{key}: is missing")),
        }
    }

    /// A value that a text stands for; `what` says which texts do.
    pub fn parsed<T: FromStr>(
        &mut self,
        key: &'static str,
        default: &str,
        what: &str,
    ) -> Option<T> {
        let text = self.text(key, Some(default))?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(_) => self.wrong(&format!("{key}: {text:?} is not {what}")),
        }
    }

    /// A list of texts; in the environment, with commas between them.
    pub fn list(&mut self, key: &'static str, default: &[&str]) -> Option<Vec<String>> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let list = match self.value(key) {
            None => Some(default.iter().map(|text| (*text).to_owned()).collect()),
            Some(Value::Array(values)) => values.iter().map(text).collect(),
            Some(Value::String(texts)) => {
                Some(texts.split(',').map(|text| text.trim().to_owned()).collect())
            }
            Some(_) => None,
        };
        list.or_else(|| self.wrong(&format!("{key}: a list of texts is expected")))
    }

    /// Notes something that is wrong.
    pub fn wrong<T>(&mut self, what: &str) -> Option<T> {
        self.wrong.push(what.to_owned());
        None
    }

    /// Ends: everything that is wrong, and every key that nobody asked for.
    ///
    /// # Errors
    /// A line each.
    pub fn finish(mut self) -> Result<(), Vec<String>> {
        for key in self.values.keys().filter(|key| !self.known.contains(key.as_str())) {
            let nearest = self.nearest(key);
            self.wrong.push(format!("{key}: is not a key{nearest}"));
        }
        for key in self.env.keys().filter(|key| !self.known.contains(key.as_str())) {
            let name = key.to_uppercase().replacen('.', "__", 1);
            let nearest = self.nearest(key);
            self.wrong.push(format!("{PREFIX}{name}: {key} is not a key{nearest}"));
        }
        if self.wrong.is_empty() { Ok(()) } else { Err(self.wrong) }
    }

    fn value(&mut self, key: &'static str) -> Option<Value> {
        self.known.insert(key);
        let from_env = self.env.get(key).map(|text| Value::String(text.clone()));
        from_env.or_else(|| self.values.get(key).cloned())
    }

    fn nearest(&self, key: &str) -> String {
        let likeness = |known: &&&str| {
            let (distance, longest) =
                (strsim::osa_distance(key, known), key.len().max(known.len()));
            (longest - distance.min(longest)) as u64 * 1000 / longest.max(1) as u64
        };
        match self.known.iter().max_by_key(likeness).filter(|best| likeness(best) >= ALIKE_MIN) {
            Some(best) => format!("; did you mean {best}?"),
            None => String::new(),
        }
    }
}

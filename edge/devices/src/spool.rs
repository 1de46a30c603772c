//! Telemetry that waits for the line to headquarters. In sled, because it may be lost.

/// Figures by name, the latest of each, until headquarters took them.
#[derive(Clone, Debug, Default)]
pub struct Telemetry {
    tree: Option<sled::Tree>,
}

/// How many names are kept: more are a fault, not telemetry.
const NAMES_MAX: usize = 256;

impl Telemetry {
    /// A spool in a scratch database; without one, nothing is kept.
    #[must_use]
    pub fn new(scratch: Option<&sled::Db>) -> Self {
        Self { tree: scratch.and_then(|scratch| scratch.open_tree("telemetry").ok()) }
    }

    /// Notes a figure.
    pub fn note(&self, name: &str, value: i64) {
        if let Some(tree) = self.tree.as_ref().filter(|tree| tree.len() < NAMES_MAX) {
            let _ = tree.insert(name, &value.to_be_bytes());
        }
    }

    /// Takes what was noted since the last time.
    #[must_use]
    pub fn take(&self) -> Vec<(String, i64)> {
        let Some(tree) = &self.tree else { return vec![] };
        let mut taken = Vec::new();
        while let Ok(Some((name, value))) = tree.pop_min() {
            let value = value.as_ref().try_into().map(i64::from_be_bytes).unwrap_or_default();
            taken.push((String::from_utf8_lossy(&name).into_owned(), value));
        }
        taken
    }
}

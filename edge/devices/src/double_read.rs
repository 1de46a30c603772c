//! Double reads: a scanner that sees the same code twice within a moment saw one piece.
//!
//! The windows live in sled, because they may be lost: a restart forgets a third of a second.

use std::time::Duration;

/// Two reads of one code at one scanner within this time are one. A quick cashier scans the next
/// piece of the same kind after half a second at the earliest (a piece every 3 s is the rule).
const WINDOW: Duration = Duration::from_millis(350);

/// Remembers what was read when.
#[derive(Clone, Debug, Default)]
pub struct DoubleReads {
    tree: Option<sled::Tree>,
}

impl DoubleReads {
    /// Windows in a scratch database; without one, nothing is filtered.
    #[must_use]
    pub fn new(scratch: Option<&sled::Db>) -> Self {
        Self { tree: scratch.and_then(|scratch| scratch.open_tree("double_reads").ok()) }
    }

    /// Whether this read is the echo of one just before. `now_ms` never runs backwards.
    #[must_use]
    pub fn is_echo(&self, device: &str, code: &[u8], now_ms: u64) -> bool {
        let Some(tree) = &self.tree else { return false };
        let key = [device.as_bytes(), b"\0", code].concat();
        let last = tree.insert(key, &now_ms.to_be_bytes()).ok().flatten();
        let last = last.and_then(|bytes| bytes.as_ref().try_into().ok()).map(u64::from_be_bytes);
        let window = u64::try_from(WINDOW.as_millis()).unwrap_or(u64::MAX);
        // A time from before a restart may lie ahead of ours: no echo then.
        last.is_some_and(|last| now_ms >= last && now_ms - last < window)
    }

    /// Forgets everything: at start, since the clock begins anew.
    pub fn clear(&self) {
        if let Some(tree) = &self.tree {
            let _ = tree.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_echo_is_one_piece_and_a_second_piece_is_two() {
        let db = sled::Config::new().temporary(true).open().unwrap();
        let reads = DoubleReads::new(Some(&db));
        assert!(!reads.is_echo("s1", b"4006381333931", 1_000));
        assert!(reads.is_echo("s1", b"4006381333931", 1_200));
        assert!(!reads.is_echo("s2", b"4006381333931", 1_200), "another scanner");
        assert!(!reads.is_echo("s1", b"96385074", 1_200), "another code");
        assert!(!reads.is_echo("s1", b"4006381333931", 1_700));
        assert!(!DoubleReads::new(None).is_echo("s1", b"x", 0));
    }
}

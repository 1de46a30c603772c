//! What happened, as a hash; printed where somebody wants to read it.

use std::fmt;

/// The trace of one world.
#[derive(Debug)]
pub(crate) struct Trace {
    hash: u64,
    print: bool,
}

impl Trace {
    pub(crate) const fn new(print: bool) -> Self {
        Self { hash: 0xcbf2_9ce4_8422_2325, print }
    }

    /// Notes a line.
    pub(crate) fn note(&mut self, line: fmt::Arguments<'_>) {
        if self.print {
            println!("{line}");
        }
        self.bytes(line.to_string().as_bytes());
    }

    /// Prints a line that only a reader needs.
    pub(crate) fn aside(&self, line: impl FnOnce() -> String) {
        if self.print {
            println!("    {}", line());
        }
    }

    /// Notes bytes, without printing them (FNV-1a).
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.hash = (self.hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    pub(crate) const fn hash(&self) -> u64 {
        self.hash
    }
}

//! What the store's and headquarters' binaries share as processes: reading a configuration with
//! all its errors at once, logs as one JSON object a line, and telling systemd how they are.
//!
//! **What it never does.** It knows nothing of shops: no key, message or path of either binary
//! stands here.
//!
//! **Where to start reading.** [`config::Reader`].

pub mod config;
pub mod logs;
pub mod notify;

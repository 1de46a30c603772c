//! What the store's and headquarters' binaries share as processes: reading a configuration with
//! all its errors at once, logs as one JSON object a line, telling systemd how they are, and
//! answering a request that was not read to its end.
//!
//! **What it never does.** It knows nothing of shops: no key, message or path of either binary
//! stands here.
//!
//! **Where to start reading.** [`config::Reader`].

pub mod body;
pub mod config;
pub mod logs;
pub mod notify;

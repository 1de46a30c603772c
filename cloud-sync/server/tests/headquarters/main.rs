//! Headquarters as stores and people meet it: the real server in this process, real TLS.

#![allow(clippy::unwrap_used, reason = "tests: the helpers too")]

mod admission;
mod api;
mod facts;
mod merge;
mod world;

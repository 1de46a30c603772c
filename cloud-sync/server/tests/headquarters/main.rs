//! Headquarters as stores and people meet it: the real server in this process, real TLS.

mod admission;
mod api;
mod facts;
mod merge;
mod world;

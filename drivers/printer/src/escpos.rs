//! The ESC/POS protocol without I/O: documents to bytes, bytes to replies, and the life of a job.
//!
//! Command names and bit numbers are those of Epson's public ESC/POS command reference.

pub mod code_page;
pub mod dialogue;
pub mod encode;
pub mod job;
pub mod profile;
pub mod raster;
pub mod status;
pub mod text;

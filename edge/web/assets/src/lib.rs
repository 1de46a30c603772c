//! The store's screens as built files, embedded into the store's binary.
//!
//! It holds files and never decides who may fetch them, with which headers: that is for the
//! web room. It is a crate of its own so that a changed screen recompiles this and not its reader.
//!
//! `make build` fills `dist/` from the one npm project in `edge/web/ui`. Without it this crate
//! still compiles and [`Assets`] is empty; the reader then says that the screens were not built.
//!
//! **Where to start reading.** [`Assets`]; the paths in it are listed there.

use rust_embed::Embed;

/// The built files by their path under `dist/`:
/// * `pos/index.html`, `kitchen/index.html`, `gate/index.html`: one page for each screen, never to be cached;
/// * `assets/NAME-HASH.EXT`: scripts and styles, named by content, so they may be cached for ever.
///
/// Beside a file may lie the same file compressed, with `.br` or `.gz` appended.
#[derive(Embed)]
#[folder = "dist/"]
#[allow_missing = true]
pub struct Assets;

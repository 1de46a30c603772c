//! `outpost-hq`: headquarters' program. All of it is in the library beside.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Before anything may speak TLS. An error says that it was installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    cloud_sync_server::cli::run()
}

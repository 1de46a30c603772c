//! What tests and the demo share: the real binaries as child processes, and a plain client.
//!
//! **What it never does.** It links no room of the product but the devices' twins: whoever uses
//! it sees what an outsider sees.
//!
//! **Where to start reading.** [`Store::start`], [`Headquarters::start`].

mod client;
mod feed;
mod hands;
mod hq;
mod process;
mod store;

pub use client::{Answer, Client};
pub use feed::Feed;
pub use hands::Hands;
pub use hq::{Enrolled, Headquarters};
pub use process::binary;
pub use store::{Store, StoreSetup};

use std::time::Duration;

/// Waits until `done` gives something; fails after half a minute with what was waited for.
///
/// # Errors
/// When it never does.
pub async fn until<T, F: Future<Output = Option<T>>>(
    what: &str,
    mut done: impl FnMut() -> F,
) -> anyhow::Result<T> {
    let patience = tokio::time::Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(value) = done().await {
            return Ok(value);
        }
        anyhow::ensure!(tokio::time::Instant::now() < patience, "never: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

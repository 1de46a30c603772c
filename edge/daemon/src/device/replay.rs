//! A capture as a device, until somebody stops it.

use drivers_plug::replay::{Outlet, Replay};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long it waits for somebody to open the line, and to say what was said then.
const PATIENCE: Duration = Duration::from_secs(3_600);

pub(crate) fn run(file: &Path, link: Option<PathBuf>, listen: SocketAddr) -> anyhow::Result<()> {
    let outlet = link.map_or(Outlet::Tcp(listen), Outlet::Pty);
    let mut replay = Replay::open(file, outlet)?;
    println!("{} reads and writes, at {}", replay.len(), replay.place());
    let said = replay.play(PATIENCE)?;
    println!("Played: the device said {said} bytes.");
    replay.settle(PATIENCE)?;
    Ok(())
}

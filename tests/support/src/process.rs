//! A daemon as a child process: started, heard, stopped politely or not.

use anyhow::{Context, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The path of one of our binaries: beside the running test, or where `OUTPOST_BIN_DIR` says.
///
/// # Errors
/// When it was not built.
pub fn binary(name: &str) -> anyhow::Result<PathBuf> {
    let folder = match std::env::var_os("OUTPOST_BIN_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => {
            let own = std::env::current_exe()?;
            let folder = own.parent().context("a test lies in a folder")?;
            let deps = folder.ends_with("deps");
            if deps {
                folder.parent().unwrap_or(folder).to_path_buf()
            } else {
                folder.to_path_buf()
            }
        }
    };
    let path = folder.join(name);
    if !path.exists() {
        bail!("{} is not built: run `cargo build` first", path.display());
    }
    Ok(path)
}

/// A running daemon; killed when dropped.
pub(crate) struct Daemon {
    child: Child,
    log: PathBuf,
}

impl Daemon {
    /// Starts a daemon and waits until its log says `"message":"open"`; answers with the
    /// addresses that it names there.
    pub(crate) fn start(
        name: &str,
        args: &[&str],
        log: &Path,
    ) -> anyhow::Result<(Self, serde_json::Value)> {
        let out = File::create(log)?;
        let child = Command::new(binary(name)?)
            .args(args)
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            .spawn()
            .with_context(|| format!("{name} does not start"))?;
        let mut daemon = Self { child, log: log.to_path_buf() };
        let patience = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(opened) = daemon.opened() {
                return Ok((daemon, opened));
            }
            if let Some(status) = daemon.child.try_wait()? {
                bail!("{name} ended ({status}):\n{}", daemon.log());
            }
            if Instant::now() > patience {
                bail!("{name} does not open:\n{}", daemon.log());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn opened(&self) -> Option<serde_json::Value> {
        let log = std::fs::read_to_string(&self.log).ok()?;
        let lines = log.lines().filter_map(|l| serde_json::from_str::<serde_json::Value>(l).ok());
        lines.into_iter().find(|line| line["message"] == "open").map(|line| line["context"].clone())
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL: no farewell, as when the power goes for the process.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// SIGTERM, and waits.
    pub(crate) fn stop(&mut self) -> anyhow::Result<()> {
        kill(Pid::from_raw(i32::try_from(self.child.id())?), Signal::SIGTERM)?;
        let patience = Instant::now() + Duration::from_secs(20);
        while self.child.try_wait()?.is_none() {
            if Instant::now() > patience {
                bail!("it does not stop:\n{}", self.log());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.kill();
    }
}

//! Headquarters: the real daemon with a folder of its own.

use crate::client::Client;
use crate::process::{Daemon, binary};
use anyhow::Context;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A store's credentials, as `outpost-hq store add` wrote them.
#[derive(Clone, Debug)]
pub struct Enrolled {
    /// The store's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where headquarters listens for stores.
    pub url: String,
    /// The folder with its certificate, key, and the authority.
    pub folder: PathBuf,
}

/// A running headquarters.
pub struct Headquarters {
    daemon: Daemon,
    client: Client,
    folder: PathBuf,
    /// The address for people.
    pub listen: String,
    /// The address for stores.
    pub sync: String,
}

/// An address that is free now.
fn free() -> anyhow::Result<String> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

impl Headquarters {
    /// Starts headquarters in a folder, at free addresses.
    ///
    /// # Errors
    /// When it does not open.
    pub fn start(folder: &Path) -> anyhow::Result<Self> {
        Self::start_at(folder, &free()?, &free()?)
    }

    /// Starts headquarters at given addresses: one for people, one for stores.
    ///
    /// # Errors
    /// When it does not open.
    pub fn start_at(folder: &Path, listen: &str, sync: &str) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let config = folder.join("hq.toml");
        let text = format!(
            "[http]\nlisten = \"{listen}\"\n[sync]\nlisten = \"{sync}\"\n\
             [data]\ndir = \"{}\"\n[auth]\nmode = \"none\"\n",
            folder.join("data").display()
        );
        std::fs::write(&config, text)?;
        let args = ["serve", "--config", &config.display().to_string()];
        let (daemon, _) = Daemon::start("outpost-hq", &args, &folder.join("log"))?;
        let client = Client::new(&format!("http://{listen}"))?;
        let (listen, sync) = (listen.to_owned(), sync.to_owned());
        Ok(Self { daemon, client, folder: folder.to_path_buf(), listen, sync })
    }

    /// Makes a store's credentials.
    ///
    /// # Errors
    /// When the command fails.
    pub fn enrol(&self, id: &str, name: &str) -> anyhow::Result<Enrolled> {
        let folder = self.folder.join(format!("store-{id}"));
        let args = ["--id", id, "--name", name, "--out", &folder.display().to_string()];
        self.store("add", &args)?;
        let url = format!("https://{}", self.sync.replace("127.0.0.1", "localhost"));
        Ok(Enrolled { id: id.to_owned(), name: name.to_owned(), url, folder })
    }

    /// Runs `outpost-hq store ...`.
    ///
    /// # Errors
    /// When the command fails.
    pub fn store(&self, verb: &str, args: &[&str]) -> anyhow::Result<String> {
        let config = self.folder.join("hq.toml");
        let done = Command::new(binary("outpost-hq")?)
            .args(["store", verb, "--config"])
            .arg(config)
            .args(args)
            .output()
            .context("outpost-hq does not start")?;
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        anyhow::ensure!(done.status.success(), "store {verb}: {said}");
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    }

    /// SIGKILL, and nothing else.
    pub fn kill(&mut self) {
        self.daemon.kill();
    }

    /// Starts it again where it was left, at the same addresses.
    ///
    /// # Errors
    /// When it does not open.
    pub fn restart(self) -> anyhow::Result<Self> {
        let (folder, listen, sync) = (self.folder.clone(), self.listen.clone(), self.sync.clone());
        drop(self);
        Self::start_at(&folder, &listen, &sync)
    }

    /// What it logged.
    #[must_use]
    pub fn log(&self) -> String {
        self.daemon.log()
    }
}

impl Deref for Headquarters {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

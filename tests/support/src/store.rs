//! A store: the real daemon with a folder of its own.

use crate::client::Client;
use crate::hq::Enrolled;
use crate::process::Daemon;
use std::fmt::Write;
use std::ops::Deref;
use std::path::{Path, PathBuf};

/// What a store is set up with.
#[derive(Clone, Debug, Default)]
pub struct StoreSetup {
    /// Device tables, in TOML.
    pub devices: String,
    /// Where headquarters is, if there is one.
    pub hq: Option<Enrolled>,
    /// Where to listen; any free port where nothing is said.
    pub listen: Option<String>,
    /// The in-store bus.
    pub mqtt_url: Option<String>,
    /// The language of paper and screens.
    pub locale: Option<String>,
    /// Further keys of `[store]`, in TOML; `id` here makes it another store than `demo`.
    pub keys: Vec<(String, String)>,
}

/// A running store.
pub struct Store {
    daemon: Daemon,
    client: Client,
    folder: PathBuf,
    setup: StoreSetup,
}

impl StoreSetup {
    /// Adds a device.
    #[must_use]
    pub fn device(mut self, id: &str, uri: &str, station: &str) -> Self {
        let _ = writeln!(
            self.devices,
            "[[device]]\nid = \"{id}\"\nuri = \"{uri}\"\nstation = \"{station}\"\n"
        );
        self
    }

    /// Sets a key of `[store]` to a TOML value.
    #[must_use]
    pub fn key(mut self, name: &str, value: &str) -> Self {
        self.keys.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a table of the configuration, in TOML.
    #[must_use]
    pub fn table(mut self, name: &str, keys: &str) -> Self {
        let _ = writeln!(self.devices, "[{name}]\n{keys}");
        self
    }

    /// Enrols the store at headquarters.
    #[must_use]
    pub fn hq(mut self, hq: Enrolled) -> Self {
        self.hq = Some(hq);
        self
    }

    fn toml(&self, data: &Path) -> String {
        let named = self.keys.iter().find(|(name, _)| name == "id");
        let own = named.map_or("demo", |(_, id)| id.as_str());
        let id = self.hq.as_ref().map_or(own, |hq| &hq.id);
        let keys = self.keys.iter().filter(|(name, _)| name != "id");
        let keys: String = keys.map(|(name, value)| format!("{name} = {value}\n")).collect();
        let name = self.hq.as_ref().map_or("Corner shop", |hq| &hq.name);
        let listen = self.listen.as_deref().unwrap_or("127.0.0.1:0");
        let locale = self.locale.as_deref().unwrap_or("en");
        let mut text = format!(
            "[store]\nid = \"{id}\"\nname = \"{name}\"\nlocale = \"{locale}\"\n{keys}\
             receipt_lines = [\"1 Market Square\", \"VAT DE000000000\"]\n\
             [http]\nlisten = \"{listen}\"\n[data]\ndir = \"{}\"\n",
            data.display()
        );
        if self.hq.is_some() || self.mqtt_url.is_some() {
            text.push_str("[hq]\n");
        }
        if let Some(hq) = &self.hq {
            let _ = writeln!(
                text,
                "url = \"{}\"\ncertificate = \"{}\"\nkey = \"{}\"\nca = \"{}\"",
                hq.url,
                hq.folder.join("store.crt").display(),
                hq.folder.join("store.key").display(),
                hq.folder.join("ca.crt").display(),
            );
        }
        if let Some(url) = &self.mqtt_url {
            let _ = writeln!(text, "mqtt_url = \"{url}\"");
        }
        text + &self.devices
    }
}

impl Store {
    /// Starts a store in a folder; it opens again where it was left.
    ///
    /// # Errors
    /// When it does not open.
    pub fn start(folder: &Path, setup: StoreSetup) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let config = folder.join("edge.toml");
        std::fs::write(&config, setup.toml(&folder.join("data")))?;
        let args = ["run", "--config", &config.display().to_string()];
        let (daemon, opened) = Daemon::start("outpost", &args, &folder.join("log"))?;
        let address = opened["address"].as_str().unwrap_or_default();
        let client = Client::new(&format!("http://{address}"))?;
        Ok(Self { daemon, client, folder: folder.to_path_buf(), setup })
    }

    /// SIGKILL, and nothing else.
    pub fn kill(&mut self) {
        self.daemon.kill();
    }

    /// SIGTERM, and waits until it closed.
    ///
    /// # Errors
    /// When it does not.
    pub fn stop(&mut self) -> anyhow::Result<()> {
        self.daemon.stop()
    }

    /// Starts it again where it was left.
    ///
    /// # Errors
    /// When it does not open.
    pub fn restart(self) -> anyhow::Result<Self> {
        let (folder, setup) = (self.folder.clone(), self.setup.clone());
        drop(self);
        Self::start(&folder, setup)
    }

    /// Its data folder.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// What it logged.
    #[must_use]
    pub fn log(&self) -> String {
        self.daemon.log()
    }

    /// Its process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.daemon.pid()
    }
}

impl Deref for Store {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

//! `outpost-hq store ...`: works beside a server that runs.

use crate::config::Config;
use crate::http::shapes::rfc3339;
use crate::pki::{Authority, write_public, write_secret};
use crate::server::open_store;
use crate::system::{SystemClock, SystemEntropy};
use anyhow::{Context, Result};
use clap::Subcommand;
use cloud_sync_store::{NewStore, Store, StoreError};
use edge_domain::ids::{StoreId, mint};
use edge_domain::money::Currency;
use edge_domain::time::Clock;
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Adds a store and issues its certificate.
    Add {
        /// The configuration file.
        #[arg(long, default_value = "hq.toml")]
        config: PathBuf,
        /// What people call it.
        #[arg(long)]
        name: String,
        /// Its id, a UUID; a new one if not given.
        #[arg(long)]
        id: Option<StoreId>,
        /// What it sells in (ISO 4217).
        #[arg(long, default_value = "EUR")]
        currency: Currency,
        /// Where store.crt, store.key, ca.crt and edge-hq.toml go.
        #[arg(long)]
        out: PathBuf,
    },
    /// Lists the stores.
    List {
        /// The configuration file.
        #[arg(long, default_value = "hq.toml")]
        config: PathBuf,
    },
    /// Shuts a store out, at once and for good.
    Revoke {
        /// The configuration file.
        #[arg(long, default_value = "hq.toml")]
        config: PathBuf,
        /// Which store.
        #[arg(long)]
        id: StoreId,
    },
    /// Lifts a quarantine, after a person has looked.
    Release {
        /// The configuration file.
        #[arg(long, default_value = "hq.toml")]
        config: PathBuf,
        /// Which store.
        #[arg(long)]
        id: StoreId,
    },
}

impl Verb {
    pub(super) fn config(&self) -> &PathBuf {
        match self {
            Self::Add { config, .. }
            | Self::List { config }
            | Self::Revoke { config, .. }
            | Self::Release { config, .. } => config,
        }
    }

    pub(super) fn run(self, config: &Config) -> Result<()> {
        let store = open_store(config)?;
        match self {
            Self::Add { name, id, currency, out, .. } => {
                let id = id.unwrap_or_else(|| StoreId::new(mint(&SystemClock, &SystemEntropy)));
                add(config, &store, &NewStore { id, name, currency }, &out)
            }
            Self::List { .. } => list(&store),
            Self::Revoke { id, .. } => {
                store.revoke(id, SystemClock.now())?;
                println!("{id} is revoked. It keeps selling; headquarters takes nothing from it.");
                Ok(())
            }
            Self::Release { id, .. } => {
                store.release(id)?;
                println!("{id} may speak again.");
                Ok(())
            }
        }
    }
}

fn add(config: &Config, store: &dyn Store, new: &NewStore, out: &Path) -> Result<()> {
    std::fs::create_dir_all(out).with_context(|| format!("{}", out.display()))?;
    if store.store(new.id)?.is_some() {
        return Err(StoreError::StoreExists(new.id).into());
    }
    let (clock, entropy) = (SystemClock, SystemEntropy);
    let authority = Authority::open(&config.tls_dir(), &clock, &entropy)?;
    let issued = authority.issue(new.id, &clock, &entropy)?;
    // The files first: a row whose key was never written could not be added again.
    write_secret(&out.join("store.key"), &issued.key_pem)?;
    write_public(&out.join("store.crt"), &issued.certificate_pem)?;
    write_public(&out.join("ca.crt"), authority.certificate_pem())?;
    write_public(&out.join("edge-hq.toml"), &snippet(config, new))?;
    store.add_store(new, clock.now())?;
    store.add_certificate(new.id, &issued.record)?;
    println!("{} ({})", new.name, new.id);
    println!("Take the files in {} to the store, then delete store.key here.", out.display());
    Ok(())
}

/// What goes into the store's configuration.
fn snippet(config: &Config, new: &NewStore) -> String {
    let name = config.sync_names.first().map_or("localhost", String::as_str);
    let port = config.sync_listen.port();
    let host = if name.contains(':') { format!("[{name}]") } else { name.to_owned() };
    let mut store = toml::Table::new();
    store.insert("id".into(), new.id.to_string().into());
    store.insert("name".into(), new.name.clone().into());
    store.insert("currency".into(), new.currency.to_string().into());
    let mut hq = toml::Table::new();
    hq.insert("url".into(), format!("https://{host}:{port}").into());
    for (key, file) in [("certificate", "store.crt"), ("key", "store.key"), ("ca", "ca.crt")] {
        hq.insert(key.into(), file.into());
    }
    let mut table = toml::Table::new();
    table.insert("store".into(), store.into());
    table.insert("hq".into(), hq.into());
    format!("# For the store's configuration; the files lie beside this one.\n{table}")
}

fn list(store: &dyn Store) -> Result<()> {
    for row in store.stores()? {
        let state = match (&row.revoked_at, &row.quarantine) {
            (Some(_), _) => "revoked".to_owned(),
            (None, Some(why)) => format!("quarantined: {} ({})", why.reason, why.code),
            (None, None) => "good".to_owned(),
        };
        let seen = row.last_seen.map_or_else(|| "never seen".to_owned(), rfc3339);
        let (id, name, epoch, acked) = (row.id, &row.name, row.epoch, row.acked.seq);
        println!("{id}\t{name}\tepoch {epoch}\t{acked} entries\t{seen}\t{state}");
    }
    Ok(())
}

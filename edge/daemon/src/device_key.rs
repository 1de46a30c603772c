//! The store's device key on disk: made at the first start, readable by the store alone.

use anyhow::Context;
use edge_app::Seal;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Opens the device key of a data folder, making one at the first start.
pub(crate) fn open(data: &Path) -> anyhow::Result<Seal> {
    let path = data.join("device.key");
    if !path.exists() {
        let fresh = data.join("device.key.new");
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&fresh)
            .with_context(|| format!("{} cannot be written", fresh.display()))?;
        file.write_all(&Seal::generate()?)?;
        file.sync_all()?;
        std::fs::rename(&fresh, &path)?;
        std::fs::File::open(data)?.sync_all()?;
    }
    read(data)
}

/// The device key of a data folder.
pub(crate) fn read(data: &Path) -> anyhow::Result<Seal> {
    let path = data.join("device.key");
    let key = std::fs::read(&path).with_context(|| format!("there is no {}", path.display()))?;
    Seal::of(&key).with_context(|| format!("{}", path.display()))
}

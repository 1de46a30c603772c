//! `outpost doctor`: what stands between this store and its work, each with what to do.

use crate::config::Config;
use crate::device::examine;
use std::fs::File;
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

/// Less than this and a busy day may not fit, in bytes.
const ROOM_MIN: u64 = 512 << 20;

pub(crate) fn run(config: &Config) -> anyhow::Result<()> {
    let mut complaints = folder(&config.data);
    complaints.extend(examine(&config.devices));
    let running = TcpStream::connect_timeout(&config.listen, Duration::from_secs(1)).is_ok();
    println!(
        "store {} ({}), {} at {}, data in {}",
        config.shop.seller.name,
        config.store,
        if running { "running" } else { "not running" },
        config.listen,
        config.data.display()
    );
    if let Some(link) = &config.link {
        complaints.extend(files(&[
            &link.credentials.certificate,
            &link.credentials.key,
            &link.credentials.authority,
        ]));
    }
    for complaint in &complaints {
        println!("! {complaint}");
    }
    if complaints.is_empty() {
        println!("Everything is as it should be.");
        return Ok(());
    }
    anyhow::bail!("{} to look after", complaints.len())
}

/// Whether the ledger's folder can be written, and has room.
fn folder(data: &Path) -> Vec<String> {
    let name = data.display();
    if !data.exists() {
        println!("{name} is not there yet: it is made when the store first runs.");
        return vec![];
    }
    let mut complaints = Vec::new();
    if let Err(error) = tempfile_in(data) {
        complaints.push(format!(
            "{name} cannot be written ({error}): the store would refuse to sell. Give the folder \
             to the service's user, or mount the disk writable."
        ));
    }
    match nix::sys::statvfs::statvfs(data) {
        Ok(disk) => {
            let room = disk.blocks_available().saturating_mul(disk.fragment_size());
            if room < ROOM_MIN {
                let left = room >> 20;
                complaints.push(format!("Only {left} MiB are left at {name}: make room."));
            }
        }
        Err(error) => complaints.push(format!("{name}: {error}")),
    }
    complaints
}

fn tempfile_in(folder: &Path) -> std::io::Result<()> {
    let probe = folder.join(format!("doctor-{}", std::process::id()));
    File::options().write(true).create_new(true).open(&probe)?;
    std::fs::remove_file(probe)
}

fn files(paths: &[&Path]) -> Vec<String> {
    let missing = |path: &&&Path| File::open(path).is_err();
    let says = |path: &&Path| {
        format!("{} cannot be read: `outpost enrol` writes it anew.", path.display())
    };
    paths.iter().filter(missing).map(says).collect()
}

#[cfg(test)]
mod tests {
    use super::folder;

    #[test]
    fn a_folder_that_can_be_written_is_no_complaint() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(folder(dir.path()), Vec::<String>::new());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "nothing is left behind");
        assert_eq!(folder(&dir.path().join("none")), Vec::<String>::new(), "it will be made");
    }
}

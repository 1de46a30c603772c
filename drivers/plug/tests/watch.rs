//! Links and uevents ring.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Duration;

use drivers_plug::Watch;

const PATIENCE: Duration = Duration::from_secs(10);

fn watch(path: &Path) -> (Watch, mpsc::Receiver<()>) {
    let (ring, rings) = mpsc::channel();
    let watch = Watch::start(&[path.to_owned()], move || {
        let _ = ring.send(());
    })
    .expect("a watch");
    (watch, rings)
}

/// Both tests make the machine speak, and each would hear the other.
static ALONE: Mutex<()> = Mutex::new(());

#[test]
fn a_link_that_comes_or_goes_rings_and_others_do_not() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("outpost").join("scanner");
    let (_watch, rings) = watch(&path);
    // The folder comes with the first device in it, and goes with the last.
    for _ in 0..3 {
        fs::create_dir(folder.path().join("outpost")).unwrap();
        rings.recv_timeout(PATIENCE).expect("the folder came");
        while rings.recv_timeout(Duration::from_millis(200)).is_ok() {}
        symlink("/dev/null", path.with_extension("new")).unwrap();
        fs::rename(path.with_extension("new"), &path).unwrap();
        rings.recv_timeout(PATIENCE).expect("the link came");
        fs::remove_file(&path).unwrap();
        rings.recv_timeout(PATIENCE).expect("the link went");
        fs::remove_dir(folder.path().join("outpost")).unwrap();
        rings.recv_timeout(PATIENCE).expect("the folder went");
        while rings.recv_timeout(Duration::from_millis(200)).is_ok() {}
    }
    fs::write(folder.path().join("other"), "x").unwrap();
    let said = rings.recv_timeout(Duration::from_millis(300));
    // On a machine where something real is plugged in this moment, a ring is right.
    assert!(said.is_err(), "a file that nobody asked for is no device");
}

/// The kernel's own word: it repeats an event for whoever may write to a device's `uevent` file.
#[test]
fn the_kernels_uevent_rings() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let (_watch, rings) = watch(&folder.path().join("none"));
    let Ok(()) = fs::write("/sys/class/tty/tty0/uevent", "change") else {
        println!("only root may let the kernel speak: not tried");
        return;
    };
    rings.recv_timeout(PATIENCE).expect("the kernel spoke");
}

//! Waits for something to be plugged in: by the kernel's word, or by a link that appears.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsString;
use std::io;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

use drivers_contract::{Place, Stop};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::inotify::{AddWatchFlags, InitFlags, Inotify, WatchDescriptor};

use crate::uevent::UeventSocket;

/// Watches until it is dropped.
pub struct Watch {
    stop: Stop,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Calls `ring` whenever a device was plugged in or pulled: by uevents for all of them, and by
    /// the links at these paths, which udev makes a moment after the kernel spoke. Where uevents
    /// may not be heard, the links are enough.
    ///
    /// # Errors
    /// If the system gives neither.
    pub fn start(paths: &[PathBuf], ring: impl Fn() + Send + 'static) -> io::Result<Self> {
        let uevents = UeventSocket::open().ok();
        let mut links = Links::new(paths)?;
        links.refresh();
        let stop = Stop::new();
        let flag = stop.clone();
        let thread = std::thread::Builder::new().name("plug-watch".into()).spawn(move || {
            while !flag.is_stopped() {
                if turn(uevents.as_ref(), &mut links) {
                    ring();
                }
            }
        })?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.stop();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Waits a little; answers whether something was plugged.
fn turn(uevents: Option<&UeventSocket>, links: &mut Links) -> bool {
    let timeout = u16::try_from(Stop::LATENCY.as_millis()).unwrap_or(100);
    let mut fds = vec![PollFd::new(links.inotify.as_fd(), PollFlags::POLLIN)];
    fds.extend(uevents.map(|socket| PollFd::new(socket.0.as_fd(), PollFlags::POLLIN)));
    match poll(&mut fds, PollTimeout::from(timeout)) {
        Ok(0) | Err(Errno::EINTR) => return false,
        Ok(_) => {}
        Err(_) => {
            std::thread::sleep(Stop::LATENCY);
            return false;
        }
    }
    let linked = links.heard();
    let plugged = uevents.is_some_and(UeventSocket::heard);
    linked || plugged
}

/// The names that devices may appear under, by the folders in which they would.
struct Links {
    inotify: Inotify,
    wanted: BTreeMap<PathBuf, BTreeSet<OsString>>,
    watched: HashMap<WatchDescriptor, PathBuf>,
}

impl Links {
    fn new(paths: &[PathBuf]) -> io::Result<Self> {
        let inotify = Inotify::init(InitFlags::IN_CLOEXEC | InitFlags::IN_NONBLOCK)?;
        let mut wanted: BTreeMap<PathBuf, BTreeSet<OsString>> = BTreeMap::new();
        let nodes = paths.iter().filter_map(|path| match Place::of(path) {
            Some(Place::Node(node)) => Some(node),
            _ => None,
        });
        for node in nodes {
            // The folder too: udev takes it away with the last link in it.
            for path in node.ancestors().take(2) {
                if let (Some(folder), Some(name)) = (path.parent(), path.file_name()) {
                    wanted.entry(folder.to_owned()).or_default().insert(name.to_owned());
                }
            }
        }
        Ok(Self { inotify, wanted, watched: HashMap::new() })
    }

    /// Watches the folders that are there.
    fn refresh(&mut self) {
        let flags = AddWatchFlags::IN_CREATE
            | AddWatchFlags::IN_MOVED_TO
            | AddWatchFlags::IN_DELETE
            | AddWatchFlags::IN_ATTRIB
            | AddWatchFlags::IN_ONLYDIR;
        for folder in self.wanted.keys() {
            if let Ok(watch) = self.inotify.add_watch(folder.as_path(), flags) {
                self.watched.insert(watch, folder.clone());
            }
        }
    }

    fn heard(&mut self) -> bool {
        let mut heard = false;
        while let Ok(events) = self.inotify.read_events() {
            for event in &events {
                if event.mask.contains(AddWatchFlags::IN_Q_OVERFLOW) {
                    heard = true;
                }
                if event.mask.contains(AddWatchFlags::IN_IGNORED) {
                    self.watched.remove(&event.wd);
                    continue;
                }
                let folder = self.watched.get(&event.wd).map(PathBuf::as_path);
                heard |= self.is_wanted(folder, event.name.as_ref());
            }
            if events.is_empty() {
                break;
            }
        }
        if heard {
            self.refresh();
        }
        heard
    }

    fn is_wanted(&self, folder: Option<&Path>, name: Option<&OsString>) -> bool {
        let names = folder.and_then(|folder| self.wanted.get(folder));
        names.zip(name).is_some_and(|(names, name)| names.contains(name))
    }
}

//! Hands on what is played: lines of text, typed in a shell or sent to a socket. Each line is
//! answered by `ok`, by what there is to say, or by `error: ` and the reason; what becomes visible
//! meanwhile is told to everybody who listens.

use super::play::Play;
use std::fmt;
use std::fs;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often a stage looks at what is played, and at its door.
const LOOK: Duration = Duration::from_millis(20);
/// How long a listener may take no bytes before nobody speaks to it any more.
const DEAF: Duration = Duration::from_millis(500);
/// How many may have their hands on one device.
const HANDS_MAX: usize = 8;
/// The longest line; the longest code that is scanned is shorter.
const LINE_BYTES_MAX: u64 = 8 << 10;

/// Where hands reach a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HandsAddress {
    /// A Unix socket, for its owner alone.
    Unix(PathBuf),
    /// A port of this machine; never another's.
    Tcp(SocketAddr),
}

impl FromStr for HandsAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let path = PathBuf::from(text);
        if path.is_absolute() {
            return Ok(Self::Unix(path));
        }
        let address = text.parse().ok().filter(|a: &SocketAddr| a.ip().is_loopback());
        address.filter(|address| address.port() != 0).map(Self::Tcp).ok_or_else(|| {
            format!(
                "hands=\"{text}\": an absolute path or a loopback address is needed, as \
                 /run/outpost/scanner or 127.0.0.1:7001"
            )
        })
    }
}

impl fmt::Display for HandsAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => path.display().fmt(f),
            Self::Tcp(address) => address.fmt(f),
        }
    }
}

/// Where somebody is told what happens.
type Ear = Arc<Mutex<Box<dyn Write + Send>>>;

/// What is played, and everybody around it.
pub(crate) struct Stage {
    /// What a newcomer is told first: where the device is, and which words it knows.
    greeting: String,
    play: Mutex<Box<dyn Play>>,
    ears: Mutex<Vec<Ear>>,
    closed: AtomicBool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn tell(ear: &Ear, text: &str) -> io::Result<()> {
    let mut ear = lock(ear);
    writeln!(ear, "{text}")?;
    ear.flush()
}

impl Stage {
    /// A device at this place.
    pub(crate) fn new(place: &str, play: Box<dyn Play>) -> Arc<Self> {
        let greeting = format!("{place}\n{}", play.words());
        let (play, ears) = (Mutex::new(play), Mutex::default());
        Arc::new(Self { greeting, play, ears, closed: AtomicBool::new(false) })
    }

    /// Listens to what is typed in this shell, and shows what happens, until the process ends.
    pub(crate) fn in_shell(self: &Arc<Self>) {
        let ear: Ear = Arc::new(Mutex::new(Box::new(io::stdout())));
        self.welcome(&ear);
        let stage = self.clone();
        std::thread::spawn(move || stage.listen(io::stdin(), &ear));
        self.look_on(None);
    }

    /// Opens a door for hands.
    ///
    /// # Errors
    /// If the address cannot be had.
    pub(crate) fn open(self: &Arc<Self>, at: &HandsAddress) -> io::Result<JoinHandle<()>> {
        let (door, stage) = (Door::open(at)?, self.clone());
        let thread = std::thread::Builder::new().name("sim-stage".into());
        thread.spawn(move || stage.look_on(Some(&door)))
    }

    /// Ends everything that goes on here.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    fn welcome(&self, ear: &Ear) {
        if tell(ear, &self.greeting).is_ok() {
            lock(&self.ears).push(ear.clone());
        }
    }

    /// Tells everybody what becomes visible, and lets in who knocks.
    fn look_on(self: &Arc<Self>, door: Option<&Door>) {
        while !self.is_closed() {
            if let Some((ear, hands)) = door.and_then(Door::knock) {
                self.let_in(ear, hands);
            }
            let news = lock(&self.play).news();
            for text in news {
                let ears = lock(&self.ears).clone();
                let deaf: Vec<Ear> =
                    ears.into_iter().filter(|ear| tell(ear, &text).is_err()).collect();
                self.leave(&deaf);
            }
            std::thread::sleep(LOOK);
        }
    }

    fn let_in(self: &Arc<Self>, ear: Ear, hands: Box<dyn Read + Send>) {
        if lock(&self.ears).len() >= HANDS_MAX {
            let _ = tell(&ear, "error: too many hands are on this device; let one go first");
            return;
        }
        self.welcome(&ear);
        let (stage, thread) = (self.clone(), std::thread::Builder::new().name("sim-hands".into()));
        // Nobody who could be told is harmed: a visitor is hung up on.
        let _ = thread.spawn(move || {
            stage.listen(hands, &ear);
            stage.leave(&[ear]);
        });
    }

    fn leave(&self, gone: &[Ear]) {
        lock(&self.ears).retain(|ear| !gone.iter().any(|gone| Arc::ptr_eq(ear, gone)));
    }

    /// Does line after line, until there are no more.
    fn listen(&self, hands: impl Read, ear: &Ear) {
        let mut hands = BufReader::new(hands);
        let mut line = Vec::new();
        while !self.is_closed() {
            match hands.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line) {
                Ok(0) => return,
                Ok(_) if line.ends_with(b"\n") || line.len() < usize_max() => {}
                Ok(_) => {
                    let _ = tell(ear, "error: no such long line is understood");
                    return;
                }
                // Nothing was said for a while: whether the stage is still open is looked at.
                Err(error) if is_pause(&error) => continue,
                Err(_) => return,
            }
            let text = String::from_utf8_lossy(&std::mem::take(&mut line)).trim().to_owned();
            if text.ends_with(" HTTP/1.1") {
                // A page in a browser has no hands here.
                return;
            }
            if !text.is_empty() {
                // Hands may be heard that do not listen, as behind a pipe that was closed.
                let _ = tell(ear, &self.does(&text));
            }
        }
    }

    fn does(&self, line: &str) -> String {
        match lock(&self.play).hand(line) {
            Ok(said) => said.unwrap_or_else(|| "ok".into()),
            Err(error) => format!("error: {error:#}"),
        }
    }
}

fn usize_max() -> usize {
    usize::try_from(LINE_BYTES_MAX).unwrap_or(usize::MAX)
}

fn is_pause(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}

/// A socket at which hands knock; a Unix one takes its name away with it.
enum Door {
    Unix(UnixListener, PathBuf),
    Tcp(TcpListener),
}

type Visitor = (Ear, Box<dyn Read + Send>);

impl Door {
    fn open(at: &HandsAddress) -> io::Result<Self> {
        match at {
            HandsAddress::Unix(path) => {
                clear(path)?;
                let listener = UnixListener::bind(path)?;
                fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
                listener.set_nonblocking(true)?;
                Ok(Self::Unix(listener, path.clone()))
            }
            HandsAddress::Tcp(address) => {
                let listener = TcpListener::bind(address)?;
                listener.set_nonblocking(true)?;
                Ok(Self::Tcp(listener))
            }
        }
    }

    /// Who stands at the door, if somebody does.
    fn knock(&self) -> Option<Visitor> {
        let visitor = || -> io::Result<Visitor> {
            match self {
                Self::Unix(listener, _) => {
                    let (stream, _) = listener.accept()?;
                    stream.set_nonblocking(false)?;
                    stream.set_read_timeout(Some(DEAF))?;
                    stream.set_write_timeout(Some(DEAF))?;
                    let ear: Ear = Arc::new(Mutex::new(Box::new(stream.try_clone()?)));
                    Ok((ear, Box::new(stream)))
                }
                Self::Tcp(listener) => {
                    let (stream, _) = listener.accept()?;
                    stream.set_nonblocking(false)?;
                    stream.set_read_timeout(Some(DEAF))?;
                    stream.set_write_timeout(Some(DEAF))?;
                    let ear: Ear = Arc::new(Mutex::new(Box::new(stream.try_clone()?)));
                    Ok((ear, Box::new(stream)))
                }
            }
        };
        visitor().ok()
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        if let Self::Unix(_, path) = self {
            let _ = fs::remove_file(path);
        }
    }
}

/// Takes away the socket that a killed store left; never anything else, and none that is in use.
fn clear(path: &Path) -> io::Result<()> {
    match path.symlink_metadata() {
        Ok(meta) if meta.file_type().is_socket() => {
            if UnixStream::connect(path).is_ok() {
                let why = format!("{} is another device's", path.display());
                return Err(io::Error::new(ErrorKind::AddrInUse, why));
            }
            fs::remove_file(path)
        }
        Ok(_) => {
            let why = format!("{} is there and is no socket", path.display());
            Err(io::Error::new(ErrorKind::AlreadyExists, why))
        }
        Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says what it was told, and shows it.
    struct Echo(Vec<String>);

    impl Play for Echo {
        fn words(&self) -> &'static str {
            "anything"
        }

        fn hand(&mut self, line: &str) -> anyhow::Result<Option<String>> {
            anyhow::ensure!(line != "bad", "that is bad");
            self.0.push(format!("seen {line}"));
            Ok((line == "ask").then(|| "answered".into()))
        }

        fn news(&mut self) -> Vec<String> {
            std::mem::take(&mut self.0)
        }
    }

    fn stage() -> (Arc<Stage>, tempfile::TempDir, HandsAddress) {
        let folder = tempfile::tempdir().unwrap();
        let at = HandsAddress::Unix(folder.path().join("hands"));
        (Stage::new("tcp://h:1", Box::new(Echo(vec![]))), folder, at)
    }

    fn connect(at: &HandsAddress) -> (UnixStream, impl Iterator<Item = String> + use<>) {
        let HandsAddress::Unix(path) = at else { panic!() };
        let stream = UnixStream::connect(path).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
        (stream, lines)
    }

    #[test]
    fn lines_are_answered_and_news_is_everybodys() {
        let (stage, _folder, at) = stage();
        let thread = stage.open(&at).unwrap();
        let (mut own, mut heard) = connect(&at);
        let (_other, mut overheard) = connect(&at);
        let greeting = ["tcp://h:1", "anything"];
        assert_eq!([heard.next().unwrap(), heard.next().unwrap()], greeting);
        assert_eq!([overheard.next().unwrap(), overheard.next().unwrap()], greeting);
        own.write_all(b"bad\n\nask\n").unwrap();
        assert_eq!(heard.next().unwrap(), "error: that is bad");
        assert_eq!(heard.next().unwrap(), "answered");
        assert_eq!(heard.next().unwrap(), "seen ask");
        assert_eq!(overheard.next().unwrap(), "seen ask");
        let HandsAddress::Unix(path) = &at else { panic!() };
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(stage.open(&at).is_err(), "it is in use");
        stage.close();
        thread.join().unwrap();
        assert!(!path.exists(), "it takes its name away");
        fs::write(path, "mine").unwrap();
        assert!(stage.open(&at).is_err());
        assert_eq!(fs::read_to_string(path).unwrap(), "mine", "what is no socket stays");
    }

    #[test]
    fn a_page_in_a_browser_has_no_hands_and_no_line_is_endless() {
        let (stage, _folder, at) = stage();
        let thread = stage.open(&at).unwrap();
        let (mut page, heard) = connect(&at);
        page.write_all(b"POST / HTTP/1.1\r\n\r\nask\n").unwrap();
        assert_eq!(heard.count(), 2, "the greeting, and then nothing");
        let (mut long, heard) = connect(&at);
        long.write_all(&vec![b'x'; 9 << 10]).unwrap();
        assert_eq!(heard.last().unwrap(), "error: no such long line is understood");
        stage.close();
        thread.join().unwrap();
    }

    #[test]
    fn eight_pairs_of_hands_are_enough() {
        let (stage, _folder, at) = stage();
        let thread = stage.open(&at).unwrap();
        let mut held: Vec<_> = (0..HANDS_MAX).map(|_| connect(&at)).collect();
        held.iter_mut().for_each(|(_, heard)| assert_eq!(heard.next().unwrap(), "tcp://h:1"));
        let (_ninth, mut heard) = connect(&at);
        assert!(heard.next().unwrap().starts_with("error: too many hands"));
        assert_eq!(heard.next(), None);
        stage.close();
        thread.join().unwrap();
    }
}

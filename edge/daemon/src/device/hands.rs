//! Hands on a device that a store plays, from a shell.

use crate::stand_in::HandsAddress;
use anyhow::Context;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::unix::net::UnixStream;

pub(crate) fn run(address: &str) -> anyhow::Result<()> {
    // In a shell, a path may be said from where one stands.
    let path = std::path::absolute(address).ok().filter(|path| path.exists());
    let at = path.map_or_else(|| address.parse(), |path| Ok(HandsAddress::Unix(path)));
    let at = at.map_err(anyhow::Error::msg)?;
    let away = || format!("nobody plays a device at {at}: is the store running?");
    match &at {
        HandsAddress::Unix(path) => {
            let stream = UnixStream::connect(path).with_context(away)?;
            let hear = stream.try_clone()?;
            between(hear, &stream, || stream.shutdown(Shutdown::Write))
        }
        HandsAddress::Tcp(address) => {
            let stream = TcpStream::connect(address).with_context(away)?;
            let hear = stream.try_clone()?;
            between(hear, &stream, || stream.shutdown(Shutdown::Write))
        }
    }
}

/// Passes lines on in both directions. It ends with the last answer, or when the device goes.
fn between(
    mut hear: impl Read + Send + 'static,
    mut say: impl Write,
    end: impl FnOnce() -> io::Result<()>,
) -> anyhow::Result<()> {
    let ears = std::thread::spawn(move || io::copy(&mut hear, &mut io::stdout()));
    io::copy(&mut io::stdin(), &mut say)?;
    end()?;
    let _ = ears.join();
    Ok(())
}

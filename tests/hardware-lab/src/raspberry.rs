//! A Raspberry Pi in QEMU, watched from outside: what the store inside says it does with a lamp,
//! pin 17 of the chip must do.
//!
//! `raspberry/init` is the story, told over the serial line (`expect:` and `done:`); this program
//! reads the chip's registers through QEMU's monitor meanwhile, and compares. It knows nothing of
//! the store. One line a check, a closing one, an error if anything did not hold.
//!
//! Registers: BCM2835 ARM Peripherals, 6.1, at the Pi 3's address.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// GPFSEL1: three bits a pin from 10 on; 1 is an output.
const FUNCTIONS: u32 = 0x3f20_0004;
/// GPLEV0: a bit a pin.
const LEVELS: u32 = 0x3f20_0034;
const PIN: u32 = 17;
/// 40 s were measured on two loaded cores; a machine that hangs must end.
const PATIENCE: Duration = Duration::from_secs(600);

/// What the pin does to a lamp that hangs on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lamp {
    Dark,
    Lit,
}

impl fmt::Display for Lamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::Lit { "lit" } else { "dark" })
    }
}

/// The machine: its serial line and its monitor.
struct Machine {
    qemu: Child,
    serial: Receiver<String>,
    monitor: UnixStream,
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = self.qemu.kill();
        let _ = self.qemu.wait();
    }
}

impl Machine {
    fn boot(mut log: File, command: &[String]) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let socket = folder.path().join("monitor");
        let (program, arguments) = command.split_first().ok_or(io::ErrorKind::InvalidInput)?;
        let mut qemu = Command::new(program)
            .args(arguments)
            .args(["-display", "none", "-serial", "stdio", "-monitor"])
            .arg(format!("unix:{},server=on,wait=off", socket.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let out = qemu.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let (lines, serial) = channel();
        thread::spawn(move || {
            for line in BufReader::new(out).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).trim_end().to_owned();
                if writeln!(log, "{line}").is_err() || lines.send(line).is_err() {
                    return;
                }
            }
        });
        let begun = Instant::now();
        let mut monitor = loop {
            match UnixStream::connect(&socket) {
                Ok(monitor) => break monitor,
                Err(_) if begun.elapsed() < PATIENCE / 20 && qemu.try_wait()?.is_none() => {
                    thread::sleep(Duration::from_millis(20));
                }
                Err(error) => return Err(error),
            }
        };
        monitor.set_read_timeout(Some(PATIENCE / 20))?;
        said(&mut monitor)?;
        Ok(Self { qemu, serial, monitor })
    }

    /// A register of the chip.
    fn register(&mut self, address: u32) -> io::Result<u32> {
        writeln!(self.monitor, "xp /1wx {address:#x}")?;
        let answer = said(&mut self.monitor)?;
        let value = answer.rsplit_once(": 0x").and_then(|(_, rest)| rest.get(..8));
        let value = value.and_then(|hex| u32::from_str_radix(hex, 16).ok());
        value.ok_or_else(|| io::Error::other(format!("the monitor said {answer:?}")))
    }

    fn lamp(&mut self, lit_when_high: bool) -> io::Result<Lamp> {
        let output = self.register(FUNCTIONS)? >> (3 * (PIN - 10)) & 7 == 1;
        let high = self.register(LEVELS)? >> PIN & 1 == 1;
        Ok(if output && high == lit_when_high { Lamp::Lit } else { Lamp::Dark })
    }
}

/// What the monitor says, to its next prompt.
fn said(monitor: &mut UnixStream) -> io::Result<String> {
    let (mut text, mut buffer) = (Vec::new(), [0; 1_024]);
    while !text.ends_with(b"(qemu) ") {
        let count = monitor.read(&mut buffer)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        text.extend_from_slice(&buffer[..count]);
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// A check under way.
struct Check {
    name: String,
    lit_when_high: bool,
    expected: String,
    seen: Vec<(Lamp, Instant)>,
}

impl Check {
    /// `high NAME = dark lit dark`
    fn read(text: &str) -> Option<Self> {
        let (name, expected) = text.split_once(" = ")?;
        let (polarity, name) = name.split_once(' ')?;
        let (name, expected) = (name.to_owned(), expected.to_owned());
        Some(Self { name, lit_when_high: polarity == "high", expected, seen: Vec::new() })
    }

    fn look(&mut self, machine: &mut Machine) -> io::Result<()> {
        let lamp = machine.lamp(self.lit_when_high)?;
        if self.seen.last().is_none_or(|(last, _)| *last != lamp) {
            self.seen.push((lamp, Instant::now()));
        }
        Ok(())
    }

    /// Says whether it held; `code` is what the check inside found.
    fn close(self, code: &str) -> bool {
        let states: Vec<String> = self.seen.iter().map(|(lamp, _)| lamp.to_string()).collect();
        let states = states.join(" ");
        let lit = self.seen.windows(2).find(|pair| pair[0].0 == Lamp::Lit);
        let lit = lit.map(|pair| pair[1].1.duration_since(pair[0].1).as_millis());
        let lit = lit.map_or_else(String::new, |ms| format!(" (lit for {ms} ms)"));
        let held = states == self.expected && code == "0";
        if held {
            println!("ok    {}{lit}", self.name);
        } else {
            println!("FAIL  {}: {states}{lit}, not {}; exit code {code}", self.name, self.expected);
        }
        held
    }
}

fn watch(machine: &mut Machine) -> io::Result<(u32, u32)> {
    let (mut passed, mut failed, mut check) = (0, 0, None::<Check>);
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let line = match machine.serial.try_recv() {
            Ok(line) => line,
            Err(TryRecvError::Empty) => {
                match &mut check {
                    Some(check) => check.look(machine)?,
                    None => thread::sleep(Duration::from_millis(10)),
                }
                continue;
            }
            Err(TryRecvError::Disconnected) => break,
        };
        if let Some(text) = line.strip_prefix("expect: ") {
            check = Check::read(text);
            failed += u32::from(check.is_none());
        } else if let Some((code, _)) = line.strip_prefix("done: ").and_then(|l| l.split_once(' '))
        {
            let held = check.take().is_some_and(|check| check.close(code));
            (passed, failed) = (passed + u32::from(held), failed + u32::from(!held));
        } else if line == "lab over" {
            return Ok((passed, failed));
        } else if line.starts_with("kernel: ") || line.starts_with("      ") {
            println!("{line}");
        }
    }
    println!("FAIL  the machine stopped, or took too long");
    Ok((passed, failed + 1))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let watched = arguments.split_first().ok_or(io::ErrorKind::InvalidInput.into());
    let watched =
        watched.and_then(|(log, command)| watch(&mut Machine::boot(File::create(log)?, command)?));
    let (passed, failed) = watched.unwrap_or_else(|error| {
        println!("FAIL  {error}");
        (0, 1)
    });
    println!("raspberry: {passed} passed, {failed} failed");
    if failed == 0 && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

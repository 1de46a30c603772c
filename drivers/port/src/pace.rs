//! The speed of a serial line, which a pseudo-terminal does not have (1 MiB passed "at 9600 baud"
//! in 2.5 ms): twins pace themselves, and drivers compute their deadlines from it.

use std::thread;
use std::time::{Duration, Instant};

use drivers_contract::{Fault, FaultCode};

use crate::Port;

/// How long bytes are on a line of `baud` bits per second: ten bits each with start and stop bit.
#[must_use]
pub fn wire_time(bytes: usize, baud: u32) -> Duration {
    let bits = u64::try_from(bytes).unwrap_or(u64::MAX).saturating_mul(10);
    Duration::from_micros(bits.saturating_mul(1_000_000) / u64::from(baud.max(1)))
}

/// Writes all bytes at the speed of the line, or as fast as they go if it has none. Gives up after
/// `patience` without progress.
///
/// # Errors
/// `Offline` if the other end is gone, `Timeout` if it takes nothing more.
pub fn write_paced(
    port: &mut dyn Port,
    bytes: &[u8],
    baud: Option<u32>,
    patience: Duration,
) -> Result<(), Fault> {
    let start = Instant::now();
    // Some milliseconds of bytes at a time: finer than any reader's budget, coarser than the timer.
    let chunk = baud.map_or(bytes.len().max(1), |b| usize::try_from(b / 2_000).unwrap_or(1).max(1));
    let mut sent = 0;
    while sent < bytes.len() {
        let end = bytes.len().min(sent + chunk);
        match port.write(&bytes[sent..end], patience)? {
            0 => return Err(Fault::new(FaultCode::Timeout, "the line takes no more bytes")),
            count => sent += count,
        }
        if let Some(baud) = baud {
            thread::sleep(wire_time(sent, baud).saturating_sub(start.elapsed()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fourteen_bytes_at_9600_take_as_long_as_on_a_real_line() {
        assert_eq!(wire_time(14, 9_600), Duration::from_micros(14_583));
        assert_eq!(wire_time(0, 0), Duration::ZERO);
    }
}

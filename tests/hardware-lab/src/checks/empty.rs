//! Packets without bytes: a printer that sends as much as fits into one of the host's requests ends
//! it with one, and usblp hands that on as a read of nothing.

use std::path::Path;
use std::time::{Duration, Instant};

use drivers_port::sys::Sys;
use drivers_port::{Port, open_usb_printer};

use super::PATIENCE;
use crate::Bench;
use crate::twin::{PRINTER_END, open_end, write_all};

/// What usblp asks for at once (`USBLP_BUF_SIZE_IN`); a multiple of a packet.
const REQUEST: usize = 1_024;

pub(super) fn is_silence(bench: &Bench) {
    bench.printer.plug().expect("the printer is plugged in");
    let end = open_end(Path::new(PRINTER_END)).expect("the gadget's end");
    let mut host = open_usb_printer(&bench.printer.place(), &Sys::default()).expect("usblp");
    let mut hears = |said: &[u8]| {
        write_all(&end, said).expect("the host takes it");
        let (mut heard, mut buffer, begun) = (Vec::new(), [0; REQUEST], Instant::now());
        while heard.len() < said.len() && begun.elapsed() < PATIENCE {
            let count = host.read(&mut buffer, Duration::from_millis(50)).expect("it is there");
            heard.extend_from_slice(&buffer[..count]);
        }
        assert_eq!(heard, said);
    };
    hears(&[0x12; REQUEST]);
    hears(b"\x10 after an empty packet");
    hears(&[0x14; 2 * REQUEST]);
    for _ in 0..4 {
        let heard = host.read(&mut [0; 8], Duration::from_millis(50));
        assert_eq!(heard.expect("nothing is said, and it is there"), 0);
    }
    drop(end);
    bench.printer.unplug();
    host.read(&mut [0; 8], Duration::from_millis(50)).expect_err("it is gone");
}

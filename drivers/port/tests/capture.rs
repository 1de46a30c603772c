//! A capture of what passed over a port, played back, is what had passed.

use std::time::Duration;

use drivers_contract::capture::{self, Direction};
use drivers_contract::{FaultCode, SerialAddress};
use drivers_port::line::Line;
use drivers_port::{Port, open_serial, play, read_capture};

const WAIT: Duration = Duration::from_secs(5);

fn read_all(port: &mut dyn Port, count: usize) -> Vec<u8> {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 64]);
    while bytes.len() < count {
        let taken = port.read(&mut buffer, WAIT).expect("the line is there");
        assert_ne!(taken, 0, "only {bytes:?}");
        bytes.extend_from_slice(&buffer[..taken]);
    }
    bytes
}

#[test]
fn a_dialogue_is_recorded_and_played_again() {
    let dir = tempfile::tempdir().unwrap();
    let (path, file) = (dir.path().join("line"), dir.path().join("capture"));
    let address = SerialAddress { path: path.clone(), baud: 9_600 };
    capture::record(path.display().to_string(), &file);
    let mut twin = Line::pty(&path, 9_600).unwrap();
    {
        let mut port = open_serial(&address).unwrap();
        port.write(b"W", WAIT).unwrap();
        assert_eq!(read_all(&mut twin, 1), b"W");
        twin.write(b"\x0200500\r", WAIT).unwrap();
        assert_eq!(read_all(&mut port, 7), b"\x0200500\r");
    }
    let lines = read_capture(&file).unwrap();
    let bytes = |wanted: Direction| -> Vec<u8> {
        let lines = lines.iter().filter(|line| line.direction == wanted);
        lines.flat_map(|line| line.bytes.clone()).collect()
    };
    assert_eq!((bytes(Direction::Out), bytes(Direction::In)), (b"W".into(), b"\x0200500\r".into()));

    let mut port = open_serial(&address).unwrap();
    port.write(b"W", WAIT).unwrap();
    assert_eq!(play(&lines, &mut twin, Duration::from_millis(10), WAIT).unwrap(), 7);
    assert_eq!(read_all(&mut port, 7), b"\x0200500\r");
    drop(port);

    std::fs::write(&file, "12 in 00\nnot a line\n").unwrap();
    let fault = read_capture(&file).unwrap_err();
    assert_eq!(fault.code, FaultCode::Protocol);
    assert!(fault.detail.contains("line 2"), "{fault}");
}

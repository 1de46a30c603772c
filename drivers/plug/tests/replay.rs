//! A scanner's capture is played to a driver, over both kinds of line.

use std::fs;
use std::net::Ipv4Addr;
use std::time::Duration;

use drivers_contract::{FaultCode, SerialAddress, TcpAddress};
use drivers_plug::replay::{Outlet, Replay};
use drivers_port::{Port, connect_tcp, open_serial};

fn heard(port: &mut dyn Port, count: usize) -> Vec<u8> {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 64]);
    while bytes.len() < count {
        let taken = port.read(&mut buffer, Duration::from_secs(10)).expect("the line is there");
        assert_ne!(taken, 0, "only {bytes:?}");
        bytes.extend_from_slice(&buffer[..taken]);
    }
    bytes
}

#[test]
fn a_capture_is_a_device_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("capture");
    fs::write(&file, "0 in 393633383530\n1500 in 37340d\n").unwrap();
    let link = folder.path().join("line");
    let mut replay = Replay::open(&file, Outlet::Pty(link.clone())).unwrap();
    assert_eq!(replay.len(), 2);
    let mut port = open_serial(&SerialAddress { path: link, baud: 9_600 }).unwrap();
    assert_eq!(replay.play(Duration::from_secs(5)).unwrap(), 9);
    let unread = replay.settle(Duration::from_millis(50)).unwrap_err();
    assert_eq!(unread.code, FaultCode::Timeout, "what nobody has read is not played");
    assert_eq!(heard(&mut port, 9), b"96385074\r");
    replay.settle(Duration::from_secs(5)).unwrap();

    let mut replay = Replay::open(&file, Outlet::Tcp((Ipv4Addr::LOCALHOST, 0).into())).unwrap();
    let place = replay.place();
    let (host, number) = place.rsplit_once(':').unwrap();
    let address = TcpAddress { host: host.to_owned(), port: number.parse().unwrap() };
    let player =
        std::thread::spawn(move || replay.play(Duration::from_secs(10)).map(|n| (n, replay)));
    let mut port = connect_tcp(&address, Duration::from_secs(2)).unwrap();
    assert_eq!(heard(&mut port, 9), b"96385074\r");
    assert_eq!(player.join().unwrap().unwrap().0, 9);
}

//! The other lines: LLRP through TLS, and readers behind a broker.
#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

use drivers_contract::twin::{RfidTwin, Sighting, Twin};
use drivers_contract::{DeviceUri, Fault, FaultCode, ReaderEvent, Stop, TagRead, TagSink};
use drivers_rfid::sim::{SimConfig, SimReader, r700};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(20);

enum Heard {
    Read(Sighting),
    Online(String),
}

struct Sink(mpsc::Sender<Heard>);

impl TagSink for Sink {
    fn read(&self, read: &TagRead<'_>) {
        let _ = self.0.send(Heard::Read(Sighting {
            epc: read.epc.to_vec(),
            antenna: read.antenna,
            rssi_cdbm: read.rssi_cdbm.unwrap_or_default(),
            phase: read.phase.unwrap_or_default(),
            channel: read.channel.unwrap_or_default(),
        }));
    }

    fn event(&self, event: &ReaderEvent) {
        if let ReaderEvent::Online(info) = event {
            let _ = self.0.send(Heard::Online(info.protocol.clone()));
        }
    }

    fn tick(&self, _: Instant) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

struct Running {
    heard: mpsc::Receiver<Heard>,
    stop: Stop,
    thread: std::thread::JoinHandle<Result<(), Fault>>,
}

fn start(uri: &str) -> Running {
    let mut reader = drivers_rfid::open(&uri.parse::<DeviceUri>().unwrap()).unwrap();
    let (sender, heard) = mpsc::channel();
    let stop = Stop::new();
    let flag = stop.clone();
    Running { heard, stop, thread: std::thread::spawn(move || reader.run(&Sink(sender), &flag)) }
}

impl Running {
    fn online(&self) -> String {
        match self.heard.recv_timeout(PATIENCE).expect("it comes on-line") {
            Heard::Online(protocol) => protocol,
            Heard::Read(_) => panic!("a read before it is on-line"),
        }
    }

    fn read(&self) -> Sighting {
        match self.heard.recv_timeout(PATIENCE).expect("a read is due") {
            Heard::Read(sighting) => sighting,
            Heard::Online(_) => panic!("on-line twice"),
        }
    }

    fn finish(self) {
        self.stop.stop();
        assert_eq!(self.thread.join().unwrap(), Ok(()));
    }
}

fn sighting() -> Sighting {
    let epc = vec![0x30, 0x74, 0x25, 0x7B, 0xF7, 0x19, 0x4E, 0x40, 0, 0, 0x1A, 0x85];
    Sighting { epc, antenna: 2, rssi_cdbm: -5_250, phase: 1_024, channel: 2 }
}

/// A TLS end in front of the simulated reader, as its maker's firmware has it.
fn guard(folder: &Path, twin: &SimReader, runtime: &tokio::runtime::Runtime) -> u16 {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".into()]).unwrap();
    std::fs::write(folder.join("ca.pem"), made.cert.pem()).unwrap();
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.into())
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let reader = twin.address().to_string();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let port = listener.local_addr().unwrap().port();
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, reader) = (acceptor.clone(), reader.clone());
            tokio::spawn(async move {
                let mut line = tokio::net::TcpStream::connect(reader).await?;
                let mut secret = acceptor.accept(stream).await?;
                tokio::io::copy_bidirectional(&mut secret, &mut line).await
            });
        }
    });
    port
}

#[test]
fn llrp_through_tls_and_not_past_a_wrong_authority() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let twin = SimReader::tcp(([127, 0, 0, 1], 0).into(), SimConfig::default()).unwrap();
    let port = guard(folder.path(), &twin, &runtime);
    let ca = folder.path().join("ca.pem");
    let running = start(&format!("llrp://127.0.0.1:{port}?tls=on&ca={}", ca.display()));
    assert_eq!(running.online(), "LLRP 1.0.1");
    twin.set_segment(5);
    twin.sight(&[sighting(), sighting()]).unwrap();
    assert_eq!([running.read(), running.read()], [sighting(), sighting()]);
    running.finish();

    let other = rcgen::generate_simple_self_signed(vec!["127.0.0.1".into()]).unwrap();
    std::fs::write(&ca, other.cert.pem()).unwrap();
    let refused = start(&format!("llrp://127.0.0.1:{port}?tls=on&ca={}", ca.display()));
    assert_eq!(refused.thread.join().unwrap().unwrap_err().code, FaultCode::NotPermitted);
}

#[test]
fn a_reader_that_speaks_1_1_is_spoken_to_in_1_1() {
    let config = SimConfig { version: 2, ..SimConfig::default() };
    let twin = SimReader::tcp(([127, 0, 0, 1], 0).into(), config).unwrap();
    let running = start(&twin.uri().to_string());
    assert_eq!(running.online(), "LLRP 1.1");
    running.finish();
}

#[test]
fn a_reading_that_ends_by_itself_is_started_again() {
    let twin = SimReader::tcp(([127, 0, 0, 1], 0).into(), SimConfig::default()).unwrap();
    let running = start(&twin.uri().to_string());
    running.online();
    twin.end_reading();
    assert!(!twin.is_reading());
    twin.sight(&[sighting()]).unwrap();
    assert_eq!(running.read(), sighting());
    running.finish();
}

struct Broker(std::process::Child);

impl Drop for Broker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn broker(port: u16) -> Broker {
    let known = ["/usr/sbin/mosquitto", "/usr/bin/mosquitto"];
    let program = known.into_iter().find(|path| Path::new(path).exists());
    let mut command = std::process::Command::new(program.unwrap_or("mosquitto"));
    command.args(["-p", &port.to_string()]);
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    let broker = Broker(command.spawn().expect("mosquitto is installed by tests/install"));
    let begun = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(begun.elapsed() < PATIENCE, "the broker does not open");
        std::thread::sleep(Duration::from_millis(20));
    }
    broker
}

#[test]
fn an_r700_behind_a_broker_is_heard_and_its_loss_noticed() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let uri = format!("mqtt://127.0.0.1:{port}/impinj/gate?format=impinj");
    let absent = start(&uri).thread.join().unwrap().unwrap_err();
    assert_eq!(absent.code, FaultCode::Offline, "{absent}");
    let broker = broker(port);
    let running = start(&uri);
    assert_eq!(running.online(), "MQTT, impinj");
    let options = rumqttc::MqttOptions::new("r700", "127.0.0.1", port);
    let (client, mut events) = rumqttc::Client::new(options, 8);
    let wrong = "{\"tagInventoryEvent\":{\"epcHex\":\"zz\"}}".to_owned();
    for payload in [wrong, r700::event(&sighting())] {
        let topic = "impinj/gate";
        client.publish(topic, rumqttc::QoS::AtLeastOnce, false, payload).unwrap();
    }
    let sent = std::thread::spawn(move || {
        let acked = |event: &rumqttc::Event| {
            matches!(event, rumqttc::Event::Incoming(rumqttc::Packet::PubAck(_)))
        };
        events.iter().flatten().filter(acked).take(2).count()
    });
    assert_eq!(sent.join().unwrap(), 2);
    let channel = 8_663; // 866.3 MHz
    assert_eq!(running.read(), Sighting { channel, ..sighting() });
    drop(broker);
    let fault = running.thread.join().unwrap().unwrap_err();
    assert!(matches!(fault.code, FaultCode::Offline | FaultCode::Timeout), "{fault}");
}

#[test]
fn a_reader_behind_a_broker_is_silent_when_its_heart_stops() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let uri = format!("mqtt://127.0.0.1:{port}/impinj/gate?format=impinj&heartbeat_s=1");
    let _broker = broker(port);
    let running = start(&uri);
    assert_eq!(running.online(), "MQTT, impinj");
    let options = rumqttc::MqttOptions::new("r700", "127.0.0.1", port);
    let (client, mut events) = rumqttc::Client::new(options, 8);
    std::thread::spawn(move || events.iter().for_each(drop));
    // It sees no tag for longer than that, and lives.
    let beating = Instant::now();
    while beating.elapsed() < Duration::from_millis(2_500) {
        let beat = "{\"heartbeatEvent\":{}}";
        client.publish("impinj/gate", rumqttc::QoS::AtMostOnce, false, beat).unwrap();
        assert!(!running.thread.is_finished(), "a heart that beats is heard");
        std::thread::sleep(Duration::from_millis(100));
    }
    let fault = running.thread.join().unwrap().unwrap_err();
    assert_eq!(fault.code, FaultCode::Offline);
    assert!(fault.detail.contains("nothing for 1 s"), "{fault}");
}

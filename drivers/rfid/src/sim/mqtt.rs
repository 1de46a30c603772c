//! A reader that publishes what it sees on a broker, as an R700 or one of Zebra's does: the JSON
//! that [`crate::json`] reads, through a real broker that somebody names.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use drivers_contract::twin::{Sighting, Twin};
use drivers_contract::uri::GateSides;
use drivers_contract::{DeviceUri, ReadFormat, TcpAddress};
use rumqttc::{Client, Connection, MqttOptions, QoS};

use super::{r700, zebra};

/// How many events may wait for the broker; later ones are lost, as a reader's buffer runs over.
const EVENTS_WAIT: usize = 1_024;
/// How long it waits before it looks for its broker again.
const RETRY: Duration = Duration::from_millis(500);

/// A simulated reader that publishes; clones are hands on the same one.
#[derive(Clone)]
pub struct SimPublisher {
    address: TcpAddress,
    topic: String,
    format: ReadFormat,
    /// The way to the broker while it is plugged in.
    client: Arc<Mutex<Option<Client>>>,
}

impl SimPublisher {
    /// A reader, plugged in. The broker need not be there yet.
    ///
    /// # Errors
    /// If its thread cannot be made.
    pub fn new(address: TcpAddress, topic: String, format: ReadFormat) -> io::Result<Self> {
        let publisher = Self { address, topic, format, client: Arc::default() };
        publisher.plug()?;
        Ok(publisher)
    }

    /// Publishes what it sees, one event a tag. Without a broker nothing is kept.
    ///
    /// # Errors
    /// `NotConnected` while it is unplugged, `WouldBlock` where the broker takes too little.
    pub fn sight(&self, sightings: &[Sighting]) -> io::Result<()> {
        let client = self.client();
        let client = client.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        for sighting in sightings {
            let event = match self.format {
                ReadFormat::Impinj => r700::event(sighting),
                ReadFormat::Zebra => zebra::event(sighting),
            };
            let sent = client.try_publish(self.topic.clone(), QoS::AtMostOnce, false, event);
            sent.map_err(|_| io::Error::from(io::ErrorKind::WouldBlock))?;
        }
        Ok(())
    }

    fn client(&self) -> MutexGuard<'_, Option<Client>> {
        self.client.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps the line to the broker up until the reader is unplugged or dropped.
fn keep(mut connection: Connection) {
    for event in connection.iter() {
        if event.is_err() {
            std::thread::sleep(RETRY);
        }
    }
}

impl Twin for SimPublisher {
    fn uri(&self) -> DeviceUri {
        let (address, topic) = (self.address.clone(), self.topic.clone());
        let (format, sides) = (self.format, GateSides::default());
        DeviceUri::ReaderMqtt { address, topic, format, heartbeat_s: None, sides }
    }

    fn unplug(&self) {
        *self.client() = None;
    }

    fn plug(&self) -> io::Result<()> {
        let mut client = self.client();
        if client.is_none() {
            let name = format!("sim-reader-{:016x}", fastrand::u64(..));
            let mut options = MqttOptions::new(name, self.address.host.clone(), self.address.port);
            options.set_keep_alive(Duration::from_secs(5));
            let (hand, connection) = Client::new(options, EVENTS_WAIT);
            let thread = std::thread::Builder::new().name("sim-publisher".into());
            thread.spawn(move || keep(connection))?;
            *client = Some(hand);
        }
        Ok(())
    }
}

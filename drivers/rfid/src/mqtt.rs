//! Readers that publish on a broker in the shop.
//!
//! Nothing tells such a reader that fell silent from one that sees no tag, unless it is set up to
//! publish now and then whatever it sees (`heartbeat_s`); else only a broker that is gone is
//! noticed. Gates that matter want LLRP.

use std::sync::Arc;
use std::time::{Duration, Instant};

use drivers_contract::{
    Fault, FaultCode, ReadFormat, ReaderEvent, ReaderInfo, ReaderOutputs, RfidReader, Stop,
    TagSink, TcpAddress,
};
use rumqttc::{AsyncClient, ConnectionError, Event, EventLoop, MqttOptions, Packet, QoS};

use crate::json;

/// The largest message of a reader that is taken, in bytes.
const PAYLOAD_BYTES_MAX: usize = 256 << 10;
/// How often the broker is asked whether it is there; one that is not is noticed after twice that.
const KEEPALIVE: Duration = Duration::from_secs(2);
/// How long the broker may take to take the connection.
const CONNECT_WAIT: Duration = Duration::from_secs(3);
/// How often the owner's tick comes while nothing else does.
const TICK: Duration = Duration::from_millis(20);

/// A reader behind a broker.
pub struct MqttReader {
    address: TcpAddress,
    topic: String,
    format: ReadFormat,
    heartbeat: Option<Duration>,
}

impl MqttReader {
    /// A reader that publishes under this topic, at least as often as its heart beats.
    #[must_use]
    pub fn new(
        address: TcpAddress,
        topic: String,
        format: ReadFormat,
        heartbeat: Option<Duration>,
    ) -> Self {
        Self { address, topic, format, heartbeat }
    }

    /// Whether it was heard lately enough.
    fn lives(&self, heard: Instant) -> Result<(), Fault> {
        match self.heartbeat.filter(|beat| heard.elapsed() > *beat) {
            None => Ok(()),
            Some(beat) => Err(Fault::new(
                FaultCode::Offline,
                format!("reader on {}: nothing for {} s", self.topic, beat.as_secs()),
            )),
        }
    }

    async fn listen(
        &self,
        client: &AsyncClient,
        events: &mut EventLoop,
        sink: &dyn TagSink,
        stop: &Stop,
    ) -> Result<(), Fault> {
        let begun = Instant::now();
        let (mut subscribed, mut heard) = (false, begun);
        let mut period = tokio::time::interval(TICK);
        period.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            // The poll is not dropped half-way: it may be in the middle of a connection.
            let mut poll = std::pin::pin!(events.poll());
            let event = loop {
                tokio::select! {
                    event = &mut poll => break event,
                    _ = period.tick() => {
                        if stop.is_stopped() || sink.tick(Instant::now()).is_break() {
                            return Ok(());
                        }
                        if !subscribed && begun.elapsed() > CONNECT_WAIT {
                            let detail = format!("broker {}: nobody answers", self.address);
                            return Err(Fault::new(FaultCode::Offline, detail));
                        }
                        if subscribed {
                            self.lives(heard)?;
                        }
                    }
                }
            };
            match event.map_err(|error| self.fault(&error))? {
                Event::Incoming(Packet::ConnAck(_)) => {
                    let asked = client.try_subscribe(self.topic.clone(), QoS::AtMostOnce);
                    asked.map_err(|error| Fault::new(FaultCode::Failure, error.to_string()))?;
                }
                Event::Incoming(Packet::SubAck(_)) => {
                    (subscribed, heard) = (true, Instant::now());
                    let protocol = format!("MQTT, {}", self.format.as_str());
                    let info = ReaderInfo { protocol, ..ReaderInfo::default() };
                    sink.event(&ReaderEvent::Online(info));
                }
                Event::Incoming(Packet::Publish(message)) => {
                    let now = Instant::now();
                    heard = now;
                    json::read(self.format, &message.payload, now, &mut |read| sink.read(read));
                    if sink.tick(now).is_break() {
                        return Ok(());
                    }
                }
                _ => {}
            }
        }
    }

    fn fault(&self, error: &ConnectionError) -> Fault {
        let code = match error {
            ConnectionError::ConnectionRefused(_) => FaultCode::NotPermitted,
            ConnectionError::NetworkTimeout | ConnectionError::FlushTimeout => FaultCode::Timeout,
            _ => FaultCode::Offline,
        };
        Fault::new(code, format!("broker {}: {error}", self.address))
    }
}

impl RfidReader for MqttReader {
    fn identity(&self) -> String {
        format!("{}/{}", self.address, self.topic)
    }

    fn outputs(&self) -> Option<Arc<dyn ReaderOutputs>> {
        None
    }

    fn run(&mut self, sink: &dyn TagSink, stop: &Stop) -> Result<(), Fault> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Fault::from_io("start listening", &error))?;
        let name = format!("outpost-gate-{:016x}", fastrand::u64(..));
        let mut options = MqttOptions::new(name, self.address.host.clone(), self.address.port);
        options.set_keep_alive(KEEPALIVE);
        options.set_max_packet_size(PAYLOAD_BYTES_MAX, PAYLOAD_BYTES_MAX);
        let (client, mut events) = AsyncClient::new(options, 8);
        runtime.block_on(self.listen(&client, &mut events, sink, stop))
    }
}

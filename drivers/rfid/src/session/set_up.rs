//! The set-up, question by question: version, capabilities, extensions, a clean table, the
//! configuration, and the reading.

use super::{KEEPALIVE, Session, Step};
use crate::llrp::encode;
use crate::llrp::number::{VERSION_1_0_1, VERSION_1_1, impinj, message as m};
use crate::llrp::param::u32_at;
use crate::llrp::status::{self, Refusal};
use drivers_contract::{Fault, FaultCode, ReaderEvent, TagSink};

impl Session {
    /// The reader took the connection: which version does it speak?
    pub(super) fn greet(&mut self) {
        if self.offer_1_1 {
            self.step = Step::Version;
            let id = self.next_id();
            self.writer.message(VERSION_1_1, m::GET_SUPPORTED_VERSION, id, |_| {});
        } else {
            self.capabilities();
        }
    }

    fn capabilities(&mut self) {
        self.step = Step::Capabilities;
        self.ask(m::GET_READER_CAPABILITIES, |w| w.u8(0));
    }

    /// A message was not understood. For the version that means 1.0.1.
    pub(super) fn on_error(&mut self, body: &[u8], sink: &dyn TagSink) -> Result<(), Fault> {
        let refusal = match status::check(body) {
            Ok(()) => return Ok(()),
            Err(refusal) => refusal,
        };
        match self.step {
            Step::Version | Step::SetVersion => {
                self.version = VERSION_1_0_1;
                self.capabilities();
                Ok(())
            }
            Step::Reading => {
                sink.event(&ReaderEvent::Exception(refusal.words));
                Ok(())
            }
            _ => self.refused(refusal),
        }
    }

    pub(super) fn on_answer(
        &mut self,
        kind: u16,
        id: u32,
        body: &[u8],
        sink: &dyn TagSink,
    ) -> Result<(), Fault> {
        // An answer to a question of before, or to an output: no step waits for it.
        if id != self.id || self.step == Step::Reading {
            return Ok(());
        }
        match (self.step, kind) {
            (Step::Version, m::GET_SUPPORTED_VERSION_RESPONSE) => {
                let [current, supported] = [body.first(), body.get(1)].map(|v| v.copied());
                if status::check(body.get(2..).unwrap_or_default()).is_ok()
                    && supported >= Some(VERSION_1_1)
                {
                    self.version = VERSION_1_1;
                    if current == Some(VERSION_1_1) {
                        self.capabilities();
                    } else {
                        self.step = Step::SetVersion;
                        self.ask(m::SET_PROTOCOL_VERSION, |w| w.u8(VERSION_1_1));
                    }
                } else {
                    self.capabilities();
                }
            }
            (Step::SetVersion, m::SET_PROTOCOL_VERSION_RESPONSE) => {
                if status::check(body).is_err() {
                    self.version = VERSION_1_0_1;
                }
                self.capabilities();
            }
            (Step::Capabilities, m::GET_READER_CAPABILITIES_RESPONSE) => {
                if let Err(refusal) = status::check(body) {
                    return self.refused(refusal);
                }
                let protocol = if self.version == VERSION_1_1 { "LLRP 1.1" } else { "LLRP 1.0.1" };
                self.info = status::capabilities(body);
                self.info.protocol = protocol.to_owned();
                if self.info.maker == impinj::VENDOR {
                    self.step = Step::Extensions;
                    self.ask(m::CUSTOM_MESSAGE, |w| {
                        w.u32(impinj::VENDOR);
                        w.u8(impinj::ENABLE_EXTENSIONS);
                        w.u32(0);
                    });
                } else {
                    self.clean();
                }
            }
            (Step::Extensions, m::CUSTOM_MESSAGE) => {
                let ours = u32_at(body, 0) == Some(impinj::VENDOR)
                    && body.get(4) == Some(&impinj::ENABLE_EXTENSIONS_RESPONSE);
                self.extended = ours && status::check(&body[5..]).is_ok();
                self.clean();
            }
            _ => return self.on_set_up(kind, body, sink),
        }
        Ok(())
    }

    fn clean(&mut self) {
        self.step = Step::Clean;
        self.ask(m::DELETE_ROSPEC, |w| w.u32(0));
    }

    fn add(&mut self) {
        self.step = Step::Add;
        let (id, version) = (self.next_id(), self.version);
        encode::add_rospec(&mut self.writer, version, id, self.gen2, self.extended);
    }

    fn on_set_up(&mut self, kind: u16, body: &[u8], sink: &dyn TagSink) -> Result<(), Fault> {
        let checked = status::check(body);
        match (self.step, kind, checked) {
            // "There is none" is as good as "they are gone".
            (Step::Clean, m::DELETE_ROSPEC_RESPONSE, _) => {
                self.step = Step::Configure;
                let (id, version) = (self.next_id(), self.version);
                let outputs = self.info.outputs.min(16);
                encode::configure(&mut self.writer, version, id, KEEPALIVE, outputs);
            }
            (Step::Configure, m::SET_READER_CONFIG_RESPONSE, Ok(())) => self.add(),
            (Step::Add, m::ADD_ROSPEC_RESPONSE, Ok(())) => {
                self.step = Step::Enable;
                self.ask(m::ENABLE_ROSPEC, |w| w.u32(encode::ROSPEC));
            }
            // A reader that does not let its air protocol be set reads as it likes.
            (Step::Add, m::ADD_ROSPEC_RESPONSE, Err(_)) if self.gen2 => {
                self.gen2 = false;
                self.add();
            }
            (Step::Enable, m::ENABLE_ROSPEC_RESPONSE, Ok(())) => {
                self.step = Step::Start;
                self.ask(m::START_ROSPEC, |w| w.u32(encode::ROSPEC));
            }
            (Step::Start, m::START_ROSPEC_RESPONSE, Ok(())) => {
                self.step = Step::Reading;
                sink.event(&ReaderEvent::Online(self.info.clone()));
            }
            (_, _, Err(refusal)) => return self.refused(refusal),
            _ => {}
        }
        Ok(())
    }

    fn refused(&self, refusal: Refusal) -> Result<(), Fault> {
        let Refusal { code, words } = refusal;
        let detail = format!("the reader refuses step {:?}: status {code} {words}", self.step);
        Err(Fault::new(FaultCode::Protocol, detail))
    }
}

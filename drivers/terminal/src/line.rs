//! The store's end of the simulated terminal's protocol.

use crate::message::{Answer, Ask, LINE_BYTES_MAX, PaperSlip};
use drivers_contract::print::{Align, Style};
use drivers_contract::slip::SLIPS_MAX;
use drivers_contract::{
    CardTerminal, Charge, ChargeStep, Fault, FaultCode, Slip, SlipKind, Stop, TcpAddress, Verdict,
};
use drivers_port::{Port, connect_tcp};
use std::time::{Duration, Instant};

/// A shop's network answers in milliseconds.
const CONNECT_WAIT: Duration = Duration::from_secs(2);
/// How long a question may go without an answer.
const ANSWER_WAIT: Duration = Duration::from_secs(3);
/// How long a customer may look for the card, and a bank think.
const CHARGE_WAIT: Duration = Duration::from_secs(90);
/// How long the end of a day may take.
const SETTLE_WAIT: Duration = Duration::from_secs(600);
/// How long the driver listens before it looks at its flags.
const SLICE: Duration = Duration::from_millis(50);

/// A terminal behind a TCP address.
pub struct LineTerminal {
    address: TcpAddress,
    port: Option<Box<dyn Port>>,
    pending: Vec<u8>,
}

impl LineTerminal {
    /// A driver that connects when it is used.
    #[must_use]
    pub const fn new(address: TcpAddress) -> Self {
        Self { address, port: None, pending: Vec::new() }
    }

    fn say(&mut self, ask: &Ask) -> Result<(), Fault> {
        let mut line = serde_json::to_vec(ask)
            .map_err(|error| Fault::new(FaultCode::Failure, error.to_string()))?;
        line.push(b'\n');
        let port = match &mut self.port {
            Some(port) => port,
            none => {
                self.pending.clear();
                none.insert(Box::new(connect_tcp(&self.address, CONNECT_WAIT)?))
            }
        };
        let (mut sent, begun) = (0, Instant::now());
        while sent < line.len() {
            sent += port.write(&line[sent..], SLICE)?;
            if begun.elapsed() > ANSWER_WAIT {
                return Err(Fault::new(FaultCode::Timeout, "the terminal takes no bytes"));
            }
        }
        Ok(())
    }

    /// The next answer, if one comes within `wait`.
    fn hear(&mut self, wait: Duration) -> Result<Option<Answer>, Fault> {
        let begun = Instant::now();
        loop {
            if let Some(end) = self.pending.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.pending.drain(..=end).collect();
                let answer = serde_json::from_slice(&line);
                let foreign = |error| Fault::new(FaultCode::Protocol, format!("{error}"));
                return answer.map(Some).map_err(foreign);
            }
            if self.pending.len() > LINE_BYTES_MAX {
                return Err(Fault::new(FaultCode::Protocol, "a line without an end"));
            }
            if begun.elapsed() >= wait {
                return Ok(None);
            }
            let Some(port) = &mut self.port else {
                return Err(Fault::new(FaultCode::Offline, "not connected"));
            };
            let mut buffer = [0; 512];
            let taken = port.read(&mut buffer, SLICE.min(wait))?;
            self.pending.extend_from_slice(&buffer[..taken]);
        }
    }

    fn ask(&mut self, ask: &Ask, wait: Duration) -> Result<Answer, Fault> {
        let asked = self.say(ask).and_then(|()| self.hear(wait));
        let answer = asked.and_then(|answer| {
            answer.ok_or_else(|| Fault::new(FaultCode::Timeout, "the terminal does not answer"))
        });
        answer.inspect_err(|_| self.port = None)
    }

    fn collect(
        &mut self,
        charge: &Charge,
        progress: &mut dyn FnMut(ChargeStep),
        cancel: &Stop,
    ) -> Result<Verdict, Fault> {
        let (begun, mut given_up) = (Instant::now(), false);
        loop {
            if cancel.is_stopped() && !given_up {
                given_up = true;
                self.say(&Ask::Cancel { intent: charge.intent.clone() })?;
            }
            match self.hear(SLICE)? {
                None => {}
                Some(Answer::Collecting) => progress(ChargeStep::Collecting),
                Some(Answer::Confirming) => progress(ChargeStep::Confirming),
                Some(answer) => {
                    if let Some(verdict) = verdict(answer) {
                        return Ok(verdict);
                    }
                }
            }
            if begun.elapsed() > CHARGE_WAIT {
                return Err(Fault::new(FaultCode::Timeout, "the terminal gave no verdict"));
            }
        }
    }
}

fn verdict(answer: Answer) -> Option<Verdict> {
    match answer {
        Answer::Approved { approval, offline, reference, slips } => {
            Some(Verdict::Approved { approval, offline, reference, slips: read(slips) })
        }
        Answer::Declined { reason, slips } => {
            Some(Verdict::Declined { reason, slips: read(slips) })
        }
        Answer::Cancelled => Some(Verdict::Cancelled),
        Answer::Unheard => Some(Verdict::Unheard),
        Answer::Collecting | Answer::Confirming | Answer::Ready | Answer::Settled { .. } => None,
    }
}

/// The slips of an answer; one of a kind that is not known is the terminal's own matter.
fn read(slips: Vec<PaperSlip>) -> Vec<Slip> {
    let slip = |paper: PaperSlip| {
        let mut slip = Slip::new(match paper.kind.as_str() {
            "merchant" => SlipKind::Merchant,
            "customer" => SlipKind::Customer,
            _ => SlipKind::Administration,
        });
        for line in paper.lines {
            let align = if line.centred { Align::Centre } else { Align::Left };
            let style = Style { double_width: line.wide, align, ..Style::default() };
            slip.push(&line.text, style);
        }
        slip.finished()
    };
    slips.into_iter().filter_map(slip).take(SLIPS_MAX).collect()
}

impl CardTerminal for LineTerminal {
    fn identity(&self) -> String {
        self.address.to_string()
    }

    fn charge(
        &mut self,
        charge: &Charge,
        progress: &mut dyn FnMut(ChargeStep),
        cancel: &Stop,
    ) -> Verdict {
        let ask = Ask::Charge {
            intent: charge.intent.clone(),
            amount: charge.amount_minor,
            currency: charge.currency.clone(),
            allow_offline: charge.allow_offline,
            of: charge.of.clone(),
        };
        // Once a byte of it may have left, nobody knows until the terminal says so.
        let said = self.say(&ask).and_then(|()| self.collect(charge, progress, cancel));
        said.unwrap_or_else(|fault| {
            self.port = None;
            Verdict::Unknown(fault)
        })
    }

    fn query(&mut self, intent: &str) -> Verdict {
        match self.ask(&Ask::Query { intent: intent.to_owned() }, ANSWER_WAIT) {
            Ok(answer) => verdict(answer).unwrap_or_else(|| {
                Verdict::Unknown(Fault::new(FaultCode::Timeout, "the terminal is still at it"))
            }),
            Err(fault) => Verdict::Unknown(fault),
        }
    }

    fn status(&mut self) -> Result<(), Fault> {
        match self.ask(&Ask::Status, ANSWER_WAIT)? {
            Answer::Ready => Ok(()),
            other => Err(Fault::new(FaultCode::Protocol, format!("{other:?}"))),
        }
    }

    fn settle(&mut self) -> Result<Vec<Slip>, Fault> {
        match self.ask(&Ask::Settle, SETTLE_WAIT)? {
            Answer::Settled { slips } => Ok(read(slips)),
            other => Err(Fault::new(FaultCode::Protocol, format!("{other:?}"))),
        }
    }
}

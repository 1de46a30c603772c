//! The store's end of ZVT.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use drivers_contract::uri::ZvtPassword;
use drivers_contract::{
    CardTerminal, Charge, ChargeStep, Fault, FaultCode, Slip, SlipKind, Stop, TcpAddress, Verdict,
};
use drivers_port::connect_tcp;

use super::apdu::Apdu;
use super::command;
use super::exchange::{End, Exchange};
use super::fields::Fields;
use super::mark::{Last, Mark, Reference, decide};
use super::reason;
use super::session::{Session, Watch, quiet};
use super::verdict::{comes_too_late, reversed, verdict, with};

/// A shop's network answers in milliseconds.
const CONNECT_WAIT: Duration = Duration::from_secs(2);
/// How long a question about the terminal itself may take.
const ANSWER_WAIT: Duration = Duration::from_secs(20);
/// How long a customer may look for the card, and a bank think.
const CHARGE_WAIT: Duration = Duration::from_secs(180);
/// How long the day's payments may take to their operator.
const SETTLE_WAIT: Duration = Duration::from_secs(600);
/// How often an idle terminal is really asked; in between its line is looked at.
const ENQUIRY_EVERY: Duration = Duration::from_secs(60);
/// How many ended intents are remembered.
const SETTLED_MAX: usize = 64;

/// A terminal behind a TCP address.
pub struct ZvtTerminal {
    address: TcpAddress,
    password: ZvtPassword,
    memory: Option<PathBuf>,
    session: Option<Session>,
    currency: u16,
    /// The terminal's number at its operator, once it told it.
    terminal: Option<u32>,
    mark: Option<Mark>,
    settled: VecDeque<(String, Verdict)>,
}

impl ZvtTerminal {
    /// A driver that connects when it is used. Without a memory, a payment whose answer was lost
    /// is found only as long as this driver lives.
    #[must_use]
    pub fn new(address: TcpAddress, password: ZvtPassword, memory: Option<PathBuf>) -> Self {
        Self {
            address,
            password,
            memory,
            session: None,
            currency: 978,
            terminal: None,
            mark: None,
            settled: VecDeque::new(),
        }
    }

    /// A line on which the till is registered.
    fn registered(&mut self) -> Result<(), Fault> {
        if let Some(session) = &mut self.session {
            // Nothing is due: what the terminal says now belongs to nobody, and a line that was
            // closed meanwhile is opened again.
            if let Ok(None) = session.hear() {
                return Ok(());
            }
            self.session = None;
        }
        let port = connect_tcp(&self.address, CONNECT_WAIT)?;
        self.session = Some(Session::new(Box::new(port)));
        let registration = command::registration(&self.password, self.currency);
        match self.ask(&registration)? {
            End::Completed { completion, .. } => {
                self.terminal = completion.terminal;
                Ok(())
            }
            End::Aborted { code, .. } | End::Refused(code) => {
                self.session = None;
                Err(refusal(code))
            }
        }
    }

    /// Says a command and listens until it is done. Whatever goes wrong, the line is given up. Slips
    /// that do not say whose they are are of `kind`.
    fn talk(
        &mut self,
        order: &Apdu,
        watch: &mut Watch<'_>,
        kind: SlipKind,
    ) -> Result<(End, Vec<Slip>), Fault> {
        let Some(mut session) = self.session.take() else {
            return Err(Fault::new(FaultCode::Offline, "not connected"));
        };
        let mut exchange = Exchange::default();
        let end = session.exchange(&mut exchange, order, watch)?;
        self.session = Some(session);
        Ok((end, exchange.printout.finish(kind)))
    }

    /// Asks the terminal something about itself.
    fn ask(&mut self, order: &Apdu) -> Result<End, Fault> {
        self.talk(order, &mut quiet(ANSWER_WAIT), SlipKind::Administration).map(|(end, _)| end)
    }

    /// The terminal's last payment with its slips; `None` if it tells none.
    fn last_payment(&mut self) -> Result<(Option<Fields>, Vec<Slip>), Fault> {
        let repeat = command::repeat_receipt(&self.password);
        match self.talk(&repeat, &mut quiet(ANSWER_WAIT), SlipKind::Customer)? {
            (End::Completed { status, .. }, slips) => Ok((status, slips)),
            (End::Aborted { code, .. } | End::Refused(code), _) if is_busy(code) => {
                Err(refusal(code))
            }
            (End::Aborted { .. } | End::Refused(_), _) => Ok((None, Vec::new())),
        }
    }

    fn ended(&mut self, intent: &str, verdict: Verdict) -> Verdict {
        if matches!(verdict, Verdict::Unknown(_)) {
            return verdict;
        }
        self.settled.push_back((intent.to_owned(), verdict.clone()));
        if self.settled.len() > SETTLED_MAX {
            self.settled.pop_front();
        }
        verdict
    }

    fn known(&self, intent: &str) -> Option<Verdict> {
        let known = self.settled.iter().find(|(known, _)| known == intent);
        known.map(|(_, verdict)| verdict.clone())
    }

    /// Everything that has to be before the terminal hears of a payment. Nothing is charged yet.
    fn prepare(&mut self, charge: &Charge, currency: u16) -> Result<(), Fault> {
        if charge.intent.is_empty() || charge.intent.contains(char::is_whitespace) {
            return Err(Fault::new(FaultCode::Failure, "an intent is a word"));
        }
        if self.currency != currency {
            (self.currency, self.session) = (currency, None);
        }
        self.registered()?;
        let last = self.last_payment()?.0;
        self.terminal = self.terminal.or(last.as_ref().and_then(|last| last.terminal));
        let before = last.as_ref().and_then(Last::of);
        let (intent, amount_minor) = (charge.intent.clone(), charge.amount_minor);
        let mark = Mark { intent, amount_minor, currency, before };
        if let Some(path) = &self.memory {
            mark.write(path).map_err(|e| Fault::from_io("note the payment", &e))?;
        }
        self.mark = Some(mark);
        Ok(())
    }

    /// The order that takes back what a refund names, if it was a payment of this terminal.
    fn reversal(&self, charge: &Charge) -> Option<Apdu> {
        let of = charge.of.as_deref().and_then(Reference::parse)?;
        let ours = charge.amount_minor < 0 && Some(of.terminal) == self.terminal;
        ours.then(|| command::reversal(&self.password, of.receipt))
    }

    /// Asks for what is noted. Once a byte of it may have left, nobody knows until the terminal says
    /// so.
    fn serve(
        &mut self,
        charge: &Charge,
        currency: u16,
        watch: &mut Watch<'_>,
    ) -> Result<Verdict, Fault> {
        if let Some(order) = self.reversal(charge) {
            let (end, slips) = self.talk(&order, watch, SlipKind::Customer)?;
            if !comes_too_late(&end) {
                return Ok(with(reversed(charge, end), slips));
            }
            // It is certain that nothing was taken back, so it is given back instead: noted anew,
            // since some terminals number what they refused.
            if let Err(fault) = self.prepare(charge, currency) {
                return Ok(unasked(&fault));
            }
        }
        let order = command::payment(&self.password, charge.amount_minor, currency);
        let (end, slips) = self.talk(&order, watch, SlipKind::Customer)?;
        Ok(with(verdict(end), slips))
    }

    /// The payment that was asked for last, of this life or of the one before.
    fn marked(&mut self) -> Result<Option<Mark>, Fault> {
        if self.mark.is_none()
            && let Some(path) = &self.memory
        {
            let read = Mark::read(path);
            self.mark = read.map_err(|e| Fault::from_io("read the noted payment", &e))?;
        }
        Ok(self.mark.clone())
    }

    /// Asks the terminal what became of the marked payment.
    fn look(&mut self, mark: &Mark) -> Result<Verdict, Fault> {
        // On a line of its own: the old one may still hold what the payment left there.
        self.session = None;
        self.registered()?;
        // A terminal that is still at it says so here.
        match self.ask(&command::status_enquiry(&self.password))? {
            End::Completed { .. } => {}
            End::Aborted { code, .. } | End::Refused(code) => return Err(refusal(code)),
        }
        let (last, slips) = self.last_payment()?;
        Ok(with(decide(mark, last.as_ref()), slips))
    }
}

fn is_busy(code: u8) -> bool {
    matches!(code, reason::BUSY | 0xa0)
}

fn refusal(code: u8) -> Fault {
    let fault = if is_busy(code) { FaultCode::Timeout } else { FaultCode::Failure };
    Fault::new(fault, format!("{} ({code:02X})", reason::words(code)))
}

/// The terminal heard of nothing.
fn unasked(fault: &Fault) -> Verdict {
    Verdict::declined(format!("{} {}", fault.advice(), fault.detail))
}

impl CardTerminal for ZvtTerminal {
    fn identity(&self) -> String {
        self.address.to_string()
    }

    fn charge(
        &mut self,
        charge: &Charge,
        progress: &mut dyn FnMut(ChargeStep),
        cancel: &Stop,
    ) -> Verdict {
        let asked = |mark: &Mark| mark.intent == charge.intent;
        match (self.known(&charge.intent), self.marked()) {
            // It was never heard of, and somebody was told so: it comes too late.
            (Some(Verdict::Unheard), _) => return Verdict::Cancelled,
            (Some(verdict), _) => return verdict,
            (None, Ok(Some(mark))) if asked(&mark) => return self.query(&charge.intent),
            (None, Err(fault)) => return Verdict::declined(fault.to_string()),
            (None, Ok(_)) => {}
        }
        let Some(currency) = command::currency_number(&charge.currency) else {
            return Verdict::declined(reason::words(0x6f));
        };
        if let Err(fault) = self.prepare(charge, currency) {
            return unasked(&fault);
        }
        let mut watch = Watch { progress: Some(progress), cancel: Some(cancel), wait: CHARGE_WAIT };
        let verdict = self.serve(charge, currency, &mut watch).unwrap_or_else(Verdict::Unknown);
        self.ended(&charge.intent, verdict)
    }

    fn query(&mut self, intent: &str) -> Verdict {
        if let Some(verdict) = self.known(intent) {
            return verdict;
        }
        let verdict = match self.marked() {
            Err(fault) => Verdict::Unknown(fault),
            Ok(Some(mark)) if mark.intent == intent => {
                self.look(&mark).unwrap_or_else(Verdict::Unknown)
            }
            // Every payment is noted before it is asked for: this one never was.
            Ok(_) if self.memory.is_some() => Verdict::Unheard,
            Ok(_) => Verdict::Unknown(Fault::new(
                FaultCode::Unclear,
                "this till has no memory of the payment",
            )),
        };
        self.ended(intent, verdict)
    }

    fn status(&mut self) -> Result<(), Fault> {
        self.registered()?;
        let due = |session: &Session| session.enquired.elapsed() >= ENQUIRY_EVERY;
        if !self.session.as_ref().is_some_and(due) {
            return Ok(());
        }
        let end = self.ask(&command::status_enquiry(&self.password))?;
        if let Some(session) = &mut self.session {
            session.enquired = Instant::now();
        }
        match end {
            End::Completed { .. } => Ok(()),
            End::Aborted { code, .. } | End::Refused(code) => Err(refusal(code)),
        }
    }

    fn settle(&mut self) -> Result<Vec<Slip>, Fault> {
        self.registered()?;
        let order = command::end_of_day(&self.password);
        let (end, slips) = self.talk(&order, &mut quiet(SETTLE_WAIT), SlipKind::Administration)?;
        match end {
            End::Completed { status, .. } => match status.and_then(|status| status.result) {
                None | Some(0) => Ok(slips),
                Some(code) => Err(refusal(code)),
            },
            End::Aborted { code, .. } | End::Refused(code) => Err(refusal(code)),
        }
    }
}

//! The simulated terminal: a real socket, a memory of every intent, and a plan for the next cards.

use crate::message::{Answer, Ask, PaperLine, PaperSlip};
use crate::paper::{CENTRED, Deed, Paper, WIDE, of_day, of_deed};
use drivers_contract::DeviceUri;
use drivers_contract::TcpAddress;
use drivers_contract::twin::TerminalTwin;
use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use drivers_contract::twin::Card;

#[derive(Default)]
struct Desk {
    plan: VecDeque<Card>,
    intents: HashMap<String, Answer>,
    charged: HashMap<String, i64>,
    cancelled: Vec<String>,
    offline: bool,
    approvals: u32,
    /// What was charged since the day was ended last, by intent.
    day: Vec<(String, i64)>,
    taken_back: usize,
    /// How long the end of a day takes.
    slow: Duration,
    settled: u32,
    lines: Vec<TcpStream>,
}

/// The simulated terminal.
pub struct SimTerminal {
    address: SocketAddr,
    desk: Arc<Mutex<Desk>>,
    stopped: Arc<AtomicBool>,
}

fn open(desk: &Mutex<Desk>) -> MutexGuard<'_, Desk> {
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SimTerminal {
    /// A terminal that listens.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub fn listen(address: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        let (desk, stopped) = (Arc::new(Mutex::new(Desk::default())), Arc::default());
        let sim = Self { address: listener.local_addr()?, desk, stopped };
        let (desk, stopped) = (sim.desk.clone(), sim.stopped.clone());
        std::thread::Builder::new().name("sim-terminal".into()).spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::Acquire) {
                    return;
                }
                if let Ok(stream) = stream {
                    let desk = desk.clone();
                    std::thread::spawn(move || drop(serve(stream, &desk)));
                }
            }
        })?;
        Ok(sim)
    }

    /// Its address as a configuration writes it.
    #[must_use]
    pub fn uri(&self) -> DeviceUri {
        let (host, port) = (self.address.ip().to_string(), self.address.port());
        DeviceUri::TerminalSim { address: TcpAddress { host, port } }
    }

    /// Plans what the next cards do, in order; then all are approved.
    pub fn plan(&self, cards: impl IntoIterator<Item = Card>) {
        open(&self.desk).plan.extend(cards);
    }

    /// Whether the terminal's own line to the bank is down.
    pub fn set_offline(&self, offline: bool) {
        let mut desk = open(&self.desk);
        desk.offline = offline;
        if !offline {
            for answer in desk.intents.values_mut() {
                if let Answer::Approved { offline, .. } = answer {
                    *offline = false;
                }
            }
        }
    }

    /// How long the end of a day takes.
    pub fn set_slow(&self, slow: Duration) {
        open(&self.desk).slow = slow;
    }

    /// How often the day was ended.
    #[must_use]
    pub fn batches(&self) -> u32 {
        open(&self.desk).settled
    }

    /// What was charged in all, in minor units: what the bank will pay.
    #[must_use]
    pub fn charged(&self) -> i64 {
        open(&self.desk).charged.values().sum()
    }

    /// How many charges there were.
    #[must_use]
    pub fn charges(&self) -> usize {
        open(&self.desk).charged.len()
    }
}

impl Drop for SimTerminal {
    fn drop(&mut self) {
        self.leave();
    }
}

impl TerminalTwin for SimTerminal {
    fn uri(&self) -> DeviceUri {
        Self::uri(self)
    }

    fn plan(&self, cards: &[Card]) {
        Self::plan(self, cards.iter().copied());
    }

    fn charged(&self) -> i64 {
        Self::charged(self)
    }

    fn charges(&self) -> usize {
        Self::charges(self)
    }

    fn taken_back(&self) -> usize {
        open(&self.desk).taken_back
    }

    fn leave(&self) {
        self.stopped.store(true, Ordering::Release);
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_millis(200));
        let lines = std::mem::take(&mut open(&self.desk).lines);
        for line in lines {
            let _ = line.shutdown(std::net::Shutdown::Both);
        }
    }
}

fn serve(stream: TcpStream, desk: &Arc<Mutex<Desk>>) -> std::io::Result<()> {
    let mut out = stream.try_clone()?;
    open(desk).lines.push(stream.try_clone()?);
    for line in BufReader::new(stream).lines() {
        let Ok(ask) = serde_json::from_str::<Ask>(&line?) else { continue };
        match ask {
            Ask::Status => say(&mut out, &Answer::Ready)?,
            Ask::Settle => {
                let slow = open(desk).slow;
                std::thread::sleep(slow);
                let day = {
                    let mut held = open(desk);
                    held.settled += 1;
                    std::mem::take(&mut held.day)
                };
                let slips =
                    vec![slip(of_day(day.len(), day.iter().map(|(_, amount)| amount).sum()))];
                say(&mut out, &Answer::Settled { slips })?;
            }
            Ask::Query { intent } => {
                let mut held = open(desk);
                let known = held.intents.get(&intent).cloned();
                if known.is_none() {
                    // A charge that was on its way and comes late must not be charged any more.
                    held.intents.insert(intent, Answer::Cancelled);
                }
                drop(held);
                say(&mut out, &known.unwrap_or(Answer::Unheard))?;
            }
            Ask::Cancel { intent } => open(desk).cancelled.push(intent),
            Ask::Charge { intent, amount, allow_offline, of, .. } => {
                // The same intent again: the same answer, and no second charge.
                let known = open(desk).intents.get(&intent).cloned();
                if let Some(known) = known {
                    say(&mut out, &known)?;
                    continue;
                }
                let desk = desk.clone();
                let mut out = out.try_clone()?;
                let asked = Asked { intent, amount, allow_offline, of };
                std::thread::spawn(move || drop(charge(&mut out, &desk, &asked)));
            }
        }
    }
    Ok(())
}

fn slip(paper: Paper) -> PaperSlip {
    let kind = match paper.kind {
        1 => "merchant",
        2 => "customer",
        _ => "administration",
    };
    let line = |(attribute, text)| {
        let (centred, wide) = (attribute & CENTRED != 0, attribute & WIDE != 0);
        PaperLine { text, centred, wide }
    };
    PaperSlip { kind: kind.to_owned(), lines: paper.lines.into_iter().map(line).collect() }
}

fn say(out: &mut TcpStream, answer: &Answer) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(answer)?;
    line.push(b'\n');
    out.write_all(&line)
}

/// A charge or a refund.
struct Asked {
    intent: String,
    amount: i64,
    allow_offline: bool,
    of: Option<String>,
}

fn charge(out: &mut TcpStream, desk: &Mutex<Desk>, asked: &Asked) -> std::io::Result<()> {
    let intent = &asked.intent;
    let card = open(desk).plan.pop_front().unwrap_or(Card::Approve);
    if card == Card::HangUp {
        return out.shutdown(std::net::Shutdown::Both);
    }
    open(desk).intents.insert(intent.clone(), Answer::Collecting);
    say(out, &Answer::Collecting)?;
    if matches!(card, Card::Dawdle | Card::TimeOut) {
        let patient = card == Card::Dawdle;
        while patient && !open(desk).cancelled.iter().any(|known| known == intent) {
            std::thread::sleep(Duration::from_millis(5));
        }
        open(desk).intents.insert(intent.clone(), Answer::Cancelled);
        return say(out, &Answer::Cancelled);
    }
    say(out, &Answer::Confirming)?;
    if let Card::ApproveLate(wait) = card {
        out.shutdown(std::net::Shutdown::Both)?;
        std::thread::sleep(wait);
    }
    let answer = settle(&mut open(desk), card, asked);
    match card {
        Card::ApproveSilently => out.shutdown(std::net::Shutdown::Both),
        Card::ApproveLate(_) => Ok(()),
        _ => say(out, &answer),
    }
}

/// Where the payment stands in the day that a refund takes back: whole, and of this day.
fn of_today(desk: &Desk, asked: &Asked) -> Option<usize> {
    let is_it = |(intent, amount): &(String, i64)| {
        Some(intent) == asked.of.as_ref() && *amount == -asked.amount
    };
    desk.day.iter().position(is_it)
}

fn settle(desk: &mut Desk, card: Card, asked: &Asked) -> Answer {
    let Asked { intent, amount, allow_offline, .. } = asked;
    let (taken_back, amount) = (of_today(desk, asked), *amount);
    let deed = taken_back.map_or(Deed::of(amount), |_| Deed::Reversal);
    let refusal = match card {
        Card::Decline => Some("declined by the bank"),
        _ if desk.offline && !*allow_offline => Some("no line to the bank"),
        _ => None,
    };
    let number = desk.approvals + 1;
    let printed = of_deed(deed, number, amount, refusal.is_none());
    let slips = printed.into_iter().map(slip).collect();
    let answer = match refusal {
        Some(reason) => Answer::Declined { reason: reason.into(), slips },
        None => {
            desk.approvals = number;
            if let Some(place) = taken_back {
                let (of, _) = desk.day.remove(place);
                desk.charged.insert(of, 0);
                desk.taken_back += 1;
            } else {
                desk.charged.insert(intent.clone(), amount);
                desk.day.push((intent.clone(), amount));
            }
            let approval = format!("SIM{number:06}");
            let reference = Some(intent.clone());
            Answer::Approved { approval, offline: desk.offline, reference, slips }
        }
    };
    desk.intents.insert(intent.clone(), answer.clone());
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_contract::{CardTerminal, Charge, ChargeStep, Stop, Verdict};

    fn charge_of(intent: &str) -> Charge {
        Charge {
            intent: intent.into(),
            amount_minor: 500,
            currency: "EUR".into(),
            allow_offline: false,
            of: None,
        }
    }

    fn twin() -> (SimTerminal, Box<dyn CardTerminal>) {
        let sim = SimTerminal::listen(([127, 0, 0, 1], 0).into()).unwrap();
        let driver = crate::open(&sim.uri()).unwrap();
        (sim, driver)
    }

    fn run(driver: &mut dyn CardTerminal, intent: &str) -> Verdict {
        driver.charge(&charge_of(intent), &mut |_| {}, &Stop::new())
    }

    #[test]
    fn a_card_is_approved_or_declined() {
        let (sim, mut driver) = twin();
        sim.plan([Card::Approve, Card::Decline]);
        driver.status().unwrap();
        let mut steps = Vec::new();
        let verdict = driver.charge(&charge_of("a"), &mut |step| steps.push(step), &Stop::new());
        assert!(matches!(verdict, Verdict::Approved { offline: false, .. }));
        assert_eq!(steps, [ChargeStep::Collecting, ChargeStep::Confirming]);
        assert!(matches!(run(&mut *driver, "b"), Verdict::Declined { .. }));
        assert_eq!(run(&mut *driver, "a"), verdict, "the same intent is charged once");
        assert_eq!((sim.charged(), driver.query("c")), (500, Verdict::Unheard));
        assert_eq!(run(&mut *driver, "c"), Verdict::Cancelled, "it comes too late");
    }

    #[test]
    fn what_nobody_heard_is_unknown_until_it_is_asked() {
        let (sim, mut driver) = twin();
        sim.plan([
            Card::ApproveSilently,
            Card::HangUp,
            Card::ApproveLate(Duration::from_millis(80)),
        ]);
        assert!(matches!(run(&mut *driver, "a"), Verdict::Unknown(_)));
        assert!(matches!(driver.query("a"), Verdict::Approved { .. }));
        assert!(matches!(run(&mut *driver, "b"), Verdict::Unknown(_)));
        assert_eq!(driver.query("b"), Verdict::Unheard, "nothing was charged");
        assert!(matches!(run(&mut *driver, "c"), Verdict::Unknown(_)));
        assert!(matches!(driver.query("c"), Verdict::Unknown(_)), "it is still at it");
        std::thread::sleep(Duration::from_millis(200));
        assert!(matches!(driver.query("c"), Verdict::Approved { .. }));
        assert_eq!(sim.charges(), 2);
    }

    #[test]
    fn a_cashier_may_give_up_and_an_offline_terminal_asks_the_shop() {
        let (sim, mut driver) = twin();
        sim.plan([Card::Dawdle]);
        let cancel = Stop::new();
        let flag = cancel.clone();
        let verdict = driver.charge(&charge_of("a"), &mut |_| flag.stop(), &cancel);
        assert_eq!(verdict, Verdict::Cancelled);
        sim.set_offline(true);
        assert!(matches!(run(&mut *driver, "b"), Verdict::Declined { .. }));
        let risky = Charge { allow_offline: true, ..charge_of("c") };
        let verdict = driver.charge(&risky, &mut |_| {}, &Stop::new());
        assert!(matches!(verdict, Verdict::Approved { offline: true, .. }));
        sim.set_offline(false);
        assert!(matches!(driver.query("c"), Verdict::Approved { offline: false, .. }));
    }
}

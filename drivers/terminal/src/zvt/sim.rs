//! The simulated terminal: real ZVT over a real socket, one till at a time, a memory of its last
//! payment, and a plan for the next cards.

mod block;

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use drivers_contract::twin::{Card, TerminalTwin};
use drivers_contract::uri::ZvtPassword;
use drivers_contract::{DeviceUri, TcpAddress};

use super::apdu::{Apdu, Frames};
use super::command as c;
use super::fields::{Fields, bcd, to_bcd};
use super::reason;
use crate::paper::{Deed, Paper, of_day, of_deed};
use block::{LAST, block, cp437};

/// A payment as the terminal has it.
#[derive(Debug, Clone, Copy)]
struct Payment {
    deed: Deed,
    amount: i64,
    currency: u16,
    trace: u32,
    result: u8,
    reversed: bool,
}

impl Payment {
    /// Whether its amount is owed by somebody.
    fn counts(&self) -> bool {
        self.result == 0 && !self.reversed && self.deed != Deed::Reversal
    }
}

#[derive(Default)]
struct Desk {
    plan: VecDeque<Card>,
    payments: Vec<Payment>,
    trace: u32,
    taken_back: usize,
    busy: bool,
    batches: u32,
    /// How many payments were there when the day was ended last.
    settled: usize,
    lines: Vec<TcpStream>,
}

/// The simulated terminal.
pub struct SimZvt {
    address: SocketAddr,
    desk: Arc<Mutex<Desk>>,
    stopped: Arc<AtomicBool>,
}

fn open(desk: &Mutex<Desk>) -> MutexGuard<'_, Desk> {
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SimZvt {
    /// A terminal that listens, with the password 000000.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub fn listen(address: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        let (desk, stopped) = (Arc::new(Mutex::new(Desk::default())), Arc::default());
        let sim = Self { address: listener.local_addr()?, desk, stopped };
        let (desk, stopped) = (sim.desk.clone(), sim.stopped.clone());
        std::thread::Builder::new().name("sim-zvt".into()).spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::Acquire) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let desk = desk.clone();
                std::thread::spawn(move || drop(Till::serve(stream, &desk)));
            }
        })?;
        Ok(sim)
    }

    /// How often the day was ended.
    #[must_use]
    pub fn batches(&self) -> u32 {
        open(&self.desk).batches
    }
}

impl TerminalTwin for SimZvt {
    fn uri(&self) -> DeviceUri {
        let (host, port) = (self.address.ip().to_string(), self.address.port());
        let (address, password) = (TcpAddress { host, port }, ZvtPassword::default());
        DeviceUri::TerminalZvt { address, password, memory: None }
    }

    fn plan(&self, cards: &[Card]) {
        open(&self.desk).plan.extend(cards);
    }

    fn charged(&self) -> i64 {
        let desk = open(&self.desk);
        desk.payments.iter().filter(|payment| payment.counts()).map(|payment| payment.amount).sum()
    }

    fn charges(&self) -> usize {
        let good = |payment: &&Payment| payment.result == 0 && payment.deed != Deed::Reversal;
        open(&self.desk).payments.iter().filter(good).count()
    }

    fn taken_back(&self) -> usize {
        open(&self.desk).taken_back
    }

    fn leave(&self) {
        self.stopped.store(true, Ordering::Release);
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_millis(200));
        for line in std::mem::take(&mut open(&self.desk).lines) {
            let _ = line.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for SimZvt {
    fn drop(&mut self) {
        self.leave();
    }
}

/// One till's line.
struct Till<'a> {
    stream: TcpStream,
    frames: Frames,
    desk: &'a Mutex<Desk>,
    /// Whether the till takes blocks of text.
    blocks: bool,
}

impl<'a> Till<'a> {
    fn serve(stream: TcpStream, desk: &'a Mutex<Desk>) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        open(desk).lines.push(stream.try_clone()?);
        let mut till = Self { stream, frames: Frames::default(), desk, blocks: false };
        let mut registered = false;
        loop {
            let order = till.hear()?;
            if open(desk).busy {
                till.say(&Apdu::nack(reason::BUSY))?;
                continue;
            }
            match order.command {
                [0x80 | 0x84, _] => {}
                c::REGISTRATION => {
                    registered = true;
                    till.blocks = order.data.windows(4).any(|at| at == [0x0a, 0x02, 0x06, 0xd3]);
                    till.say(&Apdu::ack())?;
                    till.tell(c::COMPLETION, vec![0x19, 0x00, 0x29, 0x52, 0x52, 0x35, 0x35])?;
                }
                _ if !registered => till.say(&Apdu::nack(reason::NOT_REGISTERED))?,
                c::AUTHORISATION => till.pay(&order.data)?,
                c::REFUND => till.give_back(&order)?,
                c::REPEAT_RECEIPT => till.repeat()?,
                c::REVERSAL => till.reverse(&order)?,
                c::END_OF_DAY => till.end_day()?,
                c::STATUS_ENQUIRY => {
                    till.say(&Apdu::ack())?;
                    till.tell(c::COMPLETION, vec![0xf0, 0xf0, 0xf4, b'S', b'I', b'M', b'1', 0])?;
                }
                c::GIVE_UP => till.say(&Apdu::ack())?,
                _ => till.say(&Apdu::nack(reason::NOT_POSSIBLE))?,
            }
        }
    }

    fn hear(&mut self) -> std::io::Result<Apdu> {
        loop {
            if let Some(apdu) = self.frames.take() {
                return Ok(apdu);
            }
            let mut buffer = [0; 1_024];
            match self.stream.read(&mut buffer)? {
                0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
                count => self.frames.on_bytes(&buffer[..count]),
            }
        }
    }

    fn say(&mut self, apdu: &Apdu) -> std::io::Result<()> {
        self.stream.write_all(&apdu.encode())
    }

    /// Says something, and waits for the till's word that it heard. Answers whether the till
    /// wants to stop.
    fn tell(&mut self, command: [u8; 2], data: Vec<u8>) -> std::io::Result<bool> {
        self.say(&Apdu::new(command, data))?;
        let mut stop = false;
        loop {
            match self.hear()?.command {
                [0x80, _] => return Ok(stop),
                c::GIVE_UP => {
                    stop = true;
                    self.say(&Apdu::ack())?;
                }
                _ => return Err(std::io::ErrorKind::InvalidData.into()),
            }
        }
    }

    fn pay(&mut self, data: &[u8]) -> std::io::Result<()> {
        let Fields { amount, currency, .. } = Fields::parse(data);
        self.serve_card(Deed::Payment, amount.unwrap_or(0), currency.unwrap_or(978), None)
    }

    fn give_back(&mut self, order: &Apdu) -> std::io::Result<()> {
        let Fields { amount, currency, .. } = Fields::parse(order.data.get(3..).unwrap_or(&[]));
        self.serve_card(Deed::Refund, -amount.unwrap_or(0), currency.unwrap_or(978), None)
    }

    /// Does what a card was put in for; `of` is the trace number of what is taken back.
    fn serve_card(
        &mut self,
        deed: Deed,
        amount: i64,
        currency: u16,
        of: Option<u32>,
    ) -> std::io::Result<()> {
        let card = open(self.desk).plan.pop_front().unwrap_or(Card::Approve);
        if card == Card::HangUp {
            return self.stream.shutdown(Shutdown::Both);
        }
        self.say(&Apdu::ack())?;
        let mut stop = self.tell(c::INTERMEDIATE, vec![0x0a])?;
        while card == Card::Dawdle && !stop {
            std::thread::sleep(Duration::from_millis(10));
            stop = self.tell(c::INTERMEDIATE, vec![0x0a])?;
        }
        if stop || card == Card::TimeOut {
            self.tell(c::ABORT, vec![reason::ABORTED])?;
            return Ok(());
        }
        self.tell(c::INTERMEDIATE, vec![0x17])?;
        if let Card::ApproveLate(wait) = card {
            open(self.desk).busy = true;
            self.stream.shutdown(Shutdown::Both)?;
            std::thread::sleep(wait);
        }
        let result = if card == Card::Decline { 0x05 } else { 0 };
        let payment = {
            let mut desk = open(self.desk);
            desk.busy = false;
            desk.trace += 1;
            let (trace, reversed) = (desk.trace, false);
            let payment = Payment { deed, amount, currency, trace, result, reversed };
            let taken = desk.payments.iter_mut().find(|paid| Some(paid.trace) == of && result == 0);
            if let Some(taken) = taken {
                taken.reversed = true;
                desk.taken_back += 1;
            }
            desk.payments.push(payment);
            payment
        };
        match card {
            Card::ApproveSilently => self.stream.shutdown(Shutdown::Both),
            Card::ApproveLate(_) => Ok(()),
            _ => self.report(&payment),
        }
    }

    /// Status, receipt, completion or abort, as at the end of a payment.
    fn report(&mut self, payment: &Payment) -> std::io::Result<()> {
        self.tell(c::STATUS, status(payment))?;
        self.print(of_deed(payment.deed, payment.trace, payment.amount, payment.result == 0))?;
        let (end, data) = match payment.result {
            0 => (c::COMPLETION, vec![]),
            code => (c::ABORT, vec![code]),
        };
        self.tell(end, data).map(drop)
    }

    /// Says slips as blocks to a till that takes them, line by line to another one.
    fn print(&mut self, papers: Vec<Paper>) -> std::io::Result<()> {
        for paper in papers {
            if self.blocks {
                self.tell(c::PRINT_BLOCK, block(&paper))?;
                continue;
            }
            for (attribute, text) in &paper.lines {
                self.tell(c::PRINT_LINE, [&[*attribute], &cp437(text)[..]].concat())?;
            }
            self.tell(c::PRINT_LINE, vec![LAST])?;
        }
        Ok(())
    }

    fn end_day(&mut self) -> std::io::Result<()> {
        self.say(&Apdu::ack())?;
        let (count, sum) = {
            let mut desk = open(self.desk);
            let day = desk.payments[desk.settled..].iter();
            let good: Vec<_> = day.filter(|payment| payment.counts()).collect();
            let said = (good.len(), good.iter().map(|payment| payment.amount).sum());
            desk.settled = desk.payments.len();
            desk.batches += 1;
            said
        };
        self.tell(c::STATUS, vec![0x27, 0x00])?;
        self.print(vec![of_day(count, sum)])?;
        self.tell(c::COMPLETION, vec![]).map(drop)
    }

    fn repeat(&mut self) -> std::io::Result<()> {
        let last = open(self.desk).payments.last().copied();
        self.say(&Apdu::ack())?;
        match last {
            None => self.tell(c::ABORT, vec![reason::NOT_POSSIBLE]).map(drop),
            Some(last) => {
                self.tell(c::STATUS, status(&last))?;
                self.print(of_deed(last.deed, last.trace, last.amount, last.result == 0))?;
                self.tell(c::COMPLETION, vec![]).map(drop)
            }
        }
    }

    /// Takes a payment of this day back: a deed of its own, with a number of its own.
    fn reverse(&mut self, order: &Apdu) -> std::io::Result<()> {
        let receipt = order.data.get(4..6).and_then(bcd);
        let found = {
            let desk = open(self.desk);
            let mut day = desk.payments[desk.settled..].iter();
            let found = day.find(|paid| {
                Some(u64::from(paid.trace)) == receipt
                    && paid.deed == Deed::Payment
                    && paid.result == 0
            });
            match found {
                None => Err(reason::TOO_LATE),
                Some(paid) if paid.reversed => Err(reason::TAKEN_BACK),
                Some(paid) => Ok(*paid),
            }
        };
        match found {
            Ok(paid) => {
                self.serve_card(Deed::Reversal, paid.amount, paid.currency, Some(paid.trace))
            }
            Err(code) => {
                self.say(&Apdu::ack())?;
                self.tell(c::STATUS, vec![0x27, code])?;
                self.tell(c::ABORT, vec![code]).map(drop)
            }
        }
    }
}

/// A status information, with a card number in it as real terminals send one.
fn status(payment: &Payment) -> Vec<u8> {
    let mut data = vec![0x27, payment.result, 0x04];
    data.extend(to_bcd::<6>(payment.amount.unsigned_abs()));
    data.push(0x49);
    data.extend(to_bcd::<2>(payment.currency.into()));
    data.extend([0x0c, 0x22, 0x55, 0x58, 0x0d, 0x04, 0x05]);
    data.extend([0x22, 0xf0, 0xf8, 0x47, 0x16, 0x12, 0x34, 0x56, 0x78, 0x90, 0x13]);
    data.extend([0x29, 0x52, 0x52, 0x35, 0x35]);
    data.push(0x87);
    data.extend(to_bcd::<2>(u64::from(payment.trace % 10_000)));
    data.push(0x3b);
    data.extend(format!("{:06}\0\0", 750_000 + payment.trace % 1_000).into_bytes());
    data.push(0x0b);
    data.extend(to_bcd::<3>(payment.trace.into()));
    data.extend([0x8b, 0xf0, 0xf5]);
    data.extend(b"VISA\0");
    data
}

//! The works of the simulated printer: one step moves bytes, paper and answers on to `now`.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use drivers_contract::PaperState;
use drivers_port::Port;
use drivers_port::pace::wire_time;

use super::interpreter::{Action, Interpreter, Line};
use super::{Hands, Receipt, State, paper};

/// The moving parts.
pub(crate) struct Engine {
    pub(crate) interpreter: Interpreter,
    pub(crate) buffer: VecDeque<u8>,
    pub(crate) paper: Vec<Line>,
    pub(crate) receipts: Vec<Receipt>,
    pub(crate) cut: usize,
    pub(crate) pulses: Vec<u8>,
    realtime: Vec<u8>,
    read_at: Option<Instant>,
    print_at: Option<Instant>,
    automatic: bool,
    automatic_sent: [u8; 4],
    answers: VecDeque<(Instant, Vec<u8>)>,
}

/// Bytes of a slow line that are read at a time.
const PACED_BYTES: usize = 32;

impl Engine {
    pub(crate) fn new(columns: usize, buffer: VecDeque<u8>) -> Self {
        Self {
            interpreter: Interpreter::new(columns),
            buffer,
            paper: Vec::new(),
            receipts: Vec::new(),
            cut: 0,
            pulses: Vec::new(),
            realtime: Vec::new(),
            read_at: None,
            print_at: None,
            automatic: false,
            automatic_sent: [0; 4],
            answers: VecDeque::new(),
        }
    }

    /// Answers keep their order, however the latency changes.
    fn answer(&mut self, bytes: Vec<u8>, now: Instant, latency: Duration) {
        let due = self.answers.back().map_or(now, |(last, _)| *last).max(now + latency);
        self.answers.push_back((due, bytes));
    }
}

impl Hands {
    fn is_online(&self) -> bool {
        !self.offline && !self.cover_open && self.paper != PaperState::Empty
    }

    /// The answer to `DLE EOT n`.
    fn status_byte(&self, question: u8) -> u8 {
        let bits = |set: bool, bits: u8| if set { bits } else { 0 };
        let empty = self.paper == PaperState::Empty;
        0x12 | match question {
            1 => bits(self.drawer_open, 0x04) | bits(!self.is_online(), 0x08),
            2 => bits(self.cover_open, 0x04) | bits(empty, 0x20),
            4 => bits(self.paper != PaperState::Ok, 0x0c) | bits(empty, 0x60),
            _ => 0,
        }
    }

    fn automatic_frame(&self) -> [u8; 4] {
        let bits = |set: bool, bits: u8| if set { bits } else { 0 };
        let printer = 0x10
            | bits(self.drawer_open, 0x04)
            | bits(!self.is_online(), 0x08)
            | bits(self.cover_open, 0x20);
        let sensor =
            bits(self.paper != PaperState::Ok, 0x03) | bits(self.paper == PaperState::Empty, 0x0c);
        [printer, 0, sensor, 0x0f]
    }
}

impl State {
    /// Moves everything on; answers whether there is more to do soon.
    pub(crate) fn step(&mut self, now: Instant) -> bool {
        let read = self.take_in(now);
        self.work(now);
        let frame = self.hands.automatic_frame();
        if self.engine.automatic && frame != self.engine.automatic_sent {
            self.engine.automatic_sent = frame;
            self.engine.answer(frame.to_vec(), now, self.hands.latency);
        }
        self.send_answers(now);
        read || !self.engine.buffer.is_empty() || !self.engine.answers.is_empty()
    }

    fn take_in(&mut self, now: Instant) -> bool {
        let room = self.config.buffer_bytes.saturating_sub(self.engine.buffer.len());
        let early = self.engine.read_at.is_some_and(|at| now < at);
        let limit = room
            .min(self.baud.map_or(1_024, |_| PACED_BYTES))
            .min(self.hands.unplug_after.unwrap_or(usize::MAX).max(1));
        if early || room == 0 {
            return true;
        }
        let mut bytes = [0; 1_024];
        let count = self.line.read(&mut bytes[..limit], Duration::ZERO).unwrap_or(0);
        if let Some(baud) = self.baud {
            self.engine.read_at =
                Some(self.engine.read_at.map_or(now, |at| at.max(now)) + wire_time(count, baud));
        }
        for byte in &bytes[..count] {
            self.receive(*byte, now);
        }
        count > 0
    }

    /// Real-time commands are taken out of the stream as they come in, wherever they stand.
    fn receive(&mut self, byte: u8, now: Instant) {
        self.engine.realtime.push(byte);
        match self.engine.realtime[..] {
            [0x10] | [0x10, 0x04] => {}
            [0x10, 0x04, question] => {
                self.engine.realtime.clear();
                let answer = vec![self.hands.status_byte(question)];
                self.engine.answer(answer, now, self.hands.latency);
            }
            _ => {
                let bytes = std::mem::take(&mut self.engine.realtime);
                for byte in bytes {
                    self.buffer(byte);
                }
            }
        }
    }

    fn buffer(&mut self, byte: u8) {
        match &mut self.hands.unplug_after {
            Some(0) => return,
            Some(left) => {
                *left -= 1;
                if *left == 0 {
                    self.line.unplug();
                    self.hands.unplug_after = None;
                }
            }
            None => {}
        }
        self.engine.buffer.push_back(byte);
    }

    /// Prints what is in the buffer, line by line; off-line it waits where it is.
    fn work(&mut self, now: Instant) {
        let mut actions = Vec::new();
        while self.hands.is_online()
            && !self.hands.stalled
            && self.engine.print_at.is_none_or(|at| now >= at)
        {
            let Some(byte) = self.engine.buffer.pop_front() else { break };
            self.engine.interpreter.push(byte, &mut actions);
            for action in actions.drain(..) {
                self.act(action, now);
            }
        }
    }

    fn act(&mut self, action: Action, now: Instant) {
        match action {
            Action::Print(line) => {
                self.engine.paper.push(line);
                self.engine.print_at = Some(now + self.config.line_time);
                if let Some(left) = &mut self.hands.lines_left {
                    *left = left.saturating_sub(1);
                    if *left == 0 {
                        self.hands.lines_left = None;
                        self.hands.paper = PaperState::Empty;
                    }
                }
            }
            Action::Cut => self.cut(),
            Action::Marker => {
                let sensor = self.hands.automatic_frame()[2];
                self.engine.answer(vec![sensor], now, self.hands.latency);
            }
            Action::AutomaticStatus(on) => {
                self.engine.automatic = on;
                // Switching it on is answered with a frame, changed or not.
                self.engine.automatic_sent = [0; 4];
            }
            Action::Pulse(drawer) => {
                self.engine.pulses.push(drawer);
                self.hands.drawer_open = true;
            }
        }
    }

    fn cut(&mut self) {
        let lines = std::mem::take(&mut self.engine.paper);
        if lines.is_empty() {
            return;
        }
        let columns = usize::from(self.config.columns);
        self.engine.cut += 1;
        let number = self.engine.cut;
        let receipt = Receipt {
            number,
            text: paper::text(&lines, columns),
            png: paper::picture(&lines, columns),
        };
        if let Some(directory) = &self.config.directory {
            // A twin whose disk is full goes on printing; tests look into memory.
            let name = directory.join(format!("receipt-{number:04}"));
            let _ = std::fs::write(name.with_extension("txt"), &receipt.text);
            let _ = std::fs::write(name.with_extension("png"), &receipt.png);
        }
        if self.engine.receipts.len() >= self.config.receipts_kept.max(1) {
            self.engine.receipts.remove(0);
        }
        self.engine.receipts.push(receipt);
    }

    fn send_answers(&mut self, now: Instant) {
        while let Some((due, bytes)) = self.engine.answers.front() {
            if now < *due {
                break;
            }
            // Nobody on the line: the answer is lost, as it is in the air behind a pulled plug.
            let _ = self.line.write(bytes, Duration::ZERO);
            self.engine.answers.pop_front();
        }
    }
}

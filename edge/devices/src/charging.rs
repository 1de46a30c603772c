//! Card terminals: one thread each. A charge, or a refund, is noted in the ledger before the terminal hears of
//! it, and asked for after a crash or a lost line until its end is known. The end of a day is asked
//! for when no charge waits.

use crate::asking::Ask;
use crate::board::Board;
use crate::scanning::{BACKOFF, jittered};
use crate::{DeviceConfig, House};
use drivers_contract::{
    CardTerminal, Charge, ChargeStep, DeviceUri, Fault, Slip, Stop, UriError, Verdict,
};
use edge_domain::PaymentId;
use edge_domain::ids::SettlementId;
use edge_ledger::LedgerError;
use edge_ledger::cards::{CardRow, CardState};
use edge_ledger::settlements::{SettlementRow, SettlementState};
use std::time::{Duration, Instant};

/// Where verdicts go: they are booked when this returns.
pub type OnCard = dyn Fn(PaymentId, Verdict) + Send + Sync;

/// Where the ends of days go, with the slips or why there are none: booked when this returns.
pub type OnSettled = dyn Fn(SettlementId, Result<Vec<Slip>, Fault>) + Send + Sync;

/// How often the ledger is asked for the next charge, and for one that somebody gave up.
const LOOK: Duration = Duration::from_millis(50);
/// What to know of a day's end that was asked for twice.
const AGAIN: &str = "The appliance restarted meanwhile, and the terminal was asked again: a slip \
                     without sums means that its day had ended already.";
/// How often an idle terminal is asked how it is.
const HEARTBEAT: Duration = Duration::from_secs(2);

struct Till<'a> {
    config: &'a DeviceConfig,
    index: usize,
    board: &'a Board,
    house: &'a House,
}

pub(crate) fn run(
    config: &DeviceConfig,
    index: usize,
    open: fn(&DeviceUri) -> Result<Box<dyn CardTerminal>, UriError>,
    board: &Board,
    house: &House,
    stop: &Stop,
) {
    let mut terminal = match open(&config.uri) {
        Ok(terminal) => terminal,
        Err(error) => {
            board.unusable(index, &error);
            return;
        }
    };
    let till = Till { config, index, board, house };
    let mut asked: Option<Instant> = None;
    while !stop.is_stopped() {
        for ask in board.asking.take(index) {
            if let Ask::Test(reply) = ask {
                let said = terminal.status().map(|()| "The terminal answers.".to_owned());
                let _ = reply.try_send(said);
            }
        }
        if till.next(&mut *terminal, stop) || till.settle(&mut *terminal, stop) {
            continue;
        }
        if asked.is_none_or(|last| last.elapsed() >= HEARTBEAT) {
            asked = Some(Instant::now());
            match terminal.status() {
                Ok(()) => {
                    board.online(index);
                    till.confirm(&mut *terminal);
                }
                Err(fault) => board.fault(index, fault),
            }
        }
        let _ = stop.wait(LOOK);
    }
}

impl Till<'_> {
    fn mine(&self, row: &CardRow) -> bool {
        self.config.station.as_deref().is_none_or(|station| row.terminal.as_str() == station)
    }

    /// Serves the oldest charge of this till. Answers whether there was one.
    fn next(&self, terminal: &mut dyn CardTerminal, stop: &Stop) -> bool {
        let open = self.house.ledger.read(|view| view.open_cards());
        let Ok(open) = open.inspect_err(|error: &LedgerError| {
            tracing::error!(%error, "card charges cannot be read");
        }) else {
            return false;
        };
        let next = open.into_iter().find(|row| row.state.is_open() && self.mine(row));
        let Some(row) = next else { return false };
        let verdict = match row.state {
            CardState::Created => self.charge(terminal, &row, stop),
            // A crash or a lost line: it is asked for, never charged again.
            _ => Some(terminal.query(&row.id.to_string())),
        };
        let Some(verdict) = verdict else { return true };
        let waits = matches!(verdict, Verdict::Unknown(_));
        if let Verdict::Unknown(fault) = &verdict {
            self.board.fault(self.index, fault.clone());
        } else {
            self.board.online(self.index);
        }
        if !(waits && row.state == CardState::Unknown) {
            (self.house.on_card)(row.id, verdict);
        }
        if waits {
            let _ = stop.wait(jittered(BACKOFF.1 / 4));
        }
        true
    }

    /// Ends the terminal's day, if somebody asked for that. Answers whether the terminal was asked;
    /// one that is away is asked when it is back. One that was at it when the appliance stopped is
    /// asked again: that does no harm, and a day that was not ended would.
    fn settle(&self, terminal: &mut dyn CardTerminal, stop: &Stop) -> bool {
        let open = self.house.ledger.read(|view| view.open_settlement(&self.config.id));
        let Ok::<_, LedgerError>(Some(row)) = open else { return false };
        if let Err(fault) = terminal.status() {
            self.board.fault(self.index, fault);
            let _ = stop.wait(jittered(BACKOFF.1 / 4));
            return false;
        }
        let again = row.state == SettlementState::Running;
        let reason = again.then(|| AGAIN.to_owned());
        let id = row.id;
        let running = SettlementRow { state: SettlementState::Running, reason, ..row };
        let noted = self
            .house
            .ledger
            .submit::<(), LedgerError>(None, move |tx| tx.put_settlement(&running));
        if let Err(error) = noted.wait() {
            tracing::error!(%error, settlement = %id, "the end of a day cannot be noted");
            let _ = stop.wait(jittered(BACKOFF.1));
            return false;
        }
        let begun = Instant::now();
        let said = terminal.settle();
        let duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let error = said.as_ref().err().map(ToString::to_string);
        tracing::info!(device = %self.config.id, settlement = %id, duration_ms, error, "day ended");
        match &said {
            Ok(_) => self.board.online(self.index),
            Err(fault) => self.board.fault(self.index, fault.clone()),
        }
        (self.house.on_settled)(id, said);
        true
    }

    fn charge(
        &self,
        terminal: &mut dyn CardTerminal,
        row: &CardRow,
        stop: &Stop,
    ) -> Option<Verdict> {
        // A terminal that is not there has heard nothing: the charge waits, and can be given up.
        if let Err(fault) = terminal.status() {
            self.board.fault(self.index, fault);
            let _ = stop.wait(jittered(BACKOFF.1 / 4));
            return None;
        }
        if !self.moved(row.id, &[CardState::Created], CardState::Collecting) {
            return None;
        }
        let charge = Charge {
            intent: row.id.to_string(),
            amount_minor: row.amount.minor(),
            currency: row.amount.currency().to_string(),
            allow_offline: row.allow_offline,
            of: row.reverses.clone(),
        };
        let cancel = Stop::new();
        let done = Stop::new();
        let verdict = std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.wait(LOOK) {
                    let card = self.house.ledger.read(|view| view.card(row.id));
                    let given_up = matches!(&card, Ok::<_, LedgerError>(Some(card)) if card.cancel);
                    if given_up || stop.is_stopped() {
                        cancel.stop();
                        return;
                    }
                }
            });
            let mut progress = |step: ChargeStep| {
                if step == ChargeStep::Confirming {
                    let _ = self.moved(row.id, &[CardState::Collecting], CardState::Confirming);
                }
            };
            let verdict = terminal.charge(&charge, &mut progress, &cancel);
            done.stop();
            verdict
        });
        tracing::info!(device = %self.config.id, intent = %row.id, ?verdict, "card charge");
        Some(verdict)
    }

    /// Charges that the terminal approved by itself: has a bank seen them by now?
    fn confirm(&self, terminal: &mut dyn CardTerminal) {
        let exposed = self.house.ledger.read(|view| view.exposed_cards());
        let Ok::<_, LedgerError>(exposed) = exposed else { return };
        for row in exposed.iter().filter(|row| self.mine(row)) {
            let verdict = terminal.query(&row.id.to_string());
            if matches!(verdict, Verdict::Approved { offline: false, .. }) {
                (self.house.on_card)(row.id, verdict);
            }
        }
    }

    fn moved(&self, id: PaymentId, from: &[CardState], to: CardState) -> bool {
        let from = from.to_vec();
        let moved = self
            .house
            .ledger
            .submit::<bool, LedgerError>(None, move |tx| tx.move_card(id, &from, to, None));
        moved.wait().is_ok_and(|outcome| outcome.answer)
    }
}

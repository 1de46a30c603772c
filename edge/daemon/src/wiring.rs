//! Small adapters between rooms that must not know each other.

use crate::slips;
use crate::stand_in::StandIns;
use drivers_contract::{BumpKey, Fault, Slip, Verdict};
use edge_app::{Caller, Settled, Shop, ShopError, end_settlement, settle_card};
use edge_devices::{AskError, Board, DeviceState, Drivers, GateDrivers, GateHouse};
use edge_domain::ids::SettlementId;
use edge_domain::item::TerminalId;
use edge_domain::time::{Clock, Entropy};
use edge_domain::{PaymentId, StoreTime};
use edge_ledger::feed::{Topic, Type};
use edge_link::LinkStatus;
use edge_web::shapes::{self, Device, SyncStatus};
use edge_web::{AskProblem, DeviceBoard, ScaleReading, SyncBoard};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::watch;

/// The system's clock and chance.
pub(crate) struct System;

impl Clock for System {
    fn now(&self) -> StoreTime {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        StoreTime::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

impl Entropy for System {
    fn fill(&self, bytes: &mut [u8]) {
        // The kernel's generator fails only before it is seeded, in the first moments of a boot.
        while getrandom::fill(bytes).is_err() {
            std::thread::yield_now();
        }
    }
}

/// Every driver: nobody else names one but the twins and the shell.
pub(crate) const DRIVERS: Drivers = Drivers {
    scanner: drivers_scanner::open,
    printer: drivers_printer::open,
    terminal: drivers_terminal::open,
    scale: drivers_scale::open,
    display: drivers_display::open,
    bump_bar: drivers_bumpbar::open,
    gate: GateDrivers { reader: drivers_rfid::open, output: drivers_gpio::open },
};

/// The devices as the API shows them.
pub(crate) struct DevicesOnApi {
    pub(crate) board: Arc<Board>,
    pub(crate) gates: Arc<GateHouse>,
    pub(crate) stand_ins: Arc<StandIns>,
}

impl DeviceBoard for DevicesOnApi {
    fn devices(&self) -> Vec<Device> {
        self.board.devices().into_iter().map(|state| device(state, &self.stand_ins)).collect()
    }

    fn weigh(&self, station: &str) -> Result<ScaleReading, AskProblem> {
        let weighing = self.board.weigh(station).map_err(ask_problem)?;
        let grams = weighing.weight.grams();
        Ok(ScaleReading {
            station: station.to_owned(),
            status: weighing.weight.as_str().to_owned(),
            grams,
            quantity: grams.map(|grams| format!("{}.{:03}", grams / 1_000, grams % 1_000)),
            raw: weighing.raw.iter().map(|byte| format!("{byte:02x}")).collect(),
            advice: weighing.weight.advice().map(str::to_owned),
        })
    }

    fn test(&self, id: &str) -> Result<String, AskProblem> {
        self.board.test(id).map_err(ask_problem)
    }

    fn collect(&self, reader: &str) -> bool {
        let devices = self.board.devices();
        let known = devices.iter().any(|device| {
            device.config.id == reader && edge_devices::is_reader(&device.config.uri)
        });
        if known {
            self.gates.collections.begin(reader);
        }
        known
    }

    fn collected(&self, reader: &str) -> Option<Vec<String>> {
        self.gates.collections.of(reader)
    }

    fn stop_collecting(&self, reader: &str) {
        self.gates.collections.end(reader);
    }

    fn gate_figures(&self) -> (u64, Vec<(&'static str, u64)>) {
        (self.gates.figures.reads(), self.gates.figures.verdicts())
    }
}

fn ask_problem(error: AskError) -> AskProblem {
    match error {
        AskError::Unknown => AskProblem::Unknown,
        AskError::Fault(fault) => {
            AskProblem::Fault { code: fault.code.as_str(), advice: fault.advice() }
        }
    }
}

/// What is played is shown as the settings have it, and says when it is over.
fn device(state: DeviceState, stand_ins: &StandIns) -> Device {
    let config = state.config;
    let detail = state.fault.as_ref().map(|fault| fault.detail.clone());
    let played = stand_ins.of(&config.id).map(str::to_owned);
    let real = config.uri.to_string();
    Device {
        simulated: stand_ins.is_simulated(&config),
        twin_uri: played.is_some().then(|| real.clone()),
        uri: played.unwrap_or(real),
        last_error: detail.map(|detail| stand_ins.over(&config.id).unwrap_or(detail)),
        id: config.id,
        kind: state.kind.to_owned(),
        station: config.station,
        state: state.state.as_str().to_owned(),
        since: shapes::time(state.since),
        advice: state.fault.as_ref().map(drivers_contract::Fault::advice),
    }
}

/// The line to headquarters as the API shows it.
pub(crate) struct LinkOnApi {
    pub(crate) shop: Shop,
    pub(crate) status: Option<watch::Receiver<LinkStatus>>,
}

impl SyncBoard for LinkOnApi {
    fn sync(&self) -> SyncStatus {
        let link = self.status.as_ref().map(|status| status.borrow().clone());
        let on = link.is_some();
        let link = link.unwrap_or_default();
        // The journal's own word: whoever was just answered may be told of before those who watch.
        let written = self.shop.read(|view| Ok(view.last_seq()?));
        let last_seq = written.unwrap_or_else(|_| self.shop.ledger().progress().borrow().head.seq);
        let behind = if on { last_seq.saturating_sub(link.acked.seq) } else { 0 };
        let oldest = || self.shop.read(|view| Ok(view.entry_time(link.acked.seq + 1)?));
        let since = if behind > 0 { oldest().ok().flatten() } else { None };
        let time = |ms: i64| shapes::time(StoreTime::from_millis(ms));
        SyncStatus {
            state: link.state.as_str().to_owned(),
            behind_entries: behind,
            behind_since: since.map(time),
            last_success_at: link.last_success_ms.map(time),
            acked_seq: link.acked.seq,
            last_seq,
            epoch: self.shop.ledger().epoch(),
            message: link.message,
        }
    }
}

/// Books what became of a card charge; a ledger that cannot write is asked again by the terminal's
/// next look, since the charge stays open there.
pub(crate) fn charged(shop: &Shop, id: PaymentId, verdict: Verdict) {
    let settled = match verdict {
        Verdict::Approved { approval, offline, reference, slips } => {
            Settled::Approved { approval, offline, reference, slips: slips::kept(&slips) }
        }
        Verdict::Declined { reason, slips } => {
            Settled::Declined { reason, slips: slips::kept(&slips) }
        }
        Verdict::Cancelled | Verdict::Unheard => Settled::Cancelled,
        Verdict::Unknown(fault) => Settled::Unknown(fault.advice()),
    };
    let booked = shop.run(None, move |desk| {
        settle_card(desk, id, &settled)?;
        Ok(())
    });
    if let Err(error) = booked.wait() {
        tracing::error!(%error, intent = %id, "a card charge could not be booked");
    }
}

/// Books the end of a terminal's day.
pub(crate) fn settled(shop: &Shop, id: SettlementId, said: Result<Vec<Slip>, Fault>) {
    let said = said.map(|slips| slips::kept(&slips));
    let said = said.map_err(|fault| format!("{} {}", fault.advice(), fault.detail));
    let booked = shop.run(None, move |desk| end_settlement(desk, id, said));
    if let Err(error) = booked.wait() {
        tracing::error!(%error, settlement = %id, "the end of a terminal's day could not be booked");
    }
}

/// A scan at a station: rung up, or refused where the cashier sees it.
pub(crate) fn scanned(shop: &Shop, station: &str, code: &str) {
    let Ok(terminal) = TerminalId::new(station) else {
        tracing::warn!(station, "a scanner's station is no terminal, as in T1");
        return;
    };
    let (text, at) = (code.to_owned(), terminal.clone());
    let rung = shop.run_for(Caller::Terminal(terminal.clone()), None, move |desk| {
        edge_app::scan(desk, &at, &text).map(|rung| rung.order.head.id.uuid())
    });
    if let Err(error) = rung.wait() {
        refused(shop, &terminal, code, &error);
    }
}

fn refused(shop: &Shop, terminal: &TerminalId, code: &str, error: &ShopError) {
    tracing::info!(%terminal, %error, "a scan was refused");
    let input: String = code.chars().filter(|c| !c.is_control()).take(80).collect();
    let data = serde_json::json!({
        "terminal": terminal.as_str(),
        "input": input,
        "code": error.code().0,
        "detail": error.to_string(),
    });
    let told = shop.run(None, move |desk| {
        Ok(desk.tx.tell_all(Topic::Scans, Type::ScanRefused, &data.to_string())?)
    });
    let _ = told.wait();
}

/// A key of a bump bar: the ticket at that place of the station's screen is finished, or the last
/// finished one comes back. A key without a ticket does nothing.
pub(crate) fn bumped(shop: &Shop, station: &str, key: BumpKey) {
    let station = Some(station.to_owned()).filter(|station| !station.is_empty());
    let done = shop.run(None, move |desk| {
        let station = station.as_deref();
        let ticket = match key {
            BumpKey::Bump(place) => {
                let open = desk.view().open_tickets(station)?;
                open.into_iter().nth(usize::from(place).saturating_sub(1))
            }
            BumpKey::Recall => desk.view().bumped_tickets(station, 1)?.into_iter().next(),
        };
        let Some(ticket) = ticket.map(|row| row.ticket.id) else { return Ok(()) };
        match key {
            BumpKey::Bump(_) => edge_app::bump_ticket(desk, ticket)?,
            BumpKey::Recall => edge_app::recall_ticket(desk, ticket)?,
        };
        Ok(())
    });
    if let Err(error) = done.wait() {
        tracing::warn!(%error, "a bump bar's key had no effect");
    }
}

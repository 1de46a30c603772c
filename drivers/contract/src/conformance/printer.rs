//! What every printer promises.

use std::any::Any;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::event::{Event, PowerState, StatusUpdate, Stop};
use crate::fault::FaultCode;
use crate::print::{Document, Element};
use crate::printer::{JobOutcome, JobProgress, PaperState, Printer};
use crate::twin::PrinterTwin;
use crate::uri::DeviceUri;

/// A driver with short deadlines and the twin that it is tried on.
pub struct Rig<T: PrinterTwin> {
    /// Makes the driver. It should give a person 3 s or less to reload paper.
    pub open: fn(&DeviceUri) -> Box<dyn Printer>,
    /// The twin, plugged in.
    pub twin: T,
    /// Whatever must outlive the twin, as the temporary directory of its line.
    pub guard: Box<dyn Any>,
}

/// Longer than any healthy machine needs, so that only a broken promise reaches it.
const PATIENCE: Duration = Duration::from_secs(20);

fn receipt(name: &str, lines: usize) -> Document {
    let mut document = Document::new().line(format!("begin {name}"));
    for line in 0..lines {
        document = document.row(format!("item {line}"), "1.00");
    }
    document.line(format!("end {name}")).with(Element::Cut)
}

fn print(printer: &mut dyn Printer, document: &Document) -> JobOutcome {
    printer.print(document, &mut |_| {}, &Stop::new())
}

fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < end, "waited in vain for: {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

fn assert_failed(outcome: &JobOutcome, codes: &[FaultCode]) {
    match outcome {
        JobOutcome::Failed(fault) if codes.contains(&fault.code) => {}
        other => panic!("Failed with one of {codes:?} was due, not {other:?}"),
    }
}

fn assert_blank(twin: &impl PrinterTwin) {
    assert_eq!((twin.receipts().len(), twin.uncut().as_str()), (0, ""), "nothing is on paper");
}

/// "Printed" is said only when the twin has cut the receipt and holds no byte of it.
pub fn printed_means_that_the_paper_has_it<T: PrinterTwin>(rig: &Rig<T>) {
    let mut printer = (rig.open)(&rig.twin.uri());
    for round in 1..=3 {
        let name = format!("r{round}");
        assert_eq!(print(&mut *printer, &receipt(&name, 30)), JobOutcome::Printed);
        let receipts = rig.twin.receipts();
        assert_eq!(receipts.len(), round, "one receipt a job");
        assert!(receipts[round - 1].contains(&format!("begin {name}")));
        assert!(receipts[round - 1].contains(&format!("end {name}")));
        assert_eq!((rig.twin.buffered(), rig.twin.uncut().as_str()), (0, ""));
    }
}

/// Probing, then sending nought of so many, then more, then waiting for the marker.
pub fn sending_is_announced_before_the_first_byte<T: PrinterTwin>(rig: &Rig<T>) {
    let mut printer = (rig.open)(&rig.twin.uri());
    let mut seen = Vec::new();
    let outcome = printer.print(
        &receipt("r", 5),
        &mut |progress| {
            if matches!(progress, JobProgress::Sending { sent: 0, .. }) {
                thread::sleep(Duration::from_millis(50));
                assert_blank(&rig.twin);
            }
            seen.push(progress);
        },
        &Stop::new(),
    );
    assert_eq!(outcome, JobOutcome::Printed);
    assert_eq!(seen[0], JobProgress::Probing);
    let JobProgress::Sending { sent: 0, total } = seen[1] else { panic!("{seen:?}") };
    assert_eq!(seen[seen.len() - 2], JobProgress::Sending { sent: total, total });
    assert_eq!(seen[seen.len() - 1], JobProgress::AwaitMarker);
}

/// An owner that cannot record the job stops it while that is still free.
pub fn stop_before_the_first_byte_leaves_no_paper<T: PrinterTwin>(rig: &Rig<T>) {
    let mut printer = (rig.open)(&rig.twin.uri());
    let stop = Stop::new();
    let outcome = printer.print(
        &receipt("r", 5),
        &mut |progress| {
            if matches!(progress, JobProgress::Sending { .. }) {
                stop.stop();
            }
        },
        &stop,
    );
    assert_failed(&outcome, &[FaultCode::Failure]);
    thread::sleep(Duration::from_millis(100));
    assert_blank(&rig.twin);
    assert_eq!(print(&mut *printer, &receipt("next", 1)), JobOutcome::Printed);
    assert_eq!(rig.twin.receipts().len(), 1);
}

/// No paper, no job.
pub fn paper_out_before_the_job_fails_with_nothing_on_paper<T: PrinterTwin>(rig: &Rig<T>) {
    let mut printer = (rig.open)(&rig.twin.uri());
    rig.twin.set_paper(PaperState::Empty);
    assert_eq!(printer.status().expect("it answers").paper, PaperState::Empty);
    assert_failed(&print(&mut *printer, &receipt("lost", 5)), &[FaultCode::PaperEmpty]);
    rig.twin.set_paper(PaperState::Ok);
    thread::sleep(Duration::from_millis(100));
    assert_blank(&rig.twin);
    assert_eq!(print(&mut *printer, &receipt("next", 5)), JobOutcome::Printed);
    assert!(!rig.twin.receipts().concat().contains("lost"));
}

/// An open cover is reported and refuses the job.
pub fn cover_open_before_the_job_fails_with_nothing_on_paper<T: PrinterTwin>(rig: &Rig<T>) {
    let mut printer = (rig.open)(&rig.twin.uri());
    rig.twin.set_cover_open(true);
    let status = printer.status().expect("it answers");
    assert!(status.cover_open && !status.online, "{status:?}");
    assert_failed(&print(&mut *printer, &receipt("lost", 5)), &[FaultCode::CoverOpen]);
    assert_blank(&rig.twin);
    rig.twin.set_cover_open(false);
    assert_eq!(print(&mut *printer, &receipt("next", 5)), JobOutcome::Printed);
    assert_eq!(rig.twin.receipts().len(), 1);
}

/// The roll ends in mid-receipt, a person loads a new one, and the rest follows by itself.
pub fn paper_out_mid_job_is_printed_after_reload<T: PrinterTwin>(rig: &Rig<T>) {
    let mut printer = (rig.open)(&rig.twin.uri());
    rig.twin.set_paper_lines_left(4);
    let outcome = thread::scope(|scope| {
        let job = scope.spawn(|| print(&mut *printer, &receipt("r", 20)));
        wait_until("four lines on paper", || rig.twin.uncut().lines().count() >= 4);
        thread::sleep(Duration::from_millis(100));
        assert!(!job.is_finished(), "the job waits for paper");
        rig.twin.set_paper(PaperState::Ok);
        job.join().expect("the driver does not panic")
    });
    assert_eq!(outcome, JobOutcome::Printed);
    let receipts = rig.twin.receipts();
    assert_eq!(receipts.len(), 1);
    assert!(receipts[0].contains("begin r") && receipts[0].contains("end r"));
}

/// Nobody loads paper: the job is uncertain, and its rest never mixes with the next receipt.
pub fn paper_out_mid_job_is_indeterminate_at_the_deadline<T: PrinterTwin>(rig: &Rig<T>) {
    let mut printer = (rig.open)(&rig.twin.uri());
    rig.twin.set_paper_lines_left(4);
    match print(&mut *printer, &receipt("old", 20)) {
        JobOutcome::Indeterminate(fault) => assert_eq!(fault.code, FaultCode::PaperEmpty),
        other => panic!("Indeterminate was due, not {other:?}"),
    }
    rig.twin.set_paper(PaperState::Ok);
    assert_eq!(print(&mut *printer, &receipt("next", 3)), JobOutcome::Printed);
    let last = rig.twin.receipts().pop().expect("a receipt was cut");
    assert!(last.contains("begin next") && last.contains("end next") && !last.contains("old"));
}

/// Nobody is there: nothing was printed, and that is certain.
pub fn unplugged_before_the_job_fails<T: PrinterTwin>(rig: &Rig<T>) {
    let mut printer = (rig.open)(&rig.twin.uri());
    assert_eq!(print(&mut *printer, &receipt("first", 2)), JobOutcome::Printed);
    rig.twin.unplug();
    let outcome = print(&mut *printer, &receipt("lost", 2));
    assert_failed(&outcome, &[FaultCode::Offline, FaultCode::NoHardware]);
    rig.twin.plug().expect("the twin can be plugged in again");
    assert_eq!(print(&mut *printer, &receipt("next", 2)), JobOutcome::Printed);
    assert_eq!(rig.twin.receipts().len(), 2, "first and next");
}

/// The cable comes out at various bytes of the job: uncertain, and the next receipt is whole.
pub fn unplugged_mid_job_is_indeterminate_and_the_next_receipt_is_clean<T: PrinterTwin>(
    rig: &Rig<T>,
) {
    let torn = receipt("torn", 10).with(Element::Qr { data: "torn".repeat(20) });
    let mut printer = (rig.open)(&rig.twin.uri());
    assert_eq!(print(&mut *printer, &receipt("first", 1)), JobOutcome::Printed);
    for bytes in [1, 40, 300, 520] {
        rig.twin.unplug_after(bytes);
        match print(&mut *printer, &torn) {
            JobOutcome::Indeterminate(fault) => assert_eq!(fault.code, FaultCode::Offline),
            other => panic!("Indeterminate was due after {bytes} bytes, not {other:?}"),
        }
        rig.twin.plug().expect("the twin can be plugged in again");
        assert_eq!(print(&mut *printer, &receipt("next", 2)), JobOutcome::Printed);
        let last = rig.twin.receipts().pop().expect("a receipt was cut");
        assert!(last.starts_with("begin next"), "after {bytes} bytes: {last}");
        assert!(!last.contains("torn"), "after {bytes} bytes: {last}");
    }
}

/// The marker of an earlier job that comes late is not taken for the new job's.
pub fn a_lost_end_of_a_job_does_not_answer_for_the_next<T: PrinterTwin>(rig: &Rig<T>) {
    let mut printer = (rig.open)(&rig.twin.uri());
    assert_eq!(print(&mut *printer, &receipt("first", 1)), JobOutcome::Printed);
    rig.twin.set_stalled(true);
    assert!(matches!(print(&mut *printer, &receipt("old", 2)), JobOutcome::Indeterminate(_)));
    thread::scope(|scope| {
        let job = scope.spawn(|| print(&mut *printer, &receipt("next", 40)));
        thread::sleep(Duration::from_millis(100));
        rig.twin.set_stalled(false);
        assert_eq!(job.join().expect("the driver does not panic"), JobOutcome::Printed);
        let last = rig.twin.receipts().pop().expect("a receipt was cut");
        assert!(last.contains("end next"), "said Printed before the paper had it: {last}");
    });
}

/// A printer that takes bytes and prints nothing is not a printer that has printed.
pub fn stalled_printer_is_indeterminate_at_the_deadline<T: PrinterTwin>(rig: &Rig<T>) {
    let mut printer = (rig.open)(&rig.twin.uri());
    assert_eq!(print(&mut *printer, &receipt("first", 1)), JobOutcome::Printed);
    rig.twin.set_stalled(true);
    match print(&mut *printer, &receipt("r", 100)) {
        JobOutcome::Indeterminate(fault) => assert_eq!(fault.code, FaultCode::Timeout),
        other => panic!("Indeterminate was due, not {other:?}"),
    }
    assert_eq!(rig.twin.receipts().len(), 1, "the first only");
}

/// An answer that comes after its question timed out does not answer the next one.
pub fn a_stale_status_never_answers_a_new_question<T: PrinterTwin>(rig: &Rig<T>) {
    let mut printer = (rig.open)(&rig.twin.uri());
    rig.twin.set_latency(Duration::from_millis(900));
    assert_eq!(printer.status().expect_err("too slow").code, FaultCode::Timeout);
    rig.twin.set_latency(Duration::ZERO);
    rig.twin.set_paper(PaperState::Empty);
    wait_until("a status", || {
        let answer = printer.status();
        if let Ok(status) = &answer {
            assert_eq!(status.paper, PaperState::Empty, "this is yesterday's answer");
        }
        answer.is_ok()
    });
}

/// One call, one pulse, on the drawer that was asked for.
pub fn drawer_pulse_arrives_once<T: PrinterTwin>(rig: &Rig<T>) {
    let mut printer = (rig.open)(&rig.twin.uri());
    assert_eq!(printer.open_drawer(0), Ok(()));
    assert_eq!(rig.twin.drawer_pulses(), [0]);
    assert_eq!(printer.open_drawer(1), Ok(()));
    assert_eq!(rig.twin.drawer_pulses(), [0, 1]);
    assert_eq!(printer.status().expect("it answers").drawer_open, Some(true));
    assert_blank(&rig.twin);
}

/// A pulse never waits in a printer until it comes on-line again.
pub fn drawer_of_an_offline_printer_is_refused<T: PrinterTwin>(rig: &Rig<T>) {
    let mut printer = (rig.open)(&rig.twin.uri());
    rig.twin.set_offline(true);
    assert_eq!(printer.open_drawer(0).expect_err("it is off-line").code, FaultCode::Offline);
    rig.twin.set_offline(false);
    thread::sleep(Duration::from_millis(100));
    assert_eq!(rig.twin.drawer_pulses(), [0u8; 0]);
}

/// The heartbeat tells what changed, once, and notices a pulled plug.
pub fn poll_reports_changes_and_unplugging<T: PrinterTwin>(rig: &Rig<T>) {
    let mut printer = (rig.open)(&rig.twin.uri());
    let (sink, events) = mpsc::channel();
    let mut poll = || {
        let result = printer.poll(&sink);
        (result.map_err(|fault| fault.code), events.try_iter().collect::<Vec<_>>())
    };
    assert_eq!(poll(), (Ok(()), vec![Event::Power(PowerState::Online)]));
    assert_eq!(poll(), (Ok(()), vec![]), "no change, no event");
    for (set, update) in [
        (&(|| rig.twin.set_cover_open(true)) as &dyn Fn(), StatusUpdate::CoverOpen),
        (&|| rig.twin.set_cover_open(false), StatusUpdate::CoverOk),
        (&|| rig.twin.set_paper(PaperState::NearEnd), StatusUpdate::PaperNearEmpty),
        (&|| rig.twin.set_paper(PaperState::Empty), StatusUpdate::PaperEmpty),
        (&|| rig.twin.set_paper(PaperState::Ok), StatusUpdate::PaperOk),
        (&|| rig.twin.set_drawer_open(true), StatusUpdate::DrawerOpen),
        (&|| rig.twin.set_drawer_open(false), StatusUpdate::DrawerClosed),
    ] {
        set();
        let (result, seen) = poll();
        assert_eq!(result, Ok(()));
        assert!(seen.contains(&Event::StatusUpdate(update)), "{update:?} was due: {seen:?}");
    }
    rig.twin.unplug();
    let (result, seen) = poll();
    assert!(matches!(result, Err(FaultCode::Offline | FaultCode::NoHardware)), "{result:?}");
    assert_eq!(seen, [Event::Power(PowerState::Offline)]);
    rig.twin.plug().expect("the twin can be plugged in again");
    let (result, seen) = poll();
    assert_eq!((result, seen), (Ok(()), vec![Event::Power(PowerState::Online)]));
}

//! The label printer's driver against its twin.

use std::thread;
use std::time::Duration;

use drivers_contract::print::{Barcode, Document, Element};
use drivers_contract::twin::Twin;
use drivers_contract::{FaultCode, JobOutcome, LabelMedia, Printer, Stop};
use drivers_printer::Timing;
use drivers_printer::zpl::ZplPrinter;
use drivers_printer::zpl::sim::SimZpl;

const MEDIA: LabelMedia = LabelMedia { width_mm: 58, height_mm: 40, dpi: 203 };
const TIMING: Timing = Timing {
    answer: Duration::from_millis(800),
    line: Duration::from_millis(10),
    slack: Duration::from_millis(1_500),
    attention: Duration::from_secs(4),
    lease: Duration::from_millis(200),
};

fn rig() -> (SimZpl, ZplPrinter) {
    let twin = SimZpl::tcp(([127, 0, 0, 1], 0).into(), MEDIA, Duration::from_millis(30))
        .expect("a free port");
    let driver = ZplPrinter::new(&twin.uri(), TIMING).expect("a label printer's URI");
    (twin, driver)
}

fn label(name: &str) -> Document {
    let epc = vec![0x30, 0x74, 0x25, 0x7b, 0xf7, 0x19, 0x4e, 0x40, 0, 0, 0x1a, 0x85];
    Document::new()
        .line(format!("{name} ^~_ 5 €"))
        .with(Element::Barcode { symbology: Barcode::Ean13, data: "4006381333931".into() })
        .with(Element::Tag { epc })
}

fn print(driver: &mut ZplPrinter, name: &str) -> JobOutcome {
    driver.print(&label(name), &mut |_| {}, &Stop::new())
}

fn code(outcome: &JobOutcome) -> (bool, FaultCode) {
    match outcome {
        JobOutcome::Failed(fault) => (false, fault.code),
        JobOutcome::Indeterminate(fault) => (true, fault.code),
        JobOutcome::Printed => panic!("it cannot have been printed"),
    }
}

#[test]
fn printed_means_that_the_label_is_out_as_it_was_meant() {
    let (twin, mut driver) = rig();
    for name in ["Käse", "Tee"] {
        assert_eq!(print(&mut driver, name), JobOutcome::Printed);
        let last = twin.labels().pop().unwrap();
        assert_eq!(last.fields, [format!("{name} ^~_ 5 €"), "400638133393".into()]);
        assert_eq!(last.epc.as_deref(), Some("3074257BF7194E4000001A85"));
    }
    assert_eq!(twin.labels().len(), 2);
}

#[test]
fn without_labels_or_with_an_open_head_nothing_is_sent() {
    let (twin, mut driver) = rig();
    twin.set_paper_out(true);
    assert_eq!(code(&print(&mut driver, "lost")), (false, FaultCode::PaperEmpty));
    twin.set_paper_out(false);
    twin.set_head_up(true);
    assert_eq!(code(&print(&mut driver, "lost")), (false, FaultCode::CoverOpen));
    twin.set_head_up(false);
    assert_eq!(print(&mut driver, "next"), JobOutcome::Printed);
    assert_eq!(twin.labels().len(), 1);
}

#[test]
fn labels_that_run_out_in_mid_job_are_waited_for() {
    let (twin, mut driver) = rig();
    twin.set_stalled(true);
    let hands = twin.clone();
    let person = thread::spawn(move || {
        thread::sleep(Duration::from_millis(200));
        hands.set_paper_out(true);
        hands.set_stalled(false);
        thread::sleep(Duration::from_millis(1_700)); // longer than the printer's own time
        hands.set_paper_out(false);
    });
    assert_eq!(print(&mut driver, "late"), JobOutcome::Printed);
    person.join().unwrap();
    assert_eq!(twin.labels().len(), 1);
}

#[test]
fn a_pulled_cable_or_a_standstill_leaves_doubt() {
    let (twin, mut driver) = rig();
    twin.unplug_after(60);
    assert_eq!(code(&print(&mut driver, "torn")), (true, FaultCode::Offline));
    assert_eq!(code(&print(&mut driver, "away")), (false, FaultCode::Offline));
    twin.plug().unwrap();
    twin.set_stalled(true);
    assert_eq!(code(&print(&mut driver, "stuck")), (true, FaultCode::Timeout));
    assert_eq!(code(&print(&mut driver, "behind")), (false, FaultCode::Claimed));
}

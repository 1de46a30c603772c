//! The suite that every driver passes against its twin, over every line that it supports.
//!
//! The functions panic with the broken promise. They know devices only through their traits and
//! twins only through [`crate::twin`], so that a new driver joins with one macro call:
//!
//! ```ignore
//! drivers_contract::scanner_conformance!(over_pty, || Rig { open, twin: SimScanner::pty(...) });
//! ```

pub mod bumpbar;
pub mod display;
pub mod output;
pub mod printer;
pub mod rfid;
pub mod scale;
pub mod scanner;
pub mod terminal;

/// How many cases a property is tried on: `OUTPOST_CASES`, or as many as `make test` has time for.
#[must_use]
pub fn cases(default: u32) -> u32 {
    std::env::var("OUTPOST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(default)
}

/// Makes one test of each promise of [`scanner`]; takes a module name and a function that makes a
/// fresh [`scanner::Rig`].
#[macro_export]
macro_rules! scanner_conformance {
    ($name:ident, $rig:expr) => {
        $crate::scanner_promises!([$crate::conformance_tests] $name, scanner, $rig);
    };
}

/// The promises of every scanner, handed to the macro in brackets behind what else it takes.
#[macro_export]
macro_rules! scanner_promises {
    ([$($with:tt)+] $($before:tt)*) => {
        $($with)+!($($before)*, [
            code_split_at_any_byte_arrives_once,
            two_codes_in_one_read_arrive_as_two,
            every_suffix_ends_a_code_once,
            bytes_are_kept_as_sent,
            garbage_is_bounded_and_reported,
            unplugged_is_noticed_and_replugged_works,
            absent_is_a_fault_and_not_an_event,
            stop_is_obeyed
        ]);
    };
}

/// As [`scanner_conformance!`], for scanners that type: a keyboard has no keys for bytes above 127.
#[macro_export]
macro_rules! wedge_conformance {
    ($name:ident, $rig:expr) => {
        $crate::conformance_tests!(
            $name,
            scanner,
            $rig,
            [
                code_split_at_any_byte_arrives_once,
                two_codes_in_one_read_arrive_as_two,
                every_suffix_ends_a_code_once,
                text_is_kept_as_typed,
                garbage_is_bounded_and_reported,
                unplugged_is_noticed_and_replugged_works,
                absent_is_a_fault_and_not_an_event,
                stop_is_obeyed
            ]
        );
    };
}

/// Makes one test of each promise of [`scale`].
#[macro_export]
macro_rules! scale_conformance {
    ($name:ident, $rig:expr) => {
        $crate::conformance_tests!(
            $name,
            scale,
            $rig,
            [
                a_weight_that_stands_still_is_told_to_the_gram,
                what_is_no_weight_is_never_zero_grams,
                a_late_answer_never_answers_the_next_question,
                silence_is_a_fault,
                unplugged_is_noticed_and_replugged_works
            ]
        );
    };
}

/// Makes one test of each promise of [`display`].
#[macro_export]
macro_rules! display_conformance {
    ($name:ident, $rig:expr) => {
        $crate::conformance_tests!(
            $name,
            display,
            $rig,
            [
                two_lines_are_shown_and_replaced,
                what_is_too_long_is_cut_and_never_wraps,
                no_text_leaves_its_line,
                unplugged_is_noticed_and_replugged_works
            ]
        );
    };
}

/// Makes one test of each promise of [`bumpbar`].
#[macro_export]
macro_rules! bumpbar_conformance {
    ($name:ident, $rig:expr) => {
        $crate::conformance_tests!(
            $name,
            bumpbar,
            $rig,
            [
                each_press_is_one_key,
                unplugged_is_noticed_and_replugged_works,
                absent_is_a_fault_and_not_an_event
            ]
        );
    };
}

/// Makes one test of each promise of [`terminal`].
#[macro_export]
macro_rules! terminal_conformance {
    ($name:ident, $rig:expr) => {
        $crate::conformance_tests!(
            $name,
            terminal,
            $rig,
            [
                a_card_is_approved_or_declined_and_charged_once,
                an_approval_that_nobody_heard_is_found,
                a_line_that_died_before_the_charge_is_never_charged,
                an_approval_that_comes_late_is_found,
                a_cashier_may_give_up,
                a_terminal_may_give_up,
                slips_come_with_the_verdict,
                a_day_is_ended_on_paper,
                a_payment_of_today_is_taken_back_and_of_yesterday_refunded,
                a_refund_whose_answer_is_lost_is_found,
                a_terminal_that_is_away_is_a_fault
            ]
        );
    };
}

/// Makes one test of each promise of [`printer`]; takes a module name and a function that makes a
/// fresh [`printer::Rig`].
#[macro_export]
macro_rules! printer_conformance {
    ($name:ident, $rig:expr) => {
        $crate::printer_promises!([$crate::conformance_tests] $name, printer, $rig);
    };
}

/// The promises of every printer, handed to the macro in brackets behind what else it takes.
#[macro_export]
macro_rules! printer_promises {
    ([$($with:tt)+] $($before:tt)*) => {
        $($with)+!($($before)*, [
            printed_means_that_the_paper_has_it,
            sending_is_announced_before_the_first_byte,
            stop_before_the_first_byte_leaves_no_paper,
            paper_out_before_the_job_fails_with_nothing_on_paper,
            cover_open_before_the_job_fails_with_nothing_on_paper,
            paper_out_mid_job_is_printed_after_reload,
            paper_out_mid_job_is_indeterminate_at_the_deadline,
            unplugged_before_the_job_fails,
            unplugged_mid_job_is_indeterminate_and_the_next_receipt_is_clean,
            a_lost_end_of_a_job_does_not_answer_for_the_next,
            stalled_printer_is_indeterminate_at_the_deadline,
            a_stale_status_never_answers_a_new_question,
            drawer_pulse_arrives_once,
            drawer_of_an_offline_printer_is_refused,
            poll_reports_changes_and_unplugging
        ]);
    };
}

/// Makes one test of each promise of [`rfid`]; takes a module name and a function that makes a
/// fresh [`rfid::Rig`].
#[macro_export]
macro_rules! rfid_conformance {
    ($name:ident, $rig:expr) => {
        $crate::conformance_tests!(
            $name,
            rfid,
            $rig,
            [
                reads_arrive_as_they_were_seen,
                any_segmentation_reads_the_same,
                unplugged_is_noticed_and_replugged_works,
                silence_is_noticed_in_time,
                absent_is_a_fault_and_not_an_event,
                another_client_is_its_own_fault,
                lost_reads_are_told,
                a_pulse_ends_by_itself,
                a_lamp_that_stuck_goes_out,
                stop_is_obeyed
            ]
        );
    };
}

/// Makes one test of each promise of [`output`]; takes a module name and a function that makes a
/// fresh [`output::Rig`].
#[macro_export]
macro_rules! output_conformance {
    ($name:ident, $rig:expr) => {
        $crate::conformance_tests!(
            $name,
            output,
            $rig,
            [
                a_pulse_ends_by_itself,
                pulses_join,
                nobody_leaves_it_on,
                what_the_dead_left_on_goes_off,
                a_line_in_other_hands_is_a_fault
            ]
        );
    };
}

/// The shape that the suites share; not to be called by hand.
#[doc(hidden)]
#[macro_export]
macro_rules! conformance_tests {
    ($name:ident, $class:ident, $rig:expr, [$($test:ident),*]) => {
        mod $name {
            use super::*;
            $(
                #[test]
                fn $test() {
                    $crate::conformance::$class::$test(&($rig)());
                }
            )*
        }
    };
}

//! The suite that every driver passes against its twin, over every line that it supports.
//!
//! The functions panic with the broken promise. They know devices only through their traits and
//! twins only through [`crate::twin`], so that a new driver joins with one macro call:
//!
//! ```ignore
//! drivers_contract::scanner_conformance!(over_pty, || Rig { open, twin: SimScanner::pty(...) });
//! ```

pub mod output;
pub mod printer;
pub mod rfid;
pub mod scanner;

/// Makes one test of each promise of [`scanner`]; takes a module name and a function that makes a
/// fresh [`scanner::Rig`].
#[macro_export]
macro_rules! scanner_conformance {
    ($name:ident, $rig:expr) => {
        $crate::conformance_tests!(
            $name,
            scanner,
            $rig,
            [
                code_split_at_any_byte_arrives_once,
                two_codes_in_one_read_arrive_as_two,
                every_suffix_ends_a_code_once,
                bytes_are_kept_as_sent,
                garbage_is_bounded_and_reported,
                unplugged_is_noticed_and_replugged_works,
                absent_is_a_fault_and_not_an_event,
                stop_is_obeyed
            ]
        );
    };
}

/// Makes one test of each promise of [`printer`]; takes a module name and a function that makes a
/// fresh [`printer::Rig`].
#[macro_export]
macro_rules! printer_conformance {
    ($name:ident, $rig:expr) => {
        $crate::conformance_tests!(
            $name,
            printer,
            $rig,
            [
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
            ]
        );
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

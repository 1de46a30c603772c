use super::*;
use proptest::prelude::*;

fn job(recovery: Recovery, now: Instant) -> Job {
    let encoded = Encoded { bytes: vec![b'x'; 960], lines: 10 };
    Job::new(encoded, recovery, Timing::default(), Some(9_600), now)
}

fn send_all(job: &mut Job, now: Instant) {
    while job.next_progress().is_some() {}
    job.release(now);
    let count = job.pending().len();
    job.on_written(count, now);
}

#[test]
fn nothing_is_pending_before_the_owner_saw_the_announcement() {
    let now = Instant::now();
    let mut job = job(Recovery::Clean, now);
    job.release(now);
    assert!(job.pending().is_empty(), "not before progress was taken");
    assert_eq!(job.next_progress(), Some(JobProgress::Sending { sent: 0, total: 960 }));
    job.release(now);
    assert_eq!(job.pending().len(), 960);
}

#[test]
fn the_deadline_is_bytes_and_paper_and_slack() {
    let now = Instant::now();
    let mut job = job(Recovery::Clean, now);
    send_all(&mut job, now);
    // 960 bytes at 9600 baud are 1 s, ten lines 1 s, slack 10 s.
    job.on_tick(now + Duration::from_millis(11_900));
    assert_eq!(job.outcome(), None);
    job.on_tick(now + Duration::from_millis(12_100));
    assert!(matches!(job.outcome(), Some(JobOutcome::Indeterminate(_))));
    assert_eq!(job.aftermath(), Recovery::Torn { incomplete: false, markers: 1 });
}

#[test]
fn a_marker_before_the_last_byte_left_is_not_ours() {
    let now = Instant::now();
    let mut job = job(Recovery::Clean, now);
    job.next_progress();
    job.release(now);
    job.on_written(900, now);
    job.on_reply(Reply::Marker(0), now);
    assert_eq!(job.outcome(), None);
    job.on_written(60, now);
    job.on_reply(Reply::Marker(0), now);
    assert_eq!(job.outcome(), Some(&JobOutcome::Printed));
}

#[test]
fn an_earlier_jobs_marker_does_not_pass_the_barrier() {
    let now = Instant::now();
    let mut job = job(Recovery::Torn { incomplete: true, markers: 1 }, now);
    let count = job.pending().len();
    assert!(count > FLUSH_BYTES);
    job.on_written(count, now);
    job.on_reply(Reply::Marker(0), now);
    job.on_tick(now);
    assert_eq!(job.next_progress(), None);
    job.on_reply(Reply::Marker(0), now);
    job.on_tick(now);
    assert!(job.next_progress().is_some());
}

/// Behind usblp the flush was still on its way when the gap ended, and the barrier's late answer
/// was taken for the end of a job that was not on paper.
#[test]
fn a_barrier_that_is_late_does_not_end_the_job() {
    let now = Instant::now();
    let mut job = job(Recovery::Torn { incomplete: false, markers: 1 }, now);
    let count = job.pending().len();
    job.on_written(count, now);
    job.on_reply(Reply::Marker(0), now);
    let later = now + Duration::from_secs(20);
    job.on_tick(later);
    send_all(&mut job, later);
    assert_eq!(job.sent, 960 + MARKER.len(), "the end is asked for twice");
    job.on_reply(Reply::Marker(0), later);
    assert_eq!(job.outcome(), None, "this one may be the barrier's");
    assert_eq!(job.outstanding(), 2);
    job.on_reply(Reply::Marker(0), later);
    assert_eq!(job.outcome(), Some(&JobOutcome::Printed));
}

#[test]
fn a_swallowed_barrier_is_followed_by_a_flush() {
    let now = Instant::now();
    let mut job = job(Recovery::Unknown, now);
    job.on_written(3, now);
    job.on_tick(now + Duration::from_secs(5));
    assert!(job.pending().len() > FLUSH_BYTES);
}

proptest! {
    #[test]
    fn a_job_ends_once_and_failed_means_that_nothing_left(
        steps in proptest::collection::vec((0u8..7, 0usize..400, 0u64..4_000), 0..80),
    ) {
        let mut now = Instant::now();
        let mut job = job(Recovery::Unknown, now);
        let mut left = 0;
        let mut ended = None;
        for (step, count, ms) in steps {
            now += Duration::from_millis(ms);
            match step {
                0 => { job.next_progress(); }
                1 => job.release(now),
                2 => {
                    let count = count.min(job.pending().len());
                    if job.state == State::Sending { left += count; }
                    job.on_written(count, now);
                }
                3 => job.on_reply(Reply::Marker(0), now),
                4 => job.on_tick(now),
                5 if count == 0 => job.on_stop(),
                6 if count == 0 => job.on_lost(Fault::new(FaultCode::Offline, "pulled")),
                _ => {}
            }
            if let Some(first) = &ended {
                prop_assert_eq!(job.outcome(), Some(first));
            } else {
                ended = job.outcome().cloned();
            }
        }
        match ended {
            Some(JobOutcome::Failed(_)) => prop_assert_eq!(left, 0),
            Some(JobOutcome::Indeterminate(_)) => prop_assert!(left > 0),
            // The first job of a process asks for its end twice if only one marker was answered.
            Some(JobOutcome::Printed) => prop_assert_eq!(left, job.bytes.len()),
            None => {}
        }
    }
}

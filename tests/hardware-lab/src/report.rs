//! One line a check, and a closing one.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// What held so far.
pub(crate) struct Report {
    passed: u32,
    failed: u32,
    only: Option<String>,
    /// Where promises were broken: a check's own thread is not the only one that may say.
    broken: Arc<Mutex<Vec<String>>>,
}

impl Report {
    /// Nothing yet. `argv[1]` names the checks to run, by a part of their names; all without it.
    pub(crate) fn start() -> Self {
        let broken = Arc::new(Mutex::new(Vec::new()));
        let list = Arc::clone(&broken);
        // Said by the check, on its line.
        set_hook(Box::new(move |info| {
            let place = info.location().map_or_else(String::new, |at| format!(" at {at}"));
            let text = format!("{}{place}", message(info.payload()));
            list.lock().unwrap_or_else(PoisonError::into_inner).push(text);
        }));
        Self { passed: 0, failed: 0, only: std::env::args().nth(1), broken }
    }

    /// Runs a check, which panics with what it found broken.
    pub(crate) fn check(&mut self, name: &str, check: impl FnOnce()) {
        if self.only.as_ref().is_some_and(|only| !name.contains(only.as_str())) {
            return;
        }
        let begun = Instant::now();
        let held = catch_unwind(AssertUnwindSafe(check)).is_ok();
        let ms = begun.elapsed().as_millis();
        let broken =
            std::mem::take(&mut *self.broken.lock().unwrap_or_else(PoisonError::into_inner));
        if held {
            self.passed += 1;
            println!("ok    {name} ({ms} ms)");
        } else {
            self.fail(&format!("{name} ({ms} ms)"), &broken.join("; "));
        }
    }

    /// Notes a failure.
    pub(crate) fn fail(&mut self, name: &str, why: &str) {
        self.failed += 1;
        println!("FAIL  {name}: {why}");
    }

    /// The closing line; nothing tried is a failure too.
    pub(crate) fn close(self) -> ExitCode {
        println!("hardware lab: {} passed, {} failed", self.passed, self.failed);
        if self.failed == 0 && self.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default()
}

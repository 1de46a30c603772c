//! What an end of a command means for the money.

use super::exchange::End;
use super::fields::Fields;
use super::mark::{Reference, approval};
use super::reason;
use drivers_contract::{Charge, Fault, FaultCode, Slip, Verdict};

/// Whether a terminal says for certain that it cannot take a payment back, and did not.
pub(super) fn comes_too_late(end: &End) -> bool {
    match end {
        End::Refused(code) => reason::is_too_late(*code),
        End::Aborted { code, status } => {
            let done = status.as_ref().and_then(|status| status.result) == Some(0);
            reason::is_too_late(*code) && !done
        }
        End::Completed { .. } => false,
    }
}

/// What an end of a reversal means; one that took back another amount is for a person.
pub(super) fn reversed(charge: &Charge, end: End) -> Verdict {
    if let End::Completed {
        status: Some(Fields { result: Some(0), amount: Some(told), .. }), ..
    } = &end
        && told.unsigned_abs() != charge.amount_minor.unsigned_abs()
    {
        let what = "the terminal took another amount back";
        return Verdict::Unknown(Fault::new(FaultCode::Unclear, what));
    }
    verdict(end)
}

/// What an end of a payment means; an approval that was followed by an abort is looked up.
pub(super) fn verdict(end: End) -> Verdict {
    let unclear = |what: &str| Verdict::Unknown(Fault::new(FaultCode::Unclear, what));
    match end {
        End::Completed { status: Some(status), .. } => match status.result {
            Some(0) => {
                let approval = approval(&status);
                let reference = Reference::of(&status).map(Reference::text);
                Verdict::Approved { approval, offline: false, reference, slips: Vec::new() }
            }
            Some(code) => declined(code),
            None => unclear("the terminal did not say how it ended"),
        },
        End::Completed { status: None, .. } => unclear("the terminal did not say what it did"),
        End::Aborted { status: Some(Fields { result: Some(0), .. }), .. } => {
            unclear("the terminal approved and then gave up")
        }
        End::Aborted { code, .. } => declined(code),
        End::Refused(code) => Verdict::declined(reason::words(code)),
    }
}

fn declined(code: u8) -> Verdict {
    match code {
        reason::ABORTED => Verdict::Cancelled,
        code => Verdict::declined(reason::words(code)),
    }
}

/// A verdict with what the terminal printed for it.
pub(super) fn with(verdict: Verdict, printed: Vec<Slip>) -> Verdict {
    match verdict {
        Verdict::Approved { approval, offline, reference, .. } => {
            Verdict::Approved { approval, offline, reference, slips: printed }
        }
        Verdict::Declined { reason, .. } => Verdict::Declined { reason, slips: printed },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refund(amount_minor: i64) -> Charge {
        let (intent, currency) = ("a".to_owned(), "EUR".to_owned());
        Charge { intent, amount_minor, currency, allow_offline: false, of: None }
    }

    fn said(result: u8, amount: i64) -> Option<Fields> {
        Some(Fields { result: Some(result), amount: Some(amount), ..Fields::default() })
    }

    #[test]
    fn another_amount_that_was_taken_back_is_for_a_person() {
        let end =
            |amount| End::Completed { status: said(0, amount), completion: Fields::default() };
        assert!(matches!(reversed(&refund(-500), end(500)), Verdict::Approved { .. }));
        assert!(matches!(reversed(&refund(-500), end(900)), Verdict::Unknown(_)));
        let silent = End::Completed { status: None, completion: Fields::default() };
        assert!(matches!(reversed(&refund(-500), silent), Verdict::Unknown(_)));
    }

    /// Only then it may be given back in another way.
    #[test]
    fn only_what_certainly_was_not_taken_back_comes_too_late() {
        for code in [reason::TOO_LATE, reason::NOT_POSSIBLE] {
            assert!(comes_too_late(&End::Refused(code)));
            assert!(comes_too_late(&End::Aborted { code, status: None }));
            assert!(comes_too_late(&End::Aborted { code, status: said(code, 500) }));
            assert!(!comes_too_late(&End::Aborted { code, status: said(0, 500) }), "it was");
        }
        for code in [reason::TAKEN_BACK, reason::ABORTED, reason::BUSY, 0x05] {
            assert!(!comes_too_late(&End::Aborted { code, status: None }));
        }
    }
}

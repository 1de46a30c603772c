//! What the driver remembers of the payment that it asked for, so that a lost answer is found and
//! nothing is charged twice: on disk before the terminal hears of it.
//!
//! A ZVT terminal knows no intents. But it numbers what it does, and tells its last payment. So
//! before each payment the number of the last one is noted together with the intent; and when the
//! answer is lost, the terminal's last payment then is either still the noted one (nothing was
//! charged), or a newer one of our amount (ours), or neither, and then a person has to look.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use super::fields::Fields;
use super::reason;
use drivers_contract::{Fault, FaultCode, Verdict};

/// A payment that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The intent.
    pub intent: String,
    /// Minor units; below nothing for a refund.
    pub amount_minor: i64,
    /// The currency's number.
    pub currency: u16,
    /// The terminal's last payment before it, if it had any.
    pub before: Option<Last>,
}

/// What tells one payment of a terminal from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Last {
    /// Its running number.
    pub trace: u32,
    /// Its receipt's number.
    pub receipt: u16,
}

impl Last {
    /// The payment that a status information is about.
    #[must_use]
    pub fn of(fields: &Fields) -> Option<Self> {
        Some(Self { trace: fields.trace?, receipt: fields.receipt.unwrap_or(0) })
    }
}

/// How a terminal finds a payment again to take it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// The terminal's number at its operator: receipts of another one have the same numbers.
    pub terminal: u32,
    /// The receipt's number.
    pub receipt: u16,
}

impl Reference {
    /// The payment that a status information is about, if it says enough.
    #[must_use]
    pub fn of(fields: &Fields) -> Option<Self> {
        Some(Self { terminal: fields.terminal?, receipt: fields.receipt? })
    }

    /// As it is kept.
    #[must_use]
    pub fn text(self) -> String {
        format!("{:08}:{:04}", self.terminal, self.receipt)
    }

    /// As it was kept; what is none is none of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (terminal, receipt) = text.split_once(':')?;
        Some(Self { terminal: terminal.parse().ok()?, receipt: receipt.parse().ok()? })
    }
}

/// The number of an approval: the bank's, and the terminal's own behind it.
#[must_use]
pub fn approval(fields: &Fields) -> String {
    let trace = fields.trace.unwrap_or(0);
    match &fields.approval {
        Some(number) => format!("{number}/{trace:06}"),
        None => format!("{trace:06}"),
    }
}

/// What became of a payment whose answer was lost, by the terminal's last payment now. Without
/// slips: they are of that payment, and not of this one where it is another.
pub fn decide(mark: &Mark, last: Option<&Fields>) -> Verdict {
    let undecidable = |what: &str| Verdict::Unknown(Fault::new(FaultCode::Unclear, what));
    // One that told nothing before and tells nothing now may be unable to tell at all.
    let Some(last) = last else {
        return undecidable("the terminal does not tell its last payment");
    };
    let Some(now) = Last::of(last) else {
        return undecidable("the terminal does not number its payments");
    };
    if Some(now) == mark.before {
        return Verdict::Unheard;
    }
    let currency = last.currency.is_none_or(|currency| currency == mark.currency);
    if last.amount.map(i64::unsigned_abs) != Some(mark.amount_minor.unsigned_abs()) || !currency {
        return undecidable("the terminal's last payment is not this one");
    }
    match last.result {
        Some(0) => {
            let (approval, reference) = (approval(last), Reference::of(last).map(Reference::text));
            Verdict::Approved { approval, offline: false, reference, slips: Vec::new() }
        }
        Some(code) => Verdict::declined(reason::words(code)),
        None => undecidable("the terminal does not say how its last payment ended"),
    }
}

impl Mark {
    /// Writes it, durably and whole or not at all.
    ///
    /// # Errors
    /// What the system says: the payment is not asked for then.
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        let staged = path.with_extension("new");
        let mut file = File::create(&staged)?;
        file.write_all(self.line().as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&staged, path)?;
        match path.parent() {
            Some(folder) => File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    }

    /// Reads the last one; `None` where none was ever written.
    ///
    /// # Errors
    /// If there is one that cannot be read: what it said is unknown.
    pub fn read(path: &Path) -> std::io::Result<Option<Self>> {
        match std::fs::read_to_string(path) {
            Ok(text) => match Self::parse(&text) {
                Some(mark) => Ok(Some(mark)),
                None => Err(std::io::Error::other("the mark of the last payment is damaged")),
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn line(&self) -> String {
        let before = self
            .before
            .map_or_else(|| "-".to_owned(), |last| format!("{}:{}", last.trace, last.receipt));
        format!("zvt1 {} {} {} {before}\n", self.intent, self.amount_minor, self.currency)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_suffix('\n')?.split(' ');
        (parts.next()? == "zvt1").then_some(())?;
        let intent = parts.next().filter(|intent| !intent.is_empty())?.to_owned();
        let amount_minor = parts.next()?.parse().ok()?;
        let currency = parts.next()?.parse().ok()?;
        let before = match parts.next()? {
            "-" => None,
            last => {
                let (trace, receipt) = last.split_once(':')?;
                Some(Last { trace: trace.parse().ok()?, receipt: receipt.parse().ok()? })
            }
        };
        parts.next().is_none().then_some(Self { intent, amount_minor, currency, before })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(before: Option<u32>) -> Mark {
        let before = before.map(|trace| Last { trace, receipt: 1 });
        Mark { intent: "a".into(), amount_minor: 500, currency: 978, before }
    }

    fn last(trace: u32, amount: i64, result: u8) -> Fields {
        Fields {
            trace: Some(trace),
            receipt: Some(1),
            amount: Some(amount),
            result: Some(result),
            ..Fields::default()
        }
    }

    #[test]
    fn only_what_is_certain_is_decided() {
        let approved = |verdict| matches!(verdict, Verdict::Approved { .. });
        let unknown = |verdict| matches!(verdict, Verdict::Unknown(_));
        assert_eq!(decide(&mark(Some(7)), Some(&last(7, 500, 0))), Verdict::Unheard, "the old one");
        assert!(unknown(decide(&mark(None), None)), "perhaps it never tells");
        assert!(approved(decide(&mark(Some(7)), Some(&last(8, 500, 0)))));
        assert!(approved(decide(&mark(None), Some(&last(1, 500, 0)))));
        let declined = decide(&mark(Some(7)), Some(&last(8, 500, 0x71)));
        assert_eq!(declined, Verdict::declined("There is not enough on the card."));
        assert!(unknown(decide(&mark(Some(7)), Some(&last(8, 900, 0)))), "somebody else's");
        assert!(unknown(decide(&mark(Some(7)), None)), "its memory was wiped");
        assert!(unknown(decide(&mark(Some(7)), Some(&Fields::default()))));
        let other = Fields { currency: Some(756), ..last(8, 500, 0) };
        assert!(unknown(decide(&mark(Some(7)), Some(&other))));
    }

    #[test]
    fn a_mark_survives_and_a_damaged_one_is_not_taken_for_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mark");
        assert_eq!(Mark::read(&path).unwrap(), None);
        for before in [None, Some(975)] {
            mark(before).write(&path).unwrap();
            assert_eq!(Mark::read(&path).unwrap(), Some(mark(before)));
        }
        std::fs::write(&path, "zvt1 a 500").unwrap();
        assert!(Mark::read(&path).is_err());
    }
}

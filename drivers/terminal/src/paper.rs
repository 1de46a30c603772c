//! What the simulated terminals print, as German ones word it: with an umlaut, and with the whole
//! number of the card, which no driver may let through.

/// Centred, in ZVT's attributes.
pub(crate) const CENTRED: u8 = 0x40;
/// Double width.
pub(crate) const WIDE: u8 = 0x20;

/// One slip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Paper {
    /// 1 is the merchant's, 2 the customer's, 3 of the terminal's own matters.
    pub(crate) kind: u8,
    /// Each line's attribute and text.
    pub(crate) lines: Vec<(u8, String)>,
}

/// As `12,50`.
fn written(minor: i64) -> String {
    let minor = minor.unsigned_abs();
    format!("EUR {},{:02}", minor / 100, minor % 100)
}

/// What a card was put in for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    /// It pays.
    Payment,
    /// It gets money.
    Refund,
    /// What it paid is taken back.
    Reversal,
}

impl Deed {
    /// What an amount does; below nothing it goes back.
    pub(crate) const fn of(amount: i64) -> Self {
        if amount < 0 { Self::Refund } else { Self::Payment }
    }
}

/// The slips of a deed: both of one that was approved, the customer's of one that was not.
pub(crate) fn of_deed(deed: Deed, trace: u32, amount: i64, approved: bool) -> Vec<Paper> {
    let slip = |kind: u8, title: &str| {
        let what = match deed {
            Deed::Payment => "Kartenzahlung",
            Deed::Refund => "Gutschrift",
            Deed::Reversal => "Storno",
        };
        let end = if approved { "Zahlung erfolgt" } else { "Zahlung nicht möglich" };
        let lines = vec![
            (CENTRED, title.to_owned()),
            (0, "Terminal-ID:    52523535".to_owned()),
            (0, format!("TA-Nr. {trace:06}  BNr. {trace:04}")),
            (0, what.to_owned()),
            (0, "VISA 4716 1234 5678 9013".to_owned()),
            (CENTRED | WIDE, written(amount)),
            (CENTRED, format!("*** {end} ***")),
            (0, String::new()),
        ];
        Paper { kind, lines }
    };
    let customer = slip(2, "K-U-N-D-E-N-B-E-L-E-G");
    match approved {
        true => vec![slip(1, "H-Ä-N-D-L-E-R-B-E-L-E-G"), customer],
        false => vec![customer],
    }
}

/// The slip of a day's end.
pub(crate) fn of_day(count: usize, sum: i64) -> Paper {
    let lines = vec![
        (CENTRED, "** KASSENSCHNITT **".to_owned()),
        (0, "Terminal-ID:    52523535".to_owned()),
        (0, format!("Anzahl {count}")),
        (WIDE, format!("Gesamt {}", written(sum))),
    ];
    Paper { kind: 3, lines }
}

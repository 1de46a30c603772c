//! A card terminal's slips, as the journal keeps them.

use drivers_contract::print::{Align, Style};
use drivers_contract::{Slip, SlipKind, SlipLine};
use edge_domain::receipt::Weight;
use edge_domain::slip;

/// What of slips can be kept. One that cannot is left out and logged: the verdict that it came
/// with must never be lost with it.
pub(crate) fn kept(slips: &[Slip]) -> Vec<slip::Slip> {
    let kept = |given: &Slip| {
        let kind = match given.kind() {
            SlipKind::Merchant => slip::SlipKind::Merchant,
            SlipKind::Customer => slip::SlipKind::Customer,
            SlipKind::Administration => slip::SlipKind::Administration,
        };
        slip::Slip::new(kind, given.lines().iter().map(line).collect())
            .inspect_err(|error| tracing::error!(%error, "a card terminal's slip is not kept"))
            .ok()
    };
    slips.iter().filter_map(kept).take(slip::SLIPS_MAX).collect()
}

fn line(line: &SlipLine) -> slip::SlipLine {
    let Style { bold, double_width, double_height, invert, align } = line.style();
    let weight = match (double_width, bold || double_height || invert) {
        (true, _) => Weight::Huge,
        (false, true) => Weight::Strong,
        (false, false) => Weight::Plain,
    };
    slip::SlipLine { text: line.text().to_owned(), weight, centred: align == Align::Centre }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The two ends agree on what a slip may be: what a driver can fill can be kept.
        #[test]
        fn whatever_a_terminal_says_can_be_kept(
            texts in proptest::collection::vec("([0-9]{1,20}[ -]{0,2}|\\PC|[\\x00-\\x1f]){0,30}", 1..110),
        ) {
            let mut given = Slip::new(SlipKind::Merchant);
            texts.iter().for_each(|text| given.push(text, Style::default()));
            prop_assert_eq!(kept(&[given]).len(), 1);
        }
    }
}

//! Scripts that run from right to left: Arabic letters take the form that their neighbours ask
//! for, and a line is put into the order in which it is drawn (Unicode Standard Annex 9).

use ar_reshaper::{ArabicReshaper, ReshaperConfig};
use std::borrow::Cow;
use std::sync::LazyLock;
use unicode_bidi::{BidiClass, BidiInfo, bidi_class};
use unicode_normalization::char::is_combining_mark;

static RESHAPER: LazyLock<ArabicReshaper> =
    LazyLock::new(|| ArabicReshaper::new(ReshaperConfig::default()));

/// Signs that look the other way in a text from right to left.
const MIRRORED: [(char, char); 5] = [('(', ')'), ('[', ']'), ('{', '}'), ('<', '>'), ('«', '»')];

/// Whether anything in it runs from right to left.
#[must_use]
pub fn is_rtl(text: &str) -> bool {
    let rtl = |c| matches!(bidi_class(c), BidiClass::R | BidiClass::AL | BidiClass::AN);
    !text.is_ascii() && text.chars().any(rtl)
}

/// The same text in the same order with the forms that its letters have beside each other. Done
/// before it is measured: two letters may become one.
#[must_use]
pub fn shaped(text: &str) -> Cow<'_, str> {
    if is_rtl(text) { Cow::Owned(RESHAPER.reshape(text)) } else { Cow::Borrowed(text) }
}

/// One line as it is drawn, from left to right; marks stay behind the letter that carries them.
#[must_use]
pub fn visual(line: &str) -> Cow<'_, str> {
    if !is_rtl(line) {
        return Cow::Borrowed(line);
    }
    let info = BidiInfo::new(line, None);
    let mut drawn = String::with_capacity(line.len());
    for paragraph in &info.paragraphs {
        let (levels, runs) = info.visual_runs(paragraph, paragraph.range.clone());
        for run in runs {
            if levels[run.start].is_rtl() {
                reverse(&line[run], &mut drawn);
            } else {
                drawn.push_str(&line[run]);
            }
        }
    }
    Cow::Owned(drawn)
}

fn reverse(run: &str, out: &mut String) {
    let chars: Vec<char> = run.chars().collect();
    let mut end = chars.len();
    for at in (0..chars.len()).rev() {
        if at > 0 && is_combining_mark(chars[at]) {
            continue;
        }
        out.extend(chars[at..end].iter().map(|c| mirrored(*c)));
        end = at;
    }
}

fn mirrored(c: char) -> char {
    let other = |(left, right): &(char, char)| match c {
        c if c == *left => Some(*right),
        c if c == *right => Some(*left),
        _ => None,
    };
    MIRRORED.iter().find_map(other).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_contract::conformance::cases;
    use proptest::prelude::*;

    #[test]
    fn hebrew_is_drawn_backwards_and_its_numbers_are_not() {
        assert_eq!(visual("חלב 3% (1 ל)"), "(ל 1) 3% בלח");
        // A number belongs to what stands before it (rule W7 leaves it, N0 to N2 take its spaces).
        assert_eq!(visual("Milk חלב 1 l"), "Milk 1 בלח l");
        // A vowel sign stays on its letter.
        assert_eq!(visual("שָׁל"), "לשָׁ");
        assert_eq!(visual("plain 12.00"), "plain 12.00");
    }

    #[test]
    fn arabic_letters_join() {
        // Initial, medial, final; lam and alef become one.
        assert_eq!(shaped("بيت"), "\u{fe91}\u{fef4}\u{fe96}");
        assert_eq!(shaped("لا").chars().count(), 1);
        assert_eq!(visual(&shaped("بيت")), "\u{fe96}\u{fef4}\u{fe91}");
        assert_eq!(shaped("Größe"), "Größe");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(cases(512)))]
        #[test]
        fn no_text_panics_and_nothing_is_lost(text in "[a-z0-9 ()א-תء-ي\u{5b0}-\u{5c2}\u{200f}\u{202b}\u{202c}]{0,30}|\\PC{0,30}") {
            let (mut before, mut after): (Vec<char>, Vec<char>) =
                (text.chars().map(mirrored_or_same).collect(), visual(&text).chars().map(mirrored_or_same).collect());
            before.sort_unstable();
            after.sort_unstable();
            prop_assert_eq!(before, after);
            let _ = shaped(&text);
        }
    }

    /// Of two signs that mirror each other, one.
    fn mirrored_or_same(c: char) -> char {
        mirrored(c).min(c)
    }
}

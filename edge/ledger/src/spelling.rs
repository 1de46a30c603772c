//! Words as the search compares them, and how far two spellings are apart.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The shortest word that is worth forgiving an error in.
const FORGIVEN_CHARS_MIN: usize = 4;

/// Lower case, without accents: as FTS5's `unicode61 remove_diacritics 2`.
pub(crate) fn fold(text: &str) -> String {
    text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// The words of a text that somebody may mistype: letters, at least four.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).map(fold);
    words.filter(|word| {
        word.chars().count() >= FORGIVEN_CHARS_MIN && word.chars().all(char::is_alphabetic)
    })
}

/// Collects the words nearest to one.
pub(crate) struct Near {
    typed: Vec<char>,
    most: usize,
    best: Vec<(usize, String)>,
    room: usize,
}

impl Near {
    /// Nearest to a folded word: one error from four letters on, two from eight.
    pub(crate) fn to(folded: &str, room: usize) -> Self {
        let typed: Vec<char> = folded.chars().collect();
        let most = match typed.len() {
            0..FORGIVEN_CHARS_MIN => 0,
            FORGIVEN_CHARS_MIN..8 => 1,
            _ => 2,
        };
        Self { typed, most, best: vec![], room }
    }

    /// Looks at a word: it counts if it begins nearly as what was typed.
    pub(crate) fn look_at(&mut self, word: &str) {
        if self.most == 0 {
            return;
        }
        let Some(errors) = begins(&self.typed, word, self.most) else { return };
        let place = self.best.partition_point(|(known, _)| *known <= errors);
        if place < self.room {
            self.best.insert(place, (errors, word.to_owned()));
            self.best.truncate(self.room);
        }
    }

    /// The nearest first.
    pub(crate) fn found(self) -> Vec<String> {
        self.best.into_iter().map(|(_, word)| word).collect()
    }
}

/// How many errors (a letter too many, too few, another, or two that changed places) lie between
/// what was typed and some beginning of `word`; None beyond `most`.
fn begins(typed: &[char], word: &str, most: usize) -> Option<usize> {
    let word: Vec<char> = word.chars().take(typed.len() + most).collect();
    if word.len() + most < typed.len() {
        return None;
    }
    let mut before: Vec<usize> = vec![];
    let mut row: Vec<usize> = (0..=word.len()).collect();
    for (i, letter) in typed.iter().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i + 1);
        for (j, other) in word.iter().enumerate() {
            let change = row[j] + usize::from(letter != other);
            let mut least = change.min(row[j + 1] + 1).min(next[j] + 1);
            let swapped = i > 0 && j > 0 && *letter == word[j - 1] && typed[i - 1] == *other;
            if swapped {
                least = least.min(before[j - 1] + 1);
            }
            next.push(least);
        }
        if next.iter().min().is_none_or(|least| *least > most) {
            return None;
        }
        before = std::mem::replace(&mut row, next);
    }
    row.into_iter().min().filter(|errors| *errors <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(typed: &str, words: &[&str]) -> Vec<String> {
        let mut near = Near::to(&fold(typed), 3);
        words.iter().for_each(|word| near.look_at(word));
        near.found()
    }

    #[test]
    fn errors_of_the_hand_are_forgiven() {
        for typed in ["banane", "bnaana", "bananna", "vanana", "banan", "Bánana"] {
            assert_eq!(near(typed, &["banana", "tomato"]), ["banana"], "{typed}");
        }
        assert_eq!(near("mozarela", &["mozzarella", "marzipan"]), ["mozzarella"]);
        assert!(near("tea", &["pea"]).is_empty(), "short words are meant");
        assert!(near("xyzzy", &["banana"]).is_empty());
    }

    #[test]
    fn words_are_folded() {
        assert_eq!(
            words("Crème brûlée 250g Äpfel x").collect::<Vec<_>>(),
            ["creme", "brulee", "apfel"]
        );
    }
}

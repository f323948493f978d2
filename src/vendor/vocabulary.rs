//! Every parameter name that a vendor's phones are known to read.

use std::collections::HashSet;

use crate::model::Suggest;

/// The names of vocabulary.txt, their integers folded.
#[derive(Debug, Default)]
pub struct Vocabulary {
    exact: HashSet<String>,
    folded: HashSet<String>,
    names: Vec<String>,
}

impl Vocabulary {
    /// Adds the names of a file, one a line. `#` stands for an integer, and so do `X`, `Y` and `Z` where no capital stands before them.
    pub fn add(&mut self, text: &str) {
        for name in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            self.exact.insert(name.to_owned());
            let letters = fold_letters(name);
            if letters != name || name.contains('#') {
                self.folded.insert(fold_digits(&letters));
            }
            self.names.push(name.to_owned());
        }
    }

    /// Whether any name is known at all.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Whether phones read a parameter of this name.
    pub fn contains(&self, name: &str) -> bool {
        let folded = fold_digits(name);
        // Some makers' own names begin with an X that is no placeholder.
        self.exact.contains(name)
            || self.folded.contains(name)
            || self.folded.contains(&folded)
            || self.folded.contains(&fold_letters(&folded))
    }

    /// The nearest known name.
    pub fn closest(&self, name: &str) -> Option<&str> {
        let folded = fold_digits(name);
        Suggest::among(self.names.iter().map(String::as_str)).closest(&folded.replace('#', "X"))
    }
}

/// Writes every run of digits as `#`.
pub fn fold_digits(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for character in name.chars() {
        let digit = character.is_ascii_digit();
        if !(digit && folded.ends_with('#')) {
            folded.push(if digit { '#' } else { character });
        }
    }
    folded
}

/// Writes every X, Y or Z that stands alone as `#`: no capital before it, as in MAX, and no letter after it, as in Zone.
pub fn fold_letters(name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    let alone = |place: usize| {
        let before = place.checked_sub(1).and_then(|place| characters.get(place));
        !before.is_some_and(char::is_ascii_uppercase) && !characters.get(place + 1).is_some_and(char::is_ascii_alphabetic)
    };
    characters
        .iter()
        .enumerate()
        .map(|(place, character)| if matches!(character, 'X' | 'Y' | 'Z') && alone(place) { '#' } else { *character })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_folded() {
        let mut vocabulary = Vocabulary::default();
        vocabulary
            .add("account.X.sip_server.Y.address\nP271\naccount.X.codec.g726_16.enable\nLine_Enable_X_\nZone.X.TimeZone\nkeyX\nTEL#Use");
        for known in [
            "account.1.sip_server.2.address",
            "P271",
            "account.16.codec.g726_16.enable",
            "Line_Enable_4_",
            "Zone.0.TimeZone",
            "key12",
            "TEL4Use",
        ] {
            assert!(vocabulary.contains(known), "{known}");
        }
        assert!(!vocabulary.contains("account.1.sip_server.2.adress"));
        assert!(!vocabulary.contains("P272"), "a number without a placeholder is meant as it stands");
        assert_eq!(vocabulary.closest("account.1.sip_server.2.adress"), Some("account.X.sip_server.Y.address"));
    }
}

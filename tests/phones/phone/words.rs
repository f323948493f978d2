//! Tables from a maker's codes to canonical words.

use super::Outcome;

/// Pairs of a maker's code and the canonical word.
pub type Words = &'static [(&'static str, &'static str)];

/// Fails for a code that the phone does not know, because a real phone would fall back in silence.
pub fn word(name: &str, code: &str, words: Words) -> Outcome<&'static str> {
    find(code, words).ok_or_else(|| format!("{name}: `{code}` is no value this phone knows"))
}

pub fn find(code: &str, words: Words) -> Option<&'static str> {
    words.iter().find(|(known, _)| *known == code).map(|(_, word)| *word)
}

/// Adds a word once, at its first place.
pub fn push_once(list: &mut Vec<&'static str>, word: &'static str) {
    if !list.contains(&word) {
        list.push(word);
    }
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn an_unknown_code_names_the_parameter() {
        assert_eq!(word("transport", "2", &[("2", "tls")]).unwrap(), "tls");
        assert!(word("transport", "7", &[("2", "tls")]).unwrap_err().contains("transport: `7`"));
    }
}

//! Dialects of the digit map: how a maker repeats a symbol, tells a pause and a substitution, parts alternatives and writes the key +.

use super::repetition::Repetition;
use super::substitution::Substitution;
use crate::settings::digit_map::Alternative;

/// What a maker's digit maps know, and how they write it.
#[derive(Clone, Debug)]
pub struct Dialect {
    repetition: Repetition,
    pause: Option<char>,
    substitution: Option<Substitution>,
    plus: Option<&'static str>,
    parting: &'static str,
    hash_first: bool,
}

impl Dialect {
    /// A dialect of its words, parted by commas: what repeats a symbol (`dot`, `plus`, `plus0`, `any`), the letter of a pause (`T`, `P`), how
    /// a substitution is written (`angle`, `equal`, `round`, `R`, `append`), the key + (`+` as it is, `escaped+`), `semicolon` between
    /// alternatives, and `hash-first` where the key # only begins a number.
    pub fn find(words: &str) -> Option<Self> {
        let (repetition, words) = words.split_once(',').unwrap_or((words, ""));
        let repetition = Repetition::find(repetition)?;
        let mut dialect = Dialect { repetition, pause: None, substitution: None, plus: None, parting: "|", hash_first: false };
        for word in words.split(',').filter(|word| !word.is_empty()) {
            match word {
                "T" | "P" => dialect.pause = word.chars().next(),
                "+" if !repetition.is_plus() => dialect.plus = Some("+"),
                "escaped+" => dialect.plus = Some("\\+"),
                "semicolon" => dialect.parting = ";",
                "hash-first" => dialect.hash_first = true,
                word => dialect.substitution = Some(Substitution::find(word)?),
            }
        }
        Some(dialect)
    }

    /// Canonical to vendor.
    pub fn write(&self, map: &str) -> Result<String, String> {
        let written: Result<Vec<String>, String> =
            super::alternatives(map).map(|alternative| self.write_alternative(&alternative)).collect();
        Ok(written?.join(self.parting))
    }

    /// Vendor to canonical.
    pub fn read(&self, text: &str) -> Option<String> {
        let read: Option<Vec<String>> = text.split(self.parting).map(|alternative| self.read_alternative(alternative)).collect();
        Some(read?.join("|"))
    }

    fn write_alternative(&self, alternative: &Alternative<'_>) -> Result<String, String> {
        self.check_hash(alternative)?;
        let (before, after) = self.write_substitution(alternative)?;
        let places = self.repetition.write(&alternative.symbols, |key| self.write_keys(key))?;
        Ok(format!("{before}{places}{after}{}", self.write_pause(alternative)?))
    }

    fn write_substitution(&self, alternative: &Alternative<'_>) -> Result<(String, String), String> {
        let Some((dialled, sent)) = alternative.replaced else { return Ok(Default::default()) };
        let Some(substitution) = self.substitution else {
            return Err("this phone sends what is dialled: it has no word for a substitution".to_owned());
        };
        substitution.write(&self.write_keys(dialled)?, &self.write_keys(sent)?)
    }

    fn write_keys(&self, keys: &str) -> Result<String, String> {
        match self.plus {
            Some(plus) => Ok(keys.replace('+', plus)),
            None if keys.contains('+') => Err("this phone has no word for the key `+`".to_owned()),
            None => Ok(keys.to_owned()),
        }
    }

    /// Where a dialect has no letter for a pause, it follows from a last repetition.
    fn write_pause(&self, alternative: &Alternative<'_>) -> Result<String, String> {
        match self.pause {
            Some(letter) if alternative.pause => Ok(letter.to_string()),
            None if alternative.pause && !alternative.goes_on() => {
                Err("this phone has no word for a pause after a number that does not go on".to_owned())
            }
            _ => Ok(String::new()),
        }
    }

    fn check_hash(&self, alternative: &Alternative<'_>) -> Result<(), String> {
        let first = usize::from(alternative.dialled().is_empty());
        let later = alternative.dialled().chars().skip(1).any(|key| key == '#')
            || alternative.symbols.iter().skip(first).any(|(symbol, _)| symbol.contains('#'));
        if self.hash_first && later {
            return Err("this phone takes `#` only as the first key of a number".to_owned());
        }
        Ok(())
    }

    fn read_alternative(&self, text: &str) -> Option<String> {
        let plain = self.plus.map_or_else(|| text.to_owned(), |plus| text.replace(plus, PLUS));
        let unpaused = self.pause.and_then(|letter| plain.strip_suffix(letter));
        let (replaced, places) = match self.substitution {
            Some(substitution) => substitution.read(unpaused.unwrap_or(&plain))?,
            None => (None, unpaused.unwrap_or(&plain)),
        };
        let symbols = self.repetition.read(places)?;
        let mut alternative = Alternative { replaced, symbols, pause: unpaused.is_some() };
        alternative.pause |= self.pause.is_none() && alternative.goes_on();
        Some(alternative.to_string().replace(PLUS, "+"))
    }
}

/// Stands for the key + while a text is read, so that it is not taken for a sign of repetition.
const PLUS: &str = "\u{1}";

#[cfg(test)]
mod tests {
    use super::super::{DialPlan, refuses, turns_round};

    #[test]
    fn each_dialect_turns_round() {
        for (words, map, written) in [
            ("dot", "112|0xx.T|[2-9]x.1", "112|0xx.|[2-9]x.1"),
            ("dot,angle,+", "<00:+>xx.T|+44x.T|<:9>xxx|<999:112>", "<00:+>xx.|+44x.|<:9>xxx|<999:112>"),
            ("dot,T,R,+", "<00:+>xx.T|<9:>xxxT|<:604>xxx", "R00R+Rxx.T|R9RRxxxT|RR604Rxxx"),
            ("dot,T,semicolon", "112|0x.T|1T", "112;0x.T;1T"),
            ("plus,equal,escaped+", "<00:+>xx.T|+xx.T|<:1617>x", "<00=\\+>x+|\\+x+|<=1617>x"),
            ("plus,P,round", "<00:1>xx.T|0T", "(00:1)x+P|0P"),
            ("plus0,append", "<:91>[2-9]x.T|xx.T|*xx", "[2-9]x+,91|xx+|*xx"),
            ("plus,hash-first", "#31xx.T", "#31x+"),
            ("dot,T,angle,+", "112|<00:+>xx.T|1T", "112|<00:+>xx.T|1T"),
        ] {
            turns_round(words, map, written);
        }
    }

    #[test]
    fn what_a_dialect_cannot_say_is_refused() {
        refuses("dot,angle", "0T", "a pause after a number that does not go on");
        refuses("dot", "<00:1>xx", "no word for a substitution");
        refuses("dot,angle", "<00:+>xx", "no word for the key `+`");
        refuses("plus,equal", "+44x", "no word for the key `+`");
        refuses("plus", "0x.T", "none or more");
        refuses("plus0,append", "<9:>xxx", "puts keys before a number");
        refuses("plus,hash-first", "*1#x", "only as the first key");
    }

    #[test]
    fn words_that_contradict_are_no_dialect() {
        assert!(DialPlan::find("plus,+").is_none() && DialPlan::find("x").is_none() && DialPlan::find("dot,square").is_none());
    }
}

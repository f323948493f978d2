//! How a dialect says that a symbol may come any number of times.

use crate::settings::digit_map::Symbol;

/// A sign of repetition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repetition {
    /// `x.` is none or more.
    Dot,
    /// `x+` is one or more.
    Plus,
    /// `x+` is none or more.
    PlusOrNone,
    /// `.` is one or more of any digit, and nothing else can be repeated.
    Any,
}

impl Repetition {
    /// The sign of this name.
    pub fn find(name: &str) -> Option<Self> {
        Some(match name {
            "dot" => Repetition::Dot,
            "plus" => Repetition::Plus,
            "plus0" => Repetition::PlusOrNone,
            "any" => Repetition::Any,
            _ => return None,
        })
    }

    /// Whether the sign is a plus, so that the key + needs another spelling.
    pub fn is_plus(self) -> bool {
        matches!(self, Repetition::Plus | Repetition::PlusOrNone)
    }

    /// Writes symbols; `key` spells one of them.
    pub fn write(self, symbols: &[Symbol<'_>], key: impl Fn(&str) -> Result<String, String>) -> Result<String, String> {
        let mut written = String::new();
        let mut symbols = symbols.iter().peekable();
        while let Some((symbol, repeated)) = symbols.next() {
            if self == Repetition::Any && *symbol == "x" && symbols.next_if_eq(&&ANY_MORE).is_some() {
                written.push('.');
                continue;
            }
            written.push_str(&key(symbol)?);
            match self {
                Repetition::Dot if *repeated => written.push('.'),
                Repetition::PlusOrNone if *repeated => written.push('+'),
                Repetition::Plus if *repeated => return Err(none_or_more(symbol)),
                Repetition::Any if *repeated => {
                    return Err(format!("this phone has no word for `{symbol}.`: what it repeats is any digit, `xx.`"));
                }
                Repetition::Plus if symbols.next_if(|(next, repeated)| *repeated && next == symbol).is_some() => written.push('+'),
                _ => {}
            }
        }
        Ok(written)
    }

    /// Reads what [`Repetition::write`] writes; nothing where a sign has nothing to repeat.
    pub fn read(self, text: &str) -> Option<Vec<Symbol<'_>>> {
        let sign = if self.is_plus() { '+' } else { '.' };
        let mut rest = text;
        let mut symbols: Vec<Symbol<'_>> = Vec::new();
        while let Some(first) = rest.chars().next() {
            let end = if first == '[' { rest.find(']')? + 1 } else { first.len_utf8() };
            let (symbol, left) = rest.split_at(end);
            rest = left;
            match self {
                _ if first != sign => symbols.push((symbol, false)),
                Repetition::Plus => symbols.push((symbols.last()?.0, true)),
                Repetition::Any => symbols.extend([("x", false), ANY_MORE]),
                _ => symbols.last_mut()?.1 = true,
            }
        }
        Some(symbols)
    }
}

/// None or more of any digit.
const ANY_MORE: Symbol<'static> = ("x", true);

fn none_or_more(symbol: &str) -> String {
    format!("this phone has no word for `{symbol}.`, none or more: it takes one or more, `{symbol}{symbol}.`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns_round(sign: Repetition, symbols: &[Symbol<'_>], text: &str) {
        assert_eq!(sign.write(symbols, |key| Ok(key.to_owned())).as_deref(), Ok(text));
        assert_eq!(sign.read(text).as_deref(), Some(symbols));
    }

    #[test]
    fn each_sign_turns_round() {
        let two = [("1", false), ("[2-9]", false), ("[2-9]", true)];
        turns_round(Repetition::Dot, &two, "1[2-9][2-9].");
        turns_round(Repetition::Plus, &two, "1[2-9]+");
        turns_round(Repetition::PlusOrNone, &two, "1[2-9][2-9]+");
        turns_round(Repetition::Plus, &[("x", false), ("x", false), ("x", true), ("x", false)], "xx+x");
        turns_round(Repetition::Any, &[("0", false), ("x", false), ("x", true)], "0.");
        turns_round(Repetition::Any, &[("x", false), ("x", false), ("x", true)], "x.");
    }

    #[test]
    fn none_or_more_is_refused_where_a_sign_says_one() {
        let refusal = Repetition::Plus.write(&[("0", false), ("x", true)], |key| Ok(key.to_owned()));
        assert!(refusal.is_err_and(|why| why.contains("it takes one or more, `xx.`")));
    }

    #[test]
    fn only_any_digit_is_repeated_where_a_dot_stands_for_it() {
        for symbols in [[("2", false), ("2", true)], [("1", false), ("x", true)]] {
            assert!(Repetition::Any.write(&symbols, |key| Ok(key.to_owned())).is_err(), "{symbols:?}");
        }
    }

    #[test]
    fn a_sign_without_a_symbol_is_no_text() {
        assert_eq!((Repetition::Dot.read(".1"), Repetition::Plus.read("+1"), Repetition::Dot.read("[1")), (None, None, None));
    }
}

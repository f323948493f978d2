//! How a dialect says that other keys are sent than those dialled.

/// A spelling of substitutions.
#[derive(Clone, Copy, Debug)]
pub enum Substitution {
    /// What is dialled and what is sent between three marks: `<00:+>`, `(00:+)`, `R00R+R`.
    Between([char; 3]),
    /// What is sent before the number stands behind it: `xxx,9`. Nothing that is dialled can be taken away.
    Append(char),
}

impl Substitution {
    /// The spelling of this name.
    pub fn find(name: &str) -> Option<Self> {
        Some(match name {
            "angle" => Substitution::Between(['<', ':', '>']),
            "equal" => Substitution::Between(['<', '=', '>']),
            "round" => Substitution::Between(['(', ':', ')']),
            "R" => Substitution::Between(['R', 'R', 'R']),
            "append" => Substitution::Append(','),
            _ => return None,
        })
    }

    /// What stands before the places of a number, and what behind them.
    pub fn write(self, dialled: &str, sent: &str) -> Result<(String, String), String> {
        match self {
            Substitution::Between([open, parting, close]) => Ok((format!("{open}{dialled}{parting}{sent}{close}"), String::new())),
            Substitution::Append(mark) if dialled.is_empty() => Ok((String::new(), format!("{mark}{sent}"))),
            Substitution::Append(_) => Err("this phone puts keys before a number, but takes none away".to_owned()),
        }
    }

    /// What is dialled and what is sent, if anything is replaced, and the places.
    pub fn read(self, text: &str) -> Option<(Option<(&str, &str)>, &str)> {
        match self {
            Substitution::Between([open, parting, close]) => {
                let Some(inner) = text.strip_prefix(open) else { return Some((None, text)) };
                let (dialled, rest) = inner.split_once(parting)?;
                let (sent, places) = rest.split_once(close)?;
                Some((Some((dialled, sent)), places))
            }
            Substitution::Append(mark) => match text.split_once(mark) {
                Some((places, sent)) => Some((Some(("", sent)), places)),
                None => Some((None, text)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns_round(name: &str, (dialled, sent): (&str, &str), text: &str) {
        let substitution = Substitution::find(name).unwrap();
        let (before, after) = substitution.write(dialled, sent).unwrap();
        assert_eq!(format!("{before}xx{after}"), text);
        assert_eq!(substitution.read(text), Some((Some((dialled, sent)), "xx")));
    }

    #[test]
    fn each_spelling_turns_round() {
        turns_round("angle", ("00", "+"), "<00:+>xx");
        turns_round("equal", ("", "1617"), "<=1617>xx");
        turns_round("round", ("4", "723"), "(4:723)xx");
        turns_round("R", ("9", ""), "R9RRxx");
        turns_round("append", ("", "91"), "xx,91");
    }

    #[test]
    fn a_text_without_one_is_all_places() {
        assert_eq!(Substitution::find("R").unwrap().read("xx"), Some((None, "xx")));
        assert_eq!(Substitution::find("append").unwrap().read("xx"), Some((None, "xx")));
        assert_eq!(Substitution::find("angle").unwrap().read("<00"), None);
    }

    #[test]
    fn what_only_adds_takes_nothing_away() {
        assert!(Substitution::find("append").unwrap().write("9", "").is_err());
    }
}

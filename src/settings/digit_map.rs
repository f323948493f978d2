//! Digit maps, RFC 3435 §2.1.5 without the outer parentheses: alternatives parted by `|`, `x` any digit, `[1-9]` one of these, `.` the
//! last one any number of times, `T` at the end a pause. Beyond the RFC, `<00:+>` at the start sends + where 00 is dialled.

use std::fmt;

/// One place of an alternative, and whether it may come any number of times.
pub type Symbol<'m> = (&'m str, bool);

/// One of the numbers that a digit map tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alternative<'m> {
    /// Keys that are dialled at its start, and those that are sent in their place; either may be empty.
    pub replaced: Option<(&'m str, &'m str)>,
    /// The places after them.
    pub symbols: Vec<Symbol<'m>>,
    /// Whether a pause ends it.
    pub pause: bool,
}

impl<'m> Alternative<'m> {
    /// Takes an alternative apart.
    pub fn parse(text: &'m str) -> Self {
        let (replaced, rest) = substitution(text).unwrap_or((None, text));
        let unpaused = rest.strip_suffix('T');
        Alternative { replaced, symbols: symbols(unpaused.unwrap_or(rest)), pause: unpaused.is_some() }
    }

    /// The keys that a substitution takes away.
    pub fn dialled(&self) -> &'m str {
        self.replaced.map_or("", |(dialled, _)| dialled)
    }

    /// The keys that a substitution sends in the place of those dialled.
    pub fn sent(&self) -> &'m str {
        self.replaced.map_or("", |(_, sent)| sent)
    }

    /// Whether it may go on at its end.
    pub fn goes_on(&self) -> bool {
        self.symbols.last().is_some_and(|(_, repeated)| *repeated)
    }
}

impl fmt::Display for Alternative<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((dialled, sent)) = self.replaced {
            write!(formatter, "<{dialled}:{sent}>")?;
        }
        for (symbol, repeated) in &self.symbols {
            write!(formatter, "{symbol}{}", if *repeated { "." } else { "" })?;
        }
        formatter.write_str(if self.pause { "T" } else { "" })
    }
}

/// What is wrong with a digit map; `None` where it is one.
pub fn fault(text: &str) -> Option<String> {
    let mut start = 1;
    for alternative in text.split('|') {
        if let Some(fault) = fault_of(alternative, start) {
            return Some(fault);
        }
        start += alternative.chars().count() + 1;
    }
    None
}

/// The symbols of a text, each with what repeats it.
pub fn symbols(text: &str) -> Vec<Symbol<'_>> {
    let mut rest = text;
    let mut symbols = Vec::new();
    while let Some(first) = rest.chars().next() {
        let end = if first == '[' { rest.find(']').map_or(rest.len(), |end| end + 1) } else { first.len_utf8() };
        let (symbol, left) = rest.split_at(end);
        let repeated = left.starts_with('.');
        symbols.push((symbol, repeated));
        rest = if repeated { &left[1..] } else { left };
    }
    symbols
}

/// The keys that a symbol stands for.
pub fn members(symbol: &str) -> Vec<char> {
    let inner = symbol.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(symbol);
    let mut keys = Vec::new();
    let mut rest = inner.chars().peekable();
    while let Some(first) = rest.next() {
        let ranges = first.is_ascii_digit() && rest.peek() == Some(&'-');
        match rest.clone().nth(1).filter(|last| ranges && last.is_ascii_digit()) {
            Some(last) => {
                keys.extend(first..=last);
                rest.nth(1);
            }
            None if first == 'x' => keys.extend('0'..='9'),
            None => keys.push(first),
        }
    }
    keys
}

/// The substitution at the start of an alternative, and what follows it.
fn substitution(alternative: &str) -> Option<(Option<(&str, &str)>, &str)> {
    let (inner, rest) = alternative.strip_prefix('<')?.split_once('>')?;
    Some((Some(inner.split_once(':')?), rest))
}

fn fault_of(text: &str, start: usize) -> Option<String> {
    if let Some(fault) = text.starts_with('<').then(|| fault_of_substitution(text, start)).flatten() {
        return Some(fault);
    }
    let alternative = Alternative::parse(text);
    if alternative.dialled().is_empty() && alternative.symbols.is_empty() {
        return Some(format!("nothing stands for a number at character {start}"));
    }
    let mut at = start + alternative.replaced.map_or(0, |(dialled, sent)| dialled.len() + sent.len() + 3);
    for (symbol, repeated) in &alternative.symbols {
        if !is_symbol(symbol) {
            return Some(format!("`{}` has no place at character {at}", symbol.escape_debug()));
        }
        at += symbol.chars().count() + usize::from(*repeated);
    }
    let unending = alternative.goes_on() && !alternative.pause;
    unending.then(|| format!("`{text}` never ends: after a last `.` stands `T`, the pause that ends the number"))
}

fn fault_of_substitution(alternative: &str, start: usize) -> Option<String> {
    let Some((inner, _)) = alternative[1..].split_once('>') else { return Some(format!("`<` is not closed at character {start}")) };
    let Some((dialled, sent)) = inner.split_once(':') else {
        return Some(format!("`<{}>` has no `:` between what is dialled and what is sent at character {start}", inner.escape_debug()));
    };
    if dialled.is_empty() && sent.is_empty() {
        return Some(format!("`<:>` replaces nothing by nothing at character {start}"));
    }
    let strange = |(place, key): (usize, char)| {
        let known = is_key(key) || place == dialled.chars().count();
        (!known).then(|| format!("`{}` has no place at character {}", key.escape_debug(), start + 1 + place))
    };
    inner.chars().enumerate().find_map(strange)
}

fn is_symbol(symbol: &str) -> bool {
    match symbol.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        Some(inner) => !inner.is_empty() && inner.chars().all(|one| one.is_ascii_digit() || "*#-x".contains(one)),
        None => symbol.len() == 1 && symbol.chars().all(|one| is_key(one) || one == 'x'),
    }
}

fn is_key(one: char) -> bool {
    one.is_ascii_digit() || "*#+ABCD".contains(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digit_maps_are_told_from_what_is_none() {
        for good in [
            "112",
            "0xx.T",
            "112|999|[2-9]xxxxxx|00x.T|*x.T|[x*#].T",
            "+44xxxx|1T",
            "A.T",
            "<00:+>xx.T|<:9>[2-8]xxx|<9:>xxx|<999:112>|<0:#1>T",
        ] {
            assert_eq!(fault(good), None, "{good}");
        }
        for (bad, told) in [
            ("(112|x.T)", "`(` has no place at character 1"),
            ("112|x.", "`x.` never ends"),
            ("112||1", "nothing stands for a number at character 5"),
            ("", "nothing stands for a number at character 1"),
            ("12T3", "`T` has no place at character 3"),
            ("0[1-9", "`[1-9` has no place at character 2"),
            ("0[]", "`[]` has no place at character 2"),
            ("911|Xx", "`X` has no place at character 5"),
            (".1", "`.` has no place at character 1"),
            ("T", "nothing stands for a number"),
        ] {
            assert!(fault(bad).is_some_and(|fault| fault.contains(told)), "{bad}: {:?}", fault(bad));
        }
    }

    #[test]
    fn faults_of_substitutions_are_told_with_their_place() {
        for (bad, told) in [
            ("112|<00:+xx.T", "`<` is not closed at character 5"),
            ("<00>xx.T", "`<00>` has no `:` between what is dialled and what is sent at character 1"),
            ("<:>xx", "`<:>` replaces nothing by nothing at character 1"),
            ("1|<:9>", "nothing stands for a number at character 3"),
            ("<0x:+>xx", "`x` has no place at character 3"),
            ("<0:1:2>xx", "`:` has no place at character 5"),
            ("<00:+ >xx", "` ` has no place at character 6"),
            ("0<0:+>x", "`<` has no place at character 2"),
            ("<00:+>xQ", "`Q` has no place at character 8"),
            ("<00:+>.T", "`.` has no place at character 7"),
            ("<00:+>x.", "`<00:+>x.` never ends"),
        ] {
            assert!(fault(bad).is_some_and(|fault| fault.contains(told)), "{bad}: {:?}", fault(bad));
        }
    }

    #[test]
    fn a_symbol_stands_for_its_keys() {
        for (symbol, keys) in
            [("7", "7"), ("[2-4*]", "234*"), ("[13#]", "13#"), ("x", "0123456789"), ("[x*]", "0123456789*"), ("[1-]", "1-")]
        {
            assert_eq!(members(symbol).into_iter().collect::<String>(), keys, "{symbol}");
        }
    }

    #[test]
    fn alternatives_are_put_together_as_they_were() {
        for text in ["112", "<00:+>xx.T", "<:9>[2-8]x", "<9:>[x*].1T", "<999:112>"] {
            assert_eq!(Alternative::parse(text).to_string(), text);
        }
    }
}

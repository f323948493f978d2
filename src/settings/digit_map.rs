//! Digit maps, RFC 3435 §2.1.5 without the outer parentheses: alternatives parted by `|`, `x` any digit, `[1-9]` one of these, `.` the
//! last one any number of times, `T` at the end a pause.

/// One place of an alternative, and whether it may come any number of times.
pub type Symbol<'m> = (&'m str, bool);

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

/// The symbols of an alternative, without its pause.
pub fn symbols(alternative: &str) -> Vec<Symbol<'_>> {
    let mut rest = alternative.strip_suffix('T').unwrap_or(alternative);
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

fn fault_of(alternative: &str, start: usize) -> Option<String> {
    let symbols = symbols(alternative);
    let Some((_, repeated)) = symbols.last() else { return Some(format!("nothing stands for a number at character {start}")) };
    let mut at = start;
    for (symbol, repeated) in &symbols {
        if !is_symbol(symbol) {
            return Some(format!("`{}` has no place at character {at}", symbol.escape_debug()));
        }
        at += symbol.chars().count() + usize::from(*repeated);
    }
    let unending = *repeated && !alternative.ends_with('T');
    unending.then(|| format!("`{alternative}` never ends: after a last `.` stands `T`, the pause that ends the number"))
}

fn is_symbol(symbol: &str) -> bool {
    match symbol.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        Some(inner) => !inner.is_empty() && inner.chars().all(|one| one.is_ascii_digit() || "*#-x".contains(one)),
        None => symbol.len() == 1 && symbol.chars().all(|one| one.is_ascii_digit() || "*#+xABCD".contains(one)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digit_maps_are_told_from_what_is_none() {
        for good in ["112", "0xx.T", "112|999|[2-9]xxxxxx|00x.T|*x.T|[x*#].T", "+44xxxx|1T", "A.T"] {
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
}

//! Regular expressions, parted by blanks: `|^00([0-9][0-9]*)$|sip:+\1@\d|d`. Between bars stand what is dialled, the address that it
//! gives, where `\1` is what the parentheses held and `\d` the registrar, and `d` where the number is whole and dialled at once.

use crate::settings::digit_map::Alternative;

/// Canonical to vendor.
pub fn write(map: &str) -> String {
    super::alternatives(map).map(|alternative| entry(&alternative)).collect::<Vec<_>>().join(" ")
}

/// Vendor to canonical.
pub fn read(text: &str) -> Option<String> {
    Some(text.split(' ').map(read_entry).collect::<Option<Vec<String>>>()?.join("|"))
}

fn entry(alternative: &Alternative<'_>) -> String {
    let dialled: String = alternative.dialled().chars().map(|key| expression(key.encode_utf8(&mut [0; 4]))).collect();
    let places: String =
        alternative.symbols.iter().map(|(symbol, repeated)| expression(symbol) + if *repeated { "*" } else { "" }).collect();
    let (group, kept) = if places.is_empty() { (String::new(), "") } else { (format!("({places})"), "\\1") };
    let flag = if alternative.pause { "" } else { "d" };
    format!("|^{dialled}{group}$|sip:{}{kept}@\\d|{flag}", alternative.sent())
}

/// Symbols that are spelled by themselves; sets of one symbol differ from it.
const WORDS: [(&str, &str); 5] = [("x", "[0-9]"), ("*", "[*]"), ("+", "[+]"), ("[x]", "[0-99]"), ("[*]", "[**]")];

fn expression(symbol: &str) -> String {
    match WORDS.iter().find(|(own, _)| *own == symbol) {
        Some((_, word)) => (*word).to_owned(),
        None => symbol.replace("0-9", "0123456789").replace('x', "0-9"),
    }
}

fn symbol(expression: &str) -> String {
    match WORDS.iter().find(|(_, word)| *word == expression) {
        Some((own, _)) => (*own).to_owned(),
        None => expression.replace("0-9", "x").replace("0123456789", "0-9"),
    }
}

fn read_entry(text: &str) -> Option<String> {
    let mut parts = text.strip_prefix("|^")?.split('|');
    let (pattern, address, flag) = (parts.next()?.strip_suffix('$')?, parts.next()?, parts.next()?);
    let sent = address.strip_prefix("sip:")?.strip_suffix("@\\d")?;
    let sent = sent.strip_suffix("\\1").unwrap_or(sent);
    let (dialled, places) = pattern.strip_suffix(')').and_then(|pattern| pattern.split_once('(')).unwrap_or((pattern, ""));
    let (dialled, places) = (read_symbols(dialled)?, read_symbols(places)?);
    let replaced = if dialled.is_empty() && sent.is_empty() { String::new() } else { format!("<{dialled}:{sent}>") };
    Some(format!("{replaced}{places}{}", if flag == "d" { "" } else { "T" }))
}

fn read_symbols(text: &str) -> Option<String> {
    let mut rest = text;
    let mut symbols = String::new();
    while let Some(first) = rest.chars().next() {
        let end = if first == '[' { rest.find(']')? + 1 } else { first.len_utf8() };
        let (expression, left) = rest.split_at(end);
        symbols.push_str(&if expression == "*" { ".".to_owned() } else { symbol(expression) });
        rest = left;
    }
    Some(symbols)
}

#[cfg(test)]
mod tests {
    use super::super::turns_round;

    #[test]
    fn expressions_turn_round() {
        for (map, written) in [
            ("112", r"|^(112)$|sip:\1@\d|d"),
            ("112|0xx.T", r"|^(112)$|sip:\1@\d|d |^(0[0-9][0-9]*)$|sip:\1@\d|"),
            ("<00:+>xx.T", r"|^00([0-9][0-9]*)$|sip:+\1@\d|"),
            ("<:030>[2-9]xxx", r"|^([2-9][0-9][0-9][0-9])$|sip:030\1@\d|d"),
            ("<*9:>xx", r"|^[*]9([0-9][0-9])$|sip:\1@\d|d"),
            ("<999:112>|1T", r"|^999$|sip:112@\d|d |^(1)$|sip:\1@\d|"),
            ("+44x|#1*x.T", r"|^([+]44[0-9])$|sip:\1@\d|d |^(#1[*][0-9]*)$|sip:\1@\d|"),
        ] {
            turns_round("regex", map, written);
        }
    }

    #[test]
    fn sets_that_are_spelled_otherwise_stay_told_apart() {
        for (map, written) in [
            ("[x*#].T", r"|^([0-9*#]*)$|sip:\1@\d|"),
            ("[0-9*]xx", r"|^([0123456789*][0-9][0-9])$|sip:\1@\d|d"),
            ("[x][0-9][*]*", r"|^([0-99][0123456789][**][*])$|sip:\1@\d|d"),
        ] {
            turns_round("regex", map, written);
        }
    }
}

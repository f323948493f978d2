//! From the byte where a value begins back to its key and its end.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The key and the value that begins at a byte of a TOML text.
pub fn around(text: &str, at: usize) -> Option<(Range<usize>, Range<usize>)> {
    let (table, _) = DeTable::parse_recoverable(text);
    in_table(table.get_ref(), at)
}

fn in_table(table: &DeTable<'_>, at: usize) -> Option<(Range<usize>, Range<usize>)> {
    table.iter().find_map(|(key, value)| in_value(key.span(), value, at))
}

fn in_value(key: Range<usize>, value: &Spanned<DeValue<'_>>, at: usize) -> Option<(Range<usize>, Range<usize>)> {
    if value.span().start == at {
        return Some((key, value.span()));
    }
    match value.get_ref() {
        DeValue::Table(table) => in_table(table, at),
        DeValue::Array(array) => array.iter().find_map(|item| in_value(key.clone(), item, at)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_are_found_by_their_start() {
        let text = "a = 1\n[sip]\nstun = { host = \"x\", port = 2 }\n[[line]]\nuser = \"u\"\n";
        let shown = |needle: &str| around(text, text.find(needle).unwrap()).map(|(key, value)| (&text[key], &text[value]));
        assert_eq!(shown("\"x\""), Some(("host", "\"x\"")));
        assert_eq!(shown("\"u\""), Some(("user", "\"u\"")));
        assert_eq!(around(text, 1), None);
    }
}

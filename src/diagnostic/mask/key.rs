//! Reads dotted keys, forwards and backwards, also such as are no valid TOML.

/// Whether a name begins without a quote, as tables do and lists of texts do not.
pub(super) fn starts_bare(name: &str) -> bool {
    name.trim_start().starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-')
}

/// Where the dotted key begins that a text ends with.
pub(super) fn key_start(text: &str) -> usize {
    let mut key = text;
    loop {
        key = segment_start(key.trim_end());
        match key.trim_end().strip_suffix('.') {
            Some(parent) => key = parent,
            None => return key.len(),
        }
    }
}

/// The text without the quoted or bare segment at its end.
fn segment_start(text: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_suffix(quote) {
            return inside.rsplit_once(quote).map_or_else(|| bare_start(inside), |(before, _)| before);
        }
    }
    bare_start(text)
}

fn bare_start(text: &str) -> &str {
    text.trim_end_matches(|c: char| !c.is_whitespace() && !"{}[](),\"'#=:;?&<>|.".contains(c))
}

/// The segments of a dotted key; quotes are taken off.
pub(super) fn dotted(key: &str) -> Vec<&str> {
    let mut segments = Vec::new();
    let mut rest = key.trim();
    while !rest.is_empty() {
        let quote = rest.chars().next().filter(|c| *c == '"' || *c == '\'');
        let (segment, after) = match quote {
            Some(quote) => rest[1..].split_once(quote).unwrap_or((&rest[1..], "")),
            None => rest.find('.').map_or((rest, ""), |dot| rest.split_at(dot)),
        };
        segments.push(segment.trim());
        rest = after.trim_start().trim_start_matches('.').trim_start();
        if quote.is_none() && after.is_empty() {
            break;
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dotted_key_has_segments() {
        assert_eq!(dotted("line.password"), ["line", "password"]);
        assert_eq!(dotted(" a . \"b.c\" . 'd' "), ["a", "b.c", "d"]);
        assert_eq!(dotted("\"open"), ["open"]);
        assert!(dotted("").is_empty());
    }

    #[test]
    fn a_key_is_found_from_its_end() {
        let key = |text: &'static str| &text[key_start(text)..];
        assert_eq!(key("{ a = 1, line.password "), "line.password ");
        assert_eq!(key("x, \"a b\" . 'c'"), "\"a b\" . 'c'");
        assert_eq!(key("# pin"), "pin");
        assert_eq!(key("broken\""), "broken\"");
    }
}

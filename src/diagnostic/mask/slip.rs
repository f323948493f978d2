//! Secrets behind slips: a key whose `=` is missing, a login in what is no URL.

use std::ops::Range;

use crate::diagnostic::secret_key::{Secrecy, of_key};

/// The byte ranges of such secrets.
pub(super) fn slips(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        found.extend(after_a_bare_key(line).map(|at| start + at..start + line.trim_end().len()));
        found.extend(logins(line).into_iter().map(|range| start + range.start..start + range.end));
        start += line.len();
    }
    found
}

/// Where the value of `password "…"` begins.
fn after_a_bare_key(line: &str) -> Option<usize> {
    let indent = line.len() - line.trim_start().len();
    let word = line[indent..].find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(0);
    let rest = line[indent + word..].trim_start_matches([' ', '\t']);
    let quoted = rest.starts_with(['"', '\'']) && rest.len() < line.len() - indent - word;
    let value = line.len() - rest.len() + 1;
    (word > 0 && quoted && of_key(&[&line[indent..indent + word]]) != Secrecy::Open).then_some(value)
}

/// The passwords of `login:password@`.
fn logins(line: &str) -> Vec<Range<usize>> {
    let ends = line.match_indices('@').map(|(at, _)| at);
    let ranges = ends.filter_map(|end| {
        let start = line[..end]
            .rfind(|character: char| character.is_whitespace() || matches!(character, '"' | '\'' | '/' | '<'))
            .map_or(0, |at| at + line[at..].chars().next().map_or(1, char::len_utf8));
        let colon = line[start..end].find(':')?;
        let word = &line[start..start + colon];
        (word != "sip" && word != "sips").then_some(start + colon + 1..end)
    });
    ranges.collect()
}

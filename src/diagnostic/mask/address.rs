//! Secrets in URLs and certificates, wherever they stand.

use std::ops::Range;

/// As long as the unguessable part of a URL at least is.
const SHORTEST_TOKEN: usize = 20;

/// Logins, queries and path segments that may be tokens, in every URL.
pub(super) fn logins_and_tokens(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut done = 0;
    for (scheme, separator) in text.match_indices("://") {
        let start = scheme + separator.len();
        if start < done {
            continue;
        }
        let rest = &text[start..];
        let end = rest.find(|c: char| c.is_whitespace() || "\"'<>`".contains(c));
        let url = &rest[..end.unwrap_or(rest.len())];
        done = start + url.len();
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let login = path.rfind('@').unwrap_or(0);
        found.push(start..start + login);
        found.push(done - query.len()..done);
        found.extend(tokens(&path[login..]).map(|token| token.start + start + login..token.end + start + login));
    }
    found
}

/// Long segments without a dot, behind the host.
fn tokens(path: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    let segments = path.split('/').map(move |segment| {
        let start = at;
        at += segment.len() + 1;
        (segment, start..start + segment.len())
    });
    let is_token = |segment: &str| segment.len() >= SHORTEST_TOKEN && !segment.contains('.');
    segments.skip(1).filter(move |(segment, _)| is_token(segment)).map(|(_, range)| range)
}

/// What stands between the lines that begin and end a private key.
pub(super) fn private_keys(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut end = 0;
    for (mark, begin) in text.match_indices("PRIVATE KEY-----") {
        let start = mark + begin.len();
        if start < end {
            continue;
        }
        end = text[start..].find("-----END").map_or(text.len(), |length| start + length);
        found.push(start..end);
    }
    found
}

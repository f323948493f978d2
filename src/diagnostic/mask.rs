//! Finds the secrets in a text, so that no printed source line shows one.
//!
//! A finding often points into a file that is not valid TOML, so nothing here relies on it: every `key = value` counts,
//! wherever it stands (also in comments and strings), and what cannot be understood after a secret key is secret too.

mod address;
mod key;
mod slip;

use std::cell::Cell;
use std::ops::Range;

use key::{dotted, key_start, starts_bare};

use super::secret_key::{Secrecy, is_deep, of_key};

/// The byte ranges of what looks secret, sorted, without overlaps.
pub(super) fn secrets(path: &str, text: &str) -> Vec<Range<usize>> {
    let mut scan = Scan {
        text,
        bytes: text.as_bytes(),
        pack: path.starts_with("vendors/"),
        template: !path.ends_with(".toml"),
        in_secret_table: false,
        comments_until: 0,
        line: Cell::new((0, 0)),
        found: Vec::new(),
    };
    scan.entries();
    scan.found.extend(address::logins_and_tokens(text));
    scan.found.extend(address::private_keys(text));
    scan.found.extend(slip::slips(text));
    merged(scan.found)
}

fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut out: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges.into_iter().filter(|range| !range.is_empty()) {
        match out.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}

/// Longer keys are cut, so that a hostile line costs little.
const LONGEST_KEY: usize = 1024;

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    /// A vendor pack: tables about parameters, where `codes` and the like are no secrets.
    pack: bool,
    /// Not TOML, so that `{{ … }}` is an expression and no value.
    template: bool,
    in_secret_table: bool,
    comments_until: usize,
    /// A part of a line that was looked at, up to the line's end.
    line: Cell<(usize, usize)>,
    found: Vec<Range<usize>>,
}

impl Scan<'_> {
    fn entries(&mut self) {
        let mut at = 0;
        self.table(at);
        while let Some(byte) = self.bytes.get(at) {
            at = match byte {
                b'\n' => {
                    self.table(at + 1);
                    at + 1
                }
                b'=' => self.entry(at),
                b':' if self.is_assignment(at) => self.entry(at),
                _ => at + 1,
            };
        }
    }

    /// Whether a colon parts key and value, as in JSON, and is not part of `://` or `::`.
    fn is_assignment(&self, colon: usize) -> bool {
        let next = self.bytes.get(colon + 1);
        let previous = colon.checked_sub(1).and_then(|at| self.bytes.get(at));
        !matches!(next, Some(b':' | b'/')) && previous != Some(&b':')
    }

    /// Takes note of a table header. A broken one may open a secret table, but not close one.
    fn table(&mut self, line: usize) {
        let line = self.text[line..self.line_end(line)].trim();
        let Some(rest) = line.strip_prefix('[') else {
            return;
        };
        let (name, rest) = match rest.find(']') {
            Some(end) => rest.split_at(end),
            None => (rest, "]!"),
        };
        let rest = rest.trim_start_matches(']').trim_start();
        let names_secret = !self.pack && dotted(name.trim_start_matches('[')).iter().any(|segment| is_deep(segment));
        if names_secret {
            self.in_secret_table = true;
        } else if starts_bare(name.trim_start_matches('[')) && (rest.is_empty() || rest.starts_with('#')) {
            self.in_secret_table = false;
        }
    }

    /// Looks at `key = value`, given where the `=` is; returns where to go on.
    fn entry(&mut self, separator: usize) -> usize {
        let key = self.key_start(separator);
        let path = dotted(&self.text[key..separator]);
        let value = self.value_start(separator + 1);
        let secret = match self.secrecy(&path) {
            Secrecy::Open => false,
            Secrecy::Value => !self.holds_tables(value),
            Secrecy::Deep => true,
        };
        if !secret || path.is_empty() || self.is_expression(value) {
            return separator + 1;
        }
        let before = self.text[..key].trim_end_matches([' ', '\t']);
        let inline = !before.is_empty() && !before.ends_with('\n');
        let end = self.value(value);
        self.after(end, inline).max(separator + 1)
    }

    fn secrecy(&self, path: &[&str]) -> Secrecy {
        match of_key(path) {
            Secrecy::Value if self.pack => Secrecy::Open,
            _ if self.in_secret_table => Secrecy::Deep,
            own => own,
        }
    }

    /// Where the dotted key begins that ends before the separator.
    fn key_start(&self, separator: usize) -> usize {
        let near = self.text.floor_char_boundary(separator.saturating_sub(LONGEST_KEY));
        let line = self.text[near..separator].rfind('\n').map_or(near, |end| near + end + 1);
        line + key_start(&self.text[line..separator])
    }

    /// The value begins behind blanks; where its line ends before it, a quoted text on the next line is meant.
    fn value_start(&self, at: usize) -> usize {
        let blank = |text: &str| text.len() - text.trim_start_matches([' ', '\t', '\r']).len();
        let start = at + blank(&self.text[at..]);
        match self.text[start..].strip_prefix('\n') {
            Some(next) if next[blank(next)..].starts_with(['"', '\'']) => start + 1 + blank(next),
            _ => start,
        }
    }

    fn holds_tables(&self, value: usize) -> bool {
        let value = &self.text[value..];
        value.starts_with('{') || value.strip_prefix('[').is_some_and(|list| list.trim_start().starts_with('{'))
    }

    fn is_expression(&self, value: usize) -> bool {
        self.template && (self.text[value..].starts_with("{{") || self.text[value..].starts_with("{%"))
    }

    fn value(&mut self, at: usize) -> usize {
        match self.bytes.get(at) {
            Some(b'"' | b'\'') => self.string(at),
            Some(b'[' | b'{') => self.container(at),
            _ => self.bare(at),
        }
    }

    /// Covers a string between its quotes; one that is not closed ends with its line, or with the file.
    fn string(&mut self, at: usize) -> usize {
        let (inside, end) = self.string_span(at);
        self.found.push(inside);
        end
    }

    fn string_span(&self, at: usize) -> (Range<usize>, usize) {
        let quote = self.bytes[at];
        let long = self.bytes[at..].starts_with(&[quote; 3]);
        let width = if long { 3 } else { 1 };
        let mut end = at + width;
        while end < self.bytes.len() && (long || self.bytes[end] != b'\n') {
            if self.bytes[end] == b'\\' && quote == b'"' {
                end += 2;
            } else if self.bytes[end..].starts_with(&[quote; 3][..width]) {
                let more = self.bytes[end + width..].iter().take(width - 1).take_while(|byte| **byte == quote).count();
                return (at + width..end + more, end + more + width);
            } else {
                end += 1;
            }
        }
        let end = end.min(if long { self.text.len() } else { self.line_end(at) });
        (at + width..end, end)
    }

    /// Covers a number; anything else that is not quoted is a mistake, and secret up to the end of the line.
    fn bare(&mut self, at: usize) -> usize {
        let line_end = self.line_end(at);
        let word = self.word_end(at);
        let text = &self.text[at..word];
        if text == "true" || text == "false" {
            return word;
        }
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-._".contains(&byte));
        let end = if is_number { word } else { line_end };
        self.found.push(at..end);
        end
    }

    fn word_end(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        let end = rest.find(|c: char| c.is_whitespace() || ",[]{}=#\"'".contains(c));
        at + end.unwrap_or(rest.len())
    }

    /// What follows a secret on its line: a comment is covered, and so is all that should not be there.
    fn after(&mut self, at: usize, inline: bool) -> usize {
        let line_end = self.line_end(at);
        let rest = self.text[at..line_end].trim_start();
        let expected = rest.is_empty() || rest.starts_with('#') || inline && rest.starts_with([',', ']', '}']);
        if !expected {
            self.found.push(at..line_end);
            return line_end;
        }
        self.comment(at, line_end);
        at
    }

    fn comment(&mut self, at: usize, line_end: usize) {
        if at < self.comments_until {
            return;
        }
        self.comments_until = line_end;
        let mut at = at;
        while at < line_end {
            match self.bytes[at] {
                b'#' => return self.cover_comment(at + 1..line_end),
                b'"' | b'\'' => at = self.string_span(at).1,
                _ => at += 1,
            }
        }
    }

    fn cover_comment(&mut self, comment: Range<usize>) {
        let blanks = self.text[comment.clone()].len() - self.text[comment.clone()].trim_start().len();
        self.found.push(comment.start + blanks..comment.end);
    }

    /// Covers all values and comments in brackets and leaves keys; an unclosed list ends where a new entry begins.
    fn container(&mut self, at: usize) -> usize {
        let mut open = Vec::new();
        let mut key_may_follow = false;
        let mut at = at;
        while let Some(&byte) = self.bytes.get(at) {
            at += 1;
            match byte {
                b'[' | b'{' => {
                    open.push(byte);
                    key_may_follow = byte == b'{';
                }
                b']' | b'}' => {
                    open.pop();
                    if open.is_empty() {
                        return at;
                    }
                }
                b',' => key_may_follow = open.last() == Some(&b'{'),
                b'=' => key_may_follow = false,
                b'\n' if open.last() == Some(&b'[') && self.is_entry(at) => return at - 1,
                b'#' => {
                    let line_end = self.line_end(at);
                    self.cover_comment(at..line_end);
                    at = line_end;
                }
                b'.' | b' ' | b'\t' | b'\r' | b'\n' => {}
                _ => at = self.item(at - 1, key_may_follow),
            }
        }
        at
    }

    fn item(&mut self, at: usize, key_may_follow: bool) -> usize {
        let (inside, end) = match self.bytes[at] {
            b'"' | b'\'' => self.string_span(at),
            _ => (at..self.word_end(at), self.word_end(at)),
        };
        let is_key = key_may_follow && self.text[end..].trim_start().starts_with('=');
        if !is_key && !matches!(&self.text[inside.clone()], "true" | "false") {
            self.found.push(inside);
        }
        end.max(self.text.ceil_char_boundary(at + 1))
    }

    /// Whether a line begins an entry or a table, and so is no part of a list.
    fn is_entry(&self, line: usize) -> bool {
        let line = self.text[line..self.line_end(line)].trim();
        let key = line.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "_-.".contains(c));
        let is_header = line.starts_with('[') && line.ends_with(']');
        key.len() < line.len() && key.trim_start().starts_with('=')
            || is_header && line.trim_start_matches('[').starts_with(|c: char| c.is_ascii_alphabetic())
    }

    fn line_end(&self, at: usize) -> usize {
        let (known, end) = self.line.get();
        if (known..=end).contains(&at) && end > 0 {
            return end;
        }
        let end = self.text[at..].find('\n').map_or(self.text.len(), |length| at + length);
        self.line.set((at, end));
        end
    }
}

#[cfg(test)]
mod tests;

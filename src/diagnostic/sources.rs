//! The texts that findings point into, read when a printer needs them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::{Label, mask, text};

type Provider<'a> = dyn Fn(&str) -> Option<Vec<u8>> + Send + Sync + 'a;

/// Gives the text of a path, reading each at most once when it is first asked for.
pub struct Sources<'a> {
    provider: Box<Provider<'a>>,
    read: Mutex<BTreeMap<String, Option<Arc<Source>>>>,
}

impl<'a> Sources<'a> {
    /// Texts by path, exactly those that the spans were taken from; `None` where there is none to show.
    pub fn new(provider: impl Fn(&str) -> Option<String> + Send + Sync + 'a) -> Self {
        Self::from_bytes(move |path| provider(path).map(String::into_bytes))
    }

    /// Files by path. A byte that is not UTF-8 is shown as `?`, so that offsets stay.
    pub fn from_bytes(provider: impl Fn(&str) -> Option<Vec<u8>> + Send + Sync + 'a) -> Self {
        Self { provider: Box::new(provider), read: Mutex::default() }
    }

    /// The source of this path.
    pub fn get(&self, path: &str) -> Option<Arc<Source>> {
        let known = || self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(source) = known().get(path) {
            return source.clone();
        }
        let source = (self.provider)(path).map(|bytes| Arc::new(Source::new(path, lossy(bytes))));
        known().entry(path.to_owned()).or_insert(source).clone()
    }

    /// Lines and columns of a label; `None` where it means the whole file or the file is not to be had.
    pub fn locate(&self, label: &Label) -> Option<Region> {
        if label.span == (0..0) {
            return None;
        }
        Some(self.get(&label.path)?.region(&label.span))
    }
}

fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let mut text = String::new();
        for chunk in error.as_bytes().utf8_chunks() {
            text.push_str(chunk.valid());
            text.extend(chunk.invalid().iter().map(|_| '?'));
        }
        text
    })
}

/// A place as people count: both from 1, columns in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1; a byte order mark takes none.
    pub column: usize,
}

/// From a place up to another, which is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// Where it begins.
    pub start: Position,
    /// The place behind it; equal to the start where it is empty.
    pub end: Position,
}

/// One file's text with its lines.
pub struct Source {
    path: String,
    text: String,
    lines: Vec<usize>,
    secrets: OnceLock<Vec<Range<usize>>>,
}

impl Source {
    /// A source of this text.
    pub fn new(path: &str, text: String) -> Self {
        let bom = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(bom).chain(ends.map(|(at, _)| at + 1)).collect();
        Self { path: path.to_owned(), text, lines, secrets: OnceLock::new() }
    }

    /// The byte range of a line, from 1, without its end.
    pub fn line(&self, number: usize) -> Range<usize> {
        let start = number.checked_sub(1).and_then(|index| self.lines.get(index));
        let start = start.copied().unwrap_or(self.text.len());
        let rest = &self.text[start..];
        let line = rest.split_once('\n').map_or(rest, |(line, _)| line);
        start..start + line.strip_suffix('\r').unwrap_or(line).len()
    }

    /// The number of the line that holds this offset.
    pub fn line_of(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset).max(1)
    }

    /// Line and column of an offset.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.settle(offset);
        let line = self.line_of(offset);
        let start = self.line(line).start.min(offset);
        Position { line, column: self.text[start..offset].chars().count() + 1 }
    }

    /// Lines and columns of a span.
    pub fn region(&self, span: &Range<usize>) -> Region {
        let span = self.settled(span);
        Region { start: self.position(span.start), end: self.position(span.end) }
    }

    /// The span within the text, on character boundaries and with no line end at its end.
    pub(super) fn settled(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.settle(span.start);
        let end = self.floor(span.end).max(start);
        let kept = self.text[start..end].trim_end_matches(['\r', '\n']);
        start..self.settle(start + kept.len()).max(start)
    }

    /// The nearest offset that is before or on a character of a line, or at its end.
    fn settle(&self, offset: usize) -> usize {
        let offset = self.floor(offset);
        let mut line = self.line_of(offset);
        if offset == self.text.len() && line > 1 && self.line(line).is_empty() {
            line -= 1;
        }
        let line = self.line(line);
        offset.clamp(line.start, line.end)
    }

    /// The nearest character boundary at or before an offset.
    pub(super) fn floor(&self, offset: usize) -> usize {
        self.text.floor_char_boundary(offset)
    }

    /// A part of the text as it may be shown: secrets are covered and hidden characters made visible, one for one.
    pub fn shown(&self, range: Range<usize>) -> String {
        let secrets = self.secrets();
        self.text[range.clone()]
            .char_indices()
            .map(|(at, c)| match covers(secrets, range.start + at) {
                true => text::cover(c),
                false => text::picture(c),
            })
            .collect()
    }

    fn secrets(&self) -> &[Range<usize>] {
        self.secrets.get_or_init(|| mask::secrets(&self.path, &self.text))
    }
}

fn covers(secrets: &[Range<usize>], offset: usize) -> bool {
    let next = secrets.partition_point(|secret| secret.end <= offset);
    secrets.get(next).is_some_and(|secret| secret.start <= offset)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn at(text: &str, offset: usize) -> (usize, usize) {
        let position = Source::new("a.toml", text.to_owned()).position(offset);
        (position.line, position.column)
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(at("a = \"日本\"\nb", 8), (1, 7));
        assert_eq!(at("a = \"日本\"\nb", 13), (2, 1));
        assert_eq!(at("\u{feff}mac = 1", 3), (1, 1));
        assert_eq!(at("\u{feff}mac = 1", 0), (1, 1));
    }

    #[test]
    fn offsets_settle_on_a_line() {
        assert_eq!(at("日", 1), (1, 1), "inside a character");
        assert_eq!(at("a\r\nb", 1), (1, 2));
        assert_eq!(at("a\r\nb", 2), (1, 2), "on the line end");
        assert_eq!(at("a\nbc\n", 5), (2, 3), "at the end of the file");
        assert_eq!(at("a", 99), (1, 2), "beyond it");
        assert_eq!(at("", 0), (1, 1));
    }

    #[test]
    fn a_span_ends_before_the_line_end() {
        let source = Source::new("a.toml", "[line]\r\nx = 1\r\n\r\n".into());
        let region = source.region(&(0..17));
        assert_eq!(region.start, Position { line: 1, column: 1 });
        assert_eq!(region.end, Position { line: 2, column: 6 });
        #[expect(clippy::reversed_empty_ranges)]
        let backwards = source.settled(&(5..2));
        assert_eq!(backwards, 5..5);
    }

    #[test]
    fn a_text_is_read_once_and_only_when_asked_for() {
        let reads = AtomicUsize::new(0);
        let sources = Sources::new(|path| {
            reads.fetch_add(1, Ordering::Relaxed);
            (path == "a.toml").then(|| "x = 1".to_owned())
        });
        assert_eq!(reads.load(Ordering::Relaxed), 0);
        for _ in 0..3 {
            assert!(sources.get("a.toml").is_some());
            assert!(sources.get("b.toml").is_none());
        }
        assert_eq!(reads.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn bytes_that_are_not_utf8_keep_their_offsets() {
        let sources = Sources::from_bytes(|_| Some(b"x = \"M\xfcller\"\ny = \xe6\x97".to_vec()));
        let source = sources.get("a.toml").unwrap();
        assert_eq!(source.shown(source.line(1)), "x = \"M?ller\"");
        assert_eq!(source.shown(source.line(2)), "y = ??");
        assert_eq!(source.position(17), Position { line: 2, column: 5 });
    }

    #[test]
    fn shown_lines_cover_secrets_without_moving_columns() {
        let text = "a = \u{202e}\tpassword = \"hünter日\"".to_owned();
        let source = Source::new("a.toml", text);
        assert_eq!(source.shown(source.line(1)), "a = �\tpassword = \"******＊\"");
    }
}

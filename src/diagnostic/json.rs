//! For programs: one object on one line, `"schema": 1`.
//!
//! ```json
//! {"schema": 1,
//!  "diagnostics": [{
//!    "code": "line::zero", "severity": "error", "message": "line numbers begin at 1",
//!    "path": "devices/acme/reception.toml",
//!    "line": 6, "column": 10, "end_line": 6, "end_column": 11, "offset": 92,
//!    "labels": [{
//!      "path": "devices/acme/reception.toml",
//!      "line": 6, "column": 10, "end_line": 6, "end_column": 11, "offset": 92,
//!      "text": "0 is no line", "primary": true}],
//!    "notes": [], "help": ["write `number = 1`"]}]}
//! ```
//!
//! - `severity` is `error`, `warning` or `note`, after overrides.
//! - `path` is relative to the root, with forward slashes.
//! - `line`, `column`, `end_line`, `end_column` count from 1, columns in Unicode scalar values; the end is the place behind
//!   the last character. `offset` counts bytes from 0. All five are `null` where the whole file is meant; where the file
//!   cannot be read, only `offset` is known.
//! - The finding's own place repeats that of the label under which it is listed; all six are `null` where there is none.
//! - A command may add members beside `diagnostics`, for what else it was asked: `build` has `why` and `timings`.
//! - Fields may be added within schema 1; none is renamed, removed or given another meaning.

use serde::Serialize;
use serde_json::{Map, Value};

use super::sources::{Region, Sources};
use super::text::hidden;
use super::{Code, Diagnostic, Label, Severity};

#[derive(Serialize)]
struct Output<'a> {
    schema: u32,
    diagnostics: Vec<Finding<'a>>,
    #[serde(flatten)]
    more: &'a Map<String, Value>,
}

#[derive(Serialize)]
struct Finding<'a> {
    code: Code,
    severity: Severity,
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    labels: Vec<Marked<'a>>,
    notes: &'a [String],
    help: &'a [String],
}

#[derive(Serialize)]
struct Marked<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: &'a str,
    primary: bool,
}

#[derive(Default, Serialize)]
struct Place<'a> {
    path: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    offset: Option<usize>,
}

/// The findings as JSON.
pub(super) fn print(found: &[Diagnostic], sources: &Sources<'_>) -> String {
    print_json(found, sources, &Map::new())
}

/// The findings as JSON, and more members beside them: what else a command was asked.
pub fn print_json(found: &[Diagnostic], sources: &Sources<'_>, more: &Map<String, Value>) -> String {
    text(&Output { schema: 1, diagnostics: found.iter().map(|diagnostic| finding(diagnostic, sources)).collect(), more })
}

fn finding<'a>(diagnostic: &'a Diagnostic, sources: &Sources<'_>) -> Finding<'a> {
    let marked = |label: &'a Label| Marked { place: place(label, sources), text: &label.text, primary: label.primary };
    Finding {
        code: diagnostic.code,
        severity: diagnostic.severity,
        message: &diagnostic.message,
        place: diagnostic.place().map(|label| place(label, sources)).unwrap_or_default(),
        labels: diagnostic.labels.iter().map(marked).collect(),
        notes: &diagnostic.notes,
        help: &diagnostic.help,
    }
}

fn place<'a>(label: &'a Label, sources: &Sources<'_>) -> Place<'a> {
    let region = sources.locate(label);
    let part = |take: fn(Region) -> usize| region.map(take);
    Place {
        path: Some(&label.path),
        line: part(|region| region.start.line),
        column: part(|region| region.start.column),
        end_line: part(|region| region.end.line),
        end_column: part(|region| region.end.column),
        offset: (label.span != (0..0)).then_some(label.span.start),
    }
}

/// The value on one line. Hidden characters, which can only stand in strings, are escaped: a terminal may show it.
pub(super) fn text(value: &impl Serialize) -> String {
    let json = serde_json::to_string(value).unwrap_or_default();
    let mut out = String::with_capacity(json.len() + 1);
    for c in json.chars() {
        match hidden(c) {
            true => out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}"))),
            false => out.push(c),
        }
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::diagnostic::samples;

    fn parsed() -> Value {
        serde_json::from_str(&print(&samples::diagnostics(), &samples::sources())).unwrap()
    }

    #[test]
    fn a_finding_has_a_place_in_lines_columns_and_bytes() {
        let output = parsed();
        assert_eq!(output["schema"], 1);
        assert_eq!(
            output["diagnostics"][0],
            json!({
                "code": "line::beyond-model", "severity": "error",
                "message": "this phone has 2 lines, and this is line 3",
                "path": "devices/acme/sales.toml",
                "line": 6, "column": 10, "end_line": 6, "end_column": 11, "offset": 86,
                "labels": [
                    {"path": "devices/acme/sales.toml", "line": 2, "column": 9, "end_line": 2, "end_column": 23,
                     "offset": 34, "text": "2 lines", "primary": false},
                    {"path": "devices/acme/sales.toml", "line": 6, "column": 10, "end_line": 6, "end_column": 11,
                     "offset": 86, "text": "no such line", "primary": true},
                ],
                "notes": [],
                "help": ["put the third account on another phone"],
            })
        );
    }

    #[test]
    fn a_whole_file_and_no_file_have_no_lines() {
        let output = parsed();
        let find = |code: &str| {
            let all = output["diagnostics"].as_array().unwrap();
            all.iter().find(|finding| finding["code"] == code).unwrap().clone()
        };
        let whole = find("file::not-utf8");
        assert_eq!((&whole["path"], &whole["line"]), (&json!("devices/acme/old.toml"), &Value::Null));
        assert_eq!(find("fleet::empty")["path"], Value::Null);
    }

    #[test]
    fn hidden_characters_survive_as_escapes() {
        let json = text(&"\u{202e}\u{9b}\u{e0041}é");
        assert_eq!(json, "\"\\u202e\\u009b\\udb40\\udc41é\"\n");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), "\u{202e}\u{9b}\u{e0041}é");
    }
}

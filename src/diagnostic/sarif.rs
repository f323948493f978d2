//! SARIF 2.1.0, the format of code scanning services.

use std::fmt::Write;

use serde_json::{Value, json};

use super::print::{NOWHERE, prose};
use super::sources::{Region, Sources};
use super::text::visible;
use super::{CODES, Code, Diagnostic, Label, Severity, fingerprint, json as line};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// One run with all codes as rules.
pub(super) fn print(found: &[Diagnostic], sources: &Sources<'_>) -> String {
    let prints = fingerprint::of_all(found);
    let results = found.iter().zip(&prints);
    let results: Vec<Value> = results.map(|(diagnostic, print)| result(diagnostic, print, sources)).collect();
    line::text(&json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "sipress",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": CODES.iter().copied().map(rule).collect::<Vec<Value>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    }))
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.name(),
        "shortDescription": {"text": code.summary()},
        "help": {"text": code.text()},
        "defaultConfiguration": {"level": level(code.severity())},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn result(diagnostic: &Diagnostic, fingerprint: &str, sources: &Sources<'_>) -> Value {
    let place = diagnostic.place();
    let others = diagnostic.labels.iter().filter(|label| !place.is_some_and(|place| std::ptr::eq(*label, place)));
    json!({
        "ruleId": diagnostic.code.name(),
        "ruleIndex": CODES.iter().position(|code| *code == diagnostic.code),
        "level": level(diagnostic.severity),
        "message": {"text": prose(diagnostic, sources)},
        "locations": [place.map_or_else(nowhere, |label| location(label, sources))],
        "relatedLocations": others.map(|label| related(label, sources)).collect::<Vec<Value>>(),
        "partialFingerprints": {"sipress/v1": fingerprint},
    })
}

fn related(label: &Label, sources: &Sources<'_>) -> Value {
    let mut location = location(label, sources);
    location["message"] = json!({"text": visible(&label.text)});
    location
}

fn location(label: &Label, sources: &Sources<'_>) -> Value {
    let mut location = file(&label.path);
    if let Some(region) = sources.locate(label) {
        location["physicalLocation"]["region"] = self::region(region);
    }
    location
}

fn nowhere() -> Value {
    file(NOWHERE)
}

fn file(path: &str) -> Value {
    json!({"physicalLocation": {"artifactLocation": {"uri": uri(path), "uriBaseId": "%SRCROOT%"}}})
}

fn region(region: Region) -> Value {
    json!({
        "startLine": region.start.line,
        "startColumn": region.start.column,
        "endLine": region.end.line,
        "endColumn": region.end.column,
    })
}

/// The path as a relative URI reference.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::samples;

    fn run() -> Value {
        let log: Value = serde_json::from_str(&print(&samples::diagnostics(), &samples::sources())).unwrap();
        assert_eq!(log["version"], "2.1.0");
        log["runs"][0].clone()
    }

    #[test]
    fn every_result_names_its_rule() {
        let run = run();
        let rules = &run["tool"]["driver"]["rules"];
        assert_eq!(rules.as_array().unwrap().len(), CODES.len());
        for result in run["results"].as_array().unwrap() {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[index]["id"], result["ruleId"]);
        }
    }

    #[test]
    fn a_result_has_its_region_and_related_places() {
        let result = run()["results"][0].clone();
        assert_eq!(
            result["locations"],
            json!([{"physicalLocation": {
                "artifactLocation": {"uri": "devices/acme/sales.toml", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 6, "startColumn": 10, "endLine": 6, "endColumn": 11},
            }}])
        );
        assert_eq!(result["relatedLocations"][0]["message"]["text"], "2 lines");
    }

    #[test]
    fn a_path_becomes_a_uri() {
        assert_eq!(uri("devices/a b/ü%:.toml"), "devices/a%20b/%C3%BC%25%3A.toml");
    }
}

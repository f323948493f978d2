//! JUnit XML, which most CI systems show as a test report: a suite a file, a case a finding; only errors fail.

use super::human;
use super::print::{NOWHERE, Options};
use super::sources::Sources;
use super::text::{visible, visible_lines};
use super::{Diagnostic, Severity};

/// The report.
pub(super) fn print(found: &[Diagnostic], sources: &Sources<'_>) -> String {
    let suites: String = found.chunk_by(|a, b| path(a) == path(b)).map(|found| suite(found, sources)).collect();
    let suites = if found.is_empty() { passed() } else { suites };
    let totals = totals(found);
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"sipress\" {totals}>\n{suites}</testsuites>\n")
}

fn totals(found: &[Diagnostic]) -> String {
    let errors = found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    format!("tests=\"{}\" failures=\"{}\" errors=\"0\"", found.len().max(1), errors.count())
}

fn passed() -> String {
    let case = "<testcase name=\"no findings\" classname=\"sipress\"/>";
    format!("  <testsuite name=\"sipress\" {}>\n    {case}\n  </testsuite>\n", totals(&[]))
}

fn suite(found: &[Diagnostic], sources: &Sources<'_>) -> String {
    let name = found.first().map_or(NOWHERE, path);
    let cases: String = found.iter().map(|diagnostic| case(diagnostic, sources)).collect();
    format!("  <testsuite name=\"{}\" {}>\n{cases}  </testsuite>\n", attribute(name), totals(found))
}

fn path(diagnostic: &Diagnostic) -> &str {
    diagnostic.place().map_or(NOWHERE, |label| &label.path)
}

fn case(diagnostic: &Diagnostic, sources: &Sources<'_>) -> String {
    let code = diagnostic.code.name();
    let file = attribute(path(diagnostic));
    let region = diagnostic.place().and_then(|label| sources.locate(label));
    let line = region.map(|region| format!(" line=\"{}\"", region.start.line)).unwrap_or_default();
    let told = content(&human::one(diagnostic, sources, Options::PLAIN));
    let outcome = match diagnostic.severity {
        Severity::Error => {
            let message = attribute(&diagnostic.message);
            format!("<failure type=\"{code}\" message=\"{message}\">{told}</failure>")
        }
        Severity::Warning | Severity::Note => format!("<system-out>{told}</system-out>"),
    };
    format!("    <testcase name=\"{code}\" classname=\"{file}\" file=\"{file}\"{line}>{outcome}</testcase>\n")
}

fn attribute(text: &str) -> String {
    escaped(&visible(text))
}

fn content(text: &str) -> String {
    escaped(&visible_lines(text))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use roxmltree::Document;

    use super::*;
    use crate::diagnostic::{Code, samples};

    #[test]
    fn only_errors_fail() {
        let xml = print(&samples::diagnostics(), &samples::sources());
        let document = Document::parse(&xml).unwrap();
        let count = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
        let found = samples::diagnostics();
        assert_eq!(count("testcase"), found.len());
        let errors = found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
        assert_eq!(count("failure"), errors);
        let first = document.descendants().find(|node| node.has_tag_name("testcase")).unwrap();
        assert_eq!(first.attribute("file"), Some("devices/acme/sales.toml"));
        assert_eq!(first.attribute("line"), Some("6"));
        let told = document.descendants().find(|node| node.has_tag_name("failure")).unwrap();
        assert!(told.text().unwrap().contains("^ no such line"));
    }

    #[test]
    fn no_findings_are_one_passed_test() {
        let xml = print(&[], &samples::sources());
        let document = Document::parse(&xml).unwrap();
        assert_eq!(document.root_element().attribute("tests"), Some("1"));
        assert_eq!(document.root_element().attribute("failures"), Some("0"));
    }

    #[test]
    fn hostile_text_stays_text() {
        let message = "</failure> ]]> \"a\" & \0 \u{ffff} \u{1b}";
        let xml = print(&[Diagnostic::new(Code::LINE_ZERO, message)], &samples::sources());
        let document = Document::parse(&xml).unwrap();
        let failure = document.descendants().find(|node| node.has_tag_name("failure")).unwrap();
        assert_eq!(failure.attribute("message"), Some(r#"</failure> ]]> "a" & \u{0} \u{ffff} \u{1b}"#));
    }
}

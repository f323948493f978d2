//! A code quality report of GitLab, which marks findings in a merge request and tells new ones from old.

use serde::Serialize;

use super::print::{NOWHERE, prose};
use super::sources::Sources;
use super::{Diagnostic, Severity, fingerprint, json};

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// The report.
pub(super) fn print(found: &[Diagnostic], sources: &Sources<'_>) -> String {
    let prints = fingerprint::of_all(found);
    let issues = found.iter().zip(prints);
    let issues: Vec<Issue> = issues.map(|(diagnostic, print)| issue(diagnostic, print, sources)).collect();
    json::text(&issues)
}

fn issue(diagnostic: &Diagnostic, fingerprint: String, sources: &Sources<'_>) -> Issue {
    Issue {
        description: prose(diagnostic, sources),
        check_name: diagnostic.code.name(),
        fingerprint,
        severity: match diagnostic.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Note => "info",
        },
        location: location(diagnostic, sources),
    }
}

/// GitLab wants a line of a file always.
fn location(diagnostic: &Diagnostic, sources: &Sources<'_>) -> Location {
    let place = diagnostic.place();
    let region = place.and_then(|label| sources.locate(label));
    let (begin, end) = region.map_or((1, 1), |region| (region.start.line, region.end.line));
    Location { path: place.map_or(NOWHERE, |label| &*label.path).to_owned(), lines: Lines { begin, end } }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::*;
    use crate::diagnostic::samples;

    #[test]
    fn every_issue_has_what_gitlab_wants() {
        let report: Value = serde_json::from_str(&print(&samples::diagnostics(), &samples::sources())).unwrap();
        let issues = report.as_array().unwrap();
        assert_eq!(issues.len(), samples::diagnostics().len());
        let prints: BTreeSet<&str> = issues.iter().filter_map(|issue| issue["fingerprint"].as_str()).collect();
        assert_eq!(prints.len(), issues.len());
        assert_eq!(issues[0]["severity"], "major");
        assert_eq!(issues[0]["location"], json!({"path": "devices/acme/sales.toml", "lines": {"begin": 6, "end": 6}}));
        let nowhere = issues.iter().find(|issue| issue["check_name"] == "fleet::empty").unwrap();
        assert_eq!(nowhere["location"], json!({"path": "devices/fleet.toml", "lines": {"begin": 1, "end": 1}}));
    }
}

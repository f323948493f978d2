//! `--format` and `--report`

use serde_json::Value;

use crate::check::with_mistakes;
use crate::fleet::Fleet;

const FORMATS: [&str; 7] = ["human", "json", "github", "gitlab", "sarif", "junit", "markdown"];

/// A fleet with findings whose texts need escapes in every format.
fn with_odd_findings() -> Fleet {
    let fleet = with_mistakes();
    fleet.write(
        "devices/acme/50% & more, <odd>:x.toml",
        "mac = \"02:ac:ce:00:00:09\"\nmodel = \"acmephone/a1\"\nlabel = \"]]> | `x`\"\n\"%0A<&>\" = 1\n",
    );
    fleet
}

#[test]
fn every_report_is_written_in_one_run() {
    let fleet = with_odd_findings();
    let reports = FORMATS.map(|format| format!("--report {format}=report.{format}"));
    let call = fleet.sipress(&format!("check {}", reports.join(" ")));
    let human = call.exit(1).any_stderr().run().stderr;
    let read = |format: &str| fleet.read(&format!("report.{format}"));

    assert!(human.starts_with(&read("human")), "as on the terminal");
    assert_eq!(json(&read("json"))["schema"], 1);
    assert_eq!(json(&read("json"))["diagnostics"].as_array().map(Vec::len), Some(3));
    github(&read("github"));
    gitlab(&json(&read("gitlab")));
    sarif(&json(&read("sarif")));
    junit(&read("junit"));
    assert!(read("markdown").contains("line::beyond-model"));
}

#[test]
fn every_report_of_a_good_fleet_is_well_formed() {
    let fleet = Fleet::small();
    let reports = FORMATS.map(|format| format!("--report {format}=report.{format}"));
    let line = format!("check -q {}", reports.join(" "));
    fleet.sipress(&line).run();
    let read = |format: &str| fleet.read(&format!("report.{format}"));
    assert_eq!(read("human"), "");
    assert_eq!(json(&read("json"))["diagnostics"], Value::Array(Vec::new()));
    assert_eq!(json(&read("gitlab")), Value::Array(Vec::new()));
    assert_eq!(json(&read("sarif"))["runs"][0]["results"], Value::Array(Vec::new()));
    roxmltree::Document::parse(&read("junit")).expect("XML");
}

#[test]
fn a_format_prints_what_a_report_holds() {
    let fleet = with_odd_findings();
    for format in FORMATS.into_iter().filter(|format| *format != "human") {
        let line = format!("check -q --format {format} --report {format}=report");
        let printed = fleet.sipress(&line).exit(1).any_stdout().run().stdout;
        assert_eq!(printed, fleet.read("report"), "{format}");
    }
}

#[test]
fn build_writes_reports_too() {
    let fleet = with_mistakes();
    let call = fleet.sipress("build --report sarif=report.sarif").exit(1);
    call.stderr_has("Nothing was written.").run();
    assert_eq!(json(&fleet.read("report.sarif"))["version"], "2.1.0");
    let fleet = Fleet::small();
    fleet.sipress("build -q --report junit=report.xml").run();
    roxmltree::Document::parse(&fleet.read("report.xml")).expect("XML");
}

#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    let fleet = Fleet::small();
    let call = fleet.sipress("check -q --report json=no/such/folder.json").exit(2);
    call.stderr_has("error: no/such/folder.json cannot be written").run();
}

#[test]
fn a_report_needs_a_format_and_a_path() {
    let fleet = Fleet::small();
    let call = fleet.sipress("check --report sarif").exit(2);
    call.stderr("error: --report sarif is not FORMAT=PATH\n  = help: such as --report sarif=findings.sarif\n").run();
    let call = fleet.sipress("check --report word=x").exit(2);
    call.stderr("error: unknown format `word`; known are human, json, github, gitlab, sarif, junit, markdown\n").run();
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Workflow commands, one a line, all else escaped.
fn github(text: &str) {
    assert_eq!(text.lines().count(), 3, "{text}");
    for line in text.lines() {
        let (command, _) = line.strip_prefix("::").and_then(|line| line.split_once("::")).expect(line);
        let (level, properties) = command.split_once(' ').expect(line);
        assert_eq!(level, "error");
        let names: Vec<&str> = properties.split(',').map(|property| property.split_once('=').expect(line).0).collect();
        assert!(names.contains(&"file") && names.contains(&"line"), "{line}");
    }
    assert!(text.contains("50%25 & more%2C <odd>%3Ax.toml"), "{text}");
}

/// A Code Quality report: what GitLab needs of each finding.
fn gitlab(report: &Value) {
    let findings = report.as_array().expect("a list");
    assert_eq!(findings.len(), 3);
    let mut prints: Vec<&str> = Vec::new();
    for found in findings {
        assert!(found["description"].is_string() && found["check_name"].is_string());
        let levels = ["info", "minor", "major", "critical", "blocker"];
        assert!(levels.contains(&found["severity"].as_str().expect("a severity")));
        assert!(found["location"]["path"].as_str().is_some_and(|path| path.starts_with("devices/")));
        assert!(found["location"]["lines"]["begin"].as_u64() >= Some(1));
        prints.push(found["fingerprint"].as_str().expect("a fingerprint"));
    }
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), 3, "fingerprints are unique");
}

fn sarif(report: &Value) {
    assert_eq!(report["version"], "2.1.0");
    let run = &report["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "sipress");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 3);
    for result in results {
        assert_eq!(result["level"], "error");
        assert!(result["message"]["text"].is_string());
        assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]));
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["region"]["startLine"].as_u64() >= Some(1));
        let uri = place["artifactLocation"]["uri"].as_str().expect("a URI");
        assert!(!uri.contains([' ', '<', '>']), "{uri}");
    }
}

fn junit(text: &str) {
    let document = roxmltree::Document::parse(text).expect("XML");
    let root = document.root_element();
    assert!(["testsuites", "testsuite"].contains(&root.tag_name().name()));
    let failures = document.descendants().filter(|node| node.has_tag_name("failure"));
    assert_eq!(failures.count(), 3);
}

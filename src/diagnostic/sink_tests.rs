//! What a policy can do, and the order of findings.

use std::sync::Arc;

use super::*;

fn at(path: &str, offset: usize, code: Code, message: &str) -> Diagnostic {
    let path: Arc<str> = path.into();
    Diagnostic::new(code, message).at(&path, offset..offset + 1, "")
}

fn report(policy: Policy, found: Vec<Diagnostic>) -> Report {
    let mut sink = Sink::new(policy);
    sink.add(found);
    sink.finish()
}

fn policy(levels: &[(&str, Level)]) -> Policy {
    let mut policy = Policy::default();
    for (name, level) in levels {
        policy.set(name, *level).unwrap();
    }
    policy
}

#[test]
fn findings_are_raised_lowered_and_dropped() {
    let policy = policy(&[("setting::ignored", Level::Deny), ("line::no-user", Level::Warn), ("extension::unused", Level::Allow)]);
    let codes = [Code::SETTING_IGNORED, Code::LINE_NO_USER, Code::EXTENSION_UNUSED, Code::FILE_UNUSED];
    let found = codes.map(|code| Diagnostic::new(code, "")).to_vec();
    let report = report(policy, found);
    let severities: Vec<(Code, Severity)> = report.diagnostics.iter().map(|found| (found.code, found.severity)).collect();
    assert_eq!(
        severities,
        [(Code::FILE_UNUSED, Severity::Warning), (Code::LINE_NO_USER, Severity::Warning), (Code::SETTING_IGNORED, Severity::Error),]
    );
    assert!(report.failed());
    assert_eq!(report.counts().to_string(), "1 error, 2 warnings");
}

#[test]
fn the_last_word_counts() {
    let policy = policy(&[("file::unused", Level::Deny), ("file::unused", Level::Allow)]);
    assert_eq!(policy.severity(Code::FILE_UNUSED), None);
}

#[test]
fn some_errors_stay_errors() {
    let mut policy = Policy::default();
    let fixed = [
        "toml::syntax",
        "vendor::bad-pack",
        "output::foreign-file",
        "template::error",
        "device::duplicate-id",
        "device::bad-mac",
        "device::id-in-two-kinds",
        "device::no-identifier",
        "device::several-identifiers",
        "device::identity-kind",
        "secret::exposed",
    ];
    for name in fixed {
        assert_eq!(policy.set(name, Level::Warn), Err(PolicyError::Fixed(Code::find(name).unwrap())));
        assert!(policy.set(name, Level::Allow).is_err());
        assert_eq!(policy.set(name, Level::Deny), Ok(()));
    }
    for name in ["device::no-customer", "device::oui-mismatch", "secret::in-clear", "file::unused"] {
        assert_eq!(policy.set(name, Level::Warn), Ok(()));
    }
    assert_eq!(PolicyError::Fixed(Code::TOML_SYNTAX).to_string(), "`toml::syntax` is always an error");
}

#[test]
fn an_unknown_code_gets_suggestions() {
    let error = |name: &str| Policy::default().set(name, Level::Deny).unwrap_err().to_string();
    assert!(error("seting::ignored").starts_with("there is no diagnostic `seting::ignored`; did you mean `setting::ignored`"));
    assert!(error("duplicate-id").contains("`device::duplicate-id`"));
    assert_eq!(error("\x1b"), "there is no diagnostic `\\u{1b}`");
}

#[test]
fn the_order_does_not_depend_on_who_came_first() {
    let sorted = vec![
        Diagnostic::new(Code::FLEET_EMPTY, "nowhere"),
        at("a.toml", 3, Code::LINE_ZERO, "x"),
        at("a.toml", 20, Code::LINE_NO_USER, "x"),
        at("a.toml", 20, Code::LINE_ZERO, "a"),
        at("a.toml", 20, Code::LINE_ZERO, "a").note("n"),
        at("a.toml", 20, Code::LINE_ZERO, "b"),
        at("b.toml", 1, Code::LINE_ZERO, "x"),
    ];
    for turn in 0..sorted.len() {
        let mut found = sorted.clone();
        found.rotate_left(turn);
        found.extend(sorted.iter().rev().cloned());
        assert_eq!(report(Policy::default(), found).diagnostics, sorted);
    }
}

#[test]
fn counts_are_told_in_words() {
    assert_eq!(Counts::default().to_string(), "no findings");
    assert_eq!(Counts { errors: 2, warnings: 1, notes: 1 }.to_string(), "2 errors, 1 warning, 1 note");
}

//! Bad inputs, each with the findings that it must give: `tests/fleets/bad/NAME.fleet` laid over `base.fleet`, `NAME.expected` beside it.
//! `SIPRESS_BLESS=1` writes what is found; read it before you keep it.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read their environment and print")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rayon::prelude::*;
use sipress::diagnostic::{Diagnostic, Sources};
use sipress::run::{Options, Project, check};
use support::{day, repository, sections, write};

#[test]
fn every_bad_input_gives_its_findings() {
    let folder = repository().join("tests/fleets/bad");
    let base = sections(&fs::read_to_string(folder.join("base.fleet")).expect("the base"));
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("the folder")
        .flatten()
        .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".fleet")?.to_owned()))
        .filter(|name| name != "base")
        .collect();
    names.sort();
    assert!(names.len() >= 100, "{} bad inputs", names.len());
    let wrong: Vec<String> = names.par_iter().filter_map(|name| mismatch(&folder, name, &base)).collect();
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), names.len(), wrong.join("\n"));
}

#[test]
fn the_base_is_good() {
    let folder = repository().join("tests/fleets/bad");
    let base = sections(&fs::read_to_string(folder.join("base.fleet")).expect("the base"));
    assert_eq!(found(&base), Vec::<String>::new());
}

fn mismatch(folder: &Path, name: &str, base: &BTreeMap<String, String>) -> Option<String> {
    let mut files = base.clone();
    files.extend(sections(&fs::read_to_string(folder.join(format!("{name}.fleet"))).expect("the input")));
    let found = found(&files);
    let place = folder.join(format!("{name}.expected"));
    let expected: Vec<String> = fs::read_to_string(&place).unwrap_or_default().lines().map(str::to_owned).collect();
    if found == expected {
        return None;
    }
    if std::env::var_os("SIPRESS_BLESS").is_some() {
        fs::write(&place, found.iter().map(|line| format!("{line}\n")).collect::<String>()).expect("the expectation");
    }
    let missing = expected.iter().filter(|line| !found.contains(line)).map(|line| format!("    - {line}"));
    let extra = found.iter().filter(|line| !expected.contains(line)).map(|line| format!("    + {line}"));
    Some(format!("  {name}\n{}", missing.chain(extra).collect::<Vec<_>>().join("\n")))
}

/// The findings of a fleet, without the note that its key is public.
fn found(files: &BTreeMap<String, String>) -> Vec<String> {
    let root = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        write(root.path(), path, text);
    }
    let project = Project::open(root.path());
    let options = Options { as_of: day(), key: None, overrides: Vec::new() };
    let checked = check(&project, &options, &|_| {});
    let sources = project.sources();
    checked.report.diagnostics.iter().filter(|found| found.code.name() != "secret::demo-key").map(|found| told(found, &sources)).collect()
}

fn told(found: &Diagnostic, sources: &Sources<'_>) -> String {
    let severity = format!("{:?}", found.severity).to_lowercase();
    let place = found.place().map_or_else(
        || "-".to_owned(),
        |label| {
            let (line, column) = sources.locate(label).map_or((1, 1), |region| (region.start.line, region.start.column));
            format!("{}:{line}:{column}", label.path)
        },
    );
    format!("{severity} {} {place}", found.code.name())
}

//! `check`

use serde_json::{Map, Value};

use super::args::{Check, Findings, Global};
use super::output::{Exit, Output, count};
use super::progress::Progress;
use super::setup;
use crate::diagnostic::sink::Report;
use crate::diagnostic::{self, Diagnostic, Format, Sources};
use crate::run::{Project, check};

pub fn run(global: &Global, own: &Check, output: &Output) -> Exit {
    attempt(global, own, output).unwrap_or_else(|exit| exit)
}

fn attempt(global: &Global, own: &Check, output: &Output) -> Result<Exit, Exit> {
    let started = std::time::Instant::now();
    let root = setup::root(global, output)?;
    let options = setup::options(&own.findings, None, output)?;
    let reports = reports(&own.findings, output)?;
    let project = Project::open(&root);
    setup::say_inputs(&project, output);
    let progress = Progress::new(output, project.tree.devices_count());
    let checked = check(&project, &options, &|step| progress.step(step));
    progress.finish();
    if let Some(problem) = checked.problems.first() {
        return Err(output.fail(problem, ""));
    }
    let sources = project.sources();
    tell(&checked.report, &own.findings, &reports, &sources, output, !output.quiet)?;
    output.say(&summary(&checked.report, checked.devices, started.elapsed()));
    Ok(if checked.report.failed() { Exit::Errors } else { Exit::Done })
}

/// Prints findings, with their notes or without, and writes the reports with all.
pub fn tell(
    report: &Report,
    findings: &Findings,
    reports: &[(Format, String)],
    sources: &Sources<'_>,
    output: &Output,
    notes: bool,
) -> Result<(), Exit> {
    tell_with(report, findings, reports, sources, output, notes, &Map::new())
}

/// The same with more members in the result for programs.
pub fn tell_with(
    report: &Report,
    findings: &Findings,
    reports: &[(Format, String)],
    sources: &Sources<'_>,
    output: &Output,
    notes: bool,
    more: &Map<String, Value>,
) -> Result<(), Exit> {
    let quiet = !notes && findings.format == Format::Human;
    let shown: Vec<Diagnostic> =
        report.diagnostics.iter().filter(|found| !quiet || found.severity != diagnostic::Severity::Note).cloned().collect();
    match findings.format {
        Format::Json => _ = output.result(&diagnostic::print_json(&shown, sources, more)),
        format => output.findings(format, &shown, sources),
    }
    for (format, path) in reports {
        let text = diagnostic::print(*format, &report.diagnostics, sources, diagnostic::Options::PLAIN);
        if let Err(error) = std::fs::write(path, text) {
            return Err(output.fail(&format!("{path} cannot be written: {error}"), ""));
        }
    }
    Ok(())
}

/// `FORMAT=PATH` of each --report.
pub fn reports(findings: &Findings, output: &Output) -> Result<Vec<(Format, String)>, Exit> {
    let parsed = findings.report.iter().map(|report| {
        let (format, path) = report
            .split_once('=')
            .ok_or_else(|| output.fail(&format!("--report {report} is not FORMAT=PATH"), "such as --report sarif=findings.sarif"))?;
        Ok((format.parse().map_err(|error: diagnostic::UnknownFormat| output.fail(&error.to_string(), ""))?, path.to_owned()))
    });
    parsed.collect()
}

/// The last line: how many findings in how many devices.
pub fn summary(report: &Report, devices: usize, took: std::time::Duration) -> String {
    let counts = report.counts();
    let more = report
        .diagnostics
        .iter()
        .find(|found| found.severity == diagnostic::Severity::Error)
        .map_or(String::new(), |found| format!("  `sipress explain {}` tells more.", found.code.name()));
    let found = if report.diagnostics.is_empty() { "nothing to complain of".to_owned() } else { counts.to_string() };
    format!("{found} in {} ({:.2} s).{more}", count(devices as u64, "device"), took.as_secs_f64())
}

//! `build`

use super::args::{Build, Findings, Global, Merge};
use super::output::{Exit, Output, count, size};
use super::progress::Progress;
use super::{check, setup, show, timings, why};
use crate::diagnostic::sink::Report;
use crate::diagnostic::{Format, visible};
use crate::run::{Built, Failure, Project, Request, Selection, Shard, build, merge};
use crate::write::WriteError;

pub fn run(global: &Global, own: &Build, output: &Output) -> Exit {
    attempt(global, own, output).unwrap_or_else(|exit| exit)
}

fn attempt(global: &Global, own: &Build, output: &Output) -> Result<Exit, Exit> {
    let started = std::time::Instant::now();
    let root = setup::root(global, output)?;
    let key = setup::key(&own.key, &root, output)?;
    let options = setup::options(&own.findings, key, output)?;
    let reports = check::reports(&own.findings, output)?;
    let selection = selection(own, output)?;
    let out = own.out.clone().unwrap_or_else(|| match &selection {
        Selection::Shard(shard) => root.join(format!("parts/{}-of-{}", shard.index, shard.of)),
        Selection::All | Selection::Only(_) => root.join("out"),
    });
    let project = Project::open(&root);
    setup::say_inputs(&project, output);
    let progress = Progress::new(output, project.tree.devices_count());
    let request = Request { selection, timings: own.timings, why: own.why.clone() };
    let result = build(&project, &options, &request, &out, &|step| progress.step(step));
    progress.finish();
    End { project: &project, findings: &own.findings, reports: &reports, out: &out, started, output, why: own.why.as_deref() }.of(result)
}

/// What is to be built.
fn selection(own: &Build, output: &Output) -> Result<Selection, Exit> {
    let Some(shard) = &own.shard else {
        return Ok(if own.only.is_empty() { Selection::All } else { Selection::Only(own.only.clone()) });
    };
    let parsed = if shard == "auto" { setup::own_shard() } else { Shard::parse(shard) };
    parsed.map(Selection::Shard).ok_or_else(|| match shard.as_str() {
        "auto" => output.fail(
            "nothing says which part this is",
            "auto reads JOB_COMPLETION_INDEX with SIPRESS_SHARDS (Kubernetes), CI_NODE_INDEX and CI_NODE_TOTAL (GitLab), CIRCLE_NODE_INDEX and CIRCLE_NODE_TOTAL",
        ),
        _ => output.fail(&format!("\"{}\" is no part", visible(shard)), "the second of five is 2/5"),
    })
}

/// `merge`
pub fn merge_parts(global: &Global, own: &Merge, output: &Output) -> Exit {
    let started = std::time::Instant::now();
    let attempt = || {
        let root = setup::root(global, output)?;
        let key = setup::key(&own.key, &root, output)?;
        let options = setup::options(&own.findings, key, output)?;
        let reports = check::reports(&own.findings, output)?;
        let out = own.out.clone().unwrap_or_else(|| root.join("out"));
        let project = Project::open(&root);
        let result = merge(&project, &options, &own.parts, &out);
        End { project: &project, findings: &own.findings, reports: &reports, out: &out, started, output, why: None }.of(result)
    };
    attempt().unwrap_or_else(|exit| exit)
}

/// How a build or a merge ends.
struct End<'e> {
    project: &'e Project,
    findings: &'e Findings,
    reports: &'e [(Format, String)],
    out: &'e std::path::Path,
    started: std::time::Instant,
    output: &'e Output,
    /// The device that is asked about.
    why: Option<&'e str>,
}

impl End<'_> {
    fn of(&self, result: Result<Built, Failure>) -> Result<Exit, Exit> {
        let End { project, findings, reports, out, started, output, .. } = *self;
        let sources = project.sources();
        match result {
            Ok(built) => {
                check::tell_with(&built.report, findings, reports, &sources, output, false, &more(&built))?;
                tell(&built, project, out, started, output);
                asked(&built, findings.format, output);
                Ok(Exit::Done)
            }
            Err(Failure::Errors(report, devices)) => {
                check::tell(&report, findings, reports, &sources, output, false)?;
                output.say(&check::summary(&report, devices, started.elapsed()));
                output.say("Nothing was written.");
                Ok(Exit::Errors)
            }
            Err(Failure::NoKey) => Err(output.fail(
                "there is no key to derive passwords from",
                "set SIPRESS_KEY to 64 hexadecimal digits, or name a file with --key-file; `openssl rand -hex 32` makes a key",
            )),
            Err(Failure::Overrides(problems)) => Err(output.fail(&problems.join("; "), "")),
            Err(Failure::Device(missing)) => Err(show::lost(&missing, self.why.unwrap_or_default(), project, output)),
            Err(Failure::Selection(problem) | Failure::Parts(problem)) => Err(output.fail(&visible(&problem), "")),
            Err(Failure::Output(WriteError::Refused(found))) => {
                let found: Vec<_> =
                    found.into_iter().map(|found| found.help("move the file away, or build into another folder with --out")).collect();
                check::tell(&Report { diagnostics: found }, findings, reports, &sources, output, false)?;
                output.say("Nothing was written.");
                Ok(Exit::Errors)
            }
            Err(Failure::Output(WriteError::Io(error))) => {
                output.fail(&error.to_string(), "check the folder's permissions and the free space; a retry is safe");
                Ok(Exit::Outside)
            }
        }
    }
}

/// What was asked beyond the findings, as members of the result for programs.
fn more(built: &Built) -> serde_json::Map<String, serde_json::Value> {
    let why = built.why.as_ref().map(|why| ("why".to_owned(), why::json(why)));
    let timings = built.timings.as_ref().map(|timings| ("timings".to_owned(), timings::json(timings)));
    why.into_iter().chain(timings).collect()
}

/// The same for people: why a device was made is a result, where the time went is not.
fn asked(built: &Built, format: Format, output: &Output) {
    if let Some(why) = built.why.as_ref().map(why::text) {
        match format {
            Format::Human => _ = output.result(&why),
            Format::Json => {}
            _ => output.tell(why.trim_end()),
        }
    }
    if let Some(timings) = built.timings.as_ref().filter(|_| format != Format::Json) {
        output.tell(timings::table(timings).trim_end());
    }
}

fn tell(built: &Built, project: &Project, out: &std::path::Path, started: std::time::Instant, output: &Output) {
    let summary = &built.summary;
    let files = summary.new + summary.changed + summary.unchanged;
    let root = &built.root.root[..12];
    let seconds = started.elapsed().as_secs_f64();
    if summary.new + summary.changed + summary.removed == 0 {
        output.status("Unchanged", &format!("{}, {}      root {root}", count(built.devices as u64, "device"), count(files, "file")));
        return output.say(&format!("{:>10}  {seconds:.2} s", "Done in"));
    }
    let customers = built.root.customers.keys().filter(|name| *name != crate::resolve::STOCK).count();
    output.status(
        "Loaded",
        &format!(
            "{}, {}, {}",
            count(customers as u64, "customer"),
            count(built.devices as u64, "device"),
            count(project.packs.ids().count() as u64, "vendor pack")
        ),
    );
    let found = built.report.counts();
    if found.notes + found.warnings > 0 {
        output.status("Checked", &format!("{found}      (`sipress check` tells all)"));
    }
    let mut parts = vec![format!("{} new", summary.new)];
    parts.extend(
        [("changed", summary.changed), ("unchanged", summary.unchanged), ("removed", summary.removed)]
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(word, count)| format!("{count} {word}")),
    );
    output.status(
        "Written",
        &format!(
            "{} files, {} → {}      ({})",
            summary.new + summary.changed,
            size(summary.bytes),
            out.join("site").display(),
            parts.join(", ")
        ),
    );
    output.status("Manifest", &format!("root {root}   as of {}", built.root.as_of));
    if built.demo {
        output.say("            demo key: these passwords are public, run `sipress init` for a fleet of your own");
    }
    output.say(&format!("\n  Done in {seconds:.2} s.  Next: sipress show DEVICE · sipress explain DEVICE"));
}

//! The whole compile: all units, all findings, then the site, or nothing.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use bumpalo::Bump;
use rayon::prelude::*;

use super::customer::Customers;
use super::inspect::{Missing, find};
use super::note;
use super::part::Part;
use super::select::Selection;
use super::timings::{Clock, Timings};
use super::why::{Question, Why};
use super::{Options, Progress, Project, Step, git, policy};
use crate::compile::{Context, Outcome};
use crate::diagnostic::sink::{Report, Sink};
use crate::diagnostic::{Code, Diagnostic};
use crate::vendor::time;
use crate::write::{Output, Root, Stamp, Summary, WriteError};

/// A build that came to its end.
pub struct Built {
    /// The findings, none of them an error.
    pub report: Report,
    /// What was done to the site.
    pub summary: Summary,
    /// The manifest's root.
    pub root: Root,
    /// Devices.
    pub devices: usize,
    /// Whether the passwords come from the fleet's demo key.
    pub demo: bool,
    /// Where the time went, where that was asked.
    pub timings: Option<Timings>,
    /// What was done for the device that was asked about.
    pub why: Option<Why>,
}

/// What is wanted of a build.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Which customers.
    pub selection: Selection,
    /// Whether to measure.
    pub timings: bool,
    /// A device to explain.
    pub why: Option<String>,
}

/// A build that changed nothing.
pub enum Failure {
    /// The fleet has errors.
    Errors(Report, usize),
    /// There is no key to derive passwords from.
    NoKey,
    /// An override means nothing or is not allowed.
    Overrides(Vec<String>),
    /// What is to be built means nothing, or does not fit into the output folder.
    Selection(String),
    /// Parts do not make a whole.
    Parts(String),
    /// The device that is asked about cannot be told.
    Device(Missing),
    /// The output folder forbids it.
    Output(WriteError),
}

/// Builds the site of a fleet below `out`.
pub fn build(project: &Project, options: &Options, request: &Request, out: &Path, progress: Progress<'_>) -> Result<Built, Failure> {
    let clock = request.timings.then(|| Clock::new(project.walked));
    let step = |name| clock.iter().for_each(|clock| clock.step(name));
    let selection = &request.selection;
    let arena = Bump::new();
    let mut diagnostics = Vec::new();
    #[expect(clippy::disallowed_methods, reason = "tells files that changed during the build; no byte depends on it")]
    let started = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as i128);
    let context = project.context(&arena, options, &mut diagnostics);
    if options.key.is_none() && context.fleet.demo_key.is_none() {
        return Err(Failure::NoKey);
    }
    let units = project.units();
    let chosen = selection.choose(&context, &units).map_err(Failure::Selection)?;
    let part = match selection {
        Selection::Shard(shard) => Some(Part::of(*shard, project, &context).map_err(|error| Failure::Output(error.into()))?),
        Selection::All | Selection::Only(_) => None,
    };
    fits(out, part.as_ref())?;
    let found = request.why.as_ref().map(|name| find(&context, &units, name)).transpose().map_err(Failure::Device)?;
    let output = Output::open(out, || progress(Step::Waiting)).map_err(Failure::Output)?;
    progress(Step::Loaded { customers: context.customers.len(), packs: project.packs.ids().count() });
    let question = found.map(|found| Question::ask(found, project, &context, &units, &chosen, &output, out));
    let shared = Customers::new(project, &context, &output, started, clock.as_ref(), question.as_ref());
    step("fleet");
    let customers = || -> std::io::Result<Vec<Outcome>> {
        let chosen = units.par_iter().zip(&chosen).filter(|(_, chosen)| **chosen);
        let outcomes = chosen.map(|(unit, _)| {
            let outcome = shared.make(unit)?;
            progress(Step::Unit { customer: &unit.customer, devices: outcome.devices, kept: output.is_kept(&unit.customer) });
            Ok(outcome)
        });
        let outcomes = outcomes.collect();
        step("customers");
        outcomes
    };
    let (outcomes, commit) = rayon::join(customers, || match &clock {
        Some(clock) => clock.beside("git", || git::commit(project)),
        None => git::commit(project),
    });
    let mut outcomes = outcomes.map_err(|error| Failure::Output(error.into()))?;
    step("git");
    if matches!(selection, Selection::Only(_)) {
        outcomes.extend(others(&output, &outcomes)?);
        outcomes.sort_by(|left, right| left.customer.cmp(&right.customer));
    }
    let (commit, dirty) = commit.map_or((None, false), |(commit, dirty)| (Some(commit), dirty));
    let stamp = Stamp { as_of: context.as_of.to_string(), commit, dirty, tzdata: time::tzdata_version().to_owned() };
    let whole = *selection == Selection::All;
    let kept = question.as_ref().is_some_and(|question| question.is_kept(&output));
    let (report, devices) = judge(project, &context, options, &outcomes, diagnostics, whole)?;
    step("rules");
    let mut built = commit_site(output, options, &stamp, report, devices)?;
    if let Some(part) = part {
        part.write(out).map_err(|error| Failure::Output(error.into()))?;
    }
    step("commit");
    built.timings = clock.map(Clock::read);
    built.why = question.map(|question| question.answer(&context, &units, &built.root, out, kept));
    Ok(built)
}

/// A part goes into a folder of its own, and a whole not into the folder of a part: what the other has would be taken away.
fn fits(out: &Path, part: Option<&Part>) -> Result<(), Failure> {
    let there = Part::read(out).map_err(Failure::Selection)?;
    let is_built = out.join(crate::write::ROOT_FILE).exists();
    match (part, &there) {
        (Some(part), Some(there)) if (part.of, part.shard) != (there.of, there.shard) => {
            Err(Failure::Selection(format!("{} holds part {}/{}; name another folder with --out", out.display(), there.shard, there.of)))
        }
        (Some(_), None) if is_built => {
            Err(Failure::Selection(format!("{} holds a whole fleet; name another folder with --out", out.display())))
        }
        (None, Some(there)) => Err(Failure::Selection(format!(
            "{} holds part {}/{}; `sipress merge` joins parts, --out names another folder",
            out.display(),
            there.shard,
            there.of
        ))),
        _ => Ok(()),
    }
}

/// The customers that are not built, left as the last build made them.
fn others(output: &Output, built: &[Outcome]) -> Result<Vec<Outcome>, Failure> {
    let before = output.previous().map(|root| root.customers.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    let mut kept = Vec::new();
    for customer in before.iter().filter(|customer| !built.iter().any(|outcome| outcome.customer == **customer)) {
        match note::kept(output, customer).map_err(|error| Failure::Output(error.into()))? {
            Some(outcome) => kept.push(Outcome { diagnostics: Vec::new(), ..outcome }),
            None => {
                return Err(Failure::Selection(format!(
                    "the files of {customer} are not as this version of sipress left them; build it too, or everything"
                )));
            }
        }
    }
    Ok(kept)
}

/// The rules that cross customers: the findings, none of them an error, and the number of devices. `whole` tells that no customer
/// was left out.
pub(super) fn judge(
    project: &Project,
    context: &Context<'_>,
    options: &Options,
    outcomes: &[Outcome],
    diagnostics: Vec<Diagnostic>,
    whole: bool,
) -> Result<(Report, usize), Failure> {
    let (policy, problems) = policy(&context.fleet.policy.diagnostics, &options.overrides);
    if !problems.is_empty() {
        return Err(Failure::Overrides(problems));
    }
    let devices = outcomes.iter().map(|outcome| outcome.devices).sum();
    let mut sink = Sink::new(policy);
    let mut found = project.findings(context, outcomes, diagnostics);
    found.retain(|found| whole || ![Code::FLEET_EMPTY, Code::FILE_UNUSED].contains(&found.code));
    sink.add(found);
    let report = sink.finish();
    if report.failed() {
        return Err(Failure::Errors(report, devices));
    }
    Ok((report, devices))
}

/// The site as the output has it.
pub(super) fn commit_site(output: Output, options: &Options, stamp: &Stamp, report: Report, devices: usize) -> Result<Built, Failure> {
    let (summary, root) = output.commit(stamp).map_err(Failure::Output)?;
    Ok(Built { report, summary, root, devices, demo: options.key.is_none(), timings: None, why: None })
}

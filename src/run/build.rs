//! The whole compile: all units, all findings, then the site, or nothing.

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bumpalo::Bump;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Options, Progress, Project, Step, fingerprint, git, policy};
use crate::compile::{Context, Identified, Ignored, OutFile, Outcome, Sink as FileSink, compile};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::sink::{Report, Sink};
use crate::resolve::Unit;
use crate::vendor::time;
use crate::write::{Meta, OutPath, Output, Root, Stamp, Summary, UnitWriter, WriteError};

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
}

/// A build that changed nothing.
pub enum Failure {
    /// The fleet has errors.
    Errors(Report, usize),
    /// There is no key to derive passwords from.
    NoKey,
    /// An override means nothing or is not allowed.
    Overrides(Vec<String>),
    /// The output folder forbids it.
    Output(WriteError),
}

/// What is remembered of a unit.
#[derive(Serialize, Deserialize)]
struct Note {
    fingerprint: [u8; 32],
    /// A file changed so shortly before the build that a later change could have the same stamp.
    racy: bool,
    diagnostics: Vec<Diagnostic>,
    identified: Vec<Identified>,
    ignored: Vec<Ignored>,
    devices: usize,
    paths: Vec<String>,
}

/// Builds the site of a fleet below `out`.
pub fn build(project: &Project, options: &Options, out: &Path, progress: Progress<'_>) -> Result<Built, Failure> {
    let arena = Bump::new();
    let mut diagnostics = Vec::new();
    #[expect(clippy::disallowed_methods, reason = "tells files that changed during the build; no byte depends on it")]
    let started = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as i128);
    let context = project.context(&arena, options, &mut diagnostics);
    if options.key.is_none() && context.fleet.demo_key.is_none() {
        return Err(Failure::NoKey);
    }
    let (policy, problems) = policy(&context.fleet.policy.diagnostics, &options.overrides);
    if !problems.is_empty() {
        return Err(Failure::Overrides(problems));
    }
    let output = Output::open(out, || progress(Step::Waiting)).map_err(Failure::Output)?;
    let units = project.units();
    progress(Step::Loaded { customers: context.customers.len(), packs: project.packs.ids().count() });
    let shared = fingerprint::shared(project, &context);
    let outcomes: Result<Vec<Outcome>, std::io::Error> = units
        .par_iter()
        .map(|unit| {
            let outcome = one(&context, unit, &output, &shared, started)?;
            progress(Step::Unit { devices: outcome.devices });
            Ok(outcome)
        })
        .collect();
    let outcomes = outcomes.map_err(|error| Failure::Output(error.into()))?;
    let devices = outcomes.iter().map(|outcome| outcome.devices).sum();
    let mut sink = Sink::new(policy);
    sink.add(project.findings(&context, &outcomes, diagnostics));
    let report = sink.finish();
    if report.failed() {
        return Err(Failure::Errors(report, devices));
    }
    let (commit, dirty) = git::commit(&project.root).map_or((None, false), |(commit, dirty)| (Some(commit), dirty));
    let stamp = Stamp { as_of: context.as_of.to_string(), commit, dirty, tzdata: time::tzdata_version().to_owned() };
    let (summary, root) = output.commit(&stamp).map_err(Failure::Output)?;
    Ok(Built { report, summary, root, devices, demo: options.key.is_none() })
}

const TICK: i128 = 20_000_000;

fn one(context: &Context<'_>, unit: &Unit<'_>, output: &Output, shared: &[u8; 32], started: i128) -> std::io::Result<Outcome> {
    let (fingerprint, latest) = fingerprint::of_unit(shared, unit);
    if let Some(last) = output.last(&unit.customer)?
        && let Ok(note) = postcard::from_bytes::<Note>(last.note())
        && note.fingerprint == fingerprint
        && !note.racy
        && last.keep()?
    {
        let Note { diagnostics, identified, ignored, devices, paths, .. } = note;
        return Ok(Outcome { customer: unit.customer.clone(), diagnostics, identified, ignored, devices, paths });
    }
    let mut files = Files { writer: output.unit(&unit.customer)?, words: Vec::new() };
    let outcome = compile(context, unit, &mut files)?;
    let note = Note {
        fingerprint,
        racy: latest > started - TICK,
        diagnostics: outcome.diagnostics.clone(),
        identified: outcome.identified.clone(),
        ignored: outcome.ignored.clone(),
        devices: outcome.devices,
        paths: outcome.paths.clone(),
    };
    files.writer.finish(outcome.devices as u64, &postcard::to_stdvec(&note).unwrap_or_default())?;
    Ok(outcome)
}

struct Files<'o> {
    writer: UnitWriter<'o>,
    words: Vec<Arc<str>>,
}

impl Files<'_> {
    /// One copy of each word that many files share.
    fn word(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.words.iter().find(|known| &***known == text) {
            return known.clone();
        }
        let word: Arc<str> = text.into();
        self.words.push(word.clone());
        word
    }
}

impl FileSink for Files<'_> {
    fn take(&mut self, file: &OutFile<'_>, bytes: &[u8]) -> std::io::Result<()> {
        let path = OutPath::new(&file.path).map_err(std::io::Error::other)?;
        let meta = Meta {
            cache_control: self.word(file.cache_control()),
            content_type: self.word(file.content_type),
            device: file.device.as_deref().map(Arc::from),
            kind: self.word(file.kind),
            sensitivity: file.sensitivity,
        };
        self.writer.put(&path, bytes, meta)
    }
}

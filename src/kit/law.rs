//! The law: what a table writes reads back to the settings that it was made from.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use bumpalo::Bump;
use rayon::prelude::*;

use crate::compile::Worker;
use crate::diagnostic::{Diagnostic, Severity};
use crate::render::{Rendered, render_table};
use crate::run::{Options, Project};
use crate::secret::FleetKey;
use crate::vendor::Trouble;

/// What holding a fleet against the law gave.
#[derive(Default)]
pub struct Verdict {
    /// Devices looked at.
    pub devices: usize,
    /// Files read back.
    pub files: usize,
    /// Settings that read back equal.
    pub settings: usize,
    /// What could not be told: the settings, and why.
    pub refused: BTreeSet<(String, String)>,
    /// Where the law is broken: what is wrong, how often, and a device.
    pub broken: BTreeMap<String, (usize, String)>,
    /// Findings of the compiler, by code: the worst severity, how often, and one of them.
    pub findings: BTreeMap<&'static str, (Severity, usize, String)>,
}

/// Renders every file of every device of a fleet and reads it back.
pub fn hold(project: &Project, as_of: jiff::civil::Date) -> Verdict {
    let options = Options { as_of, key: Some(FleetKey::placeholder()), overrides: Vec::new() };
    let arena = Bump::new();
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let context = project.context(&arena, &options, &mut diagnostics);
    let verdict = Mutex::new(Verdict::default());
    project.units().par_iter().for_each(|unit| {
        let arena = Bump::new();
        let mut found = Vec::new();
        let docs = unit.read(context.tree, &context.fleet, &arena, &mut found);
        let mut worker = Worker::new(&context, unit, &docs, &arena);
        let mut own = Verdict::default();
        let mut rendered = Rendered::default();
        for (doc, place) in &docs.devices {
            let Some(compiled) = worker.resolve(doc, *place) else { continue };
            own.devices += 1;
            let _ = worker.render(&compiled, &mut rendered, &mut ());
            let files = compiled.plan.files.iter().filter(|file| file.is_table() && compiled.plan.has_file(file, &compiled.device));
            for file in files {
                let name = file.name(&compiled.id.to_string(), &unit.customer);
                let mut device = compiled.device.clone();
                device.raw.clear();
                render_table(&compiled.plan, file, &device, &name, &mut rendered);
                for problem in &rendered.evaluation.problems {
                    if let Trouble::Unspellable(why) | Trouble::CannotCarry(why) = &problem.kind {
                        let settings: Vec<&str> = problem.settings.iter().map(|(name, _)| name.as_str()).collect();
                        own.refused.insert((settings.join(", "), why.clone()));
                    }
                }
                let text = String::from_utf8_lossy(&rendered.bytes);
                let back = compiled.plan.read_back(file, &device, &name, &rendered.evaluation.values, &text);
                own.files += 1;
                own.settings += back.findings.len();
                for violation in back.violations {
                    own.broken.entry(format!("{}: {violation}", compiled.plan.model.id)).or_insert_with(|| (0, doc.path.to_string())).0 +=
                        1;
                }
            }
        }
        worker.diagnostics.extend(found);
        for found in &worker.diagnostics {
            note(&mut own.findings, found.code.name(), found.severity, 1, || format!("{} {:?}", found.message, found.notes));
        }
        let Ok(mut all) = verdict.lock() else { return };
        all.devices += own.devices;
        all.files += own.files;
        all.settings += own.settings;
        all.refused.extend(own.refused);
        for (what, (count, place)) in own.broken {
            all.broken.entry(what).or_insert((0, place)).0 += count;
        }
        for (code, (severity, count, message)) in own.findings {
            note(&mut all.findings, code, severity, count, || message);
        }
    });
    verdict.into_inner().unwrap_or_default()
}

type Findings = BTreeMap<&'static str, (Severity, usize, String)>;

fn note(findings: &mut Findings, code: &'static str, severity: Severity, count: usize, message: impl FnOnce() -> String) {
    let known = findings.entry(code).or_insert_with(|| (severity, 0, message()));
    known.0 = known.0.min(severity);
    known.1 += count;
}

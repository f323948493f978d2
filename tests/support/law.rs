//! The law: what a table writes reads back to the settings that it was made from.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use bumpalo::Bump;
use rayon::prelude::*;
use sipress::compile::Worker;
use sipress::diagnostic::Diagnostic;
use sipress::render::{Rendered, render_table};
use sipress::run::{Options, Project};
use sipress::secret::FleetKey;

/// What holding a fleet against the law gave.
#[derive(Default)]
pub struct Verdict {
    /// Devices looked at.
    pub devices: usize,
    /// Files read back.
    pub files: usize,
    /// Settings that read back equal.
    pub settings: usize,
    /// Where the law is broken: what is wrong, how often, and a device.
    pub broken: BTreeMap<String, (usize, String)>,
    /// Findings of the compiler, by code.
    pub findings: BTreeMap<&'static str, (usize, String)>,
}

/// Renders every file of every device of a fleet and reads it back.
pub fn hold(root: &Path) -> Verdict {
    let project = Project::open(root);
    let options = Options { as_of: super::day(), key: Some(FleetKey::placeholder()), overrides: Vec::new(), commit: None };
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
            for file in compiled.plan.files.iter().filter(|file| file.is_table()) {
                let name = file.name(&compiled.id.to_string(), &unit.customer);
                let mut device = compiled.device.clone();
                device.raw.clear();
                render_table(&compiled.plan, file, &device, &name, &mut rendered);
                let text = String::from_utf8(rendered.bytes.clone()).expect("files are UTF-8");
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
            own.findings.entry(found.code.name()).or_insert_with(|| (0, format!("{} {:?}", found.message, found.notes))).0 += 1;
        }
        let mut all = verdict.lock().expect("nobody panics");
        all.devices += own.devices;
        all.files += own.files;
        all.settings += own.settings;
        for (what, (count, place)) in own.broken {
            all.broken.entry(what).or_insert((0, place)).0 += count;
        }
        for (code, (count, message)) in own.findings {
            all.findings.entry(code).or_insert((0, message)).0 += count;
        }
    });
    verdict.into_inner().expect("nobody panics")
}

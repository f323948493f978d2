//! A fleet, loaded: what all commands begin with.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bumpalo::Bump;
use rayon::prelude::*;

use super::timings::timed;
use super::{Options, Progress, Step, policy};
use crate::asset::Store;
use crate::check;
use crate::compile::{Context, Outcome, Plans, compile};
use crate::diagnostic::sink::{Report, Sink};
use crate::diagnostic::{Code, Diagnostic, Sources};
use crate::load::{MAX_BYTES, Tree};
use crate::render::Templates;
use crate::resolve::{Fleet, Layout, Unit};
use crate::secret::FleetKey;
use crate::settings::FileId;
use crate::vendor::{PackSource, Packs};

/// A fleet's files and packs.
pub struct Project {
    /// Its root: the folder that holds `devices/`.
    pub root: PathBuf,
    /// What is below `devices/`.
    pub tree: Tree,
    /// The packs, its own included.
    pub packs: Packs,
    /// Its own packs' files.
    pub own_packs: Vec<PackSource>,
    /// How long it took to find them.
    pub walked: Duration,
    own_diagnostics: Vec<Diagnostic>,
}

/// What a check found.
pub struct Checked {
    /// The findings, sorted, after all overrides.
    pub report: Report,
    /// Devices looked at.
    pub devices: usize,
    /// Overrides that mean nothing or are not allowed.
    pub problems: Vec<String>,
}

impl Project {
    /// Walks a fleet.
    pub fn open(root: &Path) -> Project {
        let (project, walked) = timed(|| {
            let mut own_diagnostics = Vec::new();
            let mut own_packs = Vec::new();
            read_packs(root, &root.join("vendors"), "vendors", &mut own_packs, &mut own_diagnostics);
            Project { own_diagnostics, ..Project::with_packs(root, own_packs) }
        });
        Project { walked, ..project }
    }

    /// A fleet with these packs beside those of the binary, in the place of its own.
    pub fn with_packs(root: &Path, own_packs: Vec<PackSource>) -> Project {
        let tree = Tree::walk(root);
        Project {
            root: root.to_owned(),
            tree,
            packs: Packs::new(own_packs.clone()),
            own_packs,
            walked: Duration::ZERO,
            own_diagnostics: Vec::new(),
        }
    }

    /// What all units share.
    pub fn context<'g>(&'g self, arena: &'g Bump, options: &Options, diagnostics: &mut Vec<Diagnostic>) -> Context<'g> {
        diagnostics.extend(self.tree.diagnostics.iter().cloned());
        diagnostics.extend(self.own_diagnostics.iter().cloned());
        let fleet = Fleet::load(&self.tree, arena, diagnostics);
        let key =
            options.key.as_ref().map(FleetKey::copy).or_else(|| FleetKey::parse(fleet.demo_key?)).unwrap_or_else(FleetKey::placeholder);
        let mut files = self.tree.files.clone();
        let mut pack_files: HashMap<Arc<str>, FileId> = HashMap::new();
        for id in self.packs.ids() {
            for source in self.packs.files(id).iter().filter(|source| source.path.ends_with(".toml")) {
                pack_files.insert(source.path.clone(), files.add(source.path.clone()));
            }
        }
        let customers = self.units().into_iter().filter(|unit| !unit.is_stock).map(|unit| unit.customer).collect();
        Context {
            tree: &self.tree,
            fleet,
            packs: &self.packs,
            pack_files,
            files,
            key,
            as_of: options.as_of,
            customers,
            plans: Plans::default(),
            templates: Templates::default(),
            assets: Store::default(),
        }
    }

    /// Whether the fleet has a committed key for demonstrations.
    pub fn has_demo_key(&self) -> bool {
        let text = std::fs::read_to_string(self.root.join("devices/fleet.toml")).unwrap_or_default();
        text.parse::<toml::Table>().is_ok_and(|table| table.contains_key("demo_key"))
    }

    /// The units of work.
    pub fn units(&self) -> Vec<Unit<'_>> {
        Unit::all(&self.tree)
    }

    /// Texts of files, for findings.
    pub fn sources(&self) -> Sources<'_> {
        Sources::from_bytes(move |path| match self.packs.text(path) {
            Some(text) => Some(text.as_bytes().to_vec()),
            None if path.starts_with("devices/") || path.starts_with("vendors/") => std::fs::read(self.root.join(path)).ok(),
            None => None,
        })
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> Option<Arc<str>> {
        self.packs.text(path).or_else(|| std::fs::read_to_string(self.root.join(path)).ok().map(Arc::from))
    }

    /// All findings of a run: those of the units, and those that cross them.
    pub fn findings(&self, context: &Context<'_>, outcomes: &[Outcome], mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        diagnostics.extend(outcomes.iter().flat_map(|outcome| outcome.diagnostics.iter().cloned()));
        let mut identified: Vec<_> = outcomes.iter().flat_map(|outcome| outcome.identified.iter().cloned()).collect();
        diagnostics.extend(check::duplicates(&mut identified));
        if context.fleet.layout != Layout::Token {
            diagnostics.extend(check::paths(outcomes));
        }
        diagnostics.extend(check::fleet_files(context));
        diagnostics.extend(check::unused_files(context, outcomes));
        let ignored: Vec<_> = outcomes.iter().flat_map(|outcome| outcome.ignored.iter().cloned()).collect();
        diagnostics.extend(check::ignored_settings(&ignored, &|path| self.text(path)));
        diagnostics.extend(self.packs.diagnostics());
        diagnostics.extend(context.plans.diagnostics());
        if outcomes.iter().all(|outcome| outcome.devices == 0) {
            diagnostics.push(
                Diagnostic::new(Code::FLEET_EMPTY, "there is no device below devices/")
                    .help("`sipress init` shows what a fleet looks like"),
            );
        }
        diagnostics
    }
}

/// Checks a fleet: loads, resolves, checks and renders in memory. Writes nothing and needs no key.
pub fn check(project: &Project, options: &Options, progress: Progress<'_>) -> Checked {
    let arena = Bump::new();
    let mut diagnostics = Vec::new();
    let context = project.context(&arena, options, &mut diagnostics);
    let units = project.units();
    progress(Step::Loaded { customers: context.customers.len(), packs: project.packs.ids().count() });
    let outcomes: Vec<Outcome> = units
        .par_iter()
        .map(|unit| {
            let outcome = compile(&context, unit, &mut ()).unwrap_or_default();
            progress(Step::Unit { customer: &unit.customer, devices: outcome.devices, kept: false });
            outcome
        })
        .collect();
    let devices = outcomes.iter().map(|outcome| outcome.devices).sum();
    let found = project.findings(&context, &outcomes, diagnostics);
    let (policy, problems) = policy(&context.fleet.policy.diagnostics, &options.overrides);
    let mut sink = Sink::new(policy);
    sink.add(found);
    Checked { report: sink.finish(), devices, problems }
}

fn read_packs(root: &Path, folder: &Path, path: &str, found: &mut Vec<PackSource>, diagnostics: &mut Vec<Diagnostic>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries
        .flatten()
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
        .filter(|(name, _)| !name.starts_with(['.', '_']))
        .collect();
    entries.sort();
    for (name, place) in entries {
        let inner = format!("{path}/{name}");
        let shown: Arc<str> = inner.clone().into();
        let inside = place.canonicalize().is_ok_and(|real| root.canonicalize().is_ok_and(|root| real.starts_with(root)));
        let Ok(meta) = std::fs::metadata(&place) else { continue };
        if !inside {
            diagnostics.push(
                Diagnostic::new(Code::FILE_SYMLINK_ESCAPE, "a symbolic link that leads out of the fleet")
                    .at(&shown, 0..0, "")
                    .help("put the file itself here"),
            );
        } else if meta.is_dir() {
            read_packs(root, &place, &inner, found, diagnostics);
        } else if !meta.is_file() || meta.len() > MAX_BYTES {
            diagnostics.push(Diagnostic::new(Code::FILE_TOO_LARGE, "not a file, or larger than 8 MiB").at(&shown, 0..0, ""));
        } else if let Ok(bytes) = std::fs::read(&place)
            && let Some(text) = crate::load::decode(&shown, &bytes, diagnostics)
        {
            found.push(PackSource { path: shown, text: text.into() });
        }
    }
}

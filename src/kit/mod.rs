//! For authors of packs: what is asked of every pack, told as a list of aspects. Nothing else of sipress needs this room.

pub mod generate;
mod golden;
pub mod law;
mod scaffold;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

pub use golden::{Golden, Made};
pub use scaffold::scaffold;

use crate::diagnostic::{Diagnostic, Severity};
use crate::run::Project;
use crate::vendor::{Model, Pack, PackSource, Packs, Plan, Version};

/// One thing that is asked of a pack.
#[derive(Debug)]
pub struct Aspect {
    /// What: plans, names, aliases, sizes, round trips, goldens.
    pub name: &'static str,
    /// What was looked at, in numbers.
    pub told: String,
    /// What is wrong.
    pub broken: Vec<String>,
}

/// How much is asked.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    /// Generated devices to read back.
    pub devices: usize,
    /// Time zones that each family is told.
    pub zones: &'w [&'w str],
    /// The day of the builds.
    pub as_of: jiff::civil::Date,
}

/// Zones in which each kind of rule is: southern, half hours and quarters, summer time below standard time, rules by date, none.
pub const ZONES: &[&str] = &[
    "UTC",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Berlin",
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/New_York",
    "America/Phoenix",
    "America/St_Johns",
    "America/Nuuk",
    "America/Santiago",
    "America/Sao_Paulo",
    "Asia/Beirut",
    "Asia/Dubai",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
];

/// Tries a pack: every model's plan, every name against the vocabulary, each model at its smallest and fullest, time zones, and
/// generated devices read back. `aside` is an empty folder for the fleets that this needs. Fails where it cannot be written.
pub fn trial(packs: &[PackSource], vendor: &str, aside: &Path, wanted: Wanted<'_>) -> io::Result<Vec<Aspect>> {
    let all = Packs::new(packs.to_vec());
    let Some(pack) = all.get(vendor) else {
        let broken = all.diagnostics().iter().map(short).collect();
        return Ok(vec![Aspect { name: "pack", told: "it cannot be loaded".to_owned(), broken }]);
    };
    let mut aspects = vec![plans(pack), names(pack), aliases(pack)];
    let small = aside.join("sizes");
    generate::extremes(&small, pack)?;
    aspects.push(sizes(&Project::with_packs(&small, packs.to_vec()), wanted.as_of));
    let zones = aside.join("zones");
    generate::zones(&zones, pack, wanted.zones)?;
    aspects.push(zones_told(pack, &Project::with_packs(&zones, packs.to_vec()), wanted));
    let large = aside.join("law");
    generate::fleet(&large, &all, &[vendor], wanted.devices, 1)?;
    aspects.push(round_trips(&Project::with_packs(&large, packs.to_vec()), wanted.as_of));
    Ok(aspects)
}

/// The plan of a model at the firmware that is assumed for it.
pub fn plan(pack: &Arc<Pack>, model: &Model, found: &mut Vec<Diagnostic>) -> Plan {
    let firmware = model.firmware.as_deref().map(|text| Version::parse(text, pack.firmware_prefix));
    Plan::compile(pack, model, firmware, found)
}

fn short(found: &Diagnostic) -> String {
    let place = found.labels.first().map(|label| format!("{}: ", label.path)).unwrap_or_default();
    format!("{place}{}", found.message)
}

/// Every model has a plan without a finding, a main file, a line, and says how sure it is.
fn plans(pack: &Arc<Pack>) -> Aspect {
    let mut broken = Vec::new();
    for model in pack.models.values() {
        let mut found = Vec::new();
        let plan = plan(pack, model, &mut found);
        broken.extend(found.iter().map(|found| format!("{}: {}", model.id, short(found))));
        if !plan.files.iter().any(|file| file.spec.id == "main") {
            broken.push(format!("{} has no main file", model.id));
        }
        // Lines of a DECT base may be those of its manager, and no source tells how many.
        if model.lines() == 0 && model.class != "dect" {
            broken.push(format!("{} has no line", model.id));
        }
        if !matches!(model.confidence.as_deref(), Some("2+" | "1" | "bg")) {
            broken.push(format!("{} does not say how sure it is: confidence is 2+, 1 or bg", model.id));
        }
    }
    Aspect { name: "plans", told: format!("{} models", pack.models.len()), broken }
}

/// Phones know every name that is written.
fn names(pack: &Arc<Pack>) -> Aspect {
    let mut unknown: BTreeMap<String, &str> = BTreeMap::new();
    let mut names = 0;
    for model in pack.models.values() {
        let plan = plan(pack, model, &mut Vec::new());
        for file in plan.files.iter().filter(|file| file.is_table()) {
            names += file.entries.len();
            let strange = (0..file.entries.len()).filter(|entry| !plan.knows(file, *entry as u32));
            unknown.extend(strange.map(|entry| (file.vocabulary_name(&file.entries[entry].name).to_owned(), model.short())));
        }
    }
    let broken = unknown.iter().map(|(name, model)| format!("`{name}` ({model}) is not in vocabulary.txt")).collect();
    Aspect { name: "vocabulary", told: format!("{names} names over all models"), broken }
}

/// A spelling means one model.
fn aliases(pack: &Arc<Pack>) -> Aspect {
    let mut broken = Vec::new();
    let mut spellings = 0;
    for model in pack.models.values() {
        for spelling in model.aliases.iter().chain([&model.name]) {
            spellings += 1;
            let found = pack.model(spelling).map(|found| found.id.as_str());
            if found != Some(model.id.as_str()) {
                broken.push(format!("\"{spelling}\" of {} means {}", model.id, found.unwrap_or("nothing")));
            }
        }
    }
    Aspect { name: "aliases", told: format!("{spellings} spellings"), broken }
}

/// One line and all that a model has: no warning of ours, and all of it reads back.
fn sizes(project: &Project, as_of: jiff::civil::Date) -> Aspect {
    let verdict = law::hold(project, as_of);
    let mut broken = violations(&verdict);
    let bad = verdict.findings.iter().filter(|(_, (severity, ..))| *severity != Severity::Note);
    broken.extend(bad.map(|(code, (_, count, message))| format!("{code} ({count} times): {message}")));
    Aspect { name: "sizes", told: format!("{} devices, {} settings read back", verdict.devices, verdict.settings), broken }
}

/// What is told of a zone reads back; which zones cannot be told is told in numbers.
fn zones_told(pack: &Arc<Pack>, project: &Project, wanted: Wanted<'_>) -> Aspect {
    let verdict = law::hold(project, wanted.as_of);
    let untold = verdict.findings.get("vendor::unspellable").map_or(0, |(_, count, _)| *count);
    let told = format!("{} zones, {} devices, {untold} of which cannot be told theirs", wanted.zones.len(), verdict.devices);
    Aspect { name: "time zones", told, broken: half_a_year(pack).chain(violations(&verdict)).collect() }
}

/// Models that are told an offset, and nothing of when it changes: they are an hour wrong for half the year.
fn half_a_year(pack: &Arc<Pack>) -> impl Iterator<Item = String> {
    let reads = |plan: &Plan, name: &str| plan.reads(crate::settings::Registry::get().known(name).id);
    pack.models.values().filter_map(move |model| {
        let plan = plan(pack, model, &mut Vec::new());
        let changes = ["time.dst.kind", "time.dst.save", "time.dst.start.month", "time.posix"].iter().any(|name| reads(&plan, name));
        let named = plan.rows.iter().any(|row| plan.row_settings(row).contains(&crate::settings::Registry::get().known("time.zone").id));
        (reads(&plan, "time.offset") && !changes && !named)
            .then(|| format!("{} is told an offset and no daylight-saving rule, nor a zone that has one", model.id))
    })
}

fn round_trips(project: &Project, as_of: jiff::civil::Date) -> Aspect {
    let verdict = law::hold(project, as_of);
    let told = format!("{} devices, {} files, {} settings read back", verdict.devices, verdict.files, verdict.settings);
    Aspect { name: "round trips", told, broken: violations(&verdict) }
}

fn violations(verdict: &law::Verdict) -> Vec<String> {
    verdict.broken.iter().map(|(what, (count, place))| format!("{what} ({count} times, in {place})")).collect()
}

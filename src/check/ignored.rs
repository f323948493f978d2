//! Settings that a model does not read: a warning where it is meant for that device or model, one note where it is meant for many.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use crate::compile::{Ignored, Worker};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::load::place::around;
use crate::resolve::ElementDoc;
use crate::settings::{Device, Element, Origin, Registry, Role, Setting, Slot, Subject};
use crate::vendor::{Lost, Plan};

/// Notes what a device sets and its model does not read.
pub fn note(worker: &mut Worker<'_, '_, '_>, device: &Device<'_>, plan: &Plan) {
    for setting in Registry::get().all() {
        if setting.role != Role::Setting || plan.reads(setting.id) || is_record(setting) || is_known(setting, plan) {
            continue;
        }
        match setting.subject {
            Subject::Device => {
                add(worker, setting, device.slots[setting.slot as usize], plan);
                if let Some(slot) = setting.line_slot {
                    device.lines.iter().for_each(|line| add(worker, setting, line.slots[slot as usize], plan));
                }
            }
            Subject::Line => each(worker, setting, &device.lines, plan),
            Subject::Handset => each(worker, setting, &device.handsets, plan),
            Subject::Port => each(worker, setting, &device.ports, plan),
            Subject::Relay => each(worker, setting, &device.relays, plan),
            Subject::Key => each(worker, setting, &device.keys, plan),
            Subject::Item => {}
        }
    }
}

/// What the model does without being told: the transports that it has are held against the device's elsewhere.
fn is_known(setting: &Setting, plan: &Plan) -> bool {
    setting.name == "line.transport" && !plan.model.facts.transports.is_empty()
}

/// What is resolved before it is written.
fn is_record(setting: &Setting) -> bool {
    matches!(
        setting.name.as_str(),
        "line.enabled"
            | "line.extension"
            | "line.cli"
            | "key.area"
            | "key.line"
            | "key.pickup"
            | "key.type"
            | "firmware.version"
            | "line.password_generation"
            | "line.domain"
            | "line.dns_mode"
            | "port.line"
    )
}

fn each(worker: &mut Worker<'_, '_, '_>, setting: &Setting, elements: &[Element<'_>], plan: &Plan) {
    elements.iter().for_each(|element| add(worker, setting, element.slots[setting.slot as usize], plan));
}

fn add(worker: &mut Worker<'_, '_, '_>, setting: &Setting, slot: Slot<'_>, plan: &Plan) {
    if !slot.value.is_set() || slot.origin.reason().is_some() {
        return;
    }
    let Some(path) = worker.locator.path(slot.origin) else { return };
    // An extension's name is also for phone books and keys.
    if path.starts_with("vendors/") || setting.name == "line.display_name" && path.ends_with("/extensions.toml") {
        return;
    }
    let narrow = is_narrow(worker, slot.origin, &path, &plan.model.id);
    worker.ignored.insert(Ignored {
        path: path.to_string(),
        at: slot.origin.at,
        setting: setting.name.clone(),
        model: plan.model.id.clone(),
        narrow,
        lost: Vec::new(),
        left: false,
    });
}

/// Notes what a list holds and the model cannot be told.
pub fn lost(worker: &mut Worker<'_, '_, '_>, lost: &Lost, plan: &Plan) {
    // A pack's own wishes are for all its models: each takes what it can, as long as it can take something.
    let ours = |path: &Arc<str>| path.starts_with("vendors/") && lost.left;
    let Some(path) = worker.locator.path(lost.origin).filter(|path| !ours(path)) else { return };
    let narrow = is_narrow(worker, lost.origin, &path, &plan.model.id);
    worker.ignored.insert(Ignored {
        path: path.to_string(),
        at: lost.origin.at,
        setting: Registry::get().setting(lost.setting).name.clone(),
        model: plan.model.id.clone(),
        narrow,
        lost: lost.entries.clone(),
        left: lost.left,
    });
}

/// Notes a key of a layout that the model has no place for.
pub fn beyond_layout(worker: &mut Worker<'_, '_, '_>, key: &ElementDoc<'_>, what: String, plan: &Plan) {
    worker.ignored.insert(Ignored {
        path: key.path.to_string(),
        at: key.origin.at,
        setting: format!("layouts.{}", key.layout.unwrap_or_default()),
        model: plan.model.id.clone(),
        narrow: false,
        lost: vec![what],
        left: true,
    });
}

/// Set in a device's own file, or in the table of one model.
fn is_narrow(worker: &Worker<'_, '_, '_>, origin: Origin, path: &str, model: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_scope = matches!(name, "fleet.toml" | "msp.toml" | "customer.toml" | "site.toml" | "extensions.toml");
    if !is_scope {
        return true;
    }
    let of_model = |scope: &crate::resolve::Scope<'_>| {
        scope.models.iter().filter(|of| of.name == model).any(|of| of.layer.settings.iter().any(|(_, slot)| slot.origin == origin))
    };
    of_model(&worker.context.fleet.scope)
        || worker.context.fleet.msps.values().any(of_model)
        || worker.docs.places.iter().any(|place| of_model(&place.scope))
}

/// File, byte, setting, lost entries, and whether any are left.
type Place<'i> = (&'i str, u32, &'i str, &'i [String], bool);

/// The findings of a whole run: one for each place and setting.
pub fn told(ignored: &[Ignored], text: &dyn Fn(&str) -> Option<Arc<str>>) -> Vec<Diagnostic> {
    let mut places: BTreeMap<Place<'_>, (BTreeSet<&str>, bool)> = BTreeMap::new();
    for one in ignored {
        let place = places.entry((&one.path, one.at, &one.setting, &one.lost, one.left)).or_default();
        place.0.insert(&one.model);
        place.1 |= one.narrow;
    }
    let told = places.into_iter().map(|((path, at, setting, lost, left), (models, narrow))| {
        let span = text(path).and_then(|text| around(&text, at as usize)).map_or(at as usize..at as usize, |(key, _)| key);
        match lost {
            [] => one(path, span, setting, &models, narrow),
            lost => list(path, span, setting, &models, narrow, lost, left),
        }
    });
    told.collect()
}

/// A few of the models, and how many more.
fn named(models: &BTreeSet<&str>) -> String {
    let first: Vec<&str> = models.iter().take(3).copied().collect();
    let more = if models.len() > 3 { format!(" and {} more models", models.len() - 3) } else { String::new() };
    format!("{}{more}", first.join(", "))
}

/// A list of which a part, or all, is lost.
fn list(path: &str, span: Range<usize>, setting: &str, models: &BTreeSet<&str>, narrow: bool, lost: &[String], left: bool) -> Diagnostic {
    let models = named(models);
    let entries = lost.join(", ");
    if !left {
        let message = format!("{models} can be told nothing of `{setting}`: {entries}");
        let found =
            Diagnostic::new(Code::SETTING_NOTHING_LEFT, message).at(&Arc::from(path), span, "no entry of it means anything to this model");
        return found.help("add an entry that the model knows, or leave the setting out for the vendor's own choice");
    }
    let message = format!("{models} cannot be told {entries} of `{setting}`");
    let mut found = Diagnostic::new(Code::SETTING_PARTLY_LOST, message).at(&Arc::from(path), span, "the other entries hold");
    if !narrow {
        found.severity = Severity::Note;
    }
    found.help("set a list of its own for the model, `[defaults.model.\"VENDOR/MODEL\"]`, or take the entries out")
}

fn one(path: &str, span: Range<usize>, setting: &str, models: &BTreeSet<&str>, narrow: bool) -> Diagnostic {
    let message = format!("{} cannot use `{setting}`", named(models));
    let label = if narrow { "set for this model or device, and not used" } else { "not used by these models" };
    let mut found = Diagnostic::new(Code::SETTING_IGNORED, message).at(&Arc::from(path), span, label);
    if !narrow {
        found.severity = Severity::Note;
    }
    found.help(format!("`sipress vendors --matrix {}` shows what it can be told", models.first().copied().unwrap_or_default()))
}

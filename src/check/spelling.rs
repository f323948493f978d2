//! Values that a file cannot hold, and values that a path may not.

use crate::compile::{Compiled, Worker, is_harmless};
use crate::diagnostic::{Code, Diagnostic};
use crate::render::Rendered;
use crate::resolve::Exposure;
use crate::settings::{Registry, Sensitivity};
use crate::vendor::{FilePlan, Problem, Trouble};

/// What a device's file could not be told.
pub fn problems(worker: &mut Worker<'_, '_, '_>, compiled: &Compiled<'_>, file: &FilePlan, name: &str, rendered: &Rendered) {
    for problem in &rendered.evaluation.problems {
        if problem.kind != Trouble::KeyType {
            let found = told(worker, compiled, problem);
            worker.diagnostics.push(found);
        }
    }
    if let Some(failure) = &rendered.failure {
        let found = Diagnostic::new(Code::FORMAT_CANNOT_CARRY, format!("{} cannot be written: {failure}", file.spec.name));
        worker.diagnostics.push(found.note(format!("in {name}")));
    }
}

fn told(worker: &Worker<'_, '_, '_>, compiled: &Compiled<'_>, problem: &Problem) -> Diagnostic {
    let names: Vec<&str> = problem.settings.iter().map(|(name, _)| name.as_str()).collect();
    let what = if names.is_empty() { "the value".to_owned() } else { format!("`{}`", names.join("`, `")) };
    let (code, message, help) = match &problem.kind {
        Trouble::LinesDiffer(first, second) => (
            Code::VENDOR_LINES_DIFFER,
            format!("{what} is phone-wide on the {}, and lines {first} and {second} want it otherwise", compiled.plan.model.name),
            "give all lines of this device the same value",
        ),
        Trouble::CannotCarry(why) => (Code::FORMAT_CANNOT_CARRY, format!("{what} cannot be written: {why}"), "remove the character"),
        Trouble::Unspellable(why) => (
            Code::VENDOR_UNSPELLABLE,
            format!("the {} cannot be told {what}: {why}", compiled.plan.model.name),
            "choose a value that this phone can be told",
        ),
        Trouble::KeyType => (Code::KEY_UNSUPPORTED_TYPE, "the model lacks this key type".to_owned(), "choose another type"),
    };
    let mut found = Diagnostic::new(code, message);
    for (place, (_, origin)) in problem.settings.iter().enumerate() {
        if let Some((path, span)) = worker.locator.value(*origin) {
            found = if place == 0 { found.at(&path, span, "") } else { found.see(&path, span, "") };
        }
    }
    let row = &compiled.plan.rows[problem.row as usize];
    found.note(format!("it would be `{}`, {}", problem.name, row.path)).help(help)
}

/// A file that tells more than its path protects.
pub fn exposure(worker: &mut Worker<'_, '_, '_>, compiled: &Compiled<'_>, file: &FilePlan, sensitivity: Sensitivity) {
    if worker.exposed || is_harmless(sensitivity) || worker.context.fleet.exposure() != Exposure::Open {
        return;
    }
    let Some(origin) = worst(compiled) else { return };
    worker.exposed = true;
    let mut found = Diagnostic::new(Code::SECRET_EXPOSED, format!("{} would stand under a path that anybody can guess", file.spec.name));
    if let Some((path, span)) = &worker.context.fleet.layout_place {
        found = found.at(path, span.clone(), "this layout has no token");
    }
    if let Some((path, span)) = worker.locator.value(origin.1) {
        found =
            found.see(&path, span, format!("`{}` is {}", origin.0, if origin.2 == Sensitivity::Secret { "secret" } else { "personal" }));
    } else {
        found = found.note(format!("it holds `{}`", origin.0));
    }
    worker.diagnostics.push(found.help("use layout = \"token\", or say with `gate` what guards the site at the edge"));
}

/// The most sensitive setting that the device's lines or itself hold. URLs of the layout are secret only by their token.
fn worst(compiled: &Compiled<'_>) -> Option<(&'static str, crate::settings::Origin, Sensitivity)> {
    let mut worst: Option<(&'static str, crate::settings::Origin, Sensitivity)> = None;
    for setting in Registry::get().all().iter().filter(|setting| compiled.plan.reads(setting.id) && !is_layout(&setting.name)) {
        let slots = match setting.subject {
            crate::settings::Subject::Line => compiled.device.lines.iter().map(|line| line.slot(setting)).collect(),
            crate::settings::Subject::Device => vec![compiled.device.slot(setting)],
            _ => Vec::new(),
        };
        for slot in slots.into_iter().filter(|slot| slot.value.is_set()) {
            if worst.is_none_or(|(_, _, level)| level < setting.sensitivity) {
                worst = Some((&setting.name, slot.origin, setting.sensitivity));
            }
        }
    }
    worst.filter(|(_, _, level)| !is_harmless(*level))
}

fn is_layout(name: &str) -> bool {
    matches!(name, "prov.url" | "prov.path" | "file.main.url" | "phonebook.url" | "phonebook.base" | "prov.auth.token")
}

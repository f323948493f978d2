//! Pictures and rings.

use crate::asset::Fault;
use crate::compile::Worker;
use crate::diagnostic::{Code, Diagnostic};
use crate::settings::Slot;
use crate::vendor::Model;

/// A setting names a file that is not there, or is another customer's.
pub fn unknown_asset(worker: &mut Worker<'_, '_, '_>, slot: Slot<'_>, text: &str) {
    let message = format!("there is no file \"{}\" beside the one that names it", text.escape_debug());
    let help = "the path begins in the folder of the file that names it, and leads to a file of the same customer or of a folder above; \
                names that begin with `.` or `_` are skipped";
    add(worker, slot, Diagnostic::new(Code::ASSET_MISSING, message).help(help));
}

/// A file cannot be made into what a model takes.
pub fn asset(worker: &mut Worker<'_, '_, '_>, slot: Slot<'_>, text: &str, fault: &Fault, model: &Model) {
    let file = text.escape_debug();
    let found = match fault {
        Fault::Unreadable(why) => {
            Diagnostic::new(Code::ASSET_UNREADABLE, format!("\"{file}\" {why}")).help("put a PNG, JPEG or BMP here, or for a ring a WAV")
        }
        Fault::Unfit(why) => Diagnostic::new(Code::ASSET_UNFIT, format!("\"{file}\" is nothing for the {}: it {why}", model.name))
            .help(format!("give it another file under [defaults.model.\"{}\"], or `{{ unset = true }}`", model.id)),
    };
    add(worker, slot, found);
}

/// Not enough is known of what a model takes.
pub fn unknown_limits(worker: &mut Worker<'_, '_, '_>, slot: Slot<'_>, model: &Model, what: &str) {
    let message = format!("of the {} no source tells {what}", model.name);
    let help = format!("try it on a phone, and write `assets` of {} into a models.toml of your own", model.id);
    add(worker, slot, Diagnostic::new(Code::ASSET_UNKNOWN_LIMITS, message).help(help));
}

/// Adds a finding at a value, once: many devices share one.
fn add(worker: &mut Worker<'_, '_, '_>, slot: Slot<'_>, mut found: Diagnostic) {
    if let Some((path, span)) = worker.locator.value(slot.origin) {
        found = found.at(&path, span, "");
    }
    if !worker.diagnostics.contains(&found) {
        worker.diagnostics.push(found);
    }
}

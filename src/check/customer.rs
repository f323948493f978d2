//! What holds for a customer as a whole.

use crate::compile::Worker;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Suggest;

/// The packages that the customer itself rents.
pub fn customer(worker: &mut Worker<'_, '_, '_>) {
    let Some(path) = worker.docs.path.clone() else { return };
    for (name, span) in &worker.docs.packages {
        if !worker.context.fleet.packages.contains(name) {
            let found = unknown_package(&worker.context.fleet.packages, name).at(&path, span.clone(), "not in packages.toml");
            worker.diagnostics.push(found);
        }
    }
}

/// A package that packages.toml lacks.
pub fn unknown_package(known: &[&str], name: &str) -> Diagnostic {
    let mut found = Diagnostic::new(Code::PACKAGE_UNKNOWN, format!("there is no package \"{}\"", name.escape_debug()));
    found.help.extend(Suggest::among(known.iter().copied()).closest(name).map(|best| format!("did you mean \"{best}\"?")));
    found.help("add it to devices/packages.toml")
}

/// Extensions that no line is.
pub fn unused_extensions(worker: &mut Worker<'_, '_, '_>) {
    for (place, extension) in worker.docs.extensions.iter().enumerate() {
        if !worker.used_extensions.contains(&place) {
            let found = Diagnostic::new(Code::EXTENSION_UNUSED, format!("extension {} has no line on any device", extension.number));
            worker.diagnostics.push(found.at(&extension.path, extension.span.clone(), "no line names it"));
        }
    }
}

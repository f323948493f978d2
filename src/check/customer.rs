//! What holds for a customer as a whole.

use std::collections::BTreeMap;

use crate::compile::Worker;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Suggest;
use crate::resolve::Extension;

/// The packages that the customer itself rents.
pub fn customer(worker: &mut Worker<'_, '_, '_>) {
    super::scope::of_customer(worker);
    twice(worker);
    let Some(path) = worker.docs.path.clone() else { return };
    for (name, span) in &worker.docs.packages {
        if !worker.context.fleet.packages.contains(name) {
            let found = unknown_package(&worker.context.fleet.packages, name).at(&path, span.clone(), "not in packages.toml");
            worker.diagnostics.push(found);
        }
    }
}

/// An extension that two files define.
fn twice(worker: &mut Worker<'_, '_, '_>) {
    let mut first: BTreeMap<&str, &Extension<'_>> = BTreeMap::new();
    for extension in &worker.docs.extensions {
        let Some(known) = first.get(extension.number) else {
            first.insert(extension.number, extension);
            continue;
        };
        let found = Diagnostic::new(Code::EXTENSION_TWICE, format!("extension {} is defined twice", extension.number.escape_debug()))
            .at(&extension.path, extension.span.clone(), "again")
            .see(&known.path, known.span.clone(), "first here");
        worker.diagnostics.push(found.help("a user of a customer stands in one file: remove one of them"));
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

//! The vendors and models that scopes speak of.

use crate::compile::{Context, Worker};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Suggest;
use crate::resolve::Scope;
use crate::vendor::Packs;

/// Defaults of the fleet and its MSPs for vendors and models that no pack has.
pub fn of_fleet(context: &Context<'_>) -> Vec<Diagnostic> {
    let scopes = std::iter::once(&context.fleet.scope).chain(context.fleet.msps.values());
    scopes.flat_map(|scope| unknown(scope, context.packs)).collect()
}

/// The same of a customer and its sites.
pub fn of_customer(worker: &mut Worker<'_, '_, '_>) {
    let found: Vec<Diagnostic> = worker.docs.places.iter().flat_map(|place| unknown(&place.scope, worker.context.packs)).collect();
    worker.diagnostics.extend(found);
}

fn unknown(scope: &Scope<'_>, packs: &Packs) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for of in scope.vendors.iter().filter(|of| !packs.ids().any(|id| id == of.name)) {
        let near = Suggest::among(packs.ids()).closest(of.name).map(str::to_owned);
        let message = format!("there is no vendor \"{}\"", of.name.escape_debug());
        found.push(near_to(Diagnostic::new(Code::VENDOR_UNKNOWN, message).at(&of.path, of.span.clone(), "no phone gets this"), near));
    }
    for of in &scope.models {
        if let Some(near) = unknown_model(of.name, packs) {
            let message = format!("there is no model \"{}\"", of.name.escape_debug());
            found.push(near_to(Diagnostic::new(Code::VENDOR_UNKNOWN, message).at(&of.path, of.span.clone(), "no phone gets this"), near));
        }
    }
    found
}

/// `None` where this is a model's id; else the id that is perhaps meant.
pub fn unknown_model(name: &str, packs: &Packs) -> Option<Option<String>> {
    let (vendor, short) = name.split_once('/').unwrap_or((name, ""));
    let Some(pack) = packs.get(vendor) else {
        return Some(Suggest::among(packs.ids()).closest(vendor).map(|near| format!("{near}/{short}")));
    };
    if pack.models.contains_key(short) {
        return None;
    }
    let alias = pack.model(short).map(|model| model.id.clone());
    Some(alias.or_else(|| Suggest::among(pack.models.keys().map(String::as_str)).closest(short).map(|near| format!("{vendor}/{near}"))))
}

/// The finding with what is perhaps meant.
pub fn near_to(found: Diagnostic, near: Option<String>) -> Diagnostic {
    let found = near.into_iter().fold(found, |found, near| found.help(format!("did you mean \"{near}\"?")));
    found.help("`sipress vendors` lists vendors and models; a fleet's own `vendors/` may add some")
}

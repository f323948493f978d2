//! Rules that cross customers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::compile::{Context, Identified, Outcome};
use crate::diagnostic::{Code, Diagnostic};
use crate::load::{FileKind, Folder};
use crate::model::Suggest;

/// The same device twice, and one identifier in two kinds.
pub fn duplicates(identified: &mut [Identified]) -> Vec<Diagnostic> {
    identified.sort();
    let mut found = Vec::new();
    for same in identified.chunk_by(|left, right| left.id == right.id) {
        let Some((first, again)) = same.split_first() else { continue };
        for other in again {
            found.push(twice(first, other));
        }
    }
    let by_id: BTreeMap<&str, &Identified> = identified.iter().map(|one| (one.id.as_str(), one)).collect();
    for one in identified.iter() {
        if let Some(other) = one.node.as_deref().and_then(|node| by_id.get(node)) {
            let message = format!("the UUID {} is made of the MAC of another device", one.id);
            let diagnostic = Diagnostic::new(Code::DEVICE_ID_IN_TWO_KINDS, message)
                .at(&path(one), span(one), "its last twelve digits")
                .see(&path(other), span(other), "this device's MAC");
            found.push(diagnostic.help("one device has one record: remove the other, or give the soft client a random UUID"));
        }
    }
    found
}

fn twice(first: &Identified, other: &Identified) -> Diagnostic {
    let message = format!("{} is defined twice", first.id);
    let elsewhere = if first.customer == other.customer { "first here" } else { "and here, in another customer" };
    let found = Diagnostic::new(Code::DEVICE_DUPLICATE_ID, message).at(&path(other), span(other), "again").see(
        &path(first),
        span(first),
        elsewhere,
    );
    found.help("a device belongs to one customer and stands in one file: remove the other")
}

fn path(one: &Identified) -> Arc<str> {
    Arc::from(one.path.as_str())
}

fn span(one: &Identified) -> std::ops::Range<usize> {
    one.span.0..one.span.1
}

/// Two files at one path, also when they differ only in case.
pub fn paths(outcomes: &[Outcome]) -> Vec<Diagnostic> {
    let mut all: Vec<(String, &str, &str)> = outcomes
        .iter()
        .flat_map(|outcome| outcome.paths.iter().map(|path| (path.to_lowercase(), path.as_str(), outcome.customer.as_str())))
        .collect();
    all.sort_unstable();
    let mut found = Vec::new();
    for pair in all.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        let ((_, first, owner), (_, second, other)) = (&pair[0], &pair[1]);
        let (code, message) = match first == second {
            true => (Code::OUTPUT_PATH_COLLISION, format!("two files want the path {first}")),
            false => (Code::OUTPUT_CASE_COLLISION, format!("{first} and {second} differ only in case")),
        };
        let diagnostic = Diagnostic::new(code, message).note(format!("one of {owner}, one of {other}"));
        found.push(diagnostic.help("use layout = \"token\" or \"customer\", or rename one of them"));
    }
    found
}

/// Files that no setting of any device names, and that nothing else reads.
pub fn unused_files(context: &Context<'_>, outcomes: &[Outcome]) -> Vec<Diagnostic> {
    let used: BTreeSet<&str> = outcomes.iter().flat_map(|outcome| outcome.assets.iter().map(String::as_str)).collect();
    let mut found = Vec::new();
    each_asset(&context.tree.devices, &mut |path| {
        if !used.contains(&**path) {
            let diagnostic = Diagnostic::new(Code::FILE_UNUSED, "nothing reads this file, and no device is given it").at(path, 0..0, "");
            found.push(diagnostic.help("names that begin with `.` or `_` are skipped without a word"));
        }
    });
    found
}

fn each_asset(folder: &Folder, visit: &mut dyn FnMut(&Arc<str>)) {
    folder.files.iter().filter(|file| file.kind == FileKind::Asset).for_each(|file| visit(&file.path));
    folder.folders.iter().for_each(|inner| each_asset(inner, visit));
}

/// The firmware catalogue's models and customers.
pub fn fleet_files(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut found = super::scope::of_fleet(context);
    let file = context.tree.devices.files.iter().find(|file| file.kind == FileKind::Firmware);
    let Some(path) = file.map(|file| file.path.clone()) else { return found };
    let text = std::fs::read_to_string(context.tree.root.join(&*path)).unwrap_or_default();
    let place = |word: &str| text.find(&format!("\"{word}\"")).map_or(0..0, |at| at..at + word.len() + 2);
    let named = context.fleet.firmware.iter().map(|row| row.model).chain(context.fleet.rollouts.iter().map(|rollout| rollout.model));
    for model in named.collect::<BTreeSet<_>>() {
        if let Some(near) = super::scope::unknown_model(model, context.packs) {
            let message = format!("there is no model \"{}\"", model.escape_debug());
            let diagnostic = Diagnostic::new(Code::VENDOR_UNKNOWN, message).at(&path, place(model), "no phone gets this");
            found.push(super::scope::near_to(diagnostic, near));
        }
    }
    for rollout in &context.fleet.rollouts {
        for customer in rollout.customers.iter().filter(|customer| !context.customers.iter().any(|known| known == *customer)) {
            let mut diagnostic = Diagnostic::new(Code::CUSTOMER_UNKNOWN, format!("there is no customer \"{}\"", customer.escape_debug()))
                .at(&path, place(customer), "not known");
            diagnostic.help.extend(
                Suggest::among(context.customers.iter().map(String::as_str))
                    .closest(customer)
                    .map(|best| format!("did you mean \"{best}\"?")),
            );
            found.push(diagnostic);
        }
        if context.fleet.firmware(rollout.model, rollout.version).is_none() {
            let message =
                format!("a rollout of {} {} that the catalogue lacks", rollout.model.escape_debug(), rollout.version.escape_debug());
            found.push(
                Diagnostic::new(Code::FIRMWARE_UNKNOWN, message)
                    .at(&path, place(rollout.version), "not in [[firmware]]")
                    .help("add a [[firmware]] with this model and version"),
            );
        }
    }
    found
}

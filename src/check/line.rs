//! Lines and other numbered parts of a device.

use crate::compile::Worker;
use crate::diagnostic::{Code, Diagnostic};
use crate::known;
use crate::model::Suggest;
use crate::resolve::{DeviceDoc, ElementDoc};
use crate::settings::{Device, Slot, Val};
use crate::vendor::{Model, Plan};

/// Transports that the model does not speak.
pub fn transports(worker: &mut Worker<'_, '_, '_>, device: &Device<'_>, plan: &Plan) {
    let (spoken, setting) = (&plan.model.facts.transports, known!("line.transport"));
    if spoken.is_empty() {
        return;
    }
    let mut told = Vec::new();
    for line in &device.lines {
        let slot = line.slot(setting);
        let Val::Enum(place) = slot.value else { continue };
        let word = &setting.values[place as usize];
        // How the transport is found is not a transport.
        if !["udp", "tcp", "tls"].contains(&word.as_str()) || spoken.contains(word) || told.contains(&slot.origin) {
            continue;
        }
        told.push(slot.origin);
        if let Some((path, span)) = worker.locator.value(slot.origin) {
            let found =
                Diagnostic::new(Code::LINE_UNSUPPORTED_TRANSPORT, format!("the {} does not speak SIP over {word}", plan.model.name));
            let found = found.at(&path, span, format!("for line {}", line.number));
            worker.diagnostics.push(found.help(format!("it speaks {}", spoken.join(", "))));
        }
    }
}

/// Whether the servers of all lines fit into the phone's list of servers.
pub fn servers(worker: &mut Worker<'_, '_, '_>, doc: &DeviceDoc<'_>, device: &Device<'_>, plan: &Plan) {
    let Some((number, places, names)) = plan.crowded(device) else { return };
    let written = doc.lines.iter().filter_map(|line| line.number.clone()).find(|(own, _)| *own == number);
    let Some((_, span)) = written else { return };
    let message = format!("this phone has {places} entries for servers, and line {number} needs one more");
    let found = Diagnostic::new(Code::LINE_TOO_MANY_SERVERS, message).at(&doc.path, span, "differs from the lines before");
    worker.diagnostics.push(found.help(format!("give the lines the same {}", names.join(", "))));
}

/// Whether a line's number is its own and one that the model has.
pub fn line_number(
    worker: &mut Worker<'_, '_, '_>,
    doc: &DeviceDoc<'_>,
    line: &ElementDoc<'_>,
    first: Option<&ElementDoc<'_>>,
    model: &Model,
) -> bool {
    let Some((number, span)) = line.number.clone() else { return false };
    if let Some((_, first)) = first.and_then(|first| first.number.clone()) {
        let found = Diagnostic::new(Code::LINE_DUPLICATE_NUMBER, format!("line {number} is there twice")).at(&doc.path, span, "again").see(
            &doc.path,
            first,
            "first here",
        );
        worker.diagnostics.push(found.help("give each line its own number"));
        return false;
    }
    if number <= model.lines() {
        return true;
    }
    let lines = model.lines();
    let mut found = Diagnostic::new(Code::LINE_BEYOND_MODEL, format!("this phone has {lines} lines, and this is line {number}")).at(
        &doc.path,
        span,
        "no such line",
    );
    if let Some(written) = &doc.model {
        found = found.see(&doc.path, written.span.clone(), format!("{}: {lines} lines", model.name));
    }
    worker
        .diagnostics
        .push(found.help(format!("put the account on another phone, or use a model with more lines{}", larger(worker, model, number))));
    false
}

fn larger(worker: &Worker<'_, '_, '_>, model: &Model, number: u16) -> String {
    let vendor = model.id.split('/').next().unwrap_or_default();
    let mut others: Vec<(u16, &str)> = worker
        .context
        .packs
        .get(vendor)
        .map(|pack| {
            pack.models
                .values()
                .filter(|other| other.lines() >= number && other.class == model.class)
                .map(|other| (other.lines(), other.short()))
                .collect()
        })
        .unwrap_or_default();
    others.sort_unstable();
    let named: Vec<String> = others.iter().take(2).map(|(lines, name)| format!("{name} has {lines}")).collect();
    if named.is_empty() { String::new() } else { format!(": {}", named.join(", ")) }
}

/// Whether a handset, port or relay is one that the model has, once.
pub fn part_number(
    worker: &mut Worker<'_, '_, '_>,
    doc: &DeviceDoc<'_>,
    part: &ElementDoc<'_>,
    first: Option<&ElementDoc<'_>>,
    model: &Model,
    count: &str,
) -> bool {
    let Some((number, span)) = part.number.clone() else { return false };
    let most = model.number(count);
    let what = count.trim_end_matches('s');
    if let Some((_, first)) = first.and_then(|first| first.number.clone()) {
        let found = Diagnostic::new(Code::PART_BEYOND_MODEL, format!("{what} {number} is there twice")).at(&doc.path, span, "again").see(
            &doc.path,
            first,
            "first here",
        );
        worker.diagnostics.push(found.help("give each its own number"));
        return false;
    }
    if i64::from(number) <= most {
        return true;
    }
    let found = Diagnostic::new(Code::PART_BEYOND_MODEL, format!("the {} has {most} {count}, and this is {what} {number}", model.name));
    worker.diagnostics.push(found.at(&doc.path, span, format!("no such {what}")).help("remove it, or use a model with more"));
    false
}

/// The extension that a line names.
pub fn extension(worker: &mut Worker<'_, '_, '_>, line: &ElementDoc<'_>) {
    let id = known!("line.extension").id;
    let Some((_, slot)) = line.settings.iter().rev().find(|(setting, _)| *setting == id) else { return };
    let Val::Str(number) = slot.value else { return };
    match worker.resolver.extension(number) {
        Some((place, _)) => _ = worker.used_extensions.insert(place),
        None => {
            let known: Vec<&str> = worker.docs.extensions.iter().map(|extension| extension.number).collect();
            let mut found = Diagnostic::new(Code::EXTENSION_UNKNOWN, format!("this customer has no extension {number}"));
            if let Some((path, span)) = worker.locator.value(slot.origin) {
                found = found.at(&path, span, "not in extensions.toml");
            }
            found.help.extend(Suggest::among(known).closest(number).map(|best| format!("did you mean {best}?")));
            worker
                .diagnostics
                .push(found.help("add it to the customer's extensions.toml, or write `user` for an account that is no extension"));
        }
    }
}

/// What an account cannot do without.
pub fn accounts(worker: &mut Worker<'_, '_, '_>, doc: &DeviceDoc<'_>, device: &Device<'_>) {
    for line in &device.lines {
        let place = doc.lines.iter().find(|written| written.number.as_ref().is_some_and(|(number, _)| *number == line.number));
        let span = place.map_or(doc.span.clone(), |place| place.span.clone());
        if !line.slot(known!("line.user")).value.is_set() {
            let found = Diagnostic::new(Code::LINE_NO_USER, format!("line {} names no extension and no user", line.number)).at(
                &doc.path,
                span.clone(),
                "this line",
            );
            worker.diagnostics.push(found.help("add extension = \"…\" of the customer's extensions.toml, or user = \"…\""));
        }
        if !line.slot(known!("line.registrar.host")).value.is_set() {
            let found =
                Diagnostic::new(Code::LINE_NO_SERVER, format!("line {} has no SIP server", line.number)).at(&doc.path, span, "this line");
            worker.diagnostics.push(found.help("set registrar = { host = \"…\" } under [defaults.line] of customer.toml"));
        }
        same_as_extension(
            worker,
            line.slot(known!("line.password")),
            &[line.slot(known!("line.extension")), line.slot(known!("line.user")), line.slot(known!("line.auth_user"))],
        );
    }
}

fn same_as_extension(worker: &mut Worker<'_, '_, '_>, password: Slot<'_>, others: &[Slot<'_>]) {
    let same = password.value.is_set() && others.iter().any(|other| other.value == password.value);
    if !same || password.origin.reason().is_some() {
        return;
    }
    if let Some((path, span)) = worker.locator.value(password.origin) {
        let found = Diagnostic::new(Code::SECRET_SAME_AS_EXTENSION, "the password is the user's own number").at(
            &path,
            span,
            "the first thing that a thief tries",
        );
        worker.diagnostics.push(found.help("leave it out and sipress derives a strong one"));
    }
}

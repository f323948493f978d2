//! `show`

use crate::known;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::args::{Global, Show};
use super::output::{Exit, Output};
use super::setup;
use crate::compile::{OutFile, Sink};
use crate::diagnostic::{Format, visible};
use crate::render::Rendered;
use crate::run::{Inspected, Missing, Options, Project, inspect};
use crate::settings::{Element, Registry, Sensitivity, Val};

pub fn run(global: &Global, own: &Show, output: &Output) -> Exit {
    attempt(global, own, output).unwrap_or_else(|exit| exit)
}

fn attempt(global: &Global, own: &Show, output: &Output) -> Result<Exit, Exit> {
    let root = setup::root(global, output)?;
    if own.reveal && std::env::var_os("CI").is_some_and(|ci| ci == "true" || ci == "1") {
        return Err(output.fail("--reveal would write passwords to a CI log", "run it on your own machine"));
    }
    let key = setup::key(&own.key, &root, output)?;
    if own.reveal && key.is_none() && !Project::open(&root).has_demo_key() {
        return Err(output.fail("there is no key, so there are no passwords to show", "set SIPRESS_KEY or name a file with --key-file"));
    }
    let project = Project::open(&root);
    say_placeholders(&project, key.is_some(), output);
    let options = Options { as_of: setup::day(own.as_of, output)?, key, overrides: Vec::new() };
    let text = inspect(&project, &options, &own.device, |device| shown(device, own))
        .map_err(|missing| lost(&missing, &own.device, &project, output))?;
    match text {
        Ok(text) => Ok(output.result(&text)),
        Err(message) => Err(output.fail(&message, "leave the file out to see which there are")),
    }
}

/// Says so where neither a key nor a demo key is at hand: folders, tokens and the hour of a phone's nightly update follow from it.
pub fn say_placeholders(project: &Project, has_key: bool, output: &Output) {
    if !has_key && !project.has_demo_key() {
        output.say("no key is at hand: what follows from it, folders and the hour of the nightly update, is not that of a build");
    }
}

/// Says that there is no such device.
pub fn lost(missing: &Missing, name: &str, project: &Project, output: &Output) -> Exit {
    match missing {
        Missing::Unknown(near) => {
            let help = near
                .as_ref()
                .map_or_else(|| "give its identifier in any spelling, or its label".to_owned(), |near| format!("did you mean {near}?"));
            output.fail(&format!("there is no device \"{}\"", visible(name)), &help)
        }
        Missing::Ambiguous(ids) => output.fail(
            &format!("several devices have the label \"{}\"", visible(name)),
            &format!("name one by its identifier: {}", ids.join(", ")),
        ),
        Missing::Broken(found) => {
            output.findings(Format::Human, found, &project.sources());
            Exit::Errors
        }
    }
}

#[derive(Default)]
struct Files {
    files: Vec<(String, String, Sensitivity, Vec<u8>)>,
}

impl Sink for Files {
    fn take(&mut self, file: &OutFile<'_>, bytes: &[u8]) -> std::io::Result<()> {
        self.files.push((file.kind.to_owned(), file.path.clone(), file.sensitivity, bytes.to_vec()));
        Ok(())
    }
}

fn shown(mut device: Inspected<'_, '_, '_, '_>, own: &Show) -> Result<String, String> {
    if !own.reveal {
        device.hide_secrets();
    }
    let mut files = Files::default();
    let mut rendered = Rendered::default();
    device
        .worker
        .render(&device.compiled, &mut rendered, &mut files)
        .and_then(|()| device.worker.render_books(&mut files))
        .map_err(|error| error.to_string())?;
    if let Some(wanted) = &own.file {
        let found = files.files.iter().find(|(kind, path, ..)| kind == wanted || path.rsplit('/').next() == Some(wanted));
        let known = || files.files.iter().map(|(kind, ..)| kind.as_str()).collect::<Vec<_>>().join(", ");
        return found
            .map(|(.., bytes)| String::from_utf8_lossy(bytes).into_owned())
            .ok_or_else(|| format!("the device has no file \"{}\"; it has {}", visible(wanted), known()));
    }
    let title = title(&device);
    match own.format {
        Format::Json => Ok(format!("{}\n", json_of(&device, &files, own.reveal))),
        _ => Ok(format!("{title}\n{}{}{}", lines(&device), keys(&device), listed(&device, &files, own.reveal))),
    }
}

fn text_of(device: &Inspected<'_, '_, '_, '_>, name: &str) -> String {
    let setting = Registry::get().known(name);
    let mut text = String::new();
    device.compiled.device.slot(setting).value.spell(setting.id, &mut text);
    text
}

/// The first line: identifier, label, customer, model, state.
pub fn title(device: &Inspected<'_, '_, '_, '_>) -> String {
    let label = text_of(device, "device.label");
    let model = &device.compiled.plan.model;
    let status = match (device.compiled.enabled, &device.doc.activate) {
        (true, Some(activate)) => format!("active since {}", activate.value),
        (true, None) => "active".to_owned(),
        (false, Some(activate)) if device.doc.status == crate::model::Status::Active => format!("not active before {}", activate.value),
        (false, _) => format!("{:?}", device.doc.status).to_lowercase(),
    };
    let customer = if device.worker.docs.name.is_empty() { device.worker.site.customer } else { device.worker.docs.name };
    let words: Vec<String> = [label, visible(customer).into_owned(), format!("{} {}", device.compiled.plan.pack.name, model.name), status]
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect();
    format!("{}   {}", device.compiled.id, words.join(" · "))
}

fn lines(device: &Inspected<'_, '_, '_, '_>) -> String {
    let get = |line: &Element<'_>, name: &str| {
        let setting = Registry::get().known(name);
        let mut text = String::new();
        line.slot(setting).value.spell(setting.id, &mut text);
        text
    };
    let mut text = String::new();
    for (place, line) in device.compiled.device.lines.iter().enumerate() {
        let head = if place == 0 { "lines" } else { "" };
        let server = format!("{} {}:{}", get(line, "line.transport"), get(line, "line.registrar.host"), get(line, "line.registrar.port"));
        let shared = get(line, "line.shared");
        let shared = if shared.is_empty() || shared == "off" { String::new() } else { format!("   shared ({shared})") };
        let cli = get(line, "line.cli");
        let name = format!("{} {}", get(line, "line.user"), get(line, "line.display_name"));
        text.push_str(&format!("  {head:<7} {:>3}  {:<28} {server:<36} {cli}{shared}\n", line.number, visible(&name)));
    }
    if text.is_empty() { "  lines    none\n".to_owned() } else { text }
}

fn keys(device: &Inspected<'_, '_, '_, '_>) -> String {
    let model = &device.compiled.plan.model;
    let kind = known!("key.area");
    let counts = kind.values.iter().enumerate().filter_map(|(area, name)| {
        let used = device.compiled.device.keys.iter().filter(|key| key.area as usize == area).count();
        (used > 0).then(|| format!("{used} of {} {name}", model.keys(name)))
    });
    let counts: Vec<String> = counts.collect();
    if counts.is_empty() { String::new() } else { format!("  keys     {}\n", counts.join(" · ")) }
}

fn listed(device: &Inspected<'_, '_, '_, '_>, files: &Files, reveal: bool) -> String {
    let mut text = String::new();
    for (place, (kind, path, sensitivity, bytes)) in files.files.iter().enumerate() {
        let head = if place == 0 { "files" } else { "" };
        let shown = if reveal { path.clone() } else { hide(path, device.compiled.folder) };
        let size = format!("{:.1} KiB", bytes.len() as f64 / 1024.0);
        let level = format!("{sensitivity:?}").to_lowercase();
        text.push_str(&format!("  {head:<7}  {shown:<40} {size:>10}   {level:<9} {kind}\n"));
    }
    if !reveal {
        text.push_str("  passwords hidden, --reveal shows them\n");
    }
    text
}

fn hide(path: &str, folder: &str) -> String {
    let segments = path.split('/').map(|segment| {
        if segment == folder || segment.len() == 26 {
            format!("tok:…{}", &segment[segment.len().saturating_sub(2)..])
        } else {
            segment.to_owned()
        }
    });
    if folder.len() == 26 { segments.collect::<Vec<_>>().join("/") } else { path.to_owned() }
}

fn json_of(device: &Inspected<'_, '_, '_, '_>, files: &Files, reveal: bool) -> serde_json::Value {
    let compiled = &device.compiled;
    let lines: Vec<_> = compiled.device.lines.iter().map(|line| element(line, crate::settings::Subject::Line, "line.")).collect();
    let keys: Vec<_> = compiled.device.keys.iter().map(|key| element(key, crate::settings::Subject::Key, "key.")).collect();
    // What is hidden has other bytes, and a hash of a secret lets it be guessed.
    let whole = |sensitivity: Sensitivity| reveal || sensitivity < Sensitivity::Secret;
    let file = |(kind, path, sensitivity, bytes): &(String, String, Sensitivity, Vec<u8>)| {
        let (size, sha256) = whole(*sensitivity).then(|| (bytes.len(), hex(bytes))).unzip();
        json!({ "kind": kind, "name": path.rsplit('/').next(), "size": size, "sensitivity": sensitivity, "sha256": sha256 })
    };
    let files: Vec<_> = files.files.iter().map(file).collect();
    json!({ "schema": 1, "device": compiled.id.to_string(), "model": compiled.plan.model.id, "customer": device.worker.site.customer, "enabled": compiled.enabled, "label": text_of(device, "device.label"), "lines": lines, "keys": keys, "files": files })
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

fn element(element: &Element<'_>, subject: crate::settings::Subject, prefix: &str) -> serde_json::Value {
    let mut object = serde_json::Map::new();
    object.insert("number".to_owned(), json!(element.number));
    if subject == crate::settings::Subject::Key {
        object.insert("module".to_owned(), json!(element.module));
        object.insert("area".to_owned(), json!(known!("key.area").values[element.area as usize]));
    }
    for setting in Registry::get().all().iter().filter(|setting| setting.subject == subject) {
        let value = element.slots[setting.slot as usize].value;
        if value.is_set() && !matches!(value, Val::Absent) {
            object.entry(setting.name.trim_start_matches(prefix)).or_insert_with(|| crate::render::value(setting.id, value));
        }
    }
    object.into()
}

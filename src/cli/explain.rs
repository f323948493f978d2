//! `explain`

use crate::known;
use serde_json::{Value, json};

use super::args::{Explain, Global};
use super::output::{Exit, Output};
use super::{setup, show};
use crate::diagnostic::{Code, Format, visible};
use crate::model::Suggest;
use crate::render::{Rendered, render_table};
use crate::resolve::Heard;
use crate::run::{Inspected, Options, Project, inspect, without_login};
use crate::settings::{Element, Kind, Origin, Registry, Role, Sensitivity, Setting, SettingId, Slot, Subject, Val};

pub fn run(global: &Global, own: &Explain, output: &Output) -> Exit {
    if let Some(code) = Code::find(&own.what) {
        return output.result(&match own.format {
            Format::Json => format!("{}\n", json!({ "schema": 1, "code": code.name(), "severity": code.severity(), "text": code.text() })),
            _ => format!("{} ({:?})\n\n{}\n", code.name(), code.severity(), code.text()),
        });
    }
    if own.what.contains("::") {
        let near = Suggest::among(crate::diagnostic::CODES.iter().map(|code| code.name())).closest(&own.what);
        return output.fail(
            &format!("there is no code {}", visible(&own.what)),
            &near.map_or_else(String::new, |near| format!("did you mean {near}?")),
        );
    }
    attempt(global, own, output).unwrap_or_else(|exit| exit)
}

fn attempt(global: &Global, own: &Explain, output: &Output) -> Result<Exit, Exit> {
    let root = setup::root(global, output)?;
    let setting = own.setting.as_deref().map(|name| named(name, output)).transpose()?;
    let project = Project::open(&root);
    let key = setup::key(&own.key, &root, output)?;
    show::say_placeholders(&project, key.is_some(), output);
    let options = Options { as_of: setup::day(own.as_of, output)?, key, overrides: Vec::new() };
    let text = inspect(&project, &options, &own.what, |device| match setting {
        Some(setting) => one(device, setting, own.format),
        None => all(&device, own.format),
    });
    Ok(output.result(&text.map_err(|missing| show::lost(&missing, &own.what, &project, output))?))
}

/// The setting of a name; of a part of a list, the list.
fn named(name: &str, output: &Output) -> Result<&'static Setting, Exit> {
    let all = Registry::get().all();
    let Some(found) = Registry::get().find(name) else {
        let near = Suggest::among(all.iter().map(|setting| setting.name.as_str())).closest(name);
        return Err(output.fail(
            &format!("there is no setting {}", visible(name)),
            &near.map_or_else(String::new, |near| format!("did you mean {near}?")),
        ));
    };
    if found.kind == Kind::Table {
        let prefix = format!("{name}.");
        let parts = all.iter().filter(|part| part.kind != Kind::Table && part.name.starts_with(&prefix));
        let parts: Vec<&str> = parts.map(|part| part.name.as_str()).collect();
        return Err(output.fail(&format!("{name} is a table of settings"), &format!("name one of them: {}", parts.join(", "))));
    }
    Ok(name.split_once("[].").and_then(|(list, _)| Registry::get().find(list)).unwrap_or(found))
}

/// A value that can be shown: no secret, no secret part, no login in a URL.
fn shown(setting: &Setting, value: Val<'_>) -> Value {
    match value {
        Val::Absent | Val::Unset => Value::Null,
        _ if setting.sensitivity == Sensitivity::Secret => json!("(secret)"),
        Val::Records(records) => records.iter().map(|record| record_shown(record)).collect(),
        Val::Str(text) => json!(without_login(text)),
        Val::List(items) => items.iter().map(|item| shown(setting, *item)).collect(),
        _ => crate::render::value(setting.id, value),
    }
}

fn record_shown(record: &[(SettingId, Slot<'_>)]) -> Value {
    let parts = record.iter().map(|(id, slot)| {
        let part = Registry::get().setting(*id);
        (part.name.rsplit("[].").next().unwrap_or_default().to_owned(), shown(part, slot.value))
    });
    parts.collect::<serde_json::Map<_, _>>().into()
}

/// A value as people read it; secrets are not.
fn spelled(setting: &Setting, value: Val<'_>) -> String {
    match value {
        Val::Absent => "nothing".to_owned(),
        Val::Unset => "unset".to_owned(),
        _ if setting.sensitivity == Sensitivity::Secret => "(secret)".to_owned(),
        _ => visible(&shown(setting, value).to_string()).into_owned(),
    }
}

/// `file:line`, or why the value is there.
fn place(device: &Inspected<'_, '_, '_, '_>, origin: Origin) -> String {
    if let Some(reason) = origin.reason() {
        return reason.text().to_owned();
    }
    let Some((path, span)) = device.worker.locator.value(origin) else { return String::new() };
    let text = device
        .worker
        .context
        .packs
        .text(&path)
        .map(|text| text.to_string())
        .or_else(|| std::fs::read_to_string(device.worker.context.tree.root.join(&*path)).ok());
    let line = text.map_or(0, |text| text.as_bytes().iter().take(span.start).filter(|byte| **byte == b'\n').count() + 1);
    format!("{path}:{line}")
}

fn all(device: &Inspected<'_, '_, '_, '_>, format: Format) -> String {
    let mut rows: Vec<(String, String, String)> = Vec::new();
    let mut values: Vec<Value> = Vec::new();
    let mut add = |name: String, setting: &Setting, slot: Slot<'_>| {
        if slot.value != Val::Absent {
            values.push(shown(setting, slot.value));
            rows.push((name, spelled(setting, slot.value), place(device, slot.origin)));
        }
    };
    let resolved = &device.compiled.device;
    let parts: [(&str, Subject, &[Element<'_>]); 5] = [
        ("line", Subject::Line, &resolved.lines),
        ("key", Subject::Key, &resolved.keys),
        ("handset", Subject::Handset, &resolved.handsets),
        ("port", Subject::Port, &resolved.ports),
        ("relay", Subject::Relay, &resolved.relays),
    ];
    for setting in Registry::get().all().iter().filter(|setting| setting.subject == Subject::Device) {
        add(setting.name.clone(), setting, resolved.slot(setting));
    }
    for (word, subject, elements) in parts {
        for element in elements {
            let number = if element.module > 0 { format!("{}.{}", element.module, element.number) } else { element.number.to_string() };
            for setting in Registry::get().all().iter() {
                let slot = match setting.line_slot.filter(|_| subject == Subject::Line) {
                    Some(slot) => element.slots[slot as usize],
                    None if setting.subject == subject => element.slot(setting),
                    None => continue,
                };
                add(format!("{word}[{number}].{}", setting.name.strip_prefix(&format!("{word}.")).unwrap_or(&setting.name)), setting, slot);
            }
        }
    }
    for (name, slot) in &resolved.raw {
        values.push(json!("(secret)"));
        rows.push((format!("raw.\"{}\"", visible(name)), "(secret)".to_owned(), place(device, slot.origin)));
    }
    if format == Format::Json {
        let rows: Vec<_> =
            rows.iter().zip(&values).map(|((name, _, place), value)| json!({ "setting": name, "value": value, "origin": place })).collect();
        return format!("{}\n", json!({ "schema": 1, "device": device.compiled.id.to_string(), "settings": rows }));
    }
    let wide = rows
        .iter()
        .map(|(name, value, _)| name.chars().count() + value.chars().count() + 3)
        .filter(|width| *width <= 60)
        .max()
        .unwrap_or(0);
    let mut text = format!("{}\n", show::title(device));
    for (name, value, place) in rows {
        let head = format!("{name} = {value}");
        text.push_str(&format!("  {head:<wide$}   {place}\n"));
    }
    text
}

fn one(mut device: Inspected<'_, '_, '_, '_>, setting: &'static Setting, format: Format) -> String {
    let mut text = String::new();
    let mut objects = Vec::new();
    for (title, slot, heard) in heard(&device, setting) {
        let value = spelled(setting, slot.value);
        text.push_str(&format!("{} = {value}      {title} of {}\n", setting.name, show::title(&device)));
        let mut layers = Vec::new();
        for (place_in, layer) in heard.iter().rev().enumerate() {
            let wins = if place_in == 0 && layer.slot.origin == slot.origin { "   ← wins" } else { "" };
            let (value, place) = (spelled(setting, layer.slot.value), place(&device, layer.slot.origin));
            text.push_str(&format!("   {value:<24} {place:<44} {}{wins}\n", layer.scope));
            layers.push(
                json!({ "value": shown(setting, layer.slot.value), "origin": place, "scope": layer.scope, "wins": !wins.is_empty() }),
            );
        }
        if heard.is_empty() && slot.value != Val::Absent {
            text.push_str(&format!("   {}\n", place(&device, slot.origin)));
        }
        objects.push(json!({ "of": title, "value": shown(setting, slot.value), "origin": place(&device, slot.origin), "layers": layers }));
    }
    device.hide_secrets();
    let written = written(&device, setting);
    text.push_str(&if written.is_empty() {
        format!("no file of the {} tells it\n", device.compiled.plan.model.name)
    } else {
        "is written as\n".to_owned()
    });
    for (parameter, place, row) in &written {
        text.push_str(&format!("   {parameter:<60} {place}     ({row})\n"));
    }
    if format == Format::Json {
        let written: Vec<_> =
            written.iter().map(|(parameter, place, row)| json!({ "parameter": parameter, "file": place, "row": row })).collect();
        return format!(
            "{}\n",
            json!({ "schema": 1, "device": device.compiled.id.to_string(), "setting": setting.name, "resolved": objects, "written": written })
        );
    }
    text
}

type Told<'u> = (String, Slot<'u>, Vec<Heard<'u>>);

/// The resolved value, and every layer that spoke: once for the device, or for each line or other part that has a word of its own.
fn heard<'u>(device: &Inspected<'_, '_, '_, 'u>, setting: &'static Setting) -> Vec<Told<'u>> {
    let compiled = &device.compiled;
    let mut above = Vec::new();
    device.worker.layers(device.place, &compiled.plan, &mut |scope, layer| {
        above.extend(layer.settings.iter().filter(|(id, _)| *id == setting.id).map(|(_, slot)| Heard { scope, slot: *slot }));
    });
    let of_device = said(&device.doc.layer.settings, setting, "device");
    let (word, elements, docs) = match setting.subject {
        Subject::Line => ("line", &compiled.device.lines, &device.doc.lines),
        Subject::Key => ("key", &compiled.device.keys, &device.doc.keys),
        Subject::Handset => ("handset", &compiled.device.handsets, &device.doc.handsets),
        Subject::Port => ("port", &compiled.device.ports, &device.doc.ports),
        Subject::Relay => ("relay", &compiled.device.relays, &device.doc.relays),
        _ => ("line", &compiled.device.lines, &device.doc.lines),
    };
    let is_wide = setting.subject == Subject::Device;
    let mut told = Vec::new();
    if is_wide {
        told.push(("device".to_owned(), compiled.device.slot(setting), above.iter().chain(&of_device).cloned().collect()));
    }
    for element in elements.iter().filter(|_| !is_wide || setting.line_slot.is_some()) {
        let doc = docs.iter().find(|doc| doc.origin == element.origin);
        let extension = doc.and_then(|doc| doc.settings.iter().find(|(id, _)| *id == known!("line.extension").id));
        let extension = extension.and_then(|(_, slot)| device.worker.resolver.extension(slot.value.str()?));
        let of_extension = extension.map(|(_, extension)| said(&extension.settings, setting, "extension")).unwrap_or_default();
        let own = doc.map(|doc| said(&doc.settings, setting, word)).unwrap_or_default();
        if is_wide && of_extension.is_empty() && own.is_empty() {
            continue;
        }
        let slot = if word == "line" { compiled.device.line_slot(element, setting) } else { element.slot(setting) };
        let layers = above.iter().chain(&of_extension).chain(&of_device).chain(&own).cloned().collect();
        told.push((format!("{word} {}", element.number), slot, layers));
    }
    told
}

/// What one place says of a setting.
fn said<'u>(settings: &[(SettingId, Slot<'u>)], setting: &Setting, scope: &'static str) -> Vec<Heard<'u>> {
    settings.iter().filter(|(id, _)| *id == setting.id).map(|(_, slot)| Heard { scope, slot: *slot }).collect()
}

/// The parameters that a setting becomes: text, place in the file, row of the pack.
fn written(device: &Inspected<'_, '_, '_, '_>, setting: &Setting) -> Vec<(String, String, String)> {
    let plan = &device.compiled.plan;
    let mut found = Vec::new();
    let mut rendered = Rendered::default();
    if setting.role == Role::Sipress {
        return found;
    }
    for file in plan.files.iter().filter(|file| file.is_table() && plan.has_file(file, &device.compiled.device)) {
        let name = file.name(&device.compiled.id.to_string(), device.worker.site.customer);
        render_table(plan, file, &device.compiled.device, &name, &mut rendered);
        let text = String::from_utf8_lossy(&rendered.bytes).into_owned();
        for (entry, value) in rendered.evaluation.values.iter() {
            let row = &plan.rows[file.entries[entry as usize].row as usize];
            if !plan.row_reads(row, setting.id) || row.absent.as_deref() == Some(value) {
                continue;
            }
            let parameter = file.vocabulary_name(&file.entries[entry as usize].name);
            let line = text.lines().position(|line| line.contains(parameter)).map_or(0, |line| line + 1);
            let source = device
                .worker
                .context
                .packs
                .text(&row.path)
                .map_or(0, |text| text.as_bytes().iter().take(row.span.start).filter(|byte| **byte == b'\n').count() + 1);
            found.push((format!("{parameter} = {}", visible(value)), format!("{name}:{line}"), format!("{}:{source}", row.path)));
        }
    }
    found
}

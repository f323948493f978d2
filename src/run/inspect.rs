//! One device, looked at closely.

use crate::known;
use bumpalo::Bump;
use rayon::prelude::*;

use super::{Options, Project};
use crate::compile::{Compiled, Context, Worker};
use crate::diagnostic::Diagnostic;
use crate::model::{DeviceId, Suggest};
use crate::resolve::{DeviceDoc, Docs, Unit};
use crate::settings::{Record, Registry, Sensitivity, Slot, Val};

/// A device on the table.
pub struct Inspected<'i, 'w, 'g: 'u, 'u> {
    /// What works on its customer.
    pub worker: Worker<'w, 'g, 'u>,
    /// The device as written.
    pub doc: &'i DeviceDoc<'u>,
    /// Its scope.
    pub place: usize,
    /// The device, resolved.
    pub compiled: Compiled<'u>,
}

/// Why a device cannot be looked at.
pub enum Missing {
    /// There is none of this name; perhaps this one was meant.
    Unknown(Option<String>),
    /// Several have this label.
    Ambiguous(Vec<String>),
    /// It has errors.
    Broken(Vec<Diagnostic>),
}

/// Finds a device by any spelling of its identifier or by its label, and hands it over.
pub fn inspect<R>(
    project: &Project,
    options: &Options,
    name: &str,
    look: impl FnOnce(Inspected<'_, '_, '_, '_>) -> R,
) -> Result<R, Missing> {
    let arena = Bump::new();
    let mut diagnostics = Vec::new();
    let context = project.context(&arena, options, &mut diagnostics);
    let units = project.units();
    let found = find(&context, &units, name)?;
    one(&context, &units[found.unit], found.device, look)
}

/// A device among the units.
pub struct Found {
    /// Which unit has it.
    pub unit: usize,
    /// Which of the unit's devices it is.
    pub device: usize,
    /// Its identifier.
    pub id: String,
    label: Option<String>,
}

/// Finds a device by any spelling of its identifier or by its label.
pub fn find(context: &Context<'_>, units: &[Unit<'_>], name: &str) -> Result<Found, Missing> {
    let id = DeviceId::parse(name).map(|id| id.to_string());
    let all: Vec<Found> = units.par_iter().enumerate().flat_map_iter(|(unit, files)| devices(context, files, unit)).collect();
    let is_meant =
        |found: &Found| id.as_ref() == Some(&found.id) || found.label.as_ref().is_some_and(|label| super::select::is_label(label, name));
    let mut meant: Vec<usize> = all.iter().enumerate().filter(|(_, found)| is_meant(found)).map(|(place, _)| place).collect();
    match (meant.pop(), meant.is_empty()) {
        (Some(place), true) => all.into_iter().nth(place).ok_or(Missing::Unknown(None)),
        (Some(last), false) => Err(Missing::Ambiguous(meant.into_iter().chain([last]).map(|place| all[place].id.clone()).collect())),
        (None, _) => {
            let known = all.iter().flat_map(|found| [Some(found.id.as_str()), found.label.as_deref()]).flatten();
            Err(Missing::Unknown(Suggest::among(known).closest(name).map(str::to_owned)))
        }
    }
}

/// The devices of a unit.
fn devices(context: &Context<'_>, unit: &Unit<'_>, number: usize) -> Vec<Found> {
    let arena = Bump::new();
    let docs = unit.read(context.tree, &context.fleet, &arena, &mut Vec::new());
    let label = known!("device.label").id;
    let named = docs.devices.iter().enumerate().filter_map(|(place, (doc, _))| {
        let label = doc.layer.settings.iter().find(|(id, _)| *id == label).and_then(|(_, slot)| slot.value.str().map(str::to_owned));
        Some(Found { unit: number, device: place, id: doc.id.as_ref()?.value.to_string(), label })
    });
    named.collect()
}

/// Hands over a device of a unit.
pub fn one<R>(
    context: &Context<'_>,
    unit: &Unit<'_>,
    device: usize,
    look: impl FnOnce(Inspected<'_, '_, '_, '_>) -> R,
) -> Result<R, Missing> {
    let arena = Bump::new();
    let docs: Docs<'_> = unit.read(context.tree, &context.fleet, &arena, &mut Vec::new());
    let mut worker = Worker::new(context, unit, &docs, &arena);
    let Some((doc, place)) = docs.devices.get(device) else { return Err(Missing::Unknown(None)) };
    match worker.resolve(doc, *place) {
        Some(compiled) => Ok(look(Inspected { worker, doc, place: *place, compiled })),
        None => Err(Missing::Broken(worker.diagnostics)),
    }
}

impl<'g: 'u, 'u> Inspected<'_, '_, 'g, 'u> {
    /// Replaces every secret by a word, so that what is rendered from here on can be shown.
    pub fn hide_secrets(&mut self) {
        let hidden = Val::Str("hidden");
        let folder = self.compiled.folder;
        let registry = Registry::get();
        let short = format!("tok:…{}", &folder[folder.len().saturating_sub(2)..]);
        for setting in registry.all().iter().filter(|setting| setting.sensitivity == crate::settings::Sensitivity::Secret) {
            let hide = |slot: &mut crate::settings::Slot<'_>| {
                if slot.value.is_set() {
                    slot.value = hidden;
                }
            };
            match setting.subject {
                crate::settings::Subject::Device => {
                    let slot = &mut self.compiled.device.slots[setting.slot as usize];
                    match slot.value {
                        Val::Str(url) if setting.kind == crate::settings::Kind::Url => {
                            slot.value = Val::Str(self.worker.keep(&without_token(url, folder, &short)))
                        }
                        _ => hide(slot),
                    }
                    if let Some(own) = setting.line_slot {
                        self.compiled.device.lines.iter_mut().for_each(|line| hide(&mut line.slots[own as usize]));
                    }
                }
                crate::settings::Subject::Line => {
                    self.compiled.device.lines.iter_mut().for_each(|line| hide(&mut line.slots[setting.slot as usize]))
                }
                crate::settings::Subject::Relay => {
                    self.compiled.device.relays.iter_mut().for_each(|relay| hide(&mut relay.slots[setting.slot as usize]))
                }
                _ => {}
            }
        }
        for (_, slot) in &mut self.compiled.device.raw {
            slot.value = hidden;
        }
        self.hide_in_records_and_urls();
    }

    /// Secrets that are parts of records, and logins in URLs that are no secrets themselves.
    fn hide_in_records_and_urls(&mut self) {
        let arena = self.worker.arena();
        let device = &mut self.compiled.device;
        let lines = device.lines.iter_mut().flat_map(|line| line.slots.iter_mut());
        for slot in device.slots.iter_mut().chain(lines) {
            match slot.value {
                Val::Records(records) => {
                    slot.value = Val::Records(arena.alloc_slice_fill_iter(records.iter().map(|record| hidden_record(record, arena))))
                }
                Val::Str(text) if text.contains("://") && text.contains('@') => {
                    slot.value = Val::Str(arena.alloc_str(&without_login(text)))
                }
                _ => {}
            }
        }
    }
}

fn hidden_record<'u>(record: Record<'u>, arena: &'u Bump) -> Record<'u> {
    arena.alloc_slice_fill_iter(record.iter().map(|(id, slot)| {
        let secret = Registry::get().setting(*id).sensitivity == Sensitivity::Secret && slot.value.is_set();
        (*id, if secret { Slot { value: Val::Str("hidden"), ..*slot } } else { *slot })
    }))
}

/// A secret URL without what is secret in it: its server, and the device's own folder shortened where it is that.
fn without_token(url: &str, folder: &str, short: &str) -> String {
    let server = url.split_once("://").map(|(scheme, rest)| {
        let authority = rest.split('/').next().unwrap_or_default();
        format!("{scheme}://{}", authority.rsplit_once('@').map_or(authority, |(_, host)| host))
    });
    let Some(server) = server else { return "hidden".to_owned() };
    match url.split('/').any(|segment| segment == folder && segment.len() == 26) {
        true => format!("{server}/{short}/{}", url.rsplit('/').next().unwrap_or_default()),
        false => format!("{server}/hidden"),
    }
}

/// A URL without the login in it.
pub fn without_login(url: &str) -> String {
    match url.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
            format!("{scheme}://{}{path}", authority.rsplit_once('@').map_or(authority, |(_, host)| host))
        }
        None => url.to_owned(),
    }
}

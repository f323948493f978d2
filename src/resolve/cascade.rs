//! The cascade: pack → model → fleet → MSP → customer → site → extension → device → line.

use crate::known;
use std::collections::HashMap;
use std::sync::Arc;

use bumpalo::Bump;
use toml::Table;

use super::device::DeviceDoc;
use super::extensions::Extension;
use super::fleet::Fleet;
use super::layer::{Layer, Scope, merge_raw, merge_vars};
use super::unit::Docs;
use crate::settings::{Device, Element, FileId, Registry, Setting, SettingId, Slot, Subject, Val};
use crate::vendor::{Model, Pack};

/// What the scopes above a device say, for one model.
#[derive(Clone, Debug)]
pub struct Base<'u> {
    pub(super) device: Vec<Slot<'u>>,
    pub(super) line: Vec<Slot<'u>>,
    pub(super) raw: Vec<(&'u str, Slot<'u>)>,
    pub(super) vars: Table,
}

/// A layer that spoke of a setting, for `explain`.
#[derive(Clone, Debug)]
pub struct Heard<'u> {
    /// Which scope.
    pub scope: &'static str,
    /// What it said.
    pub slot: Slot<'u>,
}

/// Resolves the devices of a unit.
pub struct Resolver<'r, 'u> {
    pub(super) fleet: &'r Fleet<'u>,
    pub(super) docs: &'r Docs<'u>,
    pub(super) arena: &'u Bump,
    pub(super) msps: &'r [String],
    pack_files: &'r HashMap<Arc<str>, FileId>,
    bases: HashMap<(usize, String), Base<'u>>,
    extensions: HashMap<&'u str, usize>,
}

impl<'r, 'u> Resolver<'r, 'u> {
    /// A resolver for the devices of `docs`.
    pub fn new(
        fleet: &'r Fleet<'u>,
        docs: &'r Docs<'u>,
        msps: &'r [String],
        pack_files: &'r HashMap<Arc<str>, FileId>,
        arena: &'u Bump,
    ) -> Self {
        let extensions = docs.extensions.iter().enumerate().map(|(place, extension)| (extension.number, place)).collect();
        Resolver { fleet, docs, arena, msps, pack_files, bases: HashMap::new(), extensions }
    }

    /// The extension of a number.
    pub fn extension(&self, number: &str) -> Option<(usize, &'r Extension<'u>)> {
        let place = *self.extensions.get(number)?;
        Some((place, &self.docs.extensions[place]))
    }

    /// What the scopes say at a place for a model.
    pub fn base(&mut self, place: usize, pack: &'u Pack, model: &'u Model) -> &Base<'u> {
        let key = (place, model.id.clone());
        if !self.bases.contains_key(&key) {
            let mut base = Base::empty();
            self.each_layer(place, pack, model, &mut |_, layer| base.overlay(layer));
            self.bases.insert(key.clone(), base);
        }
        &self.bases[&key]
    }

    /// Visits the layers above a device, lowest first.
    pub fn each_layer(&self, place: usize, pack: &'u Pack, model: &'u Model, visit: &mut dyn FnMut(&'static str, &Layer<'u>)) {
        for defaults in &pack.defaults {
            let holds = defaults.of.as_ref().is_none_or(|name| name == model.short() || model.families.contains(name));
            if let Some(file) = self.pack_files.get(&defaults.path).filter(|_| holds) {
                let layer = Layer { settings: defaults.layer(*file, self.arena).collect(), ..Layer::default() };
                visit(if defaults.of.is_some() { "model default" } else { "pack default" }, &layer);
            }
        }
        let mut scope = |name: &'static str, scope: &Scope<'u>| each_of(scope, model, &mut |layer| visit(name, layer));
        scope("fleet", &self.fleet.scope);
        for msp in self.msps {
            if let Some(own) = self.fleet.msps.get(msp) {
                scope("msp", own);
            }
        }
        let mut chain = Vec::new();
        let mut next = Some(place);
        while let Some(at) = next {
            chain.push(at);
            next = self.docs.places[at].above;
        }
        for at in chain.into_iter().rev() {
            let place = &self.docs.places[at];
            scope(if place.above.is_some() { "site" } else { "customer" }, &place.scope);
        }
    }

    /// The device's slots, its own word included.
    pub fn device(&mut self, doc: &DeviceDoc<'u>, place: usize, pack: &'u Pack, model: &'u Model) -> (Device<'u>, Table, Vec<Slot<'u>>) {
        let base = self.base(place, pack, model);
        let mut device = Device { slots: base.device.clone(), raw: base.raw.clone(), ..Device::default() };
        let (mut vars, line) = (base.vars.clone(), base.line.clone());
        for (id, slot) in &doc.layer.settings {
            let setting = Registry::get().setting(*id);
            if setting.subject == Subject::Device {
                device.slots[setting.slot as usize] = *slot;
            }
        }
        merge_raw(&mut device.raw, &doc.layer.raw);
        if !doc.layer.vars.is_empty() {
            merge_vars(&mut vars, &doc.layer.vars);
        }
        (device, vars, line)
    }

    /// A line's slots: the scopes', the extension's where the device has no word of its own, the line's.
    pub fn line(&self, base: &[Slot<'u>], number: u16, device: &Layer<'u>, doc: &super::ElementDoc<'u>) -> Element<'u> {
        let mut line = Element { number, module: 0, area: 0, origin: doc.origin, slots: base.to_vec() };
        let named = doc.settings.iter().rev().find(|(id, _)| *id == known!("line.extension").id);
        if let Some((_, Slot { value: Val::Str(number), .. })) = named
            && let Some((_, extension)) = self.extension(number)
        {
            let of_device = |id: &SettingId| device.settings.iter().any(|(own, _)| own == id);
            overlay_line(&mut line.slots, extension.settings.iter().filter(|(id, _)| !of_device(id)));
        }
        overlay_line(&mut line.slots, &doc.settings);
        line
    }
}

fn each_of<'u>(scope: &Scope<'u>, model: &Model, visit: &mut dyn FnMut(&Layer<'u>)) {
    let vendor = model.id.split('/').next().unwrap_or_default();
    visit(&scope.all);
    scope.vendors.iter().filter(|of| of.name == vendor).for_each(|of| visit(&of.layer));
    scope.models.iter().filter(|of| of.name == model.id).for_each(|of| visit(&of.layer));
}

/// The slot of a setting in a line: its own, or that of one that reaches both.
pub fn line_slot(setting: &Setting) -> Option<usize> {
    match setting.subject {
        Subject::Line => Some(setting.slot as usize),
        _ => setting.line_slot.map(usize::from),
    }
}

fn overlay_line<'l, 'u: 'l>(slots: &mut [Slot<'u>], settings: impl IntoIterator<Item = &'l (SettingId, Slot<'u>)>) {
    for (id, slot) in settings {
        if let Some(place) = line_slot(Registry::get().setting(*id)) {
            slots[place] = *slot;
        }
    }
}

impl<'u> Base<'u> {
    fn empty() -> Base<'u> {
        let registry = Registry::get();
        Base {
            device: vec![Slot::EMPTY; registry.size(Subject::Device)],
            line: vec![Slot::EMPTY; registry.size(Subject::Line)],
            raw: Vec::new(),
            vars: Table::new(),
        }
    }

    fn overlay(&mut self, layer: &Layer<'u>) {
        for (id, slot) in &layer.settings {
            let setting = Registry::get().setting(*id);
            match setting.subject {
                Subject::Device => self.device[setting.slot as usize] = *slot,
                Subject::Line => self.line[setting.slot as usize] = *slot,
                _ => {}
            }
        }
        merge_raw(&mut self.raw, &layer.raw);
        merge_vars(&mut self.vars, &layer.vars);
    }
}

//! What one place says: the settings, raw parameters and vars of a `[defaults]` table or a device.

use std::borrow::Cow;

use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

use super::layouts::Layout;
use crate::settings::{Parser, Registry, Setting, SettingId, Slot, Subject, Val};

/// What one place says.
#[derive(Clone, Debug, Default)]
pub struct Layer<'u> {
    /// Settings.
    pub settings: Vec<(SettingId, Slot<'u>)>,
    /// Vendor parameters that are passed through.
    pub raw: Vec<(&'u str, Slot<'u>)>,
    /// Free-form values for templates.
    pub vars: Table,
}

/// What a scope says of all devices, of a vendor's and of a model's.
#[derive(Clone, Debug, Default)]
pub struct Scope<'u> {
    /// `[defaults]`.
    pub all: Layer<'u>,
    /// `[defaults.vendor.NAME]`.
    pub vendors: Vec<Of<'u>>,
    /// `[defaults.model."NAME"]`.
    pub models: Vec<Of<'u>>,
    /// `[[layouts.NAME]]`.
    pub layouts: Vec<Layout<'u>>,
}

/// What a scope says of one vendor or model.
#[derive(Clone, Debug)]
pub struct Of<'u> {
    /// Which.
    pub name: &'u str,
    /// The file that says so.
    pub path: std::sync::Arc<str>,
    /// Where the name stands.
    pub span: std::ops::Range<usize>,
    /// What it says.
    pub layer: Layer<'u>,
}

/// Settings that a scope may hold: those of devices, and those of lines.
pub fn of_scope(setting: &Setting) -> bool {
    matches!(setting.subject, Subject::Device | Subject::Line | Subject::Item)
}

/// Settings that a device may hold outside its lines.
pub fn of_device(setting: &Setting) -> bool {
    matches!(setting.subject, Subject::Device | Subject::Item)
}

impl<'u> Scope<'u> {
    /// Reads the `[defaults]` table of a scope.
    pub fn read(&mut self, parser: &mut Parser<'_, 'u>, value: &Spanned<DeValue<'u>>) {
        let Some(table) = parser.table(value) else { return };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "vendor" => self.vendors = layers(parser, value),
                "model" => self.models = layers(parser, value),
                _ => self.all.read(parser, key, value, &of_scope),
            }
        }
    }
}

fn layers<'u>(parser: &mut Parser<'_, 'u>, value: &Spanned<DeValue<'u>>) -> Vec<Of<'u>> {
    let mut layers = Vec::new();
    let Some(table) = parser.table(value) else { return layers };
    for (key, value) in table {
        let mut layer = Layer::default();
        if let Some(inner) = parser.table(value) {
            for (key, value) in inner {
                layer.read(parser, key, value, &of_scope);
            }
        }
        layers.push(Of { name: parser.arena.alloc_str(key.get_ref()), path: parser.path.clone(), span: key.span(), layer });
    }
    layers
}

impl<'u> Layer<'u> {
    /// Reads one key of a table of settings.
    pub fn read(
        &mut self,
        parser: &mut Parser<'_, 'u>,
        key: &Spanned<Cow<'u, str>>,
        value: &Spanned<DeValue<'u>>,
        allowed: &dyn Fn(&Setting) -> bool,
    ) {
        match key.get_ref().as_ref() {
            "raw" => self.raw.extend(raw(parser, value)),
            "vars" => {
                if let Some(table) = parser.table(value) {
                    self.vars = plain_table(parser, table);
                }
            }
            name => match Registry::get().root().children.get(name) {
                Some(node) if name != "device" => parser.node(node, key, value, allowed, &mut self.settings),
                _ => {
                    let roots = Registry::get().root().children.keys().map(String::as_str);
                    parser.unknown_key(key, roots.chain(["raw", "vars", "vendor", "model"]));
                }
            },
        }
    }
}

/// The parameters of a `raw` table, sorted by name.
fn raw<'u>(parser: &mut Parser<'_, 'u>, value: &Spanned<DeValue<'u>>) -> Vec<(&'u str, Slot<'u>)> {
    let mut found = Vec::new();
    let Some(table) = parser.table(value) else { return found };
    for (key, value) in table {
        let origin = parser.origin(value.span().start);
        let text = match value.get_ref() {
            DeValue::Table(_) => Some(Val::Unset),
            _ => parser.short_text(value, 4096).map(Val::Str),
        };
        if let Some(value) = text {
            found.push((&*parser.arena.alloc_str(key.get_ref()), Slot { value, origin }));
        }
    }
    found.sort_by_key(|(name, _)| *name);
    found
}

/// A table of free-form values; its texts are held to the same rules as all texts.
fn plain_table<'u>(parser: &mut Parser<'_, 'u>, table: &DeTable<'u>) -> Table {
    table.iter().filter_map(|(key, value)| Some((key.get_ref().clone().into_owned(), plain(parser, value)?))).collect()
}

fn plain<'u>(parser: &mut Parser<'_, 'u>, value: &Spanned<DeValue<'u>>) -> Option<Value> {
    Some(match value.get_ref() {
        DeValue::String(_) => Value::String(parser.text(value)?.to_owned()),
        DeValue::Integer(_) => Value::Integer(parser.int(value)?),
        DeValue::Float(float) => Value::Float(float.as_str().parse().ok()?),
        DeValue::Boolean(bool) => Value::Boolean(*bool),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(array) => Value::Array(array.iter().filter_map(|item| plain(parser, item)).collect()),
        DeValue::Table(table) => Value::Table(plain_table(parser, table)),
    })
}

/// Merges vars: tables key by key, anything else is replaced.
pub fn merge_vars(base: &mut Table, over: &Table) {
    for (name, value) in over {
        match (base.get_mut(name), value) {
            (Some(Value::Table(own)), Value::Table(value)) => merge_vars(own, value),
            _ => _ = base.insert(name.clone(), value.clone()),
        }
    }
}

/// Merges raw parameters by name.
pub fn merge_raw<'u>(base: &mut Vec<(&'u str, Slot<'u>)>, over: &[(&'u str, Slot<'u>)]) {
    for (name, slot) in over {
        match base.binary_search_by_key(name, |(known, _)| *known) {
            Ok(place) => base[place].1 = *slot,
            Err(place) => base.insert(place, (*name, *slot)),
        }
    }
}

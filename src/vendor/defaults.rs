//! A pack's own settings, the lowest layer of the cascade.

use bumpalo::Bump;
use toml::de::{DeTable, DeValue};

use super::PackSource;
use super::row::member;
use crate::diagnostic::Diagnostic;
use crate::settings::{FileId, Origin, Parser, Registry, SettingId, Slot, Subject, Val};

/// Settings of a pack, of a family or of a model.
#[derive(Debug)]
pub struct PackDefaults {
    /// The family or model, by its name in models.toml; `None` for the whole pack.
    pub of: Option<String>,
    /// The file that they stand in.
    pub path: std::sync::Arc<str>,
    settings: Vec<(SettingId, Owned, u32)>,
}

#[derive(Debug)]
enum Owned {
    Unset,
    Bool(bool),
    Int(i64),
    Enum(u8),
    Str(Box<str>),
    List(Vec<Owned>),
}

impl PackDefaults {
    /// Reads `[defaults]` of vendor.toml, and those of families and models in models.toml.
    pub fn read(source: &PackSource, diagnostics: &mut Vec<Diagnostic>) -> Vec<PackDefaults> {
        let Ok(table) = DeTable::parse(&source.text) else { return Vec::new() };
        let mut found = Vec::new();
        if let Some(own) = member(table.get_ref(), "defaults").and_then(DeValue::as_table) {
            found.push(one(None, own, source, diagnostics));
        }
        for kind in ["family", "model"] {
            for (name, row) in member(table.get_ref(), kind).and_then(DeValue::as_table).into_iter().flatten() {
                let own = row.get_ref().as_table().and_then(|row| member(row, "defaults")).and_then(DeValue::as_table);
                found.extend(own.map(|own| one(Some(name.get_ref().to_string()), own, source, diagnostics)));
            }
        }
        found
    }

    /// The settings, in the arena of who asks.
    pub fn layer<'u>(&'u self, file: FileId, arena: &'u Bump) -> impl Iterator<Item = (SettingId, Slot<'u>)> {
        self.settings.iter().map(move |(id, value, at)| (*id, Slot { value: value.borrow(arena), origin: Origin { file, at: *at } }))
    }
}

fn one(of: Option<String>, table: &DeTable<'_>, source: &PackSource, diagnostics: &mut Vec<Diagnostic>) -> PackDefaults {
    let arena = Bump::new();
    let mut parser = Parser { file: FileId(0), path: &source.path, arena: &arena, clear_secrets: None, diagnostics: Vec::new() };
    let mut settings = Vec::new();
    let owned: DeTable<'_> = table.clone();
    parser.settings(Registry::get().root(), &owned, &|setting| matches!(setting.subject, Subject::Device | Subject::Line), &mut settings);
    diagnostics.append(&mut parser.diagnostics);
    let settings = settings.into_iter().map(|(id, slot)| (id, Owned::of(slot.value), slot.origin.at)).collect();
    PackDefaults { of, path: source.path.clone(), settings }
}

impl Owned {
    fn of(value: Val<'_>) -> Owned {
        match value {
            Val::Bool(bool) => Owned::Bool(bool),
            Val::Int(number) => Owned::Int(number),
            Val::Enum(index) => Owned::Enum(index),
            Val::Str(text) => Owned::Str(text.into()),
            Val::List(items) => Owned::List(items.iter().map(|item| Owned::of(*item)).collect()),
            Val::Absent | Val::Unset | Val::Records(_) | Val::Map(_) => Owned::Unset,
        }
    }

    fn borrow<'u>(&'u self, arena: &'u Bump) -> Val<'u> {
        match self {
            Owned::Unset => Val::Unset,
            Owned::Bool(bool) => Val::Bool(*bool),
            Owned::Int(number) => Val::Int(*number),
            Owned::Enum(index) => Val::Enum(*index),
            Owned::Str(text) => Val::Str(text),
            Owned::List(items) => Val::List(arena.alloc_slice_fill_iter(items.iter().map(|item| item.borrow(arena)))),
        }
    }
}

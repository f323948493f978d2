//! From TOML values to settings, with a finding for everything that is wrong.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use bumpalo::Bump;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::hostile::text_is_hostile;
use super::kind::{canonical, mismatch};
use super::registry::Node;
use super::{FileId, Kind, Origin, Record, Registry, Sensitivity, Setting, SettingId, Slot, Val};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::model::Suggest;

/// Reads the values of one file.
pub struct Parser<'p, 'u> {
    /// The file.
    pub file: FileId,
    /// Its path, for findings.
    pub path: &'p Arc<str>,
    /// Owns what cannot be borrowed from the text.
    pub arena: &'u Bump,
    /// What is said of a secret in clear; `None` says nothing.
    pub clear_secrets: Option<Severity>,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
}

type Value<'u> = Spanned<DeValue<'u>>;

impl<'p, 'u> Parser<'p, 'u> {
    /// The origin of what begins at this byte.
    pub fn origin(&self, at: usize) -> Origin {
        Origin { file: self.file, at: at as u32 }
    }

    /// Adds a finding at a place of this file and gives it back to be completed.
    pub fn find(&mut self, code: Code, span: Range<usize>, message: impl Into<String>, text: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::new(code, message).at(self.path, span, text));
        self.diagnostics.last_mut().expect("just pushed")
    }

    /// Says that a key means nothing here.
    pub fn unknown_key<'k>(&mut self, key: &Spanned<Cow<'_, str>>, known: impl IntoIterator<Item = &'k str>) {
        let best = Suggest::among(known).closest(key.get_ref());
        let found =
            self.find(Code::TOML_UNKNOWN_KEY, key.span(), format!("unknown key `{}`", key.get_ref().escape_debug()), "not a key here");
        if let Some(best) = best {
            found.help.push(format!("did you mean `{best}`?"));
        }
    }

    /// Says that a value has the wrong type.
    pub fn wrong_type(&mut self, value: &Value<'_>, expected: &str) {
        let message = format!("expected {expected}, found {}", type_name(value.get_ref()));
        self.find(Code::TOML_WRONG_TYPE, value.span(), message, format!("should be {expected}"));
    }

    /// A text without control or bidirectional characters, in NFC.
    pub fn text(&mut self, value: &Value<'u>) -> Option<&'u str> {
        let DeValue::String(text) = value.get_ref() else {
            self.wrong_type(value, "a string");
            return None;
        };
        if let Some(reason) = text_is_hostile(text) {
            let found = self.find(Code::TEXT_HOSTILE, value.span(), reason, "here");
            found.help.push("remove the character; a phone or a terminal would take it for something else".to_owned());
            return None;
        }
        let text = match text {
            Cow::Borrowed(text) => *text,
            Cow::Owned(text) => self.arena.alloc_str(text),
        };
        if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
            return Some(text);
        }
        Some(self.arena.alloc_str(&text.nfc().collect::<String>()))
    }

    /// A text of at most this many characters.
    pub fn short_text(&mut self, value: &Value<'u>, max: usize) -> Option<&'u str> {
        let text = self.text(value)?;
        let count = text.chars().count();
        if count > max {
            self.find(Code::VALUE_TOO_LONG, value.span(), format!("{count} characters where {max} fit"), format!("at most {max}"));
            return None;
        }
        Some(text)
    }

    /// A whole number.
    pub fn int(&mut self, value: &Value<'u>) -> Option<i64> {
        let DeValue::Integer(number) = value.get_ref() else {
            self.wrong_type(value, "a whole number");
            return None;
        };
        let parsed = i64::from_str_radix(number.as_str(), number.radix()).ok();
        if parsed.is_none() {
            self.find(Code::VALUE_OUT_OF_RANGE, value.span(), "a number beyond 64 bits", "too large");
        }
        parsed
    }

    /// true or false.
    pub fn bool(&mut self, value: &Value<'u>) -> Option<bool> {
        let found = value.get_ref().as_bool();
        if found.is_none() {
            self.wrong_type(value, "true or false");
        }
        found
    }

    /// A table.
    pub fn table<'t>(&mut self, value: &'t Value<'u>) -> Option<&'t DeTable<'u>> {
        let found = value.get_ref().as_table();
        if found.is_none() {
            self.wrong_type(value, "a table");
        }
        found
    }

    /// The settings of a table, appended to `out`. `node` is where the table stands in the tree of names.
    pub fn settings(&mut self, node: &Node, table: &DeTable<'u>, allowed: &dyn Fn(&Setting) -> bool, out: &mut Vec<(SettingId, Slot<'u>)>) {
        for (key, value) in table {
            match node.offered(key.get_ref(), allowed) {
                Some(child) => self.node(child, key, value, allowed, out),
                None => {
                    self.unknown_key(key, node.children.keys().map(String::as_str).filter(|name| node.offered(name, allowed).is_some()))
                }
            }
        }
    }

    /// The settings of one key of a table.
    pub fn node(
        &mut self,
        node: &Node,
        key: &Spanned<Cow<'_, str>>,
        value: &Value<'u>,
        allowed: &dyn Fn(&Setting) -> bool,
        out: &mut Vec<(SettingId, Slot<'u>)>,
    ) {
        let setting = node.setting.map(|id| Registry::get().setting(id));
        let is_leaf = setting.is_some_and(|setting| setting.kind != Kind::Table);
        if let Some(table) = value.get_ref().as_table() {
            if is_unset(table) {
                let origin = self.origin(value.span().start);
                return each_leaf(node, allowed, &mut |id| out.push((id, Slot { value: Val::Unset, origin })));
            }
            if !is_leaf {
                return self.settings(node, table, allowed, out);
            }
        }
        let Some(setting) = setting.filter(|_| is_leaf) else {
            return self.wrong_type(value, "a table");
        };
        if !setting.is_written() {
            let found = self.find(Code::SETTING_READ_ONLY, key.span(), format!("`{}` cannot be set", setting.name), "computed by sipress");
            return found.help.push(read_only_help(setting));
        }
        if let Some(parsed) = self.value(setting, value) {
            out.push((setting.id, Slot { value: parsed, origin: self.origin(value.span().start) }));
        }
    }

    /// A value of a setting.
    pub fn value(&mut self, setting: &Setting, value: &Value<'u>) -> Option<Val<'u>> {
        match setting.kind {
            Kind::Records => return self.records(setting, value),
            Kind::Map => return self.map(setting, value),
            _ if setting.list => {}
            _ => return self.scalar(setting, value),
        }
        let DeValue::Array(array) = value.get_ref() else {
            self.wrong_type(value, "a list");
            return None;
        };
        let mut items = bumpalo::collections::Vec::with_capacity_in(array.len(), self.arena);
        for item in array.iter() {
            let parsed = self.scalar(setting, item)?;
            if items.contains(&parsed) {
                self.find(Code::VALUE_INVALID, item.span(), format!("`{}` lists this twice", setting.name), "again");
                return None;
            }
            items.push(parsed);
        }
        if let Some(max) = setting.max_items().filter(|max| items.len() > *max) {
            self.find(
                Code::VALUE_OUT_OF_RANGE,
                value.span(),
                format!("`{}` takes at most {max}", setting.name),
                format!("{} given", items.len()),
            );
            return None;
        }
        if setting.name == "line.dtmf" {
            items.sort_by_key(|item| if let Val::Enum(index) = item { *index } else { 0 });
        }
        Some(Val::List(items.into_bump_slice()))
    }

    fn scalar(&mut self, setting: &Setting, value: &Value<'u>) -> Option<Val<'u>> {
        match setting.kind {
            Kind::Bool => self.bool(value).map(Val::Bool),
            Kind::Int => self.ranged(setting, value, Code::VALUE_OUT_OF_RANGE),
            Kind::Port => self.ranged(setting, value, Code::NET_BAD_PORT),
            Kind::Dscp => self.ranged(setting, value, Code::NET_BAD_DSCP),
            Kind::Vlan => self.ranged(setting, value, Code::NET_BAD_VLAN),
            Kind::Enum => self.enumerated(setting, value),
            _ => self.textual(setting, value),
        }
    }

    fn ranged(&mut self, setting: &Setting, value: &Value<'u>, code: Code) -> Option<Val<'u>> {
        let (min, max) = setting.range();
        let number = self.int(value)?;
        if (min..=max).contains(&number) {
            return Some(Val::Int(number));
        }
        let unit = setting.unit.as_deref().map(|unit| format!(" {unit}")).unwrap_or_default();
        let message = format!("`{}` is {number}, outside {min} to {max}{unit}", setting.name);
        self.find(code, value.span(), message, format!("{min} to {max}{unit}"));
        None
    }

    fn enumerated(&mut self, setting: &Setting, value: &Value<'u>) -> Option<Val<'u>> {
        if let (Some(bool), Some((yes, no))) = (value.get_ref().as_bool(), &setting.bool_values) {
            let name = if bool { yes } else { no };
            return setting.values.iter().position(|known| known == name).map(|index| Val::Enum(index as u8));
        }
        let text = self.text(value)?;
        if let Some(index) = setting.values.iter().position(|known| known == text) {
            return Some(Val::Enum(index as u8));
        }
        let best = Suggest::among(setting.values.iter().map(String::as_str)).closest(text);
        let found = self.find(
            Code::VALUE_NOT_ONE_OF,
            value.span(),
            format!("`{}` cannot be \"{}\"", setting.name, text.escape_debug()),
            "not one of its values",
        );
        if let Some(best) = best {
            found.help.push(format!("did you mean \"{best}\"?"));
        }
        found.help.push(format!("it is one of {}", setting.values.join(", ")));
        None
    }

    fn textual(&mut self, setting: &Setting, value: &Value<'u>) -> Option<Val<'u>> {
        let text = self.short_text(value, setting.max_chars())?;
        if setting.sensitivity == Sensitivity::Secret && matches!(setting.kind, Kind::String | Kind::Dial) {
            self.clear_secret(setting, value.span(), text);
        }
        if setting.kind == Kind::Zone && !crate::vendor::time::is_zone(text) {
            let near = crate::vendor::time::suggest(text);
            let found = self.find(
                Code::TIME_UNKNOWN_ZONE,
                value.span(),
                format!("there is no time zone \"{}\"", text.escape_debug()),
                "not in the tz database",
            );
            found.help.extend(near.first().map(|near| format!("did you mean \"{near}\"?")));
            return None;
        }
        let Some(expected) = mismatch(setting.kind, text) else {
            return Some(Val::Str(canonical(setting.kind, text)));
        };
        let shown = if setting.sensitivity == Sensitivity::Secret || matches!(setting.kind, Kind::Url | Kind::Asset) {
            String::new()
        } else {
            format!(" \"{}\"", text.escape_debug())
        };
        self.find(
            Code::VALUE_INVALID,
            value.span(),
            format!("`{}`{shown} is not {expected}", setting.name),
            format!("should be {}", expected.split(": ").next().unwrap_or_default()),
        );
        None
    }

    fn clear_secret(&mut self, setting: &Setting, span: Range<usize>, text: &str) {
        let Some(severity) = self.clear_secrets else { return };
        if severity != Severity::Note {
            let found = self.find(
                Code::SECRET_IN_CLEAR,
                span.clone(),
                format!("`{}` is written in clear", setting.name),
                "everybody who reads the repository has it",
            );
            found.severity = severity;
            found.help.push(
                "leave it out: passwords are derived from the fleet key; or set `plaintext_secrets` under [policy] in fleet.toml"
                    .to_owned(),
            );
        }
        if setting.name.ends_with("password") && text.chars().count() < 12 {
            let found = self.find(Code::SECRET_WEAK, span, format!("`{}` has fewer than 12 characters", setting.name), "too short");
            found.help.push("leave it out and sipress derives a strong one, or use at least 12 characters".to_owned());
        }
    }

    fn records(&mut self, setting: &Setting, value: &Value<'u>) -> Option<Val<'u>> {
        let DeValue::Array(array) = value.get_ref() else {
            self.wrong_type(value, "a list of tables");
            return None;
        };
        let node = find_node(Registry::get().root(), &format!("{}[]", setting.name))?;
        let mut records = bumpalo::collections::Vec::with_capacity_in(array.len(), self.arena);
        for item in array.iter() {
            let mut parts = Vec::new();
            let table = self.table(item)?;
            self.settings(node, table, &|_| true, &mut parts);
            records.push(&*self.arena.alloc_slice_copy(&parts) as Record<'u>);
        }
        Some(Val::Records(records.into_bump_slice()))
    }

    fn map(&mut self, setting: &Setting, value: &Value<'u>) -> Option<Val<'u>> {
        let table = self.table(value)?;
        let mut entries = bumpalo::collections::Vec::new_in(self.arena);
        for (key, value) in table {
            if !setting.values.is_empty() && !setting.values.iter().any(|known| known == key.get_ref()) {
                self.unknown_key(key, setting.values.iter().map(String::as_str));
                continue;
            }
            let text = self.short_text(value, 2048)?;
            entries.push((&*self.arena.alloc_str(key.get_ref()), text));
        }
        entries.sort_unstable();
        Some(Val::Map(entries.into_bump_slice()))
    }
}

fn find_node<'n>(root: &'n Node, name: &str) -> Option<&'n Node> {
    name.split('.').try_fold(root, |node, part| node.children.get(part))
}

fn is_unset(table: &DeTable<'_>) -> bool {
    table.len() == 1 && table.iter().all(|(key, value)| key.get_ref() == "unset" && value.get_ref().as_bool() == Some(true))
}

fn each_leaf(node: &Node, allowed: &dyn Fn(&Setting) -> bool, visit: &mut dyn FnMut(SettingId)) {
    if let Some(setting) = node.setting.map(|id| Registry::get().setting(id)) {
        if setting.kind != Kind::Table && setting.is_written() && allowed(setting) {
            visit(setting.id);
        }
        if setting.kind == Kind::Records {
            return;
        }
    }
    node.children.values().for_each(|child| each_leaf(child, allowed, visit));
}

fn read_only_help(setting: &Setting) -> String {
    match setting.name.as_str() {
        name if name.starts_with("time.") => "set `time.zone`; offsets and daylight saving follow from it".to_owned(),
        _ => format!("{}: {}", setting.name, setting.doc),
    }
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a decimal number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

//! What a template sees: the settings that its file lists, by their own paths.

use serde_json::{Map, Value, json};
use tera::Context;

use crate::model::phonebook::Phonebook;
use crate::settings::{Device, Element, Kind, Registry, Setting, SettingId, Slot, Subject, Val};

/// What a template can be given.
pub struct Given<'g, 'u> {
    /// The device; `None` for a file of a phone book.
    pub device: Option<&'g Device<'u>>,
    /// Free-form values.
    pub vars: &'g toml::Table,
    /// The phone book.
    pub book: Option<&'g Phonebook>,
    /// Its title.
    pub title: &'g str,
    /// Most contacts.
    pub limit: Option<usize>,
}

/// The context of a template that uses these names. A name that is no setting is left out, and the template that reads it fails.
pub fn template_context(uses: &[String], given: &Given<'_, '_>) -> Seen {
    let mut root = Map::new();
    for name in uses {
        match name.as_str() {
            "vars" => _ = root.insert("vars".to_owned(), serde_json::to_value(given.vars).unwrap_or(Value::Null)),
            "phonebook.contacts" | "phonebook.groups" => book(&mut root, given),
            "phonebook.title" => insert(&mut root, name, json!(given.title)),
            _ => setting(&mut root, name, given),
        }
    }
    let mut seen = Seen { context: Context::new(), values: Values::new() };
    for (name, value) in root {
        texts(&value, &mut seen.values);
        seen.context.insert(name, &value);
    }
    seen
}

/// Texts that a message about a template may not repeat.
pub type Values = Vec<String>;

/// What a template sees.
pub struct Seen {
    /// For Tera.
    pub context: Context,
    /// All texts in it.
    pub values: Values,
}

fn texts(value: &Value, found: &mut Values) {
    match value {
        Value::String(text) if text.chars().count() >= 4 => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        _ => {}
    }
}

fn book(root: &mut Map<String, Value>, given: &Given<'_, '_>) {
    let Some(book) = given.book else {
        insert(root, "phonebook.contacts", json!([]));
        return insert(root, "phonebook.groups", json!([]));
    };
    let limit = given.limit.unwrap_or(usize::MAX);
    let contacts: Vec<_> = book.contacts.iter().take(limit).collect();
    insert(root, "phonebook.contacts", serde_json::to_value(&contacts).unwrap_or(Value::Null));
    let groups: Vec<Value> = book
        .groups
        .iter()
        .map(|group| json!({ "id": group.id, "name": group.name, "contacts": group.contacts.iter().take(limit).collect::<Vec<_>>() }))
        .collect();
    insert(root, "phonebook.groups", Value::Array(groups));
}

fn setting(root: &mut Map<String, Value>, name: &str, given: &Given<'_, '_>) {
    let (Some(setting), Some(device)) = (Registry::get().find(name), given.device) else { return };
    match setting.subject {
        Subject::Line => elements(root, "lines", &device.lines, setting, name.trim_start_matches("line.")),
        Subject::Key => elements(root, "keys", &device.keys, setting, name.trim_start_matches("key.")),
        Subject::Handset => elements(root, "handsets", &device.handsets, setting, name.trim_start_matches("handset.")),
        Subject::Port => elements(root, "ports", &device.ports, setting, name.trim_start_matches("port.")),
        Subject::Relay => elements(root, "relays", &device.relays, setting, name.trim_start_matches("relay.")),
        Subject::Device | Subject::Item => insert(root, name, value(setting.id, device.slot(setting).value)),
    }
}

fn elements(root: &mut Map<String, Value>, list: &str, elements: &[Element<'_>], setting: &Setting, name: &str) {
    let rows = root.entry(list).or_insert_with(|| {
        Value::Array(elements.iter().map(|element| json!({ "number": element.number, "module": element.module })).collect())
    });
    let Value::Array(rows) = rows else { return };
    // Where it stands is there already; it has no slot.
    if matches!(name, "number" | "module") {
        return;
    }
    for (row, element) in rows.iter_mut().zip(elements) {
        if let Value::Object(row) = row {
            insert(row, name, value(setting.id, element.slots[setting.slot as usize].value));
        }
    }
}

fn insert(root: &mut Map<String, Value>, path: &str, value: Value) {
    let mut parts = path.split('.').peekable();
    let mut at = root;
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            at.insert(part.to_owned(), value);
            return;
        }
        let next = at.entry(part).or_insert_with(|| Value::Object(Map::new()));
        match next {
            Value::Object(inner) => at = inner,
            _ => return,
        }
    }
}

/// A value as templates and JSON see it: `null` where unset.
pub fn value(id: SettingId, value: Val<'_>) -> Value {
    match value {
        Val::Absent | Val::Unset => Value::Null,
        Val::Bool(bool) => json!(bool),
        Val::Int(number) => json!(number),
        Val::Enum(index) => json!(Registry::get().setting(id).values[index as usize]),
        Val::Str(text) => json!(text),
        Val::List(items) => Value::Array(items.iter().map(|item| self::value(id, *item)).collect()),
        Val::Map(entries) => entries.iter().map(|(name, text)| ((*name).to_owned(), json!(text))).collect::<Map<_, _>>().into(),
        Val::Records(records) => Value::Array(records.iter().map(|record| self::record(record)).collect()),
    }
}

fn record(record: &[(SettingId, Slot<'_>)]) -> Value {
    let parts = record.iter().map(|(id, slot)| {
        let setting = Registry::get().setting(*id);
        let name = setting.name.rsplit("[].").next().unwrap_or_default().to_owned();
        (name, if setting.kind == Kind::Table { Value::Null } else { value(*id, slot.value) })
    });
    parts.collect::<Map<_, _>>().into()
}

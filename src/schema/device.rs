//! Devices, their elements, and the extensions that lines are.

use serde_json::{Map, Value, json};

use super::document::{Document, closed, sentence, told};
use super::pattern;
use super::{tree, value};
use crate::resolve::fields::{DEVICE, EXTENSION_GROUP, EXTENSION_NAME, IDENTIFIERS, KEY_FIELDS, MAX_EXTENSION, SHARED};
use crate::resolve::{name_of, needed_of, number_of, of_device, of_element, of_line};
use crate::settings::{Field, Registry, Subject};

/// A device, or `[[device]]` tables.
pub fn file(document: &mut Document) -> Value {
    let device = document.refer("one-device", |document| {
        let mut device = document.device();
        needs(&mut device);
        told(device, "[[device]]", "One device.")
    });
    let mut root = document.device();
    let list = json!({ "type": "array", "items": device });
    root["properties"]["device"] = told(list, "device", "Several devices in one file; then nothing stands outside of them.");
    root["if"] = json!({ "required": ["device"] });
    root["then"] = json!({ "propertyNames": { "const": "device" } });
    root["else"] = json!({});
    needs(&mut root["else"]);
    root
}

/// extensions.toml
pub fn extensions(document: &mut Document) -> Value {
    document.unset();
    let mut properties = document.element(Subject::Line);
    properties.insert(EXTENSION_NAME.name.to_owned(), document.field(&EXTENSION_NAME));
    properties.insert(EXTENSION_GROUP.name.to_owned(), document.field(&EXTENSION_GROUP));
    let doc = "A user, by its extension. What it says holds for every line that is this extension.";
    let extension = told(closed(properties, std::iter::empty()), "extension", doc);
    json!({ "type": "object", "patternProperties": { pattern::extension(MAX_EXTENSION): extension }, "additionalProperties": false })
}

/// What every device must have.
fn needs(device: &mut Value) {
    device["required"] = DEVICE.iter().filter(|field| field.needed).map(|field| field.name).collect();
    device["anyOf"] = IDENTIFIERS.map(|name| json!({ "required": [name] })).into();
}

impl Document {
    /// All that a device may say, and that it has no two identifiers.
    fn device(&mut self) -> Value {
        let mut properties = self.roots(&of_device, DEVICE);
        properties.extend(DEVICE.iter().map(|field| (field.name.to_owned(), self.field(field))));
        let mut device = closed(properties, std::iter::empty());
        for name in IDENTIFIERS {
            let others = IDENTIFIERS.iter().filter(|other| **other != name);
            let none: Map<String, Value> = others.map(|other| ((*other).to_owned(), json!(false))).collect();
            device["dependencies"][name] = json!({ "properties": none });
        }
        device
    }

    /// The elements of a subject: a list of tables. Settings of keys as such go by the same name as a list of keys.
    pub fn elements(&mut self, subject: Subject) -> Value {
        let name = name_of(subject);
        let row = self.refer(&format!("one-{name}"), |document| document.row_of(subject));
        let mut elements = json!({ "type": "array", "items": row });
        if let Some(table) = tree::of(&Registry::get().root().children[name], name, &of_device) {
            elements["type"] = json!(["array", "object"]);
            for part in ["properties", "patternProperties", "dependencies", "additionalProperties"] {
                elements[part] = table[part].clone();
            }
        }
        elements
    }

    fn row_of(&mut self, subject: Subject) -> Value {
        let name = name_of(subject);
        let mut properties = self.element(subject);
        let number = Registry::get().known(&format!("{name}.{}", number_of(subject)));
        let doc = value::told_of(number, &number.doc);
        properties.insert(number_of(subject).to_owned(), told(value::plain(number), &number.name, &doc));
        if subject == Subject::Key {
            properties.extend(KEY_FIELDS.iter().map(|field| (field.name.to_owned(), self.field(field))));
        }
        let doc = DEVICE.iter().find(|field| field.name == name).map(|field: &Field| sentence(field.doc));
        let row = closed(properties, std::iter::once(needed_of(subject)));
        told(row, &format!("[[{name}]]"), &doc.unwrap_or_default())
    }

    /// The settings of an element without their prefix, and of a line those of the device that it may say otherwise.
    fn element(&mut self, subject: Subject) -> Map<String, Value> {
        let root = Registry::get().root();
        let mut properties = tree::properties(&root.children[name_of(subject)], &of_element(subject));
        for name in SHARED.iter().filter(|_| subject == Subject::Line) {
            if let Some(table) = tree::of(&root.children[*name], name, &of_line) {
                properties.insert((*name).to_owned(), table);
            }
        }
        properties
    }
}

//! A schema with its definitions.

use serde_json::{Map, Value, json};

use crate::settings::Field;

/// What is gathered while a schema is made.
#[derive(Default)]
pub struct Document {
    definitions: Map<String, Value>,
}

impl Document {
    /// A whole schema.
    pub fn of(title: &str, doc: &str, body: fn(&mut Document) -> Value) -> Value {
        let mut document = Document::default();
        let mut root = body(&mut document);
        root["$schema"] = json!("http://json-schema.org/draft-07/schema#");
        root["title"] = json!(format!("sipress: {title}"));
        root["description"] = json!(doc);
        if !document.definitions.is_empty() {
            root["definitions"] = Value::Object(document.definitions);
        }
        root.sort_all_objects();
        root
    }

    /// A reference to a definition, which is made when it is first referred to.
    pub fn refer(&mut self, name: &str, make: impl FnOnce(&mut Document) -> Value) -> Value {
        if !self.definitions.contains_key(name) {
            let made = make(self);
            self.definitions.insert(name.to_owned(), made);
        }
        json!({ "$ref": format!("#/definitions/{name}") })
    }

    /// A table of these keys and no others.
    pub fn table(&mut self, fields: &[Field]) -> Value {
        let properties = fields.iter().map(|field| (field.name.to_owned(), self.field(field)));
        closed(properties.collect(), fields.iter().filter(|field| field.needed).map(|field| field.name))
    }
}

/// A table of these keys and no others.
pub fn closed<'n>(properties: Map<String, Value>, needed: impl Iterator<Item = &'n str>) -> Value {
    let mut table = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    let needed: Vec<&str> = needed.collect();
    if !needed.is_empty() {
        table["required"] = json!(needed);
    }
    table
}

/// A schema with what editors show of it.
pub fn told(mut schema: Value, title: &str, doc: &str) -> Value {
    schema["title"] = json!(title);
    schema["description"] = json!(doc);
    schema
}

/// A line of documentation as a sentence.
pub fn sentence(doc: &str) -> String {
    let end = if doc.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{doc}{end}")
}

//! Keys that are no settings.

use serde_json::{Value, json};

use super::document::{Document, closed, sentence, told};
use super::pattern::{self, TEXT};
use super::value;
use crate::diagnostic::Code;
use crate::resolve::fields::LEVELS;
use crate::resolve::of_scope;
use crate::settings::{Field, MAX_LISTED, MAX_RAW, Registry, Subject, Takes};

impl Document {
    /// What a key takes.
    pub fn field(&mut self, field: &Field) -> Value {
        let schema = self.takes(field);
        let doc = match (field.doc, field.takes) {
            ("", Takes::Setting(name)) => {
                let setting = Registry::get().known(name);
                let own = format!("; `{}` in the device", field.name);
                value::told_of(setting, &setting.doc.replace(&own, ""))
            }
            (doc, _) => sentence(doc),
        };
        told(schema, field.name, &doc)
    }

    fn takes(&mut self, field: &Field) -> Value {
        match field.takes {
            Takes::Text(max) => text(max),
            Takes::Spelling => json!({ "type": "string" }),
            Takes::Bool => json!({ "type": "boolean" }),
            Takes::Texts => json!({ "type": "array", "items": text(MAX_LISTED) }),
            Takes::Words(words) => json!({ "enum": words() }),
            Takes::Setting(name) => value::plain(Registry::get().known(name)),
            Takes::Int(min, max) => json!({ "type": "integer", "minimum": min, "maximum": max }),
            Takes::Ints => json!({ "type": "array", "items": { "type": "integer" } }),
            Takes::Date => json!({ "type": "string", "format": "date", "pattern": pattern::DATE }),
            Takes::Mac => of_pattern(pattern::MAC),
            Takes::Imei => of_pattern(pattern::IMEI),
            Takes::Uuid => of_pattern(pattern::UUID),
            Takes::Hex(digits) => of_pattern(&format!("^[0-9A-Fa-f]{{{digits}}}$")),
            Takes::Amount => of_pattern(pattern::AMOUNT),
            Takes::Currency => of_pattern(pattern::CURRENCY),
            Takes::Days => days(),
            Takes::Number => of_pattern(pattern::NUMBER),
            Takes::Levels(names) => levels(&names()),
            Takes::Defaults => self.defaults(),
            Takes::Layouts => {
                let keys = self.elements(Subject::Key)["items"].clone();
                map(json!({ "type": "array", "items": keys }))
            }
            Takes::Elements(subject) => self.elements(subject),
            Takes::Raw => self.raw(),
            Takes::Vars => self.vars(),
            Takes::OneOrMore => json!({ "type": ["string", "array"], "items": { "type": "string" } }),
            Takes::Chosen => json!({ "type": ["string", "integer", "boolean", "array", "object"] }),
            Takes::Map => map(json!({ "type": "string" })),
            Takes::Maps => map(map(json!({ "type": "string" }))),
            Takes::Settings => closed(self.roots(&of_scope, &[]), std::iter::empty()),
            Takes::Table(fields) => self.table(fields),
            Takes::Tables(fields) => map(self.table(fields)),
            Takes::Rows(fields, one_of) => json!({ "type": "array", "items": self.row(field.name, fields, one_of) }),
        }
    }

    fn row(&mut self, name: &str, fields: &[Field], one_of: &[&str]) -> Value {
        let mut row = told(self.table(fields), &format!("[[{name}]]"), &format!("One of `{name}`."));
        if !one_of.is_empty() {
            row["anyOf"] = one_of.iter().map(|name| json!({ "required": [name] })).collect();
        }
        row
    }

    fn raw(&mut self) -> Value {
        let text = value::or_unset(json!({ "type": "string", "maxLength": MAX_RAW, "pattern": TEXT }));
        self.unset();
        json!({ "type": "object", "additionalProperties": told(text, "raw", "The parameter's value, as the phone reads it.") })
    }

    fn vars(&mut self) -> Value {
        let free = self.refer("free", |_| {
            let own = json!({ "$ref": "#/definitions/free" });
            let free = json!({ "pattern": TEXT, "items": own, "additionalProperties": own });
            told(free, "vars", "Any value. Of texts, only visible characters.")
        });
        json!({ "type": "object", "additionalProperties": free })
    }

    /// The definition of what takes a value back.
    pub fn unset(&mut self) {
        let doc = "`{ unset = true }` takes back what the scopes above say: the phone keeps its own default.";
        self.refer("unset", |_| told(json!({ "const": true }), "unset", doc));
    }
}

fn text(max: usize) -> Value {
    json!({ "type": "string", "maxLength": max, "pattern": TEXT })
}

fn map(values: Value) -> Value {
    json!({ "type": "object", "additionalProperties": values })
}

fn of_pattern(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern })
}

fn days() -> Value {
    json!({ "type": "array", "items": { "anyOf": [{ "type": "integer", "minimum": 1, "maximum": 366 }, { "const": "last" }] } })
}

fn levels(codes: &[&str]) -> Value {
    let summary = |code: &str| Code::find(code).map(|code| code.summary()).unwrap_or_default();
    let level = |code: &&str| ((*code).to_owned(), told(json!({ "enum": LEVELS }), code, summary(code)));
    closed(codes.iter().map(level).collect(), std::iter::empty())
}

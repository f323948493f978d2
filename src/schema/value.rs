//! What a setting takes.

use serde_json::{Value, json};

use super::document::{closed, sentence, told};
use super::pattern::{self, TEXT};
use super::tree;
use crate::settings::{Kind, Registry, Role, Sensitivity, Setting};
use crate::vendor::time;

/// A setting: its value, or `{ unset = true }`.
pub fn of(setting: &Setting) -> Value {
    told(or_unset(plain(setting)), &setting.name, &told_of(setting, &setting.doc))
}

/// A setting's value.
pub fn plain(setting: &Setting) -> Value {
    match setting.kind {
        Kind::Records => records(setting),
        Kind::Map => {
            json!({ "type": "object", "additionalProperties": { "type": "string", "maxLength": setting.max_chars(), "pattern": TEXT } })
        }
        _ if setting.list => list(setting),
        _ => scalar(setting),
    }
}

/// A value, or `{ unset = true }`: among the words of an enumeration, or as another type, so that an error is about the value.
///
/// `unset` stands under `patternProperties`, where language servers read it without offering it as a key of every number.
pub fn or_unset(mut schema: Value) -> Value {
    let unset = json!({ "^unset$": { "$ref": "#/definitions/unset" } });
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.push(json!({ "unset": true }));
    } else if let Some(Value::Array(ways)) = schema.get_mut("anyOf") {
        ways.push(json!({ "type": "object", "minProperties": 1, "patternProperties": unset, "additionalProperties": false }));
    } else if schema["type"] == "object" {
        schema["patternProperties"] = unset;
        schema["dependencies"] = json!({ "unset": { "maxProperties": 1 } });
    } else {
        schema["type"] = json!([schema["type"], "object"]);
        schema["minProperties"] = json!(1);
        schema["patternProperties"] = unset;
        schema["additionalProperties"] = json!(false);
    }
    schema
}

fn list(setting: &Setting) -> Value {
    let mut list = json!({ "type": "array", "items": scalar(setting), "uniqueItems": true });
    if let Some(max) = setting.max_items() {
        list["maxItems"] = json!(max);
    }
    list
}

fn records(setting: &Setting) -> Value {
    let name = format!("{}[]", setting.name);
    let node = name.split('.').try_fold(Registry::get().root(), |node, part| node.children.get(part));
    let parts = node.map(|node| tree::properties(node, &|_| true)).unwrap_or_default();
    json!({ "type": "array", "items": told(closed(parts, std::iter::empty()), &name, &sentence(&setting.doc)) })
}

fn scalar(setting: &Setting) -> Value {
    match setting.kind {
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Int | Kind::Port | Kind::Dscp | Kind::Vlan => number(setting.range()),
        Kind::Enum => words(setting),
        Kind::Zone => json!({ "anyOf": [{ "enum": zones() }] }),
        _ => text(setting),
    }
}

fn number((min, max): (i64, i64)) -> Value {
    let mut number = json!({ "type": "integer" });
    if min != i64::MIN {
        number["minimum"] = json!(min);
    }
    if max != i64::MAX {
        number["maximum"] = json!(max);
    }
    number
}

fn words(setting: &Setting) -> Value {
    let switch: &[bool] = if setting.bool_values.is_some() { &[true, false] } else { &[] };
    let words = setting.values.iter().map(|word| json!(word));
    json!({ "enum": words.chain(switch.iter().map(|switch| json!(switch))).collect::<Vec<Value>>() })
}

fn zones() -> Vec<&'static str> {
    let mut zones: Vec<&str> = time::all().collect();
    zones.sort_unstable();
    zones
}

fn text(setting: &Setting) -> Value {
    let max = setting.max_chars();
    json!({ "type": "string", "maxLength": max, "pattern": pattern::of(setting.kind).unwrap_or_else(|| TEXT.to_owned()) })
}

/// What an editor shows of a setting.
pub fn told_of(setting: &Setting, doc: &str) -> String {
    let parts = [sentence(doc), values(setting), who(setting)];
    parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<&str>>().join(" ")
}

fn values(setting: &Setting) -> String {
    let unit = match setting.unit.as_deref() {
        Some("s") => "In seconds, ",
        Some("ms") => "In milliseconds, ",
        Some("dB") => "In decibels, ",
        Some("%") => "In percent, ",
        _ => "",
    };
    match (setting.kind, setting.range(), setting.max_items()) {
        (Kind::Int | Kind::Port | Kind::Dscp | Kind::Vlan, (i64::MIN, _) | (_, i64::MAX), _) => String::new(),
        (Kind::Int | Kind::Port | Kind::Dscp | Kind::Vlan, (min, max), _) => format!("{unit}{min} to {max}."),
        (Kind::Enum, ..) => format!("{} {}.", if setting.list { "Any of" } else { "One of" }, setting.values.join(", ")),
        (_, _, Some(max)) => format!("At most {max}."),
        (Kind::String, (_, max), _) if max != i64::MAX => format!("At most {max} characters."),
        _ => String::new(),
    }
}

fn who(setting: &Setting) -> String {
    let secret = (setting.sensitivity == Sensitivity::Secret).then_some("Secret.");
    let compiler = (setting.role == Role::Sipress).then_some("For the compiler; no phone reads it.");
    secret.into_iter().chain(compiler).collect::<Vec<&str>>().join(" ")
}

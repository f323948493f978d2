//! The files of a vendor pack.

use serde_json::{Value, json};

use super::document::{Document, sentence, told};
use crate::settings::Field;
use crate::vendor::fields::{KEY_TYPE, MODEL_ROW, ROW};

/// models.toml
pub fn models(document: &mut Document) -> Value {
    let number = told(json!({ "type": "integer", "minimum": 0 }), "number", "A number of the model, usable in names.");
    let numbers = json!({ "type": ["integer", "object"], "minimum": 0, "additionalProperties": number });
    let numbers = told(numbers, "number", "A number of the model, or several by name: `keys = { line = 27 }` is `keys.line`.");
    let row = document.refer("row", |document| {
        let doc = "A model, or a family: models take from it all that they do not say.";
        told(open(document.table(MODEL_ROW), numbers), "row", doc)
    });
    let rows = |title: &str, doc: &str| told(json!({ "type": "object", "additionalProperties": row }), title, doc);
    let kinds =
        json!({ "family": rows("family", "Families, by name."), "model": rows("model", "Models, by the maker's name in lower case.") });
    json!({ "type": "object", "properties": kinds, "additionalProperties": false })
}

/// parameters.toml
pub fn parameters(document: &mut Document) -> Value {
    let row =
        document.refer("row", |document| told(document.table(ROW), "row", "A parameter: what the phone calls it, and what it is made of."));
    let mut group = document.table(ROW);
    group["properties"]["rows"] =
        told(json!({ "type": "array", "items": row }), "rows", "The group's parameters in their order; a row's own word counts.");
    group["required"] = json!(["rows"]);
    let group = told(group, "[[group]]", "Rows that share fields; a group repeats as a block for each index of its series.");
    let groups = told(json!({ "type": "array", "items": group }), "group", "Groups in the order of the file.");
    json!({ "type": "object", "properties": { "group": groups }, "additionalProperties": false })
}

/// keys.toml
pub fn keys(document: &mut Document) -> Value {
    let column =
        Field::new("column", crate::settings::Takes::Chosen, "A column: the pattern that a row of parameters.toml writes by `field`");
    let column = document.field(&column);
    let fields = json!({ "type": "object", "additionalProperties": column });
    let fields = told(fields, "fields", &sentence("Columns of all types that do not say otherwise"));
    let kind = told(open(document.table(KEY_TYPE), column), "[[type]]", "How keys of a type are told; the first row that holds wins.");
    let kinds = told(json!({ "type": "array", "items": kind }), "type", "Types in the order in which they are tried.");
    json!({ "type": "object", "properties": { "fields": fields, "type": kinds }, "additionalProperties": false })
}

/// A table that holds other keys, too.
fn open(mut table: Value, other: Value) -> Value {
    table["additionalProperties"] = other;
    table
}

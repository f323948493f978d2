//! Rows of parameters.toml as they are written, with their place.

use std::ops::Range;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

use super::PackSource;
use super::fields::{ROW, knows};
use crate::diagnostic::{Code, Diagnostic};

/// A row with what its group shares.
#[derive(Clone, Debug)]
pub struct RowSource {
    /// The file.
    pub path: Arc<str>,
    /// The row in it.
    pub span: Range<usize>,
    /// Its fields, those of the group included.
    pub fields: Table,
    /// Which group it belongs to.
    pub group: usize,
    /// It comes from the pack that this one extends.
    pub inherited: bool,
}

/// Reads the groups of one file; `groups` numbers them across files.
pub fn read(source: &PackSource, groups: &mut usize, inherited: bool, rows: &mut Vec<RowSource>, diagnostics: &mut Vec<Diagnostic>) {
    let (Ok(table), Ok(spans)) = (source.text.parse::<Table>(), DeTable::parse(&source.text)) else { return };
    let Some(Value::Array(array)) = table.get("group") else { return };
    for (place, group) in array.iter().enumerate() {
        let (Some(group), spans) = (group.as_table(), row_spans(spans.get_ref(), place)) else { continue };
        *groups += 1;
        let mut shared = group.clone();
        let Some(Value::Array(own)) = shared.remove("rows") else { continue };
        for (place, row) in own.into_iter().enumerate() {
            let span = spans.get(place).cloned().unwrap_or(0..0);
            let Value::Table(row) = row else {
                diagnostics.push(bad(source, span, "a row is a table"));
                continue;
            };
            let mut fields = shared.clone();
            fields.extend(row);
            if let Some(unknown) = fields.keys().find(|key| !knows(ROW, key)) {
                diagnostics.push(bad(source, span.clone(), &format!("a row has no field `{unknown}`")));
            }
            rows.push(RowSource { path: source.path.clone(), span, fields, group: *groups, inherited });
        }
    }
}

fn bad(source: &PackSource, span: Range<usize>, message: &str) -> Diagnostic {
    Diagnostic::new(Code::VENDOR_BAD_PACK, message).at(&source.path, span, "in this row")
}

fn row_spans(table: &DeTable<'_>, group: usize) -> Vec<Range<usize>> {
    let rows = member(table, "group").and_then(DeValue::as_array).and_then(|groups| groups.get(group));
    let rows = rows.and_then(|group| member(group.get_ref().as_table()?, "rows")).and_then(DeValue::as_array);
    rows.map(|rows| rows.iter().map(Spanned::span).collect()).unwrap_or_default()
}

/// A member of a parsed table.
pub fn member<'t, 'i>(table: &'t DeTable<'i>, name: &str) -> Option<&'t DeValue<'i>> {
    table.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value.get_ref())
}

impl RowSource {
    /// A text field.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str)
    }

    /// A finding at this row.
    pub fn bad(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Code::VENDOR_BAD_PACK, message).at(&self.path, self.span.clone(), "in this row")
    }

    /// What tells rows apart when a later one takes the place of an earlier one.
    pub fn identity(&self) -> String {
        let part = |field: &str| self.fields.get(field).map(Value::to_string).unwrap_or_default();
        [part("name"), part("file"), part("if"), part("at")].join("\u{0}")
    }
}

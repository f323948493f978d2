//! Key types: the vendor's columns for each canonical type.

use toml::{Table, Value};

use super::codec::Codec;
use super::fields::{KEY_TYPE, knows};
use super::gate::{Variant, texts};
use super::lens::Lens;
use super::path::Get;
use super::series::ordinal;

/// The key types of a model.
#[derive(Clone, Debug, Default)]
pub struct KeyTable {
    /// Names of the columns.
    pub columns: Vec<String>,
    types: Vec<KeyType>,
}

/// A type in some areas, and its columns.
#[derive(Clone, Debug)]
pub struct KeyType {
    /// The canonical type.
    pub key: u8,
    areas: Option<Vec<u8>>,
    /// One lens a column; `None` writes nothing.
    pub columns: Vec<Option<Lens<Get>>>,
    /// Characters that no hole may hold.
    pub forbid: String,
    /// Whether its columns tell it apart from other types when read back.
    pub readable: bool,
}

impl KeyTable {
    /// Compiles the types that a model has.
    pub fn compile(
        fields: &Table,
        types: &[Table],
        variant: Variant<'_>,
        codec: &dyn Fn(&str) -> Option<Codec>,
    ) -> Result<KeyTable, String> {
        let mut columns: Vec<String> =
            fields.keys().chain(types.iter().flat_map(Table::keys)).filter(|name| !knows(KEY_TYPE, name)).cloned().collect();
        columns.sort();
        columns.dedup();
        let mut table = KeyTable { columns, types: Vec::new() };
        for row in types.iter().filter(|row| variant.passes(row)) {
            table.types.push(key_type(row, fields, &table.columns, variant, codec)?);
        }
        Ok(table)
    }

    /// The row of a type in an area: the first that matches.
    pub fn find(&self, key: u8, area: u8) -> Option<&KeyType> {
        self.types.iter().find(|row| row.key == key && row.holds_in(area))
    }

    /// All rows that hold in an area, for reading.
    pub fn in_area(&self, area: u8) -> impl Iterator<Item = &KeyType> {
        self.types.iter().filter(move |row| row.holds_in(area))
    }

    /// The place of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }
}

impl KeyType {
    /// Whether a key of this type can have nothing in a column: it has none, or a hole of it may be unset.
    pub fn may_lack(&self, column: usize) -> bool {
        self.columns[column].as_ref().is_none_or(|lens| !lens.holes().is_empty())
    }

    fn holds_in(&self, area: u8) -> bool {
        self.areas.as_ref().is_none_or(|areas| areas.contains(&area))
    }
}

fn key_type(
    row: &Table,
    fields: &Table,
    columns: &[String],
    variant: Variant<'_>,
    codec: &dyn Fn(&str) -> Option<Codec>,
) -> Result<KeyType, String> {
    let key = row.get("key").and_then(Value::as_str).ok_or("a key type has no `key`")?;
    let areas = row.get("area").map(|areas| texts(areas).map(|area| ordinal("key.area", area)).collect::<Result<_, _>>()).transpose()?;
    let forbid = row.get("forbid").and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut lenses = Vec::new();
    for column in columns {
        let spelled = row.get(column).or_else(|| fields.get(column)).and_then(|value| variant.select(value));
        lenses.push(match spelled {
            Some(Value::String(text)) => Some(
                Lens::parse(text, &|path| Get::parse(path, None), codec)
                    .map_err(|error| format!("key type `{key}`, column `{column}`: {error}"))?,
            ),
            Some(_) => return Err(format!("key type `{key}`: column `{column}` is not a text")),
            None => None,
        });
    }
    Ok(KeyType {
        key: ordinal("key.type", key)?,
        areas,
        columns: lenses,
        forbid,
        readable: row.get("read") != Some(&Value::Boolean(false)),
    })
}

//! The keys of tables that hold no settings: what each takes and what it means, once for the parser and for the JSON Schema.

use toml::de::DeTable;

use super::{Parser, Subject};

/// A key of a table.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// Whether it must be there.
    pub needed: bool,
    /// One line of documentation; empty where the setting that it stands for has it.
    pub doc: &'static str,
}

/// What a key takes.
#[derive(Clone, Copy, Debug)]
pub enum Takes {
    /// A text of at most this many characters.
    Text(usize),
    /// true or false.
    Bool,
    /// A text of any characters.
    Spelling,
    /// A list of texts of at most `MAX_LISTED` characters.
    Texts,
    /// One of a few words.
    Words(fn() -> Vec<&'static str>),
    /// What this setting takes, except that it cannot be unset.
    Setting(&'static str),
    /// A whole number from and to.
    Int(i64, i64),
    /// A list of whole numbers.
    Ints,
    /// A day, written without quotes.
    Date,
    /// A hardware address in any usual spelling.
    Mac,
    /// The identifier of a cellular client.
    Imei,
    /// The identifier of a soft client.
    Uuid,
    /// This many hexadecimal digits.
    Hex(usize),
    /// An amount of money, as a text.
    Amount,
    /// An ISO 4217 code.
    Currency,
    /// Days of a period: numbers, or "last".
    Days,
    /// What can be dialled, also as people write it.
    Number,
    /// A level for each kind of finding.
    Levels(fn() -> Vec<&'static str>),
    /// Settings of all below, of a vendor's and of a model's devices.
    Defaults,
    /// Lists of keys by free names.
    Layouts,
    /// The elements of a device.
    Elements(Subject),
    /// Vendor parameters by name.
    Raw,
    /// Free-form values.
    Vars,
    /// A text, or a list of texts.
    OneOrMore,
    /// A value, or a table of values by tag, family, model or `*`.
    Chosen,
    /// Texts by free names.
    Map,
    /// Maps by free names.
    Maps,
    /// Settings of devices and lines.
    Settings,
    /// A table.
    Table(&'static [Field]),
    /// Tables by free names.
    Tables(&'static [Field]),
    /// A list of tables; where keys are named, each table has one of them.
    Rows(&'static [Field], &'static [&'static str]),
}

/// Most characters of a name.
pub const MAX_NAME: usize = 128;
/// Most characters of a text in a list.
pub const MAX_LISTED: usize = 256;
/// Most characters of a vendor parameter.
pub const MAX_RAW: usize = 4096;

impl Field {
    /// A key that may be there.
    pub const fn new(name: &'static str, takes: Takes, doc: &'static str) -> Field {
        Field { name, takes, needed: false, doc }
    }

    /// A key that must be there.
    pub const fn needed(name: &'static str, takes: Takes, doc: &'static str) -> Field {
        Field { name, takes, needed: true, doc }
    }
}

/// The words of pairs of a word and what it stands for.
pub fn words<T>(pairs: &[(&'static str, T)]) -> Vec<&'static str> {
    pairs.iter().map(|(word, _)| *word).collect()
}

impl Parser<'_, '_> {
    /// Says which keys of a table are none of these.
    pub fn known_keys(&mut self, table: &DeTable<'_>, fields: &[Field]) {
        for (key, _) in table {
            if !fields.iter().any(|field| field.name == key.get_ref()) {
                self.unknown_key(key, fields.iter().map(|field| field.name));
            }
        }
    }
}

//! JSON Schemas of the input files, so that editors explain, complete and check them while one types.
//!
//! They are draft-07, the newest that taplo reads, and use only what its validator and its language server both know:
//! every schema stands alone, `$ref` points into `#/definitions` only, and an error is told at the very key, not as one
//! of several alternatives that all failed. Dates of TOML reach a validator as texts.
//!
//! All of it is made from the tables that the parser reads by: the registry of settings and the keys of each file.

mod device;
mod document;
mod field;
mod pack;
mod pattern;
mod scope;
mod tree;
mod value;

use serde_json::{Value, json};

use crate::load::phonebook::PHONEBOOK;
use crate::resolve::fields::{CUSTOMER, FIRMWARE, FLEET, MSP, PACKAGE, SITE};
use crate::vendor::fields::VENDOR;
use document::Document;

/// A kind of file.
struct Kind {
    name: &'static str,
    doc: &'static str,
    body: fn(&mut Document) -> Value,
}

const KINDS: &[Kind] = &[
    Kind { name: "fleet", doc: "What holds for the whole fleet: devices/fleet.toml.", body: |document| document.table(FLEET) },
    Kind { name: "msp", doc: "A service provider whose customers are the folders below: msp.toml.", body: |document| document.table(MSP) },
    Kind {
        name: "customer",
        doc: "A customer, who owns the devices of this folder and those below: customer.toml.",
        body: |document| document.table(CUSTOMER),
    },
    Kind { name: "site", doc: "A place of a customer, or a part of one: site.toml.", body: |document| document.table(SITE) },
    Kind {
        name: "extensions",
        doc: "The users of a customer, a table each, named by their extension: extensions.toml.",
        body: device::extensions,
    },
    Kind {
        name: "phonebook",
        doc: "A directory, besides the customer's own extensions: phonebook.toml.",
        body: |document| document.table(PHONEBOOK),
    },
    Kind { name: "packages", doc: "Rental packages, a table each: devices/packages.toml.", body: packages },
    Kind {
        name: "firmware",
        doc: "The firmware that may be used, and who gets which: devices/firmware.toml.",
        body: |document| document.table(FIRMWARE),
    },
    Kind { name: "device", doc: "A device, or several under [[device]]: every other .toml file below devices/.", body: device::file },
    Kind {
        name: "vendor",
        doc: "A vendor pack: who, which files, what is walked: vendors/NAME/vendor.toml.",
        body: |document| document.table(VENDOR),
    },
    Kind { name: "models", doc: "The models of a vendor pack and their families: vendors/NAME/models.toml.", body: pack::models },
    Kind {
        name: "parameters",
        doc: "What the phones of a vendor pack are told, a row a parameter: vendors/NAME/parameters.toml.",
        body: pack::parameters,
    },
    Kind { name: "keys", doc: "How the phones of a vendor pack are told their keys: vendors/NAME/keys.toml.", body: pack::keys },
];

/// The kinds of files.
pub fn kinds() -> &'static [&'static str] {
    static NAMES: std::sync::OnceLock<Vec<&'static str>> = std::sync::OnceLock::new();
    NAMES.get_or_init(|| KINDS.iter().map(|kind| kind.name).collect())
}

/// The schema of a kind, its keys in alphabetical order.
pub fn schema(kind: &str) -> Option<Value> {
    let kind = KINDS.iter().find(|known| known.name == kind)?;
    Some(Document::of(kind.name, kind.doc, kind.body))
}

fn packages(document: &mut Document) -> Value {
    let package = document.table(PACKAGE);
    json!({ "type": "object", "additionalProperties": package })
}

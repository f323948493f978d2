//! The JSON Schemas are those of this compiler, teach what they check, and agree with an independent validator.
//!
//! `SIPRESS_BLESS=1 cargo test --test schemas` writes `schemas/` again. taplo is taken from `PATH`, or from where `TAPLO` says.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value, json};
use sipress::schema::{kinds, schema};
use support::repository;

#[test]
fn the_committed_schemas_are_of_this_compiler() {
    let folder = repository().join("schemas");
    for kind in kinds() {
        let place = folder.join(format!("{kind}.json"));
        let text = format!("{}\n", serde_json::to_string_pretty(&schema(kind).expect("a schema")).expect("JSON"));
        if std::env::var_os("SIPRESS_BLESS").is_some() {
            fs::create_dir_all(&folder).expect("the folder");
            fs::write(&place, &text).expect("the schema");
        }
        let known = fs::read_to_string(&place).unwrap_or_default();
        assert!(known == text, "schemas/{kind}.json is not what this compiler reads: run `SIPRESS_BLESS=1 cargo test --test schemas` and commit");
    }
}

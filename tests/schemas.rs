//! The JSON Schemas are those of this compiler, teach what they check, and agree with an independent validator.
//!
//! `SIPRESS_BLESS=1 cargo test --test schemas` writes `schemas/` again. taplo is taken from `PATH`, or from where `TAPLO` says.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use jsonschema::Validator;
use serde_json::{Map, Value};
use sipress::resolve::{of_device, of_scope};
use sipress::schema::{kinds, schema};
use sipress::settings::{Kind, Registry, Setting};
use support::{repository, sections};

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
        assert!(
            known == text,
            "schemas/{kind}.json is not what this compiler reads: run `SIPRESS_BLESS=1 cargo test --test schemas` and commit"
        );
    }
}

#[test]
fn every_setting_is_offered_where_it_may_be_written() {
    let (fleet, device) = (schema("fleet").expect("a schema"), schema("device").expect("a schema"));
    let is_leaf = |setting: &&Setting| !matches!(setting.kind, Kind::Table) && !setting.name.contains("[]");
    for setting in Registry::get().all().iter().filter(is_leaf) {
        let in_scope = at(&fleet, &fleet["properties"]["defaults"], &setting.name).is_some();
        assert_eq!(in_scope, of_scope(setting) && setting.is_written(), "{} in [defaults]", setting.name);
        let in_device = at(&device, &device, &setting.name).is_some();
        assert_eq!(in_device, of_device(setting) && setting.is_written(), "{} in a device", setting.name);
    }
}

/// The schema of a dotted path.
fn at<'s>(root: &'s Value, place: &'s Value, path: &str) -> Option<&'s Value> {
    path.split('.').try_fold(place, |place, part| {
        let found = place["properties"].get(part)?;
        let name = found["$ref"].as_str().and_then(|name| name.strip_prefix("#/definitions/"));
        name.map_or(Some(found), |name| root["definitions"].get(name))
    })
}

#[test]
fn every_key_is_explained() {
    for kind in kinds() {
        let schema = schema(kind).expect("a schema");
        assert!(schema["title"].is_string() && schema["description"].is_string(), "{kind}");
        explained(&schema, kind);
    }
}

fn explained(value: &Value, place: &str) {
    let tables = value.as_object().into_iter().flatten().filter(|(name, _)| matches!(name.as_str(), "properties" | "definitions"));
    for (name, child) in tables.flat_map(|(_, table)| table.as_object().into_iter().flatten()) {
        let place = format!("{place} {name}");
        let is_told = child["title"].is_string() && child["description"].as_str().is_some_and(|doc| doc.ends_with('.'));
        assert!(child.is_boolean() || child["$ref"].is_string() || is_told, "{place}: {child}");
    }
    match value {
        Value::Object(map) => {
            map.iter().filter(|(name, _)| *name != "dependencies").for_each(|(name, child)| explained(child, &format!("{place} {name}")))
        }
        Value::Array(list) => list.iter().for_each(|child| explained(child, place)),
        _ => {}
    }
}

#[test]
fn good_files_pass() {
    for file in files("tests/schemas/good").into_iter().chain(files("devices")) {
        let found = errors(&file);
        assert!(found.is_empty(), "{}: {found:?}", file.display());
    }
}

#[test]
fn packs_pass() {
    let packs = packs();
    assert!(packs.len() >= 8, "{packs:?}");
    for (kind, file) in packs {
        let found = against(&validator(kind), &fs::read_to_string(&file).expect("the file"));
        assert!(found.is_empty(), "{}: {found:?}", file.display());
    }
}

/// The tables of our packs and of those of other tests, with their kinds.
fn packs() -> Vec<(&'static str, PathBuf)> {
    let kind = |file: &Path| kinds().iter().copied().find(|kind| file.file_stem().is_some_and(|stem| stem == *kind));
    files("vendors").into_iter().chain(files("tests/cli/pack")).filter_map(|file| Some((kind(&file)?, file))).collect()
}

#[test]
fn bad_files_fail_where_they_are_wrong() {
    let files = files("tests/schemas/bad");
    assert!(files.len() >= 90, "{} bad files", files.len());
    for file in files {
        let text = fs::read_to_string(&file).expect("the file");
        let place = text.lines().nth(1).and_then(|line| line.strip_prefix("# wrong at \"")?.strip_suffix('"')).expect("where it is wrong");
        let found = errors(&file);
        assert!(found.iter().any(|(path, _)| path == place), "{} is wrong at {place:?}: {found:?}", file.display());
    }
}

#[test]
fn what_a_schema_refuses_the_compiler_refuses() {
    let validators: BTreeMap<&str, Validator> = kinds().iter().map(|kind| (*kind, validator(kind))).collect();
    let folder = repository().join("tests/fleets/bad");
    let mut refused = 0;
    for entry in
        fs::read_dir(&folder).expect("the folder").flatten().filter(|entry| entry.path().extension().is_some_and(|end| end == "fleet"))
    {
        let expected = fs::read_to_string(entry.path().with_extension("expected")).unwrap_or_default();
        for (path, text) in sections(&fs::read_to_string(entry.path()).expect("the input")) {
            let Some(name) = path.strip_prefix("devices/").and_then(|path| path.rsplit('/').next()?.strip_suffix(".toml")) else {
                continue;
            };
            let validator = validators.get(name).unwrap_or(&validators["device"]);
            if text.parse::<toml::Table>().is_err() || against(validator, &text).is_empty() {
                continue;
            }
            refused += 1;
            let is_refused = expected.lines().any(|line| line.starts_with("error ") && line.contains(&format!(" {path}:")));
            assert!(is_refused, "{}: {path}: {:?}", entry.path().display(), against(validator, &text));
        }
    }
    assert!(refused >= 50, "{refused} refused");
}

/// What taplo says of the same files: it reads the schemas by itself, from the line at the top of each.
#[test]
fn taplo_agrees() {
    let Some(taplo) = taplo() else { return };
    let lint = |files: &[PathBuf]| Command::new(&taplo).arg("lint").args(files).current_dir(repository()).output().expect("taplo");
    let good: Vec<PathBuf> = files("tests/schemas/good").into_iter().chain(files("devices")).collect();
    let said = lint(&good);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    for kind in ["vendor", "models", "parameters", "keys"] {
        let own: Vec<PathBuf> = packs().into_iter().filter(|(known, _)| *known == kind).map(|(_, file)| file).collect();
        let named = format!("--schema=file://{}/schemas/{kind}.json", repository().display());
        let said = Command::new(&taplo).args(["lint", &named]).args(&own).current_dir(repository()).output().expect("taplo");
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    }
    let bad = files("tests/schemas/bad");
    let said = lint(&bad);
    let text = String::from_utf8_lossy(&said.stderr);
    for file in bad {
        assert!(text.contains(&format!("┌─ {}:", file.display())), "{} passes:\n{text}", file.display());
    }
}

fn taplo() -> Option<PathBuf> {
    let named = std::env::var_os("TAPLO").map(PathBuf::from);
    let taplo = named.unwrap_or_else(|| "taplo".into());
    if Command::new(&taplo).arg("--version").output().is_ok() {
        return Some(taplo);
    }
    let required = std::env::var("SIPRESS_REQUIRE_TOOLS").is_ok_and(|value| value == "1");
    assert!(!required, "{} does not run: `cargo install taplo-cli --locked`", taplo.display());
    println!("skipped: taplo is not on PATH; `cargo install taplo-cli --locked` installs it");
    None
}

/// What is wrong with a file by the schema that its first line names, with the place.
fn errors(file: &Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(file).expect("the file");
    let named =
        text.lines().next().and_then(|line| line.strip_prefix("#:schema ")).unwrap_or_else(|| panic!("{} names no schema", file.display()));
    let schema = file.parent().expect("a folder").join(named);
    assert!(schema.canonicalize().is_ok_and(|place| place.starts_with(repository().join("schemas"))), "{}: {named}", file.display());
    against(&validator(schema.file_stem().and_then(|kind| kind.to_str()).expect("a kind")), &text)
}

fn validator(kind: &str) -> Validator {
    jsonschema::draft7::options().should_validate_formats(true).build(&schema(kind).expect("a kind")).expect("a schema")
}

fn against(validator: &Validator, text: &str) -> Vec<(String, String)> {
    let value = json(&toml::Value::Table(text.parse().expect("TOML")));
    validator.iter_errors(&value).map(|error| (error.instance_path().to_string(), error.to_string())).collect()
}

/// TOML as JSON, dates as texts, as taplo hands it to its validator.
fn json(value: &toml::Value) -> Value {
    match value {
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(list) => list.iter().map(json).collect(),
        toml::Value::Table(table) => {
            Value::Object(table.iter().map(|(name, value)| (name.clone(), json(value))).collect::<Map<String, Value>>())
        }
        plain => serde_json::to_value(plain).expect("a value"),
    }
}

/// The TOML files below a folder of the repository, sorted.
fn files(folder: &str) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(repository().join(folder)).sort_by_file_name();
    entries.into_iter().flatten().map(|entry| entry.into_path()).filter(|path| path.extension().is_some_and(|end| end == "toml")).collect()
}

//! Linphone's documents by its own schema, and vCards by its own parser.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fleet;
use crate::process::run;

/// What `.ci/run e2e` takes out of Debian's source package.
const SCHEMA: &str = "e2e/lpconfig.xsd";

/// All files of a site with this ending.
fn files(site: &Path, ending: &str) -> Vec<PathBuf> {
    let all = walkdir::WalkDir::new(site).sort_by_file_name().into_iter().map(|entry| entry.expect("a file").into_path());
    all.filter(|path| path.extension().is_some_and(|own| own == ending)).collect()
}

#[test]
fn documents_of_linphone_keep_its_schema() {
    let out = tempfile::tempdir().expect("a folder");
    fleet::build(fleet::repository(), out.path());
    let is_document =
        |path: &PathBuf| fs::read_to_string(path).is_ok_and(|text| text.contains("http://www.linphone.org/xsds/lpconfig.xsd"));
    let documents: Vec<PathBuf> = files(&out.path().join("site"), "xml").into_iter().filter(is_document).collect();
    assert!(documents.len() > 5, "{} documents", documents.len());
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| fleet::repository().join("target"), PathBuf::from);
    let schema = target.join(SCHEMA);
    assert!(schema.exists(), "{} is not here; `.ci/run e2e` fetches it", schema.display());
    run(Command::new("xmllint").arg("--noout").arg("--schema").arg(schema).args(documents));
}

#[test]
fn every_vcard_passes_linphones_parser() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("fleet");
    fleet::copy(&fleet::repository().join("devices"), &root.join("devices"));
    // Names that end a property, or a card, where they are written as they are.
    let hostile = ["Doe, Ann", "a;b", "back\\slash", "END:VCARD", "tab\u{a0}space", "Søren Ærø", "日本語", "\"quoted\"", "colon: x"];
    let contacts: String =
        hostile.iter().map(|name| format!("[[contact]]\nname = {}\nnumber = \"1\"\n", toml::Value::from(*name))).collect();
    fleet::write(&root, "devices/e2e/customer.toml", "name = \"E2E\"\n[defaults.line.registrar]\nhost = \"sip.example.net\"\n");
    fleet::write(&root, "devices/e2e/phonebook.toml", &contacts);
    let client = "uuid = \"5b0c7d1e-2a3f-4c6d-8e9f-0a1b2c3d4fff\"\nmodel = \"linphone/linphone\"\nline = [{ number = 1, user = \"1\" }]\n";
    fleet::write(&root, "devices/e2e/client.toml", client);
    fleet::build(&root, folder.path());

    let parser = folder.path().join("belcard");
    let source = fleet::repository().join("tests/e2e/belcard.cpp");
    run(Command::new("c++").args(["-std=c++17", "-o"]).arg(&parser).arg(source).args(["-lbelcard", "-lbelr", "-lbctoolbox"]));
    let books = files(&folder.path().join("site"), "vcf");
    assert!(books.len() > 1, "{} books", books.len());
    let said = run(Command::new(parser).args(books));
    // The parser gives texts as they stand.
    let read: BTreeSet<String> = said.lines().map(|name| name.replace("\\,", ",").replace("\\\\", "\\")).collect();
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    fleet::each(&root, |of| {
        if of.vendor == "linphone" && of.enabled {
            wanted.extend(of.contacts.iter().map(|contact| contact.name.clone()));
        }
    });
    let lost: Vec<&String> = wanted.iter().filter(|name| !read.contains(*name)).collect();
    assert!(wanted.len() > hostile.len() && lost.is_empty(), "of {} names these are not read as they were written: {lost:?}", wanted.len());
}

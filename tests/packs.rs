//! What is asked of every pack, as its author asks it with `sipress vendors test`: plans, vocabulary, aliases, sizes, goldens.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read their environment and print")]

mod support;

use std::fs;

use sipress::kit::{Golden, Wanted, ZONES, plan, trial};
use sipress::vendor::Packs;
use support::{day, repository};

#[test]
fn every_pack_is_what_is_asked_of_it() {
    let packs = Packs::new(Vec::new());
    let mut models = 0;
    let all: Vec<&str> = sipress::vendor::time::all().collect();
    let zones = if std::env::var_os("SIPRESS_ALL_ZONES").is_some() { &all } else { ZONES };
    for id in packs.ids() {
        let aside = tempfile::tempdir().expect("a folder");
        let devices = packs.get(id).map_or(0, |pack| pack.models.len());
        let aspects = trial(&[], id, aside.path(), Wanted { devices: devices.min(60), zones, as_of: day() }).expect("a trial");
        let broken: Vec<_> = aspects.iter().filter(|aspect| !aspect.broken.is_empty()).collect();
        assert!(broken.is_empty(), "{id}: {broken:#?}");
        models += devices;
    }
    assert!(models > 250, "{models} models");
}

#[test]
fn an_unknown_name_would_be_noticed() {
    let packs = Packs::new(Vec::new());
    for pack in packs.ids().filter_map(|id| packs.get(id)) {
        let plan = plan(pack, pack.models.values().next().expect("a model"), &mut Vec::new());
        assert!(!plan.knows_name("account.1.no_such_parameter") && !plan.knows_name("P999999"), "{}", pack.id);
    }
}

/// Goldens are read before they are accepted; `SIPRESS_BLESS=1` writes them anew.
#[test]
fn goldens_hold() {
    let folder = repository().join("tests/vendors");
    let mut found = 0;
    for path in walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten().map(walkdir::DirEntry::into_path) {
        if path.extension().is_none_or(|extension| extension != "golden") {
            continue;
        }
        found += 1;
        let aside = tempfile::tempdir().expect("a folder");
        let golden = Golden::parse(&fs::read_to_string(&path).expect("a golden"));
        let (made, findings) = golden.files(&[], aside.path(), day()).expect("files");
        assert!(findings.is_empty(), "{}: {findings:#?}", path.display());
        if std::env::var_os("SIPRESS_BLESS").is_some() {
            fs::write(&path, golden.renewed(&made)).expect("the golden is written");
        }
        let golden = Golden::parse(&fs::read_to_string(&path).expect("a golden"));
        assert_eq!(golden.differences(&made), Vec::<String>::new(), "{}", path.display());
    }
    assert!(found > 0, "there are goldens");
}

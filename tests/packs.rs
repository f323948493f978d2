//! What is asked of every pack, as its author asks it with `sipress vendors test`: plans, vocabulary, aliases, sizes, goldens.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read their environment and print")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use sipress::kit::{Golden, Wanted, ZONES, plan, trial};
use sipress::vendor::{Model, Pack, Packs};
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
fn goldens_hold_and_read_back_and_there_is_one_for_every_family() {
    let packs = Packs::new(Vec::new());
    let mut without: BTreeSet<(&str, &str)> = packs.ids().flat_map(|id| packs.get(id).into_iter().flat_map(families)).collect();
    let (mut wrong, mut settings) = (Vec::new(), 0);
    for path in goldens() {
        let aside = tempfile::tempdir().expect("a folder");
        let text = fs::read_to_string(&path).expect("a golden");
        let golden = Golden::parse(&text);
        let made = golden.make(&[], aside.path(), day()).expect("files");
        let name = path.strip_prefix(repository()).unwrap_or(&path).display();
        wrong.extend(made.findings.iter().map(|found| format!("{name}: {found}")));
        settings += made.settings;
        if std::env::var_os("SIPRESS_BLESS").is_some() {
            fs::write(&path, golden.renewed(&made.files)).expect("the golden is written");
        } else {
            wrong.extend(golden.differences(&made.files).iter().map(|found| format!("{name}: {found}")));
        }
        for model in golden.models() {
            let (vendor, short) = model.split_once('/').expect("a vendor's model");
            let pack = packs.get(vendor).expect("a vendor");
            without.remove(&(&*pack.id, family(pack.model(short).expect("a model"))));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(without.is_empty(), "families without a golden: {without:?}");
    assert!(settings > 10_000, "{settings} settings read back");
}

fn goldens() -> impl Iterator<Item = PathBuf> {
    let files = walkdir::WalkDir::new(repository().join("tests/vendors")).sort_by_file_name().into_iter();
    let paths = files.flatten().map(walkdir::DirEntry::into_path);
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "golden"))
}

/// The families of a pack that have models of their own.
fn families(pack: &Arc<Pack>) -> impl Iterator<Item = (&str, &str)> {
    pack.models.values().map(|model| (&*pack.id, family(model)))
}

fn family(model: &Model) -> &str {
    model.families.first().map_or("", String::as_str)
}

//! What is asked of every pack: it is sound for every model, and its phones know every name that it writes.

mod support;

use std::collections::BTreeMap;

use sipress::vendor::{Packs, Plan};

#[test]
fn every_model_has_a_plan_without_a_finding() {
    let packs = Packs::new(Vec::new());
    let mut models = 0;
    for id in packs.ids() {
        let pack = packs.get(id).unwrap_or_else(|| panic!("{id}: {:?}", packs.diagnostics()));
        for model in pack.models.values() {
            let mut found = Vec::new();
            let plan = plan(pack, model, &mut found);
            assert!(found.is_empty(), "{}: {found:?}", model.id);
            assert!(plan.files.iter().any(|file| file.spec.id == "main"), "{} has no main file", model.id);
            assert!(model.lines() > 0 || model.class == "dect", "{} has no line", model.id);
            assert!(matches!(model.confidence.as_deref(), Some("2+" | "1" | "bg")), "{} does not say how sure it is", model.id);
            models += 1;
        }
    }
    assert!(models > 250, "{models} models");
}

#[test]
fn phones_know_every_name_that_is_written() {
    let packs = Packs::new(Vec::new());
    for pack in packs.ids().filter_map(|id| packs.get(id)) {
        let mut unknown: BTreeMap<String, &str> = BTreeMap::new();
        for model in pack.models.values() {
            let plan = plan(pack, model, &mut Vec::new());
            for file in plan.files.iter().filter(|file| file.is_table()) {
                let names = (0..file.entries.len()).filter(|entry| !plan.knows(file, *entry as u32));
                unknown.extend(names.map(|entry| (file.vocabulary_name(&file.entries[entry].name).to_owned(), model.short())));
            }
        }
        assert!(unknown.is_empty(), "{}: {} names are in no vocabulary: {unknown:?}", pack.id, unknown.len());
    }
}

#[test]
fn an_unknown_name_would_be_noticed() {
    let packs = Packs::new(Vec::new());
    for pack in packs.ids().filter_map(|id| packs.get(id)) {
        let plan = plan(pack, pack.models.values().next().expect("a model"), &mut Vec::new());
        assert!(!plan.knows_name("account.1.no_such_parameter") && !plan.knows_name("P999999"), "{}", pack.id);
    }
}

#[test]
fn aliases_are_one_model_each() {
    let packs = Packs::new(Vec::new());
    for pack in packs.ids().filter_map(|id| packs.get(id)) {
        for model in pack.models.values() {
            for spelling in model.aliases.iter().chain([&model.name]) {
                let found = pack.model(spelling).map(|found| found.id.as_str());
                assert_eq!(found, Some(model.id.as_str()), "{}: \"{spelling}\"", pack.id);
            }
        }
    }
}

fn plan(
    pack: &std::sync::Arc<sipress::vendor::Pack>,
    model: &sipress::vendor::Model,
    found: &mut Vec<sipress::diagnostic::Diagnostic>,
) -> Plan {
    let firmware = model.firmware.as_deref().map(|text| sipress::vendor::Version::parse(text, pack.firmware_prefix));
    Plan::compile(pack, model, firmware, found)
}

//! Packs × settings: how much of what a fleet can set each vendor's phones are told, and of what they have a parameter for.
//!
//! `cargo test --test coverage -- --nocapture` prints the table. `tests/coverage/VENDOR.tsv` names the parameter of every setting that
//! the vendor's phones are not told, or says that their vocabulary has none: so a setting is told, missed, or not to be had.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read their environment and print")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use sipress::kit::plan;
use sipress::settings::{Kind, Registry, Role, Subject};
use sipress::vendor::{Pack, Packs};
use support::repository;

/// The packs that must tell nine tenths of what their phones have a parameter for.
const LARGEST: &[&str] = &["cisco-mpp", "cisco-spa", "fanvil", "grandstream", "polycom", "snom", "yealink"];

/// What one pack tells.
struct Coverage {
    told: BTreeSet<&'static str>,
    /// Settings that are not told, and the parameter that would; none where the vocabulary has none. Empty where nobody looked.
    missed: BTreeMap<String, Option<String>>,
}

impl Coverage {
    fn parameters(&self) -> usize {
        self.told.len() + self.missed.values().flatten().count()
    }

    /// Hundredths of what the vocabulary has a parameter for.
    fn share(&self) -> usize {
        100 * self.told.len() / self.parameters().max(1)
    }
}

#[test]
fn coverage() {
    let packs = Packs::new(Vec::new());
    let all = settings();
    let strange: Vec<_> = LARGEST.iter().filter(|id| packs.get(id).is_none()).collect();
    assert!(strange.is_empty(), "there is no pack {strange:?}");
    println!("{:<14} {:>7} {:>8} {:>8} {:>13}", "vendor", "models", "settings", "of all", "of parameters");
    for id in packs.ids() {
        let pack = packs.get(id).expect("a pack");
        let coverage = Coverage { told: told(pack, &all), missed: missed(id) };
        let judged = if coverage.missed.is_empty() { "-".to_owned() } else { format!("{} %", coverage.share()) };
        let of_all = 100 * coverage.told.len() / all.len();
        println!("{id:<14} {:>7} {:>8} {:>6} % {judged:>13}", pack.models.len(), coverage.told.len(), of_all);
        if !coverage.missed.is_empty() {
            every_setting_is_judged(pack, &coverage, &all);
        }
        assert!(!LARGEST.contains(&id) || !coverage.missed.is_empty() && coverage.share() >= 90, "{id}: {} %", coverage.share());
    }
}

fn every_setting_is_judged(pack: &Pack, coverage: &Coverage, all: &BTreeSet<&'static str>) {
    let id = &pack.id;
    let open: Vec<_> = all.iter().filter(|name| !coverage.told.contains(*name) && !coverage.missed.contains_key(**name)).collect();
    assert!(open.is_empty(), "{id}: tests/coverage/{id}.tsv says nothing of {open:?}");
    let stale: Vec<_> =
        coverage.missed.keys().filter(|name| !all.contains(name.as_str()) || coverage.told.contains(name.as_str())).collect();
    assert!(stale.is_empty(), "{id}: tests/coverage/{id}.tsv need not say {stale:?}");
    let strange: Vec<_> = coverage.missed.values().flatten().filter(|name| !pack.vocabulary.contains(name)).collect();
    assert!(strange.is_empty(), "{id}: the vocabulary has no {strange:?}");
}

/// What a fleet can set for phones, without what is resolved before.
fn settings() -> BTreeSet<&'static str> {
    let text = fs::read_to_string(repository().join("tests/coverage/resolved.txt")).expect("the list");
    let resolved: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let all = Registry::get().all().iter();
    let phones = all.filter(|setting| setting.role == Role::Setting && setting.kind != Kind::Table && setting.subject != Subject::Item);
    phones.map(|setting| setting.name.as_str()).filter(|name| !resolved.contains(name)).collect()
}

fn told(pack: &std::sync::Arc<Pack>, all: &BTreeSet<&'static str>) -> BTreeSet<&'static str> {
    let mut told = BTreeSet::new();
    for model in pack.models.values() {
        let plan = plan(pack, model, &mut Vec::new());
        told.extend(all.iter().filter(|name| plan.reads(Registry::get().known(name).id)));
    }
    told
}

fn missed(vendor: &str) -> BTreeMap<String, Option<String>> {
    let text = fs::read_to_string(repository().join(format!("tests/coverage/{vendor}.tsv"))).unwrap_or_default();
    let rows = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    rows.map(|(setting, parameter)| (setting.to_owned(), Some(parameter).filter(|name| *name != "-").map(str::to_owned))).collect()
}

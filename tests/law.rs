//! What is written reads back equal, for the example fleet and for generated ones.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read their environment and print")]

mod support;

use sipress::vendor::Packs;
use support::{generate, law, repository};

#[test]
fn the_example_fleet_reads_back() {
    let verdict = law::hold(&repository());
    assert!(verdict.broken.is_empty(), "{:#?}", verdict.broken);
    assert!(verdict.devices >= 250, "{} devices", verdict.devices);
    assert!(verdict.settings > 20 * verdict.devices, "{} settings", verdict.settings);
}

#[test]
fn generated_fleets_read_back() {
    let devices = std::env::var("SIPRESS_LAW_DEVICES").ok().and_then(|count| count.parse().ok()).unwrap_or(1000);
    let root = tempfile::tempdir().expect("a folder");
    let packs = Packs::new(Vec::new());
    let vendors = std::env::var("SIPRESS_LAW_VENDORS").unwrap_or_else(|_| "yealink grandstream polycom linphone".to_owned());
    generate::fleet(root.path(), &packs, &vendors.split(' ').collect::<Vec<_>>(), devices, 1);
    let verdict = law::hold(root.path());
    eprintln!("{} devices, {} files, {} settings; findings {:#?}", verdict.devices, verdict.files, verdict.settings, verdict.findings);
    assert!(verdict.broken.is_empty(), "{} kinds: {:#?}", verdict.broken.len(), verdict.broken);
    assert_eq!(verdict.devices, devices);
}

//! What is written reads back equal, for the example fleet and for generated ones.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read their environment and print")]

#[path = "law/limits.rs"]
mod limits;
mod support;

use std::sync::Arc;

use rayon::prelude::*;
use sipress::kit::generate;
use sipress::kit::law::Verdict;
use sipress::vendor::{Pack, Packs};
use support::{compare, hold, repository, write};

#[test]
fn the_example_fleet_reads_back() {
    let verdict = hold(&repository());
    assert!(verdict.broken.is_empty(), "{:#?}", verdict.broken);
    assert!(verdict.devices >= 250, "{} devices", verdict.devices);
    assert!(verdict.settings > 20 * verdict.devices, "{} settings", verdict.settings);
}

#[test]
fn generated_fleets_read_back_and_what_they_cannot_be_told_is_listed() {
    let packs = Packs::new(Vec::new());
    let each: usize = std::env::var("SIPRESS_LAW_DEVICES").ok().and_then(|count| count.parse().ok()).unwrap_or(DEVICES_A_MODEL);
    let only = std::env::var("SIPRESS_LAW_VENDORS").ok();
    let chosen = |id: &&str| only.as_ref().is_none_or(|only| only.split(' ').any(|vendor| vendor == *id));
    let packs: Vec<&Arc<Pack>> = packs.ids().filter(chosen).filter_map(|id| packs.get(id)).collect();
    let tried: Vec<(&Arc<Pack>, Verdict)> = packs.par_iter().map(|pack| (*pack, generated(&pack.id, each * pack.models.len()))).collect();
    let broken: Vec<&String> = tried.iter().flat_map(|(_, verdict)| verdict.broken.keys()).collect();
    assert!(broken.is_empty(), "{} kinds: {broken:#?}", broken.len());
    let sum = |of: fn(&Verdict) -> usize| tried.iter().map(|(_, verdict)| of(verdict)).sum::<usize>();
    assert_eq!(sum(|verdict| verdict.devices), each * packs.iter().map(|pack| pack.models.len()).sum::<usize>());
    eprintln!("{} devices, {} settings read back equal", sum(|verdict| verdict.devices), sum(|verdict| verdict.settings));
    if each == DEVICES_A_MODEL && only.is_none() {
        compare("docs/limits.md", &limits::page(&tried), "law");
    }
}

/// Devices of each model that are made up; SIPRESS_LAW_DEVICES asks for more.
const DEVICES_A_MODEL: usize = 4;

fn generated(vendor: &str, devices: usize) -> Verdict {
    let root = tempfile::tempdir().expect("a folder");
    generate::fleet(root.path(), &Packs::new(Vec::new()), &[vendor], devices, 1).expect("a fleet");
    hold(root.path())
}

/// A row that spells two values alike, or a value as its neighbour's, must be caught, whatever the format.
#[test]
fn a_map_broken_on_purpose_fails() {
    const ROW: &str = "[[group]]\nfor = \"line\"\nrows = [\n  { name = NAME, setting = \"line.transport\", values = VALUES },\n]\n";
    let row = |name: &str, values: &str| ROW.replace("NAME", name).replace("VALUES", values);
    let codes = "{ udp = \"0\", tcp = \"1\", tls = \"1\" }";
    let account = "{ item = \"account.{line}.sip.transport\", \"*\" = [\"P130\", \"P448\", \"P548\", \"P648\", \"P1748\", \"P1848\"] }";
    let broken = [
        ("yealink", "parameters.toml", row("\"account.{line}.sip_server.1.transport_type\"", codes)),
        ("grandstream", "parameters.toml", row(account, codes)),
        ("polycom", "parameters.toml", row("\"reg/reg.{line}.server.1.transport\"", "{ udp = \"UDPOnly\", tcp = \"TLS\", tls = \"TLS\" }")),
        ("linphone", "vendor.toml", "[map.transport]\ntls = \"tcp\"\n".to_owned()),
    ];
    for (vendor, file, text) in broken {
        let root = tempfile::tempdir().expect("a folder");
        let packs = Packs::new(Vec::new());
        generate::fleet(root.path(), &packs, &[vendor], 60, 3).expect("a fleet");
        let whole = hold(root.path()).broken;
        assert!(whole.is_empty(), "{vendor} is whole before: {whole:?}");
        write(root.path(), &format!("vendors/{vendor}/{file}"), &text);
        let broken = hold(root.path()).broken;
        assert!(broken.keys().any(|what| what.contains("line.transport")), "{vendor}: {broken:?}");
    }
}

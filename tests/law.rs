//! What is written reads back equal, for the example fleet and for generated ones.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read their environment and print")]

mod support;

use sipress::kit::generate;
use sipress::vendor::Packs;
use support::{hold, repository, write};

#[test]
fn the_example_fleet_reads_back() {
    let verdict = hold(&repository());
    assert!(verdict.broken.is_empty(), "{:#?}", verdict.broken);
    assert!(verdict.devices >= 250, "{} devices", verdict.devices);
    assert!(verdict.settings > 20 * verdict.devices, "{} settings", verdict.settings);
}

#[test]
fn generated_fleets_read_back() {
    let devices = std::env::var("SIPRESS_LAW_DEVICES").ok().and_then(|count| count.parse().ok()).unwrap_or(2000);
    let root = tempfile::tempdir().expect("a folder");
    let packs = Packs::new(Vec::new());
    let vendors = std::env::var("SIPRESS_LAW_VENDORS").unwrap_or_else(|_| packs.ids().collect::<Vec<_>>().join(" "));
    generate::fleet(root.path(), &packs, &vendors.split(' ').collect::<Vec<_>>(), devices, 1).expect("a fleet");
    let verdict = hold(root.path());
    eprintln!("{} devices, {} files, {} settings; findings {:#?}", verdict.devices, verdict.files, verdict.settings, verdict.findings);
    assert!(verdict.broken.is_empty(), "{} kinds: {:#?}", verdict.broken.len(), verdict.broken);
    assert_eq!(verdict.devices, devices);
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

//! The three layouts, and what has to guard them.

use crate::fleet::Fleet;

/// The small fleet with another layout and gate.
fn laid_out(layout: &str, gate: Option<&str>) -> Fleet {
    let fleet = Fleet::small();
    let gate = gate.map_or(String::new(), |gate| format!("\ngate = \"{gate}\""));
    fleet.edit("devices/fleet.toml", "layout = \"token\"", &format!("layout = \"{layout}\"{gate}"));
    fleet
}

#[test]
fn by_customer() {
    let fleet = laid_out("customer", Some("basic"));
    fleet.build();
    let site = fleet.tree("out/site");
    let devices: Vec<&str> = site.paths().filter(|path| path.ends_with(".ini")).collect();
    assert_eq!(
        devices,
        [
            "acme/02acce000001.ini",
            "acme/02acce000002.ini",
            "acme/02acce000003.ini",
            "north/bakery/02acce000004.ini",
            "stock/02acce000005.ini"
        ]
    );
    assert!(site.paths().all(|path| path.ends_with(".ini") || path.starts_with("acme/")));
}

#[test]
fn flat() {
    let fleet = laid_out("flat", Some("ip"));
    fleet.build();
    let site = fleet.tree("out/site");
    let devices: Vec<&str> = site.paths().filter(|path| path.ends_with(".ini")).collect();
    let expected: Vec<String> = (1..=5).map(|number| format!("02acce00000{number}.ini")).collect();
    assert_eq!(devices, expected);
}

#[test]
fn phones_are_told_where_their_files_are() {
    for (layout, gate, folder) in [("customer", Some("mtls"), "/acme/"), ("flat", Some("ip"), "/"), ("token", None, "")] {
        let fleet = laid_out(layout, gate);
        fleet.build();
        let served = fleet.served("02acce000001.ini");
        let token = served.strip_prefix("out/site/").and_then(|path| path.split('/').next());
        let folder = match folder {
            "" => format!("/{}/", token.expect("a token")),
            folder => folder.to_owned(),
        };
        let text = fleet.read(&served);
        let url = format!("fetch.url=https://prov.example.net{folder}\n");
        assert!(text.contains(&url), "{url} in {text}");
        let book = text.lines().find_map(|line| line.strip_prefix("book.url=https://prov.example.net/"));
        assert!(fleet.has(&format!("out/site/{}", book.expect("a book"))));
    }
}

#[test]
fn secrets_under_an_open_path_are_an_error() {
    for (layout, gate) in [("customer", None), ("flat", None), ("flat", Some("none"))] {
        let fleet = laid_out(layout, gate);
        for command in ["check", "build"] {
            let call = fleet.sipress(command).exit(1);
            call.stderr_has("error[secret::exposed]")
                .stderr_has(&format!("layout = \"{layout}\""))
                .stderr_has("`line.password`")
                .stderr_has("use layout = \"token\", or say with `gate` what guards the site")
                .run();
        }
        assert!(!fleet.has("out/site"));
    }
}

#[test]
fn an_exposed_secret_is_shown_where_it_stands() {
    let fleet = laid_out("flat", None);
    fleet.edit("devices/north/bakery/till.toml", "user = \"till\"", "user = \"till\"\npassword = \"in-clear-and-long-enough\"");
    let text = fleet.read("devices/fleet.toml");
    fleet.write("devices/fleet.toml", &format!("{text}\n[policy]\nplaintext_secrets = \"allow\"\n"));
    let call = fleet.sipress("check").exit(1);
    call.stderr_has("devices/fleet.toml:3:10")
        .stderr_has("devices/north/bakery/till.toml:9:12")
        .stderr_lacks("in-clear-and-long-enough")
        .run();
}

#[test]
fn every_gate_is_enough() {
    for gate in ["basic", "mtls", "ip"] {
        laid_out("customer", Some(gate)).sipress("check -q").run();
    }
}

#[test]
fn a_gate_that_there_is_not_is_an_error() {
    let fleet = laid_out("flat", Some("moat"));
    let call = fleet.sipress("check").exit(1);
    call.stderr_has("error[value::not-one-of]").stderr_has("devices/fleet.toml:4:8").run();
}

#[test]
fn a_change_of_layout_moves_everything() {
    let fleet = Fleet::small();
    fleet.build();
    fleet.edit("devices/fleet.toml", "\"token\"", "\"flat\"\ngate = \"ip\"");
    fleet.build();
    let moved = fleet.tree("out/site");
    let fresh = laid_out("flat", Some("ip"));
    fresh.build();
    assert!(moved.contents() == fresh.tree("out/site").contents());
    assert_eq!(fleet.manifest_root(), fresh.manifest_root());
}

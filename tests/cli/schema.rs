//! `schema`

use crate::fleet::Fleet;

const KINDS: [&str; 9] = [
    "fleet",
    "msp",
    "customer",
    "site",
    "extensions",
    "phonebook",
    "packages",
    "firmware",
    "device",
];

#[test]
fn each_kind_of_file_has_one() {
    let fleet = Fleet::empty();
    for kind in KINDS {
        let schema = fleet.sipress("schema").arg(kind).any_stdout().run().json();
        assert!(
            schema["$schema"]
                .as_str()
                .is_some_and(|id| id.contains("json-schema.org")),
            "{kind}: {schema}"
        );
        assert!(
            schema["type"] == "object" || schema["$ref"].is_string() || schema["anyOf"].is_array(),
            "{kind}"
        );
    }
}

#[test]
fn all_go_into_a_folder() {
    let fleet = Fleet::empty();
    fleet.sipress("schema --out some/where").run();
    let tree = fleet.tree("some/where");
    let mut expected = KINDS.map(|kind| format!("{kind}.json"));
    expected.sort();
    assert!(tree.paths().eq(expected.iter().map(String::as_str)));
    for kind in KINDS {
        let text = fleet.read(&format!("some/where/{kind}.json"));
        fleet.sipress("schema").arg(kind).stdout(&text).run();
    }
}

#[test]
fn a_kind_that_there_is_not() {
    let help = format!("one of {}, or --out DIR for all", KINDS.join(", "));
    for line in ["schema", "schema devise"] {
        let fleet = Fleet::empty();
        let call = fleet.sipress(line).exit(2);
        call.stderr(&format!("error: which kind of file?\n  = help: {help}\n"))
            .run();
    }
}

#[test]
fn it_knows_every_setting() {
    let text = Fleet::empty()
        .sipress("schema device")
        .any_stdout()
        .run()
        .stdout;
    for word in [
        "mac",
        "model",
        "transport",
        "stun",
        "requested",
        "admin_password",
        "raw",
        "vars",
    ] {
        assert!(text.contains(&format!("\"{word}\"")), "{word}");
    }
}

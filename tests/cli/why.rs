//! `build --why`

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};

use crate::fleet::{Fleet, OTHER_KEY};
use crate::tree::Tree;

const RECEPTION: &str = "02acce000001";
const DESK: &str = "02acce000002";
const TILL: &str = "02acce000004";

/// The small fleet, built, and old enough for its stamps to be trusted.
fn built() -> Fleet {
    let fleet = Fleet::small();
    settle();
    fleet.build();
    fleet
}

/// Lets files grow older than what a build doubts.
fn settle() {
    std::thread::sleep(Duration::from_millis(50));
}

fn asked(fleet: &Fleet, line: &str) -> Value {
    settle();
    fleet.sipress(&format!("build -q --format json {line}")).any_stdout().any_stderr().run().json()["why"].take()
}

fn why(fleet: &Fleet, device: &str) -> Value {
    asked(fleet, &format!("--why {device}"))
}

/// The inputs that changed, as `name: change`.
fn inputs(why: &Value) -> Vec<String> {
    let word = |value: &Value| value.as_str().expect("a text").to_owned();
    let inputs = why["inputs"].as_array().expect("a list");
    inputs.iter().map(|input| format!("{}: {}", word(&input["name"]), word(&input["change"]))).collect()
}

fn done(why: &Value) -> (&str, &str) {
    (why["done"].as_str().expect("a text"), why["reason"].as_str().expect("a text"))
}

#[test]
fn it_is_told_to_people() {
    let fleet = built();
    fleet.edit("devices/acme/customer.toml", "transport = \"tls\"", "transport = \"tcp\"");
    fleet.edit("devices/acme/extensions.toml", "name = \"Ann Lee\"", "name = \"Ann Lee\"");
    settle();
    fleet
        .sipress("build -q --why Reception")
        .stdout(
            "02acce000001 of acme: rendered
  changed since the last build
    devices/acme/customer.toml                   holds something else
    devices/acme/extensions.toml                 written again, holds the same
  what its files say otherwise
    line1.server                                 was \"sip.example.net:5061\", is \"sip.example.net:5060\"   02acce000001.ini   line.registrar.host, line.registrar.port
    line1.transport                              was \"TLS\", is \"TCP\"                02acce000001.ini   line.transport
    line2.server                                 was \"sip.example.net:5061\", is \"sip.example.net:5060\"   02acce000001.ini   line.registrar.host, line.registrar.port
    line2.transport                              was \"TLS\", is \"TCP\"                02acce000001.ini   line.transport
  its files
    02acce000001.ini                             other bytes
",
        )
        .run();
    settle();
    fleet
        .sipress("build -q --why reception")
        .stdout(
            "02acce000001 of acme: left alone, for nothing that its customer is made of has changed
  its files
    02acce000001.ini                             the same bytes, not touched
",
        )
        .run();
}

#[test]
fn what_is_a_customers_own_concerns_no_other() {
    let fleet = built();
    let edit = |from: &str, to: &str| _ = fleet.edit("devices/acme/customer.toml", from, to);
    edit("\"tls\"", "\"tcp\"");
    let (reception, till) = (why(&fleet, RECEPTION), why(&fleet, TILL));
    assert_eq!(done(&reception), ("rendered", "inputs"));
    assert_eq!(inputs(&reception), ["devices/acme/customer.toml: content"]);
    assert_eq!(reception["files"], json!([{ "name": "02acce000001.ini", "bytes": "changed", "moved": false }]));
    assert_eq!(done(&till), ("kept", "same"));
    edit("\"tcp\"", "\"udp\"");
    let till = why(&fleet, TILL);
    assert_eq!((done(&till), inputs(&till)), (("kept", "same"), vec![]));
    assert_eq!(till["files"], json!([{ "name": "02acce000004.ini", "bytes": "same", "moved": false }]));
}

/// Each of these is an edit, and what it is to the till of the bakery, to the desk in London, and to the reception.
#[test]
fn scopes_reach_what_is_below_them() {
    let fleet = built();
    let all: &[&str] = &[RECEPTION, DESK, TILL];
    for (path, from, to, rendered, carried) in [
        ("devices/fleet.toml", "ntp.example.net", "ntp2.example.net", &[RECEPTION, TILL][..], &[DESK][..]),
        ("devices/fleet.toml", "name = \"Small fleet\"", "name = \"Fleet\"", &[], all),
        ("devices/north/msp.toml", "\"g722\", \"pcma\"", "\"pcma\"", &[TILL], &[RECEPTION, DESK]),
        ("devices/acme/london/site.toml", "ntp.london", "ntp2.london", &[DESK], &[RECEPTION]),
        ("devices/acme/reception.toml", "value = \"103\"", "value = \"102\"", &[RECEPTION], &[DESK]),
        ("devices/acme/phonebook.toml", "Suppliers", "Friends", &[], &[RECEPTION, DESK]),
        ("vendors/acmephone/parameters.toml", "time.server", "ntp.server", all, &[]),
    ] {
        let fresh = Fleet::copy(fleet.root(), |_| ());
        settle();
        fresh.build().edit(path, from, to);
        settle();
        for device in all {
            let out = format!("out-{device}");
            let copy = std::process::Command::new("cp").args(["-a", "out", &out]).current_dir(fresh.root()).status();
            assert!(copy.expect("cp").success());
            let why = asked(&fresh, &format!("--why {device} --out {out}"));
            let expected = match device {
                _ if rendered.contains(device) => ("rendered", "inputs"),
                _ if carried.contains(device) => ("carried", "inputs"),
                _ => ("kept", "same"),
            };
            assert_eq!(done(&why), expected, "{path} for {device}: {why}");
            if expected.0 != "kept" {
                assert_eq!(inputs(&why), [format!("{path}: content")]);
            }
        }
    }
}

#[test]
fn what_is_in_no_file_is_named_too() {
    let fleet = built();
    fleet.edit("devices/acme/reception.toml", "package", "activate = 2027-01-01\npackage");
    fleet.build();
    let call = "--why Reception --as-of 2027-01-02";
    let aged = asked(&fleet, call);
    assert_eq!(aged["inputs"], json!([{ "name": "the day", "change": "value", "before": "2026-12-01", "after": "2027-01-02" }]));
    assert_eq!(done(&aged), ("rendered", "inputs"));
    settle();
    let call = fleet.sipress(&format!("build -q --format json {call}")).env("SIPRESS_KEY", OTHER_KEY);
    let keyed = call.any_stdout().run().json()["why"].take();
    assert_eq!(inputs(&keyed), ["the key: content"]);
    assert_eq!(keyed["files"], json!([{ "name": "02acce000001.ini", "bytes": "changed", "moved": true }]));
    let bare = built();
    bare.write("devices/zebra/customer.toml", "name = \"Zebra\"\n");
    let more = why(&bare, TILL);
    assert_eq!((done(&more), inputs(&more)), (("carried", "inputs"), vec!["the list of customers: content".to_owned()]));
}

#[test]
fn files_that_come_and_go_are_named() {
    let fleet = built();
    fs::rename(fleet.path("devices/acme/phonebook.toml"), fleet.path("devices/acme/london/phonebook.toml")).expect("a file");
    let moved = why(&fleet, DESK);
    assert_eq!(inputs(&moved), ["devices/acme/london/phonebook.toml: new", "devices/acme/phonebook.toml: gone"]);
    fleet.write("devices/acme/new.toml", "mac = \"02acce000009\"\nmodel = \"acmephone/a1\"\n");
    let new = why(&fleet, "02-AC-CE-00-00-09");
    assert_eq!(new["files"], json!([{ "name": "02acce000009.ini", "bytes": "new", "moved": false }]));
    assert_eq!((done(&new), inputs(&new)), (("rendered", "inputs"), vec!["devices/acme/new.toml: new".to_owned()]));
}

#[test]
fn a_device_that_changed_hands_is_told_so() {
    let fleet = built();
    fs::rename(fleet.path("devices/stock/spare.toml"), fleet.path("devices/acme/spare.toml")).expect("a file");
    let why = why(&fleet, "02acce000005");
    assert_eq!((&why["customer"], &why["from"]), (&"acme".into(), &"stock".into()));
    assert_eq!(why["files"][0]["moved"], true, "another customer has other folders");
}

#[test]
fn an_output_that_was_touched_is_a_reason() {
    let fleet = built();
    let served = fleet.served("02acce000001.ini");
    fleet.edit(&served, "line1.enabled=1", "line1.enabled=0");
    let touched = why(&fleet, RECEPTION);
    assert_eq!(done(&touched), ("rendered", "output"));
    let enabled =
        json!([{ "file": "02acce000001.ini", "name": "line1.enabled", "settings": [], "before": "0", "after": "1", "secret": false }]);
    assert_eq!(touched["parameters"], enabled);
    fleet.remove(&served);
    assert_eq!(why(&fleet, RECEPTION)["files"][0]["bytes"], "changed");
    let other = why(&fleet, RECEPTION);
    assert_eq!(done(&other), ("kept", "same"));
    fs::remove_dir_all(fleet.path("out")).expect("the output goes");
    assert_eq!(done(&why(&fleet, RECEPTION)), ("rendered", "first"));
}

#[test]
fn a_stamp_that_could_not_be_trusted_is_a_reason() {
    let fleet = Fleet::small();
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(3600);
    let file = std::fs::File::options().write(true).open(fleet.path("devices/acme/reception.toml")).expect("the file");
    file.set_modified(later).expect("a stamp after any build");
    fleet.build();
    let racy = why(&fleet, RECEPTION);
    assert!(matches!(done(&racy), ("carried", "racy")), "{racy}");
}

#[test]
fn a_customer_that_is_not_to_be_built_is_not() {
    let fleet = built();
    fleet.edit("devices/north/bakery/till.toml", "user = \"till\"", "user = \"till2\"");
    let left = asked(&fleet, "--why Till --only acme");
    assert_eq!(done(&left), ("not-built", "not-built"));
    assert_eq!(left["files"][0]["bytes"], "same");
}

#[test]
fn a_device_that_cannot_be_told_is_wrong_usage() {
    let fleet = built();
    let before = fleet.tree("out");
    let unknown = fleet.sipress("build --why receptoin").exit(2);
    unknown.stderr_has("error: there is no device \"receptoin\"").stderr_has("= help: did you mean Reception?").run();
    fleet.edit("devices/acme/london/desks.toml", "label = \"Window\"", "label = \"Desk\"");
    let both = fleet.sipress("build --why desk").exit(2);
    both.stderr_has("several devices have the label \"desk\"").stderr_has("02acce000002, 02acce000003").run();
    assert_eq!(before.changes(&fleet.tree("out")), [""; 0], "nothing was built");
}

#[test]
fn no_secret_is_told() {
    let fleet = Fleet::small();
    fleet.edit("devices/fleet.toml", "[defaults.line]", "[policy]\nplaintext_secrets = \"allow\"\n[defaults.line]");
    let reception = fleet.read("devices/acme/reception.toml");
    let raw = |value: &str| fleet.write("devices/acme/reception.toml", &format!("{reception}\n[raw]\n\"audio.codecs\" = \"{value}\"\n"));
    raw("hunter-one");
    fleet.edit("devices/acme/reception.toml", "extension = \"101\"", "extension = \"101\"\npassword = \"hunter-two-hunter\"");
    settle();
    fleet.build();
    let token = |fleet: &Fleet| fleet.served("02acce000001.ini").split('/').rev().nth(1).expect("a folder").to_owned();
    let old = token(&fleet);
    // The raw parameter goes, the password is another, and so is the folder.
    let text = reception.replace("extension = \"101\"", "extension = \"101\"\npassword = \"hunter-three-hunter\"");
    fleet.write("devices/acme/reception.toml", &text);
    fleet.edit("devices/acme/reception.toml", "label", "prov = { auth = { generation = 2 } }\nlabel");
    settle();
    for format in ["human", "json"] {
        let copy = std::process::Command::new("cp").args(["-a", "out", format]).current_dir(fleet.root()).status();
        assert!(copy.expect("cp").success());
        let told = fleet.sipress(&format!("build -q --why Reception --timings --format {format} --out {format}"));
        let told = told.any_stdout().any_stderr().run();
        for part in ["line1.password", "audio.codecs", "fetch.url"] {
            assert!(told.stdout.contains(part), "{part}: {}", told.stdout);
        }
        for secret in ["hunter", &old] {
            assert!(!told.stdout.contains(secret) && !told.stderr.contains(secret), "{secret}: {}{}", told.stdout, told.stderr);
        }
        let new = fleet.tree(format);
        let new = new.paths().find(|path| path.ends_with("02acce000001.ini")).expect("the file").split('/').nth(1).expect("a folder");
        assert_ne!(new, old);
        assert!(!told.stdout.contains(new) && !told.stderr.contains(new));
    }
}

/// What is told is what happened, for every device and whatever was edited.
#[test]
fn the_answer_agrees_with_the_files() {
    let edits: &[(&str, &str, &str)] = &[
        ("devices/acme/customer.toml", "\"tls\"", "\"tcp\""),
        ("devices/fleet.toml", "Europe/London", "Asia/Tokyo"),
        ("devices/acme/extensions.toml", "Ann Lee", "Ann Lie"),
        ("devices/acme/reception.toml", "[[key]]", "[[key]] # a remark"),
        ("devices/north/msp.toml", "\"g722\", \"pcma\"", "\"pcmu\""),
        ("devices/acme/london/desks.toml", "label = \"Desk\"", "status = \"inactive\"\nlabel = \"Desk\""),
        ("vendors/acmephone/vendor.toml", "line.expires = 3600", "line.expires = 1800"),
        ("devices/acme/reception.toml", "number = 2\nextension = \"102\"", "number = 2\nextension = \"103\""),
    ];
    let fleet = built();
    let devices = [RECEPTION, DESK, TILL, "02acce000003", "02acce000005"];
    for (round, (path, from, to)) in edits.iter().enumerate() {
        fleet.edit(path, from, to);
        let device = devices[round % devices.len()];
        for device in [device, RECEPTION] {
            let before = fleet.tree("out/site");
            let why = why(&fleet, device);
            agrees(&why, &before, &fleet.tree("out/site"), device);
        }
    }
}

fn agrees(why: &Value, before: &Tree, after: &Tree, device: &str) {
    let name = format!("{device}.ini");
    let leaf = |tree: &Tree| {
        let path = tree.paths().find(|path| path.ends_with(&name)).expect("the file").to_owned();
        tree.get(&path).expect("the file").clone()
    };
    let (old, new) = (leaf(before), leaf(after));
    let changed = old.bytes != new.bytes;
    assert_eq!(why["files"], json!([{ "name": name, "bytes": if changed { "changed" } else { "same" }, "moved": false }]), "{why}");
    assert_eq!(changed, old.mtime != new.mtime, "{why}");
    assert!(why["done"] == "rendered" || !changed, "{why}");
    let lines = |leaf: &crate::tree::Leaf| {
        let text = String::from_utf8(leaf.bytes.clone()).expect("UTF-8");
        text.lines()
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    let (old, new) = (lines(&old), lines(&new));
    let differ = old.keys().chain(new.keys()).filter(|name| old.get(*name) != new.get(*name)).collect::<std::collections::BTreeSet<_>>();
    let parameters = why["parameters"].as_array().expect("a list");
    let told = parameters.iter().map(|parameter| parameter["name"].as_str().expect("a text").to_owned());
    assert_eq!(told.collect::<std::collections::BTreeSet<_>>(), differ.into_iter().cloned().collect(), "{why}");
    for parameter in parameters.iter().filter(|parameter| parameter["secret"] == false) {
        let name = parameter["name"].as_str().expect("a text");
        assert_eq!(
            (parameter["before"].as_str(), parameter["after"].as_str()),
            (old.get(name).map(String::as_str), new.get(name).map(String::as_str))
        );
    }
}

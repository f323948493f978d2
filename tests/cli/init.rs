//! `init`

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::fleet::Fleet;

const CREATED: &str = "   Created  a fleet of two phones in .
       Key  sipress.key, which git ignores: keep a copy in a safe place, all passwords come from it

  Next: edit devices/fleet.toml and devices/example/, then sipress check and sipress build
";

fn mode(fleet: &Fleet, path: &str) -> u32 {
    let meta = fs::metadata(fleet.path(path)).expect(path);
    meta.permissions().mode() & 0o777
}

#[test]
fn it_makes_a_fleet() {
    let fleet = Fleet::empty();
    fleet.sipress("init").stderr(CREATED).run();
    for path in ["fleet.toml", "packages.toml", "example/customer.toml", "example/reception.toml"] {
        assert!(fleet.has(&format!("devices/{path}")), "{path}");
    }
}

#[test]
fn what_it_makes_builds() {
    let fleet = Fleet::empty();
    fleet.sipress("init").any_stderr().run();
    fleet.sipress("check").without_key().stderr_has("nothing to complain of in 2 devices").run();
    fleet.sipress("build -q").without_key().run();
    assert_eq!(fleet.json("out/manifest.json")["customers"]["example"]["devices"], 2);
    assert!(!fs::read(fleet.path(&fleet.served("805ec0000001.cfg"))).unwrap().is_empty());
}

#[test]
fn the_key_is_its_owners_alone() {
    let fleet = Fleet::empty();
    fleet.sipress("init").any_stderr().run();
    assert_eq!(mode(&fleet, "sipress.key"), 0o600);
    let key = fleet.read("sipress.key");
    assert_eq!(key.trim_end().len(), 64);
    assert!(key.trim_end().bytes().all(|byte| byte.is_ascii_hexdigit()));
    let other = Fleet::empty();
    other.sipress("init").any_stderr().run();
    assert_ne!(key, other.read("sipress.key"), "no two fleets have one key");
}

#[test]
fn the_key_is_printed_nowhere() {
    let fleet = Fleet::empty();
    let printed = fleet.sipress("init -v").any_stderr().run();
    let key = fleet.read("sipress.key");
    assert!(!printed.stderr.contains(key.trim_end()));
    let holders = fleet.tree(".");
    let with_key = holders.contents().into_iter().filter(|(_, bytes)| bytes.windows(64).any(|window| window == key.trim_end().as_bytes()));
    assert_eq!(with_key.map(|(path, _)| path).collect::<Vec<_>>(), ["sipress.key"]);
}

#[test]
fn git_ignores_the_key_and_the_output() {
    let fleet = Fleet::empty();
    fleet.sipress("init").any_stderr().run();
    assert_eq!(fleet.read(".gitignore"), "/out\n/parts\n/sipress.key\n");
}

#[test]
fn what_git_ignores_already_stays() {
    for (before, after) in [
        ("*.swp", "*.swp\n/out\n/parts\n/sipress.key\n"),
        ("/out\n", "/out\n/parts\n/sipress.key\n"),
        ("/sipress.key\n/out\n/parts\n", "/sipress.key\n/out\n/parts\n"),
    ] {
        let fleet = Fleet::empty();
        fleet.write(".gitignore", before);
        fleet.sipress("init").any_stderr().run();
        assert_eq!(fleet.read(".gitignore"), after);
    }
}

#[test]
fn a_key_that_is_there_stays() {
    let fleet = Fleet::empty();
    fleet.write("sipress.key", "5ca1ab1e");
    fleet.sipress("init").any_stderr().run();
    assert_eq!(fleet.read("sipress.key"), "5ca1ab1e");
}

#[test]
fn an_existing_fleet_is_refused_and_not_touched() {
    let fleet = Fleet::small();
    let before = fleet.tree(".");
    let call = fleet.sipress("init").exit(2);
    call.stderr("error: . holds a devices folder already\n  = help: `sipress check` looks at it\n").run();
    assert_eq!(before.changes(&fleet.tree(".")), [""; 0]);
}

#[test]
fn it_makes_the_folder_that_is_named() {
    let fleet = Fleet::empty();
    let call = fleet.sipress("init new/fleet");
    call.stderr_has("a fleet of two phones in new/fleet").run();
    assert!(fleet.has("new/fleet/devices/fleet.toml") && !fleet.has("devices"));
}

#[test]
fn quiet_says_nothing() {
    Fleet::empty().sipress("init -q").run();
}

#[test]
fn editors_find_a_schema_for_each_kind_of_file() {
    let fleet = Fleet::empty();
    fleet.sipress("init -q").run();
    let tree = fleet.tree("devices");
    for path in tree.paths() {
        let text = fleet.read(&format!("devices/{path}"));
        let Some(schema) = text.lines().next().and_then(|line| line.strip_prefix("#:schema ")) else {
            continue;
        };
        let folder = fleet.path("devices").join(path);
        let place = folder.parent().expect("a folder").join(schema);
        let text = fs::read_to_string(&place).unwrap_or_else(|error| panic!("{path}: {error}"));
        let schema: serde_json::Value = serde_json::from_str(&text).expect(path);
        assert!(schema.is_object(), "{path}: {schema}");
    }
}

//! The same inputs give the same bytes.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fleet::{Fleet, KEY};
use crate::kill::Dice;
use crate::tree::Tree;

/// The root of a manifest and the site that it describes.
struct Site {
    root: String,
    tree: Tree,
}

impl Site {
    fn of(fleet: &Fleet, out: &str) -> Site {
        let manifest = fleet.json(&format!("{out}/manifest.json"));
        Site { root: manifest["root"].as_str().expect("a root").to_owned(), tree: fleet.tree(&format!("{out}/site")) }
    }

    fn assert_same(&self, other: &Site, what: &str) {
        let (own, others) = (self.tree.contents(), other.tree.contents());
        for (path, bytes) in &own {
            assert!(others.get(path) == Some(bytes), "{path} differs: {what}");
        }
        assert_eq!(own.len(), others.len(), "{what}");
        assert_eq!(self.root, other.root, "{what}");
    }
}

/// The repository's example fleet, as long as it has no errors.
fn example() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).to_owned();
    let mut check = Command::new(env!("CARGO_BIN_EXE_sipress"));
    check.args(["check", "-q", "--as-of", "2026-12-01"]).current_dir(&root);
    let sound = check.output().is_ok_and(|output| output.status.success());
    if !sound {
        eprintln!("skipped: the example fleet has errors");
    }
    sound.then_some(root)
}

fn build(fleet: &Fleet) -> Site {
    fleet.build();
    Site::of(fleet, "out")
}

fn clean(fleet: &Fleet) -> Site {
    let call = fleet.sipress("build -q --out clean").any_stderr();
    let _ = std::fs::remove_dir_all(fleet.path("clean"));
    call.run();
    Site::of(fleet, "clean")
}

fn shuffle(dice: &mut Dice, files: &mut [PathBuf]) {
    for last in (1..files.len()).rev() {
        files.swap(last, dice.throw(last + 1));
    }
}

/// Builds a fleet in every surrounding that must not matter.
fn surroundings(root: &Path, seeds: std::ops::Range<u64>) {
    let fleet = Fleet::copy(root, |_| ());
    let expected = build(&fleet);
    let same = |fleet: &Fleet, out: &str, what: &str| Site::of(fleet, out).assert_same(&expected, what);

    for jobs in ["1", "8"] {
        fleet.sipress("build -q --out jobs --jobs").arg(jobs).any_stderr().run();
        same(&fleet, "jobs", &format!("{jobs} threads"));
        std::fs::remove_dir_all(fleet.path("jobs")).unwrap();
    }
    let elsewhere = Fleet::empty();
    elsewhere.sipress("build -q --out there --root").arg(fleet.root()).any_stderr().run();
    same(&elsewhere, "there", "another working directory");
    let call = fleet.sipress("build -q --out variables");
    let call = call.env("TZ", "Pacific/Kiritimati").env("COLUMNS", "60");
    let call = call.env("LANG", "tr_TR.UTF-8").env("LC_ALL", "de_DE.UTF-8");
    call.any_stderr().run();
    same(&fleet, "variables", "another time zone and language");
    for umask in ["000", "077"] {
        let mut shell = Command::new("sh");
        let program = env!("CARGO_BIN_EXE_sipress");
        shell.args(["-c", &format!("umask {umask}; '{program}' build -q --as-of 2026-12-01 --out mask-{umask}")]);
        let status = shell.env("SIPRESS_KEY", KEY).current_dir(fleet.root()).output();
        assert!(status.is_ok_and(|output| output.status.success()));
        let site = Site::of(&fleet, &format!("mask-{umask}"));
        site.assert_same(&expected, umask);
        assert!(site.tree.paths().all(|path| site.tree.get(path).is_some_and(|leaf| leaf.mode == 0o644)));
    }
    for seed in seeds {
        let copy = Fleet::copy(root, |files| shuffle(&mut Dice(seed), files));
        build(&copy).assert_same(&expected, "files made in another order");
    }
}

/// Edits a fleet at random, and compares what an incremental build makes of it with what a clean one does.
fn random_edits(root: &Path, edits: usize, seed: u64) {
    let fleet = Fleet::copy(root, |_| ());
    build(&fleet);
    let mut dice = Dice(seed);
    let mut compared = 0;
    for number in 0..edits {
        let (path, before) = edit(&fleet, &mut dice, number);
        let sound = fleet.sipress("check -q").output().status.success();
        if sound {
            build(&fleet).assert_same(&clean(&fleet), &format!("edit {number} of {path}"));
            compared += 1;
        }
        if !sound || dice.throw(3) == 0 {
            fleet.write(&path, &before);
        }
    }
    assert!(compared * 2 >= edits, "{compared} of {edits} edits were sound");
}

/// Changes one file; gives its path and its text from before.
fn edit(fleet: &Fleet, dice: &mut Dice, number: usize) -> (String, String) {
    let tree = fleet.tree("devices");
    let files: Vec<&str> = tree.paths().filter(|path| path.ends_with(".toml")).collect();
    let path = format!("devices/{}", files[dice.throw(files.len())]);
    let text = fleet.read(&path);
    let device = text.contains("mac = ") && text.contains("model = ");
    match dice.throw(4) {
        0 if device => _ = fleet.remove(&path),
        1 => _ = fleet.write(&path, &format!("# {number}\n{text}")),
        2 => _ = fleet.write(&path, &text.replace("label = \"", &format!("label = \"{number} "))),
        _ => _ = fleet.write(&path, &text.replace("name = \"", &format!("name = \"{number} "))),
    }
    (path, text)
}

#[test]
fn a_fleet_builds_to_the_same_bytes_in_all_surroundings() {
    surroundings(Fleet::small().root(), 1..4);
}

#[test]
fn the_example_fleet_does_too() {
    if let Some(root) = example() {
        surroundings(&root, 1..2);
    }
}

#[test]
fn incremental_and_clean_builds_agree_after_random_edits() {
    for seed in 1..4 {
        random_edits(Fleet::small().root(), 8, seed);
    }
}

#[test]
fn so_they_do_in_the_example_fleet() {
    if let Some(root) = example() {
        random_edits(&root, 4, 1);
    }
}

#[test]
fn a_change_of_the_pack_or_the_key_or_the_day_is_seen() {
    let fleet = Fleet::small();
    let first = build(&fleet);
    fleet.edit("vendors/acmephone/parameters.toml", "time.server", "time.ntp");
    fleet.edit("vendors/acmephone/vocabulary.txt", "time.server", "time.ntp");
    let second = build(&fleet);
    assert_ne!(second.root, first.root);
    second.assert_same(&clean(&fleet), "a pack");

    fleet.edit("devices/acme/reception.toml", "package", "activate = 2027-01-01\npackage");
    build(&fleet);
    for day in ["2027-01-01", "2026-12-31"] {
        fleet.sipress("build -q --as-of").arg(day).run();
        let site = Site::of(&fleet, "out");
        fleet.sipress("build -q --out day --as-of").arg(day).run();
        site.assert_same(&Site::of(&fleet, "day"), day);
    }
}

#[test]
fn a_file_that_changes_within_the_same_tick_and_size_is_seen() {
    let fleet = Fleet::small();
    build(&fleet);
    for value in ["101", "102", "103", "101"] {
        let text = fleet.read("devices/acme/reception.toml");
        let at = text.rfind("value = ").expect("a key");
        let text = format!("{}value = \"{value}\"\n", &text[..at]);
        fleet.write("devices/acme/reception.toml", &text);
        build(&fleet).assert_same(&clean(&fleet), value);
    }
}

#[test]
fn equal_fleets_in_two_places_have_one_root() {
    let (one, other) = (Fleet::small(), Fleet::small());
    build(&one).assert_same(&build(&other), "two places");
}

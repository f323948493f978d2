//! The commit in the manifest.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::fleet::Fleet;

/// Runs git, apart from whatever is configured on this machine.
fn git(folder: &Path, words: &str) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=Test", "-c", "user.email=test@example.net", "-c", "commit.gpgsign=false"]);
    command.args(words.split(' ')).current_dir(folder);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    let output = command.output().expect("git is installed");
    assert!(output.status.success(), "git {words}: {}", String::from_utf8_lossy(&output.stderr));
}

fn head(folder: &Path) -> String {
    let output = Command::new("git").args(["rev-parse", "HEAD"]).current_dir(folder).output().expect("git is installed");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn committed() -> Fleet {
    let fleet = Fleet::small();
    fleet.write(".gitignore", "/out/\n/sipress.key\n/devices/_scratch*\n");
    git(fleet.root(), "init -q");
    git(fleet.root(), "add -A");
    git(fleet.root(), "commit -q -m one");
    fleet
}

/// Commit and dirt that a build tells, and the root.
fn built(fleet: &Fleet) -> (Option<String>, bool, String) {
    fleet.build();
    let manifest = fleet.json("out/manifest.json");
    let commit = manifest["commit"].as_str().map(str::to_owned);
    (commit, manifest["dirty"].as_bool().expect("a bool"), manifest["root"].as_str().expect("a root").to_owned())
}

#[test]
fn a_clean_tree_is_its_commit() {
    let fleet = committed();
    let (commit, dirty, _) = built(&fleet);
    assert_eq!((commit, dirty), (Some(head(fleet.root())), false));
}

#[test]
fn without_git_there_is_none() {
    let fleet = Fleet::small();
    let (commit, dirty, _) = built(&fleet);
    assert_eq!((commit, dirty), (None, false));
    git(fleet.root(), "init -q");
    let (commit, dirty, _) = built(&fleet);
    assert_eq!((commit, dirty), (None, false), "no commit yet");
    fs::write(fleet.path(".git/HEAD"), "nonsense").expect("a file");
    let (commit, dirty, _) = built(&fleet);
    assert_eq!((commit, dirty), (None, false), "a broken repository fails no build");
}

#[test]
fn what_the_build_reads_makes_it_dirty() {
    for path in ["devices/acme/reception.toml", "devices/acme/new.toml", "vendors/acmephone/vocabulary.txt"] {
        let fleet = committed();
        let text = if fleet.has(path) { fleet.read(path) } else { "mac = \"02acce0000f1\"\nmodel = \"acmephone/a1\"\n".to_owned() };
        fleet.write(path, &format!("{text}\n# edited\n"));
        let (commit, dirty, _) = built(&fleet);
        assert_eq!((commit, dirty), (Some(head(fleet.root())), true), "{path}");
    }
    let fleet = committed();
    fleet.remove("devices/acme/phonebook.toml");
    assert!(built(&fleet).1, "a file that is gone");
}

#[test]
fn what_it_does_not_read_does_not() {
    let fleet = committed();
    fleet.write("notes.md", "# notes\n").write("devices/_scratch.toml", "").write("out/else.txt", "");
    assert!(!built(&fleet).1);
}

#[test]
fn a_fleet_in_a_folder_of_a_repository_and_in_a_worktree() {
    let fleet = Fleet::small();
    let top = tempfile::tempdir().expect("a folder");
    let copy = |from: &str| {
        let status = Command::new("cp").args(["-r"]).arg(fleet.path(from)).arg(top.path().join("fleets/one")).status();
        assert!(status.expect("cp").success());
    };
    fs::create_dir_all(top.path().join("fleets/one")).expect("a folder");
    copy("devices");
    copy("vendors");
    git(top.path(), "init -q");
    git(top.path(), "add -A");
    git(top.path(), "commit -q -m one");
    git(top.path(), "worktree add -q ../beside");
    let beside = top.path().parent().expect("a parent").join("beside");
    for folder in [top.path(), &beside] {
        let root = folder.join("fleets/one");
        fleet.sipress("build -q").within(&root).any_stderr().run();
        let text = fs::read_to_string(root.join("out/manifest.json")).expect("a manifest");
        assert!(text.contains(&format!("\"commit\":\"{}\"", head(folder))) && text.contains("\"dirty\":false"), "{text}");
    }
    fs::remove_dir_all(beside).expect("the worktree goes");
}

#[test]
fn a_new_commit_of_the_same_fleet_changes_the_manifest_alone() {
    let fleet = committed();
    let (first, _, root) = built(&fleet);
    let before = fleet.tree("out");
    fleet.write("README.md", "# fleet\n");
    git(fleet.root(), "add -A");
    git(fleet.root(), "commit -q -m two");
    let (second, _, again) = built(&fleet);
    assert_ne!(first, second);
    assert_eq!(root, again, "the root tells the content only");
    let mut changed = before.changes(&fleet.tree("out"));
    changed.retain(|change| !change.contains(" .cache/"));
    assert_eq!(changed, ["~ manifest.json"]);
}

/// A clean filter is a program of the repository's settings. None is started, and a build says what it sees.
#[test]
fn filters_of_the_repository_are_not_run() {
    let fleet = committed();
    let mark = fleet.path("ran");
    let script = fleet.path("filter.sh");
    fs::write(&script, format!("#!/bin/sh\ntouch '{}'\ncat\n", mark.display())).expect("a script");
    fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("a mode");
    git(fleet.root(), &format!("config filter.mark.clean {}", script.display()));
    fleet.write(".gitattributes", "*.toml filter=mark\n");
    fleet.write("devices/acme/reception.toml", &format!("{}\n# edited\n", fleet.read("devices/acme/reception.toml")));
    git(fleet.root(), "status -s");
    assert!(mark.exists(), "git itself runs it");
    fs::remove_file(&mark).expect("the mark goes");
    assert!(built(&fleet).1);
    assert!(!mark.exists(), "sipress starts no program");
}

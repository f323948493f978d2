//! The commit in the manifest.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fleet::Fleet;

/// Runs git, apart from whatever is configured on this machine, and returns what it says.
fn git(folder: &Path, words: &str) -> String {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=Test", "-c", "user.email=test@example.net", "-c", "commit.gpgsign=false"]);
    command.args(words.split(' ')).current_dir(folder);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    let output = command.output().expect("git is installed");
    assert!(output.status.success(), "git {words}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn head(folder: &Path) -> String {
    git(folder, "rev-parse HEAD")
}

/// Commits files that were written an hour ago: git trusts the stamps of those.
fn commit_all(fleet: &Fleet) {
    let hour = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    for file in crate::fleet::files(fleet.root()).iter().filter(|file| !file.components().any(|part| part.as_os_str() == ".git")) {
        fs::File::open(file).and_then(|file| file.set_modified(hour)).expect("a time");
    }
    git(fleet.root(), "init -q");
    git(fleet.root(), "add -A");
    git(fleet.root(), "commit -q -m one");
}

fn committed() -> Fleet {
    let fleet = Fleet::small();
    fleet.write(".gitignore", "/out/\n/sipress.key\n/devices/_scratch*\n");
    commit_all(&fleet);
    fleet
}

/// Configures a clean filter that leaves a mark when it runs, and returns the mark.
fn filter(fleet: &Fleet, repository: &Path) -> PathBuf {
    let (mark, script) = (fleet.path("out/ran"), fleet.path("out/filter.sh"));
    fs::create_dir_all(fleet.path("out")).expect("a folder");
    fs::write(&script, format!("#!/bin/sh\ntouch '{}'\ncat\n", mark.display())).expect("a script");
    fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("a mode");
    git(repository, &format!("config filter.mark.clean {}", script.display()));
    mark
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
fn a_repository_may_have_the_longer_hashes() {
    let fleet = Fleet::small();
    git(fleet.root(), "init -q --object-format=sha256");
    commit_all(&fleet);
    let (commit, dirty, _) = built(&fleet);
    assert_eq!((commit.as_ref().map(String::len), commit, dirty), (Some(64), Some(head(fleet.root())), false));
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
    let fleet = Fleet::small();
    fleet.write("devices/acme/README.md", "# Acme\n").write("devices/_old/phone.toml", "").write("vendors/_notes", "");
    commit_all(&fleet);
    fleet.write("notes.md", "# notes\n").write("devices/_scratch.toml", "").write("out/else.txt", "").write("devices/more.txt", "");
    for path in ["devices/acme/README.md", "devices/_old/phone.toml", "vendors/_notes"] {
        fleet.write(path, "edited\n");
    }
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(fleet.path("devices/acme/reception.toml"), mode).expect("a mode");
    assert!(!git(fleet.root(), "status -s").is_empty(), "git itself sees changes");
    assert!(!built(&fleet).1);
}

#[test]
fn what_is_staged_counts_until_it_is_committed() {
    let fleet = committed();
    fleet.write("devices/acme/reception.toml", &format!("{}\n# edited\n", fleet.read("devices/acme/reception.toml")));
    git(fleet.root(), "add -A");
    assert!(built(&fleet).1);
    git(fleet.root(), "commit -q -m two");
    assert!(!built(&fleet).1);
    git(fleet.root(), "mv devices/acme/reception.toml devices/acme/desk.toml");
    assert!(built(&fleet).1, "moved");
}

#[test]
fn files_that_git_was_told_not_to_look_at_are_not_taken_for_granted() {
    let fleet = committed();
    git(fleet.root(), "update-index --assume-unchanged devices/acme/reception.toml");
    fleet.write("devices/acme/reception.toml", &format!("{}\n# edited\n", fleet.read("devices/acme/reception.toml")));
    assert!(git(fleet.root(), "status -s").is_empty(), "git itself sees nothing");
    assert!(built(&fleet).1);

    let fleet = committed();
    git(fleet.root(), "sparse-checkout set devices/acme vendors");
    assert!(!fleet.has("devices/north/bakery/till.toml"));
    assert!(built(&fleet).1, "a fleet without some of its customers is not that of the commit");
}

#[test]
fn a_fleet_that_its_repository_ignores_is_not_its_commit() {
    let fleet = Fleet::small();
    fleet.write(".gitignore", "/devices/\n/out/\n/vendors/\n");
    commit_all(&fleet);
    assert!(built(&fleet).1);
}

#[test]
fn links_are_followed_to_what_they_lead_to() {
    let fleet = Fleet::small();
    fs::create_dir_all(fleet.path("shared")).expect("a folder");
    fs::rename(fleet.path("devices/acme/phonebook.toml"), fleet.path("shared/book")).expect("a file");
    fs::rename(fleet.path("devices/north/bakery"), fleet.path("shared/bakery")).expect("a folder");
    let link = |to: &str, at: &str| std::os::unix::fs::symlink(to, fleet.path(at)).expect("a link");
    link("../../shared/book", "devices/acme/phonebook.toml");
    link("../../shared/bakery", "devices/north/bakery");
    commit_all(&fleet);
    assert!(!built(&fleet).1);
    for (path, dirty) in [("shared/else", false), ("shared/book", true), ("shared/bakery/till.toml", true), ("shared/bakery/new.md", false)]
    {
        let text = if fleet.has(path) { fleet.read(path) } else { String::new() };
        fleet.write(path, &format!("{text}\n# edited\n"));
        assert_eq!(built(&fleet).1, dirty, "{path}");
        git(fleet.root(), "add -A");
        git(fleet.root(), "commit -q -m more");
        assert!(!built(&fleet).1, "{path}");
    }
    fs::remove_file(fleet.path("devices/acme/phonebook.toml")).expect("the link goes");
    fs::copy(fleet.path("shared/book"), fleet.path("devices/acme/phonebook.toml")).expect("a file");
    assert!(built(&fleet).1, "a file in the place of a link");
}

#[test]
fn a_customer_may_be_a_submodule() {
    let (fleet, customer) = (Fleet::small(), Fleet::empty());
    for name in ["customer.toml", "till.toml"] {
        customer.write(name, &fleet.read(&format!("devices/north/bakery/{name}")));
    }
    commit_all(&customer);
    fs::remove_dir_all(fleet.path("devices/north/bakery")).expect("the folder goes");
    git(fleet.root(), "init -q");
    git(fleet.root(), &format!("-c protocol.file.allow=always submodule --quiet add {} devices/north/bakery", customer.root().display()));
    commit_all(&fleet);
    let (commit, dirty, _) = built(&fleet);
    assert_eq!((commit, dirty), (Some(head(fleet.root())), false));

    // Its settings are no more trusted than those of the fleet's own repository.
    let inside = fleet.path("devices/north/bakery");
    let mark = filter(&fleet, &inside);
    fleet.write("devices/north/bakery/.gitattributes", "*.toml filter=mark\n");
    fleet.write("devices/north/bakery/README.md", "# Bakery\n");
    assert!(!built(&fleet).1);
    // As many bytes as before, so that only the contents tell, and contents go through filters.
    fleet.edit("devices/north/bakery/till.toml", "Till", "Tall");
    assert!(built(&fleet).1);
    assert!(!mark.exists(), "sipress starts no program");
    git(&inside, "status -s");
    git(&inside, "checkout -q till.toml");
    fs::remove_file(&mark).expect("git ran it");
    git(&inside, "commit -q --allow-empty -m more");
    assert!(built(&fleet).1, "another commit than the one that is asked for");
    git(fleet.root(), "submodule --quiet deinit -f devices/north/bakery");
    assert!(built(&fleet).1, "a customer that is not there");
}

#[test]
fn a_shallow_clone_and_one_of_somebody_else() {
    let origin = committed();
    let fleet = Fleet::empty();
    git(origin.root(), "commit -q --allow-empty -m two");
    git(fleet.root(), &format!("clone -q --depth 1 file://{} .", origin.root().display()));
    assert_eq!(built(&fleet).0, Some(head(origin.root())));
    assert!(!built(&fleet).1);
    // Only the superuser can give files away.
    if std::os::unix::fs::chown(fleet.path(".git"), Some(4242), Some(4242)).is_err() {
        return;
    }
    std::os::unix::fs::chown(fleet.root(), Some(4242), Some(4242)).expect("given away");
    let (commit, dirty, _) = built(&fleet);
    assert_eq!((commit, dirty), (Some(head(origin.root())), false), "git would ask for safe.directory");
}

/// Whatever is torn, a build is none the worse; and it never vouches for what it could not compare.
#[test]
fn a_torn_repository_fails_no_build() {
    let fleet = committed();
    let text = fleet.read("devices/acme/reception.toml");
    fleet.write("devices/acme/reception.toml", &format!("{text}\n# edited\n"));
    let torn: Vec<_> =
        crate::fleet::files(&fleet.path(".git")).into_iter().filter(|path| !path.to_string_lossy().contains("hooks")).collect();
    for path in torn {
        let good = fs::read(&path).expect("a file");
        for bad in [&good[..good.len() / 2], b"", b"\xff\x00nonsense"] {
            fs::remove_file(&path).expect("a file");
            fs::write(&path, bad).expect("a file");
            let (commit, dirty, _) = built(&fleet);
            assert!(commit.is_none() || dirty, "{}", path.display());
        }
        fs::remove_file(&path).expect("a file");
        fs::write(&path, good).expect("a file");
    }
}

#[test]
fn a_fleet_in_a_folder_of_a_repository_and_in_a_worktree() {
    let (fleet, home) = (Fleet::small(), Fleet::empty());
    let (top, beside) = (home.path("top"), home.path("beside"));
    fs::create_dir_all(top.join("fleets/one")).expect("a folder");
    for folder in ["devices", "vendors"] {
        fs::rename(fleet.path(folder), top.join("fleets/one").join(folder)).expect("a folder");
    }
    git(&top, "init -q");
    git(&top, "add -A");
    git(&top, "commit -q -m one");
    git(&top, "worktree add -q ../beside");
    git(&beside, "commit -q --allow-empty -m two");
    assert_ne!(head(&top), head(&beside));
    for folder in [&top, &beside] {
        let root = folder.join("fleets/one");
        fleet.sipress("build -q").within(&root).any_stderr().run();
        let text = fs::read_to_string(root.join("out/manifest.json")).expect("a manifest");
        assert!(text.contains(&format!("\"commit\":\"{}\"", head(folder))) && text.contains("\"dirty\":false"), "{text}");
    }
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
    let mark = filter(&fleet, fleet.root());
    fleet.write(".gitattributes", "*.toml filter=mark\n");
    fleet.edit("devices/acme/reception.toml", "\"103\"", "\"102\"");
    git(fleet.root(), "status -s");
    assert!(mark.exists(), "git itself runs it");
    fs::remove_file(&mark).expect("the mark goes");
    assert!(built(&fleet).1);
    assert!(!mark.exists(), "sipress starts no program");
}

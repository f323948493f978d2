//! `build`

use std::fs;

use crate::check::with_mistakes;
use crate::fleet::Fleet;
use crate::tree::Tree;

const FIRST: &str = "    Loaded  2 customers, 5 devices, … vendor packs
   Written  6 files, 4.9 KiB → ROOT/out/site      (6 new)
  Manifest  root …   as of 2026-12-01

  Done in … s.  Next: sipress show DEVICE · sipress explain DEVICE
";

const UNCHANGED: &str = " Unchanged  5 devices, 6 files      root …
   Done in  … s
";

/// Names without the unguessable folders.
fn names(changes: &[String]) -> Vec<String> {
    let name = |change: &String| {
        let (mark, path) = change.split_at(2);
        format!("{mark}{}", path.rsplit('/').next().unwrap_or_default())
    };
    let mut names: Vec<String> = changes.iter().map(name).collect();
    names.sort();
    names
}

fn site(fleet: &Fleet) -> Tree {
    fleet.tree("out/site")
}

#[test]
fn the_first_build_writes_everything() {
    let fleet = Fleet::small();
    fleet.sipress("build").stderr(FIRST).run();
    let site = site(&fleet);
    let found: Vec<String> = site.paths().map(|path| format!("+ {path}")).collect();
    assert_eq!(
        names(&found),
        ["+ 02acce000001.ini", "+ 02acce000002.ini", "+ 02acce000003.ini", "+ 02acce000004.ini", "+ 02acce000005.ini", "+ book.xml"]
    );
    for path in site.paths() {
        let (token, _) = path.split_once('/').expect("a folder");
        assert_eq!(token.len(), 26, "{path}");
        assert!(token.bytes().all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b)));
    }
}

#[test]
fn the_manifest_describes_the_site() {
    let fleet = Fleet::small();
    fleet.build();
    let manifest = fleet.json("out/manifest.json");
    assert_eq!(manifest["schema"], 1);
    assert_eq!(manifest["as_of"], "2026-12-01");
    assert_eq!(manifest["compiler"], env!("CARGO_PKG_VERSION"));
    let site = site(&fleet);
    let mut described = 0;
    for (customer, devices, files) in [("acme", 3, 4), ("north/bakery", 1, 1), ("stock", 1, 1)] {
        let row = &manifest["customers"][customer];
        assert_eq!(row["shard"], format!("manifest/{customer}.json"));
        assert_eq!((&row["devices"], &row["files"]), (&devices.into(), &files.into()));
        let shard = fleet.json(&format!("out/manifest/{customer}.json"));
        for entry in shard.as_array().expect("a list") {
            let leaf = site.get(entry["path"].as_str().expect("a path")).expect("a file");
            assert_eq!(entry["size"], leaf.bytes.len());
            assert_eq!(entry["sha256"], sha256(&leaf.bytes));
            described += 1;
        }
    }
    assert_eq!(described, site.paths().count());
}

#[test]
fn public_files_are_public_and_private_files_private() {
    let fleet = Fleet::small();
    fleet.build();
    let out = fleet.tree("out");
    for path in out.paths() {
        let mode = out.get(path).expect("a file").mode;
        let expected = if path.starts_with("site/") { 0o644 } else { 0o600 };
        assert!(mode == expected || path == ".cache/lock", "{path} is {mode:o}");
    }
}

#[test]
fn the_second_build_touches_nothing() {
    let fleet = Fleet::small();
    fleet.build();
    let before = fleet.tree("out");
    fleet.sipress("build").stderr(UNCHANGED).run();
    let changes = before.changes(&fleet.tree("out"));
    assert!(changes.iter().all(|change| change.contains(" .cache/")), "{changes:?}");
}

#[test]
fn without_its_cache_a_build_touches_nothing_either() {
    let fleet = Fleet::small();
    fleet.build();
    let before = site(&fleet);
    fs::remove_dir_all(fleet.path("out/.cache")).unwrap();
    fleet.sipress("build").stderr(UNCHANGED).run();
    assert_eq!(before.changes(&site(&fleet)), [""; 0]);
}

#[test]
fn what_was_touched_but_not_changed_is_not_written() {
    let fleet = Fleet::small();
    fleet.build();
    let before = site(&fleet);
    let text = fleet.read("devices/acme/reception.toml");
    fleet.write("devices/acme/reception.toml", &format!("# a remark\n{text}"));
    fleet.sipress("build").stderr(UNCHANGED).run();
    assert_eq!(before.changes(&site(&fleet)), [""; 0]);
}

#[test]
fn one_device_changed_touches_only_its_files() {
    let fleet = Fleet::small();
    fleet.build();
    let before = site(&fleet);
    fleet.edit("devices/acme/reception.toml", "value = \"103\"", "value = \"102\"");
    let call = fleet.sipress("build");
    call.stderr_has("1 files").stderr_has("(0 new, 1 changed, 5 unchanged)").run();
    let after = site(&fleet);
    assert_eq!(names(&before.changes(&after)), ["~ 02acce000001.ini"]);
    for path in after.paths() {
        let (old, new) = (before.get(path).expect("old"), after.get(path).expect("new"));
        let seconds = |mtime: i128| mtime / 1_000_000_000;
        assert_eq!(old.bytes == new.bytes, seconds(old.mtime) == seconds(new.mtime), "{path}");
    }
}

#[test]
fn a_scope_reaches_what_is_below_it() {
    let fleet = Fleet::small();
    fleet.build();
    let before = site(&fleet);
    fleet.edit("devices/acme/london/site.toml", "ntp.london", "ntp2.london");
    fleet.build();
    let changes = names(&before.changes(&site(&fleet)));
    assert_eq!(changes, ["~ 02acce000002.ini", "~ 02acce000003.ini"]);
}

#[test]
fn a_removed_device_takes_its_files_and_folder_with_it() {
    let fleet = Fleet::small();
    fleet.build();
    let (before, gone) = (site(&fleet), fleet.served("02acce000001.ini"));
    fleet.remove("devices/acme/reception.toml");
    fleet.sipress("build").stderr_has("1 removed").run();
    assert_eq!(names(&before.changes(&site(&fleet))), ["- 02acce000001.ini"]);
    let folder = fleet.path(&gone);
    assert!(!folder.parent().expect("a folder").exists());
}

#[test]
fn a_removed_customer_takes_its_shard_with_it() {
    let fleet = Fleet::small();
    fleet.build();
    fs::remove_dir_all(fleet.path("devices/north")).unwrap();
    fleet.build();
    assert!(!fleet.has("out/manifest/north"));
    assert!(fleet.json("out/manifest.json")["customers"]["north/bakery"].is_null());
}

#[test]
fn a_device_that_comes_back_gets_the_same_bytes() {
    let fleet = Fleet::small();
    fleet.build();
    let (root, text) = (fleet.manifest_root(), fleet.read("devices/acme/reception.toml"));
    fleet.remove("devices/acme/reception.toml").build();
    assert_ne!(fleet.manifest_root(), root);
    fleet.write("devices/acme/reception.toml", &text).build();
    assert_eq!(fleet.manifest_root(), root);
}

#[test]
fn an_inactive_phone_keeps_its_files_and_loses_its_accounts() {
    let fleet = Fleet::small();
    fleet.build();
    let path = fleet.served("02acce000001.ini");
    assert!(fleet.read(&path).contains("line1.user=101"));
    fleet.edit("devices/acme/reception.toml", "package", "status = \"inactive\"\npackage");
    fleet.build();
    let text = fleet.read(&path);
    assert!(text.contains("line1.enabled=0") && !text.contains("101"), "{text}");
}

#[test]
fn activation_waits_for_its_day() {
    let fleet = Fleet::small();
    let path = "devices/acme/reception.toml";
    fleet.edit(path, "package", "activate = 2027-01-01\npackage");
    fleet.sipress("build -q --as-of 2026-12-31").run();
    let served = fleet.served("02acce000001.ini");
    assert!(fleet.read(&served).contains("line1.enabled=0"));
    fleet.sipress("build -q --as-of 2027-01-01").run();
    assert!(fleet.read(&served).contains("line1.enabled=1"));
    assert_eq!(fleet.json("out/manifest.json")["as_of"], "2027-01-01");
}

#[test]
fn a_foreign_file_is_kept() {
    let fleet = Fleet::small();
    fleet.build();
    fleet.write("out/site/robots.txt", "mine").write("out/notes.txt", "mine too");
    let (robots, notes) = (fleet.tree("out"), fleet.tree("out"));
    fleet.remove("devices/acme/reception.toml").build();
    let after = fleet.tree("out");
    assert!(robots.get("site/robots.txt") == after.get("site/robots.txt"));
    assert!(notes.get("notes.txt") == after.get("notes.txt"));
}

#[test]
fn a_foreign_file_in_the_way_is_refused() {
    let fleet = Fleet::small();
    fleet.build();
    let served = fleet.served("02acce000001.ini");
    let text = fleet.read("devices/acme/reception.toml");
    fleet.remove("devices/acme/reception.toml").build();
    fleet.write("devices/acme/reception.toml", &text).write(&served, "mine");
    let before = site(&fleet);
    let call = fleet.sipress("build").exit(1);
    call.stderr_has("error[output::foreign-file]")
        .stderr_has("02acce000001.ini` is in the way and was not written by sipress")
        .stderr_has("Nothing was written.")
        .run();
    assert_eq!(before.changes(&site(&fleet)), [""; 0]);
}

#[test]
fn a_refused_build_comes_with_a_way_out_and_reports() {
    let fleet = Fleet::small();
    fleet.build();
    let served = fleet.served("02acce000001.ini");
    let text = fleet.read("devices/acme/reception.toml");
    fleet.remove("devices/acme/reception.toml").build();
    fleet.write("devices/acme/reception.toml", &text).write(&served, "mine");
    let call = fleet.sipress("build --report json=report.json").exit(1);
    call.stderr_has("= help: ").run();
    let codes = fleet.json("report.json");
    assert_eq!(codes["diagnostics"][0]["code"], "output::foreign-file");
}

#[test]
fn a_link_in_the_way_is_not_written_through() {
    let fleet = Fleet::small();
    fleet.write("elsewhere/keep", "");
    fs::create_dir_all(fleet.path("out")).unwrap();
    std::os::unix::fs::symlink(fleet.path("elsewhere"), fleet.path("out/site")).unwrap();
    let call = fleet.sipress("build").exit(1);
    call.stderr_has("output::foreign-file").run();
    assert_eq!(fleet.tree("elsewhere").paths().count(), 1);
}

#[test]
fn errors_write_nothing() {
    let fleet = Fleet::small();
    fleet.build();
    let before = fleet.tree("out");
    let root = fleet.manifest_root();
    fleet.edit("devices/acme/reception.toml", r#""102""#, r#""999""#);
    let call = fleet.sipress("build").exit(1);
    call.stderr_has("error[extension::unknown]").stderr_has("1 error in 5 devices").stderr_has("Nothing was written.").run();
    assert_eq!(before.changes(&fleet.tree("out")), [""; 0]);
    assert_eq!(fleet.manifest_root(), root);
}

#[test]
fn errors_in_a_first_build_leave_no_site() {
    let fleet = with_mistakes();
    fleet.sipress("build").exit(1).any_stderr().run();
    assert!(!fleet.has("out/site") && !fleet.has("out/manifest.json"));
}

#[test]
fn one_bad_device_never_publishes_and_mended_it_does() {
    let fleet = Fleet::small();
    fleet.build();
    let before = site(&fleet);
    fleet.edit("devices/acme/london/desks.toml", "Window", "Door");
    fleet.edit("devices/acme/reception.toml", r#""103""#, r#""101""#);
    fleet.edit("devices/north/bakery/till.toml", "user = \"till\"", "user = \"till2\"");
    fleet.edit("devices/acme/reception.toml", r#""102""#, r#""999""#);
    fleet.sipress("build").exit(1).any_stderr().run();
    assert_eq!(before.changes(&site(&fleet)), [""; 0]);
    fleet.edit("devices/acme/reception.toml", r#""999""#, r#""102""#);
    fleet.build();
    let changes = names(&before.changes(&site(&fleet)));
    assert_eq!(changes, ["~ 02acce000001.ini", "~ 02acce000004.ini"]);
}

#[test]
fn the_output_may_lie_elsewhere() {
    let (fleet, elsewhere) = (Fleet::small(), Fleet::empty());
    let call = fleet.sipress("build -q --out").arg(elsewhere.path("deep/down"));
    call.run();
    assert!(elsewhere.has("deep/down/manifest.json") && !fleet.has("out"));
    fleet.build();
    let there = elsewhere.tree("deep/down/site");
    assert!(there.contents() == site(&fleet).contents());
}

#[test]
fn a_relative_output_is_taken_from_where_one_stands() {
    let fleet = Fleet::small();
    let call = fleet.sipress("build -q --out public").within(fleet.path("devices"));
    call.run();
    assert!(fleet.has("devices/public/manifest.json"));
}

#[test]
fn an_output_that_cannot_be_made_is_outside_of_us() {
    let fleet = Fleet::small();
    fleet.write("file", "");
    let call = fleet.sipress("build --out file/out").exit(19);
    call.stderr_has("error: ").stderr_has("file/out").stderr_has("a retry is safe").run();
}

#[test]
fn an_empty_fleet_is_a_warning() {
    let fleet = Fleet::empty();
    fleet.write("devices/fleet.toml", "name = \"Empty\"\nbase_url = \"https://prov.example.net\"\n");
    let call = fleet.sipress("build -q");
    call.stderr_has("warning[fleet::empty]").run();
}

#[test]
fn results_go_to_stdout_and_words_to_stderr() {
    let fleet = Fleet::small();
    let call = fleet.sipress("build --format json");
    call.stdout("{\"schema\":1,\"diagnostics\":[]}\n").stderr(FIRST).run();
}

#[test]
fn builds_that_meet_wait_for_each_other() {
    let fleet = Fleet::small();
    let builds: Vec<_> = (0..6).map(|_| fleet.sipress("build -q").command().spawn().expect("sipress starts")).collect();
    for mut build in builds {
        assert!(build.wait().expect("an end").success());
    }
    let together = fleet.manifest_root();
    fs::remove_dir_all(fleet.path("out")).unwrap();
    fleet.build();
    assert_eq!(fleet.manifest_root(), together);
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

#[test]
fn a_device_may_have_a_template_of_the_fleets_own() {
    let fleet = Fleet::small();
    let vendor = "[[file]]\nid = \"main\"\nif = { \"device.template\" = false }\n\
        [[file]]\nid = \"lobby\"\nname = \"{mac}.cfg\"\nsyntax = \"template\"\ntemplate = \"lobby.tera\"\nuses = [\"line.number\", \"line.user\", \"vars\"]\n\
        if = { \"device.template\" = \"lobby\" }\n";
    fleet.write("vendors/yealink/vendor.toml", vendor);
    fleet.write(
        "vendors/yealink/lobby.tera",
        "{% for line in lines %}line={{ line.number }} user={{ line.user }} {{ vars.greeting }}\n{% endfor %}",
    );
    let device = "mac = \"805ec0000007\"\nmodel = \"yealink/t54w\"\ntemplate = \"lobby\"\n[vars]\ngreeting = \"Hello\"\n[[line]]\nnumber = 1\nextension = \"101\"\n";
    fleet.write("devices/acme/lobby.toml", device);
    fleet.write("devices/acme/plain.toml", &device.replace("07\"", "08\"").replace("template = \"lobby\"\n", ""));
    fleet.build();
    assert_eq!(fleet.read(&fleet.served("805ec0000007.cfg")), "line=1 user=101 Hello\n");
    assert!(fleet.read(&fleet.served("805ec0000008.cfg")).starts_with("#!version:1.0.0.1\n"));
}

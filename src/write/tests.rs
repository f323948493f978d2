//! Whole builds: what they change, what they leave alone, and what they refuse.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::*;
use crate::settings::Sensitivity;

/// A build told in a few words.
pub(super) struct Build<'a> {
    out: &'a Path,
    units: Vec<(&'a str, Vec<(&'a str, &'a str)>)>,
    kept: Vec<&'a str>,
}

impl<'a> Build<'a> {
    pub fn new(out: &'a Path) -> Build<'a> {
        Build { out, units: Vec::new(), kept: Vec::new() }
    }

    pub fn unit(mut self, customer: &'a str, files: &[(&'a str, &'a str)]) -> Build<'a> {
        self.units.push((customer, files.to_vec()));
        self
    }

    pub fn keep(mut self, customer: &'a str) -> Build<'a> {
        self.kept.push(customer);
        self
    }

    pub fn run(&self) -> Result<(Summary, Root), WriteError> {
        self.prepare()?.commit(&stamp())
    }

    /// Everything but the commit.
    pub fn prepare(&self) -> Result<Output, WriteError> {
        let output = Output::open(self.out, || ())?;
        for customer in &self.kept {
            assert!(output.keep_unit(customer)?, "{customer} cannot be kept");
        }
        for (customer, files) in &self.units {
            let unit = output.unit(customer)?;
            for (path, text) in files {
                unit.put(&OutPath::new(path).unwrap(), text.as_bytes(), Meta::example(path.split('/').next()))?;
            }
            unit.finish(1, format!("note of {customer}").as_bytes())?;
        }
        Ok(output)
    }

    fn refusal(&self) -> Vec<String> {
        match self.run() {
            Err(WriteError::Refused(findings)) => findings.into_iter().map(|finding| finding.message).collect(),
            other => panic!("it was not refused: {other:?}"),
        }
    }
}

pub(super) fn stamp() -> Stamp {
    Stamp { as_of: "2026-12-01".to_owned(), commit: None, dirty: false, tzdata: "2026b".to_owned() }
}

impl Meta {
    pub(super) fn example(device: Option<&str>) -> Meta {
        Meta {
            cache_control: "no-store".into(),
            content_type: "text/plain".into(),
            device: device.map(Into::into),
            kind: "config".into(),
            sensitivity: Sensitivity::Secret,
        }
    }
}

/// All that a build may show, but not its cache.
pub(super) fn files_of(out: &Path) -> BTreeMap<String, String> {
    let files = walk(out).into_iter().filter(|path| !path.starts_with(out.join(".cache")));
    files.map(|path| (name(out, &path), fs::read_to_string(&path).unwrap())).collect()
}

pub(super) fn times_of(out: &Path) -> BTreeMap<String, SystemTime> {
    let files = walk(out).into_iter().filter(|path| !path.ends_with("lock"));
    files.map(|path| (name(out, &path), path.metadata().unwrap().modified().unwrap())).collect()
}

fn name(out: &Path, path: &Path) -> String {
    path.strip_prefix(out).unwrap().to_string_lossy().into_owned()
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        match path.symlink_metadata().unwrap().is_dir() {
            true => found.extend(walk(&path)),
            false => found.push(path),
        }
    }
    found
}

fn counts(summary: Summary) -> [u64; 5] {
    [summary.new, summary.changed, summary.unchanged, summary.removed, summary.bytes]
}

#[test]
fn only_what_changed_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let first = Build::new(out).unit("acme", &[("t/a.cfg", "1"), ("t/b.cfg", "2")]).unit("beta", &[("u/c.cfg", "3")]);
    assert_eq!(counts(first.run().unwrap().0), [3, 0, 0, 0, 3]);
    let before = times_of(out);
    assert_eq!(counts(first.run().unwrap().0), [0, 0, 3, 0, 0]);
    assert_eq!(times_of(out), before);

    let second = Build::new(out).unit("acme", &[("t/a.cfg", "1"), ("t/b.cfg", "x"), ("v/d.cfg", "four")]).keep("beta");
    assert_eq!(counts(second.run().unwrap().0), [1, 1, 2, 0, 5]);
    let after = times_of(out);
    for same in ["site/t/a.cfg", "site/u/c.cfg", "manifest/beta.json", ".cache/units/beta.files"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    let seconds = |time: &SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    assert!(seconds(&after["site/t/b.cfg"]) > seconds(&before["site/t/b.cfg"]));
}

#[test]
fn without_a_cache_bytes_are_compared_and_nothing_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let build = Build::new(out).unit("acme", &[("t/a.cfg", "1"), ("t/b.cfg", "2")]);
    build.run().unwrap();
    let before = times_of(&out.join("site"));
    fs::remove_dir_all(out.join(".cache")).unwrap();
    fs::write(out.join("site/t/b.cfg"), "x").unwrap();
    assert_eq!(counts(build.run().unwrap().0), [0, 1, 1, 0, 1]);
    assert_eq!(times_of(&out.join("site"))["t/a.cfg"], before["t/a.cfg"]);
    assert_eq!(files_of(out)["site/t/b.cfg"], "2");
}

#[test]
fn what_is_no_longer_wanted_goes_with_its_folders_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let files = [("t/deep/a.cfg", "1"), ("t/b.cfg", "2"), ("u/c.cfg", "3")];
    Build::new(out).unit("acme", &files).unit("northwind/bakery", &[("v/d.cfg", "4")]).run().unwrap();
    fs::write(out.join("site/u/mine.txt"), "mine").unwrap();
    fs::write(out.join("site/robots.txt"), "mine").unwrap();
    let (summary, root) = Build::new(out).unit("acme", &[("t/b.cfg", "2")]).run().unwrap();
    assert_eq!(summary.removed, 3);
    assert_eq!(root.customers.keys().collect::<Vec<_>>(), ["acme"]);
    let left: Vec<String> = files_of(out).into_keys().collect();
    let expected = ["manifest.json", "manifest/acme.json", "site/robots.txt", "site/t/b.cfg", "site/u/mine.txt"];
    assert_eq!(left, expected);
    assert!(!out.join("site/t/deep").exists() && !out.join("site/v").exists() && !out.join("manifest/northwind").exists());
    assert!(!out.join(".cache/units/northwind").exists());
}

#[test]
fn a_file_that_moves_between_customers_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    Build::new(out).unit("acme", &[("a.cfg", "1"), ("b.cfg", "2")]).unit("beta", &[("c.cfg", "3")]).run().unwrap();
    let before = times_of(&out.join("site"));
    let moved = Build::new(out).unit("acme", &[("a.cfg", "1")]).unit("beta", &[("b.cfg", "2"), ("c.cfg", "3")]);
    assert_eq!(counts(moved.run().unwrap().0), [0, 0, 3, 0, 0]);
    assert_eq!(times_of(&out.join("site")), before);
    let moved = Build::new(out).unit("acme", &[("a.cfg", "1"), ("c.cfg", "changed")]).unit("beta", &[("b.cfg", "2")]);
    moved.run().unwrap();
    assert_eq!(files_of(out)["site/c.cfg"], "changed");
    Build::new(out).keep("acme").unit("gamma", &[("b.cfg", "2")]).run().unwrap();
    assert!(out.join("site/b.cfg").exists());
}

#[test]
fn a_foreign_file_stops_the_whole_run() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    Build::new(out).unit("acme", &[("t/a.cfg", "1"), ("t/b.cfg", "2")]).run().unwrap();
    fs::write(out.join("site/t/c.cfg"), "not ours").unwrap();
    fs::create_dir(out.join("site/u")).unwrap();
    fs::write(out.join("site/u/d.cfg"), "not ours").unwrap();
    let before = (files_of(out), times_of(out));
    let build = Build::new(out).unit("acme", &[("t/a.cfg", "x"), ("t/c.cfg", "3"), ("u/d.cfg", "4")]);
    let expected = ["t/c.cfg", "u/d.cfg"].map(|path| format!("`site/{path}` is in the way and was not written by sipress"));
    assert_eq!(build.prepare().unwrap().findings().unwrap().len(), 2);
    assert_eq!(build.refusal(), expected);
    assert_eq!((files_of(out), times_of(out)), before);
}

#[test]
fn a_foreign_file_with_our_bytes_becomes_ours() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    fs::create_dir_all(out.join("site/t")).unwrap();
    fs::write(out.join("site/t/a.cfg"), "1").unwrap();
    let before = times_of(&out.join("site"));
    let (summary, _) = Build::new(out).unit("acme", &[("t/a.cfg", "1"), ("t/b.cfg", "2")]).run().unwrap();
    assert_eq!(counts(summary), [1, 0, 1, 0, 1]);
    assert_eq!(times_of(&out.join("site"))["t/a.cfg"], before["t/a.cfg"]);
    Build::new(out).unit("acme", &[("t/b.cfg", "2")]).run().unwrap();
    assert!(!out.join("site/t/a.cfg").exists());
}

#[cfg(unix)]
#[test]
fn nothing_is_written_or_removed_through_a_link() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let (out, elsewhere) = (&folder.path().join("out"), &folder.path().join("elsewhere"));
    fs::create_dir(elsewhere).unwrap();
    fs::write(elsewhere.join("a.cfg"), "1").unwrap();
    Build::new(out).unit("acme", &[("t/a.cfg", "1"), ("u/b.cfg", "2")]).run().unwrap();
    fs::remove_dir_all(out.join("site/t")).unwrap();
    symlink(elsewhere, out.join("site/t")).unwrap();
    let link = "`site/t` is a link or a special file, and sipress does not write through such";
    assert_eq!(Build::new(out).unit("acme", &[("t/a.cfg", "x")]).refusal(), [link]);
    assert_eq!(Build::new(out).unit("acme", &[("t/a.cfg", "1")]).refusal(), [link]);
    assert_eq!(Build::new(out).unit("acme", &[("t/new/c.cfg", "3")]).refusal(), [link]);
    assert_eq!(Build::new(out).unit("acme", &[]).refusal(), [link]);

    fs::remove_file(out.join("site/t")).unwrap();
    fs::remove_file(out.join("site/u/b.cfg")).unwrap();
    symlink(elsewhere.join("a.cfg"), out.join("site/u/b.cfg")).unwrap();
    let link = "`site/u/b.cfg` is a link or a special file, and sipress does not write through such";
    assert_eq!(Build::new(out).unit("acme", &[("u/b.cfg", "1")]).refusal(), [link]);
    assert_eq!(Build::new(out).unit("acme", &[]).refusal(), [link]);
    assert_eq!(fs::read_to_string(elsewhere.join("a.cfg")).unwrap(), "1");
    assert_eq!(fs::read_dir(elsewhere).unwrap().count(), 1);
}

#[test]
fn a_file_becomes_a_folder_and_a_folder_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let file = Build::new(out).unit("acme", &[("x", "1"), ("y", "2")]);
    let deep = Build::new(out).unit("acme", &[("x/deep/a", "1"), ("x/b", "3"), ("y", "2")]);
    for build in [&file, &deep, &file, &deep] {
        build.run().unwrap();
        assert!(files_of(out).contains_key("site/y"));
    }
    fs::write(out.join("site/x/deep/mine"), "mine").unwrap();
    assert_eq!(file.refusal(), ["`site/x/deep/mine` is in the way and was not written by sipress"]);
    fs::remove_file(out.join("site/x/deep/mine")).unwrap();
    fs::create_dir(out.join("site/x/empty")).unwrap();
    assert_eq!(file.refusal(), ["`site/x/empty` is in the way and was not written by sipress"]);
    fs::remove_dir(out.join("site/x/empty")).unwrap();
    file.run().unwrap();
    Build::new(out).unit("acme", &[]).run().unwrap();
    fs::write(out.join("site/x"), "mine").unwrap();
    assert_eq!(deep.refusal(), ["`site/x` is in the way and was not written by sipress"]);
}

#[test]
fn collisions_are_refused_in_a_new_and_in_an_old_site() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let clashing =
        Build::new(out).unit("acme", &[("a.cfg", "1"), ("d", "1"), ("z", "1"), ("z", "2")]).unit("beta", &[("A.cfg", "1"), ("d/e", "2")]);
    let expected = clashing.refusal();
    assert_eq!(expected.len(), 3);
    assert!(!out.join("site").exists());
    Build::new(out).unit("acme", &[("a.cfg", "1")]).run().unwrap();
    assert_eq!(clashing.refusal(), expected);
    let other = Build::new(out).keep("acme").unit("beta", &[("a.cfg", "2")]);
    assert_eq!(other.refusal(), ["`a.cfg` is written for acme and for beta, with different content"]);
}

#[test]
fn equal_files_of_several_devices_are_one_file_of_none() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let put = |devices: [&str; 2]| {
        let output = Output::open(out, || ()).unwrap();
        let unit = output.unit("acme").unwrap();
        for device in devices {
            unit.put(&OutPath::new("y0.cfg").unwrap(), b"same", Meta::example(Some(device))).unwrap();
        }
        unit.finish(2, b"").unwrap();
        output.commit(&stamp()).unwrap().1
    };
    let root = put(["1", "2"]);
    assert_eq!(root.read_shard(out, "acme").unwrap()[0].device, None);
    assert_eq!(put(["2", "1"]), root);
    Build::new(out).keep("acme").unit("beta", &[("y0.cfg", "same")]).run().unwrap();
    Build::new(out).keep("acme").run().unwrap();
    assert!(out.join("site/y0.cfg").exists());
}

#[test]
fn an_unfinished_customer_cannot_be_committed() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    Build::new(out).unit("acme", &[("a.cfg", "1")]).run().unwrap();
    let output = Output::open(out, || ()).unwrap();
    drop(output.unit("acme").unwrap());
    assert!(matches!(output.commit(&stamp()), Err(WriteError::Io(_))));
    Build::new(out).keep("acme").run().unwrap();
}

#[test]
fn a_site_without_files_is_a_site() {
    let folder = tempfile::tempdir().unwrap();
    let (_, root) = Build::new(folder.path()).run().unwrap();
    assert!(folder.path().join("site").is_dir() && root.customers.is_empty());
    Build::new(folder.path()).run().unwrap();
    Build::new(folder.path()).unit("acme", &[("a", "1")]).run().unwrap();
    assert_eq!(files_of(folder.path())["site/a"], "1");
}

#[test]
fn the_same_files_have_the_same_root_whatever_was_before() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let files = [("t/a.cfg", "1"), ("t/b.cfg", "2")];
    Build::new(two.path()).unit("acme", &[("t/b.cfg", "old"), ("t/z.cfg", "old")]).unit("gone", &[("z", "z")]).run().unwrap();
    for out in [one.path(), two.path()] {
        Build::new(out).unit("acme", &files).unit("beta", &[("u/c.cfg", "3")]).run().unwrap();
    }
    assert_eq!(files_of(one.path()), files_of(two.path()));
}

#[test]
fn a_file_is_carried_over_without_its_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let files = [("t/a.cfg", "1"), ("t/b.cfg", "2"), ("t/c.cfg", "3"), ("t/d.cfg", "4")];
    Build::new(out).unit("acme", &files).run().unwrap();
    let before = times_of(&out.join("site"));
    fs::remove_file(out.join("site/t/b.cfg")).unwrap();
    fs::write(out.join("site/t/c.cfg"), "x").unwrap();
    fs::write(out.join("site/t/d.cfg"), "4").unwrap();
    let output = Output::open(out, || ()).unwrap();
    let unit = output.unit("acme").unwrap();
    let entries = output.entries("acme");
    let mut carried = Vec::new();
    for (entry, (path, text)) in entries.into_iter().zip(files) {
        carried.push(unit.carry(entry).unwrap());
        if carried.last() == Some(&false) {
            unit.put(&OutPath::new(path).unwrap(), text.as_bytes(), Meta::example(Some("t"))).unwrap();
        }
    }
    assert_eq!(carried, [true, false, false, true]);
    unit.finish(1, b"").unwrap();
    assert_eq!(counts(output.commit(&stamp()).unwrap().0), [0, 2, 2, 0, 2]);
    assert_eq!(times_of(&out.join("site"))["t/a.cfg"], before["t/a.cfg"]);
    assert_eq!(fs::read_to_string(out.join("site/t/c.cfg")).unwrap(), "3");
    Build::new(out).keep("acme").run().unwrap();
    fs::remove_dir_all(out.join("site")).unwrap();
    let output = Output::open(out, || ()).unwrap();
    assert!(output.entries("acme").is_empty());
}

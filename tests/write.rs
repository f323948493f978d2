//! The output folder under processes that are killed, that meet, and that have an odd umask.
#![allow(clippy::disallowed_methods, reason = "the test is its own child process")]
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use rayon::prelude::*;
use sipress::settings::Sensitivity;
use sipress::write::{Meta, OutPath, Output, Root, Stamp};

/// Three fleets that share customers and files, and differ in some of both.
const FLEETS: usize = 3;

/// The files of a customer in a fleet; none where the fleet does not have the customer.
fn files(fleet: usize, customer: usize) -> Vec<(String, String)> {
    if (customer + fleet) % 4 == 3 {
        return Vec::new();
    }
    let device = |device: usize| {
        let version = if device.is_multiple_of(5) { fleet } else { 0 };
        let token = format!("c{customer}d{}", device + if device.is_multiple_of(7) { 100 * fleet } else { 0 });
        let text = |file: &str| format!("{token}/{file} {version}\n").repeat(100 + device) + "end\n";
        ["phone.cfg", "book.xml"].map(|file| (format!("{token}/{file}"), text(file)))
    };
    (0..20).flat_map(device).collect()
}

fn build(out: &Path, fleet: usize) -> Root {
    let output = Output::open(out, || ()).unwrap();
    (0..6).into_par_iter().for_each(|customer| write_customer(&output, fleet, customer));
    output.commit(&stamp()).unwrap().1
}

fn write_customer(output: &Output, fleet: usize, customer: usize) {
    let files = files(fleet, customer);
    let name = format!("msp/customer-{customer}");
    let unchanged = output.last(&name).unwrap().filter(|last| last.note() == [fleet as u8]);
    if files.is_empty() || unchanged.is_some_and(|last| last.keep().unwrap()) {
        return;
    }
    let unit = output.unit(&name).unwrap();
    files.par_iter().for_each(|(path, text)| {
        unit.put(&OutPath::new(path).unwrap(), text.as_bytes(), meta()).unwrap();
    });
    unit.finish(20, &[fleet as u8]).unwrap();
}

fn meta() -> Meta {
    Meta {
        cache_control: "no-store".into(),
        content_type: "text/plain".into(),
        device: None,
        kind: "config".into(),
        sensitivity: Sensitivity::Secret,
    }
}

fn stamp() -> Stamp {
    Stamp { as_of: "2026-12-01".to_owned(), commit: None, dirty: false, tzdata: "2026b".to_owned() }
}

/// What the site of a fleet holds.
fn site_of(fleet: usize) -> BTreeMap<String, String> {
    (0..6).flat_map(|customer| files(fleet, customer)).collect()
}

fn read_site(out: &Path) -> BTreeMap<String, String> {
    let site = out.join("site");
    let name = |path: &Path| path.strip_prefix(&site).unwrap().to_string_lossy().into_owned();
    walk(&site).iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(walk(&path)),
            false => found.push(path),
        }
    }
    found
}

/// Not a test of its own: what a child process does, a number of builds one after the other.
#[test]
fn child() {
    let (Ok(out), Ok(builds)) = (std::env::var("WRITE_TEST_OUT"), std::env::var("WRITE_TEST_BUILDS")) else {
        return;
    };
    for number in 0..builds.parse().unwrap() {
        build(Path::new(&out), number % FLEETS);
    }
}

fn spawn(out: &Path, builds: usize, umask: &str) -> Child {
    Command::new("sh")
        .args(["-c", &format!("umask {umask}; exec \"$0\" --exact child")])
        .arg(std::env::current_exe().unwrap())
        .env("WRITE_TEST_OUT", out)
        .env("WRITE_TEST_BUILDS", builds.to_string())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Kills builds, and looks at what each leaves.
fn kill_builds(times: u64) {
    let folder = tempfile::tempdir().unwrap();
    let fleets: Vec<BTreeMap<String, String>> = (0..FLEETS).map(site_of).collect();
    let clean: Vec<Root> = (0..FLEETS).map(|fleet| build(&folder.path().join(fleet.to_string()), fleet)).collect();
    for time in 0..times {
        let out = folder.path().join(format!("out-{}", time / 5));
        let mut child = spawn(&out, usize::MAX, "022");
        sleep(Duration::from_micros(3_000 + time * 7_919 % 60_000));
        child.kill().unwrap();
        child.wait().unwrap();
        for (path, text) in read_site(&out) {
            let whole = fleets.iter().any(|fleet| fleet.get(&path) == Some(&text));
            assert!(whole, "{path} is torn after kill {time}");
        }
        if !time.is_multiple_of(3) {
            let fleet = (time % FLEETS as u64) as usize;
            assert_eq!(build(&out, fleet), clean[fleet], "after kill {time}");
            assert_eq!(read_site(&out), fleets[fleet], "after kill {time}");
            assert!(!out.join(".cache/stage").exists() && !out.join("manifest/journal").exists());
        }
    }
}

#[test]
fn a_killed_build_is_mended_by_the_next() {
    kill_builds(20);
}

#[test]
#[ignore = "takes some time"]
fn two_hundred_killed_builds_are_mended() {
    kill_builds(200);
}

#[test]
fn builds_that_meet_wait_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let children: Vec<Child> = (0..4).map(|_| spawn(folder.path(), 9, "022")).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(read_site(folder.path()), site_of(8 % FLEETS));
    let output = Output::open(folder.path(), || panic!("nobody is left")).unwrap();
    assert!(output.damages().is_empty());
    assert!(output.keep_unit("msp/customer-0").unwrap());
}

#[test]
fn modes_do_not_depend_on_the_umask() {
    for umask in ["000", "022", "077"] {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        assert!(spawn(&out, 2, umask).wait().unwrap().success());
        let mode = |path: &Path| fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777;
        for file in walk(&out) {
            let public = file.starts_with(out.join("site"));
            let expected = if public { (0o644, 0o755) } else { (0o600, 0o700) };
            let found = (mode(&file), mode(file.parent().unwrap()));
            let in_out_itself = file.ends_with("manifest.json") || file.ends_with("lock");
            assert!(found == expected || in_out_itself, "umask {umask}: {} has {found:?}", file.display());
        }
        assert_eq!(mode(&out.join("manifest.json")), 0o600);
        assert_eq!(mode(&out), 0o755);
    }
}

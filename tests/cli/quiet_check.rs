//! `check` leaves no trace: it writes nothing, needs no key, opens no connection and starts no process.

use std::fs;
use std::process::{Command, Stdio};

use crate::check::with_mistakes;
use crate::fleet::Fleet;

#[test]
fn it_writes_nothing() {
    for fleet in [Fleet::small(), with_mistakes()] {
        let before = fleet.tree(".");
        for line in ["check", "check --format json", "check --jobs 1"] {
            fleet.sipress(line).output();
        }
        assert_eq!(before.changes(&fleet.tree(".")), [""; 0]);
    }
}

#[test]
fn it_writes_nothing_beside_a_site_either() {
    let fleet = Fleet::small();
    fleet.build();
    let before = fleet.tree(".");
    fleet.edit("devices/acme/reception.toml", "Reception", "Front desk");
    fleet.sipress("check -q").run();
    let changes = before.changes(&fleet.tree("."));
    assert_eq!(changes, ["~ devices/acme/reception.toml"]);
}

#[test]
fn it_runs_where_nothing_can_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let fleet = Fleet::small();
    let mode = |mode| fs::set_permissions(fleet.root(), fs::Permissions::from_mode(mode)).unwrap();
    mode(0o555);
    fleet.sipress("check -q").run();
    mode(0o755);
}

#[test]
fn it_needs_no_key_and_looks_at_none() {
    let fleet = Fleet::small();
    fleet.sipress("check -q").without_key().run();
    fleet.sipress("check -q").env("SIPRESS_KEY", "not a key").run();
    fleet.write("sipress.key", "not a key");
    fleet.sipress("check -q").without_key().run();
}

#[test]
fn it_opens_no_connection_and_starts_no_process() {
    let fleet = Fleet::small();
    let log = fleet.path("strace.log");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-e", "trace=execve,execveat,fork,vfork,clone,clone3,socket,connect,sendto"]);
    strace.arg("-o").arg(&log).arg(env!("CARGO_BIN_EXE_sipress"));
    strace.args(["check", "-q"]).current_dir(fleet.root());
    let status = strace.stdin(Stdio::null()).stderr(Stdio::null()).status();
    let text = fs::read_to_string(&log).unwrap_or_default();
    if !status.is_ok_and(|status| status.success()) || !text.contains("execve(") {
        return eprintln!("skipped: strace cannot trace here");
    }
    let calls = |name: &str| text.lines().filter(|line| line.contains(name)).count();
    assert_eq!(calls("execve"), 1, "only strace's own: {text}");
    for name in ["fork(", "socket(", "connect(", "sendto("] {
        assert_eq!(calls(name), 0, "{text}");
    }
    let clones = text.lines().filter(|line| line.contains("clone"));
    let mut processes = clones.filter(|line| !line.contains("CLONE_THREAD") && !line.contains("resumed"));
    assert_eq!(processes.next(), None, "a process beside the threads");
}

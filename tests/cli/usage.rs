//! What is typed wrong, and where pipes end.

use std::process::{Command, Stdio};

use crate::fleet::Fleet;

#[test]
fn what_is_typed_wrong_is_exit_2() {
    let fleet = Fleet::small();
    for (line, message) in [
        ("", "Usage: sipress"),
        ("chekc", "unrecognized subcommand 'chekc'"),
        ("check --denny x", "unexpected argument '--denny'"),
        ("check --deny", "a value is required"),
        ("check extra", "unexpected argument 'extra'"),
        ("check --format word", "unknown format `word`"),
        ("check --as-of 2026-13-01", "invalid value '2026-13-01'"),
        ("check --as-of tomorrow", "invalid value 'tomorrow'"),
        ("check --jobs 0", "invalid value '0'"),
        ("check --jobs many", "invalid value 'many'"),
        ("check --color blue", "invalid value 'blue'"),
        ("check --key-file x", "unexpected argument '--key-file'"),
        ("show", "required arguments were not provided"),
        ("explain", "required arguments were not provided"),
        ("completions", "required arguments were not provided"),
    ] {
        fleet.sipress(line).exit(2).stderr_has(message).run();
    }
}

#[test]
fn an_unknown_root_is_exit_2_for_every_command() {
    let fleet = Fleet::empty();
    for command in ["check", "build", "show x", "explain x", "vendors"] {
        let call = fleet.sipress(&format!("--root nowhere {command}")).exit(2);
        call.stderr("error: nowhere holds no devices/fleet.toml\n  = help: `sipress init` makes a fleet\n").run();
    }
}

#[test]
fn no_fleet_here_is_exit_2() {
    let fleet = Fleet::empty();
    for command in ["check", "build", "show x", "explain x"] {
        let call = fleet.sipress(command).exit(2);
        call.stderr("error: there is no devices/fleet.toml here or above\n  = help: `sipress init` makes a fleet, --root names one\n")
            .run();
    }
}

#[test]
fn global_options_may_stand_before_and_behind() {
    let fleet = Fleet::small();
    fleet.sipress("-q check").run();
    fleet.sipress("check -q").run();
    fleet.sipress("--jobs 2 check --root . -q").run();
}

#[test]
fn a_day_that_is_none_is_exit_2() {
    let fleet = Fleet::small();
    for day in ["soon", "", "99999999999999999999"] {
        let call = fleet.sipress("check").env("SOURCE_DATE_EPOCH", day).exit(2);
        call.stderr("error: SOURCE_DATE_EPOCH is not a number of seconds\n  = help: unset it or use --as-of\n").run();
    }
    let call = fleet.sipress("check -q --as-of 2026-12-01");
    call.env("SOURCE_DATE_EPOCH", "soon").run();
}

#[test]
fn without_a_day_it_is_today() {
    let fleet = Fleet::small();
    fleet.sipress("build -q").without_day().run();
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let as_of = fleet.json("out/manifest.json")["as_of"].clone();
    let days = [today.to_string(), today.yesterday().expect("a day").to_string()];
    assert!(days.iter().any(|day| as_of == *day), "{as_of}");
}

#[test]
fn a_broken_pipe_is_no_noise() {
    let fleet = Fleet::small();
    let program = env!("CARGO_BIN_EXE_sipress");
    for line in [
        "vendors",
        "vendors --format json",
        "vendors --matrix",
        "-q explain reception",
        "schema device",
        "completions zsh",
        "man",
        "--help",
        "check --format json",
    ] {
        let script = format!("{{ '{program}' {line}; echo \"exit $?\" >&2; }} | head -c 1 >/dev/null");
        let output = Command::new("sh").args(["-c", &script]).current_dir(fleet.root()).output().expect("a shell");
        let stderr = String::from_utf8_lossy(&output.stderr).replace("nothing to complain of in 5 devices", "");
        let noise: Vec<&str> = stderr.lines().filter(|line| !line.starts_with("exit ") && !line.starts_with(" (")).collect();
        assert_eq!(noise, [""; 0], "{line}");
        assert!(stderr.contains("exit 0"), "{line}: {stderr}");
    }
}

#[test]
fn a_closed_stdout_is_no_crash() {
    let fleet = Fleet::small();
    for line in ["vendors acmephone", "show reception", "check", "--help"] {
        let program = env!("CARGO_BIN_EXE_sipress");
        let script = format!("'{program}' {line} >&-");
        let output = Command::new("sh").args(["-c", &script]).current_dir(fleet.root()).stdin(Stdio::null()).output().expect("a shell");
        assert_ne!(output.status.code(), Some(70), "{line}");
        assert!(!String::from_utf8_lossy(&output.stderr).contains("has a bug"), "{line}");
    }
}

#[test]
fn a_full_disk_behind_stdout_is_told() {
    let fleet = Fleet::small();
    let program = env!("CARGO_BIN_EXE_sipress");
    if !std::path::Path::new("/dev/full").exists() {
        return eprintln!("skipped: there is no /dev/full");
    }
    let script = format!("'{program}' vendors acmephone >/dev/full");
    let output = Command::new("sh").args(["-c", &script]).current_dir(fleet.root()).output().expect("a shell");
    assert_eq!(output.status.code(), Some(2));
    assert!(!output.stderr.is_empty(), "it says why");
}

#[test]
fn more_is_told_where_it_is_wanted() {
    let fleet = Fleet::small();
    let told = fleet.sipress("build -v").any_stderr().run().stderr;
    for part in ["Key  from SIPRESS_KEY", "the fleet's own: acmephone", "acme, 3 devices, compiled", "north/bakery, 1 device, compiled"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!told.contains(crate::fleet::KEY));
    std::thread::sleep(std::time::Duration::from_millis(50));
    fleet.sipress("build -q").run();
    fleet.sipress("build -v").stderr_has("acme, 3 devices, as it was").run();
    fleet.sipress("check -v").stderr_has("acme, 3 devices, compiled").run();
    fleet.sipress("build").any_stderr().stderr_lacks("Customer").run();
}

//! Files that text cannot describe: what is not UTF-8, not a file, too large, or leads out of the fleet.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "a test makes a FIFO with the program for it")]

mod support;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use sipress::run::{Options, Project, check};
use support::{day, write};

/// Codes and paths of the findings of a good fleet that something was done to.
fn found(spoil: impl FnOnce(&Path)) -> Vec<String> {
    let root = tempfile::tempdir().expect("a folder");
    write(root.path(), "devices/fleet.toml", "name = \"F\"\nbase_url = \"https://prov.example.net\"\n");
    write(root.path(), "devices/acme/customer.toml", "name = \"Acme\"\n[defaults.line]\nregistrar = { host = \"sip.example.net\" }\n");
    let phone = "mac = \"805ec0000001\"\nmodel = \"yealink/t31p\"\n[[line]]\nnumber = 1\nuser = \"101\"\n";
    write(root.path(), "devices/acme/phone.toml", phone);
    spoil(root.path());
    let project = Project::open(root.path());
    let options = Options { as_of: day(), key: None, overrides: Vec::new() };
    let checked = check(&project, &options, &|_| {});
    let told = checked.report.diagnostics.iter();
    told.map(|found| format!("{} {}", found.code.name(), found.place().map_or("-", |label| &*label.path))).collect()
}

#[test]
fn bytes_that_are_no_utf8_are_told() {
    for bytes in [&b"\xff\xfe"[..], b"label = \"Caf\xe9\"", b"m\0a\0c\0 \xff"] {
        assert_eq!(found(|root| fs::write(root.join("devices/acme/x.toml"), bytes).unwrap()), ["file::not-utf8 devices/acme/x.toml"]);
    }
}

#[test]
fn a_byte_order_mark_and_crlf_are_fine() {
    let text = "\u{feff}mac = \"805ec0000002\"\r\nmodel = \"yealink/t31p\"\r\n";
    assert!(found(|root| write(root, "devices/acme/x.toml", text)).is_empty());
}

#[test]
fn links_that_lead_out_are_refused_and_links_inside_are_read() {
    for target in ["/etc/passwd", "/proc/self/environ", "nowhere", "x.toml", "../../../.."] {
        assert_eq!(
            found(|root| symlink(target, root.join("devices/acme/x.toml")).unwrap()),
            ["file::symlink-escape devices/acme/x.toml"],
            "{target}"
        );
    }
    let twice = found(|root| symlink("phone.toml", root.join("devices/acme/x.toml")).unwrap());
    assert_eq!(twice, ["device::duplicate-id devices/acme/x.toml"], "it is read");
}

#[test]
fn what_is_no_file_is_refused() {
    let told = found(|root| {
        let made = std::process::Command::new("mkfifo").arg(root.join("devices/acme/x.toml")).status();
        assert!(made.is_ok_and(|status| status.success()));
    });
    assert_eq!(told, ["file::not-regular devices/acme/x.toml"]);
    assert!(found(|root| fs::create_dir(root.join("devices/acme/x.toml")).unwrap()).is_empty(), "a folder may be called anything");
}

#[test]
fn a_file_over_the_limit_is_not_read() {
    let told = found(|root| fs::write(root.join("devices/acme/x.toml"), vec![b'#'; (8 << 20) + 1]).unwrap());
    assert_eq!(told, ["file::too-large devices/acme/x.toml"]);
}

#[test]
fn what_cannot_be_read_is_told() {
    let told = found(|root| {
        write(root, "devices/acme/x.toml", "");
        fs::set_permissions(root.join("devices/acme/x.toml"), fs::Permissions::from_mode(0o0)).unwrap();
    });
    let is_root = fs::read("/etc/shadow").is_ok();
    assert!(is_root || told == ["file::unreadable devices/acme/x.toml"], "{told:?}");
}

#[test]
fn hostile_names_are_refused() {
    for name in ["a b", "~root", "CON", "x\u{202e}y", "a:b", "x\ny", "ａ"] {
        let told = found(|root| write(root, &format!("devices/acme/{name}/x.toml"), ""));
        assert!(told.iter().any(|found| found.starts_with("file::bad-name")), "{name:?}: {told:?}");
    }
}

#[test]
fn nesting_has_an_end() {
    let deep = format!("devices/acme{}/x.toml", "/d".repeat(70));
    assert!(found(|root| write(root, &deep, "")).iter().any(|found| found.starts_with("file::bad-name")));
}

//! What becomes of a phone over the months: its flash keeps what no file takes back.

use std::collections::BTreeMap;

use super::{Site, phone, spelling};
use crate::compare;
use crate::fleet;
use crate::phone::Phone;
use crate::phone::report::Report;

const FLEET: &str = r#"
name = "Small Telecom"
base_url = "https://prov.example.net"
layout = "token"
demo_key = "0ddba11c0ffee0ddba11c0ffee0ddba11c0ffee0ddba11c0ffee0ddba11c0ffe"

[defaults.time]
zone = "Europe/London"

[defaults.line]
voicemail = "*97"

[defaults.sip]
stun = { host = "stun.example.net" }
"#;

const CUSTOMER: &str = r#"
name = "Acme"

[defaults.line]
registrar = { host = "acme.example" }
outbound_proxy = { host = "edge.acme.example", port = 5070 }
transport = "tcp"
srtp = "optional"
"#;

const EXTENSIONS: &str = r#"
101 = { name = "Ann Lee" }
102 = { name = "Bob Day" }
103 = { name = "Cy Roe" }
"#;

/// Identifier, model, and whether it has keys.
const DEVICES: [(&str, &str, bool); 7] = [
    (r#"mac = "80:5e:c0:00:00:01""#, "yealink/t54w", true),
    (r#"mac = "00:15:65:00:00:02""#, "yealink/t46s", true),
    (r#"mac = "00:0b:82:00:00:03""#, "grandstream/gxp2170", true),
    (r#"mac = "00:0b:82:00:00:04""#, "grandstream/gxp1628", true),
    (r#"mac = "00:0b:82:00:00:05""#, "grandstream/ht802", false),
    (r#"mac = "00:04:f2:00:00:06""#, "polycom/vvx450", true),
    (
        r#"uuid = "3f2b8c1e-5d0a-4c57-9a1e-7b6f0d2c4e11""#,
        "linphone/linphone",
        false,
    ),
];

const WATCHING: &str =
    r#"key = [{ type = "blf", value = "102" }, { type = "speed_dial", value = "103" }]"#;

/// The same phones through several builds.
struct Life {
    root: tempfile::TempDir,
    site: Option<Site>,
    phones: BTreeMap<String, Box<dyn Phone>>,
}

impl Life {
    fn new() -> Life {
        let root = tempfile::tempdir().expect("a folder");
        fleet::write(root.path(), "devices/fleet.toml", FLEET);
        fleet::write(root.path(), "devices/acme/customer.toml", CUSTOMER);
        fleet::write(root.path(), "devices/acme/extensions.toml", EXTENSIONS);
        Life {
            root,
            site: None,
            phones: BTreeMap::new(),
        }
    }

    /// Every device with these lines and keys: what its phone then reports, by model.
    fn step(&mut self, lines: &str, keys: &str, status: &str) -> BTreeMap<String, Report> {
        self.write(lines, keys, status);
        let root = self.root.path().to_owned();
        match &self.site {
            Some(site) => site.update(&root),
            None => self.site = Some(Site::of(&root)),
        }
        let site = self.site.as_ref().expect("just built");
        let mut reports = BTreeMap::new();
        let mut problems = String::new();
        fleet::each(&root, |of| {
            let phones = &mut self.phones;
            let phone = phones
                .entry(of.compiled.id.to_string())
                .or_insert_with(|| phone(of, site));
            let said = |problem: String| format!("{}: {problem}\n", of.model.id);
            match phone.provision(&of.url) {
                Ok(report) => {
                    let wanted = spelling::spelled(of);
                    let found = compare::differences(of.vendor, &wanted, &report);
                    problems.extend(found.into_iter().map(said));
                    reports.insert(of.model.id.clone(), report);
                }
                Err(refusal) => problems.push_str(&said(refusal.to_string())),
            }
        });
        assert!(
            problems.is_empty(),
            "{lines} {keys} {status}\n{problems}"
        );
        if std::env::var("DEV").is_err() { assert_eq!(reports.len(), DEVICES.len()); }
        reports
    }

    fn write(&self, lines: &str, keys: &str, status: &str) {
        let device = |(id, model, has_keys): &(&str, &str, bool)| {
            let keys = if *has_keys { keys } else { "" };
            format!("[[device]]\n{id}\nmodel = \"{model}\"\nline = [{lines}]\n{keys}\n{status}\n")
        };
        let text: String = DEVICES.iter().filter(|(_, model, _)| super::vendors().iter().any(|vendor| model.starts_with(vendor))).map(device).collect();
        fleet::write(self.root.path(), "devices/acme/phones.toml", &text);
    }
}

fn users(report: &Report) -> Vec<&str> {
    let accounts = report.accounts.iter();
    accounts.map(|account| account.user.as_str()).collect()
}

fn password(report: &Report) -> &str {
    let first = report.accounts.first().expect("an account");
    first.password.as_deref().expect("a password")
}

#[test]
fn what_was_taken_back_is_gone_from_the_phone() {
    let mut life = Life::new();
    let both = r#"{ number = 1, extension = "101" }, { number = 2, extension = "102" }"#;
    let before = life.step(both, WATCHING, "");
    for (model, report) in &before {
        assert_eq!(users(report), ["101", "102"], "{model}");
    }
    let first = r#"{ number = 1, extension = "103", outbound_proxy = { unset = true }, transport = "tls", voicemail = { unset = true } }"#;
    for (model, report) in life.step(first, "", "") {
        assert_eq!(users(&report), ["103"], "{model}");
    }
    let second = r#"{ number = 2, extension = "102" }"#;
    for (model, report) in life.step(second, WATCHING, "") {
        assert_eq!(users(&report), ["102"], "{model}");
    }
    assert_eq!(life.step(both, WATCHING, ""), before);
}

#[test]
fn a_rotated_password_arrives() {
    let mut life = Life::new();
    let before = life.step(r#"{ number = 1, extension = "101" }"#, "", "");
    let rotated = r#"{ number = 1, extension = "101", password_generation = 2 }"#;
    for (model, report) in life.step(rotated, "", "") {
        assert_ne!(password(&report), password(&before[&model]), "{model}");
    }
}

#[test]
fn a_device_that_is_switched_off_has_no_account_and_goes_on_fetching() {
    let mut life = Life::new();
    let both = r#"{ number = 1, extension = "101" }, { number = 2, extension = "102" }"#;
    let before = life.step(both, WATCHING, "");
    for status in ["inactive", "stock", "retired"] {
        for (model, report) in life.step(both, WATCHING, &format!("status = \"{status}\"")) {
            assert!(report.accounts.is_empty(), "{model}: {:?}", report.accounts);
            assert!(report.keys.is_empty(), "{model}: {:?}", report.keys);
            assert_eq!(report.provisioning, before[&model].provisioning, "{model}");
        }
    }
    let later = life.step(both, WATCHING, "activate = 2099-01-01");
    assert!(later.values().all(|report| report.accounts.is_empty()));
    assert_eq!(life.step(both, WATCHING, ""), before);
}

//! What becomes of a phone over the months: its flash keeps what no file takes back.

use std::collections::{BTreeMap, BTreeSet};

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

[defaults.vendor.panasonic.line]
srtp = "off"
"#;

const EXTENSIONS: &str = r#"
101 = { name = "Ann Lee" }
102 = { name = "Bob Day" }
103 = { name = "Cy Roe" }
"#;

/// Identifier, model, and the area where its keys are.
const DEVICES: [(&str, &str, Option<&str>); 20] = [
    (r#"mac = "00:1f:c1:00:00:10""#, "htek/uc926", Some("line")),
    (r#"mac = "0c:38:3e:00:00:07""#, "fanvil/x6", Some("line")),
    (r#"mac = "0c:38:3e:00:00:08""#, "fanvil/x4u", Some("memory")),
    (r#"mac = "0c:38:3e:00:00:09""#, "fanvil/x4", Some("line")),
    (r#"mac = "80:5e:c0:00:00:01""#, "yealink/t54w", Some("line")),
    (r#"mac = "00:15:65:00:00:02""#, "yealink/t46s", Some("line")),
    (r#"mac = "00:0b:82:00:00:03""#, "grandstream/gxp2170", Some("line")),
    (r#"mac = "00:0b:82:00:00:04""#, "grandstream/gxp1630", Some("memory")),
    (r#"mac = "00:0b:82:00:00:05""#, "grandstream/ht802", None),
    (r#"mac = "00:04:f2:00:00:06""#, "polycom/vvx450", Some("line")),
    (r#"mac = "00:04:13:00:00:0a""#, "snom/d785", Some("line")),
    (r#"mac = "00:04:13:00:00:0b""#, "snom/720", Some("line")),
    (r#"mac = "00:08:5d:00:00:07""#, "mitel/6867i", Some("line")),
    (r#"mac = "00:08:5d:00:00:08""#, "mitel/6865i", Some("line")),
    (r#"mac = "00:08:5d:00:00:09""#, "aastra/6757i", Some("line")),
    (r#"mac = "7c:2f:80:00:00:0c""#, "gigaset/n670", None),
    (r#"mac = "bc:c3:42:00:00:0a""#, "panasonic/hdv230", Some("line")),
    (r#"mac = "88:43:e1:00:00:07""#, "cisco-spa/spa504g", Some("line")),
    (r#"mac = "00:18:73:00:00:08""#, "cisco-mpp/8851", Some("line")),
    (r#"uuid = "3f2b8c1e-5d0a-4c57-9a1e-7b6f0d2c4e11""#, "linphone/linphone", None),
];

const WATCHING: &str = r#"key = [{ AREA, type = "blf", value = "102" }, { AREA, type = "speed_dial", value = "103" }]"#;

/// The same phones through several builds.
struct Life {
    root: tempfile::TempDir,
    site: Option<Site>,
    phones: BTreeMap<String, Box<dyn Phone>>,
    problems: BTreeSet<String>,
}

impl Life {
    fn new() -> Life {
        let root = tempfile::tempdir().expect("a folder");
        fleet::write(root.path(), "devices/fleet.toml", FLEET);
        fleet::write(root.path(), "devices/acme/customer.toml", CUSTOMER);
        fleet::write(root.path(), "devices/acme/extensions.toml", EXTENSIONS);
        Life { root, site: None, phones: BTreeMap::new(), problems: BTreeSet::new() }
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
        fleet::each(&root, |of| {
            let phones = &mut self.phones;
            let phone = phones.entry(of.compiled.id.to_string()).or_insert_with(|| phone(of, site));
            let said = |problem: String| format!("{}: {problem}, with {lines} {keys} {status}", of.model.id);
            match phone.provision(&of.url) {
                Ok(mut report) => {
                    // What is not there may be asked for only by a phone that has not been told so.
                    report.requests.retain(|(_, status)| *status != 404);
                    let wanted = spelling::spelled(of);
                    let found = compare::differences(of.vendor, &wanted, &report);
                    self.problems.extend(found.into_iter().map(said));
                    reports.insert(of.model.id.clone(), report);
                }
                Err(refusal) => _ = self.problems.insert(said(refusal.to_string())),
            }
        });
        reports
    }

    /// After the last step: each of them was as wanted.
    fn end(self) {
        assert!(self.problems.is_empty(), "{:#?}", self.problems);
        assert_eq!(self.phones.len(), DEVICES.len());
    }

    fn write(&self, lines: &str, keys: &str, status: &str) {
        let device = |(id, model, area): &(&str, &str, Option<&str>)| {
            let placed = |area| keys.replace("AREA", &format!("area = \"{area}\""));
            let keys = area.map(placed).unwrap_or_default();
            format!("[[device]]\n{id}\nmodel = \"{model}\"\nline = [{lines}]\n{keys}\n{status}\n")
        };
        let text: String = DEVICES.iter().map(device).collect();
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

/// The same places with neither a label nor a pickup code.
const PLAIN: &str = r#"key = [{ AREA, type = "speed_dial", value = "555" }, { AREA, type = "speed_dial", value = "556" }]"#;

const BOTH: &str = r#"{ number = 1, extension = "101" }, { number = 2, extension = "102" }"#;

#[test]
fn what_was_taken_back_is_gone_from_the_phone() {
    let mut life = Life::new();
    let before = life.step(BOTH, WATCHING, "");
    let rebuilt =
        r#"{ number = 1, extension = "103", outbound_proxy = { unset = true }, transport = "tls", voicemail = { unset = true } }"#;
    let first = life.step(rebuilt, "", "");
    let second = life.step(r#"{ number = 2, extension = "102" }"#, WATCHING, "");
    life.step(BOTH, PLAIN, "");
    let after = life.step(BOTH, WATCHING, "");
    life.end();
    for model in before.keys() {
        assert_eq!(users(&before[model]), ["101", "102"], "{model}");
        assert_eq!(users(&first[model]), ["103"], "{model}");
        assert_eq!(users(&second[model]), ["102"], "{model}");
    }
    assert_eq!(after, before);
}

#[test]
fn a_rotated_password_arrives() {
    let mut life = Life::new();
    let before = life.step(r#"{ number = 1, extension = "101" }"#, "", "");
    let rotated = r#"{ number = 1, extension = "101", password_generation = 2 }"#;
    let after = life.step(rotated, "", "");
    life.end();
    for model in before.keys() {
        assert_ne!(password(&after[model]), password(&before[model]), "{model}");
    }
}

#[test]
fn a_device_that_is_switched_off_has_no_account_and_goes_on_fetching() {
    let mut life = Life::new();
    let before = life.step(BOTH, WATCHING, "");
    let mut off = Vec::new();
    for status in ["inactive", "stock", "retired"] {
        off.push(life.step(BOTH, WATCHING, &format!("status = \"{status}\"")));
    }
    off.push(life.step(BOTH, WATCHING, "activate = 2099-01-01"));
    let after = life.step(BOTH, WATCHING, "");
    life.end();
    for (model, report) in off.iter().flatten() {
        assert!(report.accounts.is_empty(), "{model}: {:?}", report.accounts);
        assert!(report.keys.is_empty(), "{model}: {:?}", report.keys);
        assert_eq!(report.provisioning, before[model].provisioning, "{model}");
    }
    assert_eq!(after, before);
}

//! Grandstream.

use sipress::model::phonebook::Contact;

use super::{joined, keep, pickups};
use crate::fleet::Resolved;
use crate::phone::report::{Account, Entry, Number, Report};
use crate::wanted;

pub fn grandstream(of: &Resolved, report: &mut Report) {
    const CODECS: &[&str] = &["pcmu", "pcma", "g722", "g729", "opus", "ilbc", "g726-32", "g723", "gsm"];
    if of.model.class == "ata" {
        report.accounts = if of.enabled { ports(of) } else { Vec::new() };
        report.keys.clear();
        report.phonebook.clear();
        report.language = None;
    }
    for account in &mut report.accounts {
        keep(account, CODECS, 1);
        account.shared = "off";
        account.expires = account.expires.map(|seconds| seconds.div_ceil(60) * 60);
    }
    pickups(&mut report.keys, &["blf"]);
    let has = |family: &str| of.model.families.iter().any(|known| known == family);
    if !has("item") && !has("wp81") {
        report.ntp.truncate(1);
    }
    if let Some(time) = &mut report.time {
        time.zone = None;
    }
    report.phonebook = if report.phonebook.is_empty() {
        Vec::new()
    } else {
        let named = |contact: &Contact| {
            let kind = |number: &sipress::model::phonebook::Number| {
                use sipress::model::phonebook::NumberKind::{Fax, Home, Mobile, Other, Work};
                match number.kind {
                    Fax => None,
                    Mobile => Some("mobile"),
                    Home => Some("home"),
                    Work | Other => Some("work"),
                }
            };
            Entry {
                name: full_name(contact),
                group: contact.group.clone(),
                numbers: contact
                    .numbers
                    .iter()
                    .filter_map(|number| Some(Number { kind: Some(kind(number)?), number: number.number.clone() }))
                    .collect(),
            }
        };
        of.contacts.iter().map(named).collect()
    };
}

/// An adapter has an account for each port, and no name or mailbox of it.
fn ports(of: &Resolved) -> Vec<Account> {
    let ports = of.device.ports.iter().filter_map(|port| {
        let line = crate::fleet::number(port.slot(crate::fleet::setting("port.line")))?;
        Some(Account {
            number: port.number.into(),
            label: None,
            voicemail: None,
            srtp: None,
            dtmf: Vec::new(),
            backups: Vec::new(),
            dns_mode: None,
            ..wanted::account(of.device, of.device.line(line)?)
        })
    });
    ports.collect()
}

fn full_name(contact: &Contact) -> String {
    if contact.first.is_empty() && contact.last.is_empty() {
        return contact.name.clone();
    }
    joined(&contact.first, &contact.last)
}

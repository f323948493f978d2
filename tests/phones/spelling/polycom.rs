//! Polycom.

use sipress::model::phonebook::Contact;

use super::{code, joined, keep};
use crate::fleet::Resolved;
use crate::phone::report::{Area, Entry, Key, Number, Report};

pub fn polycom(of: &Resolved, report: &mut Report) {
    const CODECS: &[&str] = &["pcmu", "pcma", "g722", "g729", "opus", "ilbc", "g722.1", "g722.1c", "siren14", "siren22"];
    let codecs = report.accounts.first().map(|first| first.codecs.clone()).unwrap_or_default();
    let dtmf = report.accounts.first().map(|first| first.dtmf.clone()).unwrap_or_default();
    for account in &mut report.accounts {
        account.codecs.clone_from(&codecs);
        account.dtmf.clone_from(&dtmf);
        keep(account, CODECS, 3);
        account.dns_mode = None;
        account.uses_stun &= firmware_is(of, ">= 5.9");
        if account.shared == "bla" {
            account.shared = "off";
        }
    }
    report.stun = report.stun.take_if(|_| firmware_is(of, ">= 5.9"));
    report.ntp.truncate(1);
    if let Some(time) = &mut report.time
        && !of.model.capabilities.iter().any(|capability| capability == "olson")
    {
        time.zone = None;
    }
    polycom_keys(of, &mut report.keys);
    let split = report.phonebook.is_empty();
    report.phonebook = of
        .contacts
        .iter()
        .filter(|_| !split)
        .flat_map(|contact| {
            let several = contact.numbers.len() > 1;
            contact.numbers.iter().map(move |number| {
                let kind = format!("{:?}", number.kind).to_lowercase();
                Entry {
                    name: polycom_name(contact, several.then_some(kind.as_str())),
                    group: None,
                    numbers: vec![Number { kind: None, number: number.number.clone() }],
                }
            })
        })
        .collect();
}

fn firmware_is(of: &Resolved, condition: &str) -> bool {
    let firmware = of.compiled.plan.firmware.as_ref();
    firmware.and_then(|version| version.meets(condition)) == Some(true)
}

/// Without flexible keys lines come first, then the watched ones, among them speed dials.
fn polycom_keys(of: &Resolved, keys: &mut Vec<Key>) {
    if of.model.class != "deskphone" {
        return keys.clear();
    }
    if !firmware_is(of, ">= 5.5") {
        for key in keys.iter_mut().filter(|key| key.kind == "speed_dial") {
            key.kind = "blf";
            key.pickup = code(of);
        }
    }
    if !firmware_is(of, ">= 4.1") {
        keys.retain(|key| key.area == Area::Line);
        keys.sort_by_key(|key| (key.kind != "line", key.position));
        for (key, position) in keys.iter_mut().zip(1..) {
            key.position = position;
        }
    }
    for key in keys.iter_mut() {
        if key.area == Area::Expansion {
            let before = (key.module.unwrap_or(1) - 1) * of.model.number("module_keys") as u32;
            key.position += u32::from(of.model.keys("line")) + before;
            (key.area, key.module) = (Area::Line, None);
        }
        match key.kind {
            "park_monitor" => key.kind = "blf",
            "blf" => {}
            _ => key.pickup = None,
        }
    }
}

fn polycom_name(contact: &Contact, kind: Option<&str>) -> String {
    let last = match (contact.last.as_str(), contact.first.as_str()) {
        ("", "") => contact.name.as_str(),
        (last, _) => last,
    };
    let first = match kind {
        Some(kind) => joined(&contact.first, &format!("({kind})")),
        None => contact.first.clone(),
    };
    joined(&first, last)
}

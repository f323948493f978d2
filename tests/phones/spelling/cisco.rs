//! Cisco.

use super::{code, keep, pickups};
use crate::fleet::Resolved;
use crate::phone::report::{Account, Entry, Key, Number, Report};

pub fn cisco_spa(of: &Resolved, report: &mut Report) {
    // the phone's own order, in which what is not among the three preferred follows
    const SPA500: &[&str] = &["pcmu", "pcma", "g726-16", "g726-24", "g726-32", "g726-40", "g729", "g722"];
    const SPA525: &[&str] = &["pcmu", "pcma", "g726-32", "g729", "g722"];
    let spa525 = of.model.id.starts_with("cisco-spa/spa525");
    flat_profile(report);
    for account in &mut report.accounts {
        keep(account, if spa525 { SPA525 } else { SPA500 }, 1);
        // G.711 cannot be switched off
        let always: &[&str] = if spa525 { &[] } else { &["pcmu", "pcma"] };
        after_three(account, SPA500, always);
    }
    // the code is that of the phone, which came with one
    let code = code(of).unwrap_or_else(|| "**#".to_owned());
    pickups(&mut report.keys, &["blf"]);
    for key in report.keys.iter_mut().filter(|key| key.kind == "blf") {
        key.pickup = Some(code.clone());
    }
    // the server knows what these do: the phone dials
    for key in &mut report.keys {
        if matches!(key.kind, "voicemail" | "intercom" | "paging" | "park_retrieve") {
            key.kind = "speed_dial";
        }
    }
}

pub fn cisco_mpp(of: &Resolved, report: &mut Report) {
    // the phone's own order, in which what is not among the three preferred follows
    const CODECS: &[&str] = &["pcmu", "pcma", "g729", "g722", "amr-wb", "ilbc", "opus"];
    let newest = of.model.id == "cisco-mpp/9861";
    flat_profile(report);
    for account in &mut report.accounts {
        keep(account, CODECS, 1);
        // only the newest can be told to leave out G.711 µ-law
        after_three(account, CODECS, if newest { &[] } else { &["pcmu"] });
        // a list of servers is an SRV answer that the profile gives in the place of a name server
        if !account.backups.is_empty() {
            account.dns_mode = Some("srv");
        }
    }
    // the code is that of the phone, which came with one
    let code = code(of).unwrap_or_else(|| "#97".to_owned());
    for key in &mut report.keys {
        key.pickup = (key.kind == "blf").then(|| code.clone());
        match key.kind {
            // the server knows what these do: the phone dials
            "intercom" | "paging" | "park_retrieve" => key.kind = "speed_dial",
            // functions of the phone, for which it has its own words and which are of no line
            "dnd" | "forward" | "queue_login" => (key.label, key.line) = (None, Some(1)),
            _ => {}
        }
    }
    // no directory is written for it: its menu has other ones
    if newest {
        report.phonebook.clear();
    }
}

/// Three codecs are told in order, the others are on or off.
fn after_three(account: &mut Account, order: &'static [&'static str], always: &[&'static str]) {
    let told = std::mem::take(&mut account.codecs);
    account.codecs.extend(told.iter().take(3));
    let rest = order.iter().filter(|codec| told.contains(codec) || always.contains(codec));
    for codec in rest {
        crate::phone::words::push_once(&mut account.codecs, codec);
    }
}

/// What holds for Cisco's flat profiles: one mailbox for the phone, labels of keys and not of accounts.
fn flat_profile(report: &mut Report) {
    let first = report.accounts.first().cloned().unwrap_or_default();
    for account in &mut report.accounts {
        account.voicemail.clone_from(&first.voicemail);
        account.srtp = first.srtp;
        if account.shared == "bla" {
            account.shared = "off";
        }
        // NAPTR is not looked up
        account.dns_mode = account.dns_mode.map(|mode| if mode == "srv" { "srv" } else { "a" });
        let on_key = |key: &&Key| matches!(key.kind, "line" | "shared_line") && key.line == Some(account.number);
        let key = report.keys.iter().find(on_key);
        account.label = key.and_then(|key| key.label.clone().or(account.label.take()));
    }
    for key in report.keys.iter_mut().filter(|key| key.line.is_none()) {
        key.line = Some(1);
    }
    if let Some(time) = &mut report.time {
        time.zone = None;
    }
    report.ntp.truncate(2);
    // a name with each number
    let entries = std::mem::take(&mut report.phonebook);
    let split = entries.into_iter().flat_map(|entry| {
        let name = entry.name;
        entry.numbers.into_iter().map(move |number| Entry {
            name: name.clone(),
            group: None,
            numbers: vec![Number { kind: None, ..number }],
        })
    });
    report.phonebook = split.collect();
}

//! Snom.

use super::{keep, pickups};
use crate::phone::report::{Area, Entry, Report};

/// No backup of a server and no port of one behind a proxy, one server of time, STUN with an account only.
/// A key event has no number, a soft key no label; a function is of the account that is active.
/// An entry of the directory is one number, and none is a fax.
pub fn snom(report: &mut Report) {
    const CODECS: &[&str] = &["g722", "pcma", "pcmu", "gsm", "g729", "g723", "g726-32", "amr", "amr-wb"];
    for account in &mut report.accounts {
        keep(account, CODECS, 0);
        account.dns_mode = None;
        if account.outbound_proxy.is_some() {
            account.server.port = None;
        }
        if account.shared == "bla" {
            account.shared = "off";
        }
    }
    if report.accounts.is_empty() {
        report.stun = None;
    }
    report.ntp.truncate(1);
    pickups(&mut report.keys, &["blf"]);
    for key in &mut report.keys {
        let is_of_a_line = matches!(key.kind, "line" | "blf" | "intercom" | "park_monitor" | "presence" | "shared_line" | "speed_dial");
        key.line = key.line.filter(|_| is_of_a_line && key.area != Area::Soft);
        key.label = key.label.take().filter(|_| key.area != Area::Soft);
        if matches!(key.kind, "directory" | "dnd" | "history" | "hold" | "ldap" | "menu" | "mute" | "redial" | "status" | "voicemail") {
            key.value = None;
        }
    }
    let book = std::mem::take(&mut report.phonebook);
    report.phonebook = book.into_iter().flat_map(without_fax).collect();
}

fn without_fax(entry: Entry) -> Vec<Entry> {
    let numbers = entry.numbers.iter().filter(|number| number.kind != Some("fax"));
    numbers.map(|number| Entry { numbers: vec![number.clone()], ..entry.clone() }).collect()
}

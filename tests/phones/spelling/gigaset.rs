//! Gigaset.

use super::{keep, pickups};
use crate::fleet::Resolved;
use crate::phone::report::{Area, Dst, Report};

/// No way of DNS, no shared line; a zone has its rules with it.
pub fn gigaset(of: &Resolved, report: &mut Report) {
    for account in &mut report.accounts {
        account.dns_mode = None;
        account.shared = "off";
    }
    if let Some(time) = &mut report.time {
        time.dst = Dst::Automatic;
    }
    if of.model.class == "dect" { gigaset_base(report) } else { maxwell(of, report) }
}

/// A base has no label of an account, no codecs, no STUN, one backup, and no language of its handsets.
/// An entry of the directory has one number at home and one that is mobile.
fn gigaset_base(report: &mut Report) {
    for account in &mut report.accounts {
        account.label = None;
        account.codecs.clear();
        account.backups.truncate(1);
        account.uses_stun = false;
    }
    report.keys.clear();
    report.stun = None;
    report.language = None;
    for entry in &mut report.phonebook {
        entry.group = None;
        let numbers = entry.numbers.iter().filter(|number| number.kind != Some("fax")).cloned();
        let (mobile, mut fixed): (Vec<_>, Vec<_>) = numbers.partition(|number| number.kind == Some("mobile"));
        let mobile = mobile.into_iter().next();
        fixed.truncate(if mobile.is_some() { 1 } else { 2 });
        entry.numbers = fixed.into_iter().chain(mobile).collect();
    }
}

/// Transport, encryption and codecs are those of the phone; no backup, one server of time, STUN with an
/// account only. The directory is LDAP's. A key has an account only where it is a line, a soft key no label;
/// what a code of the server does is known to the server.
fn maxwell(of: &Resolved, report: &mut Report) {
    let first = report.accounts.first().cloned().unwrap_or_default();
    for account in &mut report.accounts {
        account.transport = first.transport;
        account.srtp = first.srtp;
        account.codecs.clone_from(&first.codecs);
        keep(account, &["pcmu", "pcma", "g722", "g729"], 0);
    }
    if report.accounts.is_empty() {
        report.stun = None;
    }
    pickups(&mut report.keys, &["blf"]);
    for key in &mut report.keys {
        key.line = key.line.filter(|_| key.kind == "line");
        key.label = key.label.take().filter(|_| key.area != Area::Soft);
        if key.kind == "voicemail" {
            key.kind = "feature_code";
        }
    }
    report.ntp.truncate(1);
    report.phonebook.clear();
    // its address has a place for the phone's own
    report.provisioning = Some(format!("{}%MACD.xml", of.url));
}

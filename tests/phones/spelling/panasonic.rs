//! Panasonic.

use super::{keep, pickups};
use crate::fleet::Resolved;
use crate::phone::report::Report;

/// A line has no label but that of its key, watching is on the first line. No file names a directory:
/// what there is of books is the user's own, LDAP, or an application that answers as it is asked.
/// What the values of encryption mean is not public, nor are languages but English.
pub fn panasonic(of: &Resolved, report: &mut Report) {
    const CODECS: &[&str] = &["g722", "pcma", "g726-32", "g729", "pcmu"];
    let labels: Vec<_> = report.accounts.iter().map(|account| (account.number, account.label.clone())).collect();
    for account in &mut report.accounts {
        keep(account, CODECS, 1);
        account.label = None;
        account.srtp = None;
    }
    pickups(&mut report.keys, &["blf"]);
    for key in &mut report.keys {
        if key.kind != "line" {
            key.line = None;
        } else if key.label.is_none() {
            key.label = labels.iter().find(|(number, _)| Some(*number) == key.line).and_then(|(_, label)| label.clone());
        }
    }
    report.ntp.truncate(1);
    report.phonebook.clear();
    let english = report.language.as_deref().is_some_and(|tag| tag.starts_with("en"));
    if !english || !of.model.name.starts_with("KX-UT") {
        report.language = None;
    }
}

//! Mitel and Aastra.

use super::{keep, pickups};
use crate::phone::report::{Entry, Number, Report};

/// Transport and codecs are those of the phone, one backup of a server, two servers of time.
/// A line of the directory is one number, never twice the same, and between quotes there is no third one.
/// The payload numbers of other codecs are not public.
pub fn mitel(report: &mut Report) {
    const CODECS: &[&str] = &["pcmu", "pcma", "g722", "g729"];
    let first = report.accounts.first().cloned().unwrap_or_default();
    for account in &mut report.accounts {
        account.transport = first.transport;
        account.codecs.clone_from(&first.codecs);
        keep(account, CODECS, 1);
    }
    pickups(&mut report.keys, &["blf", "blf_transfer_blind", "blf_list"]);
    let mut lines: Vec<Entry> = Vec::new();
    for entry in report.phonebook.iter().flat_map(of_one_number) {
        if !lines.contains(&entry) {
            lines.push(entry);
        }
    }
    report.phonebook = lines;
}

fn of_one_number(entry: &Entry) -> Vec<Entry> {
    let name = entry.name.replace('"', "'");
    let numbers = entry.numbers.iter();
    numbers.map(|number| Entry { name: name.clone(), group: None, numbers: vec![Number { kind: None, ..number.clone() }] }).collect()
}

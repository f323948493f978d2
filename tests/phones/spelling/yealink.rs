//! Yealink.

use super::{keep, pickups};
use crate::fleet::Resolved;
use crate::phone::report::{Entry, Report};

pub fn yealink(of: &Resolved, report: &mut Report) {
    const CODECS: &[&str] =
        &["pcmu", "pcma", "g722", "g729", "opus", "ilbc", "g726-16", "g726-24", "g726-32", "g726-40", "g723", "g722.1", "g722.1c"];
    for account in &mut report.accounts {
        keep(account, CODECS, 1);
        account.dns_mode = None;
    }
    pickups(&mut report.keys, &["blf"]);
    if of.model.class == "dect" {
        report.language = None;
    }
    let menus = std::mem::take(&mut report.phonebook);
    report.phonebook = yealink_menus(of, menus);
}

/// A menu for each group and one of the book's own name for the rest; three numbers to an entry.
fn yealink_menus(of: &Resolved, entries: Vec<Entry>) -> Vec<Entry> {
    let title = crate::fleet::device_text(of.device, "phonebook.title");
    let mut placed: Vec<(Option<usize>, Entry)> = Vec::new();
    for (contact, entry) in of.contacts.iter().zip(entries) {
        for numbers in entry.numbers.chunks(3) {
            let entry = Entry { name: entry.name.clone(), group: entry.group.clone().or_else(|| title.clone()), numbers: numbers.to_vec() };
            placed.push((contact.group_id, entry));
        }
    }
    placed.sort_by_key(|(group, _)| group.unwrap_or(usize::MAX));
    placed.into_iter().map(|(_, entry)| entry).collect()
}

//! What a vendor's phones cannot be told, taken out of what is wanted of them.

mod cisco;
mod fanvil;
mod gigaset;
mod grandstream;
mod htek;
mod linphone;
mod mitel;
mod panasonic;
mod polycom;
mod snom;
mod yealink;

use crate::fleet::Resolved;
use crate::phone::report::{Account, Entry, Key, Report};
use crate::wanted;

/// What is wanted of a device, as far as its phone can be told.
pub fn spelled(of: &Resolved) -> Report {
    let mut report = wanted::wanted(of);
    match of.vendor {
        "fanvil" => fanvil::fanvil(of, &mut report),
        "htek" => htek::htek(&mut report),
        "yealink" => yealink::yealink(of, &mut report),
        "grandstream" => grandstream::grandstream(of, &mut report),
        "polycom" => polycom::polycom(of, &mut report),
        "linphone" => linphone::linphone(of, &mut report),
        "snom" => snom::snom(&mut report),
        "aastra" | "mitel" => mitel::mitel(&mut report),
        "gigaset" => gigaset::gigaset(of, &mut report),
        "panasonic" => panasonic::panasonic(of, &mut report),
        "cisco-spa" => cisco::cisco_spa(of, &mut report),
        "cisco-mpp" => cisco::cisco_mpp(of, &mut report),
        other => panic!("there is no phone of {other}"),
    }
    let limit = limit(of).unwrap_or(usize::MAX);
    report.phonebook.truncate(limit);
    report
}

/// Most entries of the model's directory.
fn limit(of: &Resolved) -> Option<usize> {
    let files = &of.compiled.plan.files;
    let book = files.iter().find(|file| file.spec.uses.iter().any(|name| name.starts_with("phonebook.")))?;
    of.model.contacts.or(book.spec.limit)
}

fn keep(account: &mut Account, codecs: &[&str], backups: usize) {
    account.codecs.retain(|codec| codecs.contains(codec));
    account.backups.truncate(backups);
}

/// Only the watching keys have a pickup code.
fn pickups(keys: &mut [Key], watching: &[&str]) {
    for key in keys.iter_mut().filter(|key| !watching.contains(&key.kind)) {
        key.pickup = None;
    }
}

/// Entries without a group, of three numbers each.
fn in_threes(entries: Vec<Entry>) -> Vec<Entry> {
    let mut divided = Vec::new();
    for entry in entries {
        let numbers = entry.numbers.chunks(3);
        divided.extend(numbers.map(|numbers| Entry { name: entry.name.clone(), group: None, numbers: numbers.to_vec() }));
    }
    divided
}

fn code(of: &Resolved) -> Option<String> {
    crate::fleet::device_text(of.device, "feature.codes.pickup.direct")
}

fn joined(first: &str, last: &str) -> String {
    let parts = [first, last].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}

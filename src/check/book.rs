//! Phone books.

use crate::compile::Worker;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Suggest;
use crate::settings::Slot;

/// A device names a book that its customer lacks.
pub fn unknown_book(worker: &mut Worker<'_, '_, '_>, slot: Slot<'_>, name: &str) {
    let names: Vec<&str> = worker.docs.books.iter().map(|book| book.name.as_str()).chain(["none"]).collect();
    let mut found = Diagnostic::new(Code::PHONEBOOK_UNKNOWN, format!("this customer has no phone book \"{}\"", name.escape_debug()));
    if let Some((path, span)) = worker.locator.value(slot.origin) {
        found = found.at(&path, span, "not known");
    }
    found.help.extend(Suggest::among(names.iter().copied()).closest(name).map(|best| format!("did you mean \"{best}\"?")));
    found.help.push(format!("a book is named after the folder that holds it; this customer has: {}", names.join(", ")));
    worker.diagnostics.push(found);
}

/// A book holds more contacts than the phone takes.
pub fn book_limit(worker: &mut Worker<'_, '_, '_>, contacts: usize, limit: usize, vendor: &str) {
    if contacts <= limit {
        return;
    }
    let message =
        format!("the phone book has {contacts} contacts, and {vendor} phones take {limit}: the last {} are left out", contacts - limit);
    let mut found = Diagnostic::new(Code::PHONEBOOK_OVER_LIMIT, message);
    if let Some(path) = &worker.docs.path {
        found = found.at(path, 0..0, "");
    }
    worker.diagnostics.push(found.help("keep fewer contacts, split the book by sites, or use LDAP for these phones"));
}

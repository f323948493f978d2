//! Which phone book a device gets, and what is in it.

use crate::known;
use sha2::{Digest, Sha256};

use super::unit::Docs;
use crate::model::phonebook::Phonebook;
use crate::settings::Val;

/// A book and what goes into it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BookChoice {
    /// The files it comes from.
    pub book: Option<usize>,
    /// With the customer's extensions.
    pub extensions: bool,
    /// With the contacts of its files.
    pub contacts: bool,
    /// What the phone's menu calls it.
    pub title: String,
}

impl BookChoice {
    /// Whether `phonebook.sources` takes a source; unset takes all.
    pub fn takes(sources: Val<'_>, name: &str) -> bool {
        let place = known!("phonebook.sources").values.iter().position(|value| value == name);
        match sources {
            Val::List(items) => items.iter().any(|item| matches!(item, Val::Enum(index) if Some(*index as usize) == place)),
            _ => true,
        }
    }

    /// Its name in paths: the folder that holds it, and what it leaves out.
    pub fn name(&self, docs: &Docs<'_>, customer: &str) -> String {
        let folder = self.book.map_or_else(|| customer.rsplit('/').next().unwrap_or_default(), |book| &docs.books[book].name);
        let part = match (self.extensions, self.contacts) {
            (true, false) => "-extensions",
            (false, true) => "-contacts",
            _ => "",
        };
        let title = if self.title == docs.name { String::new() } else { format!("-{}", short_hash(&self.title)) };
        format!("{folder}{part}{title}")
    }

    /// Its contents.
    pub fn assemble(&self, docs: &Docs<'_>) -> Phonebook {
        let extensions = docs
            .extensions
            .iter()
            .filter(|_| self.extensions)
            .filter_map(|extension| Some((extension.number, extension.name?, extension.group)));
        let contacts = self.book.filter(|_| self.contacts).map(|book| docs.books[book].contacts.as_slice()).unwrap_or_default();
        Phonebook::assemble(extensions, contacts.iter().map(|contact| contact.value.clone()))
    }
}

/// Tells titles apart in paths, which hold no free text.
fn short_hash(text: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes())[..4])
}

impl Docs<'_> {
    /// The nearest book at or above a place.
    pub fn nearest_book(&self, place: usize) -> Option<usize> {
        let mut next = Some(place);
        while let Some(at) = next {
            if let Some(book) = self.places[at].book {
                return Some(book);
            }
            next = self.places[at].above;
        }
        None
    }
}

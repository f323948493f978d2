//! The people and places that a phone can look up, in the order in which it shows them.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};
use serde::Serialize;

/// A directory, as templates read it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Phonebook {
    /// All contacts, sorted by name as the root locale of Unicode sorts.
    pub contacts: Vec<Arc<Contact>>,
    /// The groups, sorted likewise, each with its contacts.
    pub groups: Vec<Group>,
}

/// Contacts that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// From 1, in the order of the groups.
    pub id: usize,
    /// What the phone calls it.
    pub name: String,
    /// Its contacts, in the order of the book.
    pub contacts: Vec<Arc<Contact>>,
}

/// Somebody who can be called. Texts that are not known are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Contact {
    /// What the phone shows.
    pub name: String,
    /// Given name.
    pub first: String,
    /// Family name.
    pub last: String,
    /// Company.
    pub company: String,
    /// The group's name.
    pub group: Option<String>,
    /// The group's number in the book; known once the book is assembled.
    pub group_id: Option<usize>,
    /// At least one, in the order of the source.
    pub numbers: Vec<Number>,
    /// The customer's own extension, where the contact is one.
    pub extension: Option<String>,
}

/// Where a call goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Number {
    /// What kind of number it is.
    pub kind: NumberKind,
    /// As it is dialled: digits, `+`, `*` and `#`, or `user@host`.
    pub number: String,
}

/// The kinds of number that phones tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NumberKind {
    /// At work; also where nothing is said.
    Work,
    /// Mobile.
    Mobile,
    /// At home.
    Home,
    /// Fax.
    Fax,
    /// Any other.
    Other,
}

impl NumberKind {
    /// All kinds with their names.
    pub const NAMES: [(&str, NumberKind); 5] = [
        ("work", NumberKind::Work),
        ("mobile", NumberKind::Mobile),
        ("home", NumberKind::Home),
        ("fax", NumberKind::Fax),
        ("other", NumberKind::Other),
    ];

    /// The kind of this name.
    pub fn find(name: &str) -> Option<NumberKind> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }
}

impl Contact {
    /// The contact that a customer's own extension is.
    pub fn of_extension(extension: &str, name: &str, group: Option<&str>) -> Contact {
        let number = Number { kind: NumberKind::Work, number: extension.to_owned() };
        Contact {
            name: if name.is_empty() { extension } else { name }.to_owned(),
            group: group.map(str::to_owned),
            numbers: vec![number],
            extension: Some(extension.to_owned()),
            ..Contact::default()
        }
    }

    /// Whether a phone shows both alike.
    fn looks_like(&self, other: &Contact) -> bool {
        let visible = |contact: &Contact| Contact { extension: None, group_id: None, ..contact.clone() };
        visible(self) == visible(other)
    }
}

impl Phonebook {
    /// The book of a customer: the extensions (number, name and group), and the contacts of its directories.
    ///
    /// The same set gives the same book in whatever order it comes; contacts that look alike are one.
    pub fn assemble<'a>(
        extensions: impl IntoIterator<Item = (&'a str, &'a str, Option<&'a str>)>,
        contacts: impl IntoIterator<Item = Contact>,
    ) -> Phonebook {
        let order = Order::of_root_locale();
        let members = extensions.into_iter().map(|(extension, name, group)| Contact::of_extension(extension, name, group));
        let mut contacts: Vec<Contact> = members.chain(contacts).collect();
        contacts.sort_by(|left, right| order.of_contacts(left, right));
        contacts.dedup_by(|later, kept| {
            let alike = later.looks_like(kept);
            if alike && kept.extension.is_none() {
                kept.extension = later.extension.take();
            }
            alike
        });
        let ids = number_groups(&order, &contacts);
        for contact in &mut contacts {
            contact.group_id = contact.group.as_ref().and_then(|group| ids.get(group).copied());
        }
        let contacts: Vec<Arc<Contact>> = contacts.into_iter().map(Arc::new).collect();
        let groups = fill_groups(ids, &contacts);
        Phonebook { contacts, groups }
    }
}

fn number_groups(order: &Order, contacts: &[Contact]) -> BTreeMap<String, usize> {
    let mut names: Vec<&String> = contacts.iter().filter_map(|contact| contact.group.as_ref()).collect();
    names.sort_by(|left, right| order.of_texts(left, right));
    names.dedup();
    names.into_iter().cloned().zip(1..).collect()
}

fn fill_groups(ids: BTreeMap<String, usize>, contacts: &[Arc<Contact>]) -> Vec<Group> {
    let mut groups: Vec<Group> = ids.into_iter().map(|(name, id)| Group { id, name, contacts: Vec::new() }).collect();
    groups.sort_by_key(|group| group.id);
    for contact in contacts {
        if let Some(group) = contact.group_id.and_then(|id| groups.get_mut(id - 1)) {
            group.contacts.push(contact.clone());
        }
    }
    groups
}

/// How people expect names to be sorted, made total by code points.
struct Order(Option<CollatorBorrowed<'static>>);

impl Order {
    fn of_root_locale() -> Order {
        // The data is compiled in; without it, code points still give a stable order.
        Order(Collator::try_new(CollatorPreferences::default(), CollatorOptions::default()).ok())
    }

    fn of_texts(&self, left: &str, right: &str) -> Ordering {
        let by_locale = self.0.as_ref().map_or(Ordering::Equal, |collator| collator.compare(left, right));
        by_locale.then_with(|| left.cmp(right))
    }

    fn of_contacts(&self, left: &Contact, right: &Contact) -> Ordering {
        self.of_texts(&left.name, &right.name).then_with(|| left.cmp(right))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(name: &str, group: Option<&str>, number: &str) -> Contact {
        let number = Number { kind: NumberKind::Work, number: number.to_owned() };
        Contact { name: name.to_owned(), group: group.map(str::to_owned), numbers: vec![number], ..Contact::default() }
    }

    fn names(book: &Phonebook) -> Vec<&str> {
        book.contacts.iter().map(|contact| contact.name.as_str()).collect()
    }

    #[test]
    fn names_are_sorted_as_people_expect() {
        let sorted = ["2nd Floor", "Äpfel", "apple", "Apple", "Élan", "elbow", "Zoë", "Öztürk", "Άννα", "Βασίλης", "Борис", "أحمد", "王伟"];
        let book = Phonebook::assemble([], sorted.iter().rev().map(|name| contact(name, None, "1")));
        let expected =
            ["2nd Floor", "Äpfel", "apple", "Apple", "Élan", "elbow", "Öztürk", "Zoë", "Άννα", "Βασίλης", "Борис", "أحمد", "王伟"];
        assert_eq!(names(&book), expected);
    }

    #[test]
    fn the_order_of_the_source_does_not_matter() {
        let contacts =
            [contact("Ann", None, "2"), contact("Ann", None, "10"), contact("ann", Some("B"), "1"), contact("Ann", Some("a"), "2")];
        let forward = Phonebook::assemble([("101", "Ann", None)], contacts.clone());
        let backward = Phonebook::assemble([("101", "Ann", None)], contacts.into_iter().rev());
        assert_eq!(forward, backward);
        assert_eq!(forward.contacts.len(), 5);
    }

    #[test]
    fn contacts_that_look_alike_are_one() {
        let twice = [contact("Ann Lee", None, "101"), contact("Ann Lee", None, "101"), contact("Ann Lee", None, "102")];
        let book = Phonebook::assemble([("101", "Ann Lee", None), ("103", "", None)], twice);
        assert_eq!(names(&book), ["103", "Ann Lee", "Ann Lee"]);
        let extensions: Vec<_> = book.contacts.iter().map(|contact| contact.extension.as_deref()).collect();
        assert_eq!(extensions, [Some("103"), Some("101"), None]);
    }

    #[test]
    fn groups_are_numbered_in_their_own_order() {
        let contacts =
            [contact("Yves", Some("Zulieferer"), "1"), contact("Xenia", Some("Ärzte"), "2"), contact("Anna", Some("Zulieferer"), "3")];
        let book = Phonebook::assemble([("101", "Ann Lee", None)], contacts);
        let groups: Vec<_> = book
            .groups
            .iter()
            .map(|group| (group.id, group.name.as_str(), group.contacts.iter().map(|contact| contact.name.as_str()).collect::<Vec<_>>()))
            .collect();
        assert_eq!(groups, [(1, "Ärzte", vec!["Xenia"]), (2, "Zulieferer", vec!["Anna", "Yves"])]);
        let ids: Vec<_> = book.contacts.iter().map(|contact| contact.group_id).collect();
        assert_eq!(ids, [None, Some(2), Some(1), Some(2)]);
    }

    #[test]
    fn an_empty_book_is_a_book() {
        assert_eq!(Phonebook::assemble([], []), Phonebook::default());
    }
}

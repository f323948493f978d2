//! `phonebook.xml`.

use std::collections::BTreeMap;

use roxmltree::Node;

use super::super::Outcome;
use super::super::report::{Entry, Number};
use super::super::xml::{document, elements, name, text, unknown};

pub fn parse(file: &str, bytes: &[u8]) -> Outcome<Vec<Entry>> {
    let tree = document(file, bytes)?;
    let root = tree.root_element();
    if name(root) != "AddressBook" {
        return Err(unknown(file, root));
    }
    let mut groups = BTreeMap::new();
    let mut entries = Vec::new();
    for part in elements(file, root)? {
        match name(part) {
            "version" => {}
            "pbgroup" => {
                groups.insert(child(file, part, "id")?.unwrap_or_default(), child(file, part, "name")?.unwrap_or_default());
            }
            "Contact" => entries.push(contact(file, part, &groups)?),
            _ => return Err(unknown(file, part)),
        }
    }
    Ok(entries)
}

fn contact(file: &str, node: Node, groups: &BTreeMap<String, String>) -> Outcome<Entry> {
    let (mut first, mut last, mut entry) = (String::new(), String::new(), Entry::default());
    for part in elements(file, node)? {
        match name(part) {
            "FirstName" => first = text(file, part)?,
            "LastName" => last = text(file, part)?,
            "Phone" => entry.numbers.extend(phone(file, part)?),
            "Group" => entry.group = Some(group(file, &text(file, part)?, groups)?),
            "Groups" => {
                if let Some(id) = child(file, part, "groupid")? {
                    entry.group = Some(group(file, &id, groups)?);
                }
            }
            "id" | "Frequent" | "Primary" | "Company" | "Department" | "Job" | "JobTitle" | "Mail" | "RingtoneUrl" | "PhotoUrl" => {}
            _ => return Err(unknown(file, part)),
        }
    }
    entry.name = [first, last].into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ");
    if entry.name.is_empty() {
        return Err(format!("{file}: a contact without a name"));
    }
    Ok(entry)
}

fn phone(file: &str, node: Node) -> Outcome<Option<Number>> {
    for part in elements(file, node)? {
        if !matches!(name(part), "phonenumber" | "accountindex") {
            return Err(unknown(file, part));
        }
    }
    let kind = match node.attribute("type") {
        None => None,
        Some("Work") => Some("work"),
        Some("Home") => Some("home"),
        Some("Cell") => Some("mobile"),
        Some(other) => return Err(format!("{file}: `{other}` is no type of number")),
    };
    let number = child(file, node, "phonenumber")?.filter(|number| !number.is_empty());
    Ok(number.map(|number| Number { kind, number }))
}

fn group(file: &str, id: &str, groups: &BTreeMap<String, String>) -> Outcome<String> {
    groups.get(id).cloned().ok_or_else(|| format!("{file}: there is no group {id}"))
}

fn child(file: &str, node: Node, wanted: &str) -> Outcome<Option<String>> {
    let found = elements(file, node)?.into_iter().find(|part| name(*part) == wanted);
    found.map(|part| text(file, part)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(contact: &str) -> Outcome<Vec<Entry>> {
        let text = format!("<AddressBook><pbgroup><id>1</id><name>Suppliers</name></pbgroup><Contact>{contact}</Contact></AddressBook>");
        parse("b", text.as_bytes())
    }

    #[test]
    fn a_contact_with_two_numbers_in_a_group() {
        let read = book("<FirstName>Ann</FirstName><LastName>Lee</LastName><Phone type=\"Work\"><phonenumber>1</phonenumber><accountindex>1</accountindex></Phone><Phone type=\"Cell\"><phonenumber>2</phonenumber></Phone><Groups><groupid>1</groupid></Groups>").unwrap();
        assert_eq!((read[0].name.as_str(), read[0].group.as_deref()), ("Ann Lee", Some("Suppliers")));
        assert_eq!(read[0].numbers[1], Number { kind: Some("mobile"), number: "2".into() });
    }

    #[test]
    fn element_names_are_case_sensitive() {
        for broken in [
            "<firstname>A</firstname>",
            "<FirstName>A</FirstName><Phone><PhoneNumber>1</PhoneNumber></Phone>",
            "<FirstName>A</FirstName><Group>7</Group>",
            "<Phone><phonenumber>1</phonenumber></Phone>",
            "<FirstName>A</FirstName><Phone type=\"Fax\"/>",
        ] {
            assert!(book(broken).is_err(), "{broken}");
        }
    }
}

//! The local directory, which also holds the speed dials.

use roxmltree::Node;

use super::super::Outcome;
use super::super::report::{Entry, Number};
use super::super::xml::{document, elements, name, text, unknown};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub entry: Entry,
    /// The rank among the speed dials.
    pub speed_dial: Option<u32>,
    pub label: Option<String>,
}

pub fn parse(file: &str, bytes: &[u8]) -> Outcome<Vec<Contact>> {
    let tree = document(file, bytes)?;
    let root = tree.root_element();
    if name(root) != "directory" {
        return Err(unknown(file, root));
    }
    let mut contacts: Vec<Contact> = Vec::new();
    for list in elements(file, root)? {
        if name(list) != "item_list" {
            return Err(unknown(file, list));
        }
        for item in elements(file, list)? {
            let contact = self::item(file, item)?;
            if contact.speed_dial.is_some() && contacts.iter().any(|other| other.speed_dial == contact.speed_dial) {
                return Err(format!("{file}: two speed dials at {:?}", contact.speed_dial));
            }
            contacts.push(contact);
        }
    }
    Ok(contacts)
}

fn item(file: &str, node: Node) -> Outcome<Contact> {
    if name(node) != "item" {
        return Err(unknown(file, node));
    }
    let (mut first, mut last, mut number, mut speed_dial, mut label) = (String::new(), String::new(), String::new(), None, None);
    for part in elements(file, node)? {
        let told = text(file, part)?;
        match name(part) {
            "fn" => first = told,
            "ln" => last = told,
            "ct" => number = told,
            "lb" => label = Some(told).filter(|label| !label.is_empty()),
            "sd" if told.is_empty() => {}
            "sd" => {
                speed_dial =
                    Some(told.parse().ok().filter(|rank| (1..=9999).contains(rank)).ok_or_else(|| format!("{file}: <sd>{told}</sd>"))?)
            }
            "rt" | "dc" | "ad" | "ar" | "bw" | "bb" | "pt" | "st" => {}
            _ => return Err(unknown(file, part)),
        }
    }
    if number.is_empty() {
        return Err(format!("{file}: an item without a contact"));
    }
    let name = [first, last].into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ");
    Ok(Contact { entry: Entry { name, group: None, numbers: vec![Number { kind: None, number }] }, speed_dial, label })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(items: &str) -> Outcome<Vec<Contact>> {
        parse("d", format!("<directory><item_list>{items}</item_list></directory>").as_bytes())
    }

    #[test]
    fn contacts_and_speed_dials() {
        let read = read("<item><fn>Ann</fn><ln>Lee</ln><ct>101</ct></item><item><ln>Söhne</ln><ct>2</ct><sd>7</sd></item>").unwrap();
        assert_eq!((read[0].entry.name.as_str(), read[0].speed_dial), ("Ann Lee", None));
        assert_eq!((read[1].entry.name.as_str(), read[1].speed_dial), ("Söhne", Some(7)));
    }

    #[test]
    fn broken_directories() {
        for broken in [
            "<item><fn>A</fn></item>",
            "<item><ct>1</ct><sd>0</sd></item>",
            "<item><ct>1</ct><sd>1</sd></item><item><ct>2</ct><sd>1</sd></item>",
            "<entry/>",
            "<item><ct>1</ct><xx/></item>",
            "<item><fn>R&D</fn><ct>1</ct></item>",
        ] {
            assert!(read(broken).is_err(), "{broken}");
        }
    }
}

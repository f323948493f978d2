//! Phone books: the remote directory, the remote book with menus, and local contacts.

use roxmltree::Node;

use super::super::Outcome;
use super::super::report::{Entry, Number};
use super::super::xml::{document, elements, name, text, unknown};

pub fn remote(file: &str, bytes: &[u8]) -> Outcome<Vec<Entry>> {
    let tree = document(file, bytes)?;
    let root = tree.root_element();
    match name(root) {
        kind if kind.ends_with("IPPhoneDirectory") => elements(file, root)?.into_iter().map(|node| directory_entry(file, node)).collect(),
        kind if kind.ends_with("IPPhoneBook") => menus(file, root),
        _ => Err(unknown(file, root)),
    }
}

fn directory_entry(file: &str, node: Node) -> Outcome<Entry> {
    if name(node) != "DirectoryEntry" {
        return Err(unknown(file, node));
    }
    let mut entry = Entry::default();
    for part in elements(file, node)? {
        match name(part) {
            "Name" => entry.name = text(file, part)?,
            "Telephone" => entry.numbers.push(Number { kind: part.attribute("label").and_then(kind), number: text(file, part)? }),
            _ => return Err(unknown(file, part)),
        }
    }
    complete(file, entry)
}

fn menus(file: &str, root: Node) -> Outcome<Vec<Entry>> {
    let mut entries = Vec::new();
    for menu in elements(file, root)? {
        match name(menu) {
            "Title" => {}
            "Menu" => {
                let group = menu.attribute("Name").map(str::to_owned);
                for unit in elements(file, menu)? {
                    entries.push(Entry { group: group.clone(), ..self::unit(file, unit)? });
                }
            }
            _ => return Err(unknown(file, menu)),
        }
    }
    Ok(entries)
}

fn unit(file: &str, node: Node) -> Outcome<Entry> {
    if name(node) != "Unit" {
        return Err(unknown(file, node));
    }
    let numbers = ["Phone1", "Phone2", "Phone3"].iter().filter_map(|phone| node.attribute(*phone)).filter(|number| !number.is_empty());
    let numbers = numbers.map(|number| Number { kind: None, number: number.to_owned() }).collect();
    complete(file, Entry { name: node.attribute("Name").unwrap_or_default().to_owned(), group: None, numbers })
}

/// Two roots side by side, groups and contacts: no well-formed document, so the phone reads it as a fragment.
pub fn local(file: &str, bytes: &[u8]) -> Outcome<Vec<Entry>> {
    let told = std::str::from_utf8(bytes).map_err(|_| format!("{file}: not UTF-8"))?;
    let body = match told.strip_prefix("<?xml") {
        Some(rest) => rest.split_once("?>").ok_or_else(|| format!("{file}: torn"))?.1,
        None => told,
    };
    let whole = format!("<contacts>{body}</contacts>");
    let tree = document(file, whole.as_bytes())?;
    let mut entries = Vec::new();
    for part in elements(file, tree.root_element())? {
        match name(part) {
            "root_group" => {}
            "root_contact" => {
                for contact in elements(file, part)? {
                    entries.push(local_contact(file, contact)?);
                }
            }
            _ => return Err(unknown(file, part)),
        }
    }
    Ok(entries)
}

fn local_contact(file: &str, node: Node) -> Outcome<Entry> {
    if name(node) != "contact" {
        return Err(unknown(file, node));
    }
    let said = |attribute: &str| node.attribute(attribute).filter(|value| !value.is_empty()).map(str::to_owned);
    let numbers = [("office_number", "work"), ("mobile_number", "mobile"), ("other_number", "other")];
    let numbers = numbers.iter().filter_map(|(attribute, kind)| Some(Number { kind: Some(kind), number: said(attribute)? })).collect();
    complete(file, Entry { name: said("display_name").unwrap_or_default(), group: said("group_id_name"), numbers })
}

fn complete(file: &str, entry: Entry) -> Outcome<Entry> {
    if entry.name.is_empty() {
        return Err(format!("{file}: an entry without a name"));
    }
    Ok(entry)
}

fn kind(label: &str) -> Option<&'static str> {
    match label.to_ascii_lowercase().trim_end_matches(" number") {
        "office" | "work" => Some("work"),
        "mobile" => Some("mobile"),
        "home" => Some("home"),
        "other" => Some("other"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_with_several_numbers() {
        let book = remote("b", "<AcmeIPPhoneDirectory>\n<DirectoryEntry><Name>Söhne</Name><Telephone>1</Telephone><Telephone label=\"Mobile Number\">2</Telephone></DirectoryEntry>\n</AcmeIPPhoneDirectory>".as_bytes()).unwrap();
        assert_eq!(book[0].name, "Söhne");
        assert_eq!(book[0].numbers[1], Number { kind: Some("mobile"), number: "2".into() });
    }

    #[test]
    fn a_book_with_menus() {
        let book = remote("b", b"<YealinkIPPhoneBook><Title>T</Title><Menu Name=\"Suppliers\"><Unit Name=\"A\" Phone1=\"1\" Phone2=\"\" Phone3=\"3\" default_photo=\"\"/></Menu></YealinkIPPhoneBook>").unwrap();
        assert_eq!(book[0].group.as_deref(), Some("Suppliers"));
        assert_eq!(book[0].numbers.iter().map(|n| n.number.as_str()).collect::<Vec<_>>(), ["1", "3"]);
    }

    #[test]
    fn local_contacts_have_two_roots() {
        let book = local("b", b"<?xml version=\"1.0\"?>\n<root_group><group display_name=\"G\" ring=\"\"/></root_group>\n<root_contact><contact display_name=\"A\" office_number=\"1\" mobile_number=\"\" other_number=\"3\" group_id_name=\"G\"/></root_contact>").unwrap();
        assert_eq!(
            book[0].numbers,
            [Number { kind: Some("work"), number: "1".into() }, Number { kind: Some("other"), number: "3".into() }]
        );
    }

    #[test]
    fn broken_books() {
        for broken in [
            "<Book/>",
            "<YealinkIPPhoneDirectory><Entry/></YealinkIPPhoneDirectory>",
            "<YealinkIPPhoneDirectory><DirectoryEntry><Name>R&D</Name></DirectoryEntry></YealinkIPPhoneDirectory>",
            "<YealinkIPPhoneDirectory><DirectoryEntry><Telephone>1</Telephone></DirectoryEntry></YealinkIPPhoneDirectory>",
            "<YealinkIPPhoneDirectory>",
        ] {
            assert!(remote("b", broken.as_bytes()).is_err(), "{broken}");
        }
    }
}

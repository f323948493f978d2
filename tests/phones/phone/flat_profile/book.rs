//! The directory: names with a number each.

use roxmltree::Node;

use super::super::Outcome;
use super::super::report::{Entry, Number};
use super::super::xml::{document, elements, name, text, unknown};

pub fn parse(file: &str, bytes: &[u8]) -> Outcome<Vec<Entry>> {
    let tree = document(file, bytes)?;
    let root = tree.root_element();
    if name(root) != "CiscoIPPhoneDirectory" {
        return Err(unknown(file, root));
    }
    let mut entries = Vec::new();
    for part in elements(file, root)? {
        match name(part) {
            "Title" | "Prompt" => drop(text(file, part)?),
            "DirectoryEntry" => entries.push(entry(file, part)?),
            _ => return Err(unknown(file, part)),
        }
    }
    Ok(entries)
}

fn entry(file: &str, node: Node) -> Outcome<Entry> {
    let (mut title, mut number) = (None, None);
    for part in elements(file, node)? {
        match name(part) {
            "Name" if title.is_none() => title = Some(text(file, part)?),
            "Telephone" if number.is_none() => number = Some(text(file, part)?),
            _ => return Err(unknown(file, part)),
        }
    }
    let filled =
        |part: Option<String>| part.filter(|part| !part.is_empty()).ok_or_else(|| format!("{file}: an entry lacks name or number"));
    Ok(Entry { name: filled(title)?, group: None, numbers: vec![Number { kind: None, number: filled(number)? }] })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(inner: &str) -> Outcome<Vec<Entry>> {
        parse("d", format!("<CiscoIPPhoneDirectory><Title>T</Title>{inner}</CiscoIPPhoneDirectory>").as_bytes())
    }

    #[test]
    fn entries() {
        let book = read("<DirectoryEntry><Name>J &amp; S</Name><Telephone>+441</Telephone></DirectoryEntry>").unwrap();
        assert_eq!((book[0].name.as_str(), book[0].numbers[0].number.as_str()), ("J & S", "+441"));
        for broken in [
            "<DirectoryEntry><Name>A</Name></DirectoryEntry>",
            "<DirectoryEntry><Name>A</Name><Telephone>1</Telephone><Telephone>2</Telephone></DirectoryEntry>",
            "<MenuItem/>",
        ] {
            assert!(read(broken).is_err(), "{broken}");
        }
    }
}

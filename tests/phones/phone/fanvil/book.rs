//! The remote phone book: three numbers to an entry.

use roxmltree::Node;

use super::super::Outcome;
use super::super::report::{Entry, Number};
use super::super::xml::{document, elements, name, text, unknown};

pub fn read(file: &str, bytes: &[u8]) -> Outcome<Vec<Entry>> {
    let tree = document(file, bytes)?;
    let root = tree.root_element();
    if name(root) != "FanvilIPPhoneDirectory" {
        return Err(unknown(file, root));
    }
    let mut entries = Vec::new();
    for node in elements(file, root)? {
        match name(node) {
            "Title" => {}
            "DirectoryEntry" => entries.push(entry(file, node)?),
            _ => return Err(unknown(file, node)),
        }
    }
    Ok(entries)
}

/// The three names are places: which kind of number stands in one is the writer's affair.
fn entry(file: &str, node: Node) -> Outcome<Entry> {
    let mut entry = Entry::default();
    let mut seen = Vec::new();
    for part in elements(file, node)? {
        let value = text(file, part)?;
        if seen.contains(&name(part)) {
            return Err(format!("{file}: <{}> twice in `{}`", name(part), entry.name));
        }
        seen.push(name(part));
        match name(part) {
            "Name" => entry.name = value,
            "Telephone" | "Mobile" | "Other" if value.is_empty() => {}
            "Telephone" | "Mobile" | "Other" => entry.numbers.push(Number { kind: None, number: value }),
            "Group" => entry.group = Some(value).filter(|group| !group.is_empty()),
            "Ring" | "picture" => {}
            _ => return Err(unknown(file, part)),
        }
    }
    if entry.name.is_empty() || entry.numbers.is_empty() {
        return Err(format!("{file}: an entry without a name or a number: {entry:?}"));
    }
    Ok(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_numbers() {
        let told = "<FanvilIPPhoneDirectory><Title>T</Title><DirectoryEntry><Name>R&amp;D</Name><Telephone>1</Telephone><Mobile/><Other>3</Other></DirectoryEntry></FanvilIPPhoneDirectory>";
        let book = read("b", told.as_bytes()).unwrap();
        assert_eq!((book[0].name.as_str(), book[0].numbers.len()), ("R&D", 2));
    }

    #[test]
    fn broken_books() {
        for broken in [
            "<YealinkIPPhoneDirectory/>",
            "<FanvilIPPhoneDirectory><Entry/></FanvilIPPhoneDirectory>",
            "<FanvilIPPhoneDirectory><DirectoryEntry><Name>A</Name></DirectoryEntry></FanvilIPPhoneDirectory>",
            "<FanvilIPPhoneDirectory><DirectoryEntry><Name>A</Name><Telephone>1</Telephone><Telephone>2</Telephone></DirectoryEntry></FanvilIPPhoneDirectory>",
        ] {
            assert!(read("b", broken.as_bytes()).is_err(), "{broken}");
        }
    }
}

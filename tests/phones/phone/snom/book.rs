//! The phone's own directory: an entry is one number.

use roxmltree::Node;

use super::super::Outcome;
use super::super::report::{Entry, Number};
use super::super::words::{Words, word};
use super::super::xml::{elements, name, text, unknown};

/// What a file says of the directory: all of it, or entries more.
#[derive(Debug, PartialEq)]
pub struct Book {
    complete: bool,
    items: Vec<(Option<usize>, Entry)>,
}

impl Book {
    /// An entry takes the place that it names; without a place, that of its number.
    pub fn write_into(self, entries: &mut Vec<Entry>) {
        if self.complete {
            entries.clear();
        }
        for (index, entry) in self.items {
            let same_number = || entries.iter().position(|known| known.numbers == entry.numbers);
            match index.or_else(same_number).filter(|place| *place < entries.len()) {
                Some(place) => entries[place] = entry,
                None => entries.push(entry),
            }
        }
    }
}

pub fn parse(file: &str, node: Node) -> Outcome<Book> {
    let complete = match node.attribute("complete") {
        Some("true") => true,
        None | Some("false") => false,
        Some(other) => return Err(format!("{file}: complete `{other}`")),
    };
    let items = elements(file, node)?.into_iter().map(|node| item(file, node)).collect::<Outcome<Vec<_>>>()?;
    let mut places: Vec<usize> = items.iter().filter_map(|(index, _)| *index).collect();
    places.sort_unstable();
    match places.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("{file}: two entries at {}", pair[0])),
        None => Ok(Book { complete, items }),
    }
}

fn item(file: &str, node: Node) -> Outcome<(Option<usize>, Entry)> {
    if name(node) != "item" {
        return Err(unknown(file, node));
    }
    word("type", node.attribute("type").unwrap_or("none"), CATEGORIES)?;
    let index = node.attribute("index").map(|told| told.parse().map_err(|_| format!("{file}: index `{told}`"))).transpose()?;
    let (mut names, mut group, mut number, mut kind) = ([const { String::new() }; 3], None, String::new(), None);
    for part in elements(file, node)? {
        let told = text(file, part)?;
        match name(part) {
            "first_name" => names[0] = told,
            "last_name" => names[1] = told,
            "name" => names[2] = told,
            "group" => group = Some(told).filter(|group| !group.is_empty()),
            "number" => number = told,
            "number_type" => kind = Some(word("number_type", &told, KINDS)?),
            "title" | "organization" | "email" | "note" | "birthday" | "photo" => {}
            _ => return Err(unknown(file, part)),
        }
    }
    let [first, last, whole] = names;
    let last = if last.is_empty() { whole } else { last };
    let name = [first, last].into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ");
    if name.is_empty() || number.is_empty() {
        return Err(format!("{file}: an item without a name or a number"));
    }
    Ok((index, Entry { name, group, numbers: vec![Number { kind, number }] }))
}

const CATEGORIES: Words = &[("none", ""), ("friends", ""), ("family", ""), ("colleagues", ""), ("vip", ""), ("deny", "")];

const KINDS: Words = &[("sip", "other"), ("mobile", "mobile"), ("fixed", "other"), ("home", "home"), ("business", "work")];

#[cfg(test)]
mod tests {
    use super::super::super::xml::document;
    use super::*;

    fn read(text: &str, entries: &mut Vec<Entry>) -> Outcome<()> {
        let tree = document("b", text.as_bytes())?;
        parse("b", tree.root_element())?.write_into(entries);
        Ok(())
    }

    #[test]
    fn entries_stay_unless_the_book_is_complete() {
        let mut entries = Vec::new();
        let item = |name: &str, number: &str| format!("<item context=\"active\"><name>{name}</name><number>{number}</number></item>");
        read(&format!("<tbook>{}{}</tbook>", item("Ann", "1"), item("Bob", "2")), &mut entries).unwrap();
        read(&format!("<tbook>{}</tbook>", item("Ann Lee", "1")), &mut entries).unwrap();
        let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["Ann Lee", "Bob"]);
        read(&format!("<tbook complete=\"true\">{}</tbook>", item("Cy", "3")), &mut entries).unwrap();
        assert_eq!(entries.len(), 1);
    }

    #[test]
    fn parts_of_a_name_and_kinds_of_numbers() {
        let mut entries = Vec::new();
        let item = "<item type=\"vip\" index=\"0\"><first_name>Ann</first_name><last_name>Lee</last_name><name>x</name><number>1</number><number_type>business</number_type></item>";
        read(&format!("<phone-book>{item}</phone-book>"), &mut entries).unwrap();
        assert_eq!((entries[0].name.as_str(), entries[0].numbers[0].kind), ("Ann Lee", Some("work")));
    }

    #[test]
    fn broken_books() {
        for broken in [
            "<tbook><contact/></tbook>",
            "<tbook><item><name>A</name></item></tbook>",
            "<tbook><item><name>A</name><number>1</number><number_type>fax</number_type></item></tbook>",
            "<tbook><item type=\"blue\"><name>A</name><number>1</number></item></tbook>",
            "<tbook><item index=\"0\"><name>A</name><number>1</number></item><item index=\"0\"><name>B</name><number>2</number></item></tbook>",
            "<tbook complete=\"yes\"/>",
        ] {
            assert!(read(broken, &mut Vec::new()).is_err(), "{broken}");
        }
    }
}

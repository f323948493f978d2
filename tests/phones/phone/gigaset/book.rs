//! The answer to a base's question for its network directory.

use roxmltree::Node;

use super::super::Outcome;
use super::super::report::{Entry, Number};
use super::super::xml::{document, elements, name, text, unknown};

/// The list must be as long as it says.
pub fn parse(file: &str, bytes: &[u8]) -> Outcome<Vec<Entry>> {
    let tree = document(file, bytes)?;
    let root = tree.root_element();
    if name(root) != "list" || root.attribute("response") != Some("get_list") || root.attribute("type") != Some("pb") {
        return Err(format!("{file}: no list of a directory"));
    }
    let entries = elements(file, root)?.into_iter().map(|node| entry(file, node)).collect::<Outcome<Vec<_>>>()?;
    let length = entries.len().to_string();
    match ["total", "last"].into_iter().find(|what| root.attribute(*what) != Some(&length)) {
        Some(what) => Err(format!("{file}: {what} is not {length}")),
        None => Ok(entries),
    }
}

fn entry(file: &str, node: Node) -> Outcome<Entry> {
    if name(node) != "entry" {
        return Err(unknown(file, node));
    }
    let (mut first, mut last, mut numbers) = (String::new(), String::new(), Vec::new());
    for part in elements(file, node)? {
        let told = text(file, part)?;
        match name(part) {
            "fn" => first = told,
            "ln" => last = told,
            "hm" | "mb" if numbers.iter().any(|(kind, _)| *kind == name(part)) => return Err(format!("{file}: <{}> twice", name(part))),
            "hm" | "mb" if !told.is_empty() => numbers.push((name(part), told)),
            _ => return Err(unknown(file, part)),
        }
    }
    let name = [first, last].into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(format!("{file}: an entry without a name"));
    }
    let numbers = numbers.into_iter().map(|(_, number)| Number { kind: None, number });
    Ok(Entry { name, group: None, numbers: numbers.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_counts_its_entries() {
        let read = |count: &str, entries: &str| {
            parse(
                "b",
                format!("<list response=\"get_list\" type=\"pb\" total=\"{count}\" first=\"1\" last=\"{count}\">{entries}</list>")
                    .as_bytes(),
            )
        };
        let ann = "<entry><ln>Lee</ln><fn>Ann</fn><hm>1</hm><mb>2</mb></entry>";
        assert_eq!(read("1", ann).unwrap()[0].name, "Ann Lee");
        assert!(read("2", ann).is_err());
        for broken in [
            "<entry><hm>1</hm></entry>",
            "<entry><ln>A</ln><hm>1</hm><hm>2</hm></entry>",
            "<item/>",
            "<entry><ln>A</ln><fax>1</fax></entry>",
        ] {
            assert!(read("1", broken).is_err(), "{broken}");
        }
    }
}

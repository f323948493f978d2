//! Small strict helpers over a parsed document.

use roxmltree::{Document, Node};

use super::Outcome;

/// Parses a whole document; `file` is for the message.
pub fn document<'a>(file: &str, bytes: &'a [u8]) -> Outcome<Document<'a>> {
    let text = std::str::from_utf8(bytes).map_err(|_| format!("{file}: not UTF-8"))?;
    Document::parse(text.strip_prefix('\u{feff}').unwrap_or(text)).map_err(|error| format!("{file}: {error}"))
}

pub fn name<'a>(node: Node<'a, '_>) -> &'a str {
    node.tag_name().name()
}

/// The child elements; text between them is an error.
pub fn elements<'a, 'd>(file: &str, node: Node<'a, 'd>) -> Outcome<Vec<Node<'a, 'd>>> {
    if let Some(text) = node.children().find(|child| child.is_text() && !child.text().unwrap_or_default().trim().is_empty()) {
        return Err(format!("{file}: stray text `{}` in <{}>", text.text().unwrap_or_default().trim(), name(node)));
    }
    Ok(node.children().filter(Node::is_element).collect())
}

/// The text of an element without child elements.
pub fn text(file: &str, node: Node<'_, '_>) -> Outcome<String> {
    if let Some(child) = node.children().find(Node::is_element) {
        return Err(format!("{file}: <{}> inside <{}>", name(child), name(node)));
    }
    Ok(node.children().filter_map(|child| child.text().filter(|_| child.is_text())).collect())
}

/// An element that the phone has no use for.
pub fn unknown(file: &str, node: Node<'_, '_>) -> String {
    let parent = node.parent_element().map_or_else(String::new, |parent| format!(" in <{}>", name(parent)));
    format!("{file}: unknown <{}>{parent}", name(node))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn torn_and_unescaped_documents_are_refused() {
        for broken in ["", "<a>", "<a>R&D</a>", "<a b=\"x < y\"/>", "<a></a><b/>", "<!DOCTYPE a><a/>"] {
            assert!(document("f.xml", broken.as_bytes()).is_err(), "{broken}");
        }
        assert!(document("f.xml", b"<a>\xe4</a>").is_err());
    }

    #[test]
    fn stray_text_and_stray_elements_are_refused() {
        let tree = document("f.xml", b"<a>x<b>y<c/></b></a>").unwrap();
        assert!(elements("f.xml", tree.root_element()).unwrap_err().contains("stray text `x`"));
        let inner = tree.root_element().first_element_child().unwrap();
        assert!(text("f.xml", inner).unwrap_err().contains("<c> inside <b>"));
    }
}

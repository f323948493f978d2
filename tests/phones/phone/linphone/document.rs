//! The document: sections, entries, and what the client does not see in them.

use roxmltree::Node;

use super::super::Outcome;
use super::super::flash::Flash;
use super::super::xml::{document, elements, name, unknown};

/// An entry is written when the store has no such key, or with `overwrite="true"`, literally.
pub fn apply(file: &str, bytes: &[u8], store: &mut Flash) -> Outcome<()> {
    let tree = document(file, bytes)?;
    let root = tree.root_element();
    if name(root) != "config" || !matches!(root.tag_name().namespace(), None | Some("http://www.linphone.org/xsds/lpconfig.xsd")) {
        return Err(unknown(file, root));
    }
    for section in elements(file, root)? {
        let title = named(file, section, "section")?;
        for entry in elements(file, section)? {
            let key = format!("{title}/{}", named(file, entry, "entry")?);
            let value = value(file, entry)?;
            if !store.knows(&key) || entry.attribute("overwrite") == Some("true") {
                store.set(key, value);
            }
        }
    }
    Ok(())
}

fn named<'a>(file: &str, node: Node<'a, '_>, kind: &str) -> Outcome<&'a str> {
    let name = node.attribute("name").filter(|_| name(node) == kind).ok_or_else(|| unknown(file, node))?;
    if name.is_empty() || name.contains(['/', '[', ']', '=', '\n']) { Err(format!("{file}: `{name}` is no name")) } else { Ok(name) }
}

/// The first text node only: anything that a second one could hide behind is an error here.
fn value(file: &str, entry: Node) -> Outcome<String> {
    let broken = |what: &str| format!("{file}: {what} in entry `{}`", entry.attribute("name").unwrap_or_default());
    let source = &entry.document().input_text()[entry.range()];
    if entry.children().count() > 1 || entry.children().any(|child| !child.is_text()) {
        return Err(broken("more than one text"));
    }
    if source.contains("<![CDATA[")
        && !(source.contains("><![CDATA[") && source.contains("]]></") && source.matches("<![CDATA[").count() == 1)
    {
        return Err(broken("text beside CDATA"));
    }
    let value = entry.text().unwrap_or_default();
    if value.contains(['\n', '\r']) {
        return Err(broken("a new line, which would begin a new line of the store,"));
    }
    if value != value.trim() {
        return Err(broken("white space around the value"));
    }
    Ok(value.to_owned())
}

//! A configuration: P codes with values. What `para` calls them is for readers only.

use std::collections::BTreeSet;

use roxmltree::Node;

use super::super::Outcome;
use super::super::xml::{document, elements, name, text, unknown};

pub type Settings = Vec<(String, String)>;

pub fn settings(file: &str, bytes: &[u8]) -> Outcome<Settings> {
    let tree = document(file, bytes)?;
    let root = tree.root_element();
    versioned(file, root, "hl_provision")?;
    let mut settings = Settings::new();
    let mut seen = BTreeSet::new();
    for config in elements(file, root)? {
        versioned(file, config, "config")?;
        for node in elements(file, config)? {
            let code = code(node).ok_or_else(|| unknown(file, node))?;
            if !seen.insert(code) {
                return Err(format!("{file}: {code} twice"));
            }
            settings.push((code.to_owned(), text(file, node)?));
        }
    }
    Ok(settings)
}

fn versioned(file: &str, node: Node, expected: &str) -> Outcome<()> {
    if name(node) == expected && node.attribute("version") == Some("1") {
        return Ok(());
    }
    Err(format!("{file}: <{}> is not <{expected} version=\"1\">", name(node)))
}

fn code<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    let digits = name(node).strip_prefix('P')?;
    let sound = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    (sound && node.attributes().all(|attribute| attribute.name() == "para")).then(|| name(node))
}

/// The number in the name of a model's common file.
pub fn common_code(model: &str) -> Option<u32> {
    COMMON.iter().find(|(known, _)| *known == model).map(|(_, code)| *code)
}

#[rustfmt::skip]
const COMMON: &[(&str, u32)] = &[
    ("UC802", 7), ("UC802T", 7), ("UC803", 6), ("UC803T", 6), ("UC804", 5), ("UC804G", 52), ("UC804T", 51), ("UC806", 4),
    ("UC806G", 42), ("UC806T", 41), ("UC840", 3), ("UC842", 1), ("UC860", 2), ("UC862", 0), ("UC902", 17), ("UC903", 16),
    ("UC912", 19), ("UC912E", 19), ("UC912G", 19), ("UC923", 13), ("UC924", 12), ("UC924E", 112), ("UC926", 10), ("UC926E", 110),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_with_or_without_their_names() {
        let told = b"<hl_provision version=\"1\"><config version=\"1\"><P2 para=\"AdminPassword\">1</P2><P47/></config></hl_provision>";
        assert_eq!(settings("f", told).unwrap(), [("P2".into(), "1".into()), ("P47".into(), String::new())]);
    }

    #[test]
    fn broken_files() {
        let around = |body: &str| format!("<hl_provision version=\"1\"><config version=\"1\">{body}</config></hl_provision>");
        for broken in [
            around("<P2>1</P2><P2>2</P2>"),
            around("<Px>1</Px>"),
            around("<AdminPassword>1</AdminPassword>"),
            around("<P2 x=\"1\"/>"),
            "<gs_provision version=\"1\"/>".to_owned(),
            "<hl_provision><config version=\"1\"/></hl_provision>".to_owned(),
            "<hl_provision version=\"1\"><config/></hl_provision>".to_owned(),
            "<hl_provision version=\"1\">".to_owned(),
        ] {
            assert!(settings("f", broken.as_bytes()).is_err(), "{broken}");
        }
    }
}

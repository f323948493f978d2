//! `<flat-profile>` with an element for each parameter.

use roxmltree::Node;

use super::super::Outcome;
use super::super::xml::{document, elements, name, text, unknown};

/// Names and values, an empty one for a parameter that is cleared.
pub fn parameters(file: &str, bytes: &[u8]) -> Outcome<Vec<(String, String)>> {
    if bytes.starts_with(b"Salted__") {
        return Err(format!("{file}: encrypted, and this phone has no key"));
    }
    let tree = document(file, bytes)?;
    let mut found: Vec<(String, String)> = Vec::new();
    for element in elements(file, profile(file, tree.root_element())?)? {
        attributes(file, element)?;
        found.push((name(element).to_owned(), text(file, element)?));
    }
    let mut names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("{file}: {} twice", pair[0])),
        None => Ok(found),
    }
}

/// The profile stands alone or below a `<device>`.
fn profile<'a, 'd>(file: &str, root: Node<'a, 'd>) -> Outcome<Node<'a, 'd>> {
    match (name(root), root.first_element_child()) {
        ("flat-profile", _) => Ok(root),
        ("device", Some(inner)) if name(inner) == "flat-profile" && elements(file, root)?.len() == 1 => Ok(inner),
        _ => Err(unknown(file, root)),
    }
}

/// What the user may do with it, and a group that the phone ignores.
fn attributes(file: &str, element: Node) -> Outcome<()> {
    for attribute in element.attributes() {
        match (attribute.name(), attribute.value()) {
            ("ua", "na" | "ro" | "rw") | ("group", _) => {}
            (other, value) => return Err(format!("{file}: <{} {other}=\"{value}\">", name(element))),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Outcome<Vec<(String, String)>> {
        parameters("f", text.as_bytes())
    }

    #[test]
    fn parameters_alone_or_in_a_device() {
        let inner = "<flat-profile><A_1_ ua=\"na\">R&amp;D</A_1_><B group=\"x\"/></flat-profile>";
        let wanted = [("A_1_".to_owned(), "R&D".to_owned()), ("B".to_owned(), String::new())];
        assert_eq!(read(inner).unwrap(), wanted);
        assert_eq!(read(&format!("<device>{inner}</device>")).unwrap(), wanted);
    }

    #[test]
    fn profiles_that_the_phone_would_not_take() {
        for broken in [
            "<profile/>",
            "<device/>",
            "<flat-profile><A>1</A><A>2</A></flat-profile>",
            "<flat-profile><A><B/></A></flat-profile>",
            "<flat-profile>x</flat-profile>",
            "<flat-profile><A ua=\"all\">1</A></flat-profile>",
            "<flat-profile><A>R&D</A></flat-profile>",
            "Salted__12345678",
        ] {
            assert!(read(broken).is_err(), "{broken}");
        }
    }
}

//! The master file and parameter files.

use roxmltree::Node;

use super::super::xml::{document, elements, name};
use super::super::{Device, Outcome};

pub type Parameters = Vec<(String, String)>;

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Master {
    pub files: Vec<String>,
    /// Folders with a slash at the end, or nothing.
    pub overrides: String,
    pub contacts: String,
    /// Parameters that stand in the place of a master file.
    pub own: Parameters,
}

const LONGEST_NAME: usize = 255;
const LONGEST_LIST: usize = 2047;

pub fn master(file: &str, bytes: &[u8], device: &Device) -> Outcome<Master> {
    let tree = document(file, bytes)?;
    let root = tree.root_element();
    if name(root) != "APPLICATION" {
        return Ok(Master { own: parameters(file, bytes)?, ..Master::default() });
    }
    elements(file, root)?;
    let said = |attribute: &str| with_macros(root.attribute(attribute).unwrap_or_default(), device);
    let list = said("CONFIG_FILES");
    if list.len() > LONGEST_LIST {
        return Err(format!("{file}: CONFIG_FILES is longer than {LONGEST_LIST}"));
    }
    let files: Vec<String> = list.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    match files.iter().find(|name| name.len() > LONGEST_NAME || name.contains('[')) {
        Some(name) => Err(format!("{file}: `{name}` is no file name")),
        None if files.is_empty() => Err(format!("{file}: no CONFIG_FILES")),
        None => Ok(Master {
            files,
            overrides: as_folder(&said("OVERRIDES_DIRECTORY")),
            contacts: as_folder(&said("CONTACTS_DIRECTORY")),
            own: Parameters::new(),
        }),
    }
}

fn with_macros(text: &str, device: &Device) -> String {
    text.replace("[PHONE_MAC_ADDRESS]", &device.id).replace("[MACADDRESS]", &device.id).replace("[PHONE_MODEL]", &device.model)
}

fn as_folder(told: &str) -> String {
    if told.is_empty() || told.ends_with('/') { told.to_owned() } else { format!("{told}/") }
}

/// Every attribute with a dot in its name, wherever it stands.
pub fn parameters(file: &str, bytes: &[u8]) -> Outcome<Parameters> {
    let tree = document(file, bytes)?;
    let mut parameters = Parameters::new();
    collect(file, tree.root_element(), &mut parameters)?;
    let mut names: Vec<&str> = parameters.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("{file}: {} twice", pair[0])),
        None => Ok(parameters),
    }
}

fn collect(file: &str, node: Node, parameters: &mut Parameters) -> Outcome<()> {
    for attribute in node.attributes().filter(|attribute| attribute.namespace().is_none()) {
        if attribute.name().contains('.') {
            parameters.push((attribute.name().to_owned(), attribute.value().to_owned()));
        } else if attribute.name() != "version" {
            return Err(format!("{file}: `{}` is no parameter", attribute.name()));
        }
    }
    elements(file, node)?.into_iter().try_for_each(|child| collect(file, child, parameters))
}

#[cfg(test)]
mod tests {
    use super::super::super::Facts;
    use super::*;

    fn device() -> Device {
        Device { id: "64167faabbcc".into(), model: "VVX450".into(), facts: Facts::default() }
    }

    #[test]
    fn names_in_the_list_are_trimmed_and_filled_in() {
        let text = r#"<APPLICATION CONFIG_FILES=" [MACADDRESS]-a.cfg ,b-[PHONE_MODEL].cfg," OVERRIDES_DIRECTORY="o"/>"#;
        let read = master("m", text.as_bytes(), &device()).unwrap();
        assert_eq!(read.files, ["64167faabbcc-a.cfg", "b-VVX450.cfg"]);
        assert_eq!(read.overrides, "o/");
    }

    #[test]
    fn lists_that_the_phone_would_cut_off() {
        let list = |list: &str| master("m", format!("<APPLICATION CONFIG_FILES=\"{list}\"/>").as_bytes(), &device());
        assert!(list("").is_err());
        assert!(list(&"x".repeat(256)).is_err());
        assert!(list(&"abcdefg.cfg,".repeat(200)).is_err());
        assert!(list("[UNKNOWN].cfg").is_err());
    }

    #[test]
    fn parameters_stand_anywhere_and_once() {
        let read = parameters("f", b"<a b.c=\"1\"><d><e f.g=\"2\"/></d></a>").unwrap();
        assert_eq!(read, [("b.c".into(), "1".into()), ("f.g".into(), "2".into())]);
        for broken in [
            "<a><b c.d=\"1\"/><e c.d=\"1\"/></a>",
            "<a b.c=\"1\">text</a>",
            "<a name=\"1\"/>",
            "<a b.c=\"R&D\"/>",
            "<a b.c=\"1\"",
            "<a b.c=\"1\" b.c=\"2\"/>",
        ] {
            assert!(parameters("f", broken.as_bytes()).is_err(), "{broken}");
        }
    }
}

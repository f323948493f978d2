//! `<provisioning>`: parameters with their values, and operations of a base on its handsets.

use std::collections::BTreeSet;

use roxmltree::Node;

use super::super::Outcome;
use super::super::flash::Flash;
use super::super::xml::{document, elements, name, unknown};

/// What a file says, and of which handsets.
#[derive(Debug, Default, PartialEq)]
pub struct Told {
    parameters: Vec<(String, String)>,
    handsets: BTreeSet<u32>,
    only_these: bool,
}

impl Told {
    /// A handset is remembered as `handset 1`.
    pub fn write_into(self, flash: &mut Flash) {
        if self.only_these {
            for gone in flash.indices("handset ", "").difference(&self.handsets) {
                flash.reset(&format!("handset {gone}"));
            }
        }
        for (name, value) in self.parameters {
            flash.set(name, value);
        }
        for handset in self.handsets {
            flash.set(format!("handset {handset}"), "1");
        }
    }
}

pub fn parse(file: &str, bytes: &[u8]) -> Outcome<Told> {
    let tree = document(file, bytes)?;
    let root = tree.root_element();
    if name(root) != "provisioning" || root.attribute("version") != Some("1.1") {
        return Err(format!("{file}: the root is not <provisioning version=\"1.1\">"));
    }
    if let Some(other) = root.attribute("productID").filter(|product| *product != "e2") {
        return Err(format!("{file}: for the product {other}"));
    }
    let mut told = Told::default();
    for section in elements(file, root)? {
        match name(section) {
            "nvm" => nvm(file, section, &mut told)?,
            "firmware" | "custom" => {}
            _ => return Err(unknown(file, section)),
        }
    }
    let mut seen = BTreeSet::new();
    match told.parameters.iter().find(|(name, _)| !seen.insert(name)) {
        Some((name, _)) => Err(format!("{file}: {name} twice")),
        None => Ok(told),
    }
}

fn nvm(file: &str, node: Node, told: &mut Told) -> Outcome<()> {
    for node in elements(file, node)? {
        match (name(node), node.attribute("name")) {
            ("param", _) => told.parameters.push(parameter(file, node)?),
            ("oper", Some("DeleteNotProvisionedHS")) => told.only_these = true,
            ("oper", Some("add_hs")) => {
                let handset = handset(node).ok_or_else(|| format!("{file}: add_hs of {:?}", node.attribute("value")))?;
                if !told.handsets.insert(handset) {
                    return Err(format!("{file}: handset {handset} twice"));
                }
                registration(file, node)?;
            }
            ("oper", Some("update_dm")) => {}
            _ => return Err(unknown(file, node)),
        }
    }
    Ok(())
}

fn parameter(file: &str, node: Node) -> Outcome<(String, String)> {
    match (node.attribute("name"), node.attribute("value")) {
        (Some(name), Some(value)) if node.first_child().is_none() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(unknown(file, node)),
    }
}

/// Five digits, from 00001.
fn handset(node: Node) -> Option<u32> {
    let digits = node.attribute("value").filter(|value| value.len() == 5 && value.bytes().all(|b| b.is_ascii_digit()))?;
    digits.parse().ok().filter(|number| *number > 0)
}

/// A new handset waits for its registration.
fn registration(file: &str, node: Node) -> Outcome<()> {
    for node in elements(file, node)? {
        if parameter(file, node)? != ("hs.RegStatus".to_owned(), "ToReg".to_owned()) {
            return Err(unknown(file, node));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_files() {
        let inside =
            |text: &str| parse("f", format!("<provisioning version=\"1.1\" productID=\"e2\"><nvm>{text}</nvm></provisioning>").as_bytes());
        assert!(inside("<param name=\"a\" value=\"\"/>").is_ok());
        for broken in [
            "<param name=\"a\"/>",
            "<param name=\"a\" value=\"1\">x</param>",
            "<param name=\"a\" value=\"1\"/><param name=\"a\" value=\"1\"/>",
            "<oper name=\"add_hs\" value=\"1\"/>",
            "<oper name=\"add_hs\" value=\"00000\"/>",
            "<oper name=\"add_hs\" value=\"00001\"/><oper name=\"add_hs\" value=\"00001\"/>",
            "<oper name=\"format\"/>",
            "<a/>",
        ] {
            assert!(inside(broken).is_err(), "{broken}");
        }
        for broken in
            ["<provisioning/>", "<provisioning version=\"1.1\" productID=\"e1\"/>", "<provisioning version=\"1.1\"><a/></provisioning>"]
        {
            assert!(parse("f", broken.as_bytes()).is_err(), "{broken}");
        }
    }
}

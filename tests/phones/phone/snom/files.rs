//! A file: `<settings>` with sections in it, one section alone, or a list of further files.

use std::collections::BTreeSet;

use roxmltree::Node;

use super::super::Outcome;
use super::super::xml::{document, elements, name, text, unknown};
use super::book::{self, Book};

/// What a file says. An account's setting is `name 1`, a key is `fkey 0`, its attribute `fkey 0 label`.
#[derive(Debug, Default, PartialEq)]
pub struct Contents {
    pub settings: Vec<(String, String)>,
    pub book: Option<Book>,
    pub files: Vec<String>,
}

pub fn parse(file: &str, bytes: &[u8]) -> Outcome<Contents> {
    let tree = document(file, bytes)?;
    let root = tree.root_element();
    let mut contents = Contents::default();
    if name(root) == "settings" {
        let mut seen = BTreeSet::new();
        for part in elements(file, root)? {
            section(file, part, &mut contents)?;
            if !seen.insert(name(part)) {
                return Err(format!("{file}: <{}> twice", name(part)));
            }
        }
    } else {
        section(file, root, &mut contents)?;
    }
    once(file, &contents.settings)?;
    Ok(contents)
}

fn section(file: &str, node: Node, contents: &mut Contents) -> Outcome<()> {
    match name(node) {
        "phone-settings" => {
            for node in elements(file, node)? {
                contents.settings.push(setting(file, node)?);
            }
        }
        "functionKeys" | "function-keys" => {
            for node in elements(file, node)? {
                contents.settings.extend(key(file, node)?);
            }
        }
        "tbook" | "phone-book" => contents.book = Some(book::parse(file, node)?),
        "setting-files" => {
            for node in elements(file, node)? {
                contents.files.push(listed(file, node)?);
            }
        }
        "certificates" | "dialplan" | "ReplacementPlan" | "uploads" | "gui-languages" | "web-languages" | "firmware-settings" => {}
        _ => return Err(unknown(file, node)),
    }
    Ok(())
}

fn setting(file: &str, node: Node) -> Outcome<(String, String)> {
    let mut key = name(node).to_owned();
    for attribute in node.attributes() {
        match attribute.name() {
            "idx" => key = format!("{key} {}", index(file, attribute.value())?),
            "perm" => permission(file, attribute.value())?,
            other => return Err(format!("{file}: `{other}` at <{}>", name(node))),
        }
    }
    Ok((key, text(file, node)?))
}

/// An attribute that is left out stays as it was.
fn key(file: &str, node: Node) -> Outcome<Vec<(String, String)>> {
    if name(node) != "fkey" {
        return Err(unknown(file, node));
    }
    let idx = index(file, node.attribute("idx").ok_or_else(|| format!("{file}: an fkey without idx"))?)?;
    let mut settings = vec![(format!("fkey {idx}"), text(file, node)?.trim().to_owned())];
    for attribute in node.attributes() {
        match attribute.name() {
            "context" | "label" => settings.push((format!("fkey {idx} {}", attribute.name()), attribute.value().to_owned())),
            "perm" => permission(file, attribute.value())?,
            "idx" | "lp" | "clp" | "default_text" | "short_label" | "short_default_text" | "label_mode" | "icon_type" => {}
            other => return Err(format!("{file}: `{other}` at fkey {idx}")),
        }
    }
    Ok(settings)
}

fn listed(file: &str, node: Node) -> Outcome<String> {
    match node.attribute("url") {
        Some(url) if name(node) == "file" && !url.is_empty() => Ok(url.to_owned()),
        _ => Err(unknown(file, node)),
    }
}

fn index(file: &str, told: &str) -> Outcome<u32> {
    told.parse().map_err(|_| format!("{file}: idx `{told}`"))
}

/// Writable, read-only, or only where the user has changed nothing.
fn permission(file: &str, told: &str) -> Outcome<()> {
    match told {
        "" | "RW" | "$" | "R" | "&" | "!" | "!RW" => Ok(()),
        _ => Err(format!("{file}: perm `{told}`")),
    }
}

fn once(file: &str, settings: &[(String, String)]) -> Outcome<()> {
    let mut seen = BTreeSet::new();
    match settings.iter().find(|(name, _)| !seen.insert(name)) {
        Some((name, _)) => Err(format!("{file}: {name} twice")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Outcome<Contents> {
        parse("f", text.as_bytes())
    }

    #[test]
    fn sections_inside_and_alone() {
        let inside =
            read(r#"<settings><phone-settings e="2"><a idx="2" perm="R"> x </a><b/></phone-settings><dialplan/></settings>"#).unwrap();
        assert_eq!(inside.settings, [("a 2".into(), " x ".into()), ("b".into(), String::new())]);
        assert_eq!(read(r#"<phone-settings><a idx="2"> x </a><b></b></phone-settings>"#).unwrap().settings, inside.settings);
        let keys = read("<function-keys><fkey idx=\"0\" context=\"active\">\n  speed 1\n</fkey></function-keys>").unwrap();
        assert_eq!(keys.settings, [("fkey 0".into(), "speed 1".into()), ("fkey 0 context".into(), "active".into())]);
    }

    #[test]
    fn broken_files() {
        for (broken, because) in [
            ("<html/>", "unknown <html>"),
            ("<settings><a>1</a></settings>", "unknown <a>"),
            ("<phone-settings><a>1</a><a>2</a></phone-settings>", "a twice"),
            ("<settings><phone-settings/><phone-settings/></settings>", "<phone-settings> twice"),
            ("<phone-settings><a perm=\"X\">1</a></phone-settings>", "perm `X`"),
            ("<phone-settings><a idx=\"one\">1</a></phone-settings>", "idx `one`"),
            ("<phone-settings><a>1<b/></a></phone-settings>", "<b> inside <a>"),
            ("<functionKeys><fkey>line</fkey></functionKeys>", "without idx"),
            ("<functionKeys><fkey idx=\"0\"/><fkey idx=\"0\"/></functionKeys>", "fkey 0 twice"),
            ("<setting-files><file/></setting-files>", "unknown <file>"),
        ] {
            let error = read(broken).unwrap_err();
            assert!(error.contains(because), "{broken}: {error}");
        }
    }
}

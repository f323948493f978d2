//! The two forms of a configuration: XML, and modules of padded lines. Both become paths of the XML form,
//! as in `sip/line/1/EnableReg`.

use std::collections::BTreeSet;

use roxmltree::Node;

use super::super::Outcome;
use super::super::xml::{document, elements, name, text};
use super::names;

/// What a file says, and its version.
#[derive(Debug, Default, PartialEq)]
pub struct Config {
    pub version: f64,
    pub settings: Vec<(String, String)>,
}

pub fn xml(file: &str, bytes: &[u8]) -> Outcome<Config> {
    let tree = document(file, bytes)?;
    let root = tree.root_element();
    if name(root) != "sysConf" {
        return Err(format!("{file}: the root is <{}>, not <sysConf>", name(root)));
    }
    let mut config = Config::default();
    for node in elements(file, root)? {
        match name(node) {
            "Version" => config.version = version(file, &text(file, node)?)?,
            _ => flatten(file, node, "", &mut config.settings)?,
        }
    }
    complete(file, config)
}

/// Elements in elements become a path; an index is a step of its own.
fn flatten(file: &str, node: Node, before: &str, settings: &mut Vec<(String, String)>) -> Outcome<()> {
    let index = index(file, node)?.map(|index| format!("/{index}")).unwrap_or_default();
    let path = format!("{before}{}{index}", name(node));
    let children = node.children().any(|child| child.is_element());
    if !children {
        settings.push((path, text(file, node)?));
        return Ok(());
    }
    let below = format!("{path}/");
    elements(file, node)?.into_iter().try_for_each(|child| flatten(file, child, &below, settings))
}

fn index(file: &str, node: Node) -> Outcome<Option<u32>> {
    if let Some(other) = node.attributes().find(|attribute| attribute.name() != "index") {
        return Err(format!("{file}: <{} {}=…>", name(node), other.name()));
    }
    let index = node.attribute("index").map(|index| index.parse().map_err(|_| format!("{file}: <{} index=`{index}`>", name(node))));
    index.transpose()
}

const FIRST: &str = "<<VOIP CONFIG FILE>>Version:";
const LAST: &str = "<<END OF FILE>>";
/// A name fills as many columns, and a longer one was cut to fit.
const COLUMNS: usize = 19;

pub fn lines(file: &str, bytes: &[u8]) -> Outcome<Config> {
    let told = std::str::from_utf8(bytes).map_err(|_| format!("{file}: not UTF-8"))?;
    let mut lines = told.lines();
    let first =
        lines.next().and_then(|first| first.strip_prefix(FIRST)).ok_or_else(|| format!("{file}: the first line is not `{FIRST}…`"))?;
    let mut config = Config { version: version(file, first.trim_end())?, settings: Vec::new() };
    let mut module = None;
    let mut seen = BTreeSet::new();
    for (line, at) in lines.by_ref().zip(2..) {
        match line {
            LAST => return torn(file, lines.next()).and_then(|()| complete(file, config)),
            _ if line.is_empty() || line.starts_with('#') => {}
            _ if line.starts_with('<') => module = Some(heading(line).ok_or_else(|| format!("{file}:{at}: `{line}`"))?),
            _ => {
                let (name, value) = parameter(line).ok_or_else(|| format!("{file}:{at}: `{line}` is no padded name and value"))?;
                let module = module.ok_or_else(|| format!("{file}:{at}: `{line}` is in no module"))?;
                if !name.starts_with("--") && !seen.insert((module, name)) {
                    return Err(format!("{file}:{at}: `{name}` twice"));
                }
                config.settings.extend(names::path(module, name).map(|path| (path, value.to_owned())));
            }
        }
    }
    Err(format!("{file}: torn, the last line is not `{LAST}`"))
}

fn torn(file: &str, after: Option<&str>) -> Outcome<()> {
    after.map_or(Ok(()), |line| Err(format!("{file}: `{line}` after the end")))
}

fn heading(line: &str) -> Option<&str> {
    line.strip_prefix('<')?.strip_suffix('>').filter(|module| !module.contains(['<', '>']))
}

/// The colon stands in its column, or right behind a name that is wider.
fn parameter(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let trimmed = name.trim_end();
    let padded = name.chars().count() == COLUMNS || (trimmed == name && name.chars().count() > COLUMNS);
    (padded && !trimmed.is_empty()).then_some((trimmed, value))
}

fn version(file: &str, told: &str) -> Outcome<f64> {
    told.parse().ok().filter(|version| *version > 0.0).ok_or_else(|| format!("{file}: version `{told}`"))
}

/// A file without a version is not taken, and a name counts once.
fn complete(file: &str, config: Config) -> Outcome<Config> {
    if config.version <= 0.0 {
        return Err(format!("{file}: no version"));
    }
    let mut seen = BTreeSet::new();
    match config.settings.iter().find(|(path, _)| !seen.insert(path.as_str())) {
        Some((path, _)) => Err(format!("{file}: {path} twice")),
        None => Ok(config),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_become_paths() {
        let told = b"<sysConf><Version>2.0000000000</Version><sip><STUNPort>1</STUNPort><line index=\"2\"><EnableReg>1</EnableReg></line></sip></sysConf>";
        let read = xml("f", told).unwrap();
        assert_eq!(read.settings, [("sip/STUNPort".into(), "1".into()), ("sip/line/2/EnableReg".into(), "1".into())]);
    }

    #[test]
    fn broken_documents() {
        for broken in [
            "<sysConf><sip/></sysConf>",
            "<VOIP_CONFIG_FILE><Version>2.0</Version></VOIP_CONFIG_FILE>",
            "<sysConf><Version>new</Version></sysConf>",
            "<sysConf><Version>2.0</Version><sip><a>1</a><a>2</a></sip></sysConf>",
            "<sysConf><Version>2.0</Version><sip><line index=\"x\"/></sip></sysConf>",
            "<sysConf><Version>2.0</Version><sip>",
        ] {
            assert!(xml("f", broken.as_bytes()).is_err(), "{broken}");
        }
    }

    #[test]
    fn lines_become_the_same_paths() {
        let told = "<<VOIP CONFIG FILE>>Version:2.0002      \n<SIP CONFIG MODULE>\nSTUN Port          :1\n--SIP Line List--  :\nSIP2 Enable Reg    :1\nSIP2 Enable Failbac:0\n\n<<END OF FILE>>\n";
        let read = lines("f", told.as_bytes()).unwrap();
        assert_eq!(read.settings, [("sip/STUNPort".into(), "1".into()), ("sip/line/2/EnableReg".into(), "1".into())]);
    }

    #[test]
    fn broken_lines() {
        let around = |body: &str| format!("<<VOIP CONFIG FILE>>Version:2.0002\n{body}\n<<END OF FILE>>\n");
        for broken in [
            around("STUN Port          :1"),
            around("<SIP CONFIG MODULE>\nSTUN Port:1"),
            around("<SIP CONFIG MODULE>\nSTUN Port"),
            around("<SIP CONFIG MODULE>\nSTUN Port          :1\nSTUN Port          :2"),
            around("<SIP CONFIG MODULE"),
            around("<<END OF FILE>>"),
            "<<VOIP CONFIG FILE>>Version:2.0002\n<SIP CONFIG MODULE>\n".to_owned(),
            "<SIP CONFIG MODULE>\n<<END OF FILE>>\n".to_owned(),
        ] {
            assert!(lines("f", broken.as_bytes()).is_err(), "{broken}");
        }
    }
}

//! XML files: rows land in elements and attributes by path, and are found there again.

use std::collections::HashMap;

use roxmltree::Node as XmlNode;
use toml::{Table, Value};

use super::file_spec::FileSpec;
use super::gate::Variant;
use super::plan::Entry;
use super::row::RowSource;

/// The tree of a file's elements, for one model.
pub struct XmlShape {
    nodes: Vec<Node>,
    root: usize,
    declaration: String,
    raw_path: String,
}

#[derive(Clone, Debug, Default)]
struct Node {
    tag: String,
    /// Attributes and texts of children that tell it from its siblings.
    predicates: Vec<(String, String)>,
    child_texts: Vec<(String, String)>,
    position: Option<usize>,
    fixed: Vec<(String, String)>,
    attributes: Vec<(String, u32)>,
    text: Vec<u32>,
    children: Vec<usize>,
}

/// A path, read.
struct Path {
    steps: Vec<Node>,
    attribute: Option<String>,
}

/// The values of a file by entry, for the writer.
pub struct Lookup<'v> {
    values: &'v super::Values,
    of: &'v [u32],
}

/// Marks an entry that is not written.
pub const NOWHERE: u32 = u32::MAX;

impl<'v> Lookup<'v> {
    /// `of` gives the place in `values` of each entry.
    pub fn new(values: &'v super::Values, of: &'v [u32]) -> Self {
        Lookup { values, of }
    }

    fn get(&self, entry: u32) -> Option<&'v str> {
        let place = *self.of.get(entry as usize)?;
        let (_, start, end) = *self.values.items.get(place as usize)?;
        Some(&self.values.text[start as usize..end as usize])
    }
}

impl XmlShape {
    /// Builds the tree of a model's parameters.
    pub fn compile(spec: &FileSpec, variant: Variant<'_>, entries: &[Entry], rows: &[Option<&RowSource>]) -> Result<XmlShape, String> {
        let chosen = |field: &str| spec.fields.get(field).and_then(|value| variant.select(value));
        let usual = chosen("path").and_then(Value::as_str).unwrap_or("{name}").to_owned();
        let declaration = chosen("declaration").and_then(Value::as_str).unwrap_or("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").to_owned();
        let mut shape = XmlShape { nodes: vec![Node::default()], root: 0, declaration, raw_path: usual.clone() };
        for (place, (entry, row)) in entries.iter().zip(rows).enumerate() {
            let own = row.and_then(|row| row.fields.get("path")).and_then(|path| variant.select(path)).and_then(Value::as_str);
            let attrs = row.and_then(|row| row.fields.get("attrs")).or_else(|| spec.fields.get("attrs"));
            shape.add(own.unwrap_or(&usual), &entry.name, place as u32, attrs).map_err(|error| format!("`{}`: {error}", entry.name))?;
        }
        for (path, attributes) in spec.fields.get("fixed").map(|fixed| fixed_of(fixed, variant)).unwrap_or_default() {
            let node = shape.node(&Path::parse(&path)?.steps);
            shape.nodes[node].fixed.splice(0..0, attributes);
        }
        if let (Some(attributes), Some(top)) = (chosen_table(spec.fields.get("root_attrs")), shape.nodes[0].children.first().copied()) {
            shape.nodes[top].fixed.splice(0..0, attributes);
        }
        shape.root = shape.nodes[0].children.first().copied().ok_or("no row writes into this file")?;
        if shape.nodes[0].children.len() > 1 {
            return Err("an XML file has one outermost element".to_owned());
        }
        Ok(shape)
    }

    fn add(&mut self, pattern: &str, name: &str, entry: u32, attrs: Option<&Value>) -> Result<(), String> {
        let path = Path::parse(&placed(pattern, name))?;
        let node = self.node(&path.steps);
        match path.attribute {
            Some(attribute) => self.nodes[node].attributes.push((attribute, entry)),
            None => self.nodes[node].text.push(entry),
        }
        for (attribute, value) in chosen_table(attrs).unwrap_or_default() {
            if !self.nodes[node].fixed.iter().any(|(known, _)| *known == attribute) {
                self.nodes[node].fixed.push((attribute, value));
            }
        }
        Ok(())
    }

    fn node(&mut self, steps: &[Node]) -> usize {
        let mut at = 0;
        for step in steps {
            let same = |node: &Node| {
                node.tag == step.tag
                    && node.predicates == step.predicates
                    && node.child_texts == step.child_texts
                    && node.position == step.position
            };
            let known = self.nodes[at].children.iter().copied().find(|child| same(&self.nodes[*child]));
            at = known.unwrap_or_else(|| {
                self.nodes.push(step.clone());
                let new = self.nodes.len() - 1;
                self.nodes[at].children.push(new);
                new
            });
        }
        at
    }

    /// Appends the file. `raw` are parameters that no row writes.
    pub fn write(&self, lookup: &Lookup<'_>, raw: &[(&str, &str)], out: &mut Vec<u8>) -> Result<(), String> {
        if let Some((name, problem)) = raw.iter().find_map(|(name, value)| Some((name, carries(value)?))) {
            return Err(format!("`{name}`: {problem}"));
        }
        if !self.declaration.is_empty() {
            out.extend_from_slice(self.declaration.as_bytes());
            out.push(b'\n');
        }
        if raw.is_empty() {
            self.element(self.root, lookup, &[], 0, out)?;
            return Ok(());
        }
        let mut extended =
            XmlShape { nodes: self.nodes.clone(), root: self.root, declaration: String::new(), raw_path: self.raw_path.clone() };
        for (place, (name, _)) in raw.iter().enumerate() {
            extended.add(&self.raw_path, name, RAW + place as u32, None)?;
        }
        extended.element(extended.root, lookup, raw, 0, out).map(|_| ())
    }

    fn element(&self, at: usize, lookup: &Lookup<'_>, raw: &[(&str, &str)], depth: usize, out: &mut Vec<u8>) -> Result<bool, String> {
        let node = &self.nodes[at];
        let start = out.len();
        let value = |entry: u32| {
            if entry >= RAW && entry != NOWHERE { raw.get((entry - RAW) as usize).map(|(_, value)| *value) } else { lookup.get(entry) }
        };
        let mut written = depth == 0;
        indent(depth, out);
        out.push(b'<');
        out.extend_from_slice(node.tag.as_bytes());
        for (name, text) in node.predicates.iter().chain(&node.fixed) {
            attribute(name, text, false, depth, out)?;
        }
        for (name, entry) in &node.attributes {
            if let Some(text) = value(*entry) {
                attribute(name, text, node.attributes.len() > 3, depth, out)?;
                written = true;
            }
        }
        let text = node.text.iter().find_map(|entry| value(*entry));
        if let Some(text) = text {
            out.push(b'>');
            escape(text, false, out)?;
            close(&node.tag, out);
            return Ok(true);
        }
        let inside = out.len();
        out.extend_from_slice(b">\n");
        for (tag, text) in &node.child_texts {
            indent(depth + 1, out);
            out.extend_from_slice(format!("<{tag}>").as_bytes());
            escape(text, false, out)?;
            close(tag, out);
        }
        let before = out.len();
        written |= self.children(node, lookup, raw, depth + 1, out)?;
        if !written && node.position.is_none() {
            out.truncate(start);
            return Ok(false);
        }
        if out.len() == before && node.child_texts.is_empty() {
            out.truncate(inside);
            out.extend_from_slice(b"/>\n");
            return Ok(written);
        }
        indent(depth, out);
        close(&node.tag, out);
        Ok(written)
    }

    /// Appends the children of an element; true where any says something. One that counts by its position and says nothing keeps the
    /// place of those behind it, and is left out where none is.
    fn children(&self, node: &Node, lookup: &Lookup<'_>, raw: &[(&str, &str)], depth: usize, out: &mut Vec<u8>) -> Result<bool, String> {
        let mut written = false;
        let mut held: Vec<u8> = Vec::new();
        for child in &node.children {
            let start = out.len();
            let says = self.element(*child, lookup, raw, depth, out)?;
            let counts = self.nodes[*child].position.is_some();
            if counts && !says {
                held.extend(out.drain(start..));
            } else if counts {
                out.splice(start..start, held.drain(..));
            } else {
                held.clear();
            }
            written |= says;
        }
        Ok(written)
    }

    /// The parameters of a file: which entries a value may be, and the value.
    pub fn read(&self, text: &str) -> Result<Vec<(Vec<u32>, String)>, String> {
        let document = roxmltree::Document::parse(text).map_err(|error| error.to_string())?;
        let mut found = Vec::new();
        if document.root_element().tag_name().name() != self.nodes[self.root].tag {
            return Err(format!("the outermost element is not <{}>", self.nodes[self.root].tag));
        }
        self.read_element(self.root, document.root_element(), &mut found);
        Ok(found)
    }

    fn read_element(&self, at: usize, element: XmlNode<'_, '_>, found: &mut Vec<(Vec<u32>, String)>) {
        let node = &self.nodes[at];
        for (name, entry) in &node.attributes {
            if let Some(value) = element.attribute(name.as_str()) {
                found.push((vec![*entry], value.to_owned()));
            }
        }
        if !node.text.is_empty() {
            found.push((node.text.clone(), element.text().unwrap_or_default().to_owned()));
        }
        let index = Index::of(element);
        for child in &node.children {
            if let Some(element) = index.find(&self.nodes[*child]) {
                self.read_element(*child, element, found);
            }
        }
    }
}

const RAW: u32 = u32::MAX / 2;

/// The children of an element by tag and by each attribute.
struct Index<'a, 'i> {
    by: HashMap<String, Vec<XmlNode<'a, 'i>>>,
}

impl<'a, 'i> Index<'a, 'i> {
    fn of(element: XmlNode<'a, 'i>) -> Self {
        let mut by: HashMap<String, Vec<XmlNode<'a, 'i>>> = HashMap::new();
        for child in element.children().filter(XmlNode::is_element) {
            let tag = child.tag_name().name();
            by.entry(tag.to_owned()).or_default().push(child);
            for attribute in child.attributes() {
                by.entry(format!("{tag}@{}={}", attribute.name(), attribute.value())).or_default().push(child);
            }
        }
        Index { by }
    }

    fn find(&self, node: &Node) -> Option<XmlNode<'a, 'i>> {
        let key = match node.predicates.first() {
            Some((name, value)) => format!("{}@{name}={value}", node.tag),
            None => node.tag.clone(),
        };
        let candidates = self.by.get(&key)?;
        let holds = |child: &XmlNode<'a, 'i>| {
            let texts =
                |name: &str, text: &str| child.children().any(|inner| inner.tag_name().name() == name && inner.text() == Some(text));
            node.predicates.iter().all(|(name, value)| child.attribute(name.as_str()) == Some(value))
                && node.child_texts.iter().all(|(name, text)| texts(name, text))
        };
        match node.position {
            Some(position) => candidates.get(position - 1).copied(),
            None => candidates.iter().copied().find(holds),
        }
    }
}

fn placed(pattern: &str, name: &str) -> String {
    let (section, leaf) = name.split_once('/').unwrap_or(("", name));
    pattern.replace("{name}", name).replace("{section}", section).replace("{leaf}", leaf)
}

fn fixed_of(fixed: &Value, variant: Variant<'_>) -> Vec<(String, Vec<(String, String)>)> {
    let Some(table) = fixed.as_table() else { return Vec::new() };
    let is_selector = table.values().any(|value| value.as_table().is_some_and(|inner| inner.values().any(Value::is_table)));
    let chosen = if is_selector { variant.select(fixed).and_then(Value::as_table) } else { Some(table) };
    chosen.into_iter().flatten().filter_map(|(path, attributes)| Some((path.clone(), chosen_table(Some(attributes))?))).collect()
}

fn chosen_table(value: Option<&Value>) -> Option<Vec<(String, String)>> {
    let table: &Table = value?.as_table()?;
    Some(table.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect())
}

impl Path {
    fn parse(text: &str) -> Result<Path, String> {
        let mut steps = Vec::new();
        let mut attribute = None;
        for part in split_steps(text) {
            match part.strip_prefix('@') {
                Some(name) => attribute = Some(xml_name(name)?.to_owned()),
                None => steps.push(step(part)?),
            }
        }
        if steps.is_empty() {
            return Err("a path has no element".to_owned());
        }
        Ok(Path { steps, attribute })
    }
}

/// Parts a path at the slashes outside its predicates.
fn split_steps(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0);
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match character {
            _ if quote == Some(character) => quote = None,
            _ if quote.is_some() => {}
            '\'' | '"' if depth > 0 => quote = Some(character),
            '[' => depth += 1,
            ']' => depth -= 1,
            '/' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn step(text: &str) -> Result<Node, String> {
    let end = text.find('[').unwrap_or(text.len());
    let mut node = Node { tag: xml_name(&text[..end])?.to_owned(), ..Node::default() };
    for predicate in predicates(&text[end..])? {
        if let Ok(position) = predicate.parse::<usize>() {
            node.position = Some(position.max(1));
            continue;
        }
        let (name, value) = predicate.split_once('=').ok_or("a predicate is [@name='value'], [Name='value'] or [3]")?;
        let value = value.trim_matches(|quote| matches!(quote, '\'' | '"')).to_owned();
        match name.strip_prefix('@') {
            Some(name) => node.predicates.push((xml_name(name)?.to_owned(), value)),
            None => node.child_texts.push((xml_name(name)?.to_owned(), value)),
        }
    }
    Ok(node)
}

/// What stands in brackets, one after the other; a quoted value may hold brackets itself.
fn predicates(text: &str) -> Result<Vec<&str>, String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(inner) = rest.strip_prefix('[') {
        let mut quote = None;
        let close = inner.char_indices().find(|(_, character)| {
            match quote {
                Some(open) if open == *character => quote = None,
                None if matches!(character, '\'' | '"') => quote = Some(*character),
                None if *character == ']' => return true,
                _ => {}
            }
            false
        });
        let (close, _) = close.ok_or("a `[` is not closed in a path")?;
        found.push(&inner[..close]);
        rest = &inner[close + 1..];
    }
    if rest.is_empty() { Ok(found) } else { Err("something follows a `]` in a path".to_owned()) }
}

fn xml_name(name: &str) -> Result<&str, String> {
    let first = name.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_');
    let rest = name.chars().all(|character| character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | ':'));
    if first && rest { Ok(name) } else { Err(format!("`{}` cannot be a name in XML", name.escape_debug())) }
}

fn indent(depth: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&b"                "[..(2 * depth).min(16)]);
}

fn close(tag: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"</");
    out.extend_from_slice(tag.as_bytes());
    out.extend_from_slice(b">\n");
}

fn attribute(name: &str, text: &str, own_line: bool, depth: usize, out: &mut Vec<u8>) -> Result<(), String> {
    if own_line {
        out.push(b'\n');
        indent(depth + 1, out);
    } else {
        out.push(b' ');
    }
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"=\"");
    escape(text, true, out)?;
    out.push(b'"');
    Ok(())
}

/// Why XML 1.0, or a phone's reader of it, cannot carry a text.
fn carries(text: &str) -> Option<String> {
    crate::settings::text_is_hostile(text)
}

fn escape(text: &str, quotes: bool, out: &mut Vec<u8>) -> Result<(), String> {
    if let Some(problem) = carries(text) {
        return Err(problem);
    }
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'&' | b'<' | b'>' | b'"')) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(match rest[at] {
            b'&' => b"&amp;".as_slice(),
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            _ if quotes => b"&quot;",
            _ => b"\"",
        });
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    Ok(())
}

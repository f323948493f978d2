//! Lines, keys, handsets, ports and relays as they are written.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fields::{EXTENSIONS, KEY_FIELDS, LOCKED, SHARED};
use super::fleet::{each, member, texts};
use crate::diagnostic::Code;
use crate::settings::{Origin, Parser, Reach, Registry, Setting, SettingId, Slot, Subject, Val};

/// One `[[line]]`, `[[key]]` …
#[derive(Clone, Debug)]
pub struct ElementDoc<'u> {
    /// The file.
    pub path: std::sync::Arc<str>,
    /// Its table in the file.
    pub span: Range<usize>,
    /// Where that is.
    pub origin: Origin,
    /// `number`, or `position` of a key, with its place.
    pub number: Option<(u16, Range<usize>)>,
    /// What it says.
    pub settings: Vec<(SettingId, Slot<'u>)>,
    /// The layout that a key is of.
    pub layout: Option<&'u str>,
    /// Of a layout's key: a device may put no other key in its place.
    pub locked: bool,
    /// The extensions that a key is made for, one each, and where they are named.
    pub extensions: Option<(Vec<&'u str>, Range<usize>)>,
}

/// Reads the elements of a device.
pub fn read<'u>(parser: &mut Parser<'_, 'u>, value: &Spanned<DeValue<'u>>, subject: Subject) -> Vec<ElementDoc<'u>> {
    let mut elements = Vec::new();
    if value.get_ref().is_table() {
        let name = name_of(subject);
        parser.wrong_type(value, &format!("a list of tables, written [[{name}]]"));
        return elements;
    }
    each(parser, value, |parser, row, span| elements.push(element(parser, row, span, subject)));
    elements
}

/// What the elements of a subject are called.
pub fn name_of(subject: Subject) -> &'static str {
    match subject {
        Subject::Line => "line",
        Subject::Key => "key",
        Subject::Handset => "handset",
        Subject::Port => "port",
        _ => "relay",
    }
}

/// What tells the elements of a subject apart.
pub fn number_of(subject: Subject) -> &'static str {
    if subject == Subject::Key { "position" } else { "number" }
}

/// What an element of a subject must have.
pub fn needed_of(subject: Subject) -> &'static str {
    if subject == Subject::Key { "type" } else { "number" }
}

/// Settings that an element of a subject holds.
pub fn of_element(subject: Subject) -> impl Fn(&Setting) -> bool {
    move |setting| setting.subject == subject || setting.subject == Subject::Item
}

/// Settings of the device that a line may say otherwise.
pub fn of_line(setting: &Setting) -> bool {
    setting.reach == Reach::Both
}

fn element<'u>(parser: &mut Parser<'_, 'u>, row: &DeTable<'u>, span: Range<usize>, subject: Subject) -> ElementDoc<'u> {
    let number_name = number_of(subject);
    let mut element = ElementDoc {
        path: parser.path.clone(),
        origin: parser.origin(span.start),
        span: span.clone(),
        number: None,
        settings: Vec::new(),
        layout: None,
        locked: false,
        extensions: None,
    };
    if subject == Subject::Key {
        element.locked = member(row, LOCKED.name).and_then(|value| parser.bool(value)).unwrap_or(false);
        element.extensions = member(row, EXTENSIONS.name).map(|value| (texts(parser, value), value.span()));
    }
    match member(row, number_name) {
        Some(value) => element.number = number(parser, value, subject),
        None if subject == Subject::Key => {}
        None => {
            parser.find(Code::TOML_MISSING_KEY, span, format!("a {} without `number`", name_of(subject)), "here");
        }
    }
    read_settings(parser, row, subject, &[number_name], &mut element.settings);
    if subject == Subject::Key && member(row, needed_of(subject)).is_none() {
        parser.find(Code::TOML_MISSING_KEY, element.span.clone(), "a key without `type`", "here");
    }
    element
}

/// The settings of an element's table: its own without their prefix, and of a line those that reach both.
pub fn read_settings<'u>(
    parser: &mut Parser<'_, 'u>,
    row: &DeTable<'u>,
    subject: Subject,
    skip: &[&str],
    out: &mut Vec<(SettingId, Slot<'u>)>,
) {
    let root = Registry::get().root();
    let node = &root.children[name_of(subject)];
    let own = of_element(subject);
    let shared: &[&str] = if subject == Subject::Line { SHARED } else { &[] };
    for (key, value) in row {
        let name = key.get_ref().as_ref();
        if skip.contains(&name) || subject == Subject::Key && KEY_FIELDS.iter().any(|field| field.name == name) {
            continue;
        }
        if let Some(child) = node.offered(name, &own) {
            parser.node(child, key, value, &own, out);
            continue;
        }
        match root.children.get(name).filter(|_| shared.contains(&name)) {
            Some(child) => parser.node(child, key, value, &of_line, out),
            None => {
                let known = node.children.keys().map(String::as_str).filter(|name| node.offered(name, &own).is_some());
                parser.unknown_key(key, known.chain(shared.iter().copied()));
            }
        }
    }
}

fn number<'u>(parser: &mut Parser<'_, 'u>, value: &Spanned<DeValue<'u>>, subject: Subject) -> Option<(u16, Range<usize>)> {
    let number = parser.int(value)?;
    if number == 0 && subject == Subject::Line {
        parser.find(Code::LINE_ZERO, value.span(), "there is no line 0", "lines count from 1");
        return None;
    }
    let setting = Registry::get().known(&format!("{}.{}", name_of(subject), number_of(subject)));
    match parser.value(setting, value)? {
        Val::Int(number) => Some((number as u16, value.span())),
        _ => None,
    }
}

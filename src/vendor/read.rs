//! Reading back: a phone's file turned into settings through the same table, and the law that it must give what it was made from.

use std::collections::{BTreeMap, HashMap};

use super::codec::{Codec, read_all};
use super::context::Context;
use super::evaluate::{Place, Values};
use super::path::Get;
use super::plan::{FilePlan, FileShape, Plan, Row, Source};
use crate::settings::{Device, Registry, Val};

/// A setting that a file tells.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The parameter that tells it.
    pub name: String,
    /// Its canonical name.
    pub setting: String,
    /// Its canonical text.
    pub value: String,
}

/// What reading a file back gave.
#[derive(Debug, Default)]
pub struct ReadBack {
    /// The settings found.
    pub findings: Vec<Finding>,
    /// Where the file and the settings it was made from differ. Never holds a value.
    pub violations: Vec<String>,
}

impl FilePlan {
    /// The entries of a file's text that are known, and what they say. A template's file has none. The error says why it is no
    /// such file.
    pub fn read(&self, text: &str) -> Result<Vec<(Vec<u32>, String)>, String> {
        match &self.shape {
            FileShape::Lines(shape) => shape.read(text),
            FileShape::Xml(shape) => shape.read(text),
            FileShape::Json(shape) => shape.read(text),
            FileShape::Template => Ok(Vec::new()),
        }
    }
}

impl Plan {
    /// Reads a file of a device back and compares it with the device. Files of templates tell nothing.
    pub fn read_back(&self, file: &FilePlan, device: &Device<'_>, file_name: &str, values: &Values, text: &str) -> ReadBack {
        let mut back = ReadBack::default();
        if !file.is_table() {
            return back;
        }
        match file.read(text) {
            Ok(read) => self.compare(file, device, file_name, values, &read, &mut back),
            Err(error) => back.violations.push(format!("{file_name} cannot be read: {error}")),
        }
        back
    }

    fn compare(
        &self,
        file: &FilePlan,
        device: &Device<'_>,
        file_name: &str,
        values: &Values,
        read: &[(Vec<u32>, String)],
        back: &mut ReadBack,
    ) {
        let mut texts: HashMap<u32, Vec<&str>> = HashMap::new();
        for (entries, text) in read {
            entries.iter().for_each(|entry| texts.entry(*entry).or_default().push(text));
        }
        let written: BTreeMap<u32, &str> = values.iter().collect();
        for (entry, text) in &written {
            if !texts.get(entry).is_some_and(|texts| texts.contains(text)) {
                back.violations.push(format!("{} is not read as it was written", file.entries[*entry as usize].name));
            }
        }
        for block in &file.blocks {
            let Place::Used(context) = self.place(block, device, file_name) else { continue };
            let own = block.entries.clone().filter_map(|entry| Some((&file.entries[entry as usize], *written.get(&entry)?)));
            let own: Vec<(&str, &Row, &str)> =
                own.map(|(entry, text)| (entry.name.as_str(), &self.rows[entry.row as usize], text)).collect();
            self.compare_block(&own, file, &context, back);
            // Of a key that the phone cannot be told in full, what is left tells nothing; the refusal has been reported.
            let refused =
                |entry: u32| self.value(&self.rows[file.entries[entry as usize].row as usize], file, &context, &mut String::new()).is_err();
            if !block.entries.clone().any(|entry| !written.contains_key(&entry) && refused(entry)) {
                self.compare_key(&own, &context, back);
            }
        }
        back.violations.sort();
        back.findings.sort();
    }

    fn compare_block(&self, own: &[(&str, &Row, &str)], file: &FilePlan, context: &Context<'_, '_>, back: &mut ReadBack) {
        let mut told: BTreeMap<Get, (bool, &str)> = BTreeMap::new();
        for (name, row, text) in own.iter().filter(|(_, row, _)| row.readable) {
            for (get, value, decisive) in self.told(row, text, file, context) {
                let truth = truth(context, get);
                let right = truth.as_deref() == Some(&value);
                if decisive && !right && !rounds(row) {
                    back.violations.push(format!("{name} reads back as another {}", describe(get)));
                }
                let known = told.entry(get).or_insert((false, name));
                known.0 |= right || decisive;
                if right && let Some(setting) = get.setting() {
                    back.findings.push(Finding { name: (*name).to_owned(), setting: Registry::get().setting(setting).name.clone(), value });
                }
            }
        }
        for (get, (_, name)) in told.iter().filter(|(_, (right, _))| !right) {
            back.violations.push(format!("{name} is spelled the same for several values of {}", describe(*get)));
        }
    }

    /// What a row's text tells: settings, their canonical text, and whether no other value is spelled so.
    fn told(&self, row: &Row, text: &str, file: &FilePlan, context: &Context<'_, '_>) -> Vec<(Get, String, bool)> {
        if row.absent.as_deref() == Some(text) || file.reset.as_deref() == Some(text) {
            return Vec::new();
        }
        let decisive = |found: Vec<(Get, String)>| found.into_iter().map(|(get, value)| (get, value, true)).collect();
        match &row.value {
            Source::Constant(_) => Vec::new(),
            Source::Format(lens) => lens.read(text).map(decisive).unwrap_or_default(),
            Source::Field(column) => {
                let lens = context.key_type(&self.keys).and_then(|row| row.columns[*column].as_ref());
                lens.and_then(|lens| lens.read(text)).map(decisive).unwrap_or_default()
            }
            Source::Setting(get, spell) => {
                let codecs: Vec<Codec> = spell.map.iter().cloned().map(Codec::Map).chain(spell.codecs.iter().cloned()).collect();
                if codecs.iter().any(|codec| codec.is_constraint(text)) {
                    return Vec::new();
                }
                if spell.map.as_ref().is_some_and(|map| !map.tells(text)) {
                    return Vec::new();
                }
                let ambiguous = spell.map.as_ref().is_some_and(|map| map.entries().iter().filter(|(_, word)| word == text).count() > 1);
                let value = match &spell.join {
                    Some(join) => {
                        let inner = text.strip_prefix(spell.around.0.as_str()).and_then(|text| text.strip_suffix(spell.around.1.as_str()));
                        inner.filter(|_| spell.item.is_none()).and_then(|inner| read_joined(inner, join, &codecs, spell.map.as_deref()))
                    }
                    None => read_all(&codecs, text),
                };
                value.map(|value| vec![(*get, value, !ambiguous)]).unwrap_or_default()
            }
        }
    }

    /// A key's columns together must tell its type.
    fn compare_key(&self, own: &[(&str, &Row, &str)], context: &Context<'_, '_>, back: &mut ReadBack) {
        let columns: Vec<(usize, &str, bool)> = own
            .iter()
            .filter_map(|(_, row, text)| match row.value {
                Source::Field(column) if row.readable => Some((column, *text, row.absent.as_deref() == Some(text))),
                _ => None,
            })
            .collect();
        let (Some(found), Some(area)) = (context.key_type(&self.keys), context.key_area()) else { return };
        if columns.is_empty() {
            return;
        }
        let matches = |row: &&super::keys::KeyType| {
            columns.iter().all(|(column, text, unset)| {
                *unset && row.may_lack(*column) || row.columns[*column].as_ref().map_or(text.is_empty(), |lens| lens.read(text).is_some())
            })
        };
        let first = self.keys.in_area(area).filter(|row| row.readable).find(matches);
        if first.is_none_or(|first| first.key != found.key) && found.readable {
            let name = |kind: u8| Registry::get().known("key.type").values[kind as usize].as_str();
            back.violations.push(format!(
                "{}: key type {} reads back as {}",
                own[0].0,
                name(found.key),
                first.map_or("none", |first| name(first.key))
            ));
        }
    }
}

fn rounds(row: &Row) -> bool {
    matches!(&row.value, Source::Setting(_, spell) if spell.codecs.iter().any(Codec::rounds))
}

fn truth(context: &Context<'_, '_>, get: Get) -> Option<String> {
    let value = context.fetch(get).ok()?.value;
    let mut text = String::new();
    context.spell(get, value, &mut text);
    (value.is_set() && value != Val::Absent).then_some(text)
}

fn describe(get: Get) -> String {
    get.setting().map_or_else(|| "item".to_owned(), |id| Registry::get().setting(id).name.clone())
}

/// Reads a joined list; without a separator the words are of one length, or the longest that fits is taken.
fn read_joined(text: &str, join: &str, codecs: &[Codec], map: Option<&super::Map>) -> Option<String> {
    if !join.is_empty() {
        let items: Option<Vec<String>> = text.split(join).map(|item| read_all(codecs, item)).collect();
        return items.map(|items| items.join("+"));
    }
    let mut rest = text;
    let mut items = Vec::new();
    while !rest.is_empty() {
        let (canonical, word) = map?
            .entries()
            .iter()
            .filter(|(_, word)| !word.is_empty() && rest.starts_with(word.as_str()))
            .max_by_key(|(_, word)| word.len())?;
        items.push(canonical.as_str());
        rest = &rest[word.len()..];
    }
    Some(items.join("+"))
}

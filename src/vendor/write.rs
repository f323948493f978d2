//! Values to bytes: the writers of a file's shape, and the raw parameters that come last.

use super::evaluate::Values;
use super::plan::{FilePlan, FileShape, Plan};
use super::vocabulary::{fold_digits, fold_letters};
use super::xml::{Lookup, NOWHERE};

impl FilePlan {
    /// Puts raw parameters in the place of those that a row wrote; gives back those that no row writes.
    pub fn apply_raw<'r>(&self, values: &mut Values, raw: &[(&'r str, &'r str)]) -> Vec<(String, &'r str)> {
        let mut left = Vec::new();
        for (name, text) in raw {
            let own: Vec<u32> =
                (0..self.entries.len() as u32).filter(|entry| self.vocabulary_name(&self.entries[*entry as usize].name) == *name).collect();
            let Some(first) = own.first().copied() else {
                left.push((self.raw_name(name), *text));
                continue;
            };
            let start = values.text.len() as u32;
            values.text.push_str(text);
            let item = (first, start, values.text.len() as u32);
            values.items.retain(|(entry, ..)| !own.contains(entry));
            let place = values.items.partition_point(|(entry, ..)| *entry < first);
            values.items.insert(place, item);
        }
        left
    }

    /// The part of a row's name that the vendor's vocabulary knows.
    pub fn vocabulary_name<'n>(&self, name: &'n str) -> &'n str {
        if self.leaf_names { name.split_once('/').map_or(name, |(_, leaf)| leaf) } else { name }
    }

    fn raw_name(&self, name: &str) -> String {
        self.raw.replace("{name}", name)
    }

    /// Why the file's format cannot hold a value.
    pub(super) fn refuses(&self, entry: u32, value: &str) -> Option<String> {
        if let Some(strange) = value.chars().find(|character| self.spec.latin1 && u32::from(*character) > 0xff) {
            return Some(format!("it holds `{strange}`, which ISO-8859-1 lacks"));
        }
        match &self.shape {
            FileShape::Lines(shape) => shape.refuses(entry, value),
            FileShape::Xml(_) | FileShape::Json(_) | FileShape::Template => None,
        }
    }

    /// Appends the file.
    pub fn write(&self, values: &Values, raw: &[(String, &str)], scratch: &mut Vec<u32>, out: &mut Vec<u8>) -> Result<(), String> {
        match &self.shape {
            FileShape::Lines(shape) => {
                out.extend_from_slice(shape.head().as_bytes());
                let mut section = "\u{0}";
                for (entry, value) in values.iter() {
                    shape
                        .write(entry, value, &mut section, out)
                        .map_err(|problem| format!("`{}`: {problem}", self.entries[entry as usize].name))?;
                }
                for (name, value) in raw {
                    shape.write_raw(name, value, out).map_err(|problem| format!("`{name}`: {problem}"))?;
                }
                out.extend_from_slice(shape.tail().as_bytes());
            }
            FileShape::Xml(shape) => {
                scratch.clear();
                scratch.resize(self.entries.len(), NOWHERE);
                for (place, (entry, ..)) in values.items.iter().enumerate() {
                    scratch[*entry as usize] = place as u32;
                }
                let raw: Vec<(&str, &str)> = raw.iter().map(|(name, value)| (name.as_str(), *value)).collect();
                shape.write(&Lookup::new(values, scratch), &raw, out)?;
            }
            FileShape::Json(shape) => shape.write(values.iter(), raw, out)?,
            FileShape::Template => {}
        }
        Ok(())
    }
}

impl Plan {
    /// Whether the vendor's phones are known to read a parameter, by its name in a file.
    pub fn knows(&self, file: &FilePlan, entry: u32) -> bool {
        let entry = &file.entries[entry as usize];
        self.knows_name(file.vocabulary_name(&entry.name)) || self.knows_name(file.vocabulary_name(&entry.folded))
    }

    /// Whether the vendor's phones are known to read a parameter of this name.
    pub fn knows_name(&self, name: &str) -> bool {
        let excepted = |known: &String| fold_letters(known) == fold_digits(name) || known == name;
        self.pack.vocabulary.contains(name) || self.pack.exceptions.keys().any(excepted)
    }
}

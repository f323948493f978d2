//! What a device's files say otherwise than before, read from the old file and the new one by the pack's own table.

use std::collections::{BTreeMap, BTreeSet};

use super::super::inspect::{Inspected, without_login};
use crate::settings::{Registry, Sensitivity, Setting};
use crate::vendor::FilePlan;

/// A parameter that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The file's name.
    pub file: String,
    /// The vendor's name of it.
    pub name: String,
    /// The settings that it is made of.
    pub settings: Vec<String>,
    /// What it said; `None` where it was not there.
    pub before: Option<String>,
    /// What it says; `None` where it is no more.
    pub after: Option<String>,
    /// Whether both are secrets, and stand for nothing but themselves.
    pub secret: bool,
}

/// The parameters that differ between the bytes of files before and after, by name; those of templates cannot be told. Secrets are
/// left out, and what these parameters, which were raw, said.
pub fn changed<'f>(
    device: &Inspected<'_, '_, '_, '_>,
    raw: &[String],
    files: impl Iterator<Item = (&'f str, &'f [u8], &'f [u8])>,
) -> Vec<Parameter> {
    let plan = &device.compiled.plan;
    let mut changed = Vec::new();
    for (name, before, after) in files.filter(|(_, before, after)| before != after) {
        let id = device.compiled.id.to_string();
        let is_it = |file: &&FilePlan| file.spec.encode.is_none() && file.name(&id, device.worker.site.customer) == name;
        let Some(file) = plan.files.iter().find(is_it) else { continue };
        let (before, after) = (texts(file, before), texts(file, after));
        let entries: BTreeSet<u32> = before.keys().chain(after.keys()).copied().collect();
        for entry in entries.into_iter().filter(|entry| before.get(entry) != after.get(entry)) {
            let row = &plan.rows[file.entries[entry as usize].row as usize];
            let parameter = file.vocabulary_name(&file.entries[entry as usize].name).to_owned();
            let settings: Vec<&Setting> = plan.row_settings(row).into_iter().map(|id| Registry::get().setting(id)).collect();
            let is_raw = raw.contains(&parameter) || device.compiled.device.raw.iter().any(|(raw, _)| *raw == parameter);
            // Nobody knows what raw parameters hold.
            let secret = is_raw || settings.iter().any(|setting| setting.sensitivity == Sensitivity::Secret);
            let shown = |text: Option<&String>| text.filter(|_| !secret).map(|text| without_tokens(&without_login(text)));
            changed.push(Parameter {
                file: name.to_owned(),
                name: parameter,
                settings: settings.iter().map(|setting| setting.name.clone()).collect(),
                before: shown(before.get(&entry)),
                after: shown(after.get(&entry)),
                secret,
            });
        }
    }
    changed
}

/// What a file says, by the first entry of its kind.
fn texts(file: &FilePlan, bytes: &[u8]) -> BTreeMap<u32, String> {
    let read = file.read(&String::from_utf8_lossy(bytes)).unwrap_or_default();
    read.into_iter().filter_map(|(entries, text)| Some((*entries.first()?, text))).collect()
}

/// A text without the parts of paths that are tokens.
fn without_tokens(text: &str) -> String {
    let is_token = |part: &str| part.len() == 26 && part.bytes().all(|byte| byte.is_ascii_lowercase() || (b'2'..=b'7').contains(&byte));
    let parts = text.split('/').map(|part| if is_token(part) { format!("tok:…{}", &part[24..]) } else { part.to_owned() });
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_shortened_wherever_they_stand() {
        let text = "https://prov.example.net/7o74x5epfbdwki2wjdxjmff5vm/book.xml";
        assert_eq!(without_tokens(text), "https://prov.example.net/tok:…vm/book.xml");
        assert_eq!(without_tokens("7o74x5epfbdwki2wjdxjmff5vm"), "tok:…vm");
        assert_eq!(without_tokens("abcdefghijklmnopqrstuvwxyz/A/ü"), "tok:…yz/A/ü");
        assert_eq!(without_tokens("Abcdefghijklmnopqrstuvwxyz"), "Abcdefghijklmnopqrstuvwxyz");
    }
}

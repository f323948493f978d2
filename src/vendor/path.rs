//! Canonical paths in rows, resolved to where the value stands.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::lens::Hole;
use crate::settings::{Kind, Part, Registry, Role, SettingId, Subject, accepts};

/// What a path refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Get {
    /// A setting or a part of it.
    Setting {
        /// Which.
        id: SettingId,
        /// What it describes.
        subject: Subject,
        /// Its slot there.
        slot: u16,
        /// Its slot in the line, where a line may override it.
        line_slot: Option<u16>,
        /// The part.
        part: Part,
    },
    /// The place of the series' value in the wishes, from 1.
    ItemRank,
    /// The series' value; of this setting.
    ItemValue(SettingId),
    /// A part of the series' record.
    ItemPart(SettingId),
    /// The name of the file that the row stands in.
    FileName,
}

impl Get {
    /// Resolves a path. `item` is the list setting that the row's series walks.
    pub fn parse(path: &str, item: Option<SettingId>) -> Result<Get, String> {
        let registry = Registry::get();
        let of_item = |what: &str| item.ok_or_else(|| format!("`{path}` stands outside a series of a list; {what}"));
        match path {
            "item.rank" => return of_item("there is no rank").map(|_| Get::ItemRank),
            "item.value" | "item" => return of_item("there is no value").map(Get::ItemValue),
            "file.name" => return Ok(Get::FileName),
            _ => {}
        }
        if let Some(part) = path.strip_prefix("item.") {
            let list = registry.setting(of_item("there is no item")?);
            let name = format!("{}[].{part}", list.name);
            return registry
                .find(&name)
                .map(|setting| Get::ItemPart(setting.id))
                .ok_or_else(|| format!("`{}` has no part `{part}`", list.name));
        }
        let (setting, part) = match registry.find(path) {
            Some(setting) => (setting, Part::Whole),
            None => {
                let (parent, last) = path.rsplit_once('.').ok_or_else(|| format!("there is no setting `{path}`"))?;
                let setting = registry.find(parent).ok_or_else(|| format!("there is no setting `{path}`"))?;
                let is_key = setting.kind == Kind::Map && (setting.values.is_empty() || setting.values.iter().any(|key| key == last));
                let key = is_key.then(|| Part::Key(kept(last)));
                (setting, key.or_else(|| Part::find(last)).ok_or_else(|| format!("`{parent}` has no part `{last}`"))?)
            }
        };
        if setting.role == Role::Place {
            return Err(format!("`{path}` is a place and no value: the series counts it, as `{{line}}` in a name or constant"));
        }
        Ok(Get::Setting { id: setting.id, subject: setting.subject, slot: setting.slot, line_slot: setting.line_slot, part })
    }

    /// The setting that is read.
    pub fn setting(self) -> Option<SettingId> {
        match self {
            Get::Setting { id, .. } | Get::ItemValue(id) | Get::ItemPart(id) => Some(id),
            Get::ItemRank | Get::FileName => None,
        }
    }
}

/// One copy of a word for the whole process; there are as many as rows name.
fn kept(word: &str) -> &'static str {
    static WORDS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = words.get(word) {
        return known;
    }
    let word: &'static str = Box::leak(word.into());
    words.insert(word);
    word
}

impl Hole for Get {
    fn accepts(&self, text: &str) -> bool {
        match self {
            Get::Setting { part: Part::Path, .. } => text.starts_with('/'),
            Get::Setting { part: Part::Port | Part::Hour | Part::Minute, .. } | Get::ItemRank => {
                text.bytes().all(|byte| byte.is_ascii_digit())
            }
            Get::Setting { part: Part::File, .. } => !text.contains('/'),
            Get::Setting { part: Part::Host, .. } => accepts(Kind::Host, text),
            Get::Setting { part: Part::Key(_), .. } => true,
            Get::Setting { part: Part::Scheme, .. } => text.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            Get::Setting { id, .. } | Get::ItemValue(id) | Get::ItemPart(id) => accepts(Registry::get().setting(*id).kind, text),
            Get::FileName => true,
        }
    }
}

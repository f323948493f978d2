//! Gates and selectors: which rows and spellings hold for a model.

use toml::{Table, Value};

use super::{Model, Pack, Version};

/// A model with the firmware that its files are written for.
#[derive(Clone, Copy)]
pub struct Variant<'p> {
    /// Its pack.
    pub pack: &'p Pack,
    /// The model.
    pub model: &'p Model,
    /// The firmware, if one is known.
    pub firmware: Option<&'p Version>,
}

/// What is wrong with the gates of a row, file, key type or tag: a condition on the firmware that is none, a name that the pack does not
/// have. `knows` tells whether it has a family, model or tag of a name.
pub fn bad_gate(fields: &Table, knows: &dyn Fn(&str, &str) -> bool) -> Option<String> {
    let any = Version::parse("0", 0);
    let bad = |field: &str| texts(fields.get(field)?).find(|condition| any.meets(condition).is_none());
    if let Some(condition) = bad("firmware") {
        return Some(format!("firmware `{condition}` is no condition such as \">= 8.7\"; several are a list"));
    }
    ["family", "model", "tag", "class"].into_iter().find_map(|field| {
        let strange = texts(fields.get(field)?).find(|name| !knows(field, name))?;
        Some(format!("there is no {field} `{strange}`"))
    })
}

impl Variant<'_> {
    /// Whether all gates of a row, file, key type or tag hold.
    pub fn passes(&self, fields: &Table) -> bool {
        let names = |field: &str, own: &dyn Fn(&str) -> bool| fields.get(field).is_none_or(|value| texts(value).any(own));
        names("family", &|name| self.model.families.iter().any(|family| family == name))
            && names("model", &|name| self.model.short() == name)
            && names("class", &|name| self.model.class == name)
            && names("tag", &|name| self.has_tag(name))
            && fields.get("has").is_none_or(|value| texts(value).all(|name| self.has(name)))
            && fields.get("firmware").is_none_or(|value| texts(value).all(|condition| self.firmware_meets(condition)))
    }

    /// Whether a tag of the pack holds.
    pub fn has_tag(&self, name: &str) -> bool {
        self.pack.tags.get(name).is_some_and(|gates| self.passes(gates))
    }

    /// Whether a selector can be keyed by a word: a tag, family or model of the pack.
    pub fn selects_by(&self, word: &str) -> bool {
        let pack = self.pack;
        pack.tags.contains_key(word)
            || pack.models.values().any(|model| model.short() == word || model.families.iter().any(|family| family == word))
    }

    /// Whether any model of the pack has a number.
    pub fn has_number(&self, name: &str) -> bool {
        self.model.index_number(name).is_some() || self.pack.models.values().any(|model| model.index_number(name).is_some())
    }

    fn has(&self, name: &str) -> bool {
        self.model.number(name) > 0 || self.model.capabilities.iter().any(|capability| capability == name)
    }

    /// Without a firmware the newest is assumed: lower bounds hold, upper bounds do not.
    fn firmware_meets(&self, condition: &str) -> bool {
        match self.firmware {
            Some(version) => version.meets(condition).unwrap_or(false),
            None => condition.trim_start().starts_with('>'),
        }
    }

    /// What a selector says for this model: by model, tag, family, or `*`. Anything but a table is its own answer.
    pub fn select<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        let Value::Table(table) = value else { return Some(value) };
        let model = table.get(self.model.short());
        let tag = || table.iter().find(|(name, _)| self.has_tag(name)).map(|(_, value)| value);
        let family = || self.model.families.iter().find_map(|family| table.get(family));
        model.or_else(tag).or_else(family).or_else(|| table.get("*"))
    }
}

/// A text or each text of a list.
pub fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let one = value.as_str().into_iter();
    let many = value.as_array().into_iter().flatten().filter_map(Value::as_str);
    one.chain(many)
}

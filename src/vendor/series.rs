//! Series: the domains that rows walk.

use toml::{Table, Value};

use super::gate::{Variant, texts};
use super::path::Get;
use crate::settings::{Registry, SettingId, Subject};

/// A series of a pack, sized for one model.
#[derive(Clone, Debug)]
pub struct Series {
    /// Its name in the pack.
    pub name: String,
    /// What it walks.
    pub walk: Walk,
    /// How many places it has.
    pub size: u16,
}

/// What a series walks.
#[derive(Clone, Debug)]
pub enum Walk {
    /// Lines by number.
    Lines,
    /// Lines that are there, one after the other.
    LinesByRank,
    /// Handsets, ports or relays by number.
    Numbered(Subject),
    /// Expansion modules.
    Modules,
    /// Keys of an area by position; of the module of the outer series, for expansion keys.
    Keys(u8),
    /// The n-th wish of a list, then the rest.
    Rank(SettingId, Rest),
    /// Each value that the vendor knows, with its word.
    Values(SettingId, Vec<(u8, Value)>),
    /// The n-th record of a list of tables.
    Records(SettingId),
    /// The n-th key of these types.
    Renumbered(Vec<u8>, Option<u8>),
    /// The n-th different tuple of line settings.
    Distinct(Vec<Get>),
}

/// What stands in the places beyond the wishes.
#[derive(Clone, Debug)]
pub enum Rest {
    /// Values that are not wished, in this order, and nothing after them.
    Values(Vec<u8>),
    /// The last wish once more, for phones that keep what a place held before and know no word for none.
    Last,
}

/// The index of an expansion key's area.
pub const EXPANSION: &str = "expansion";

impl Series {
    /// Sizes a series for a model. The error says what is wrong with its row.
    pub fn compile(name: &str, table: &Table, variant: Variant<'_>) -> Result<Series, String> {
        let list = table.get("list").and_then(Value::as_str).ok_or_else(|| format!("series `{name}` has no `list`"))?;
        let by = table.get("by").and_then(Value::as_str);
        let walk = walk(list, by, table).map_err(|error| format!("series `{name}`: {error}"))?;
        let size = match &walk {
            Walk::Values(_, values) => values.len() as u16,
            _ => size(table.get("to"), variant).map_err(|error| format!("series `{name}`{error}"))?,
        };
        Ok(Series { name: name.to_owned(), walk, size })
    }

    /// The list setting that it walks, for `item.*`.
    pub fn item(&self) -> Option<SettingId> {
        match self.walk {
            Walk::Rank(id, _) | Walk::Values(id, _) | Walk::Records(id) => Some(id),
            _ => None,
        }
    }

    /// Whether names spell its value instead of counting.
    pub fn is_word(&self) -> bool {
        matches!(self.walk, Walk::Values(..))
    }
}

/// Numbers that a series may count to though no model of the pack has any.
const NUMBERS: [&str; 10] =
    ["lines", "handsets", "ports", "relays", "modules", "module_keys", "keys.line", "keys.memory", "keys.programmable", "keys.softkey"];

fn size(to: Option<&Value>, variant: Variant<'_>) -> Result<u16, String> {
    let pack = variant.pack;
    let is_number =
        |name: &str| pack.extends || NUMBERS.contains(&name) || pack.models.values().any(|model| model.numbers.contains_key(name));
    match to.and_then(|to| variant.select(to)) {
        Some(Value::Integer(number)) => u16::try_from(*number).map_err(|_| format!(" cannot count to {number}")),
        Some(Value::String(name)) if is_number(name) => Ok(variant.model.number(name).clamp(0, 10000) as u16),
        Some(Value::String(name)) => Err(format!(" counts to `{name}`, a number that no model has")),
        _ => Err(" has no `to`".to_owned()),
    }
}

fn walk(list: &str, by: Option<&str>, table: &Table) -> Result<Walk, String> {
    let area = || table.get("area").and_then(Value::as_str).map(|area| ordinal("key.area", area)).transpose();
    Ok(match (list, by) {
        ("line", None) if table.contains_key("distinct") => Walk::Distinct(distinct(table)?),
        ("line", None) => Walk::Lines,
        ("line", Some("rank")) => Walk::LinesByRank,
        ("handset", None) => Walk::Numbered(Subject::Handset),
        ("port", None) => Walk::Numbered(Subject::Port),
        ("relay", None) => Walk::Numbered(Subject::Relay),
        ("module", None) => Walk::Modules,
        ("key", None) => match table.get("types") {
            Some(types) => Walk::Renumbered(texts(types).map(|name| ordinal("key.type", name)).collect::<Result<_, _>>()?, area()?),
            None => Walk::Keys(area()?.ok_or("keys need an `area`")?),
        },
        (list, by) => walk_list(list, by, table)?,
    })
}

fn walk_list(list: &str, by: Option<&str>, table: &Table) -> Result<Walk, String> {
    let setting = Registry::get().find(list).ok_or_else(|| format!("there is no list `{list}`"))?;
    match (by, table.get("spell")) {
        (Some("value"), Some(Value::Table(words))) => {
            let words = words.iter().map(|(name, word)| Ok((ordinal(list, name)?, word.clone())));
            Ok(Walk::Values(setting.id, words.collect::<Result<_, String>>()?))
        }
        (Some("rank"), _) if setting.kind == crate::settings::Kind::Records => Ok(Walk::Records(setting.id)),
        (Some("rank"), _) => {
            let rest = match table.get("rest") {
                Some(Value::String(word)) if word == "last" => Rest::Last,
                Some(rest) => Rest::Values(texts(rest).map(|name| ordinal(list, name)).collect::<Result<_, _>>()?),
                None => Rest::Values(Vec::new()),
            };
            Ok(Walk::Rank(setting.id, rest))
        }
        _ => Err(format!("a series of `{list}` is by rank, or by value with `spell`")),
    }
}

fn distinct(table: &Table) -> Result<Vec<Get>, String> {
    texts(&table["distinct"]).map(|path| Get::parse(path, None)).collect()
}

/// The place of a word in an enumeration.
pub fn ordinal(setting: &str, word: &str) -> Result<u8, String> {
    let values = &Registry::get().find(setting).ok_or_else(|| format!("there is no setting `{setting}`"))?.values;
    values.iter().position(|value| value == word).map(|place| place as u8).ok_or_else(|| format!("`{word}` is not a value of `{setting}`"))
}

//! How a pack becomes a plan: which rows hold for a model and firmware, and what each is called at every place of its series.

use std::collections::HashMap;
use std::sync::Arc;

use toml::Value;

use super::codec::{Codec, Map};
use super::file_spec::{FileSpec, Syntax};
use super::gate::{Variant, texts};
use super::json::JsonShape;
use super::keys::KeyTable;
use super::lens::Lens;
use super::lines::LinesShape;
use super::name::{Name, Places};
use super::pack::{Pack, bad_at};
use super::path::Get;
use super::plan::{Block, Condition, Entry, FilePlan, FileShape, NamePiece, Row, Source, Spell};
use super::row::RowSource;
use super::series::{Series, Walk};
use super::xml::XmlShape;
use super::{Model, Version};
use crate::diagnostic::Diagnostic;
use crate::settings::{Kind, Registry, Sensitivity, SettingId};

/// What of a pack holds for a model and firmware.
pub(super) struct Specialized {
    pub(super) rows: Vec<Row>,
    pub(super) files: Vec<FilePlan>,
    pub(super) keys: KeyTable,
    pub(super) series: Vec<Series>,
    /// Settings that decide whether a file exists.
    pub(super) reads: Vec<bool>,
}

/// Specializes a pack. Findings are about the pack.
pub(super) fn specialize(pack: &Arc<Pack>, model: &Model, firmware: Option<&Version>, diagnostics: &mut Vec<Diagnostic>) -> Specialized {
    let variant = Variant { pack, model, firmware };
    let reads = vec![false; Registry::get().all().len()];
    let mut compiler = Compiler { variant, series: Vec::new(), diagnostics, reads, leaf_names: false };
    compiler.sized_series();
    let keys = KeyTable::compile(&pack.key_fields, &pack.key_types, variant, &|name| compiler.codec(name));
    let keys = keys.unwrap_or_else(|message| {
        compiler.bad_file("keys.toml", message);
        KeyTable::default()
    });
    let (rows, files) = compiler.files(&keys);
    let Compiler { mut series, reads, .. } = compiler;
    // Where no row walks the different servers of lines, there is no list of them that could be too short.
    for (place, own) in series.iter_mut().enumerate().filter(|(_, own)| matches!(own.walk, Walk::Distinct(_))) {
        let walked = files.iter().flat_map(|file| &file.blocks).any(|block| block.steps.iter().any(|(step, _)| *step as usize == place));
        own.size = if walked { own.size } else { 0 };
    }
    Specialized { rows, files, keys, series, reads }
}

struct Compiler<'c> {
    variant: Variant<'c>,
    series: Vec<Series>,
    diagnostics: &'c mut Vec<Diagnostic>,
    reads: Vec<bool>,
    /// Vocabularies hold the names of the file at hand without their section.
    leaf_names: bool,
}

impl<'c> Compiler<'c> {
    fn codec(&self, name: &str) -> Option<Codec> {
        Codec::find(name, |map| self.variant.pack.maps.get(map).cloned())
    }

    fn bad_file(&mut self, file: &str, message: String) {
        let path: Arc<str> = format!("vendors/{}/{file}", self.variant.pack.id).into();
        self.diagnostics.push(bad_at(&path, 0..0, message));
    }

    fn sized_series(&mut self) {
        for (name, table) in &self.variant.pack.series {
            match Series::compile(name, table, self.variant) {
                Ok(series) => self.series.push(series),
                Err(message) => self.bad_file("vendor.toml", message),
            }
        }
    }

    fn files(&mut self, keys: &KeyTable) -> (Vec<Row>, Vec<FilePlan>) {
        let mut rows = Vec::new();
        let mut files = Vec::new();
        let sources = self.matching_rows();
        for spec in &self.variant.pack.files {
            if spec.fields.get("when").and_then(Value::as_table).is_some_and(|gates| !self.variant.passes(gates)) {
                continue;
            }
            let written = |row: &&RowSource| spec.syntax != Syntax::Template && row.text("file").unwrap_or("main") == spec.id;
            let own: Vec<&RowSource> = sources.iter().copied().filter(written).collect();
            match self.file(spec, &own, keys, &mut rows) {
                Ok(file) => files.push(file),
                Err(message) => self.diagnostics.push(bad_at(&spec.path, 0..0, format!("file `{}`: {message}", spec.id))),
            }
        }
        (rows, files)
    }

    /// The rows whose gates hold; of rows with one identity the last.
    fn matching_rows(&self) -> Vec<&'c RowSource> {
        let mut last: HashMap<String, usize> = HashMap::new();
        let matching: Vec<&RowSource> = self.variant.pack.rows.iter().filter(|row| self.variant.passes(&row.fields)).collect();
        for (place, row) in matching.iter().enumerate() {
            last.insert(row.identity(), place);
        }
        let kept = matching.iter().enumerate().filter(|(place, row)| last[&row.identity()] == *place);
        kept.map(|(_, row)| *row).filter(|row| row.fields.get("ignored") != Some(&Value::Boolean(true))).collect()
    }

    fn file(&mut self, spec: &'c FileSpec, own: &[&RowSource], keys: &KeyTable, rows: &mut Vec<Row>) -> Result<FilePlan, String> {
        let mut entries = Vec::new();
        let mut blocks = Vec::new();
        let mut overrides: Vec<Option<&RowSource>> = Vec::new();
        let chosen = |field: &str| spec.fields.get(field).and_then(|value| self.variant.select(value)).and_then(Value::as_str);
        let raw = chosen("raw").unwrap_or("{name}").to_owned();
        self.leaf_names = chosen("vocabulary") == Some("{leaf}");
        for group in own.chunk_by(|left, right| left.group == right.group) {
            self.group(group, keys, rows, &mut entries, &mut blocks, &mut overrides);
        }
        let shape = match spec.syntax {
            Syntax::Lines => FileShape::Lines(LinesShape::compile(spec, self.variant, &entries, &overrides, &|name| self.codec(name))?),
            Syntax::Xml => FileShape::Xml(XmlShape::compile(spec, self.variant, &entries, &overrides)?),
            Syntax::Json => FileShape::Json(JsonShape::compile(&entries)?),
            Syntax::Template => FileShape::Template,
        };
        let reset = spec.fields.get("reset").and_then(|value| self.variant.select(value)).and_then(Value::as_str).map(str::to_owned);
        rows.iter_mut()
            .filter(|row| row.absent.as_deref() == Some(RESET))
            .for_each(|row| row.absent = Some(reset.clone().unwrap_or_default()));
        let leaf_names = self.leaf_names;
        let name = spec.fields.get("name").and_then(|name| self.variant.select(name)).and_then(Value::as_str).unwrap_or(&spec.name);
        let (conditions, name) = (conditions(&spec.fields, None)?, self.file_name(name)?);
        for id in conditions.iter().filter_map(|(get, _)| get.setting()) {
            self.reads[id.0 as usize] = true;
        }
        Ok(FilePlan { spec: spec.clone(), entries, blocks, shape, reset, leaf_names, raw, conditions, name })
    }

    fn group<'r>(
        &mut self,
        group: &[&'r RowSource],
        keys: &KeyTable,
        rows: &mut Vec<Row>,
        entries: &mut Vec<Entry>,
        blocks: &mut Vec<Block>,
        overrides: &mut Vec<Option<&'r RowSource>>,
    ) {
        let Some(first) = group.first() else { return };
        let names: Vec<&str> = first.fields.get("for").map(|series| texts(series).collect()).unwrap_or_default();
        let series: Vec<Option<usize>> = names.iter().map(|name| self.series.iter().position(|series| series.name == *name)).collect();
        let Some(series) = series.into_iter().collect::<Option<Vec<usize>>>() else {
            return self.diagnostics.push(first.bad(format!("there is no series among {}", names.join(", "))));
        };
        let mut compiled = Vec::new();
        for source in group {
            match self.row(source, &series, keys) {
                Ok((row, names, None)) => {
                    compiled.push((Written::Alike(rows.len() as u32), *source, names));
                    rows.push(row);
                }
                Ok((row, names, Some(constant))) => compiled.push((Written::Counted(Box::new(row), constant), *source, names)),
                Err(message) => self.diagnostics.push(source.bad(message)),
            }
        }
        for steps in places(&series.iter().map(|place| (*place as u16, self.series[*place].size)).collect::<Vec<_>>()) {
            let start = entries.len() as u32;
            for (written, source, names) in &compiled {
                if let Some((name, folded)) = self.name_at(names, &steps, source)
                    && !(source.inherited && self.variant.pack.narrows && !self.is_own_name(&name))
                    && let Some(row) = self.row_at(written, &steps, rows)
                {
                    entries.push(Entry { row, name, folded });
                    overrides.push(Some(source));
                }
            }
            if entries.len() as u32 > start {
                blocks.push(Block { steps, entries: start..entries.len() as u32 });
            }
        }
    }

    /// The name of a row at one place; `None` where the row does not reach.
    fn name_at(&self, names: &Names, steps: &[(u16, u16)], source: &RowSource) -> Option<(String, String)> {
        if let Some(at) = source.fields.get("at") {
            let index = steps.last().map_or(1, |(_, index)| *index);
            if !in_range(at, index) {
                return None;
            }
        }
        let mut names = names;
        let mut indices = steps.iter().filter(|(series, _)| !self.series[*series as usize].is_word());
        while let Names::List(list) = names {
            names = list.get(indices.next()?.1 as usize - 1)?;
        }
        let Names::One(name) = names else { return None };
        let cut = |name: String| name.split('#').next().unwrap_or_default().to_owned();
        self.at(steps, |places| {
            let plain = name.0.at(places)?;
            Some((if name.1 { cut(plain) } else { plain }, name.0.folded(places).unwrap_or_default()))
        })
    }

    /// The row that is written at one place; `None` where an index of its constant has no value.
    fn row_at(&self, written: &Written, steps: &[(u16, u16)], rows: &mut Vec<Row>) -> Option<u32> {
        match written {
            Written::Alike(row) => Some(*row),
            Written::Counted(row, constant) => {
                rows.push(row.saying(self.at(steps, |places| constant.at(places))?));
                Some(rows.len() as u32 - 1)
            }
        }
    }

    fn at<T>(&self, steps: &[(u16, u16)], of: impl FnOnce(&Places<'_>) -> T) -> T {
        let indices: Vec<(&str, u16)> = steps.iter().map(|(series, index)| (self.series[*series as usize].name.as_str(), *index)).collect();
        let words: Vec<(&str, &Value)> = steps.iter().filter_map(|(series, index)| self.word(*series, *index)).collect();
        of(&Places { indices: &indices, words: &words, variant: self.variant })
    }

    /// Whether a name of the pack that this one extends is in the vocabulary of this one.
    fn is_own_name(&self, name: &str) -> bool {
        let name = if self.leaf_names { name.split_once('/').map_or(name, |(_, leaf)| leaf) } else { name };
        self.variant.pack.vocabulary.contains(name) || self.variant.pack.exceptions.contains_key(name)
    }

    fn word(&self, series: u16, index: u16) -> Option<(&str, &Value)> {
        let series = &self.series[series as usize];
        match &series.walk {
            Walk::Values(_, values) => values.get(index as usize - 1).map(|(_, word)| (series.name.as_str(), word)),
            _ => None,
        }
    }

    /// A row, its names, and its constant where that has indices.
    fn row(&mut self, source: &RowSource, series: &[usize], keys: &KeyTable) -> Result<(Row, Names, Option<Name>), String> {
        let item = series.iter().rev().find_map(|place| self.series[*place].item());
        let names = source.fields.get("name").and_then(|name| self.variant.select(name)).ok_or("a row has no name for this model")?;
        let names = self.names(names, series)?;
        let value = self.source(source, item, keys)?;
        let absent = match source.fields.get("absent").and_then(|absent| self.variant.select(absent)) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Boolean(true)) => Some(RESET.to_owned()),
            _ => None,
        };
        let raised = source
            .text("sensitivity")
            .map(|name| Value::String(name.to_owned()).try_into().map_err(|_| format!("there is no sensitivity `{name}`")));
        let sensitivity = value.sensitivity(keys).max(raised.transpose()?.unwrap_or(Sensitivity::Public));
        let row = Row {
            path: source.path.clone(),
            span: source.span.clone(),
            absent,
            conditions: conditions(&source.fields, item)?,
            forbid: source.text("forbid").unwrap_or_default().to_owned(),
            readable: source.fields.get("read") != Some(&Value::Boolean(false)),
            sensitivity,
            source: source.text("source").map(str::to_owned),
            item,
            value,
        };
        let constant = match &row.value {
            Source::Constant(text) if text.contains('{') => Some(self.name(text, series)?),
            _ => None,
        };
        Ok((row, names, constant))
    }

    fn source(&self, source: &RowSource, item: Option<SettingId>, keys: &KeyTable) -> Result<Source, String> {
        let chosen = |field: &str| source.fields.get(field).and_then(|value| self.variant.select(value));
        if let Some(constant) = chosen("constant") {
            return constant.as_str().map(|text| Source::Constant(text.to_owned())).ok_or_else(|| "a constant is a text".to_owned());
        }
        if let Some(format) = chosen("format") {
            let text: String = texts(format).collect();
            return Lens::parse(&text, &|path| Get::parse(path, item), &|name| self.codec(name)).map(Source::Format);
        }
        if let Some(field) = chosen("field") {
            let name = field.as_str().unwrap_or_default();
            return keys.column(name).map(Source::Field).ok_or_else(|| format!("keys.toml has no column `{name}`"));
        }
        let setting = chosen("setting").and_then(Value::as_str).ok_or("a row has one of setting, format, field, constant")?;
        let get = Get::parse(setting, item)?;
        Ok(Source::Setting(get, self.spell(source, get, item)?))
    }

    fn spell(&self, source: &RowSource, get: Get, item: Option<SettingId>) -> Result<Spell, String> {
        let mut spell = Spell::default();
        if let Some(units) = source.fields.get("unit").and_then(|unit| self.variant.select(unit)) {
            for unit in texts(units) {
                spell.codecs.push(self.codec(unit).ok_or_else(|| format!("there is no codec or map `{unit}`"))?);
            }
        }
        if let Some(values) = source.fields.get("values") {
            let map = self.values(values)?;
            if map.is_empty() {
                return Err("`values` has no word for any value; what is written where none is set is `absent`".to_owned());
            }
            spell.map = Some(map);
        }
        if let Some(field) =
            ["absent", "before", "after"].into_iter().find(|field| source.text(field).is_some_and(|text| text.contains('{')))
        {
            return Err(format!("`{field}` is written as it stands: holes are filled in `format`, `name` and `constant`"));
        }
        spell.join = source.text("join").map(str::to_owned);
        spell.around = (source.text("before").unwrap_or_default().to_owned(), source.text("after").unwrap_or_default().to_owned());
        if spell.join.is_none() && spell.around != Default::default() {
            return Err("`before` and `after` stand around a joined list".to_owned());
        }
        if let Some(lens) = source.text("item") {
            let of = get.setting().or(item);
            spell.item = Some(Lens::parse(lens, &|path| Get::parse(path, of), &|name| self.codec(name))?);
        }
        if spell.codecs.is_empty() && spell.map.is_none() && is_bool(get) {
            spell.codecs.push(Codec::Bool("1", "0"));
        }
        Ok(spell)
    }

    fn values(&self, values: &Value) -> Result<Arc<Map>, String> {
        match values {
            Value::String(name) => self.variant.pack.maps.get(name).cloned().ok_or_else(|| format!("there is no map `{name}`")),
            Value::Table(table) if self.chooses_a_map(table) => match self.variant.select(values) {
                None => Err("`values` says nothing for this model".to_owned()),
                Some(Value::Table(chosen)) => Ok(Arc::new(pairs(chosen))),
                Some(chosen) => self.values(chosen),
            },
            Value::Table(table) => Ok(Arc::new(pairs(table))),
            _ => Err("`values` is a table or the name of a map".to_owned()),
        }
    }

    /// Whether a table holds a map for each kind of model, and not values: its entries are tables, or names of maps for what a selector knows.
    fn chooses_a_map(&self, table: &toml::Table) -> bool {
        let pack = self.variant.pack;
        let named = |(word, value): (&String, &Value)| {
            value.as_str().is_some_and(|map| pack.maps.contains_key(map)) && (word == "*" || self.variant.selects_by(word))
        };
        table.values().any(Value::is_table) || !table.is_empty() && table.iter().all(named)
    }

    /// A name, or a constant, of a row that walks `series`.
    fn name(&self, text: &str, series: &[usize]) -> Result<Name, String> {
        let name = Name::parse(text, &|name| self.series.iter().any(|series| series.name == name && series.is_word()))?;
        let walked = |name: &str| series.iter().any(|place| self.series[*place].name == name);
        if let Some(hole) = name.holes().find(|hole| !walked(hole) && !self.variant.has_number(hole)) {
            return Err(format!("`{hole}` in braces is neither a series of this row nor a number of a model, in `{text}`"));
        }
        Ok(name)
    }

    fn names(&self, value: &Value, series: &[usize]) -> Result<Names, String> {
        match value {
            Value::String(text) => Ok(Names::One(Box::new((self.name(text, series)?, text.contains('#'))))),
            Value::Array(list) => list.iter().map(|name| self.names(name, series)).collect::<Result<_, _>>().map(Names::List),
            _ => Err("a name is a text, a list, or a selector".to_owned()),
        }
    }

    fn file_name(&self, text: &str) -> Result<Vec<NamePiece>, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let close = rest[open..].find('}').map(|close| open + close).ok_or("a `{` is not closed in the file's name")?;
            pieces.push(NamePiece::Literal(rest[..open].to_owned()));
            pieces.push(match &rest[open + 1..close] {
                "mac" | "imei" | "uuid" | "id" => NamePiece::Id,
                "MAC" | "UUID" => NamePiece::UpperId,
                "customer" => NamePiece::Customer,
                hole if hole.starts_with("mac:") || hole.starts_with("MAC:") => {
                    NamePiece::Pairs { upper: hole.starts_with('M'), between: hole[4..].to_owned() }
                }
                "model" => NamePiece::Literal(self.variant.model.short().to_owned()),
                "MODEL" => NamePiece::Literal(self.variant.model.short().to_uppercase()),
                hole => {
                    let places = Places { indices: &[], words: &[], variant: self.variant };
                    let name = Name::parse(&format!("{{{hole}}}"), &|_| false)?;
                    NamePiece::Literal(name.at(&places).ok_or_else(|| format!("the model has no number `{hole}`"))?)
                }
            });
            rest = &rest[close + 1..];
        }
        pieces.push(NamePiece::Literal(rest.to_owned()));
        Ok(pieces)
    }
}

/// Marks `absent = true` until the file's own word is known.
const RESET: &str = "\u{0}reset";

/// What the places of a series write: one row, or one each with a constant that counts.
enum Written {
    Alike(u32),
    Counted(Box<Row>, Name),
}

enum Names {
    One(Box<(Name, bool)>),
    List(Vec<Names>),
}

/// The settings that a row or file asks for.
fn conditions(fields: &toml::Table, item: Option<SettingId>) -> Result<Vec<(Get, Condition)>, String> {
    let wanted = fields.get("if").and_then(Value::as_table).into_iter().flatten();
    wanted.map(|(path, wanted)| Ok((Get::parse(path, item)?, condition(wanted)))).collect()
}

fn condition(wanted: &Value) -> Condition {
    match wanted {
        Value::Boolean(true) => Condition::Set,
        Value::Boolean(false) => Condition::Unset,
        Value::String(text) => Condition::Is(text.clone()),
        Value::Array(_) => Condition::Among(texts(wanted).map(str::to_owned).collect()),
        other => Condition::Is(other.to_string()),
    }
}

fn pairs(table: &toml::Table) -> Map {
    Map::new(table.iter().filter_map(|(canonical, vendor)| Some((canonical.clone(), vendor.as_str()?.to_owned()))))
}

fn is_bool(get: Get) -> bool {
    let plain = !matches!(get, Get::Setting { part, .. } if part != crate::settings::Part::Whole);
    plain && get.setting().is_some_and(|id| Registry::get().setting(id).kind == Kind::Bool)
}

fn in_range(at: &Value, index: u16) -> bool {
    let index = i64::from(index);
    match at {
        Value::Integer(only) => index == *only,
        Value::String(range) => match range.split_once("..") {
            Some((from, to)) => index >= from.parse().unwrap_or(1) && index <= to.parse().unwrap_or(i64::MAX),
            None => range.parse() == Ok(index),
        },
        _ => false,
    }
}

/// All places of nested series, the last running fastest.
fn places(series: &[(u16, u16)]) -> Vec<Vec<(u16, u16)>> {
    let Some(((id, size), rest)) = series.split_first() else { return vec![Vec::new()] };
    let inner = places(rest);
    let joined =
        (1..=*size).flat_map(|index| inner.iter().map(move |rest| std::iter::once((*id, index)).chain(rest.iter().copied()).collect()));
    joined.collect()
}

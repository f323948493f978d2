//! A vendor pack as it is loaded: tables, still for all its models.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use toml::{Table, Value};

use super::codec::Map;
use super::defaults::PackDefaults;
use super::fields::{VENDOR, knows};
use super::file_spec::FileSpec;
use super::gate::{bad_gate, texts};
use super::model::Facts;
use super::row::{self, RowSource};
use super::{Model, PackSource, Vocabulary};
use crate::diagnostic::{Code, Diagnostic};

/// A vendor.
#[derive(Debug, Default)]
pub struct Pack {
    /// Its folder.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What its devices are keyed by: mac, imei, uuid.
    pub identity: Vec<String>,
    /// OUIs in lower hex.
    pub ouis: Vec<String>,
    /// Leading parts of a firmware version that name the hardware.
    pub firmware_prefix: usize,
    /// Shapes of derived passwords, by purpose.
    pub passwords: BTreeMap<String, Shape>,
    /// Named conditions.
    pub tags: BTreeMap<String, Table>,
    /// Its files in the order that phones ask.
    pub files: Vec<FileSpec>,
    /// Its models by short id.
    pub models: BTreeMap<String, Model>,
    /// Names its phones read.
    pub vocabulary: Vocabulary,
    /// Names that are emitted without being in the vocabulary, with their source.
    pub exceptions: BTreeMap<String, String>,
    /// Templates by file name.
    pub templates: BTreeMap<String, PackSource>,
    /// Its own settings, ours first.
    pub defaults: Vec<PackDefaults>,
    pub(super) series: BTreeMap<String, Table>,
    pub(super) maps: BTreeMap<String, Arc<Map>>,
    pub(super) rows: Vec<RowSource>,
    /// Rows of the pack that this one extends hold only for names of its own vocabulary.
    pub(super) narrows: bool,
    /// It extends another pack, whose series may count what only that pack's models have.
    pub(super) extends: bool,
    pub(super) key_fields: Table,
    pub(super) key_types: Vec<Table>,
}

/// The shape of a derived password.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Its characters.
    pub alphabet: String,
    /// How many.
    pub length: usize,
}

impl Default for Shape {
    /// 24 letters and digits that cannot be confused.
    fn default() -> Self {
        Shape { alphabet: "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789".to_owned(), length: 24 }
    }
}

struct Loader<'l> {
    pack: Pack,
    /// The files at hand are those of the pack that this one extends.
    inheriting: bool,
    families: BTreeMap<String, Table>,
    models: BTreeMap<String, Table>,
    files: Vec<(Table, Arc<str>)>,
    groups: usize,
    diagnostics: &'l mut Vec<Diagnostic>,
}

impl Pack {
    /// Loads a pack from its files, ours before a fleet's, after those of the packs that it extends. `None` where it is not sound; the
    /// findings say why.
    pub fn load(id: &str, inherited: &[PackSource], sources: &[PackSource], diagnostics: &mut Vec<Diagnostic>) -> Option<Pack> {
        let before = diagnostics.len();
        let extends = !inherited.is_empty();
        let pack = Pack { id: id.to_owned(), name: id.to_owned(), identity: vec!["mac".to_owned()], extends, ..Pack::default() };
        let mut loader = Loader {
            pack,
            inheriting: true,
            families: BTreeMap::new(),
            models: BTreeMap::new(),
            files: Vec::new(),
            groups: 0,
            diagnostics,
        };
        inherited.iter().for_each(|source| loader.file(source));
        loader.inheriting = false;
        let above = (std::mem::take(&mut loader.pack.vocabulary), std::mem::take(&mut loader.pack.exceptions));
        sources.iter().for_each(|source| loader.file(source));
        if loader.pack.vocabulary.is_empty() {
            loader.pack.vocabulary = above.0;
            loader.pack.exceptions.extend(above.1);
        } else {
            loader.pack.narrows = extends;
        }
        loader.finish();
        let Loader { pack, diagnostics, .. } = loader;
        (diagnostics.len() == before).then_some(pack)
    }

    /// The model that a device file means: by short id or alias; case, spaces, `-` and `_` never matter.
    pub fn model(&self, name: &str) -> Option<&Model> {
        self.models.get(name).or_else(|| {
            let wanted = fold(name);
            self.models
                .values()
                .find(|model| fold(model.short()) == wanted || model.aliases.iter().chain([&model.name]).any(|alias| fold(alias) == wanted))
        })
    }

    /// The shape of the passwords of a purpose.
    pub fn password(&self, purpose: &str) -> Shape {
        self.passwords.get(purpose).cloned().unwrap_or_default()
    }
}

/// A model name without what people spell differently.
fn fold(name: &str) -> String {
    name.chars().filter(|character| !matches!(character, ' ' | '-' | '_')).flat_map(char::to_lowercase).collect()
}

impl Loader<'_> {
    fn file(&mut self, source: &PackSource) {
        let inner = source.path.splitn(3, '/').nth(2).unwrap_or_default();
        match inner {
            "vendor.toml" => self.toml(source, Loader::vendor),
            "models.toml" => self.toml(source, Loader::model_rows),
            "keys.toml" => self.toml(source, Loader::keys),
            "parameters.toml" => {
                self.toml(source, |_, _, _| {});
                row::read(source, &mut self.groups, self.inheriting, &mut self.pack.rows, self.diagnostics);
            }
            "vocabulary.txt" => self.pack.vocabulary.add(&source.text),
            _ if inner.starts_with("maps/") => self.map_file(source, inner),
            _ if inner.ends_with(".tera") => _ = self.pack.templates.insert(inner.to_owned(), source.clone()),
            _ => self.diagnostics.push(Diagnostic::new(Code::FILE_UNUSED, format!("a pack has no file `{inner}`")).at(
                &source.path,
                0..0,
                "",
            )),
        }
    }

    fn toml(&mut self, source: &PackSource, take: fn(&mut Self, Table, &PackSource)) {
        match source.text.parse::<Table>() {
            Ok(table) => take(self, table, source),
            Err(error) => {
                let message = error.message().to_owned();
                self.diagnostics.push(Diagnostic::new(Code::VENDOR_BAD_PACK, message).at(
                    &source.path,
                    error.span().unwrap_or(0..0),
                    "here",
                ));
            }
        }
    }

    fn bad(&mut self, path: &Arc<str>, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(Code::VENDOR_BAD_PACK, message).at(path, 0..0, ""));
    }

    fn vendor(&mut self, mut table: Table, source: &PackSource) {
        if let Some(unknown) = table.keys().find(|key| !knows(VENDOR, key)).cloned() {
            self.bad(&source.path, format!("vendor.toml has no `{unknown}`"));
        }
        let text = |name: &str| table.get(name).and_then(Value::as_str).map(str::to_owned);
        let list = |name: &str| table.get(name).map(|value| texts(value).map(str::to_owned).collect());
        self.pack.identity = list("identity").unwrap_or(std::mem::take(&mut self.pack.identity));
        if !self.inheriting {
            self.pack.name = text("name").unwrap_or(std::mem::take(&mut self.pack.name));
            self.pack.ouis = list("ouis").unwrap_or(std::mem::take(&mut self.pack.ouis));
        }
        self.pack.firmware_prefix = table
            .get("firmware_prefix")
            .and_then(Value::as_integer)
            .map_or(self.pack.firmware_prefix, |prefix| prefix.clamp(0, 9) as usize);
        for (name, gates) in take(&mut table, "tag") {
            if let Value::Table(gates) = gates {
                self.pack.tags.insert(name, gates);
            }
        }
        for (name, series) in take(&mut table, "series") {
            if let Value::Table(series) = series {
                self.pack.series.insert(name, series);
            }
        }
        for (name, map) in take(&mut table, "map") {
            if let Value::Table(map) = map {
                self.map(
                    name,
                    map.into_iter().filter_map(|(canonical, vendor)| Some((canonical, vendor.as_str()?.to_owned()))).collect(),
                    false,
                );
            }
        }
        for (purpose, shape) in take(&mut table, "password") {
            self.shape(purpose, &shape, &source.path);
        }
        if let Some(Value::Table(exceptions)) = take(&mut table, "vocabulary").remove("exceptions") {
            self.pack.exceptions.extend(exceptions.into_iter().filter_map(|(name, source)| Some((name, source.as_str()?.to_owned()))));
        }
        self.pack.defaults.extend(PackDefaults::read(source, self.diagnostics));
        if let Some(Value::Array(files)) = table.remove("file") {
            files.into_iter().for_each(|file| self.file_row(file, &source.path));
        }
    }

    fn shape(&mut self, purpose: String, shape: &Value, path: &Arc<str>) {
        let usual = Shape::default();
        let alphabet = shape.get("alphabet").and_then(Value::as_str).unwrap_or(&usual.alphabet).to_owned();
        let length = shape.get("length").and_then(Value::as_integer).unwrap_or(16);
        if !alphabet.is_ascii() || alphabet.len() < 2 || !(4..=64).contains(&length) {
            return self.bad(path, format!("the shape of password `{purpose}` needs an ASCII alphabet and a length of 4 to 64"));
        }
        self.pack.passwords.insert(purpose, Shape { alphabet, length: length as usize });
    }

    fn file_row(&mut self, file: Value, path: &Arc<str>) {
        let Value::Table(fields) = file else { return };
        let same = |known: &Table| known.get("id") == fields.get("id") && fields.get("id").is_some();
        match self.files.iter_mut().find(|(known, _)| same(known)) {
            Some((known, place)) => {
                known.extend(fields);
                *place = path.clone();
            }
            None => self.files.push((fields, path.clone())),
        }
    }

    fn map(&mut self, name: String, pairs: Vec<(String, String)>, many_to_one: bool) {
        let before = self.pack.maps.get(&name).map(|map| known_pairs(map)).unwrap_or_default();
        let own: Vec<(String, String)> =
            before.into_iter().filter(|(canonical, _)| !pairs.iter().any(|(own, _)| own == canonical)).collect();
        self.pack.maps.insert(name, Arc::new(Map::new(pairs.into_iter().chain(own)).allowing_many_to_one(many_to_one)));
    }

    fn map_file(&mut self, source: &PackSource, inner: &str) {
        let name = inner.trim_start_matches("maps/");
        if let Some(name) = name.strip_suffix(".tsv") {
            let lines = source.text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
            let pairs = lines.filter_map(|line| line.split_once('\t')).map(|(canonical, vendor)| (canonical.to_owned(), vendor.to_owned()));
            return self.map(name.to_owned(), pairs.collect(), source.text.lines().any(|line| line.trim() == "# many-to-one"));
        }
        self.bad(&source.path, "a map is a .tsv file: canonical TAB vendor");
    }

    fn model_rows(&mut self, table: Table, source: &PackSource) {
        self.pack.defaults.extend(PackDefaults::read(source, self.diagnostics));
        for (kind, rows) in table {
            let place = match kind.as_str() {
                "family" => &mut self.families,
                "model" if self.inheriting => continue,
                "model" => &mut self.models,
                _ => {
                    self.bad(&source.path, format!("models.toml has no `{kind}`"));
                    continue;
                }
            };
            if let Value::Table(rows) = rows {
                place.extend(rows.into_iter().filter_map(|(name, row)| match row {
                    Value::Table(row) => Some((name, row)),
                    _ => None,
                }));
            }
        }
    }

    fn keys(&mut self, mut table: Table, _: &PackSource) {
        self.pack.key_fields.extend(take(&mut table, "fields"));
        let Some(Value::Array(types)) = table.remove("type") else { return };
        let own = types.into_iter().filter_map(|row| match row {
            Value::Table(row) => Some(row),
            _ => None,
        });
        self.pack.key_types = own.chain(std::mem::take(&mut self.pack.key_types)).collect();
    }

    fn finish(&mut self) {
        for (short, row) in std::mem::take(&mut self.models) {
            let model = self.model(&short, row);
            if model.families.iter().any(|family| !self.families.contains_key(family)) {
                let path: Arc<str> = format!("vendors/{}/models.toml", self.pack.id).into();
                self.bad(&path, format!("model `{short}` names a family that is not there"));
            }
            self.pack.models.insert(short, model);
        }
        self.check_gates();
        for (fields, path) in std::mem::take(&mut self.files) {
            match FileSpec::read(fields, &path) {
                Ok(file) => self.pack.files.push(file),
                Err(message) => self.bad(&path, message),
            }
        }
    }

    /// A gate with a name that is not there never opens, and its row would be missing without a word.
    fn check_gates(&mut self) {
        let classes = &crate::settings::Registry::get().known("device.class").values;
        let knows = |field: &str, name: &str| match field {
            "family" => self.families.contains_key(name),
            "model" => self.pack.extends || self.pack.models.contains_key(name),
            "tag" => self.pack.tags.contains_key(name),
            _ => classes.iter().any(|class| class == name),
        };
        let mut found = Vec::new();
        for row in self.pack.rows.iter().filter(|row| !row.inherited) {
            found.extend(bad_gate(&row.fields, &knows).map(|message| row.bad(message)));
        }
        let place = |file: &str| -> Arc<str> { format!("vendors/{}/{file}", self.pack.id).into() };
        let gates = self.pack.tags.values().map(|gates| (gates, place("vendor.toml")));
        let gates = gates.chain(self.pack.key_types.iter().map(|row| (row, place("keys.toml"))));
        let when = |(fields, path): &'_ (Table, Arc<str>)| Some((fields.get("when")?.as_table()?.clone(), path.clone()));
        let when: Vec<(Table, Arc<str>)> = self.files.iter().filter_map(when).collect();
        let gates = gates.chain(when.iter().map(|(gates, path)| (gates, path.clone())));
        for (fields, path) in gates {
            found.extend(bad_gate(fields, &knows).map(|message| bad_at(&path, 0..0, message)));
        }
        self.diagnostics.extend(found);
    }

    fn model(&mut self, short: &str, row: Table) -> Model {
        let mut families = Vec::new();
        let mut merged = row;
        let mut next = merged.get("family").and_then(Value::as_str).map(str::to_owned);
        while let Some(family) = next.filter(|family| !families.contains(family)) {
            let above = self.families.get(&family).cloned().unwrap_or_default();
            next = above.get("extends").and_then(Value::as_str).map(str::to_owned);
            inherit(&mut merged, above);
            families.push(family);
        }
        let text = |name: &str| merged.get(name).and_then(Value::as_str).map(str::to_owned);
        let list = |name: &str| merged.get(name).map(|value| texts(value).map(str::to_owned).collect()).unwrap_or_default();
        let facts = Facts::read(&merged).unwrap_or_else(|message| {
            let path: Arc<str> = format!("vendors/{}/models.toml", self.pack.id).into();
            self.bad(&path, format!("model `{short}`: {message}"));
            Facts::default()
        });
        Model {
            id: format!("{}/{short}", self.pack.id),
            name: text("name").unwrap_or_else(|| short.to_owned()),
            aliases: list("aliases"),
            families,
            class: text("class").unwrap_or_else(|| "deskphone".to_owned()),
            numbers: numbers(&merged),
            module: text("module"),
            capabilities: list("capabilities"),
            firmware: text("firmware"),
            source: text("source"),
            confidence: text("confidence"),
            contacts: merged.get("contacts").and_then(Value::as_integer).and_then(|count| usize::try_from(count).ok()),
            facts,
        }
    }
}

fn known_pairs(map: &Map) -> Vec<(String, String)> {
    let special = [("*", map.other()), ("", map.unset())];
    let special = special.into_iter().filter_map(|(name, word)| Some((name.to_owned(), word?.to_owned())));
    map.entries().iter().cloned().chain(special).collect()
}

fn take(table: &mut Table, name: &str) -> Table {
    match table.remove(name) {
        Some(Value::Table(inner)) => inner,
        _ => Table::new(),
    }
}

fn inherit(row: &mut Table, above: Table) {
    for (name, value) in above {
        match (row.get_mut(&name), value) {
            (None, value) => _ = row.insert(name, value),
            (Some(Value::Table(own)), Value::Table(value)) => inherit(own, value),
            (Some(Value::Array(own)), Value::Array(value)) if name == "capabilities" => own.extend(value),
            _ => {}
        }
    }
}

/// All integers of a model row, those of inner tables as `keys.line`.
fn numbers(row: &Table) -> BTreeMap<String, i64> {
    let mut numbers = BTreeMap::new();
    for (name, value) in row {
        match value {
            Value::Integer(number) => _ = numbers.insert(name.clone(), *number),
            Value::Table(inner) => {
                numbers.extend(inner.iter().filter_map(|(part, value)| Some((format!("{name}.{part}"), value.as_integer()?))))
            }
            _ => {}
        }
    }
    numbers
}

/// A finding at a place of a pack's file.
pub fn bad_at(path: &Arc<str>, span: Range<usize>, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::VENDOR_BAD_PACK, message).at(path, span, "here")
}

//! A pack specialized for one model and firmware: every row at every index, once, so that a device only computes values.
//! `specialize` makes it.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::codec::{Codec, Map};
use super::file_spec::FileSpec;
use super::json::JsonShape;
use super::keys::KeyTable;
use super::lens::Lens;
use super::limit::Limit;
use super::lines::LinesShape;
use super::pack::Pack;
use super::path::Get;
use super::series::Series;
use super::specialize::{Specialized, specialize};
use super::xml::XmlShape;
use super::{Model, Version};
use crate::diagnostic::Diagnostic;
use crate::settings::{Registry, Role, Sensitivity, Setting, SettingId, Subject};

/// What a model of a vendor is told, and how.
pub struct Plan {
    /// Its pack.
    pub pack: Arc<Pack>,
    /// The model.
    pub model: Model,
    /// The firmware that the files are written for.
    pub firmware: Option<Version>,
    /// Rows that hold for the model.
    pub rows: Vec<Row>,
    /// Its files in the order that the phone asks.
    pub files: Vec<FilePlan>,
    /// Its key types.
    pub keys: KeyTable,
    pub(super) series: Vec<Series>,
    pub(super) limits: Vec<Limit>,
    reads: Vec<bool>,
}

/// A row for this model.
pub struct Row {
    /// The pack's file.
    pub path: Arc<str>,
    /// The row in it.
    pub span: Range<usize>,
    /// Where its value comes from.
    pub(super) value: Source,
    /// What is written where there is no value.
    pub absent: Option<String>,
    pub(super) conditions: Vec<(Get, Condition)>,
    pub(super) forbid: String,
    /// Whether it is read back.
    pub readable: bool,
    /// The harm its value can do.
    pub sensitivity: Sensitivity,
    /// Where the fact comes from.
    pub source: Option<String>,
    /// The list that its series walks.
    pub(super) item: Option<SettingId>,
}

pub(super) enum Source {
    Constant(String),
    Setting(Get, Spell),
    Format(Lens<Get>),
    Field(usize),
}

#[derive(Default)]
pub(super) struct Spell {
    pub(super) codecs: Vec<Codec>,
    pub(super) map: Option<Arc<Map>>,
    pub(super) join: Option<String>,
    /// What stands before and after a joined list.
    pub(super) around: (String, String),
    pub(super) item: Option<Lens<Get>>,
}

#[derive(Clone)]
pub(super) enum Condition {
    Set,
    Unset,
    Is(String),
    /// One of these; the empty one stands for unset.
    Among(Vec<String>),
}

/// A file of the model.
pub struct FilePlan {
    /// What the pack says of it.
    pub spec: FileSpec,
    /// Its parameters in their order.
    pub entries: Vec<Entry>,
    pub(super) blocks: Vec<Block>,
    pub(super) shape: FileShape,
    /// How it says "the phone's own default".
    pub reset: Option<String>,
    /// Vocabularies hold the names without their section.
    pub(super) leaf_names: bool,
    /// Where a raw parameter that no row writes lands.
    pub(super) raw: String,
    /// Without these settings the device has no such file.
    pub(super) conditions: Vec<(Get, Condition)>,
    pub(super) name: Vec<NamePiece>,
}

pub(super) enum FileShape {
    Lines(LinesShape),
    Xml(XmlShape),
    Json(JsonShape),
    Template,
}

/// A row at one index.
pub struct Entry {
    /// Which row.
    pub row: u32,
    /// The parameter's name.
    pub name: String,
    /// The name as vocabularies hold it, integers folded.
    pub folded: String,
}

/// The rows of a group at one place of its series.
pub(super) struct Block {
    pub(super) steps: Vec<(u16, u16)>,
    pub(super) entries: Range<u32>,
}

pub(super) enum NamePiece {
    Literal(String),
    Id,
    UpperId,
    /// The identifier two characters at a time.
    Pairs {
        upper: bool,
        between: String,
    },
    Customer,
}

impl Plan {
    /// Specializes a pack. Findings are about the pack.
    pub fn compile(pack: &Arc<Pack>, model: &Model, firmware: Option<Version>, diagnostics: &mut Vec<Diagnostic>) -> Plan {
        let Specialized { rows, files, keys, series, reads } = specialize(pack, model, firmware.as_ref(), diagnostics);
        let mut plan = Plan { pack: pack.clone(), model: model.clone(), firmware, rows, files, keys, series, limits: Vec::new(), reads };
        if !plan.written_rows().any(|row| matches!(row.value, Source::Field(_))) {
            plan.keys = KeyTable::default();
        }
        plan.note_reads();
        plan.limits = plan.find_limits();
        plan
    }

    /// Whether any row or template of the model reads a setting.
    pub fn reads(&self, id: SettingId) -> bool {
        self.reads[id.0 as usize]
    }

    /// Whether a row's value is made of a setting, or of one that follows from it.
    pub fn row_reads(&self, row: &Row, id: SettingId) -> bool {
        let name = &Registry::get().setting(id).name;
        let reads = |own: SettingId| own == id || sources_of(&Registry::get().setting(own).name).contains(&name.as_str());
        row.item == Some(id) || self.gets(row).into_iter().filter_map(Get::setting).any(reads)
    }

    /// The settings that a row's value is made of.
    pub fn row_settings(&self, row: &Row) -> BTreeSet<SettingId> {
        self.gets(row).into_iter().filter_map(Get::setting).chain(row.item).collect()
    }

    fn gets(&self, row: &Row) -> Vec<Get> {
        match &row.value {
            Source::Setting(get, spell) => std::iter::once(get).chain(spell.item.iter().flat_map(|item| item.holes())).copied().collect(),
            Source::Format(lens) => lens.holes().into_iter().copied().collect(),
            Source::Field(column) => (0..5)
                .flat_map(|area| self.keys.in_area(area))
                .filter_map(|kind| kind.columns[*column].as_ref())
                .flat_map(|lens| lens.holes())
                .copied()
                .collect(),
            Source::Constant(_) => Vec::new(),
        }
    }

    /// Rows that stand in a file: not those that this pack's vocabulary or the model's numbers leave out.
    fn written_rows(&self) -> impl Iterator<Item = &Row> {
        let mut written = vec![false; self.rows.len()];
        self.files.iter().flat_map(|file| &file.entries).for_each(|entry| written[entry.row as usize] = true);
        self.rows.iter().zip(written).filter_map(|(row, written)| written.then_some(row))
    }

    fn note_reads(&mut self) {
        let mut read: BTreeSet<SettingId> = BTreeSet::new();
        for row in self.written_rows() {
            read.extend(row.conditions.iter().filter_map(|(get, _)| get.setting()));
            read.extend(self.row_settings(row));
        }
        let named = self.files.iter().flat_map(|file| &file.spec.uses).filter_map(|name| Get::parse(name, None).ok());
        read.extend(named.filter_map(Get::setting));
        for id in read {
            self.reads[id.0 as usize] = true;
            for source in sources_of(&Registry::get().setting(id).name) {
                self.reads[Registry::get().known(source).id.0 as usize] = true;
            }
        }
    }
}

/// The settings that a derived one follows from.
fn sources_of(name: &str) -> &'static [&'static str] {
    match name {
        _ if name.starts_with("time.") && Registry::get().known(name).role == Role::Derived => &["time.zone"],
        "prov.poll.spread" => &["prov.poll.window.start", "prov.poll.window.end", "prov.poll.window.days"],
        "prov.poll.mode" => {
            &["prov.poll.at_boot", "prov.poll.interval", "prov.poll.window.days", "prov.poll.window.start", "prov.poll.window.end"]
        }
        "phonebook.base" | "phonebook.contacts" | "phonebook.url" => &["phonebook.url"],
        "firmware.base" | "firmware.file" | "firmware.url" => &["firmware.url", "firmware.version"],
        "line.route.host" => &["line.outbound_proxy.host", "line.registrar.host", "line.domain"],
        "line.route.port" => &["line.outbound_proxy.port", "line.registrar.port"],
        "line.uri" | "line.ha1" => &["line.user", "line.domain", "line.auth_user", "line.password"],
        "key.pickup_number" => &["key.pickup", "key.value", "feature.codes.pickup.direct"],
        "key.pickup" => &["feature.codes.pickup.direct"],
        "line.registrar.backups[].host" | "line.registrar.backups[].port" => &["line.registrar.backups"],
        _ if name.starts_with("dial.rules") || name.starts_with("dial.templates") => &["dial.plan"],
        "ui.powersave.duration" => &["ui.powersave.start", "ui.powersave.end"],
        "media.rtp_ports.count" => &["media.rtp_ports.start", "media.rtp_ports.end"],
        _ => &[],
    }
}

/// The setting that a fleet writes for this one: of an entry of a derived list, the one that the list follows from.
pub(super) fn written_as(setting: &Setting) -> &str {
    match sources_of(&setting.name) {
        [source] if setting.subject == Subject::Item && setting.role == Role::Derived => source,
        _ => &setting.name,
    }
}

impl FilePlan {
    /// The values of a setting that it asks for by name.
    pub fn asks_for(&self, id: SettingId) -> impl Iterator<Item = &str> {
        self.conditions.iter().filter(move |(get, _)| get.setting() == Some(id)).filter_map(|(_, condition)| match condition {
            Condition::Is(value) => Some(value.as_str()),
            Condition::Set | Condition::Unset | Condition::Among(_) => None,
        })
    }

    /// Whether its parameters come from rows.
    pub fn is_table(&self) -> bool {
        !matches!(self.shape, FileShape::Template)
    }

    /// The file's name for a device, or for a customer's phone book.
    pub fn name(&self, id: &str, customer: &str) -> String {
        let mut name = String::new();
        for piece in &self.name {
            match piece {
                NamePiece::Literal(text) => name.push_str(text),
                NamePiece::Id => name.push_str(id),
                NamePiece::UpperId => name.push_str(&id.to_uppercase()),
                NamePiece::Pairs { upper, between } => {
                    let id = if *upper { id.to_uppercase() } else { id.to_owned() };
                    let pairs: Vec<&str> = (0..id.len()).step_by(2).filter_map(|at| id.get(at..(at + 2).min(id.len()))).collect();
                    name.push_str(&pairs.join(between));
                }
                NamePiece::Customer => name.push_str(&customer.replace('/', "-")),
            }
        }
        name
    }
}

impl Row {
    /// The row with another constant.
    pub(super) fn saying(&self, constant: String) -> Row {
        Row {
            path: self.path.clone(),
            span: self.span.clone(),
            value: Source::Constant(constant),
            absent: self.absent.clone(),
            conditions: self.conditions.clone(),
            forbid: self.forbid.clone(),
            source: self.source.clone(),
            ..*self
        }
    }
}

impl Source {
    pub(super) fn sensitivity(&self, keys: &KeyTable) -> Sensitivity {
        let of = |get: &Get| get.setting().map_or(Sensitivity::Public, |id| Registry::get().setting(id).sensitivity);
        match self {
            Source::Constant(_) => Sensitivity::Public,
            Source::Setting(get, _) => of(get),
            Source::Format(lens) => lens.holes().into_iter().map(of).max().unwrap_or(Sensitivity::Public),
            Source::Field(column) => {
                let lenses = (0..5).flat_map(|area| keys.in_area(area)).filter_map(|row| row.columns[*column].as_ref());
                lenses.flat_map(|lens| lens.holes()).map(of).max().unwrap_or(Sensitivity::Public)
            }
        }
    }
}

//! The rows of `registry.toml`, indexed.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// Index of a setting in the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SettingId(pub u16);

/// The row of a setting that the code relies on, looked up once a place.
#[macro_export]
macro_rules! known {
    ($name:literal) => {{
        static SETTING: std::sync::OnceLock<&'static $crate::settings::Setting> = std::sync::OnceLock::new();
        *SETTING.get_or_init(|| $crate::settings::Registry::get().known($name))
    }};
}

/// Most characters of a text whose row says nothing.
const LONGEST: i64 = 2048;

/// What a setting describes; each subject numbers its own slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The device as a whole.
    Device,
    /// One SIP account.
    Line,
    /// One key.
    Key,
    /// One DECT handset.
    Handset,
    /// One analogue port.
    Port,
    /// One door relay.
    Relay,
    /// One entry of a list of tables.
    Item,
}

/// Where a setting may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// Once a device.
    Device,
    /// Once a device, and again in a line that wants it otherwise.
    Both,
}

/// Who sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A fleet, for phones.
    Setting,
    /// A fleet: it tells where a line, a key or a part of the device is, and a pack's series count by it.
    Place,
    /// A field of the device record.
    Identity,
    /// Nobody: it is computed.
    Derived,
    /// A fleet, for the compiler; no phone reads it.
    Sipress,
}

/// How much harm a value does in the wrong hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sensitivity {
    /// None.
    Public,
    /// Little: how the fleet is built.
    Internal,
    /// It tells of people.
    Personal,
    /// It is money.
    Secret,
}

/// The type of a setting's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A node with parts below it.
    Table,
    /// true or false.
    Bool,
    /// A whole number in a unit.
    Int,
    /// Text.
    String,
    /// One of the row's values.
    Enum,
    /// A host name or address.
    Host,
    /// An IP address.
    Ip,
    /// A network.
    Cidr,
    /// A port, 1 to 65535.
    Port,
    /// An absolute URL.
    Url,
    /// A picture or a ring: a file of the fleet, or an absolute URL.
    Asset,
    /// An IANA time zone.
    Zone,
    /// A BCP 47 language.
    Language,
    /// An ISO 3166 country.
    Country,
    /// HH:MM.
    Clock,
    /// What a phone dials.
    Dial,
    /// A digit map, RFC 3435.
    #[serde(rename = "digitmap")]
    DigitMap,
    /// A SIP user part.
    Extension,
    /// A DiffServ code point, 0 to 63.
    Dscp,
    /// A VLAN id, 1 to 4094.
    Vlan,
    /// A list of tables.
    Records,
    /// Free keys to text.
    Map,
}

/// One row.
#[derive(Debug)]
pub struct Setting {
    /// Its index.
    pub id: SettingId,
    /// Its TOML path, which is its name everywhere.
    pub name: String,
    /// The type of its value.
    pub kind: Kind,
    /// An ordered list of that type.
    pub list: bool,
    /// Where it may be written.
    pub reach: Reach,
    /// Who sets it.
    pub role: Role,
    /// The harm it can do.
    pub sensitivity: Sensitivity,
    /// The unit of a number.
    pub unit: Option<String>,
    /// Smallest number.
    pub min: Option<i64>,
    /// Largest number, longest text, or most entries of a list.
    pub max: Option<i64>,
    /// Values of an enumeration.
    pub values: Vec<String>,
    /// What true and false stand for in an enumeration.
    pub bool_values: Option<(String, String)>,
    /// One line of documentation.
    pub doc: String,
    /// Title of its area.
    pub area: String,
    /// What it describes.
    pub subject: Subject,
    /// Its slot among the settings of its subject; of a `both` setting, its slot in the device.
    pub slot: u16,
    /// The slot in the line of a `both` setting.
    pub line_slot: Option<u16>,
}

impl Setting {
    /// Whether a fleet writes it.
    pub fn is_written(&self) -> bool {
        matches!(self.role, Role::Setting | Role::Place | Role::Sipress)
    }

    /// The smallest and the largest number.
    pub fn range(&self) -> (i64, i64) {
        match self.kind {
            Kind::Port => (1, 65535),
            Kind::Dscp => (0, 63),
            Kind::Vlan => (1, 4094),
            _ => (self.min.unwrap_or(i64::MIN), self.max.unwrap_or(i64::MAX)),
        }
    }

    /// Most characters of a text.
    pub fn max_chars(&self) -> usize {
        self.max.filter(|_| !self.list).unwrap_or(LONGEST) as usize
    }

    /// Most entries of a list.
    pub fn max_items(&self) -> Option<usize> {
        self.max.filter(|_| self.list && self.kind != Kind::Int).map(|max| max as usize)
    }
}

/// All settings.
pub struct Registry {
    settings: Vec<Setting>,
    by_name: BTreeMap<String, SettingId>,
    sizes: [u16; 7],
    root: Node,
}

/// A node of the tree of names.
#[derive(Default)]
pub struct Node {
    /// The setting of this very name.
    pub setting: Option<SettingId>,
    /// What comes below.
    pub children: BTreeMap<String, Node>,
}

impl Node {
    /// The node below that a table may hold: it is, or leads to, a setting that is allowed there.
    pub fn offered(&self, name: &str, allowed: &dyn Fn(&Setting) -> bool) -> Option<&Node> {
        let is_record = name.ends_with("[]");
        self.children.get(name).filter(|child| !is_record && child.leads_to(allowed))
    }

    fn leads_to(&self, allowed: &dyn Fn(&Setting) -> bool) -> bool {
        let own = self.setting.map(|id| Registry::get().setting(id)).filter(|setting| setting.kind != Kind::Table);
        own.is_some_and(allowed) || self.children.values().any(|child| child.leads_to(allowed))
    }
}

#[derive(Deserialize)]
struct File {
    area: Vec<Area>,
}

#[derive(Deserialize)]
struct Area {
    title: String,
    settings: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(default)]
    list: bool,
    reach: Option<Reach>,
    role: Option<Role>,
    sensitivity: Option<Sensitivity>,
    unit: Option<String>,
    min: Option<i64>,
    max: Option<i64>,
    #[serde(default)]
    values: Vec<String>,
    #[serde(rename = "bool")]
    bool_values: Option<BTreeMap<String, String>>,
    doc: String,
}

impl Registry {
    /// The registry of this binary.
    pub fn get() -> &'static Registry {
        static REGISTRY: OnceLock<Registry> = OnceLock::new();
        REGISTRY.get_or_init(|| Registry::from_toml(include_str!("registry.toml")))
    }

    fn from_toml(text: &str) -> Registry {
        let file: File = toml::from_str(text).expect("registry.toml is tested");
        let mut registry = Registry { settings: Vec::new(), by_name: BTreeMap::new(), sizes: [0; 7], root: Node::default() };
        for area in file.area {
            for row in area.settings {
                registry.add(row, &area.title);
            }
        }
        registry
    }

    fn add(&mut self, row: Row, area: &str) {
        let id = SettingId(self.settings.len() as u16);
        let subject = subject_of(&row.name);
        let slot = self.next_slot(subject);
        let reach = row.reach.unwrap_or(Reach::Device);
        let line_slot = (reach == Reach::Both).then(|| self.next_slot(Subject::Line));
        let node = row.name.split('.').fold(&mut self.root, |node, part| node.children.entry(part.to_owned()).or_default());
        node.setting = Some(id);
        self.by_name.insert(row.name.clone(), id);
        let bool_values = row.bool_values.map(|values| (values["true"].clone(), values["false"].clone()));
        self.settings.push(Setting {
            id,
            name: row.name,
            kind: row.kind,
            list: row.list,
            reach,
            role: row.role.unwrap_or(Role::Setting),
            sensitivity: row.sensitivity.unwrap_or(Sensitivity::Internal),
            unit: row.unit,
            min: row.min,
            max: row.max,
            values: row.values,
            bool_values,
            doc: row.doc,
            area: area.to_owned(),
            subject,
            slot,
            line_slot,
        });
    }

    fn next_slot(&mut self, subject: Subject) -> u16 {
        let size = &mut self.sizes[subject as usize];
        *size += 1;
        *size - 1
    }

    /// The row of an index.
    pub fn setting(&self, id: SettingId) -> &Setting {
        &self.settings[id.0 as usize]
    }

    /// The row of a name.
    pub fn find(&self, name: &str) -> Option<&Setting> {
        self.by_name.get(name).map(|id| self.setting(*id))
    }

    /// The row of a name that the code itself relies on.
    pub fn known(&self, name: &str) -> &Setting {
        self.find(name).unwrap_or_else(|| panic!("the registry lacks {name}"))
    }

    /// All rows in their order.
    pub fn all(&self) -> &[Setting] {
        &self.settings
    }

    /// How many slots a subject has.
    pub fn size(&self, subject: Subject) -> usize {
        self.sizes[subject as usize] as usize
    }

    /// The tree of names.
    pub fn root(&self) -> &Node {
        &self.root
    }
}

fn subject_of(name: &str) -> Subject {
    if name.contains("[].") {
        return Subject::Item;
    }
    match name.split('.').next() {
        Some("line") => Subject::Line,
        Some("key") if !name.starts_with("key.softkeys") && name != "key.layout_ref" && !name.starts_with("key.blf") => Subject::Key,
        Some("handset") => Subject::Handset,
        Some("port") => Subject::Port,
        Some("relay") => Subject::Relay,
        _ => Subject::Device,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_sound() {
        let registry = Registry::get();
        for setting in registry.all() {
            assert_eq!(registry.find(&setting.name).map(|found| found.id), Some(setting.id), "{} stands twice", setting.name);
            assert!(!setting.doc.is_empty(), "{} has no documentation", setting.name);
            assert_eq!(
                setting.kind == Kind::Enum,
                !setting.values.is_empty() && setting.kind != Kind::Map,
                "{}: values belong to enumerations",
                setting.name
            );
            if let Some((parent, _)) = setting.name.rsplit_once('.') {
                let parent = parent.trim_end_matches("[]");
                if let Some(above) = registry.find(parent) {
                    assert!(matches!(above.kind, Kind::Table | Kind::Records), "{parent} has parts and is no table");
                }
            }
        }
    }

    #[test]
    fn a_line_may_override_what_reaches_both() {
        let registry = Registry::get();
        assert!(registry.known("media.codecs").line_slot.is_some());
        assert!(registry.known("time.zone").line_slot.is_none());
        assert_eq!(registry.known("line.registrar.backups[].host").subject, Subject::Item);
    }
}

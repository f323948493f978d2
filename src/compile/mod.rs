//! A unit of work from its files to its bytes: load, resolve, check, render, hand over.

mod asset;
mod device;
mod made_of;
mod meter;
mod place;
mod unit;

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use jiff::civil::Date;

use crate::asset::Store;
use crate::diagnostic::Diagnostic;
use crate::load::{Files, Tree};
use crate::render::Templates;
use crate::resolve::Fleet;
use crate::secret::FleetKey;
use crate::settings::{FileId, Sensitivity};
use crate::vendor::{Model, Pack, Packs, Plan, Version};

pub use device::{Compiled, OutFile};
pub use made_of::MadeOf;
pub use meter::{Meter, Pass};
pub use place::Locator;
pub use unit::{Worker, compile};

/// What all units of a run share.
pub struct Context<'g> {
    /// The tree.
    pub tree: &'g Tree,
    /// The fleet's own files.
    pub fleet: Fleet<'g>,
    /// The packs.
    pub packs: &'g Packs,
    /// Numbers of the packs' files.
    pub pack_files: HashMap<Arc<str>, FileId>,
    /// Paths of the packs' files, after those of the tree.
    pub files: Files,
    /// The fleet's key.
    pub key: FleetKey,
    /// The day of the build.
    pub as_of: Date,
    /// Names of all customers.
    pub customers: Vec<String>,
    /// Plans, each made once.
    pub plans: Plans,
    /// Templates, each parsed once.
    pub templates: Templates,
    /// Pictures and rings, each made once.
    pub assets: Store,
}

/// Plans by model and firmware.
#[derive(Default)]
pub struct Plans {
    made: Mutex<HashMap<(String, String), Arc<Plan>>>,
    diagnostics: Mutex<BTreeMap<String, Vec<Diagnostic>>>,
}

impl Plans {
    /// The plan of a model with a firmware.
    pub fn get(&self, pack: &Arc<Pack>, model: &Model, firmware: Option<&str>) -> Arc<Plan> {
        let firmware = firmware.or(model.firmware.as_deref());
        let key = (model.id.clone(), firmware.unwrap_or_default().to_owned());
        if let Some(plan) = self.made.lock().ok().and_then(|made| made.get(&key).cloned()) {
            return plan;
        }
        let mut diagnostics = Vec::new();
        let version = firmware.map(|text| Version::parse(text, pack.firmware_prefix));
        let plan = Arc::new(Plan::compile(pack, model, version, &mut diagnostics));
        if let Ok(mut found) = self.diagnostics.lock() {
            found.insert(format!("{}\u{0}{}", key.0, key.1), diagnostics);
        }
        match self.made.lock() {
            Ok(mut made) => made.entry(key).or_insert(plan).clone(),
            Err(_) => plan,
        }
    }

    /// What is wrong with the packs of the plans that were made.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.diagnostics.lock().map(|found| found.values().flatten().cloned().collect()).unwrap_or_default()
    }
}

/// A setting that a model does not read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Ignored {
    /// Where it is set.
    pub path: String,
    /// The byte there.
    pub at: u32,
    /// The setting.
    pub setting: String,
    /// The model.
    pub model: String,
    /// Whether it is set for this device, line or model alone.
    pub narrow: bool,
    /// The entries of a list that are lost; empty where the model does not read the setting at all.
    pub lost: Vec<String>,
    /// Whether anything of the list is left.
    pub left: bool,
}

/// An identifier and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Identified {
    /// Canonical spelling.
    pub id: String,
    /// The hardware address inside a version 1 UUID.
    pub node: Option<String>,
    /// The file.
    pub path: String,
    /// The bytes in it.
    pub span: (usize, usize),
    /// The customer.
    pub customer: String,
}

/// What became of a unit.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The customer.
    pub customer: String,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
    /// Its devices.
    pub identified: Vec<Identified>,
    /// Settings that its models do not read.
    pub ignored: Vec<Ignored>,
    /// How many devices it has.
    pub devices: usize,
    /// Paths below `site/`, for rules that cross units.
    pub paths: Vec<String>,
    /// Names of the raw parameters of devices that have some.
    pub raw: BTreeMap<String, Vec<String>>,
    /// The files that were read, and what each held as a number.
    pub contents: Vec<(FileId, u64)>,
    /// Files below `devices/` that settings name.
    pub assets: Vec<String>,
    /// What the files of each device are made of; not of those in whose files something was found.
    pub made_of: BTreeMap<String, MadeOf>,
}

/// Takes the files of a unit as they are made.
pub trait Sink {
    /// A file of the site is ready.
    fn take(&mut self, file: &OutFile<'_>, bytes: &[u8]) -> std::io::Result<()>;

    /// Whether files may be taken over, so that it is worth knowing what they are made of.
    fn remembers(&self) -> bool {
        false
    }

    /// What the files of a device were made of in the last build, where they may be taken over.
    fn last_made_of(&self, _device: &str) -> Option<MadeOf> {
        None
    }

    /// Takes exactly these files of a device of this vendor over from the last build, and tells how sensitive each is.
    /// `None`: make them.
    fn carry(&mut self, _device: &str, _vendor: &str, _paths: &[String]) -> std::io::Result<Option<Vec<Sensitivity>>> {
        Ok(None)
    }

    /// Who wants to hear which pass the unit is in.
    fn meter(&self) -> Option<Rc<dyn Meter>> {
        None
    }
}

impl Sink for () {
    fn take(&mut self, _: &OutFile<'_>, _: &[u8]) -> std::io::Result<()> {
        Ok(())
    }
}

/// Whether a sensitivity may stand under an open path.
pub fn is_harmless(sensitivity: Sensitivity) -> bool {
    sensitivity <= Sensitivity::Internal
}

//! What went into a unit: equal means that nothing need be read.

use sha2::{Digest, Sha256};

use super::Project;
use crate::compile::Context;
use crate::load::{FileKind, Folder, Stamp};
use crate::resolve::Unit;

/// What stands for the compiler among the inputs.
const SIPRESS: &str = "sipress itself";

/// Names this build of the compiler.
const BUILD: &str = env!("SIPRESS_BUILD");

/// What went into units: a number for each input, told apart by what it is and what it holds.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// The numbers, in the order in which the inputs are visited.
    pub numbers: Vec<u64>,
    /// The latest change of a file among them.
    pub latest: i128,
    /// Sipress and the packs as one number: what the same settings are made into.
    pub shapes: u64,
}

impl Inputs {
    fn add(&mut self, digest: [u8; 32]) {
        self.numbers.push(u64::from_le_bytes([digest[0], digest[1], digest[2], digest[3], digest[4], digest[5], digest[6], digest[7]]));
    }

    /// What all units share.
    pub fn shared(project: &Project, context: &Context<'_>) -> Inputs {
        let mut inputs = Inputs::default();
        each_shared(project, context, &mut |name, digest| {
            inputs.add(digest);
            if name == SIPRESS || name.starts_with("vendors/") {
                inputs.shapes = inputs.shapes.rotate_left(7) ^ inputs.numbers[inputs.numbers.len() - 1];
            }
        });
        inputs
    }

    /// The same with what one unit is made of.
    pub fn with(&self, unit: &Unit<'_>) -> Inputs {
        let mut inputs = self.clone();
        for file in unit.files() {
            inputs.add(stamp(&file.path, &file.stamp));
            inputs.latest = inputs.latest.max(file.stamp.mtime).max(file.stamp.ctime);
        }
        inputs
    }
}

/// What each input of a unit is called, in the order of [`Inputs::numbers`].
pub fn names(project: &Project, context: &Context<'_>, unit: &Unit<'_>) -> Vec<String> {
    let mut names = Vec::new();
    each_shared(project, context, &mut |name, _| names.push(name.to_owned()));
    names.extend(unit.files().iter().map(|file| file.path.to_string()));
    names
}

fn each_shared(project: &Project, context: &Context<'_>, visit: &mut dyn FnMut(&str, [u8; 32])) {
    let mut plain =
        |name: &str, value: &[u8]| visit(name, Sha256::new().chain_update(name).chain_update([0]).chain_update(value).finalize().into());
    plain(SIPRESS, BUILD.as_bytes());
    plain("the day", context.as_of.to_string().as_bytes());
    plain("the key", &context.key.fingerprint());
    plain("the list of customers", context.customers.join("\0").as_bytes());
    for source in &project.own_packs {
        plain(&source.path, source.text.as_bytes());
    }
    scopes(&project.tree.devices, visit);
}

/// The files above customers.
fn scopes(folder: &Folder, visit: &mut dyn FnMut(&str, [u8; 32])) {
    let above = [FileKind::Fleet, FileKind::Packages, FileKind::Firmware, FileKind::Msp];
    for file in folder.files.iter().filter(|file| above.contains(&file.kind)) {
        visit(&file.path, stamp(&file.path, &file.stamp));
    }
    if !folder.files.iter().any(|file| file.kind == FileKind::Customer) {
        folder.folders.iter().for_each(|inner| scopes(inner, visit));
    }
}

fn stamp(path: &str, stamp: &Stamp) -> [u8; 32] {
    let mut record = [0u8; 48];
    record[..8].copy_from_slice(&stamp.size.to_le_bytes());
    record[8..24].copy_from_slice(&stamp.mtime.to_le_bytes());
    record[24..40].copy_from_slice(&stamp.ctime.to_le_bytes());
    record[40..].copy_from_slice(&stamp.inode.to_le_bytes());
    Sha256::new().chain_update((path.len() as u32).to_le_bytes()).chain_update(path).chain_update(record).finalize().into()
}

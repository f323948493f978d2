//! What went into a unit: equal means that nothing need be read.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::Project;
use crate::compile::Context;
use crate::load::{FileKind, Folder, Stamp, content};
use crate::resolve::Unit;
use crate::settings::FileId;

/// What stands for the compiler among the inputs.
const SIPRESS: &str = "sipress itself";

/// What stands for the day of the build.
pub const DAY: &str = "the day";

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
        self.numbers.push(number(digest));
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

/// What units are made of, for people: each input's name, and its content as a number.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// In the order of [`Inputs::numbers`].
    pub inputs: Vec<(String, u64)>,
}

impl Contents {
    /// What all units share.
    pub fn shared(project: &Project, context: &Context<'_>) -> Contents {
        let mut contents = Contents::default();
        each_shared(project, context, &mut |name, digest| {
            let sum = if name.starts_with("devices/") { of_file(project, name) } else { number(digest) };
            contents.inputs.push((name.to_owned(), sum));
        });
        contents
    }

    /// The same with what one unit is made of; a file that is not among those that were read counts as empty.
    pub fn with(&self, unit: &Unit<'_>, read: &[(FileId, u64)]) -> Contents {
        let read: HashMap<FileId, u64> = read.iter().copied().collect();
        let own = unit.files().into_iter().map(|file| (file.path.to_string(), read.get(&file.id).copied().unwrap_or_default()));
        Contents { inputs: self.inputs.iter().cloned().chain(own).collect() }
    }

    /// The same, read from the disk.
    pub fn of_disk(&self, project: &Project, unit: &Unit<'_>) -> Contents {
        let read: Vec<(FileId, u64)> = unit.files().iter().map(|file| (file.id, of_file(project, &file.path))).collect();
        self.with(unit, &read)
    }
}

fn of_file(project: &Project, path: &str) -> u64 {
    std::fs::read(project.root.join(path)).map_or(0, |bytes| content(&bytes))
}

fn each_shared(project: &Project, context: &Context<'_>, visit: &mut dyn FnMut(&str, [u8; 32])) {
    let mut plain =
        |name: &str, value: &[u8]| visit(name, Sha256::new().chain_update(name).chain_update([0]).chain_update(value).finalize().into());
    plain(SIPRESS, BUILD.as_bytes());
    plain(DAY, context.as_of.to_string().as_bytes());
    plain("the key", &context.key.fingerprint());
    plain("the list of customers", context.customers.join("\0").as_bytes());
    for source in &project.own_packs {
        plain(&source.path, source.text.as_bytes());
    }
    scopes(&project.tree.devices, visit);
}

fn number(digest: [u8; 32]) -> u64 {
    u64::from_le_bytes([digest[0], digest[1], digest[2], digest[3], digest[4], digest[5], digest[6], digest[7]])
}

/// The files above customers.
fn scopes(folder: &Folder, visit: &mut dyn FnMut(&str, [u8; 32])) {
    let above = [FileKind::Fleet, FileKind::Packages, FileKind::Firmware, FileKind::Msp, FileKind::Asset];
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

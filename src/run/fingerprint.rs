//! What went into a unit, as one hash: equal means that nothing need be read.

use sha2::{Digest, Sha256};

use super::Project;
use crate::compile::Context;
use crate::load::{FileKind, Folder, Stamp};
use crate::resolve::Unit;

/// Names this build of the compiler.
const BUILD: &str = env!("SIPRESS_BUILD");

/// The hash over what all units share.
pub fn shared(project: &Project, context: &Context<'_>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(BUILD);
    hasher.update(context.as_of.to_string());
    hasher.update(context.key.fingerprint());
    for source in &project.own_packs {
        hasher.update(source.path.as_bytes());
        hasher.update(Sha256::digest(source.text.as_bytes()));
    }
    for customer in &context.customers {
        hasher.update(customer.as_bytes());
        hasher.update([0]);
    }
    scopes(&project.tree.devices, &mut hasher);
    hasher.finalize().into()
}

/// The files above customers.
fn scopes(folder: &Folder, hasher: &mut Sha256) {
    for file in
        folder.files.iter().filter(|file| matches!(file.kind, FileKind::Fleet | FileKind::Packages | FileKind::Firmware | FileKind::Msp))
    {
        stamp(&file.path, &file.stamp, hasher);
    }
    if !folder.files.iter().any(|file| file.kind == FileKind::Customer) {
        folder.folders.iter().for_each(|inner| scopes(inner, hasher));
    }
}

/// The hash over a unit's files and what is shared, and the latest change among them.
pub fn of_unit(shared: &[u8; 32], unit: &Unit<'_>) -> ([u8; 32], i128) {
    let mut hasher = Sha256::new();
    hasher.update(shared);
    let mut latest = 0;
    for file in unit.files() {
        stamp(&file.path, &file.stamp, &mut hasher);
        latest = latest.max(file.stamp.mtime).max(file.stamp.ctime);
    }
    (hasher.finalize().into(), latest)
}

fn stamp(path: &str, stamp: &Stamp, hasher: &mut Sha256) {
    let mut record = [0u8; 48];
    record[..8].copy_from_slice(&stamp.size.to_le_bytes());
    record[8..24].copy_from_slice(&stamp.mtime.to_le_bytes());
    record[24..40].copy_from_slice(&stamp.ctime.to_le_bytes());
    record[40..].copy_from_slice(&stamp.inode.to_le_bytes());
    hasher.update((path.len() as u32).to_le_bytes());
    hasher.update(path.as_bytes());
    hasher.update(record);
}

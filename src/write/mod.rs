//! From finished files to the output folder, as a transaction: the old site or the new one is there, never a mixture for good.
//!
//! An [`Output`] is opened, each customer is either [kept](Output::keep_unit) or written through a [`UnitWriter`], and the
//! whole is [committed](Output::commit). A customer that is neither kept nor written is gone, and so are its files.

mod collision;
mod commit;
mod damage;
mod disk;
mod hex;
mod journal;
mod last;
mod lock;
mod manifest;
mod memory;
mod output;
mod path;
mod previous;
mod private;
mod shard_name;
#[cfg(test)]
mod tests;
mod transition;
mod unit;
mod written;

use std::fmt;
use std::io;

pub use collision::{Claim, collisions};
pub use damage::Damage;
pub use hex::{decode as from_hex, encode as to_hex};
pub use last::LastUnit;
pub use manifest::{Customer, Entry, Root, SCHEMA, Stamp, parse_shard, shard_json};
pub use output::Output;
pub use path::OutPath;
pub use shard_name::shard_path;
pub use unit::{Meta, UnitWriter};

use crate::diagnostic::Diagnostic;

/// The version that manifests and caches name.
pub const COMPILER: &str = env!("CARGO_PKG_VERSION");

/// The root of the manifest, from the output folder.
pub const ROOT_FILE: &str = "manifest.json";

/// What a build did to the site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that were not there before.
    pub new: u64,
    /// Files that have other bytes than before.
    pub changed: u64,
    /// Files that were not touched.
    pub unchanged: u64,
    /// Files that are no longer part of the site.
    pub removed: u64,
    /// The bytes of the new and the changed files.
    pub bytes: u64,
}

impl Summary {
    fn add(&mut self, other: &Summary) {
        self.new += other.new;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.removed += other.removed;
        self.bytes += other.bytes;
    }
}

/// Why nothing was written.
#[derive(Debug)]
pub enum WriteError {
    /// Something in the output folder, or among the files to be written, forbids it.
    Refused(Vec<Diagnostic>),
    /// The file system does not let us. The message names the file.
    Io(io::Error),
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> WriteError {
        WriteError::Io(error)
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::Io(error) => error.fmt(f),
            WriteError::Refused(findings) => {
                let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
                f.write_str(&messages.join("\n"))
            }
        }
    }
}

impl std::error::Error for WriteError {}

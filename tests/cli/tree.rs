//! What lies in a folder, to be compared with what lay there before.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::fleet::files;

/// A file as it was.
#[derive(Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// When it was changed, in nanoseconds.
    pub mtime: i128,
    /// Its permissions.
    pub mode: u32,
}

/// All files below a folder, as they were.
#[derive(Clone, PartialEq, Eq)]
pub struct Tree {
    leaves: BTreeMap<String, Leaf>,
}

impl Tree {
    /// Looks at a folder.
    pub fn of(folder: &Path) -> Tree {
        let leaf = |path: &Path| {
            let meta = fs::symlink_metadata(path).expect("a file");
            Leaf {
                bytes: fs::read(path).expect("a file"),
                mtime: i128::from(meta.mtime()) * 1_000_000_000 + i128::from(meta.mtime_nsec()),
                mode: meta.mode() & 0o777,
            }
        };
        let name = |path: &Path| {
            let path = path.strip_prefix(folder).expect("below the folder");
            path.to_str().expect("UTF-8").to_owned()
        };
        let files = files(folder);
        let leaves = files.iter().map(|path| (name(path), leaf(path)));
        Tree { leaves: leaves.collect() }
    }

    /// The files' paths, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.leaves.keys().map(String::as_str)
    }

    /// Each file's path and bytes.
    pub fn contents(&self) -> BTreeMap<&str, &[u8]> {
        let leaves = self.leaves.iter();
        leaves.map(|(path, leaf)| (path.as_str(), leaf.bytes.as_slice())).collect()
    }

    /// A file.
    pub fn get(&self, path: &str) -> Option<&Leaf> {
        self.leaves.get(path)
    }

    /// What became of the files since: `+` new, `-` gone, `~` other bytes, `t` touched only.
    pub fn changes(&self, later: &Tree) -> Vec<String> {
        let mut paths: Vec<&str> = self.paths().chain(later.paths()).collect();
        paths.sort_unstable();
        paths.dedup();
        let change = |path: &&str| match (self.get(path), later.get(path)) {
            (None, Some(_)) => Some("+"),
            (Some(_), None) => Some("-"),
            (Some(old), Some(new)) if old.bytes != new.bytes => Some("~"),
            (Some(old), Some(new)) if old != new => Some("t"),
            _ => None,
        };
        let changes = paths.iter().filter_map(|path| Some(format!("{} {path}", change(path)?)));
        changes.collect()
    }
}

//! A fleet in a folder of its own, and what is typed in it.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::call::Call;
use crate::tree::Tree;

/// The key that the calls have unless they say otherwise.
pub const KEY: &str = "5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e";

/// Another key.
pub const OTHER_KEY: &str = "0ddba11e0ddba11e0ddba11e0ddba11e0ddba11e0ddba11e0ddba11e0ddba11e";

const ACMEPHONE: &[(&str, &str)] = &[
    ("vendor.toml", include_str!("pack/acmephone/vendor.toml")),
    ("models.toml", include_str!("pack/acmephone/models.toml")),
    ("parameters.toml", include_str!("pack/acmephone/parameters.toml")),
    ("keys.toml", include_str!("pack/acmephone/keys.toml")),
    ("book.tera", include_str!("pack/acmephone/book.tera")),
    ("vocabulary.txt", include_str!("pack/acmephone/vocabulary.txt")),
];

const SMALL: &[(&str, &str)] = &[
    ("fleet.toml", include_str!("small/fleet.toml")),
    ("packages.toml", include_str!("small/packages.toml")),
    ("acme/customer.toml", include_str!("small/acme.toml")),
    ("acme/extensions.toml", include_str!("small/extensions.toml")),
    ("acme/phonebook.toml", include_str!("small/phonebook.toml")),
    ("acme/reception.toml", include_str!("small/reception.toml")),
    ("acme/london/site.toml", include_str!("small/london.toml")),
    ("acme/london/desks.toml", include_str!("small/desks.toml")),
    ("north/msp.toml", include_str!("small/msp.toml")),
    ("north/bakery/customer.toml", include_str!("small/bakery.toml")),
    ("north/bakery/till.toml", include_str!("small/till.toml")),
    ("stock/spare.toml", include_str!("small/spare.toml")),
];

/// A folder that holds, or shall hold, a fleet.
pub struct Fleet {
    folder: TempDir,
}

impl Fleet {
    /// Nothing yet.
    pub fn empty() -> Fleet {
        Fleet { folder: tempfile::tempdir().expect("a folder") }
    }

    /// Two customers, one of them of an MSP, four phones and a spare one, and a vendor pack of its own.
    pub fn small() -> Fleet {
        let fleet = Fleet::empty();
        for (path, text) in SMALL {
            fleet.write(&format!("devices/{path}"), text);
        }
        for (path, text) in ACMEPHONE {
            fleet.write(&format!("vendors/acmephone/{path}"), text);
        }
        fleet
    }

    /// A copy of a fleet's sources, its files made in this order.
    pub fn copy(root: &Path, order: impl FnOnce(&mut Vec<PathBuf>)) -> Fleet {
        let fleet = Fleet::empty();
        let sources = ["devices", "vendors"].map(|folder| root.join(folder));
        let mut files: Vec<PathBuf> = sources.iter().flat_map(|source| files(source)).collect();
        order(&mut files);
        for file in files {
            let path = file.strip_prefix(root).expect("below the root");
            let place = fleet.root().join(path);
            fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
            fs::copy(&file, place).expect("a copy");
        }
        fleet
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// A path in the folder.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// Writes a file.
    pub fn write(&self, path: &str, text: &str) -> &Fleet {
        let place = self.path(path);
        fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        fs::write(place, text).expect(path);
        self
    }

    /// Replaces a text in a file, which has to be there.
    pub fn edit(&self, path: &str, from: &str, to: &str) -> &Fleet {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from:?}");
        self.write(path, &text.replace(from, to))
    }

    /// Removes a file.
    pub fn remove(&self, path: &str) -> &Fleet {
        fs::remove_file(self.path(path)).expect(path);
        self
    }

    /// The text of a file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Whether a file is there.
    pub fn has(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    /// A JSON file.
    pub fn json(&self, path: &str) -> serde_json::Value {
        serde_json::from_str(&self.read(path)).expect(path)
    }

    /// All files below a folder as they are now.
    pub fn tree(&self, path: &str) -> Tree {
        Tree::of(&self.path(path))
    }

    /// A command line, split at its spaces.
    pub fn sipress(&self, line: &str) -> Call<'_> {
        Call::new(self.root(), line)
    }

    /// Builds, and expects that to succeed.
    pub fn build(&self) -> &Fleet {
        self.sipress("build -q").any_stderr().run();
        self
    }

    /// The manifest's root.
    pub fn manifest_root(&self) -> String {
        let manifest = self.json("out/manifest.json");
        manifest["root"].as_str().expect("a root").to_owned()
    }

    /// The path below `out/` of the only file of this name in the site.
    pub fn served(&self, name: &str) -> String {
        let tree = self.tree("out");
        let mut found = tree.paths().filter(|path| path.starts_with("site/") && path.rsplit('/').next() == Some(name));
        let path = found.next().unwrap_or_else(|| panic!("no {name} in the site"));
        assert_eq!(found.next(), None, "{name} is there twice");
        format!("out/{path}")
    }
}

/// All files below a folder, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = Vec::new();
    for path in entries.map(|entry| entry.path()) {
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

//! What earlier runs left: whose files are ours, and how far they can be trusted.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::damage::Damage;
use super::disk::{self, at};
use super::journal;
use super::manifest::{Customer, Root, parse_shard};
use super::memory::Memory;
use super::path::OutPath;
use super::shard_name::{customer_of, memory_path, shard_path};

/// The state in which the output folder was found.
pub(super) struct Previous {
    out: PathBuf,
    /// The root of the last run that came to its end.
    pub root: Option<Root>,
    /// The paths that a run which was cut short was about to own.
    pub journal: Vec<OutPath>,
    /// Whether files, shards and root may be of different runs.
    pub cut_short: bool,
    /// Everybody who may have files in the site.
    pub customers: BTreeSet<String>,
    damages: Mutex<BTreeSet<Damage>>,
}

/// A file that is ours.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub path: Box<str>,
    pub sha256: [u8; 32],
    /// The time of change that it had when its bytes were known to be these.
    pub mtime: Option<i64>,
}

impl Previous {
    pub fn read(out: &Path) -> io::Result<Previous> {
        let journal = journal::read(out)?;
        let (root, damage) = match Root::read(out) {
            Ok(root) => (root, None),
            Err(damage) => (None, Some(damage)),
        };
        let mut cut_short = journal.is_some() || damage.is_some();
        let mut customers: BTreeSet<String> = root.iter().flat_map(|root| root.customers.keys().cloned()).collect();
        if cut_short || root.is_none() {
            find_shards(out, "manifest", &mut customers)?;
            cut_short |= root.is_none() && !customers.is_empty();
        }
        Ok(Previous {
            out: out.to_owned(),
            root,
            journal: journal.unwrap_or_default(),
            cut_short,
            customers,
            damages: Mutex::new(damage.into_iter().collect()),
        })
    }

    pub fn damages(&self) -> Vec<Damage> {
        self.damages.lock().expect(UNPOISONED).iter().cloned().collect()
    }

    /// The customer in the root of the last run, where that is the state of the disk.
    pub fn customer(&self, name: &str) -> Option<&Customer> {
        self.root.as_ref().filter(|_| !self.cut_short)?.customers.get(name)
    }

    /// What is remembered of the customer's files, where that is the state of the disk.
    pub fn memory(&self, customer: &str) -> io::Result<Option<Memory>> {
        let (Some(known), Ok(path)) = (self.customer(customer), memory_path(customer)) else {
            return Ok(None);
        };
        let memory = Memory::read(&self.out.join(path))?;
        Ok(memory.filter(|memory| memory.header().shard == known.sha256))
    }

    /// The customer's files, sorted by path.
    pub fn files(&self, customer: &str) -> io::Result<Vec<Known>> {
        if !self.customers.contains(customer) {
            return Ok(Vec::new());
        }
        match self.memory(customer)? {
            Some(memory) => Ok(memory.records().filter_map(known).collect()),
            None => Ok(self.files_of_shard(customer)),
        }
    }

    /// The files in the customer's shard. One that is not the root's still says what we have written.
    fn files_of_shard(&self, customer: &str) -> Vec<Known> {
        let Ok(file) = shard_path(customer) else {
            return Vec::new();
        };
        let known = self.customer(customer).and(self.root.as_ref());
        let problem = known.and_then(|root| root.read_shard(&self.out, customer).err());
        let bytes = fs::read(self.out.join(&file)).unwrap_or_else(|_| b"[]".to_vec());
        let entries = parse_shard(&bytes).map_err(|problem| Damage::new(&file, problem));
        let unreadable = entries.as_ref().err().cloned();
        self.damages.lock().expect(UNPOISONED).extend(problem.or(unreadable));
        let known = |entry: super::Entry| Known { path: entry.path.as_str().into(), sha256: entry.sha256, mtime: None };
        entries.unwrap_or_default().into_iter().map(known).collect()
    }

    /// Visits every path that is ours.
    pub fn each_path(&self, visit: &mut dyn FnMut(&str)) -> io::Result<()> {
        self.journal.iter().for_each(|path| visit(path.as_str()));
        for customer in &self.customers {
            self.files(customer)?.iter().for_each(|file| visit(&file.path));
        }
        Ok(())
    }
}

const UNPOISONED: &str = "nobody panics while holding the list of damages";

fn known(record: super::memory::Record<'_>) -> Option<Known> {
    let sha256 = record.sha256.try_into().ok()?;
    Some(Known { path: record.path.into(), sha256, mtime: record.mtime })
}

/// Adds the customers that have a shard in this folder or below.
fn find_shards(out: &Path, folder: &str, customers: &mut BTreeSet<String>) -> io::Result<()> {
    let path = out.join(folder);
    let listing = match fs::read_dir(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        listing => listing.map_err(at(&path))?,
    };
    for entry in listing {
        let entry = entry.map_err(at(&path))?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let name = format!("{folder}/{name}");
        match disk::stat(&entry.path())?.map(|found| found.kind) {
            Some(disk::Kind::Folder) => find_shards(out, &name, customers)?,
            Some(disk::Kind::File) => customers.extend(customer_of(&name)),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::tests::{Build, files_of};

    #[test]
    fn nothing_is_known_of_an_empty_folder() {
        let out = tempfile::tempdir().unwrap();
        let previous = Previous::read(out.path()).unwrap();
        assert!(previous.root.is_none() && !previous.cut_short && previous.customers.is_empty());
        assert_eq!(previous.files("acme").unwrap(), []);
    }

    #[test]
    fn times_are_remembered_only_as_long_as_memory_and_root_agree() {
        let out = tempfile::tempdir().unwrap();
        Build::new(out.path()).unit("acme", &[("t/a.cfg", "1")]).run().unwrap();
        let mtime = || Previous::read(out.path()).unwrap().files("acme").unwrap()[0].mtime;
        assert!(mtime().is_some());
        fs::write(out.path().join(journal::FILE), "").unwrap();
        assert_eq!(mtime(), None);
        fs::remove_file(out.path().join(journal::FILE)).unwrap();
        fs::remove_dir_all(out.path().join(".cache")).unwrap();
        assert_eq!(mtime(), None);
    }

    #[test]
    fn shards_without_a_root_still_say_what_is_ours() {
        let out = tempfile::tempdir().unwrap();
        Build::new(out.path()).unit("northwind/bakery", &[("t/a.cfg", "1")]).run().unwrap();
        fs::write(out.path().join("manifest.json"), "{").unwrap();
        let previous = Previous::read(out.path()).unwrap();
        assert!(previous.cut_short && previous.damages().len() == 1);
        assert_eq!(previous.files("northwind/bakery").unwrap().len(), 1);
        fs::remove_file(out.path().join("manifest.json")).unwrap();
        assert!(Previous::read(out.path()).unwrap().cut_short);
    }

    #[test]
    fn a_damaged_shard_is_told_and_what_it_owned_is_adopted() {
        let out = tempfile::tempdir().unwrap();
        let build = || Build::new(out.path()).unit("acme", &[("t/a.cfg", "1")]);
        build().run().unwrap();
        let before = files_of(out.path());
        fs::remove_dir_all(out.path().join(".cache")).unwrap();
        fs::write(out.path().join("manifest/acme.json"), "rubbish").unwrap();
        let previous = Previous::read(out.path()).unwrap();
        assert_eq!(previous.files("acme").unwrap(), []);
        assert_eq!(previous.damages()[0].file, "manifest/acme.json");
        assert_eq!(build().run().unwrap().0.unchanged, 1);
        assert_eq!(files_of(out.path()), before);
    }
}

//! The output folder, open for one build.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::damage::Damage;
use super::disk::{self, Access, Kind, at};
use super::manifest::{Customer, Root};
use super::path::OutPath;
use super::previous::Previous;
use super::private::PrivateFile;
use super::transition::{Transition, link_in_the_way};
use super::unit::UnitWriter;
use super::written::Written;
use super::{WriteError, lock};
use crate::diagnostic::Diagnostic;

/// One build's hold on the output folder. Nothing that others can see changes before [`Output::commit`];
/// one that is dropped leaves everything as it was.
pub struct Output {
    pub(super) out: PathBuf,
    pub(super) site: PathBuf,
    /// Where files lie until they are wanted; on the same disk as the site.
    pub(super) stage: PathBuf,
    /// Whether there is no site yet, so that a whole tree can be moved into its place.
    pub(super) fresh: bool,
    /// Whether the system takes bits from the modes of new folders.
    pub(super) exact: bool,
    pub(super) previous: Previous,
    pub(super) units: Mutex<BTreeMap<String, Unit>>,
    pub(super) private: Mutex<Vec<PrivateFile>>,
    numbers: AtomicUsize,
    _lock: File,
}

/// What became of a customer in this build.
pub(super) enum Unit {
    /// Its files are being made.
    Open,
    /// Nothing about it changed.
    Kept(Customer),
    /// Its files are made.
    Written(Box<Written>),
}

impl Output {
    /// Opens the folder, which is created where it is missing, and mends what a killed run left.
    /// While another build has it, waits, and calls `waiting` once before.
    pub fn open(out: &Path, waiting: impl FnOnce()) -> Result<Output, WriteError> {
        if disk::stat(out)?.is_none() {
            std::fs::create_dir_all(out).map_err(at(out))?;
            disk::set_mode(out, Kind::Folder, Access::Public)?;
        }
        disk::make_private(&out.join(".cache"))?;
        let lock = lock::acquire(&out.join(".cache/lock"), waiting)?;
        disk::make_private(&out.join("manifest"))?;
        let site = out.join("site");
        let fresh = match disk::stat(&site)?.map(|found| found.kind) {
            None => true,
            Some(Kind::Folder) => false,
            Some(_) => return Err(WriteError::Refused(vec![link_in_the_way("site")])),
        };
        let stage = out.join(".cache/stage");
        disk::remove_all(&stage)?;
        Ok(Output {
            exact: make_stage(&stage, fresh)?,
            previous: Previous::read(out)?,
            out: out.to_owned(),
            site,
            stage,
            fresh,
            units: Mutex::default(),
            private: Mutex::default(),
            numbers: AtomicUsize::new(0),
            _lock: lock,
        })
    }

    /// The manifest of the last build that came to its end.
    pub fn previous(&self) -> Option<&Root> {
        self.previous.root.as_ref()
    }

    /// What earlier runs left and cannot be trusted. It is mended by the commit, and worth a warning.
    pub fn damages(&self) -> Vec<Damage> {
        self.previous.damages()
    }

    /// Begins to write a customer's files. Each customer is kept or written once in a build.
    pub fn unit(&self, customer: &str) -> io::Result<UnitWriter<'_>> {
        self.enter(customer, Unit::Open)?;
        UnitWriter::new(self, customer)
    }

    /// What forbids the commit, for a run that has other errors and will not come to it.
    pub fn findings(&self) -> io::Result<Vec<Diagnostic>> {
        let units = self.units.lock().expect(UNPOISONED);
        Ok(Transition::plan(self, &units)?.findings)
    }

    /// Whether a customer was left alone in this build.
    pub fn is_kept(&self, customer: &str) -> bool {
        matches!(self.units.lock().expect(UNPOISONED).get(customer), Some(Unit::Kept(_)))
    }

    pub(super) fn place(&self, path: &OutPath) -> PathBuf {
        self.site.join(path.as_str())
    }

    pub(super) fn number(&self) -> usize {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// Enters what becomes of a customer, once.
    pub(super) fn enter(&self, customer: &str, unit: Unit) -> io::Result<()> {
        let mut units = self.units.lock().expect(UNPOISONED);
        if units.contains_key(customer) {
            return Err(io::Error::other(format!("the customer {customer:?} is built twice")));
        }
        units.insert(customer.to_owned(), unit);
        Ok(())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        let _ = disk::remove_all(&self.stage);
    }
}

pub(super) const UNPOISONED: &str = "nobody panics while holding a list of the output";

/// Creates the empty stage, and tells whether the system takes bits from the modes of new folders.
fn make_stage(stage: &Path, fresh: bool) -> io::Result<bool> {
    disk::make_folder(stage, Access::Public, false).map_err(at(stage))?;
    let exact = !disk::stat(stage)?.is_some_and(|found| found.is_for(Access::Public));
    if fresh {
        let tree = stage.join("site");
        disk::make_folder(&tree, Access::Public, exact).map_err(at(&tree))?;
    }
    Ok(exact)
}

#[cfg(test)]
mod tests {
    use crate::write::tests::{Build, files_of, times_of};
    use crate::write::{Meta, OutPath, Output, WriteError};
    use std::fs;

    #[test]
    fn a_build_that_is_dropped_changes_nothing() {
        let out = tempfile::tempdir().unwrap();
        let build = || Build::new(out.path()).unit("acme", &[("t/a.cfg", "1"), ("t/b.cfg", "2")]);
        build().run().unwrap();
        let before = (files_of(out.path()), times_of(out.path()));
        let output = Output::open(out.path(), || ()).unwrap();
        let unit = output.unit("acme").unwrap();
        unit.put(&OutPath::new("t/a.cfg").unwrap(), b"other", Meta::example(None)).unwrap();
        unit.put(&OutPath::new("u/c.cfg").unwrap(), b"new", Meta::example(None)).unwrap();
        unit.finish(1, b"").unwrap();
        drop(output);
        assert_eq!((files_of(out.path()), times_of(out.path())), before);
    }

    #[test]
    fn a_first_build_that_is_dropped_leaves_no_site() {
        let out = tempfile::tempdir().unwrap();
        let output = Output::open(&out.path().join("deep/out"), || ()).unwrap();
        let unit = output.unit("acme").unwrap();
        unit.put(&OutPath::new("t/a.cfg").unwrap(), b"1", Meta::example(None)).unwrap();
        drop(unit);
        drop(output);
        assert!(files_of(&out.path().join("deep/out")).is_empty());
    }

    #[test]
    fn a_customer_is_built_once() {
        let out = tempfile::tempdir().unwrap();
        let output = Output::open(out.path(), || ()).unwrap();
        let _unit = output.unit("acme").unwrap();
        assert!(output.unit("acme").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_site_that_is_a_link_is_refused() {
        let out = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), out.path().join("site")).unwrap();
        assert!(matches!(Output::open(out.path(), || ()), Err(WriteError::Refused(_))));
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_private_can_be_read_by_nobody_else() {
        use std::os::unix::fs::PermissionsExt;
        let out = tempfile::tempdir().unwrap();
        Build::new(&out.path().join("out")).unit("northwind/bakery", &[("t/a.cfg", "1")]).run().unwrap();
        let mode = |path: &str| fs::metadata(out.path().join("out").join(path)).unwrap().permissions().mode() & 0o777;
        for (path, expected) in [
            ("", 0o755),
            ("site", 0o755),
            ("site/t", 0o755),
            ("site/t/a.cfg", 0o644),
            ("manifest.json", 0o600),
            ("manifest", 0o700),
            ("manifest/northwind", 0o700),
            ("manifest/northwind/bakery.json", 0o600),
            (".cache", 0o700),
            (".cache/units/northwind/bakery.files", 0o600),
        ] {
            assert_eq!(mode(path), expected, "{path}");
        }
    }
}

//! Making a finished build visible, in steps after each of which the next run can go on.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::path::PathBuf;

use rayon::prelude::*;

use super::disk::{self, Access, Kind, at};
use super::manifest::{Customer, Root, Stamp};
use super::output::{Output, UNPOISONED, Unit};
use super::path::OutPath;
use super::shard_name::{memory_path, shard_path};
use super::transition::{Transition, Units, each_file};
use super::written::Written;
use super::{ROOT_FILE, Summary, WriteError, journal};

/// A commit under way.
struct Commit<'a> {
    output: &'a Output,
    units: Units,
    transition: Transition,
    root: Root,
}

impl Output {
    /// Makes the site what the customers say, all or nothing: with findings, nothing is changed.
    /// To be called only when the whole run had no errors.
    pub fn commit(self, stamp: &Stamp) -> Result<(Summary, Root), WriteError> {
        let commit = Commit::prepare(&self, stamp)?;
        if !commit.transition.findings.is_empty() {
            return Err(WriteError::Refused(commit.transition.findings));
        }
        match commit.changes_nothing() {
            true => commit.remember()?,
            false => Commit::STEPS.iter().try_for_each(|step| step(&commit))?,
        }
        Ok((commit.summary(), commit.root))
    }
}

impl<'a> Commit<'a> {
    /// The order is the promise: before a file appears, the journal says that it will be ours; before the root names a shard,
    /// shard and files are there; the journal goes last.
    const STEPS: [fn(&Commit<'a>) -> io::Result<()>; 8] = [
        Self::write_journal,
        Self::change_site,
        Self::place_private,
        Self::write_shards,
        Self::write_root,
        Self::forget_the_lost,
        Self::remember,
        Self::end_journal,
    ];

    fn prepare(output: &'a Output, stamp: &Stamp) -> io::Result<Commit<'a>> {
        let units = std::mem::take(&mut *output.units.lock().expect(UNPOISONED));
        let customers: io::Result<BTreeMap<String, Customer>> = units.iter().map(in_root).collect();
        let root = Root::new(stamp, customers?);
        let transition = Transition::plan(output, &units)?;
        Ok(Commit { output, units, transition, root })
    }

    fn written(&self) -> impl Iterator<Item = (&str, &Written)> {
        self.units.iter().filter_map(|(customer, unit)| match unit {
            Unit::Written(written) => Some((customer.as_str(), &**written)),
            _ => None,
        })
    }

    fn changes_nothing(&self) -> bool {
        let quiet = |unit: &Written| unit.moves.is_empty() && unit.modes.is_empty() && unit.shard.is_none();
        !self.output.fresh
            && !self.output.previous.cut_short
            && self.output.previous.root.as_ref() == Some(&self.root)
            && self.transition.removals.is_empty()
            && self.output.private.lock().expect(UNPOISONED).is_empty()
            && self.written().all(|(_, unit)| quiet(unit))
    }

    fn summary(&self) -> Summary {
        let mut summary = Summary { removed: self.transition.removals.len() as u64, ..Summary::default() };
        for unit in self.units.values() {
            match unit {
                Unit::Kept(customer) => summary.unchanged += customer.files,
                Unit::Written(written) => summary.add(&written.summary),
                Unit::Open => {}
            }
        }
        summary
    }

    fn write_journal(&self) -> io::Result<()> {
        let mut lines = String::new();
        let mut line = |path: &str| {
            lines.push_str(path);
            lines.push('\n');
        };
        self.output.previous.journal.iter().for_each(|path| line(path.as_str()));
        match self.output.fresh {
            true => each_file(self.output, &self.units, &mut |claim| line(claim.path))?,
            false => self.written().flat_map(|(_, unit)| &unit.arrivals).for_each(|path| line(path.as_str())),
        }
        journal::write(&self.output.out, &self.output.stage.join("journal"), &lines)
    }

    fn change_site(&self) -> io::Result<()> {
        if self.output.fresh {
            return disk::rename(&self.output.stage.join("site"), &self.output.site);
        }
        if self.transition.removals_first {
            self.remove_files()?;
        }
        self.move_files()?;
        for path in self.written().flat_map(|(_, unit)| &unit.modes) {
            disk::set_mode(&self.output.place(path), Kind::File, Access::Public)?;
        }
        match self.transition.removals_first {
            true => Ok(()),
            false => self.remove_files(),
        }
    }

    fn move_files(&self) -> io::Result<()> {
        let moves: Vec<&(PathBuf, OutPath)> = self.written().flat_map(|(_, unit)| &unit.moves).collect();
        moves.par_iter().with_min_len(64).try_for_each(|(staged, path)| self.move_file(staged, path))
    }

    fn move_file(&self, staged: &PathBuf, path: &OutPath) -> io::Result<()> {
        let target = self.output.place(path);
        match std::fs::rename(staged, &target) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let site = &self.output.site;
                let made = disk::make_folders(site, path.folder(), Access::Public, self.output.exact);
                made.map_err(at(&target))?;
                disk::rename(staged, &target)
            }
            moved => moved.map_err(at(&target)),
        }
    }

    fn remove_files(&self) -> io::Result<()> {
        for path in &self.transition.removals {
            disk::remove_file(&self.output.place(path))?;
            disk::remove_empty_folders(&self.output.site, path.as_str());
        }
        Ok(())
    }

    fn place_private(&self) -> io::Result<()> {
        self.output.place_private()
    }

    fn write_shards(&self) -> io::Result<()> {
        for (_, unit) in self.written() {
            if let (Some(staged), Some(customer)) = (&unit.shard, &unit.customer) {
                self.place_list(staged, &customer.shard)?;
            }
        }
        Ok(())
    }

    fn write_root(&self) -> io::Result<()> {
        if self.output.previous.root.as_ref() == Some(&self.root) {
            return Ok(());
        }
        let staged = self.output.stage.join(ROOT_FILE);
        disk::write_new(&staged, &self.root.to_json(), Access::Private, None).map_err(at(&staged))?;
        disk::rename(&staged, &self.output.out.join(ROOT_FILE))
    }

    /// Removes the lists of customers that are no more.
    fn forget_the_lost(&self) -> io::Result<()> {
        let lost = self.output.previous.customers.iter().filter(|customer| !self.units.contains_key(*customer));
        for list in lost.flat_map(|customer| [shard_path(customer), memory_path(customer)]).flatten() {
            disk::remove_file(&self.output.out.join(&list))?;
            disk::remove_empty_folders(&self.output.out, &list);
        }
        Ok(())
    }

    fn remember(&self) -> io::Result<()> {
        for (customer, unit) in self.written() {
            if let (Some(staged), Ok(home)) = (&unit.memory, memory_path(customer)) {
                self.place_list(staged, &home)?;
            }
        }
        Ok(())
    }

    fn end_journal(&self) -> io::Result<()> {
        journal::remove(&self.output.out)
    }

    /// Moves a private list to where it belongs.
    fn place_list(&self, staged: &PathBuf, home: &str) -> io::Result<()> {
        let target = self.output.out.join(home);
        match std::fs::rename(staged, &target) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let folders = super::path::folders(home);
                folders.skip(1).try_for_each(|folder| disk::make_private(&self.output.out.join(folder)))?;
                disk::rename(staged, &target)
            }
            moved => moved.map_err(at(&target)),
        }
    }
}

/// The customer's line in the root.
fn in_root((name, unit): (&String, &Unit)) -> io::Result<(String, Customer)> {
    let customer = match unit {
        Unit::Kept(customer) => Some(customer),
        Unit::Written(written) => written.customer.as_ref(),
        Unit::Open => None,
    };
    let unfinished = || io::Error::other(format!("the files of the customer {name:?} were not finished"));
    Ok((name.clone(), customer.cloned().ok_or_else(unfinished)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::tests::{Build, files_of, stamp};
    use sha2::{Digest, Sha256};
    use std::path::Path;

    /// Goes some steps of a commit and stops, as a killed run does.
    fn cut_short(build: &Build<'_>, steps: usize) {
        let output = build.prepare().unwrap();
        let commit = Commit::prepare(&output, &stamp()).unwrap();
        Commit::STEPS[..steps].iter().for_each(|step| step(&commit).unwrap());
        std::mem::forget(commit);
        // The lock is given back, the stage stays.
        let Output { stage, .. } = &output;
        let left = stage.with_file_name("left");
        std::fs::rename(stage, &left).unwrap();
        drop(output);
        std::fs::rename(&left, left.with_file_name("stage")).unwrap();
    }

    fn old(out: &Path) -> Build<'_> {
        Build::new(out).unit("acme", &[("t/a.cfg", "1"), ("t/b.cfg", "2"), ("gone", "3")]).unit("lost", &[("l/a", "4")])
    }

    fn new(out: &Path) -> Build<'_> {
        Build::new(out).unit("acme", &[("t/a.cfg", "1"), ("t/b.cfg", "x"), ("n/new", "5")]).unit("beta", &[("b/a", "6")])
    }

    fn other(out: &Path) -> Build<'_> {
        Build::new(out).unit("acme", &[("t/a.cfg", "y"), ("n/new", "z")]).unit("gamma", &[("b/a", "other")])
    }

    #[test]
    fn a_root_never_names_what_is_not_there() {
        for steps in 0..=Commit::STEPS.len() {
            let out = tempfile::tempdir().unwrap();
            let (_, before) = old(out.path()).run().unwrap();
            cut_short(&new(out.path()), steps);
            let root = Root::read(out.path()).unwrap().unwrap();
            if root == before {
                continue;
            }
            for customer in root.customers.keys() {
                for entry in root.read_shard(out.path(), customer).unwrap() {
                    let bytes = std::fs::read(out.path().join("site").join(entry.path.as_str())).unwrap();
                    assert_eq!(entry.sha256, <[u8; 32]>::from(Sha256::digest(bytes)));
                }
            }
        }
    }

    type Make = for<'a> fn(&'a Path) -> Build<'a>;

    fn after_a_clean_run(build: Make) -> BTreeMap<String, String> {
        let out = tempfile::tempdir().unwrap();
        build(out.path()).run().unwrap();
        files_of(out.path())
    }

    #[test]
    fn wherever_a_run_is_cut_short_the_next_one_mends_everything() {
        for steps in 0..=Commit::STEPS.len() {
            for next in [old as Make, new, other] {
                for cache in [true, false] {
                    for site in [true, false] {
                        let out = tempfile::tempdir().unwrap();
                        if site {
                            old(out.path()).run().unwrap();
                        }
                        cut_short(&new(out.path()), steps);
                        if !cache {
                            std::fs::remove_dir_all(out.path().join(".cache")).unwrap();
                        }
                        next(out.path()).run().unwrap();
                        let expected = after_a_clean_run(next);
                        assert_eq!(files_of(out.path()), expected, "{steps} steps, cache {cache}, site {site}");
                        assert!(!out.path().join(".cache/stage").exists());
                    }
                }
            }
        }
    }

    #[test]
    fn a_run_may_be_cut_short_again_and_again() {
        let out = tempfile::tempdir().unwrap();
        old(out.path()).run().unwrap();
        for steps in (1..=Commit::STEPS.len()).rev() {
            cut_short(&new(out.path()), steps);
            cut_short(&other(out.path()), 3);
        }
        old(out.path()).run().unwrap();
        assert_eq!(files_of(out.path()), after_a_clean_run(old));
    }
}

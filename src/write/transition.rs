//! What has to happen to the site, and whether it may.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io;
use std::path::Path;

use super::collision::{Claim, Visit, collisions};
use super::disk::{self, Kind, at};
use super::memory::Memory;
use super::output::{Output, Unit};
use super::path::{OutPath, folders};
use super::previous::Known;
use super::shard_name::memory_path;
use super::written::Written;
use crate::diagnostic::{Code, Diagnostic};

/// The way from the site as it is to the site as it shall be, beyond what each customer knows by itself.
pub(super) struct Transition {
    /// Files that are ours and no longer wanted, sorted.
    pub removals: Vec<OutPath>,
    /// Whether one of them is where a new file or its folder goes.
    pub removals_first: bool,
    /// Why none of it may be done, sorted.
    pub findings: Vec<Diagnostic>,
}

/// The customers of this build.
pub(super) type Units = BTreeMap<String, Unit>;

impl Transition {
    pub fn plan(output: &Output, units: &Units) -> io::Result<Transition> {
        let planner = Planner { output, units };
        let mut findings: Vec<Diagnostic> = planner.written().flat_map(|unit| unit.findings.clone()).collect();
        let removals = planner.removals(&mut findings)?;
        findings.extend(planner.foreign_files()?);
        findings.extend(planner.bad_obstacles(&removals)?);
        findings.extend(planner.collisions()?);
        findings.sort_by(|a, b| a.message.cmp(&b.message));
        findings.dedup();
        let removals_first = planner.written().any(|unit| !unit.obstacles.is_empty());
        Ok(Transition { removals, removals_first, findings })
    }
}

struct Planner<'a> {
    output: &'a Output,
    units: &'a Units,
}

impl<'a> Planner<'a> {
    fn written(&self) -> impl Iterator<Item = &'a Written> {
        self.units.values().filter_map(|unit| match unit {
            Unit::Written(written) => Some(&**written),
            _ => None,
        })
    }

    /// The files that are ours, still there, and of no customer any more.
    fn removals(&self, findings: &mut Vec<Diagnostic>) -> io::Result<Vec<OutPath>> {
        if self.output.fresh {
            return Ok(Vec::new());
        }
        let gone = without(self.gone()?, |remove| self.each_file(&mut |claim| remove(claim.path)))?;
        let mut above = Folders::of(&self.output.site);
        let mut removals = Vec::new();
        for path in gone {
            if let Some((at, kind)) = above.obstacle_above(path.as_str())? {
                findings.extend((kind != Kind::File).then(|| link_in_the_way(&format!("site/{at}"))));
                continue;
            }
            match disk::stat(&self.output.place(&path))?.map(|found| found.kind) {
                Some(Kind::File) => removals.push(path),
                Some(Kind::Link | Kind::Other) => findings.push(link_in_the_way(&format!("site/{path}"))),
                Some(Kind::Folder) | None => {}
            }
        }
        Ok(removals)
    }

    /// The files that a customer no longer has, or that a killed run meant to write.
    fn gone(&self) -> io::Result<Vec<OutPath>> {
        let mut gone = self.output.previous.journal.clone();
        gone.extend(self.written().flat_map(|unit| unit.gone.iter().cloned()));
        let lost = self.output.previous.customers.iter().filter(|customer| !self.units.contains_key(*customer));
        for customer in lost {
            let files = self.output.previous.files(customer)?;
            gone.extend(files.iter().filter_map(|Known { path, .. }| OutPath::new(path).ok()));
        }
        gone.sort();
        gone.dedup();
        Ok(gone)
    }

    /// Files in our way with other bytes than ours, that nobody of ours has written.
    fn foreign_files(&self) -> io::Result<Vec<Diagnostic>> {
        let unknown = self.written().flat_map(|unit| unit.unknown.iter().cloned()).collect();
        let foreign = without(unknown, |remove| self.output.previous.each_path(remove))?;
        Ok(foreign.iter().map(|path| foreign_file(path.as_str())).collect())
    }

    /// Files where folders are needed, and folders where files are, that will not go away by our removals.
    fn bad_obstacles(&self, removals: &[OutPath]) -> io::Result<Vec<Diagnostic>> {
        let obstacles: Vec<&String> = self.written().flat_map(|unit| &unit.obstacles).collect();
        let mut findings = Vec::new();
        for obstacle in obstacles {
            self.look_for_foreign(obstacle, removals, &mut findings)?;
        }
        Ok(findings)
    }

    fn look_for_foreign(&self, at_path: &str, removals: &[OutPath], findings: &mut Vec<Diagnostic>) -> io::Result<()> {
        let place = self.output.site.join(at_path);
        match disk::stat(&place)?.map(|found| found.kind) {
            None => {}
            Some(Kind::Folder) => {
                let names = fs::read_dir(&place).map_err(at(&place))?;
                let names: io::Result<Vec<_>> = names.map(|entry| Ok(entry?.file_name())).collect();
                let names = names.map_err(at(&place))?;
                findings.extend(names.is_empty().then(|| foreign_file(at_path)));
                for name in names {
                    self.look_for_foreign(&format!("{at_path}/{}", name.to_string_lossy()), removals, findings)?;
                }
            }
            Some(_) => {
                let goes = removals.binary_search_by(|path| path.as_str().cmp(at_path)).is_ok();
                findings.extend((!goes).then(|| foreign_file(at_path)));
            }
        }
        Ok(())
    }

    /// Files of two customers in one place. Where nobody has new files, there were none before either.
    fn collisions(&self) -> io::Result<Vec<Diagnostic>> {
        match self.written().any(|unit| unit.grown) {
            true => collisions(|visit| self.each_file(visit)),
            false => Ok(Vec::new()),
        }
    }

    /// Visits all files that the site will have.
    fn each_file(&self, visit: Visit<'_>) -> io::Result<()> {
        each_file(self.output, self.units, visit)
    }
}

/// Visits all files that the site will have. They are read from the customers' memories, so that none stays in ours.
pub(super) fn each_file(output: &Output, units: &Units, visit: Visit<'_>) -> io::Result<()> {
    for (customer, unit) in units {
        let home = || memory_path(customer).map(|path| output.out.join(path)).unwrap_or_default();
        let file = match unit {
            Unit::Open => continue,
            Unit::Kept(_) => home(),
            Unit::Written(written) => written.memory.clone().unwrap_or_else(home),
        };
        let vanished = || io::Error::other(format!("{}: somebody else changed it during the build", file.display()));
        let memory = Memory::read(&file)?.ok_or_else(vanished)?;
        for record in memory.records() {
            visit(Claim { path: record.path, customer, device: None, sha256: record.sha256 });
        }
    }
    Ok(())
}

/// The candidates that `each` does not name.
fn without(candidates: Vec<OutPath>, each: impl FnOnce(&mut dyn FnMut(&str)) -> io::Result<()>) -> io::Result<Vec<OutPath>> {
    if candidates.is_empty() {
        return Ok(candidates);
    }
    let mut left: HashSet<&str> = candidates.iter().map(OutPath::as_str).collect();
    each(&mut |path| {
        left.remove(path);
    })?;
    Ok(candidates.iter().filter(|path| left.contains(path.as_str())).cloned().collect())
}

/// The folders of the site, each looked at once.
pub(super) struct Folders<'a> {
    site: &'a Path,
    fine: HashSet<String>,
}

impl<'a> Folders<'a> {
    pub fn of(site: &'a Path) -> Folders<'a> {
        Folders { site, fine: HashSet::new() }
    }

    /// The first thing above this path that is there and no folder.
    pub fn obstacle_above(&mut self, path: &str) -> io::Result<Option<(String, Kind)>> {
        for folder in folders(path) {
            if self.fine.contains(folder) {
                continue;
            }
            match disk::stat(&self.site.join(folder))?.map(|found| found.kind) {
                None => return Ok(None),
                Some(Kind::Folder) => self.fine.extend([folder.to_owned()]),
                Some(kind) => return Ok(Some((folder.to_owned(), kind))),
            }
        }
        Ok(None)
    }
}

/// The finding about a link, or something else that is neither file nor folder, where we would write.
pub(super) fn link_in_the_way(path: &str) -> Diagnostic {
    let message = format!("`{path}` is a link or a special file, and sipress does not write through such");
    Diagnostic::new(Code::OUTPUT_FOREIGN_FILE, message)
}

fn foreign_file(path: &str) -> Diagnostic {
    let message = format!("`site/{path}` is in the way and was not written by sipress");
    Diagnostic::new(Code::OUTPUT_FOREIGN_FILE, message)
}

//! A customer's files, all made: the lists of them, and what the commit has to do for each.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::Summary;
use super::collision::{Claim, different_content};
use super::disk::{self, Access, Kind, Stat, at};
use super::manifest::{Customer, Entry, shard_json};
use super::memory::{Header, Memory, Record};
use super::output::{UNPOISONED, Unit};
use super::path::OutPath;
use super::previous::Known;
use super::transition::{Folders, link_in_the_way};
use super::unit::UnitWriter;
use crate::diagnostic::Diagnostic;

/// A customer whose files are made.
#[derive(Default)]
pub(super) struct Written {
    pub customer: Option<Customer>,
    /// The staged shard, unless the one in place is right.
    pub shard: Option<PathBuf>,
    /// The staged memory, unless the one in place is right, and where it belongs.
    pub memory: Option<PathBuf>,
    pub memory_home: PathBuf,
    /// Staged files and where they go.
    pub moves: Vec<(PathBuf, OutPath)>,
    /// Files in the site whose modes are to be corrected.
    pub modes: Vec<OutPath>,
    /// Files of the last run that this one does not have.
    pub gone: Vec<OutPath>,
    /// Files that the customer did not have, to be named in the journal; not listed where the whole site is new.
    pub arrivals: Vec<OutPath>,
    /// Whether it has any file that it did not have.
    pub grown: bool,
    /// Files that others may have written.
    pub unknown: Vec<OutPath>,
    /// Paths where something stands that is not what we need there.
    pub obstacles: BTreeSet<String>,
    pub findings: Vec<Diagnostic>,
    pub summary: Summary,
}

/// A file that was put.
pub(super) struct Row {
    pub entry: Entry,
    pub fate: Fate,
}

/// Where a file's bytes are.
pub(super) enum Fate {
    /// In the tree that becomes the site.
    Placed { mtime: i64 },
    /// Somebody else put something there first; whether it is the same is found out later.
    Twin,
    /// In the site already.
    Same { mtime: i64, wrong_mode: bool },
    /// Staged, to be moved into the site.
    Staged { file: PathBuf, mtime: i64, target: Target },
    /// Nowhere, since a link is in the way.
    Refused,
}

/// What stands where a staged file wants to go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Nothing,
    Ours,
    /// A file, and not one that this customer had.
    Unknown,
    Folder,
}

impl UnitWriter<'_> {
    /// Says that all files of the customer were put. `note` is handed back by [`LastUnit::note`](super::LastUnit::note)
    /// as long as these files are what is in the site.
    pub fn finish(self, devices: u64, note: &[u8]) -> io::Result<()> {
        let rows = std::mem::take(&mut *self.rows.lock().expect(UNPOISONED));
        let mut written = Written { memory_home: self.output.out.join(&self.memory), ..Written::default() };
        let rows = self.without_twins(rows, &mut written.findings);
        self.look_at_folders(&rows, &mut written)?;
        self.tell_gone(&rows, &mut written);
        let (entries, fates): (Vec<Entry>, Vec<Fate>) = rows.into_iter().map(|row| (row.entry, row.fate)).unzip();
        self.write_lists(&entries, &fates, devices, note, &mut written)?;
        for (entry, fate) in entries.iter().zip(fates) {
            self.settle(entry, fate, &mut written);
        }
        let mut units = self.output.units.lock().expect(UNPOISONED);
        units.insert(self.customer.clone(), Unit::Written(Box::new(written)));
        Ok(())
    }

    /// Sorts the files, and makes one of those that were put several times with the same bytes.
    fn without_twins(&self, mut rows: Vec<Row>, findings: &mut Vec<Diagnostic>) -> Vec<Row> {
        rows.sort_by(|a, b| a.order().cmp(&b.order()));
        let mut merged: Vec<Row> = Vec::with_capacity(rows.len());
        for row in rows {
            match merged.last_mut().filter(|last| last.entry.path == row.entry.path) {
                None => merged.push(row),
                Some(last) if last.entry.sha256 == row.entry.sha256 => last.merge(row),
                Some(last) => {
                    let claims = [&last.entry, &row.entry].map(|entry| Claim::of(entry, &self.customer));
                    findings.push(different_content(&claims));
                }
            }
        }
        merged
    }

    /// Looks for links and files where the files need folders.
    fn look_at_folders(&self, rows: &[Row], written: &mut Written) -> io::Result<()> {
        if self.output.fresh {
            return Ok(());
        }
        let mut folders = Folders::of(&self.output.site);
        for row in rows {
            match folders.obstacle_above(row.entry.path.as_str())? {
                Some((at, Kind::File)) => written.obstacles.extend([at]),
                Some((at, _)) => written.findings.push(link_in_the_way(&format!("site/{at}"))),
                None => {}
            }
        }
        Ok(())
    }

    /// Lists the files of the last run that this one does not have.
    fn tell_gone(&self, rows: &[Row], written: &mut Written) {
        let is_gone = |known: &&Known| rows.binary_search_by(|row| row.entry.path.as_str().cmp(&known.path)).is_err();
        let gone = self.known.iter().filter(is_gone);
        written.gone = gone.filter_map(|known| OutPath::new(&known.path).ok()).collect();
    }

    /// Stages the shard and what is to be remembered, unless those in place are right.
    fn write_lists(&self, entries: &[Entry], fates: &[Fate], devices: u64, note: &[u8], written: &mut Written) -> io::Result<()> {
        let json = shard_json(entries);
        let sha256 = Sha256::digest(&json).into();
        let (staged, mtime) = self.stage_private(&json, &self.output.out.join(&self.shard))?;
        let header = Header::new(&sha256, json.len() as u64, mtime, note);
        let records = entries.iter().zip(fates).map(|(entry, fate)| Record {
            path: entry.path.as_str(),
            sha256: &entry.sha256,
            size: entry.size,
            mtime: fate.mtime(),
        });
        let memory = Memory::new(&header, records);
        written.memory = self.stage_private(memory.bytes(), &written.memory_home)?.0;
        written.shard = staged;
        let files = entries.len() as u64;
        written.customer = Some(Customer { devices, files, sha256, shard: self.shard.clone() });
        Ok(())
    }

    /// Stages a private file unless it is in place, and returns its time of change.
    fn stage_private(&self, bytes: &[u8], home: &Path) -> io::Result<(Option<PathBuf>, i64)> {
        let found = disk::stat(home)?.filter(|found| found.kind == Kind::File && found.is_for(Access::Private));
        if let Some(found) = found.filter(|found| found.size == bytes.len() as u64)
            && disk::read(home)?.as_deref() == Some(bytes)
        {
            return Ok((None, found.mtime));
        }
        let file = self.output.stage.join(format!("list-{}", self.output.number()));
        let mtime = disk::write_new(&file, bytes, Access::Private, found.map(|found| found.mtime)).map_err(at(&file))?;
        Ok((Some(file), mtime))
    }

    /// Counts a file, and says what the commit has to do for it.
    fn settle(&self, entry: &Entry, fate: Fate, written: &mut Written) {
        let path = &entry.path;
        let was_ours = self.known(path).is_some();
        written.grown |= !was_ours;
        match fate {
            Fate::Same { wrong_mode, .. } => {
                written.summary.unchanged += 1;
                written.modes.extend(wrong_mode.then(|| path.clone()));
                return;
            }
            Fate::Refused => {
                return written.findings.push(link_in_the_way(&format!("site/{path}")));
            }
            Fate::Placed { .. } | Fate::Twin => {}
            Fate::Staged { file, target, .. } => {
                written.moves.push((file, path.clone()));
                written.arrivals.extend((!was_ours).then(|| path.clone()));
                written.unknown.extend((target == Target::Unknown).then(|| path.clone()));
                written.obstacles.extend((target == Target::Folder).then(|| path.to_string()));
            }
        }
        written.summary.new += u64::from(!was_ours);
        written.summary.changed += u64::from(was_ours);
        written.summary.bytes += entry.size;
    }
}

impl Row {
    /// An order that does not depend on who came first.
    fn order(&self) -> (&OutPath, [u8; 32], bool, &Option<Arc<str>>) {
        let bytes_elsewhere = matches!(self.fate, Fate::Twin);
        (&self.entry.path, self.entry.sha256, bytes_elsewhere, &self.entry.device)
    }

    /// Makes one entry of two for the same bytes at the same path.
    fn merge(&mut self, other: Row) {
        let entry = &mut self.entry;
        if entry.device != other.entry.device {
            entry.device = None;
        }
        entry.sensitivity = entry.sensitivity.max(other.entry.sensitivity);
        entry.kind = entry.kind.clone().min(other.entry.kind);
        entry.content_type = entry.content_type.clone().min(other.entry.content_type);
        entry.cache_control = entry.cache_control.clone().min(other.entry.cache_control);
    }
}

impl Fate {
    pub fn same(found: &Stat) -> Fate {
        Fate::Same { mtime: found.mtime, wrong_mode: !found.is_for(Access::Public) }
    }

    fn mtime(&self) -> Option<i64> {
        match self {
            Fate::Placed { mtime } | Fate::Same { mtime, .. } | Fate::Staged { mtime, .. } => Some(*mtime),
            Fate::Twin | Fate::Refused => None,
        }
    }
}

//! The files on the disk against the index.

use gix::bstr::{BString, ByteSlice};
use gix::index::Entry;
use gix::index::entry::stat;
use gix::status::UntrackedFiles;
use gix::status::index_worktree::Item;
use gix::status::plumbing::index_as_worktree::{Change, EntryStatus};

use super::super::Project;
use super::Compared;
use super::wanted::{is_file, reads};
use crate::load::{Folder, Stamp};

impl Compared {
    /// Whether the files that were walked are those of the index, by their stamps alone: a build has looked at each of them already.
    /// A `false` means that git has to be asked.
    pub(super) fn is_as_walked(&self, walked: Option<&Project>) -> bool {
        let Some(project) = walked else { return false };
        let [devices, vendors] = self.wanted.as_slice() else { return false };
        let packs = project.own_packs.iter().map(|source| Some((&*source.path, Stamp::at(&project.root.join(&*source.path))?)));
        let mut files: Vec<Option<(&str, Stamp)>> = packs.collect();
        each(&project.tree.devices, &mut |path, stamp| files.push(Some((path, stamp))));
        let is_same = |file: &Option<(&str, Stamp)>| {
            let (name, stamp) = file.as_ref()?;
            let wanted = if name.starts_with("devices/") { devices } else { vendors };
            let path = [wanted.at.as_slice(), &name.as_bytes()[wanted.name.len()..]].concat();
            self.index.entry_by_path(path.as_bstr()).filter(|entry| is_file(entry) && self.is_fresh(entry, stamp))
        };
        let known = self.wanted.iter().map(|wanted| wanted.files(&self.index).len());
        files.len() == known.sum::<usize>() && files.iter().all(|file| is_same(file).is_some())
    }

    /// Whether a file is the one that git saw when it wrote the index.
    fn is_fresh(&self, entry: &Entry, stamp: &Stamp) -> bool {
        let seen = entry.stat;
        let time = |time: stat::Time| i128::from(time.secs) * 1_000_000_000 + i128::from(time.nsecs);
        let same =
            (time(seen.mtime), time(seen.ctime), seen.ino, seen.size) == (stamp.mtime, stamp.ctime, stamp.inode as u32, stamp.size as u32);
        same && !seen.is_racy(self.index.timestamp(), stat::Options::default())
    }

    /// Whether files differ from the index, or are not in it.
    pub(super) fn files_differ(&self) -> Option<bool> {
        let literal = |at: &BString| BString::from([b":(top,literal)".as_slice(), at].concat());
        let patterns: Vec<BString> = self.wanted.iter().map(|wanted| &wanted.at).filter(|at| !at.is_empty()).map(literal).collect();
        let status = self.repository.status(gix::progress::Discard).ok()?.index_worktree_submodules(None);
        for change in status.untracked_files(UntrackedFiles::Files).into_index_worktree_iter(patterns).ok()? {
            if self.matters(&change.ok()?) {
                return Some(true);
            }
        }
        Some(false)
    }

    fn matters(&self, change: &Item) -> bool {
        let is_file = match change {
            Item::Modification { status: EntryStatus::NeedsUpdate(_), .. } => return false,
            // Another mode of the same bytes.
            Item::Modification { status: EntryStatus::Change(Change::Modification { content_change: None, .. }), .. } => return false,
            Item::Modification { entry, .. } => is_file(entry),
            Item::DirectoryContents { entry, .. } => entry.disk_kind == Some(gix::dir::entry::Kind::File),
            Item::Rewrite { .. } => false,
        };
        self.wanted.iter().filter_map(|wanted| wanted.name_of(change.rela_path())).any(|name| reads(&name, is_file))
    }
}

fn each<'t>(folder: &'t Folder, visit: &mut dyn FnMut(&'t str, Stamp)) {
    folder.files.iter().for_each(|file| visit(&file.path, file.stamp));
    folder.folders.iter().for_each(|inner| each(inner, visit));
}

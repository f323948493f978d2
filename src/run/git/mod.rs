//! The commit that is compiled, for the manifest. Nothing else depends on it.
//!
//! A repository is looked at as if somebody else owned it: its settings start no program and lead to no other place, and so it
//! does not matter who runs the build. Settings of the machine and of its user change nothing.

mod files;
mod wanted;

use std::path::{Path, PathBuf};

use gix::bstr::{BStr, BString};
use gix::discover::upwards;
use gix::index::entry::{Flags, Mode};
use gix::{ObjectId, Repository, sec};

use super::Project;
use wanted::{Wanted, cached_tree, entries, is_file, reads};

/// The commit of the repository that holds a fleet, and whether files that the build reads differ from it: those below `devices/`
/// and `vendors/`, new ones included, ignored ones not. `None` where there is no repository, no commit yet, or nothing readable:
/// a build needs no git. What cannot be compared is taken to differ.
pub fn commit(project: &Project) -> Option<(String, bool)> {
    let root = project.root.canonicalize().ok()?;
    let search = upwards::Options { dot_git_only: true, trust: upwards::TrustPolicy::Assume(sec::Trust::Reduced), ..Default::default() };
    let trust = sec::trust::Mapping { full: options(), reduced: options() };
    let repository = gix::ThreadSafeRepository::discover_opts(&root, search, trust).ok()?.to_thread_local();
    let head = repository.head_id().ok()?.detach();
    let differs = Compared::fleet(repository, root).and_then(|compared| compared.differs(head, Some(project)));
    Some((head.to_string(), differs.unwrap_or(true)))
}

fn options() -> gix::open::Options {
    gix::open::Options::isolated().with(sec::Trust::Reduced)
}

/// A repository whose files are held against its commit.
struct Compared {
    repository: Repository,
    index: gix::worktree::Index,
    /// The top of its files.
    top: PathBuf,
    /// The fleet's root.
    root: PathBuf,
    wanted: Vec<Wanted>,
}

impl Compared {
    /// What the build reads of the repository that holds a fleet.
    fn fleet(repository: Repository, root: PathBuf) -> Option<Compared> {
        let top = repository.workdir()?.canonicalize().ok()?;
        let inside = root.strip_prefix(&top).ok()?;
        let folder = |name: &str| Some(Wanted { at: slashed(&inside.join(name))?, name: name.to_owned() });
        let wanted = vec![folder("devices")?, folder("vendors")?];
        Compared::new(repository, top, root, wanted)
    }

    fn new(repository: Repository, top: PathBuf, root: PathBuf, wanted: Vec<Wanted>) -> Option<Compared> {
        let index = repository.index_or_empty().ok()?;
        Some(Compared { repository, index, top, root, wanted })
    }

    /// Whether anything differs from a commit. A project that was walked saves looking at each file again.
    fn differs(mut self, commit: ObjectId, walked: Option<&Project>) -> Option<bool> {
        Some(self.special_entries()? || self.index_differs(commit)? || !self.is_as_walked(walked) && self.files_differ()?)
    }

    /// Follows links to what else is read, looks into submodules, and finds files that git was told not to look at or not to have.
    fn special_entries(&mut self) -> Option<bool> {
        let unseen = Flags::ASSUME_VALID | Flags::SKIP_WORKTREE;
        let mut next = 0;
        while let Some(wanted) = self.wanted.get(next) {
            let mut links = Vec::new();
            for entry in entries(&self.index, wanted.at.as_ref()).iter().filter(|entry| !is_file(entry) || entry.flags.intersects(unseen)) {
                let path = entry.path(&self.index);
                let Some(name) = wanted.name_of(path).filter(|name| reads(name, is_file(entry))) else { continue };
                match entry.mode {
                    Mode::SYMLINK => links.push((path.to_owned(), name)),
                    Mode::COMMIT if !self.submodule_differs(path, name, entry.id)? => {}
                    _ => return Some(true),
                }
            }
            links.into_iter().for_each(|(path, name)| self.follow(path.as_ref(), name));
            next += 1;
        }
        Some(false)
    }

    /// Adds what a link leads to, unless the build does not follow it or it is there already.
    fn follow(&mut self, link: &BStr, name: String) {
        let real = gix::path::from_bstr(link).ok().and_then(|link| self.top.join(link).canonicalize().ok());
        let at = real.filter(|real| real.starts_with(&self.root)).and_then(|real| slashed(real.strip_prefix(&self.top).ok()?));
        if let Some(at) = at
            && !self.wanted.iter().any(|wanted| wanted.name_of(at.as_ref()).is_some())
        {
            self.wanted.push(Wanted { at, name });
        }
    }

    /// Whether a submodule is at another commit than this or differs from it. One that is not there differs.
    fn submodule_differs(&self, path: &BStr, name: String, commit: ObjectId) -> Option<bool> {
        let top = self.top.join(gix::path::from_bstr(path).ok()?);
        let Ok(repository) = gix::open_opts(&top, options()) else { return Some(true) };
        if repository.head_id().ok()?.detach() != commit {
            return Some(true);
        }
        let wanted = vec![Wanted { at: BString::default(), name }];
        Compared::new(repository, top, self.root.clone(), wanted)?.differs(commit, None)
    }

    /// Whether the index has other files than the commit.
    fn index_differs(&self, commit: ObjectId) -> Option<bool> {
        let tree = self.repository.find_commit(commit).ok()?.tree().ok()?;
        for wanted in &self.wanted {
            let committed = match wanted.at.is_empty() {
                true => Some((tree.id, true)),
                false => {
                    let entry = tree.lookup_entry(wanted.at.split(|byte| *byte == b'/')).ok()?;
                    entry.map(|entry| (entry.object_id(), entry.mode().is_tree()))
                }
            };
            // No fleet is without its `devices/`: in a repository that ignores it, nothing else would tell.
            if committed.is_none() && wanted.name == "devices" {
                return Some(true);
            }
            if committed.is_some_and(|(id, is_tree)| is_tree && cached_tree(&self.index, wanted.at.as_ref()) == Some(id)) {
                continue;
            }
            if wanted.files(&self.index) != self.committed(wanted, committed)? {
                return Some(true);
            }
        }
        Some(false)
    }

    /// The files that a commit has of what is wanted: what is there, a tree or not.
    fn committed(&self, wanted: &Wanted, there: Option<(ObjectId, bool)>) -> Option<Vec<(String, ObjectId)>> {
        let name = wanted.name.clone();
        match there {
            None => Some(Vec::new()),
            Some((id, false)) => Some(vec![(name, id)]),
            Some((id, true)) => {
                let tree = self.repository.index_from_tree(&id).ok()?;
                Some(Wanted { at: BString::default(), name }.files(&tree))
            }
        }
    }
}

fn slashed(path: &Path) -> Option<BString> {
    Some(gix::path::to_unix_separators_on_windows(gix::path::into_bstr(path).ok()?).into_owned())
}

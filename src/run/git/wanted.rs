//! What of a repository a build reads.

use gix::ObjectId;
use gix::bstr::{BStr, BString, ByteSlice};
use gix::index::entry::Mode;
use gix::index::{Entry, State};

use crate::load::is_read;

/// A folder or file of a repository that a build reads.
pub struct Wanted {
    /// Its path from the top of the repository; empty for all of it.
    pub at: BString,
    /// Its path from the fleet's root, as the build knows it.
    pub name: String,
}

impl Wanted {
    /// The path from the fleet's root of a path from the repository's top; `None` for one that is elsewhere.
    pub fn name_of(&self, path: &BStr) -> Option<String> {
        let rest = path.strip_prefix(self.at.as_slice())?;
        match (self.at.is_empty(), rest.first()) {
            (false, None) => Some(self.name.clone()),
            (false, Some(b'/')) => Some(format!("{}{}", self.name, rest.to_str_lossy())),
            (true, Some(_)) => Some(format!("{}/{}", self.name, rest.to_str_lossy())),
            _ => None,
        }
    }

    /// The files of an index that may be read, with their contents.
    pub fn files(&self, index: &State) -> Vec<(String, ObjectId)> {
        let named = entries(index, self.at.as_ref()).iter().filter_map(|entry| {
            let name = self.name_of(entry.path(index))?;
            reads(&name, is_file(entry)).then_some((name, entry.id))
        });
        named.collect()
    }
}

/// Whether a build reads what is at a path from the fleet's root: a file, or what may be a folder, or lead to one.
pub fn reads(name: &str, is_file: bool) -> bool {
    is_read(name) || !is_file && is_read(&format!("{name}/any.toml"))
}

/// Whether an entry is a file, not a link, a submodule or a folder.
pub fn is_file(entry: &Entry) -> bool {
    matches!(entry.mode, Mode::FILE | Mode::FILE_EXECUTABLE)
}

/// The entries of an index at a path and below it.
pub fn entries<'i>(index: &'i State, at: &BStr) -> &'i [Entry] {
    let below = if at.is_empty() { Vec::new() } else { [at.as_bytes(), b"/"].concat() };
    let own = || index.entry_by_path(at).map(std::slice::from_ref);
    index.prefixed_entries(below.as_bstr()).or_else(own).unwrap_or_default()
}

/// The tree that the index is known to have at a path.
pub fn cached_tree(index: &State, at: &BStr) -> Option<ObjectId> {
    let names = at.split(|byte| *byte == b'/').filter(|name| !name.is_empty());
    let tree = names.fold(index.tree(), |tree, name| tree?.children.iter().find(|child| child.name.as_slice() == name))?;
    tree.num_entries.map(|_| tree.id)
}

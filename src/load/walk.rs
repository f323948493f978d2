//! The tree below `devices/`: folders and files, sorted, each file with its kind.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::phonebook::Format;
use super::text::MAX_BYTES;
use crate::diagnostic::{Code, Diagnostic};
use crate::settings::FileId;

/// What a file is, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// fleet.toml
    Fleet,
    /// packages.toml
    Packages,
    /// firmware.toml
    Firmware,
    /// msp.toml
    Msp,
    /// customer.toml
    Customer,
    /// site.toml
    Site,
    /// extensions.toml
    Extensions,
    /// phonebook.toml, .csv, .vcf
    Phonebook(Format),
    /// Any other .toml.
    Device,
    /// Any other file: a picture or a ring, if a setting names it.
    Asset,
}

/// What tells that a file changed without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// Last change of its content, in ns.
    pub mtime: i128,
    /// Last change of its inode, in ns.
    pub ctime: i128,
    /// Inode.
    pub inode: u64,
}

/// A file that is read.
#[derive(Clone, Debug)]
pub struct FileEntry {
    /// Its number in this run.
    pub id: FileId,
    /// Relative to the root, with forward slashes.
    pub path: Arc<str>,
    /// Its kind.
    pub kind: FileKind,
    /// Its stamp.
    pub stamp: Stamp,
}

/// A folder.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// Relative to `devices/`; empty for `devices/` itself.
    pub path: String,
    /// Its files by name.
    pub files: Vec<FileEntry>,
    /// Its folders by name.
    pub folders: Vec<Folder>,
}

/// All files of a run by number.
#[derive(Clone, Debug, Default)]
pub struct Files {
    paths: Vec<Arc<str>>,
}

/// What is below `devices/`.
#[derive(Debug, Default)]
pub struct Tree {
    /// The root of the fleet.
    pub root: PathBuf,
    /// `devices/`.
    pub devices: Folder,
    /// All files.
    pub files: Files,
    /// What is wrong with names, links and sizes.
    pub diagnostics: Vec<Diagnostic>,
}

impl Files {
    /// Numbers a file.
    pub fn add(&mut self, path: Arc<str>) -> FileId {
        self.paths.push(path);
        FileId(self.paths.len() as u32 - 1)
    }

    /// The path of a number.
    pub fn path(&self, id: FileId) -> Option<&Arc<str>> {
        self.paths.get(id.0 as usize)
    }
}

impl Tree {
    /// Walks `root/devices`. Files are numbered in the order of their paths.
    pub fn walk(root: &Path) -> Tree {
        let canonical = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let walker = Walker { root: &canonical };
        let (mut devices, diagnostics) = walker.folder(&root.join("devices"), "", 0);
        let mut files = Files::default();
        number(&mut devices, &mut files);
        Tree { root: root.to_owned(), devices, files, diagnostics }
    }
}

impl Tree {
    /// How many device files there are.
    pub fn devices_count(&self) -> usize {
        self.devices.count()
    }
}

impl Folder {
    fn count(&self) -> usize {
        self.files.iter().filter(|file| file.kind == FileKind::Device).count() + self.folders.iter().map(Folder::count).sum::<usize>()
    }
}

fn number(folder: &mut Folder, files: &mut Files) {
    for file in &mut folder.files {
        file.id = files.add(file.path.clone());
    }
    folder.folders.iter_mut().for_each(|inner| number(inner, files));
}

impl FileKind {
    /// The kind of a file of this name in this place.
    fn of(name: &str, at_root: bool) -> FileKind {
        match name {
            "fleet.toml" if at_root => FileKind::Fleet,
            "packages.toml" if at_root => FileKind::Packages,
            "firmware.toml" if at_root => FileKind::Firmware,
            "fleet.toml" | "packages.toml" | "firmware.toml" => FileKind::Asset,
            "msp.toml" => FileKind::Msp,
            "customer.toml" => FileKind::Customer,
            "site.toml" => FileKind::Site,
            "extensions.toml" => FileKind::Extensions,
            _ => match Format::of_file(name) {
                Some(format) => FileKind::Phonebook(format),
                None if name.ends_with(".toml") => FileKind::Device,
                None => FileKind::Asset,
            },
        }
    }
}

/// Files that no phone is given, whatever a setting says.
const PROSE: [&str; 2] = [".md", ".txt"];

/// Whether a build may read a file of this path from the root: one below `devices/` or `vendors/` that is not hidden.
pub fn is_read(path: &str) -> bool {
    let names: Vec<&str> = path.split('/').collect();
    let is_hidden = names.iter().any(|name| name.starts_with(HIDDEN));
    match names.as_slice() {
        _ if is_hidden => false,
        ["vendors", _, ..] => true,
        ["devices", .., name] => !PROSE.iter().any(|end| name.ends_with(end)),
        _ => false,
    }
}

struct Walker<'w> {
    root: &'w Path,
}

const DEEPEST: usize = 64;

/// Names that begin with one of these are skipped.
const HIDDEN: [char; 2] = ['.', '_'];

impl Walker<'_> {
    fn folder(&self, place: &Path, path: &str, depth: usize) -> (Folder, Vec<Diagnostic>) {
        let mut folder = Folder { path: path.to_owned(), ..Folder::default() };
        let mut diagnostics = Vec::new();
        let mut inner = Vec::new();
        for name in names(place, path, &mut diagnostics) {
            match self.entry(place, path, &name, &mut diagnostics) {
                Some(Entry::File(file)) => folder.files.push(file),
                Some(Entry::Folder(place, path)) if depth < DEEPEST => inner.push((place, path)),
                Some(Entry::Folder(_, path)) => {
                    diagnostics.push(Diagnostic::new(Code::FILE_BAD_NAME, format!("folders are nested more than {DEEPEST} deep")).at(
                        &relative(&path),
                        0..0,
                        "",
                    ))
                }
                None => {}
            }
        }
        let found: Vec<(Folder, Vec<Diagnostic>)> = inner.par_iter().map(|(place, path)| self.folder(place, path, depth + 1)).collect();
        for (folder_inside, found) in found {
            folder.folders.push(folder_inside);
            diagnostics.extend(found);
        }
        (folder, diagnostics)
    }

    fn entry(&self, place: &Path, path: &str, name: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Entry> {
        let inner = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
        let shown = relative(&inner);
        let full = place.join(name);
        let mut refuse = |code: Code, message: String, help: &str| {
            diagnostics.push(Diagnostic::new(code, message).at(&shown, 0..0, "").help(help));
            None
        };
        let kind = match fs::symlink_metadata(&full) {
            Ok(kind) => kind,
            Err(error) => return refuse(Code::FILE_UNREADABLE, format!("cannot be read: {error}"), "mend its permissions or remove it"),
        };
        let meta = if kind.file_type().is_symlink() {
            match full.canonicalize().and_then(|target| Ok((fs::metadata(&target)?, target))) {
                Ok((meta, target)) if target.starts_with(self.root) => meta,
                _ => {
                    return refuse(
                        Code::FILE_SYMLINK_ESCAPE,
                        "a symbolic link that leads out of the fleet or nowhere".to_owned(),
                        "put the file itself here",
                    );
                }
            }
        } else {
            kind
        };
        if meta.is_dir() {
            return match bad_folder_name(name) {
                Some(problem) => refuse(
                    Code::FILE_BAD_NAME,
                    format!("the folder's name {problem}"),
                    "folder names become paths of the site: use letters, digits, `-`, `_` and `.`",
                ),
                None => Some(Entry::Folder(full, inner)),
            };
        }
        if !meta.is_file() {
            return refuse(Code::FILE_NOT_REGULAR, "neither a file nor a folder".to_owned(), "remove it");
        }
        if meta.len() > MAX_BYTES {
            return refuse(
                Code::FILE_TOO_LARGE,
                format!("{} bytes, and files of more than {} MiB are not read", meta.len(), MAX_BYTES >> 20),
                "split it",
            );
        }
        let kind = FileKind::of(name, path.is_empty());
        Some(Entry::File(FileEntry { id: FileId(0), path: shown, kind, stamp: Stamp::of(&meta) }))
    }
}

enum Entry {
    File(FileEntry),
    Folder(PathBuf, String),
}

fn relative(path: &str) -> Arc<str> {
    format!("devices/{path}").into()
}

/// The names in a folder that are not skipped, sorted.
fn names(place: &Path, path: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<String> {
    let mut names = Vec::new();
    let entries = match fs::read_dir(place) {
        Ok(entries) => entries,
        Err(error) => {
            diagnostics.push(Diagnostic::new(Code::FILE_UNREADABLE, format!("the folder cannot be read: {error}")).at(
                &relative(path),
                0..0,
                "",
            ));
            return names;
        }
    };
    for entry in entries.flatten() {
        match entry.file_name().into_string() {
            Ok(name) if name.starts_with(HIDDEN) => {}
            Ok(name) => match crate::settings::text_is_hostile(&name) {
                Some(problem) => diagnostics.push(
                    Diagnostic::new(Code::FILE_BAD_NAME, format!("a file name with {problem}"))
                        .at(&relative(path), 0..0, "")
                        .help("rename it"),
                ),
                None => names.push(name),
            },
            Err(_) => diagnostics.push(
                Diagnostic::new(Code::FILE_BAD_NAME, "a file name that is not UTF-8").at(&relative(path), 0..0, "").help("rename it"),
            ),
        }
    }
    names.sort_unstable();
    names
}

fn bad_folder_name(name: &str) -> Option<String> {
    if let Some(bad) = name.chars().find(|character| !character.is_ascii_alphanumeric() && !matches!(character, '-' | '_' | '.')) {
        return Some(format!("holds `{}`", bad.escape_debug()));
    }
    crate::write::OutPath::new(name).err()
}

impl Stamp {
    /// The stamp of what a path leads to; `None` where that cannot be told.
    pub fn at(path: &Path) -> Option<Stamp> {
        fs::metadata(path).ok().map(|meta| Stamp::of(&meta))
    }

    #[cfg(unix)]
    fn of(meta: &Metadata) -> Stamp {
        use std::os::unix::fs::MetadataExt;
        let nanoseconds = |seconds: i64, rest: i64| i128::from(seconds) * 1_000_000_000 + i128::from(rest);
        Stamp {
            size: meta.len(),
            mtime: nanoseconds(meta.mtime(), meta.mtime_nsec()),
            ctime: nanoseconds(meta.ctime(), meta.ctime_nsec()),
            inode: meta.ino(),
        }
    }

    #[cfg(not(unix))]
    fn of(meta: &Metadata) -> Stamp {
        let since = |time: std::io::Result<std::time::SystemTime>| {
            time.ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok()).map_or(0, |since| since.as_nanos() as i128)
        };
        Stamp { size: meta.len(), mtime: since(meta.modified()), ctime: since(meta.created()), inode: 0 }
    }
}

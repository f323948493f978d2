//! The files of one customer, on their way into the site.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};

use super::disk::{self, Access, Kind, Stat, at};
use super::manifest::Entry;
use super::output::{Output, UNPOISONED};
use super::path::OutPath;
use super::previous::Known;
use super::shard_name::{memory_path, shard_path};
use super::written::{Fate, Row, Target};
use crate::settings::Sensitivity;

/// What the manifest says of a file, apart from its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meta {
    /// How long it may be cached, and by whom.
    pub cache_control: Arc<str>,
    /// The media type.
    pub content_type: Arc<str>,
    /// The device that fetches it; none where several do.
    pub device: Option<Arc<str>>,
    /// What it is to the phone, such as `config` or `phonebook`.
    pub kind: Arc<str>,
    /// The highest sensitivity of what it holds.
    pub sensitivity: Sensitivity,
}

/// Takes the files of one customer, from any number of threads. Dropped without [`UnitWriter::finish`], the build cannot be committed.
pub struct UnitWriter<'a> {
    pub(super) output: &'a Output,
    pub(super) customer: String,
    pub(super) shard: String,
    pub(super) memory: String,
    pub(super) known: Vec<Known>,
    /// Where changed files wait; not used where the whole tree is new.
    stage: PathBuf,
    files: AtomicUsize,
    pub(super) rows: Mutex<Vec<Row>>,
    /// The folder that was made last.
    folder: Mutex<String>,
}

impl<'a> UnitWriter<'a> {
    pub(super) fn new(output: &'a Output, customer: &str) -> io::Result<UnitWriter<'a>> {
        let named = |name: Result<String, String>| name.map_err(|wrong| io::Error::new(ErrorKind::InvalidInput, wrong));
        let stage = output.stage.join(format!("unit-{}", output.number()));
        let mut known = Vec::new();
        if !output.fresh {
            disk::make_folder(&stage, Access::Private, false).map_err(at(&stage))?;
            known = output.previous.files(customer)?;
        }
        Ok(UnitWriter {
            output,
            customer: customer.to_owned(),
            shard: named(shard_path(customer))?,
            memory: named(memory_path(customer))?,
            known,
            stage,
            files: AtomicUsize::new(0),
            rows: Mutex::default(),
            folder: Mutex::default(),
        })
    }

    /// Takes a file. It is compared with what is in the site, and kept aside where it differs.
    pub fn put(&self, path: &OutPath, bytes: &[u8], meta: Meta) -> io::Result<()> {
        let entry = meta.entry(path, bytes);
        let fate = match self.output.fresh {
            true => self.place(path, bytes)?,
            false => self.compare(&entry, bytes)?,
        };
        self.enter(entry, fate);
        Ok(())
    }

    /// Takes over a file of the last build without its bytes. When the answer is no, because it is not in the site
    /// as the entry says, it has to be put.
    pub fn carry(&self, entry: Entry) -> io::Result<bool> {
        let found = disk::stat(&self.output.place(&entry.path))?.filter(|found| found.kind == Kind::File);
        let Some(found) = found.filter(|_| !self.output.fresh) else {
            return Ok(false);
        };
        let same = self.is_same(&entry, None, &found)?;
        if same {
            self.enter(entry, Fate::same(&found));
        }
        Ok(same)
    }

    fn enter(&self, entry: Entry, fate: Fate) {
        self.rows.lock().expect(UNPOISONED).push(Row { entry, fate });
    }

    /// Writes a file into the tree that becomes the site.
    fn place(&self, path: &OutPath, bytes: &[u8]) -> io::Result<Fate> {
        let tree = self.output.stage.join("site");
        self.make_folder(&tree, path)?;
        let target = tree.join(path.as_str());
        match disk::write_new(&target, bytes, Access::Public, None) {
            Ok(mtime) => Ok(Fate::Placed { mtime }),
            Err(error) if is_taken(&error) => Ok(Fate::Twin),
            Err(error) => Err(at(&target)(error)),
        }
    }

    /// Makes the folder of a file, unless it is the one that was made last.
    fn make_folder(&self, tree: &Path, path: &OutPath) -> io::Result<()> {
        let folder = path.folder();
        if folder.is_empty() || *self.folder.lock().expect(UNPOISONED) == folder {
            return Ok(());
        }
        match disk::make_folders(tree, folder, Access::Public, self.output.exact) {
            Err(error) if !is_taken(&error) => return Err(at(&tree.join(folder))(error)),
            _ => {}
        }
        folder.clone_into(&mut self.folder.lock().expect(UNPOISONED));
        Ok(())
    }

    /// Leaves a file alone whose bytes are in the site, and stages any other.
    fn compare(&self, entry: &Entry, bytes: &[u8]) -> io::Result<Fate> {
        let path = &entry.path;
        let target = self.output.place(path);
        let Some(found) = disk::stat(&target)? else {
            return self.stage(bytes, None, Target::Nothing);
        };
        match found.kind {
            Kind::File if self.is_same(entry, Some(bytes), &found)? => Ok(Fate::same(&found)),
            Kind::File if self.known(path).is_some() => self.stage(bytes, Some(found.mtime), Target::Ours),
            Kind::File => self.stage(bytes, Some(found.mtime), Target::Unknown),
            Kind::Folder => self.stage(bytes, None, Target::Folder),
            Kind::Link | Kind::Other => Ok(Fate::Refused),
        }
    }

    /// Whether the site has what the entry says; the bytes, where they are at hand, save hashing those of the site.
    /// What is remembered of a file is trusted as long as the file was not touched.
    fn is_same(&self, entry: &Entry, bytes: Option<&[u8]>, found: &Stat) -> io::Result<bool> {
        if found.size != entry.size {
            return Ok(false);
        }
        if let Some(known) = self.known(&entry.path).filter(|known| known.mtime == Some(found.mtime)) {
            return Ok(known.sha256 == entry.sha256);
        }
        let there = disk::read(&self.output.place(&entry.path))?;
        Ok(there.is_some_and(|there| match bytes {
            Some(bytes) => there == bytes,
            None => Sha256::digest(&there) == entry.sha256,
        }))
    }

    fn stage(&self, bytes: &[u8], after: Option<i64>, target: Target) -> io::Result<Fate> {
        let file = self.stage.join(self.files.fetch_add(1, Ordering::Relaxed).to_string());
        let mtime = disk::write_new(&file, bytes, Access::Public, after).map_err(at(&file))?;
        Ok(Fate::Staged { file, mtime, target })
    }

    pub(super) fn known(&self, path: &OutPath) -> Option<&Known> {
        let place = self.known.binary_search_by(|known| (*known.path).cmp(path.as_str()));
        place.ok().map(|place| &self.known[place])
    }
}

/// Whether a file could not be created because something has its place.
fn is_taken(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::IsADirectory | ErrorKind::NotADirectory)
}

impl Meta {
    /// What an entry says apart from the bytes.
    pub fn of(entry: Entry) -> Meta {
        Meta {
            cache_control: entry.cache_control,
            content_type: entry.content_type,
            device: entry.device,
            kind: entry.kind,
            sensitivity: entry.sensitivity,
        }
    }

    fn entry(self, path: &OutPath, bytes: &[u8]) -> Entry {
        Entry {
            cache_control: self.cache_control,
            content_type: self.content_type,
            device: self.device,
            kind: self.kind,
            path: path.clone(),
            sensitivity: self.sensitivity,
            sha256: Sha256::digest(bytes).into(),
            size: bytes.len() as u64,
        }
    }
}

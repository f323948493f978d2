//! Files beside the site that only the operator reads: gates and reports.

use std::io::{self, ErrorKind};
use std::path::PathBuf;

use super::disk::{self, Access, Kind, at};
use super::output::{Output, UNPOISONED};
use super::path::OutPath;

/// A private file that has to be put in place.
pub(super) struct PrivateFile {
    staged: PathBuf,
    path: OutPath,
}

const FOLDERS: [&str; 2] = ["gate", "reports"];

impl Output {
    /// Takes a file below `gate/` or `reports/`, which are ours alone; it becomes visible with the commit.
    pub fn put_private(&self, path: &OutPath, bytes: &[u8]) -> io::Result<()> {
        if !FOLDERS.contains(&path.folders().next().unwrap_or_default()) {
            return Err(io::Error::new(ErrorKind::InvalidInput, format!("{path}: this is no private folder")));
        }
        let target = self.out.join(path.as_str());
        let found = disk::stat(&target)?.filter(|found| found.kind == Kind::File && found.is_for(Access::Private));
        if found.is_some() && disk::read(&target)?.as_deref() == Some(bytes) {
            return Ok(());
        }
        let staged = self.stage.join(format!("private-{}", self.number()));
        disk::write_new(&staged, bytes, Access::Private, found.map(|found| found.mtime)).map_err(at(&staged))?;
        self.private.lock().expect(UNPOISONED).push(PrivateFile { staged, path: path.clone() });
        Ok(())
    }

    pub(super) fn place_private(&self) -> io::Result<()> {
        for file in self.private.lock().expect(UNPOISONED).drain(..) {
            for folder in file.path.folders() {
                disk::make_private(&self.out.join(folder))?;
            }
            disk::rename(&file.staged, &self.out.join(file.path.as_str()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::Stamp;

    #[test]
    fn gates_and_reports_come_with_the_commit() {
        let out = tempfile::tempdir().unwrap();
        let stamp = || Stamp { as_of: "2026-12-01".to_owned(), commit: None, dirty: false, tzdata: "2026b".to_owned() };
        let file = out.path().join("gate/nginx/site.conf");
        for (before, text) in [("", "one"), ("one", "two"), ("two", "two")] {
            let output = Output::open(out.path(), || ()).unwrap();
            output.put_private(&OutPath::new("gate/nginx/site.conf").unwrap(), text.as_bytes()).unwrap();
            assert_eq!(std::fs::read_to_string(&file).unwrap_or_default(), before);
            assert!(output.put_private(&OutPath::new("manifest/x.json").unwrap(), b"").is_err());
            output.commit(&stamp()).unwrap();
            assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
            assert!(disk::stat(&file).unwrap().unwrap().is_for(Access::Private));
        }
    }
}

//! The write-ahead journal: the paths that a run is about to own, on the disk before the first of them is.
//!
//! It lies beside the shards and not in the cache, because whoever deletes the cache must not lose more than time.
//! As long as it is there, a run was cut short, and no file is trusted before its bytes were compared.

use std::fs::File;
use std::io;
use std::path::Path;

use super::disk::{self, Access, at};
use super::path::OutPath;

/// Where it lies, from the output folder. No shard can have this name.
pub(super) const FILE: &str = "manifest/journal";

/// The paths in the journal of a run that was cut short; none where the last run came to its end.
pub(super) fn read(out: &Path) -> io::Result<Option<Vec<OutPath>>> {
    let Some(bytes) = disk::read(&out.join(FILE))? else {
        return Ok(None);
    };
    let lines = String::from_utf8_lossy(&bytes);
    Ok(Some(lines.lines().filter_map(|line| OutPath::new(line).ok()).collect()))
}

/// Writes a journal aside, and puts it in force in one step. Only one that names paths needs to outlive a loss of power.
pub(super) fn write(out: &Path, aside: &Path, lines: &str) -> io::Result<()> {
    disk::write_new(aside, lines.as_bytes(), Access::Private, None).map_err(at(aside))?;
    if !lines.is_empty() {
        File::options().append(true).open(aside).and_then(|file| file.sync_all()).map_err(at(aside))?;
    }
    disk::rename(aside, &out.join(FILE))
}

/// Ends the run.
pub(super) fn remove(out: &Path) -> io::Result<()> {
    disk::remove_file(&out.join(FILE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_that_cannot_leave_the_site_are_read() {
        let out = tempfile::tempdir().unwrap();
        assert_eq!(read(out.path()).unwrap(), None);
        std::fs::create_dir(out.path().join("manifest")).unwrap();
        write(out.path(), &out.path().join("aside"), "a/b.cfg\n../../etc/passwd\n/etc/passwd\nc.cfg\n").unwrap();
        let paths = read(out.path()).unwrap().unwrap();
        assert_eq!(paths.iter().map(OutPath::as_str).collect::<Vec<_>>(), ["a/b.cfg", "c.cfg"]);
        remove(out.path()).unwrap();
        remove(out.path()).unwrap();
        assert_eq!(read(out.path()).unwrap(), None);
    }
}

//! The file system as the other files of this room see it: no link is followed, modes are explicit, errors name the file.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

/// Whom a file or folder is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Everybody on this machine, such as a web server.
    Public,
    /// Only us.
    Private,
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    Link,
    Other,
}

/// What a look at a path tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stat {
    pub kind: Kind,
    pub size: u64,
    /// Nanoseconds since 1970.
    pub mtime: i64,
    mode: u32,
}

const SECOND: i64 = 1_000_000_000;

impl Stat {
    fn of(metadata: &Metadata) -> Stat {
        let kind = match metadata.file_type() {
            kind if kind.is_file() => Kind::File,
            kind if kind.is_dir() => Kind::Folder,
            kind if kind.is_symlink() => Kind::Link,
            _ => Kind::Other,
        };
        Stat { kind, size: metadata.len(), mtime: mtime(metadata), mode: mode(metadata) }
    }

    /// Whether it is a file or folder with the mode that we give to such.
    pub fn is_for(&self, access: Access) -> bool {
        self.mode == access.mode(self.kind) || cfg!(not(unix))
    }
}

impl Access {
    fn mode(self, kind: Kind) -> u32 {
        match (self, kind) {
            (Access::Public, Kind::Folder) => 0o755,
            (Access::Public, _) => 0o644,
            (Access::Private, Kind::Folder) => 0o700,
            (Access::Private, _) => 0o600,
        }
    }
}

/// Looks at a path itself, not through a link. Nothing is there where a folder above is missing or is a file.
pub(super) fn stat(path: &Path) -> io::Result<Option<Stat>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(Some(Stat::of(&metadata))),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(at(path)(error)),
    }
}

/// Creates a file that must not be there yet. Its time of change, which is returned, is in a later second than `after`,
/// because web servers tell versions apart by seconds.
pub(super) fn write_new(path: &Path, bytes: &[u8], access: Access, after: Option<i64>) -> io::Result<i64> {
    let mut file = create_new(path, access.mode(Kind::File))?;
    file.write_all(bytes)?;
    let stat = Stat::of(&file.metadata()?);
    if !stat.is_for(access) {
        set_file_mode(&file, access.mode(Kind::File))?;
    }
    let Some(earliest) = after.map(next_second).filter(|earliest| stat.mtime < *earliest) else {
        return Ok(stat.mtime);
    };
    file.set_modified(UNIX_EPOCH + Duration::from_nanos(earliest.unsigned_abs()))?;
    Ok(Stat::of(&file.metadata()?).mtime)
}

fn next_second(mtime: i64) -> i64 {
    (mtime.div_euclid(SECOND) + 1).saturating_mul(SECOND).max(0)
}

/// Creates a folder; that one is there already is fine. `exact` says that the system takes bits from the mode we ask for.
pub(super) fn make_folder(path: &Path, access: Access, exact: bool) -> io::Result<()> {
    match create_folder(path, access.mode(Kind::Folder)) {
        Ok(()) if exact => set_mode(path, Kind::Folder, access),
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Creates the folders between `base`, which is there, and `relative`.
pub(super) fn make_folders(base: &Path, relative: &str, access: Access, exact: bool) -> io::Result<()> {
    let whole = base.join(relative);
    let made = make_folder(&whole, access, exact);
    if !matches!(&made, Err(error) if error.kind() == ErrorKind::NotFound) {
        return made;
    }
    for folder in super::path::folders(relative) {
        make_folder(&base.join(folder), access, exact)?;
    }
    make_folder(&whole, access, exact)
}

/// Makes sure that there is a folder of ours that nobody else can look into.
pub(super) fn make_private(path: &Path) -> io::Result<()> {
    make_folder(path, Access::Private, false).map_err(at(path))?;
    match stat(path)? {
        Some(found) if found.kind != Kind::Folder => {
            let problem = "it must be a folder, and no link to one";
            Err(at(path)(io::Error::new(ErrorKind::NotADirectory, problem)))
        }
        Some(found) if !found.is_for(Access::Private) => set_mode(path, Kind::Folder, Access::Private),
        _ => Ok(()),
    }
}

/// Gives a file or folder the mode that it should have.
pub(super) fn set_mode(path: &Path, kind: Kind, access: Access) -> io::Result<()> {
    set_path_mode(path, access.mode(kind)).map_err(at(path))
}

/// Removes a file; that there is none is fine.
pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(at(path)(error)),
        _ => Ok(()),
    }
}

/// Removes the folders above `relative`, up to `base`, as long as they are empty.
pub(super) fn remove_empty_folders(base: &Path, relative: &str) {
    let folders: Vec<&str> = super::path::folders(relative).collect();
    for folder in folders.into_iter().rev() {
        if fs::remove_dir(base.join(folder)).is_err() {
            return;
        }
    }
}

/// Removes a folder of ours with all that is in it; that there is none is fine.
pub(super) fn remove_all(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(at(path)(error)),
        _ => Ok(()),
    }
}

/// Moves a file or folder in one step; a file that is there is replaced.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to).map_err(at(to))
}

/// Reads a file, if it is there.
pub(super) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(at(path)(error)),
    }
}

/// Puts the path into an error's message.
pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> io::Error {
    move |error| io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(unix)]
fn mtime(metadata: &Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt;
    metadata.mtime().saturating_mul(SECOND).saturating_add(metadata.mtime_nsec())
}

#[cfg(not(unix))]
fn mtime(metadata: &Metadata) -> i64 {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.map_or(0, |since| i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

#[cfg(unix)]
fn mode(metadata: &Metadata) -> u32 {
    use std::os::unix::fs::MetadataExt;
    metadata.mode() & 0o777
}

#[cfg(not(unix))]
fn mode(_: &Metadata) -> u32 {
    0
}

#[cfg(unix)]
fn create_new(path: &Path, mode: u32) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().write(true).create_new(true).mode(mode).open(path)
}

#[cfg(not(unix))]
fn create_new(path: &Path, _: u32) -> io::Result<File> {
    File::create_new(path)
}

#[cfg(unix)]
fn create_folder(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(mode).create(path)
}

#[cfg(not(unix))]
fn create_folder(path: &Path, _: u32) -> io::Result<()> {
    fs::create_dir(path)
}

#[cfg(unix)]
fn set_path_mode(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_path_mode(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn set_file_mode(file: &File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_file_mode(_: &File, _: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replacement_is_seconds_younger_than_what_it_replaces() {
        let folder = tempfile::tempdir().unwrap();
        let first = write_new(&folder.path().join("a"), b"1", Access::Public, None).unwrap();
        let second = write_new(&folder.path().join("b"), b"2", Access::Public, Some(first)).unwrap();
        assert!(second / SECOND > first / SECOND);
        assert_eq!(stat(&folder.path().join("b")).unwrap().unwrap().mtime, second);
        let old = write_new(&folder.path().join("c"), b"3", Access::Public, Some(-5)).unwrap();
        assert!(old >= first);
    }

    #[test]
    fn a_file_that_is_there_is_never_opened() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        write_new(&path, b"1", Access::Public, None).unwrap();
        let error = write_new(&path, b"2", Access::Public, None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read(path).unwrap(), b"1");
    }

    #[test]
    fn folders_are_made_and_removed_when_empty() {
        let folder = tempfile::tempdir().unwrap();
        make_folders(folder.path(), "a/b/c", Access::Public, true).unwrap();
        make_folders(folder.path(), "a/b/c", Access::Public, true).unwrap();
        fs::write(folder.path().join("a/keep"), "").unwrap();
        remove_empty_folders(folder.path(), "a/b/c/file");
        assert!(folder.path().join("a").is_dir() && !folder.path().join("a/b").exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_seen_as_a_link() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/etc", folder.path().join("link")).unwrap();
        assert_eq!(stat(&folder.path().join("link")).unwrap().unwrap().kind, Kind::Link);
        assert!(make_private(&folder.path().join("link")).is_err());
    }
}

//! One build at a time in one output folder.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use super::disk::at;

/// Waits until no other build has the lock, and takes it; dropping the file gives it back, and so does dying.
/// `waiting` is told when there is somebody to wait for.
pub(super) fn acquire(path: &Path, waiting: impl FnOnce()) -> io::Result<File> {
    let mut waiting = Some(waiting);
    loop {
        let file = open(path).map_err(at(path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                if let Some(waiting) = waiting.take() {
                    waiting();
                }
                file.lock().map_err(at(path))?;
            }
            Err(TryLockError::Error(error)) => return Err(at(path)(error)),
        }
        if still_there(&file, path) {
            return Ok(file);
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    File::options().read(true).append(true).create(true).open(path)
}

/// Whether the file that we locked is the one that the next build would lock: somebody may have deleted the cache meanwhile.
#[cfg(unix)]
fn still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |metadata: std::fs::Metadata| (metadata.dev(), metadata.ino());
    let (ours, theirs) = (file.metadata().map(identity), path.symlink_metadata().map(identity));
    matches!((ours, theirs), (Ok(ours), Ok(theirs)) if ours == theirs)
}

#[cfg(not(unix))]
fn still_there(_: &File, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn the_second_waits_and_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = acquire(&path, || panic!("there is nobody to wait for")).unwrap();
        let (tell, told) = mpsc::channel();
        let second = std::thread::spawn(move || acquire(&path, move || tell.send(()).unwrap()).is_ok());
        told.recv().unwrap();
        drop(first);
        assert!(second.join().unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_that_was_deleted_is_taken_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = acquire(&path, || ()).unwrap();
        let (tell, told) = mpsc::channel();
        let waiting = path.clone();
        let second = std::thread::spawn(move || acquire(&waiting, move || tell.send(()).unwrap()).unwrap());
        told.recv().unwrap();
        std::fs::remove_file(&path).unwrap();
        drop(first);
        let second = second.join().unwrap();
        assert!(still_there(&second, &path));
    }
}

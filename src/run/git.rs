//! The commit that is compiled, for the manifest. Nothing else depends on it.

use std::path::Path;

use gix::bstr::BString;

/// The commit of the repository that holds a fleet, and whether the fleet's files differ from it: those below `devices/` and
/// `vendors/`, new ones included, ignored ones not. `None` where there is no repository, no commit yet, or nothing readable:
/// a build needs no git.
pub fn commit(root: &Path) -> Option<(String, bool)> {
    // Settings of the machine and of its user change nothing, and no program is started on their behalf.
    let options = gix::open::Options::isolated();
    let (found, _) = gix::discover::upwards(root).ok()?;
    let (git, worktree) = found.into_repository_and_work_tree_directories();
    let mut repository = gix::open_opts(worktree.unwrap_or(git), options).ok()?;
    without_filters(&mut repository)?;
    let head = repository.head_id().ok()?.to_string();
    Some((head, is_dirty(&repository, root).unwrap_or(true)))
}

/// Takes the repository's own filters away: they are programs, and sipress starts none.
fn without_filters(repository: &mut gix::Repository) -> Option<()> {
    let mut config = repository.config_snapshot_mut();
    let filters: Vec<_> = config.sections_and_ids_by_name("filter").into_iter().flatten().map(|(_, id)| id).collect();
    for id in filters {
        config.remove_section_by_id(id);
    }
    config.commit().ok().map(|_| ())
}

fn is_dirty(repository: &gix::Repository, root: &Path) -> Option<bool> {
    let top = repository.workdir()?.canonicalize().ok()?;
    let inside = root.canonicalize().ok()?.strip_prefix(&top).ok()?.to_owned();
    let patterns: Vec<BString> = ["devices", "vendors"].iter().filter_map(|folder| pattern(&inside.join(folder))).collect();
    let status = repository.status(gix::progress::Discard).ok()?.untracked_files(gix::status::UntrackedFiles::Files);
    let mut changes = status.into_iter(patterns).ok()?;
    changes.next().map_or(Some(false), |change| change.ok().map(|_| true))
}

/// A literal path from the repository's top, whatever the process's folder is.
fn pattern(path: &Path) -> Option<BString> {
    let path = gix::path::into_bstr(path).ok()?;
    let mut pattern = BString::from(":(top,literal)");
    pattern.extend_from_slice(&gix::path::to_unix_separators_on_windows(path));
    Some(pattern)
}

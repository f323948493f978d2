//! No two devices write the same file, nor two that some disk or server would take for one.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;

use super::manifest::Entry;
use super::path::folders;
use crate::diagnostic::{Code, Diagnostic};

/// Somebody's wish to write a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim<'a> {
    /// Where, from the site.
    pub path: &'a str,
    /// The customer.
    pub customer: &'a str,
    /// The device, where it is known and only one.
    pub device: Option<&'a str>,
    /// The hash of what is to be written.
    pub sha256: &'a [u8],
}

/// What a pass over all claims calls for each.
pub type Visit<'v> = &'v mut dyn FnMut(Claim<'_>);

#[derive(Clone)]
struct Claimed {
    path: String,
    customer: String,
    device: Option<String>,
    sha256: Vec<u8>,
}

impl<'a> Claim<'a> {
    pub(super) fn of(entry: &'a Entry, customer: &'a str) -> Claim<'a> {
        Claim { path: entry.path.as_str(), customer, device: entry.device.as_deref(), sha256: &entry.sha256 }
    }

    fn owned(&self) -> Claimed {
        Claimed {
            path: self.path.to_owned(),
            customer: self.customer.to_owned(),
            device: self.device.map(str::to_owned),
            sha256: self.sha256.to_owned(),
        }
    }

    fn who(&self) -> String {
        match self.device {
            Some(device) => format!("{device} of {}", self.customer),
            None => self.customer.to_owned(),
        }
    }
}

/// All collisions among the claims, sorted. The same bytes at the same path are none.
///
/// `each` visits all claims; it is called a second time only where there is a collision, so that nothing has to be kept in memory.
pub fn collisions(each: impl Fn(Visit<'_>) -> io::Result<()>) -> io::Result<Vec<Diagnostic>> {
    let suspects = suspects(&each)?;
    if suspects.is_empty() {
        return Ok(Vec::new());
    }
    let is_suspect = |path: &str| suspects.binary_search(&fold(path)).is_ok();
    let mut files: BTreeMap<String, Vec<Claimed>> = BTreeMap::new();
    let mut inside: BTreeMap<String, Claimed> = BTreeMap::new();
    each(&mut |claim| {
        if is_suspect(claim.path) {
            files.entry(claim.path.to_ascii_lowercase()).or_default().push(claim.owned());
        }
        for folder in folders(claim.path).filter(|folder| is_suspect(folder)) {
            inside.entry(folder.to_ascii_lowercase()).or_insert_with(|| claim.owned());
        }
    })?;
    let mut findings: Vec<Diagnostic> = files.values().filter_map(|claims| judge(claims)).collect();
    for (folder, below) in &inside {
        findings.extend(files.get(folder).map(|claims| file_and_folder(&claims[0].claim(), &below.claim())));
    }
    Ok(findings)
}

/// The hashes of paths that, but for their case, are claimed twice, or claimed as a file and needed as a folder.
fn suspects(each: &impl Fn(Visit<'_>) -> io::Result<()>) -> io::Result<Vec<u64>> {
    let (mut files, mut above, mut last) = (Vec::new(), Vec::new(), String::new());
    each(&mut |claim| {
        files.push(fold(claim.path));
        let folder = claim.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if folder != last {
            above.extend(folders(claim.path).map(fold));
            folder.clone_into(&mut last);
        }
    })?;
    files.sort_unstable();
    above.sort_unstable();
    let twice = files.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
    let mut suspects: Vec<u64> = twice.collect();
    suspects.extend(files.iter().filter(|file| above.binary_search(file).is_ok()));
    suspects.sort_unstable();
    suspects.dedup();
    Ok(suspects)
}

/// A number that is the same for all spellings of a path that differ only in case.
fn fold(path: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut folded = [0; 64];
    for piece in path.as_bytes().chunks(folded.len()) {
        let folded = &mut folded[..piece.len()];
        folded.copy_from_slice(piece);
        folded.make_ascii_lowercase();
        hasher.write(folded);
    }
    path.len().hash(&mut hasher);
    hasher.finish()
}

/// What is wrong with several claims whose paths differ at most in case.
fn judge(claims: &[Claimed]) -> Option<Diagnostic> {
    let mut claims: Vec<Claim<'_>> = claims.iter().map(Claimed::claim).collect();
    claims.sort();
    let first = claims[0];
    if let Some(other) = claims.iter().find(|claim| claim.path != first.path) {
        let message = format!("`{}` of {} and `{}` of {} differ only in case", first.path, first.who(), other.path, other.who());
        return Some(Diagnostic::new(Code::OUTPUT_CASE_COLLISION, message));
    }
    let differ = claims.iter().any(|claim| claim.sha256 != first.sha256);
    differ.then(|| different_content(&claims))
}

/// The finding about claims to one path with different content.
pub(super) fn different_content(claims: &[Claim<'_>]) -> Diagnostic {
    let mut who: Vec<String> = claims.iter().map(Claim::who).collect();
    who.sort();
    who.dedup();
    let path = claims.first().map_or("", |claim| claim.path);
    let message = match who.as_slice() {
        [one] => format!("`{path}` is written twice for {one}, with different content"),
        many => format!("`{path}` is written for {}, with different content", many.join(" and for ")),
    };
    Diagnostic::new(Code::OUTPUT_PATH_COLLISION, message)
}

fn file_and_folder(file: &Claim<'_>, below: &Claim<'_>) -> Diagnostic {
    let message = format!("`{}` is a file of {}, and the folder of `{}` of {}", file.path, file.who(), below.path, below.who());
    Diagnostic::new(Code::OUTPUT_PATH_COLLISION, message)
}

impl Claimed {
    fn claim(&self) -> Claim<'_> {
        Claim { path: &self.path, customer: &self.customer, device: self.device.as_deref(), sha256: &self.sha256 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(claims: &[(&str, &str, &str, u8)]) -> Vec<String> {
        let found = collisions(|visit| {
            for (path, customer, device, byte) in claims {
                visit(Claim { path, customer, device: Some(device).filter(|d| !d.is_empty()).copied(), sha256: &[*byte] });
            }
            Ok(())
        });
        found.unwrap().into_iter().map(|finding| format!("{:?}: {}", finding.code, finding.message)).collect()
    }

    #[test]
    fn different_paths_and_equal_bytes_are_fine() {
        assert!(messages(&[("t/a.cfg", "acme", "1", 1), ("u/a.cfg", "acme", "2", 1), ("y0.cfg", "acme", "1", 1)]).is_empty());
        assert!(messages(&[("y0.cfg", "acme", "1", 1), ("y0.cfg", "beta", "2", 1)]).is_empty());
        assert!(messages(&[]).is_empty());
    }

    #[test]
    fn both_devices_are_named_whoever_comes_first() {
        let expected = ["output::path-collision: `y0.cfg` is written for 1 of acme and for beta, with different content"];
        assert_eq!(messages(&[("y0.cfg", "acme", "1", 1), ("y0.cfg", "beta", "", 2)]), expected);
        assert_eq!(messages(&[("y0.cfg", "beta", "", 2), ("y0.cfg", "acme", "1", 1)]), expected);
    }

    #[test]
    fn case_twins_are_found_whatever_their_bytes() {
        let expected = ["output::case-collision: `ABC.cfg` of beta and `abc.cfg` of 1 of acme differ only in case"];
        assert_eq!(messages(&[("abc.cfg", "acme", "1", 1), ("ABC.cfg", "beta", "", 1)]), expected);
        let long = "d/".repeat(100);
        let (lower, upper) = (format!("{long}a"), format!("{long}A"));
        assert_eq!(messages(&[(&lower, "acme", "", 1), (&upper, "acme", "", 1)]).len(), 1);
    }

    #[test]
    fn a_file_cannot_be_a_folder() {
        let expected = ["output::path-collision: `a/b` is a file of acme, and the folder of `A/b/c` of beta"];
        assert_eq!(messages(&[("a/b", "acme", "", 1), ("A/b/c", "beta", "", 2)]), expected);
        assert_eq!(messages(&[("A/b/c", "beta", "", 2), ("a/b", "acme", "", 1)]), expected);
    }
}

//! The beginning of a pack: one model of a phone that reads `name = value` lines, complete enough to pass its own tests.

use std::io;
use std::path::Path;

use super::generate::write;

/// Writes a new pack below `vendors/`, and its first golden below `tests/vendors/`. Fails where the pack is there already or the
/// folder cannot be written. Returns the files.
pub fn scaffold(root: &Path, vendor: &str) -> io::Result<Vec<String>> {
    if root.join("vendors").join(vendor).exists() {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("vendors/{vendor} is there already")));
    }
    let files = [
        (format!("vendors/{vendor}/vendor.toml"), include_str!("scaffold/vendor.toml")),
        (format!("vendors/{vendor}/models.toml"), include_str!("scaffold/models.toml")),
        (format!("vendors/{vendor}/parameters.toml"), include_str!("scaffold/parameters.toml")),
        (format!("vendors/{vendor}/keys.toml"), include_str!("scaffold/keys.toml")),
        (format!("vendors/{vendor}/phonebook.tera"), include_str!("scaffold/phonebook.tera")),
        (format!("vendors/{vendor}/vocabulary.txt"), include_str!("scaffold/vocabulary.txt")),
        (format!("tests/vendors/{vendor}/one.golden"), include_str!("scaffold/one.golden")),
    ];
    for (path, text) in &files {
        write(root, path, &text.replace("VENDOR", vendor))?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

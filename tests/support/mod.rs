//! What several test programs share.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// A file below a root, its folders made.
pub fn write(root: &Path, path: &str, text: &str) {
    sipress::kit::generate::write(root, path, text).expect("the file is written");
}

/// Holds a fleet against the law.
pub fn hold(root: &Path) -> sipress::kit::law::Verdict {
    sipress::kit::law::hold(&sipress::run::Project::open(root), day())
}

/// The day that tests build for.
pub fn day() -> jiff::civil::Date {
    jiff::civil::date(2026, 12, 1)
}

/// `-- path --` headers and what stands below them.
pub fn sections(text: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut current: Option<(String, String)> = None;
    for line in text.split_inclusive('\n') {
        let header = line.trim_end().strip_prefix("-- ").and_then(|line| line.strip_suffix(" --"));
        match (header, &mut current) {
            (Some(path), _) => {
                files.extend(current.take());
                current = Some((path.to_owned(), String::new()));
            }
            (None, Some((_, body))) => body.push_str(line),
            (None, None) => {}
        }
    }
    files.extend(current);
    files
}

/// Holds a page that is made against what it would be made into now; `SIPRESS_BLESS=1` writes it.
#[allow(clippy::disallowed_methods, reason = "tests read their environment")]
pub fn compare(page: &str, text: &str, test: &str) {
    let place = repository().join(page);
    if std::env::var_os("SIPRESS_BLESS").is_some() {
        std::fs::write(&place, text).expect("the page");
    }
    let known = std::fs::read_to_string(&place).unwrap_or_default();
    assert!(known == text, "{page} is not what the tables say; `SIPRESS_BLESS=1 cargo test --test {test}` writes it again");
}

//! What several test programs share.
#![allow(dead_code)]

pub mod generate;
pub mod law;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
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

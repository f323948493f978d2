//! What several test programs share.
#![allow(dead_code)]

pub mod generate;
pub mod law;

use std::path::{Path, PathBuf};

/// The repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The day that tests build for.
pub fn day() -> jiff::civil::Date {
    jiff::civil::date(2026, 12, 1)
}

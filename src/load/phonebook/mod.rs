//! Directories as customers keep them: `phonebook.toml`, `phonebook.csv` and `phonebook.vcf`.
//!
//! Each reader reports all that is wrong in its file and returns the contacts that are right.

mod cards;
mod csv;
mod draft;
mod number;
#[cfg(test)]
mod odd_files;
#[cfg(test)]
mod tests;
mod toml;
mod vcard;

pub use toml::{CONTACT, NUMBER, PHONEBOOK};

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::model::phonebook::Contact;

/// Most bytes of a directory.
pub const MAX_BYTES: usize = 8 << 20;
/// Most contacts of a directory.
pub const MAX_CONTACTS: usize = 20_000;

/// Something with the place that it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// What was read.
    pub value: T,
    /// The file.
    pub path: Arc<str>,
    /// Where in the file.
    pub span: Range<usize>,
}

/// How a directory is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `phonebook.toml`.
    Toml,
    /// `phonebook.csv`.
    Csv,
    /// `phonebook.vcf`.
    Vcard,
}

impl Format {
    /// The format of a file of this name, if it is a directory.
    pub fn of_file(name: &str) -> Option<Format> {
        match name {
            "phonebook.toml" => Some(Format::Toml),
            "phonebook.csv" => Some(Format::Csv),
            "phonebook.vcf" => Some(Format::Vcard),
            _ => None,
        }
    }
}

/// Reads a directory.
pub fn read(format: Format, path: &Arc<str>, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<Located<Contact>> {
    if text.len() > MAX_BYTES {
        let most = MAX_BYTES >> 20;
        let message = format!("the phone book is larger than {most} MiB");
        diagnostics.push(Diagnostic::new(Code::FILE_TOO_LARGE, message).at(path, 0..0, ""));
        return Vec::new();
    }
    match format {
        Format::Toml => toml::read(path, text, diagnostics),
        Format::Csv => csv::read(path, text, diagnostics),
        Format::Vcard => vcard::read(path, text, diagnostics),
    }
}

/// Whether there are more contacts than a directory may have, which is then reported.
fn are_too_many(spans: impl Iterator<Item = Range<usize>>, path: &Arc<str>, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let beyond = spans.into_iter().nth(MAX_CONTACTS);
    let is_beyond = beyond.is_some();
    diagnostics.extend(beyond.map(|span| {
        let message = format!("the phone book has more than {MAX_CONTACTS} contacts");
        Diagnostic::new(Code::FILE_TOO_LARGE, message).at(path, span, "the first beyond the limit")
    }));
    is_beyond
}

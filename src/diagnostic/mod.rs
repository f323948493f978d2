//! One type for everything that is wrong, and what people and machines are told about it.
//!
//! Passes return diagnostics; the [`Sink`] decides what fails a run; a printer a format tells it.

mod codes;
mod fingerprint;
mod github;
mod gitlab;
mod human;
pub mod json;
mod junit;
pub mod markdown;
mod mask;
mod print;
#[cfg(test)]
mod samples;
mod sarif;
mod secret_key;
pub mod sink;
pub mod sources;
mod text;
mod window;

use std::ops::Range;
use std::sync::Arc;

pub use codes::{ALL as CODES, Code};
pub use json::print_json;
pub use print::{Format, Options, UnknownFormat, print};
use serde::{Deserialize, Serialize};
pub use sink::{Counts, Level, Policy, PolicyError, Report, Sink};
pub use sources::Sources;
pub use text::visible;

/// How bad it is. Only errors fail a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The fleet cannot be published.
    Error,
    /// It can, but somebody should look.
    Warning,
    /// Worth knowing.
    Note,
}

/// One finding: what is wrong, where, and the way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The stable name of this kind of finding.
    pub code: Code,
    /// How bad it is, after the sink's overrides.
    pub severity: Severity,
    /// One sentence without a full stop. Never holds a secret.
    pub message: String,
    /// The places, the first primary one is where the finding is listed.
    pub labels: Vec<Label>,
    /// Facts that help to understand.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Vec<String>,
}

/// A place in a file and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// The file, relative to the root, with forward slashes; `vendors/…` may also name a file embedded in the binary.
    pub path: Arc<str>,
    /// Byte range in the file; empty at 0 when the whole file is meant.
    pub span: Range<usize>,
    /// What is said of it; may be empty.
    pub text: String,
    /// The place that is wrong, in contrast to places that explain.
    pub primary: bool,
}

impl Diagnostic {
    /// A finding of this kind, with the severity that the kind has by default.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, severity: code.severity(), message: message.into(), labels: Vec::new(), notes: Vec::new(), help: Vec::new() }
    }

    /// Adds the place that is wrong.
    pub fn at(mut self, path: &Arc<str>, span: Range<usize>, text: impl Into<String>) -> Self {
        self.labels.push(Label { path: path.clone(), span, text: text.into(), primary: true });
        self
    }

    /// Adds a place that explains.
    pub fn see(mut self, path: &Arc<str>, span: Range<usize>, text: impl Into<String>) -> Self {
        self.labels.push(Label { path: path.clone(), span, text: text.into(), primary: false });
        self
    }

    /// Adds a fact.
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds a way out.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Where the finding is listed: its first primary place, else its first.
    pub fn place(&self) -> Option<&Label> {
        self.labels.iter().find(|label| label.primary).or(self.labels.first())
    }
}

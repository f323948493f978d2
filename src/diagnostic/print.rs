//! The formats that findings are told in.

use std::fmt::{self, Write};
use std::str::FromStr;

use super::sources::{Region, Sources};
use super::text::{visible, visible_lines};
use super::{Diagnostic, Label, github, gitlab, human, json, junit, markdown, sarif};

/// The file that a finding without a place is listed under by tools that insist on one.
pub(super) const NOWHERE: &str = "devices/fleet.toml";

/// A format, a file a printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For terminals, with source lines.
    Human,
    /// For programs; its shape is fixed, see [`json`](super::json).
    Json,
    /// Workflow commands that become annotations in GitHub Actions.
    Github,
    /// A code quality report of GitLab.
    Gitlab,
    /// SARIF 2.1.0 for code scanning.
    Sarif,
    /// JUnit XML for test reports.
    Junit,
    /// For comments and job summaries.
    Markdown,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 7] =
        [Format::Human, Format::Json, Format::Github, Format::Gitlab, Format::Sarif, Format::Junit, Format::Markdown];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Json => "json",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
            Format::Sarif => "sarif",
            Format::Junit => "junit",
            Format::Markdown => "markdown",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|format| format.name() == name);
        known.ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// There is no format of this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFormat(pub String);

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Format::ALL.map(Format::name).join(", ");
        write!(f, "unknown format `{}`; known are {names}", visible(&self.0))
    }
}

impl std::error::Error for UnknownFormat {}

/// How [`Format::Human`] looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether to use ANSI colours.
    pub colour: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Options {
    /// No colours, 100 columns: for logs and files.
    pub const PLAIN: Options = Options { colour: false, width: 100 };
}

impl Default for Options {
    fn default() -> Self {
        Self::PLAIN
    }
}

/// The findings in a format, in the order given. Ends in a line end unless it is empty.
pub fn print(format: Format, found: &[Diagnostic], sources: &Sources<'_>, options: Options) -> String {
    match format {
        Format::Human => human::print(found, sources, options),
        Format::Json => json::print(found, sources),
        Format::Github => github::print(found, sources),
        Format::Gitlab => gitlab::print(found, sources),
        Format::Sarif => sarif::print(found, sources),
        Format::Junit => junit::print(found, sources),
        Format::Markdown => markdown::print(found, sources),
    }
}

/// Message, labels, notes and help as lines of text, for formats that show no source lines.
pub(super) fn prose(diagnostic: &Diagnostic, sources: &Sources<'_>) -> String {
    let mut lines = vec![visible(&diagnostic.message).into_owned()];
    for label in diagnostic.labels.iter().filter(|label| !label.text.is_empty()) {
        lines.push(format!("{}: {}", spot(label, sources), visible(&label.text)));
    }
    lines.extend(diagnostic.notes.iter().map(|text| format!("note: {}", visible_lines(text))));
    lines.extend(diagnostic.help.iter().map(|text| format!("help: {}", visible_lines(text))));
    lines.join("\n")
}

/// A label's place as `path:line:column`.
pub(super) fn spot(label: &Label, sources: &Sources<'_>) -> String {
    let mut spot = visible(&label.path).into_owned();
    if let Some(Region { start, .. }) = sources.locate(label) {
        let _ = write!(spot, ":{}:{}", start.line, start.column);
    }
    spot
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::samples;

    #[test]
    fn formats_have_names() {
        for format in Format::ALL {
            assert_eq!(format.to_string().parse(), Ok(format));
        }
        let error = "xml".parse::<Format>().unwrap_err();
        assert_eq!(error.to_string(), "unknown format `xml`; known are human, json, github, gitlab, sarif, junit, markdown");
    }

    #[test]
    fn no_format_shows_a_secret_or_drives_a_terminal() {
        for format in Format::ALL {
            let told = print(format, &samples::diagnostics(), &samples::sources(), Options::PLAIN);
            assert!(!told.contains("hunter2"), "{format}: {told}");
            let hostile = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
            assert!(!told.contains(hostile), "{format}: {told:?}");
            assert!(told.ends_with('\n') && !told.ends_with("\n\n"), "{format}");
        }
    }

    #[test]
    fn formats_without_findings_are_still_well_formed() {
        let empty = |format| print(format, &[], &samples::sources(), Options::PLAIN);
        assert_eq!(empty(Format::Human), "");
        assert_eq!(empty(Format::Github), "");
        assert_eq!(empty(Format::Markdown), "");
        assert_eq!(empty(Format::Gitlab), "[]\n");
        assert_eq!(empty(Format::Json), "{\"schema\":1,\"diagnostics\":[]}\n");
    }
}

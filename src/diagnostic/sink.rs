//! The one place that decides what fails a run.
//!
//! A policy raises, lowers or drops findings by code. Some errors it can never touch, because nothing right can be
//! written while they stand: files that cannot be understood (`toml::*`), packs (`vendor::*`) and templates
//! (`template::*`) that are broken, output that would not be one file a phone (`output::*`), devices without one valid
//! identifier, and secrets where anybody can fetch them (`secret::exposed`).

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::text::visible;
use super::{CODES, Code, Diagnostic, Label, Severity};

/// What a policy makes of a kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// An error.
    Deny,
    /// A warning.
    Warn,
    /// Nothing: it is dropped.
    Allow,
}

impl FromStr for Level {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "deny" => Ok(Level::Deny),
            "warn" => Ok(Level::Warn),
            "allow" => Ok(Level::Allow),
            _ => Err(format!("`{}` is none of deny, warn, allow", visible(name))),
        }
    }
}

/// The overrides of a run: first the fleet's own table, then the command line; the last word on a code counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    levels: BTreeMap<&'static str, Level>,
}

impl Policy {
    /// Overrides a code by name.
    pub fn set(&mut self, name: &str, level: Level) -> Result<(), PolicyError> {
        let code = Code::find(name).ok_or_else(|| PolicyError::unknown(name))?;
        if is_fixed(code) && level != Level::Deny {
            return Err(PolicyError::Fixed(code));
        }
        self.levels.insert(code.name(), level);
        Ok(())
    }

    /// The severity of a code under this policy; `None` where it is dropped.
    pub fn severity(&self, code: Code) -> Option<Severity> {
        match self.levels.get(code.name()) {
            Some(Level::Deny) => Some(Severity::Error),
            Some(Level::Warn) => Some(Severity::Warning),
            Some(Level::Allow) => None,
            None => Some(code.severity()),
        }
    }
}

/// Whether no policy may lower the code, see the [module](self).
pub fn is_fixed(code: Code) -> bool {
    const AREAS: [&str; 4] = ["toml", "vendor", "output", "template"];
    let (area, what) = code.name().split_once("::").unwrap_or_default();
    let names_identifier = what.starts_with("bad-") || what.contains("-id") || what.starts_with("id");
    AREAS.contains(&area) || area == "device" && names_identifier || code == Code::SECRET_EXPOSED
}

/// Why a code cannot be overridden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyError {
    /// No code has this name; these are near.
    Unknown {
        /// As it was given.
        name: String,
        /// The nearest names, the best first.
        suggestions: Vec<&'static str>,
    },
    /// The code is an error that cannot be lowered.
    Fixed(Code),
}

impl PolicyError {
    fn unknown(name: &str) -> Self {
        let near = |code: &Code| {
            let (_, what) = code.name().split_once("::").unwrap_or_default();
            let likeness = strsim::jaro_winkler(name, code.name()).max(strsim::jaro_winkler(name, what));
            (likeness > 0.85).then_some((likeness, code.name()))
        };
        let mut near: Vec<(f64, &str)> = CODES.iter().filter_map(near).collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        PolicyError::Unknown { name: name.to_owned(), suggestions: near.into_iter().take(3).map(|(_, name)| name).collect() }
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PolicyError::Unknown { name, suggestions } => {
                write!(f, "there is no diagnostic `{}`", visible(name))?;
                match suggestions.join("`, `") {
                    near if near.is_empty() => Ok(()),
                    near => write!(f, "; did you mean `{near}`?"),
                }
            }
            PolicyError::Fixed(code) => write!(f, "`{}` is always an error", code.name()),
        }
    }
}

impl std::error::Error for PolicyError {}

/// Takes what the passes found.
#[derive(Clone, Debug, Default)]
pub struct Sink {
    policy: Policy,
    found: Vec<Diagnostic>,
}

impl Sink {
    /// A sink under this policy.
    pub fn new(policy: Policy) -> Self {
        Self { policy, found: Vec::new() }
    }

    /// Takes findings, in any order.
    pub fn add(&mut self, found: impl IntoIterator<Item = Diagnostic>) {
        for mut diagnostic in found {
            if let Some(severity) = self.severity(&diagnostic) {
                diagnostic.severity = severity;
                self.found.push(diagnostic);
            }
        }
    }

    /// A pass may have given a finding another severity than its code's; it stays unless the policy says otherwise.
    fn severity(&self, diagnostic: &Diagnostic) -> Option<Severity> {
        match self.policy.levels.contains_key(diagnostic.code.name()) {
            true => self.policy.severity(diagnostic.code),
            false => Some(diagnostic.severity),
        }
    }

    /// All findings, sorted by path, offset, code and message, each once.
    pub fn finish(mut self) -> Report {
        self.found.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| ties(a).cmp(&ties(b))));
        self.found.dedup();
        Report { diagnostics: self.found }
    }
}

fn key(diagnostic: &Diagnostic) -> (&str, usize, &str, &str) {
    let (path, offset) = diagnostic.place().map_or(("", 0), |label| (&*label.path, label.span.start));
    (path, offset, diagnostic.code.name(), &diagnostic.message)
}

/// All that is not in the key, so that findings of equal keys have one order too.
fn ties(diagnostic: &Diagnostic) -> impl Ord {
    let label = |label: &Label| (label.path.clone(), label.span.start, label.span.end, label.text.clone(), label.primary);
    let labels: Vec<_> = diagnostic.labels.iter().map(label).collect();
    (diagnostic.severity, labels, diagnostic.notes.clone(), diagnostic.help.clone())
}

/// What a run found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The findings, sorted.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// Whether the run fails.
    pub fn failed(&self) -> bool {
        self.counts().errors > 0
    }

    /// How many there are of each severity.
    pub fn counts(&self) -> Counts {
        let count = |severity| self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
        Counts { errors: count(Severity::Error), warnings: count(Severity::Warning), notes: count(Severity::Note) }
    }
}

/// How many findings there are; told as `2 errors, 1 warning`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let counts = counts.into_iter().filter(|(count, _)| *count > 0);
        let told: Vec<String> = counts.map(|(count, name)| format!("{count} {name}{}", if count == 1 { "" } else { "s" })).collect();
        f.write_str(if told.is_empty() { "no findings" } else { "" })?;
        f.write_str(&told.join(", "))
    }
}

#[cfg(test)]
#[path = "sink_tests.rs"]
mod tests;

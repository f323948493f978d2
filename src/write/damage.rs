//! What cannot be trusted, as a value.

use std::fmt;

/// A file of an earlier run that cannot be trusted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Damage {
    /// The file, from the output folder.
    pub file: String,
    /// What is wrong with it.
    pub problem: String,
}

impl Damage {
    pub(super) fn new(file: &str, problem: impl fmt::Display) -> Damage {
        Damage { file: file.to_owned(), problem: problem.to_string() }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` cannot be trusted: {}", self.file, self.problem)
    }
}

impl std::error::Error for Damage {}

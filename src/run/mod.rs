//! A whole run: the fleet in, findings and a site out.

mod build;
mod customer;
mod files;
mod fingerprint;
mod git;
mod inspect;
mod note;
mod part;
mod project;
mod report;
mod select;
mod timings;
mod why;

pub use build::{Built, Failure, Request, build};
pub use inspect::{Inspected, Missing, inspect, without_login};
pub use part::merge;
pub use project::{Checked, Project, check};
pub use report::{Report as PrivateReport, private_files};
pub use select::{Selection, Shard};
pub use timings::{CustomerTime, Made, Timings};
pub use why::{Change, Done, Fate, File, Input, Parameter, Reason, Why};

use jiff::civil::Date;

use crate::diagnostic::sink::Policy;
use crate::secret::FleetKey;

/// What a run is told from outside.
pub struct Options {
    /// The day of the build.
    pub as_of: Date,
    /// The fleet's key; without one, the fleet's demo key, else placeholders.
    pub key: Option<FleetKey>,
    /// Overrides of severities, after the fleet's own.
    pub overrides: Vec<(String, crate::diagnostic::sink::Level)>,
}

/// What a run tells of its progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'s> {
    /// So many customers and vendors are there.
    Loaded {
        /// Customers, the stock not counted.
        customers: usize,
        /// Vendor packs.
        packs: usize,
    },
    /// A unit is done.
    Unit {
        /// The customer.
        customer: &'s str,
        /// Devices in it.
        devices: usize,
        /// Whether it was as the last build left it.
        kept: bool,
    },
    /// Another build has the output folder.
    Waiting,
}

/// Whoever wants to know.
pub type Progress<'p> = &'p (dyn Fn(Step<'_>) + Sync);

fn policy(fleet: &[(String, String)], overrides: &[(String, crate::diagnostic::sink::Level)]) -> (Policy, Vec<String>) {
    let mut policy = Policy::default();
    let mut problems = Vec::new();
    for (code, level) in fleet {
        if let Ok(level) = level.parse()
            && let Err(error) = policy.set(code, level)
        {
            problems.push(error.to_string());
        }
    }
    for (code, level) in overrides {
        if let Err(error) = policy.set(code, *level) {
            problems.push(error.to_string());
        }
    }
    (policy, problems)
}

//! Why a device's files were made again, or not.

mod inputs;
mod parameters;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Project;
use super::fingerprint::{Contents, Inputs};
use super::inspect::{Found, one};
use super::note::Note;
use crate::compile::Context;
use crate::resolve::Unit;
use crate::write::{Entry, Output, Root};
use inputs::changes;
pub use inputs::{Change, Input};
pub use parameters::Parameter;

/// What a build did for a device, and because of what.
#[derive(Debug)]
pub struct Why {
    /// The device.
    pub device: String,
    /// Its customer: the unit of work.
    pub customer: String,
    /// The customer that it had in the last build, where that is another.
    pub from: Option<String>,
    /// What was done.
    pub done: Done,
    /// The reason.
    pub reason: Reason,
    /// What its files say otherwise than before, where that can be told.
    pub parameters: Vec<Parameter>,
    /// Its files and what became of each, by name.
    pub files: Vec<File>,
}

/// What was done for a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// Its files were rendered.
    Rendered,
    /// It resolved to what it was, and its files were taken over from the last build.
    Carried,
    /// Nothing of its customer was so much as read.
    Kept,
    /// The build was of other customers.
    NotBuilt,
}

/// Why a customer was compiled, or not.
#[derive(Debug, PartialEq, Eq)]
pub enum Reason {
    /// There is no earlier build of this customer that this one could go on from.
    First,
    /// Nothing that the customer is made of has changed.
    Same,
    /// These inputs did.
    Inputs(Vec<Input>),
    /// The inputs are the same, but one changed so shortly before the last build that its stamp could not be trusted.
    Racy,
    /// The inputs are the same, but the output is not as the last build left it.
    Output,
    /// The build was of other customers.
    NotBuilt,
}

/// A file of a device. Its folder is left out: it is a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub fate: Fate,
    /// Whether it is in another folder than before.
    pub moved: bool,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was not there before.
    New,
    /// It has other bytes.
    Changed,
    /// It has the same bytes.
    Same,
    /// It is no more.
    Gone,
}

/// A question asked before the build, to be answered after it.
pub struct Question {
    found: Found,
    customer: String,
    from: Option<String>,
    reason: Reason,
    carried: AtomicBool,
    /// Names of the raw parameters that it had.
    raw: Vec<String>,
    before: Files,
}

/// A device's files: folder and bytes by name.
type Files = BTreeMap<String, (String, Vec<u8>)>;

impl Question {
    /// Asks about a device of these units, of which some are `chosen` to be built.
    pub fn ask(
        found: Found,
        project: &Project,
        context: &Context<'_>,
        units: &[Unit<'_>],
        chosen: &[bool],
        output: &Output,
        out: &Path,
    ) -> Question {
        let unit = &units[found.unit];
        let (from, before) = last_files(output, out, &unit.customer, &found.id);
        let note_of = |customer| output.last(customer).ok().flatten().and_then(|last| Note::read(last.note()));
        let raw = note_of(from.as_ref().unwrap_or(&unit.customer)).and_then(|mut note| note.raw.remove(&found.id)).unwrap_or_default();
        let reason = match chosen[found.unit] {
            true => note_of(&unit.customer).map_or(Reason::First, |note| reason(project, context, unit, &note, output)),
            false => Reason::NotBuilt,
        };
        Question { found, customer: unit.customer.clone(), from, reason, carried: AtomicBool::new(false), raw, before }
    }

    /// Hears that a device's files were taken over from the last build.
    pub fn carried(&self, device: &str) {
        if device == self.found.id {
            self.carried.store(true, Ordering::Relaxed);
        }
    }

    /// Whether its customer was left as it was.
    pub fn is_kept(&self, output: &Output) -> bool {
        output.is_kept(&self.customer)
    }

    /// The answer after the build, whose manifest this is.
    pub fn answer(self, context: &Context<'_>, units: &[Unit<'_>], root: &Root, out: &Path, kept: bool) -> Why {
        let entries = root.read_shard(out, &self.customer).unwrap_or_default();
        let after = files(out, &entries, &self.found.id);
        let done = match (&self.reason, kept) {
            (Reason::NotBuilt, _) => Done::NotBuilt,
            (_, true) => Done::Kept,
            _ if self.carried.load(Ordering::Relaxed) => Done::Carried,
            _ => Done::Rendered,
        };
        let parameters = match done {
            Done::Rendered => one(context, &units[self.found.unit], self.found.device, |device| {
                let pairs =
                    after.iter().filter_map(|(name, (_, new))| Some((name.as_str(), self.before.get(name)?.1.as_slice(), new.as_slice())));
                parameters::changed(&device, &self.raw, pairs)
            }),
            _ => Ok(Vec::new()),
        };
        let reason = match self.reason {
            Reason::Same if !kept => Reason::Output,
            Reason::Racy if kept => Reason::Same,
            reason => reason,
        };
        Why {
            device: self.found.id,
            customer: self.customer,
            from: self.from,
            done,
            reason,
            parameters: parameters.unwrap_or_default(),
            files: fates(&self.before, &after),
        }
    }
}

fn reason(project: &Project, context: &Context<'_>, unit: &Unit<'_>, note: &Note, output: &Output) -> Reason {
    let now = Inputs::shared(project, context).with(unit).numbers;
    match now == note.inputs {
        true if note.racy => Reason::Racy,
        true => Reason::Same,
        false => {
            let contents = Contents::shared(project, context).of_disk(project, unit);
            let days = (output.previous().map(|root| root.as_of.clone()).unwrap_or_default(), context.as_of.to_string());
            Reason::Inputs(changes(&note.inputs_by_name(), &now, &contents, &days))
        }
    }
}

/// A device's files as the last build left them, and the customer that it had where that was another.
fn last_files(output: &Output, out: &Path, customer: &str, device: &str) -> (Option<String>, Files) {
    let own = files(out, &output.entries(customer), device);
    if !own.is_empty() {
        return (None, own);
    }
    let others = output.previous().into_iter().flat_map(|root| root.customers.keys()).filter(|other| *other != customer);
    let mut elsewhere = others.map(|other| (Some(other.clone()), files(out, &output.entries(other), device)));
    elsewhere.find(|(_, files)| !files.is_empty()).unwrap_or_default()
}

/// The files of a device, as they lie in the site.
fn files(out: &Path, entries: &[Entry], device: &str) -> Files {
    let own = entries.iter().filter(|entry| entry.device.as_deref() == Some(device));
    own.map(|entry| {
        let path = entry.path.as_str();
        let bytes = std::fs::read(out.join("site").join(path)).unwrap_or_default();
        (path.rsplit('/').next().unwrap_or(path).to_owned(), (entry.path.folder().to_owned(), bytes))
    })
    .collect()
}

fn fates(before: &Files, after: &Files) -> Vec<File> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let file = |name: &String| {
        let (fate, moved) = match (before.get(name), after.get(name)) {
            (None, _) => (Fate::New, false),
            (_, None) => (Fate::Gone, false),
            (Some((old_folder, old)), Some((folder, new))) => (if old == new { Fate::Same } else { Fate::Changed }, old_folder != folder),
        };
        File { name: name.clone(), fate, moved }
    };
    names.into_iter().map(file).collect()
}

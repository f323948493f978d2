//! Why a device's files were made again, or not.

use std::collections::BTreeMap;

use super::Project;
use super::fingerprint;
use super::note::Note;
use super::select::device_of;
use crate::compile::Context;
use crate::resolve::Unit;
use crate::write::{Entry, Output};

/// What a build did for a device, and because of what.
#[derive(Debug)]
pub struct Why {
    /// The device.
    pub device: String,
    /// Its customer: the unit of work.
    pub customer: String,
    /// The reason.
    pub reason: Reason,
    /// Its files and what became of each, by path.
    pub files: Vec<(String, Fate)>,
}

/// Why a customer's files were made again, or not.
#[derive(Debug, PartialEq, Eq)]
pub enum Reason {
    /// There is no earlier build that this one could go on from.
    First,
    /// Nothing that the customer is made of has changed.
    Same,
    /// These inputs are new or changed; `gone` tells that others are no more.
    Changed {
        /// Files, or what is not in a file: the day, the key, sipress itself.
        inputs: Vec<String>,
        /// Whether inputs of the last build are no more.
        gone: bool,
    },
    /// The inputs are the same, but the output was touched, or a file changed too shortly before the last build to be sure.
    Unsure,
    /// The build was of other customers.
    NotBuilt,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was not there before.
    New,
    /// It has other bytes.
    Changed,
    /// It was left alone.
    Untouched,
    /// It is no more.
    Gone,
}

/// A question asked before the build, to be answered after it.
pub struct Question {
    device: String,
    customer: String,
    reason: Reason,
    before: BTreeMap<String, [u8; 32]>,
}

impl Question {
    /// Asks about a device, by any spelling of its identifier or by its label. `None` where no unit has it.
    pub fn ask(
        name: &str,
        project: &Project,
        context: &Context<'_>,
        units: &[Unit<'_>],
        chosen: &[bool],
        output: &Output,
    ) -> Option<Question> {
        let (place, device) = units.iter().enumerate().find_map(|(place, unit)| Some((place, device_of(unit, context, name)?)))?;
        let unit = &units[place];
        let reason = if chosen[place] { reason(project, context, unit, output) } else { Reason::NotBuilt };
        let before = own(&output.entries(&unit.customer), &device);
        Some(Question { device, customer: unit.customer.clone(), reason, before })
    }

    /// The customer that the device belongs to.
    pub fn customer(&self) -> &str {
        &self.customer
    }

    /// The answer, from the customer's files after the build, and whether they were made again.
    pub fn answer(self, after: &[Entry], kept: bool) -> Why {
        let after = own(after, &self.device);
        let paths = self.before.keys().chain(after.keys()).cloned().collect::<std::collections::BTreeSet<String>>();
        let fate = |path: &String| match (self.before.get(path), after.get(path)) {
            (None, _) => Fate::New,
            (_, None) => Fate::Gone,
            (Some(before), Some(after)) if before == after => Fate::Untouched,
            _ => Fate::Changed,
        };
        let files = paths
            .into_iter()
            .map(|path| {
                let fate = fate(&path);
                (path, fate)
            })
            .collect();
        let reason = if self.reason == Reason::Same && !kept { Reason::Unsure } else { self.reason };
        Why { device: self.device, customer: self.customer, reason, files }
    }
}

fn own(entries: &[Entry], device: &str) -> BTreeMap<String, [u8; 32]> {
    let own = entries.iter().filter(|entry| entry.device.as_deref() == Some(device));
    own.map(|entry| (entry.path.as_str().to_owned(), entry.sha256)).collect()
}

fn reason(project: &Project, context: &Context<'_>, unit: &Unit<'_>, output: &Output) -> Reason {
    let last = output.last(&unit.customer).ok().flatten().and_then(|last| Note::read(last.note()));
    let Some(note) = last else { return Reason::First };
    let now = fingerprint::Inputs::shared(project, context).with(unit).numbers;
    if now == note.inputs {
        return Reason::Same;
    }
    let names = fingerprint::names(project, context, unit);
    let inputs: Vec<String> =
        names.into_iter().zip(&now).filter(|(_, number)| !note.inputs.contains(number)).map(|(name, _)| name).collect();
    let gone =
        note.inputs.len() + inputs.len() > now.len() && note.inputs.iter().filter(|number| !now.contains(number)).count() > inputs.len();
    Reason::Changed { inputs, gone }
}

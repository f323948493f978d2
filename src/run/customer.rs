//! One customer of a build: left as the last build made it, or compiled.

use std::io;
use std::sync::OnceLock;

use super::Project;
use super::files::{Carry, Files};
use super::fingerprint::{Contents, Inputs};
use super::note::Note;
use super::timings::{Clock, Vendors, Watch};
use super::why::Question;
use crate::compile::{Context, Outcome, compile};
use crate::resolve::Unit;
use crate::write::Output;

/// A file that changed within this time before the build could change again and have the same stamp, in ns.
const TICK: i128 = 20_000_000;

/// What the customers of a build share.
pub struct Customers<'b, 'g> {
    project: &'b Project,
    context: &'b Context<'g>,
    output: &'b Output,
    inputs: Inputs,
    contents: OnceLock<Contents>,
    /// When the build began, in ns.
    started: i128,
    clock: Option<&'b Clock>,
    question: Option<&'b Question>,
}

impl<'b, 'g> Customers<'b, 'g> {
    /// Of a build that began at this time, is measured and asked about a device where these are there.
    pub fn new(
        project: &'b Project,
        context: &'b Context<'g>,
        output: &'b Output,
        started: i128,
        clock: Option<&'b Clock>,
        question: Option<&'b Question>,
    ) -> Self {
        let inputs = Inputs::shared(project, context);
        Customers { project, context, output, inputs, contents: OnceLock::new(), started, clock, question }
    }

    /// Leaves a customer alone, where nothing that it is made of has changed, or compiles it.
    pub fn make(&self, unit: &Unit<'_>) -> io::Result<Outcome> {
        let watch = self.clock.map(|_| Watch::start());
        let end = |outcome: Outcome, vendors: &Vendors, kept| {
            if let (Some(watch), Some(clock)) = (&watch, self.clock) {
                watch.finish(clock, &unit.customer, outcome.devices, vendors, kept);
            }
            Ok(outcome)
        };
        let inputs = self.inputs.with(unit);
        if let Some(last) = self.output.last(&unit.customer)?
            && let Some(note) = Note::read(last.note())
            && note.inputs == inputs.numbers
            && !note.racy
            && last.keep()?
        {
            let vendors = note.vendors.clone();
            return end(note.outcome(&unit.customer), &vendors, true);
        }
        let last = self.output.last(&unit.customer)?.and_then(|last| Note::read(last.note()));
        let carry = last.map_or_else(Carry::default, |note| Carry::new(note.made_of(inputs.shapes), self.output, &unit.customer));
        let mut files = Files::new(self.output.unit(&unit.customer)?, carry, watch.clone(), self.question);
        let outcome = compile(self.context, unit, &mut files)?;
        let Files { writer, vendors, .. } = files;
        let racy = inputs.latest > self.started - TICK;
        let contents = self.contents.get_or_init(|| Contents::shared(self.project, self.context)).with(unit, &outcome.contents);
        let note = Note::of(&outcome, inputs, contents, racy, &vendors);
        writer.finish(outcome.devices as u64, &note.to_bytes())?;
        end(outcome, &vendors, false)
    }
}

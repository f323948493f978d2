//! What is remembered of a unit between builds, and told from part to whole.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::fingerprint::{Contents, Inputs};
use super::timings::{Made, Vendors};
use crate::compile::{Identified, Ignored, MadeOf, Outcome};
use crate::diagnostic::Diagnostic;
use crate::write::Output;

/// The form of notes; another one is none.
const FORM: u32 = 20_261_201;

/// What is remembered of a unit.
#[derive(Serialize, Deserialize)]
pub struct Note {
    form: u32,
    /// What went in.
    pub inputs: Vec<u64>,
    /// A file changed so shortly before the build that a later change could have the same stamp.
    pub racy: bool,
    /// The names of the inputs, each ended by a NUL, which no name has.
    names: String,
    contents: Vec<u64>,
    /// Names of the raw parameters of devices that have some: what they hold is not to be shown.
    pub raw: BTreeMap<String, Vec<String>>,
    diagnostics: Vec<Diagnostic>,
    identified: Vec<Identified>,
    ignored: Vec<Ignored>,
    devices: usize,
    paths: Vec<String>,
    assets: Vec<String>,
    made_of: BTreeMap<String, MadeOf>,
    shapes: u64,
    /// What there is by vendor.
    pub vendors: Vendors,
}

impl Note {
    /// The note of a unit that was compiled.
    pub fn of(outcome: &Outcome, inputs: Inputs, contents: Contents, racy: bool, vendors: &Vendors) -> Note {
        let (names, contents) = contents.inputs.into_iter().map(|(name, content)| (name + "\0", content)).unzip();
        Note {
            form: FORM,
            inputs: inputs.numbers,
            racy,
            names,
            contents,
            raw: outcome.raw.clone(),
            diagnostics: outcome.diagnostics.clone(),
            identified: outcome.identified.clone(),
            ignored: outcome.ignored.clone(),
            devices: outcome.devices,
            paths: outcome.paths.clone(),
            assets: outcome.assets.clone(),
            made_of: outcome.made_of.clone(),
            shapes: inputs.shapes,
            vendors: vendors.iter().map(|(vendor, made)| (vendor.clone(), Made { rendered: 0, ..*made })).collect(),
        }
    }

    /// The inputs by name: the number of what was seen of each, and of what it held.
    pub fn inputs_by_name(&self) -> BTreeMap<&str, (u64, u64)> {
        let numbers = self.inputs.iter().copied().zip(self.contents.iter().copied());
        self.names.split_terminator('\0').zip(numbers).collect()
    }

    /// Its bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).unwrap_or_default()
    }

    /// Reads what [`Note::to_bytes`] wrote; `None` where another build of sipress did.
    pub fn read(bytes: &[u8]) -> Option<Note> {
        postcard::from_bytes(bytes).ok().filter(|note: &Note| note.form == FORM)
    }

    /// What each device's files are made of, where they were made by the same sipress and packs: the same `shapes`.
    pub fn made_of(self, shapes: u64) -> BTreeMap<String, MadeOf> {
        if self.shapes == shapes { self.made_of } else { BTreeMap::new() }
    }

    /// What became of the unit.
    pub fn outcome(self, customer: &str) -> Outcome {
        let Note { diagnostics, identified, ignored, devices, paths, assets, made_of, .. } = self;
        Outcome { customer: customer.to_owned(), diagnostics, identified, ignored, devices, paths, assets, made_of, ..Outcome::default() }
    }
}

/// Leaves a customer in the output as the last build made it, and tells what that build knew of it. `None` where its files are not
/// what the last build left.
pub fn kept(output: &Output, customer: &str) -> std::io::Result<Option<Outcome>> {
    let Some(last) = output.last(customer)? else { return Ok(None) };
    let Some(note) = Note::read(last.note()) else { return Ok(None) };
    Ok(last.keep()?.then(|| note.outcome(customer)))
}

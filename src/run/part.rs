//! Parts of a fleet, built apart and joined.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use bumpalo::Bump;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::build::{Built, Failure, commit_site, judge};
use super::note::Note;
use super::select::Shard;
use super::{Options, Project};
use crate::compile::Context;
use crate::load::Folder;
use crate::write::{Meta, Output, Root, Stamp, to_hex};

/// The file that makes an output a part.
pub const PART_FILE: &str = "part.json";

/// What part an output is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The hash over all that went into the fleet: parts of one whole have the same.
    pub inputs: String,
    /// How many parts there are.
    pub of: u32,
    /// The version of this form.
    pub schema: u32,
    /// Which it is, from 1.
    pub shard: u32,
}

impl Part {
    /// A shard of a fleet as it is.
    pub fn of(shard: Shard, project: &Project, context: &Context<'_>) -> io::Result<Part> {
        Ok(Part { inputs: to_hex(&inputs(project, context)?), of: shard.of, schema: 1, shard: shard.index })
    }

    /// Reads the part that an output folder is; `None` where it is a whole.
    pub fn read(out: &Path) -> Result<Option<Part>, String> {
        match std::fs::read(out.join(PART_FILE)) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|error| format!("{} cannot be read: {error}", out.join(PART_FILE).display())),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(format!("{} cannot be read: {error}", out.join(PART_FILE).display())),
        }
    }

    /// Makes an output folder this part.
    pub fn write(&self, out: &Path) -> io::Result<()> {
        let staged = tempfile::NamedTempFile::new_in(out)?;
        serde_json::to_writer(&staged, self).map_err(io::Error::other)?;
        staged.persist(out.join(PART_FILE)).map(|_| ()).map_err(|error| error.error)
    }
}

/// The hash over the contents of everything that a build reads, whatever machine they lie on.
fn inputs(project: &Project, context: &Context<'_>) -> io::Result<[u8; 32]> {
    let mut hasher = Sha256::new();
    hasher.update(env!("SIPRESS_BUILD"));
    hasher.update(context.as_of.to_string());
    hasher.update(context.key.fingerprint());
    for source in &project.own_packs {
        entry(&mut hasher, &source.path, source.text.as_bytes());
    }
    folder(&mut hasher, &project.root, &project.tree.devices)?;
    Ok(hasher.finalize().into())
}

fn folder(hasher: &mut Sha256, root: &Path, of: &Folder) -> io::Result<()> {
    for file in &of.files {
        entry(hasher, &file.path, &std::fs::read(root.join(&*file.path))?);
    }
    of.folders.iter().try_for_each(|inner| folder(hasher, root, inner))
}

fn entry(hasher: &mut Sha256, path: &str, bytes: &[u8]) {
    hasher.update((path.len() as u64).to_le_bytes());
    hasher.update(path);
    hasher.update((bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}

/// Joins the outputs of all shards below `out`, and runs the rules that cross them. The result is that of a build of the whole.
/// Fails where parts are missing, repeated or of different inputs.
pub fn merge(project: &Project, options: &Options, parts: &[PathBuf], out: &Path) -> Result<Built, Failure> {
    let roots = complete(parts).map_err(Failure::Parts)?;
    let arena = Bump::new();
    let mut diagnostics = Vec::new();
    let context = project.context(&arena, options, &mut diagnostics);
    let output = Output::open(out, || ()).map_err(Failure::Output)?;
    let mut outcomes = Vec::new();
    for (place, root) in &roots {
        let part = Output::open(place, || ()).map_err(Failure::Output)?;
        for (customer, known) in &root.customers {
            let note = part.last(customer).map_err(|error| Failure::Output(error.into()))?.and_then(|last| Note::read(last.note()));
            let note = note.ok_or_else(|| Failure::Parts(format!("{} was changed since it was built", place.display())))?;
            take(&output, place, root, customer, known.devices, &note).map_err(|error| Failure::Output(error.into()))?;
            outcomes.push(note.outcome(customer));
        }
    }
    outcomes.sort_by(|left, right| left.customer.cmp(&right.customer));
    let stamp = roots.first().map(|(_, root)| stamp_of(root)).ok_or_else(|| Failure::Parts("there are no parts".to_owned()))?;
    let (report, devices) = judge(project, &context, options, &outcomes, diagnostics, true)?;
    commit_site(output, options, &stamp, report, devices)
}

/// The parts' manifests, in the order of their numbers, where they are all parts of one whole.
fn complete(parts: &[PathBuf]) -> Result<Vec<(&PathBuf, Root)>, String> {
    let mut known: BTreeMap<u32, (&PathBuf, Part)> = BTreeMap::new();
    for place in parts {
        let part = Part::read(place)?.ok_or_else(|| format!("{} is no part: `build --shard I/N` makes parts", place.display()))?;
        if let Some((other, first)) = known.values().next()
            && (&first.inputs, first.of) != (&part.inputs, part.of)
        {
            return Err(format!(
                "{} and {} are parts of different fleets: other files, another day, key, version or number of parts",
                other.display(),
                place.display()
            ));
        }
        if let Some((other, _)) = known.insert(part.shard, (place, part.clone())) {
            return Err(format!("{} and {} are both part {} of {}", other.display(), place.display(), part.shard, part.of));
        }
    }
    let of = known.values().next().map_or(0, |(_, part)| part.of);
    let missing: Vec<String> = (1..=of).filter(|number| !known.contains_key(number)).map(|number| format!("{number}/{of}")).collect();
    if !missing.is_empty() {
        return Err(format!("part {} is missing", missing.join(", ")));
    }
    known.into_values().map(|(place, _)| Ok((place, manifest(place)?))).collect()
}

fn manifest(place: &Path) -> Result<Root, String> {
    let path = place.join(crate::write::ROOT_FILE);
    let bytes = std::fs::read(&path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    Root::parse(&bytes).map_err(|error| format!("{}: {error}", path.display()))
}

fn stamp_of(root: &Root) -> Stamp {
    Stamp { as_of: root.as_of.clone(), commit: root.commit.clone(), dirty: root.dirty, tzdata: root.tzdata.clone() }
}

/// Copies a customer's files, each held against its hash.
fn take(output: &Output, place: &Path, root: &Root, customer: &str, devices: u64, note: &Note) -> io::Result<()> {
    let unit = output.unit(customer)?;
    for entry in root.read_shard(place, customer).map_err(io::Error::other)? {
        let path = place.join("site").join(entry.path.as_str());
        let bytes = std::fs::read(&path)?;
        if <[u8; 32]>::from(Sha256::digest(&bytes)) != entry.sha256 {
            return Err(io::Error::other(format!("{} is not what its manifest says", path.display())));
        }
        let path = entry.path.clone();
        unit.put(&path, &bytes, Meta::of(entry))?;
    }
    unit.finish(devices, &note.to_bytes())
}

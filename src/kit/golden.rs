//! Goldens of a pack: a device and the files that it must give, in one text that people read before they accept it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io;
use std::path::Path;

use bumpalo::Bump;

use super::generate::write;
use super::law;
use crate::compile::{OutFile, Sink, compile};
use crate::run::{Options, Project};
use crate::secret::FleetKey;
use crate::vendor::PackSource;

/// A golden: sections that begin with `-- NAME --`. Those below `devices/` are the fleet, the others what it must give.
#[derive(Debug)]
pub struct Golden {
    inputs: BTreeMap<String, String>,
    wanted: BTreeMap<String, String>,
}

/// What the fleet of a golden gives.
#[derive(Debug)]
pub struct Made {
    /// Its files by name.
    pub files: BTreeMap<String, String>,
    /// What the compiler finds, and where a file reads back to something else than it was made from.
    pub findings: Vec<String>,
    /// Settings that read back equal.
    pub settings: usize,
}

#[derive(Default)]
struct Kept(BTreeMap<String, String>);

impl Sink for Kept {
    fn take(&mut self, file: &OutFile<'_>, bytes: &[u8]) -> io::Result<()> {
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        let text = match String::from_utf8(bytes.to_vec()) {
            Ok(text) => text,
            Err(_) if file.content_type.ends_with("charset=iso-8859-1") => bytes.iter().map(|byte| char::from(*byte)).collect(),
            Err(_) => format!("{} bytes\n", bytes.len()),
        };
        self.0.insert(name.to_owned(), text);
        Ok(())
    }
}

impl Golden {
    /// Reads a golden.
    pub fn parse(text: &str) -> Golden {
        let (inputs, wanted) = sections(text).into_iter().partition(|(name, _)| name.starts_with("devices/"));
        Golden { inputs, wanted }
    }

    /// The models of its devices, as they are written there.
    pub fn models(&self) -> Vec<&str> {
        let lines = self.inputs.values().flat_map(|text| text.lines());
        lines.filter_map(|line| line.strip_prefix("model = \"")?.strip_suffix('"')).collect()
    }

    /// What its fleet gives, written and read back. `aside` is an empty folder. Fails where it cannot be written.
    pub fn make(&self, packs: &[PackSource], aside: &Path, as_of: jiff::civil::Date) -> io::Result<Made> {
        self.inputs.iter().try_for_each(|(name, text)| write(aside, name, text))?;
        let project = Project::with_packs(aside, packs.to_vec());
        let options = Options { as_of, key: Some(FleetKey::placeholder()), overrides: Vec::new() };
        let arena = Bump::new();
        let mut findings = Vec::new();
        let context = project.context(&arena, &options, &mut findings);
        let mut kept = Kept::default();
        let mut outcomes = Vec::new();
        for unit in project.units() {
            outcomes.push(compile(&context, &unit, &mut kept)?);
        }
        let findings = project.findings(&context, &outcomes, findings);
        let verdict = law::hold(&project, as_of);
        let findings = findings.iter().map(super::short).chain(verdict.broken.into_keys()).collect();
        Ok(Made { files: kept.0, findings, settings: verdict.settings })
    }

    /// The files that differ from what is wanted: missing, new or other.
    pub fn differences(&self, made: &BTreeMap<String, String>) -> Vec<String> {
        let names = self.wanted.keys().chain(made.keys()).collect::<std::collections::BTreeSet<_>>();
        let differ = names.into_iter().filter(|name| self.wanted.get(*name) != made.get(*name));
        differ
            .map(|name| match (self.wanted.get(name), made.get(name)) {
                (Some(wanted), Some(made)) => format!("{name}: {}", first_difference(wanted, made)),
                (Some(_), None) => format!("{name} is not made any more"),
                _ => format!("{name} is new"),
            })
            .collect()
    }

    /// The golden with these files in the place of the old ones.
    pub fn renewed(&self, made: &BTreeMap<String, String>) -> String {
        let mut text = String::new();
        for (name, body) in self.inputs.iter().chain(made) {
            let _ = write!(text, "-- {name} --\n{body}");
            if !body.ends_with('\n') {
                text.push('\n');
            }
        }
        text
    }
}

fn first_difference(wanted: &str, made: &str) -> String {
    let pairs = wanted.lines().zip(made.lines()).enumerate();
    match pairs.into_iter().find(|(_, (wanted, made))| wanted != made) {
        Some((line, (wanted, made))) => format!("line {}: `{made}`, the golden has `{wanted}`", line + 1),
        None => format!("{} lines, the golden has {}", made.lines().count(), wanted.lines().count()),
    }
}

/// `-- name --` headers and what stands below them.
fn sections(text: &str) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut current = None;
    for line in text.split_inclusive('\n') {
        if let Some(name) = line.trim_end().strip_prefix("-- ").and_then(|line| line.strip_suffix(" --")) {
            files.insert(name.to_owned(), String::new());
            current = Some(name.to_owned());
        } else if let Some(body) = current.as_ref().and_then(|name| files.get_mut(name)) {
            body.push_str(line);
        }
    }
    files
}

//! `report`

use std::io;
use std::path::{Path, PathBuf};

use super::args::{Global, Report, ReportName};
use super::output::{Exit, Output, count};
use super::setup;
use crate::diagnostic::{Diagnostic, Format, Severity, visible};
use crate::run::{Options, Project, private_files};

pub fn run(global: &Global, own: &Report, output: &Output) -> Exit {
    match &own.name {
        ReportName::Qr { devices, out, key, as_of } => qr(global, devices, out.as_deref(), key, *as_of, output).unwrap_or_else(|exit| exit),
    }
}

fn qr(
    global: &Global,
    devices: &[String],
    out: Option<&Path>,
    key: &super::args::Key,
    as_of: Option<jiff::civil::Date>,
    output: &Output,
) -> Result<Exit, Exit> {
    let root = setup::root(global, output)?;
    let project = Project::open(&root);
    let key = setup::key(key, &root, output)?;
    if key.is_none() && !project.has_demo_key() {
        return Err(output.fail("there is no key, so there are no links to encode", "set SIPRESS_KEY or name a file with --key-file"));
    }
    let options = Options { as_of: setup::day(as_of, output)?, key, overrides: Vec::new() };
    let report = private_files(&project, &options, devices).map_err(|error| output.fail(&error.to_string(), ""))?;
    let errors: Vec<Diagnostic> = report.findings.into_iter().filter(|found| found.severity == Severity::Error).collect();
    if !errors.is_empty() {
        output.findings(Format::Human, &errors, &project.sources());
        return Ok(Exit::Errors);
    }
    if report.files.is_empty() {
        let (message, help) = match report.without.first() {
            Some((id, model)) => {
                (format!("{id} is a {model}, which is not enrolled by a QR code"), "`sipress show DEVICE` lists what it fetches")
            }
            None if devices.is_empty() => ("no device of this fleet is enrolled by a QR code".to_owned(), ""),
            None => (
                format!("there is no device \"{}\" that is switched on", visible(&devices.join(" "))),
                "give identifiers in any spelling, or labels",
            ),
        };
        return Err(output.fail(&message, help));
    }
    let folder = out.map_or_else(|| root.join("out/reports/qr"), Path::to_owned);
    for (path, bytes) in &report.files {
        let place = folder.join(path);
        write_private(&place, bytes).map_err(|error| output.fail(&format!("{} cannot be written: {error}", place.display()), ""))?;
        output.result(&format!("{}\n", place.display()));
    }
    output.status("Wrote", &format!("{}; who has one has the account", count(report.files.len() as u64, "QR code")));
    Ok(Exit::Done)
}

/// Writes a file that its owner alone may read: aside, then renamed.
fn write_private(place: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder: PathBuf = place.parent().map_or_else(PathBuf::new, Path::to_owned);
    std::fs::create_dir_all(&folder)?;
    let mut file = tempfile::NamedTempFile::new_in(&folder)?;
    io::Write::write_all(&mut file, bytes)?;
    file.persist(place).map(|_| ()).map_err(|error| error.error)
}

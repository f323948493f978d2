//! Reports for the operator that follow from the fleet as it is, without a build.

use std::io;

use bumpalo::Bump;

use super::{Options, Project};
use crate::compile::{OutFile, Sink, Worker};
use crate::diagnostic::Diagnostic;
use crate::model::DeviceId;
use crate::render::Rendered;

/// A private file: customer and name, and its bytes.
pub type PrivateFile = (String, Vec<u8>);

/// What a report is made of.
#[derive(Default)]
pub struct Report {
    /// Its files, in the order of customers and devices.
    pub files: Vec<PrivateFile>,
    /// Devices that were meant and have no such file, by identifier and model.
    pub without: Vec<(String, String)>,
    /// What is wrong with the devices that were meant.
    pub findings: Vec<Diagnostic>,
}

impl Sink for Report {
    fn take(&mut self, file: &OutFile<'_>, bytes: &[u8]) -> io::Result<()> {
        self.files.push((file.path.clone(), bytes.to_vec()));
        Ok(())
    }
}

/// The files that packs have for operators, such as QR codes to enrol soft clients: of all devices, or of those that are named by
/// identifier or label. Switched-off devices have none.
pub fn private_files(project: &Project, options: &Options, named: &[String]) -> io::Result<Report> {
    let arena = Bump::new();
    let mut report = Report::default();
    let mut diagnostics = Vec::new();
    let context = project.context(&arena, options, &mut diagnostics);
    let ids: Vec<Option<DeviceId>> = named.iter().map(|name| DeviceId::parse(name)).collect();
    let label = crate::known!("device.label");
    for unit in project.units() {
        let arena = Bump::new();
        let docs = unit.read(context.tree, &context.fleet, &arena, &mut diagnostics);
        let mut worker = Worker::new(&context, &unit, &docs, &arena);
        let mut rendered = Rendered::default();
        for (doc, place) in &docs.devices {
            let before = worker.diagnostics.len();
            let Some(compiled) = worker.resolve(doc, *place).filter(|compiled| compiled.enabled) else { continue };
            let own = compiled.device.slot(label).value;
            let meant = named
                .iter()
                .zip(&ids)
                .any(|(name, id)| *id == Some(compiled.id) || own.str().is_some_and(|own| super::select::is_label(own, name)));
            if !named.is_empty() && !meant {
                worker.diagnostics.truncate(before);
                continue;
            }
            let count = report.files.len();
            worker.render_private(&compiled, &mut rendered, &mut report)?;
            if report.files.len() == count {
                report.without.push((compiled.id.to_string(), compiled.plan.model.id.clone()));
            }
        }
        report.findings.append(&mut worker.diagnostics);
    }
    Ok(report)
}

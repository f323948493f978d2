//! A table-driven file: values in, bytes out.

use crate::settings::{Device, Sensitivity, Val};
use crate::vendor::{Evaluation, FilePlan, Plan};

/// What a file became.
#[derive(Default)]
pub struct Rendered {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Values and problems.
    pub evaluation: Evaluation,
    /// Raw parameters that the format cannot carry, and why.
    pub refused_raw: Vec<(String, String)>,
    /// Why the file as a whole could not be written.
    pub failure: Option<String>,
    scratch: Vec<u32>,
}

/// Renders a file of a device into `rendered`, which is cleared first.
pub fn render_table(plan: &Plan, file: &FilePlan, device: &Device<'_>, file_name: &str, rendered: &mut Rendered) {
    rendered.bytes.clear();
    rendered.refused_raw.clear();
    rendered.failure = None;
    plan.evaluate(file, device, file_name, &mut rendered.evaluation);
    let is_main = file.spec.id == "main";
    let raw: Vec<(&str, &str)> =
        device.raw.iter().filter(|_| is_main).filter_map(|(name, slot)| Some((*name, raw_text(slot.value, file)?))).collect();
    if !raw.is_empty() {
        rendered.evaluation.sensitivity = Some(Sensitivity::Secret);
    }
    let left = file.apply_raw(&mut rendered.evaluation.values, &raw);
    let Rendered { bytes, evaluation, scratch, .. } = rendered;
    rendered.failure = file.write(&evaluation.values, &left, scratch, bytes).err();
}

fn raw_text<'v>(value: Val<'v>, file: &'v FilePlan) -> Option<&'v str> {
    match value {
        Val::Str(text) => Some(text),
        Val::Unset => Some(file.reset.as_deref().unwrap_or_default()),
        _ => None,
    }
}
